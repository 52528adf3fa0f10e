// What `mvinspect check` and `mvinspect recover --preview` say.

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

} // namespace
} // namespace modelvault
