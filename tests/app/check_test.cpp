// What `mvinspect check`, `recover --preview` and `rescue` say, and `rows --all` of what is behind damage.

#include "support/child_process.h"
#include "support/corpus.h"
#include "support/file_builder.h"
#include "support/sample_rows.h"
#include "support/scratch_dir.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace modelvault {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::FileBuilder;
using test::runProgram;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using Words = std::vector<std::string>;

test::ProgramRun inspect(const char *command, const fs::path &file, const Words &more = {})
{
    Words words{MODELVAULT_INSPECT, command, "--lock", "none", file};
    words.insert(words.end(), more.begin(), more.end());
    return runProgram(words);
}

json checked(const fs::path &file, const Words &more = {})
{
    Words words{"--json"};
    words.insert(words.end(), more.begin(), more.end());
    return json::parse(inspect("check", file, words).out);
}

json preview(const fs::path &file)
{
    return json::parse(inspect("recover", file, {"--preview", "--json"}).out);
}

class CheckCommands : public testing::Test {
protected:
    CheckCommands() { add(SegmentType::Schema, test::createWords().encode()); }

    FileBuilder &add(SegmentType type, const std::vector<std::byte> &payload)
    {
        return m_builder.begin().append(type, payload).commit();
    }
    [[nodiscard]] fs::path file() { return m_dir.write("words.mv", m_builder.bytes()); }

    test::ScratchDir m_dir;
    FileBuilder m_builder;
};

// --- check ---

TEST_F(CheckCommands, ASoundFileHasNothingToTell)
{
    add(SegmentType::Record, test::word("Dune").encode());
    const auto run = inspect("check", file());
    EXPECT_EQ(run.out, "full check: 0 errors, 0 warnings, 0 worth knowing\n");
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(checked(file()), json::parse(R"({"depth": "full", "findings": [], "findings_dropped": 0})"));
}

TEST_F(CheckCommands, AFindingSaysWhatItTouches)
{
    auto broken = test::word("Dune").encode();
    broken.push_back(std::byte{0});
    add(SegmentType::Record, broken);
    const auto record = m_builder.offsets()[5];
    const auto run = inspect("check", file());
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.out,
                HasSubstr("TrailingRecordPayload: bytes are left over behind the record (words \"Dune\", "
                          "transaction 1)\nfull check: 1 error, 0 warnings, 0 worth knowing\n"));

    const auto report = checked(file());
    ASSERT_EQ(report["findings"].size(), 1U);
    const auto &finding = report["findings"][0];
    EXPECT_EQ(finding["code"], "TrailingRecordPayload");
    EXPECT_EQ(finding["severity"], "error");
    EXPECT_EQ(finding["offset"], record.value);
    EXPECT_EQ(finding["length"], SegmentHeader::kSize + broken.size());
    EXPECT_EQ(finding["collection"], "words");
    EXPECT_EQ(finding["collection_id"], 1);
    EXPECT_EQ(finding["key"], "Dune");
    EXPECT_EQ(finding["transaction"], 1);
    EXPECT_THAT(finding["message"].get<std::string>(), StartsWith("bytes are left over"));

    EXPECT_EQ(inspect("check", file(), {"--depth", "quick"}).status, 0) << "which looks into no record";
    EXPECT_EQ(checked(file(), {"--depth", "quick"})["depth"], "quick");
}

TEST_F(CheckCommands, WhatIsOnlyWorthKnowingIsNoFault)
{
    m_builder.flip({20}); // reserved
    const auto run = inspect("check", file());
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.out,
                StartsWith("info    0x0000000014            12 B  ReservedNotZero: reserved bytes that are "
                           "not zero: 1\n"));
}

TEST_F(CheckCommands, WrongUse)
{
    for (const auto &run : {inspect("check", file(), {"--depth", "deep"}), inspect("recover", file())}) {
        EXPECT_EQ(run.status, 2);
        EXPECT_EQ(run.out, "");
        EXPECT_THAT(run.err, StartsWith("mvinspect: "));
    }
}

// --- recover ---

class PreviewedCorpus : public testing::TestWithParam<std::string> {
protected:
    test::CorpusFile m_corpus = test::corpusFile(GetParam());
};

TEST_P(PreviewedCorpus, KeepsTheRowsThatTheReferenceKeeps)
{
    const auto said = m_corpus.said;
    const auto plan = preview(m_corpus.database);
    const bool isMarker = said.contains("framing_error"); // whose cut the reference does not know
    if (isMarker) {
        EXPECT_EQ(plan["kept_rows"], test::corpusFile("valid-books").said["rows"]);
        EXPECT_EQ(plan["auto_truncate"]["ok"], true);
    } else {
        EXPECT_EQ(plan["auto_truncate"]["safe_end"], said["safe_end"]);
        if (GetParam() != "damaged-zero-length") {
            EXPECT_EQ(plan["auto_truncate"]["ok"], said["salvage_open"]["ok"]);
        }
        if (!said["rows"].is_null() && !said["safe_end"].is_null()) {
            EXPECT_EQ(plan["kept_rows"], said["rows"]);
        }
    }
    if (GetParam() != "damaged-payload-len-huge") { // where the reference overflows
        EXPECT_EQ(plan["strict_open"].value("error", "ok"), said["strict_open"].value("error", "ok"));
    }
    const auto length = said["length"].get<std::uint64_t>();
    const auto &end = plan["auto_truncate"]["safe_end"];
    EXPECT_EQ(plan["auto_truncate"]["discarded_bytes"], end.is_null() ? 0 : length - end.get<std::uint64_t>());

    const auto isSound = GetParam().starts_with("valid-") || GetParam().starts_with("legacy-");
    if (isSound) {
        EXPECT_EQ(plan["lost_transactions"], json::array());
        EXPECT_EQ(inspect("recover", m_corpus.database, {"--preview"}).status, 0);
    }
}

INSTANTIATE_TEST_SUITE_P(, PreviewedCorpus, testing::ValuesIn(test::corpusNames()), [](const auto &corpus) {
    std::string name = corpus.param;
    std::ranges::replace(name, '-', '_');
    return name;
});

TEST_F(CheckCommands, ARowTurnsBackToTheVersionBeforeTheDamage)
{
    // The two last transactions of that file write the row "b": 17, 18, then 19.
    FileBuilder builder(test::corpusFile("valid-history").bytes());
    const auto history = m_dir.write("history.mv", builder.flip({12393 + 40}).bytes());
    const auto plan = preview(history);
    EXPECT_EQ(plan["auto_truncate"]["safe_end"], 12337);
    EXPECT_EQ(plan["auto_truncate"]["cause"],
              json::parse(R"({"offset": 12393, "error": "BadSegmentPayloadChecksum"})"));
    ASSERT_EQ(plan["lost_transactions"].size(), 2U);
    EXPECT_EQ(plan["lost_transactions"][1]["state"], "committed");
    ASSERT_EQ(plan["changed_rows"].size(), 1U);
    const auto &row = plan["changed_rows"][0];
    EXPECT_EQ(row["collection"], "counter");
    EXPECT_EQ(row["key"], "b");
    EXPECT_EQ(row["committed"], true);
    EXPECT_EQ(row["now"]["n"]["$i64"], "19");
    EXPECT_EQ(row["after"]["n"]["$i64"], "17");

    const auto run = inspect("recover", history, {"--preview"});
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.out,
                HasSubstr("a writer's open   discards 448 bytes from 0x3031 on, for "
                          "BadSegmentPayloadChecksum at 0x3069, and then succeeds\n"));
    EXPECT_THAT(
        run.out,
        HasSubstr(R"(turns back counter "b": {"n":{"$i64":"19"},"name":"b"} -> {"n":{"$i64":"17"},"name":"b"})"));
    EXPECT_THAT(run.out, EndsWith("keeps 3 rows of counter\n"));
}

TEST_F(CheckCommands, RowsThatWereDeletedComeBack)
{
    add(SegmentType::Record, test::word("a").encode());
    add(SegmentType::Record, test::word("b").encode());
    const Offset damaged{m_builder.length()};
    m_builder.begin(9).commit(9).flip(damaged);
    add(SegmentType::Record, test::word("a", RecordHead::Delete).encode());
    add(SegmentType::Record, test::word("c").encode());
    m_builder.begin().append(SegmentType::Record, test::word("d").encode());

    const auto plan = preview(file());
    EXPECT_EQ(plan["auto_truncate"]["safe_end"], damaged.value);
    EXPECT_EQ(plan["kept_rows"]["words"], json::parse(R"([{"word": "a"}, {"word": "b"}])"));
    const auto &rows = plan["changed_rows"];
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_EQ(rows[0]["key"], "a");
    EXPECT_EQ(rows[0]["now"], json());
    EXPECT_EQ(rows[0]["after"], json::parse(R"({"word": "a"})"));
    EXPECT_EQ(rows[1]["key"], "c");
    EXPECT_EQ(rows[1]["after"], json());
    EXPECT_EQ(rows[2]["key"], "d");
    EXPECT_EQ(rows[2]["committed"], false);
    EXPECT_EQ(plan["lost_transactions"].size(), 3U);
    EXPECT_EQ(plan["lost_transactions"][2]["state"], "open");
}

TEST_F(CheckCommands, WhereNoOpenGetsToTheLogNothingIsCut)
{
    m_builder.flip({0});
    const auto plan = preview(file());
    EXPECT_EQ(plan["strict_open"]["error"], "BadMagic");
    EXPECT_EQ(plan["auto_truncate"]["safe_end"], json());
    EXPECT_EQ(plan["kept_rows"], json());
    EXPECT_EQ(inspect("recover", file(), {"--preview"}).status, 1);
}

TEST_F(CheckCommands, AnEmptyFileBecomesADatabase)
{
    const auto empty = m_dir.write("empty.mv", "");
    EXPECT_EQ(preview(empty)["auto_truncate"]["makes_new_database"], true);
    EXPECT_THAT(inspect("recover", empty, {"--preview"}).out, HasSubstr("makes a new database\n"));
}

TEST_F(CheckCommands, AsIfTheFileEndedEarlierOrHadOneSuperblock)
{
    add(SegmentType::Record, test::word("a").encode());
    const auto end = m_builder.length();
    add(SegmentType::Record, test::word("b").encode());
    const auto database = file();
    const auto run = inspect("recover", database, {"--preview", "--end", std::to_string(end)});
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.out, StartsWith("as if it ended at "));
    EXPECT_THAT(run.out, HasSubstr(R"(loses words "b": {"word":"b"} -> not there)"));
    EXPECT_THAT(run.out, EndsWith("keeps 1 row of words\n"));

    const auto plan = json::parse(inspect("recover", database, {"--preview", "--json", "--superblock", "a"}).out);
    EXPECT_EQ(plan["superblock"], "a");
    EXPECT_EQ(plan["length"], fs::file_size(database));
    EXPECT_EQ(plan["rows"]["words"],
              json::parse(R"({"kept": 2, "lost": 0, "turn_back": 0, "come_back": 0, "never_committed": 0})"));
    EXPECT_EQ(inspect("recover", database, {"--preview", "--superblock", "c"}).status, 2);
}

// --- rescue ---

class RescueCommand : public CheckCommands {
protected:
    RescueCommand()
    {
        add(SegmentType::Record, test::word("kept").encode());
        const Offset damaged{m_builder.length()};
        m_builder.begin(9).commit(9).flip(damaged);
        add(SegmentType::Record, test::word("behind").encode());
        m_builder.begin(7).append(SegmentType::Record, test::word("late").encode());
    }
    [[nodiscard]] json rowsOf(const fs::path &database)
    {
        auto keys = json::array();
        for (const auto &row : json::parse(inspect("rows", database, {"words", "--json"}).out))
            keys.push_back(row["key"]);
        return keys;
    }
};

TEST_F(RescueCommand, WritesWhatTheEngineWouldKeep)
{
    const auto to = m_dir / "new.mv";
    const auto run = inspect("rescue", file(), {"--to", to});
    EXPECT_EQ(run.status, 1) << "not all is in there";
    EXPECT_THAT(run.out, HasSubstr("BadSegmentMagic"));
    EXPECT_THAT(run.out, HasSubstr("\n1 row of words, 2 not as the bytes behind the cut have them\n"));
    EXPECT_THAT(run.out, EndsWith("new.mv has 1 row\n"));
    EXPECT_EQ(rowsOf(to), json::array({"kept"}));
    EXPECT_EQ(inspect("check", to).status, 0);

    const auto again = inspect("rescue", to, {"--to", m_dir / "again.mv", "--json"});
    EXPECT_EQ(again.status, 0);
    const auto report = json::parse(again.out);
    EXPECT_EQ(report["complete"], true);
    EXPECT_EQ(report["rows"], 1);
    EXPECT_EQ(report["keep"], "engine");
    EXPECT_EQ(report["findings"], json::array());
}

TEST_F(RescueCommand, WritesAllThatDecodes)
{
    const auto to = m_dir / "new.mv";
    const auto report = json::parse(inspect("rescue", file(), {"--to", to, "--keep", "all", "--json"}).out);
    EXPECT_EQ(report["collections"],
              json::parse(R"([{"name": "words", "rows": 3, "unseen": 2, "left_out": 0, "not_asked_for": 0}])"));
    EXPECT_EQ(rowsOf(to), json::array({"kept", "behind", "late"}));
    EXPECT_EQ(inspect("check", to).status, 0);
}

TEST_F(RescueCommand, WritesOverNothing)
{
    const auto database = file();
    const auto before = test::contentsOf(m_dir.path());
    for (const auto &run :
         {inspect("rescue", database, {"--to", database}),
          inspect("rescue", database, {"--to", m_dir / "missing/new.mv"}),
          inspect("rescue", m_dir / "none.mv", {"--to", m_dir / "new.mv"}),
          inspect("rescue", database, {"--to", m_dir / "new.mv", "--keep", "some"}), inspect("rescue", database)}) {
        EXPECT_EQ(run.status, 2);
        EXPECT_EQ(run.out, "");
        EXPECT_THAT(run.err, StartsWith("mvinspect: "));
    }
    EXPECT_EQ(test::contentsOf(m_dir.path()), before);
}

TEST_F(RescueCommand, RowsBehindTheDamageAreListedAndMarked)
{
    const auto database = file();
    EXPECT_EQ(rowsOf(database), json::array({"kept"}));
    const auto rows = json::parse(inspect("rows", database, {"words", "--all", "--json"}).out);
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_FALSE(rows[0].contains("unseen"));
    EXPECT_EQ(rows[1]["unseen"], "behind_end");
    EXPECT_EQ(rows[1]["values"]["word"], "behind");
    EXPECT_EQ(rows[2]["unseen"], "never_committed");
    EXPECT_THAT(inspect("rows", database, {"words", "--all"}).out,
                HasSubstr("word: \"behind\"  (the engine would not see this: behind the damage)\n"));
    const auto last =
        json::parse(inspect("rows", database, {"words", "--all", "--json", "--offset", "2", "--limit", "5"}).out);
    ASSERT_EQ(last.size(), 1U);
    EXPECT_EQ(last[0]["key"], "late");
    EXPECT_EQ(inspect("rows", database, {"words", "--all", "--deleted"}).status, 2);
}

} // namespace
} // namespace modelvault
