// mvinspect as its users have it: the program itself, run in another process.

#include "format/catalog_entry.h"
#include "format/crc32c.h"
#include "format/index_entry.h"
#include "format/record.h"
#include "printable.h"
#include "support/corpus.h"
#include "support/file_builder.h"
#include "support/lock_holding.h"
#include "support/scratch_dir.h"
#include "version.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>
#include <format>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace modelvault::test {

void PrintTo(const ProgramRun &run, std::ostream *out)
{
    *out << "status " << run.status << "\n--- stdout\n" << run.out << "--- stderr\n" << run.err;
}

} // namespace modelvault::test

namespace modelvault {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::ChildProcess;
using test::FileBuilder;
using test::HelperProcess;
using test::ProgramRun;
using test::runProgram;
using testing::AllOf;
using testing::EndsWith;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using testing::StrEq;
using Words = std::vector<std::string>;

Words operator+(Words words, const Words &more)
{
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

ProgramRun inspect(const Words &words)
{
    return runProgram(Words{MODELVAULT_INSPECT} + words);
}

/// Run by a shell, which does `how` with "$@".
ProgramRun inspectInShell(const std::string &how, const Words &words)
{
    return runProgram(Words{"sh", "-c", how, "sh", MODELVAULT_INSPECT} + words);
}

json inspectJson(const Words &words)
{
    return json::parse(inspect(words + Words{"--json"}).out);
}

/// With nothing on stderr.
auto says(int status, const std::string &out)
{
    return AllOf(Field("status", &ProgramRun::status, status), Field("out", &ProgramRun::out, StrEq(out)),
                 Field("err", &ProgramRun::err, IsEmpty()));
}

/// With nothing on stdout.
template <class Matcher>
auto cannot(Matcher err)
{
    return AllOf(Field("status", &ProgramRun::status, 2), Field("out", &ProgramRun::out, IsEmpty()),
                 Field("err", &ProgramRun::err, err));
}

std::set<std::string> namesIn(const fs::path &folder)
{
    std::set<std::string> names;
    for (const auto &entry : fs::directory_iterator(folder))
        names.insert(entry.path().filename().native());
    return names;
}

/// One of every command that reads the file.
std::vector<Words> readingCommands(const fs::path &file)
{
    return {{"summary", file},
            {"segments", file},
            {"hex", file},
            {"verify", file},
            {"explain", file},
            {"coverage", file},
            {"describe", file},
            {"find", file, "x"},
            {"catalog", file},
            {"schema", file},
            {"indexes", file},
            {"check", file},
            {"recover", file, "--preview"}};
}

std::vector<Words> allCommands(const fs::path &file)
{
    auto commands = readingCommands(file);
    commands.push_back({"locks", file});
    return commands;
}

bool isAscii(const std::string &text)
{
    return std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
}

// --- What the reference engine says ---

class InspectCorpus : public testing::TestWithParam<std::string> {
protected:
    [[nodiscard]] const json &said(const char *key) const { return m_corpus.said.at(key); }
    [[nodiscard]] Words reading(const char *command) const { return {command, m_file, "--lock", "none"}; }

    /// Whether anything is wrong that the walk of head and log shows. What is in payloads, and whether superblocks
    /// point to the right place, are other questions.
    [[nodiscard]] bool shouldHaveFindings() const
    {
        const auto &header = said("header");
        const bool headerAlone = header["ok"] && header["minor"] < FileHeader::kMinorWithSuperblocks;
        const auto failed = [](const json &part) { return part["ok"] == false; };
        const auto damaged = [](const json &segment) { return segment["payload_crc_ok"] == false; };
        const auto &end = said("safe_end");
        return failed(header) || (!headerAlone && std::ranges::any_of(said("superblocks"), failed))
            || std::ranges::any_of(said("segments"), damaged) || !said("first_log_error").is_null()
            || m_corpus.said.contains("framing_error") || (!end.is_null() && end < said("length"))
            || said("strict_open").value("error", "") == "InvalidTxnPayload";
    }

    test::CorpusFile m_corpus = test::corpusFile(GetParam());
    test::ScratchDir m_dir;
    fs::path m_file = m_dir.write("database.mv", m_corpus.bytes());
};

TEST_P(InspectCorpus, SummaryIsThatOfTheReference)
{
    const auto summary = inspectJson(reading("summary"));
    EXPECT_EQ(summary["file"], m_file.native());
    for (const auto *key : {"length", "header", "superblocks", "selected_superblock", "first_log_error"})
        EXPECT_EQ(summary[key], said(key)) << key;
}

TEST_P(InspectCorpus, SegmentsAreThoseOfTheReference)
{
    const auto &fault = said("first_log_error");
    json segments = json::array();
    for (auto segment : inspectJson(reading("segments"))) {
        if (!fault.is_null() && segment["offset"] >= fault["offset"])
            break; // what the scan found again behind the place where the reference stops
        EXPECT_EQ(segment["number"], segments.size());
        segment.erase("number");
        segment.erase("transaction");
        segments.push_back(std::move(segment));
    }
    EXPECT_EQ(segments, said("segments"));
}

TEST_P(InspectCorpus, TheExitStatusTellsWhetherThereAreFindings)
{
    const int expected = shouldHaveFindings() ? 1 : 0;
    for (const auto *command : {"summary", "segments", "verify"}) {
        const auto run = inspect(reading(command));
        EXPECT_EQ(run.status, expected) << command << '\n' << testing::PrintToString(run);
        if (said("header")["ok"])
            EXPECT_EQ(run.err, "") << command;
        else
            EXPECT_THAT(run.err, StartsWith("mvinspect: " + m_file.native() + ": ")) << command;
    }
    const auto verified = inspectJson(reading("verify"));
    EXPECT_EQ(verified["findings"].empty(), expected == 0);
    EXPECT_EQ(verified["findings"], inspectJson(reading("summary"))["findings"]);
    EXPECT_EQ(verified["segments"], inspectJson(reading("segments")).size());
}

TEST_P(InspectCorpus, HexShowsTheVeryBytesAndTheFileStaysAsItIs)
{
    const auto bytes = m_corpus.bytes();
    std::string digits;
    for (const auto byte : bytes)
        digits += std::format("{:02x}", std::to_integer<unsigned>(byte));
    const auto dump = inspectJson(reading("hex") + Words{"--length", "1000000"});
    EXPECT_EQ(dump["length"], bytes.size());
    EXPECT_TRUE(dump["hex"] == digits);

    EXPECT_EQ(test::readFile(m_file), bytes);
    EXPECT_EQ(namesIn(m_dir.path()), std::set<std::string>{"database.mv"});
}

TEST_P(InspectCorpus, CoverageAddsUpAndSoundFilesAreExplainedToTheLastByte)
{
    const auto covered = inspectJson(reading("coverage"));
    const auto sum = [](const json &bytes) {
        return bytes["named"].get<std::uint64_t>() + bytes["padding"].get<std::uint64_t>()
            + bytes["unexplained"].get<std::uint64_t>();
    };
    EXPECT_EQ(sum(covered), said("length"));
    std::uint64_t parts = 0;
    for (const auto &bytes : covered["structures"])
        parts += sum(bytes);
    EXPECT_EQ(parts, said("length"));
    if (GetParam().starts_with("valid-") || GetParam().starts_with("legacy-")) {
        EXPECT_EQ(covered["unexplained"], 0);
    }
}

/// Where the leaves of a tree end that begin at `from` and follow each other; 0 if they don't.
std::uint64_t endOfLeaves(const json &node, std::uint64_t from)
{
    if (node["offset"] != from)
        return 0;
    if (node["role"] != "structure")
        return from + node["length"].get<std::uint64_t>();
    for (const auto &child : node["children"]) {
        from = endOfLeaves(child, from);
        if (from == 0)
            return 0;
    }
    return from;
}

TEST_P(InspectCorpus, ExplainTellsOfEveryByteOnce)
{
    std::uint64_t reached = 0;
    for (const auto &structure : inspectJson(reading("explain"))) {
        reached = endOfLeaves(structure, reached);
        ASSERT_NE(reached, 0U) << structure;
    }
    EXPECT_EQ(json(reached), said("length"));
}

TEST_P(InspectCorpus, CoverageAndExplainAgreeWhetherSomethingIsWrong)
{
    EXPECT_EQ(inspect(reading("coverage")).status, inspect(reading("explain")).status);
}

INSTANTIATE_TEST_SUITE_P(, InspectCorpus, testing::ValuesIn(test::corpusNames()), [](const auto &corpus) {
    std::string name = corpus.param;
    std::ranges::replace(name, '-', '_');
    return name;
});

// --- What people read ---

class InspectTest : public testing::Test {
protected:
    [[nodiscard]] std::string path() const { return printable(m_file.native()); }

    FileBuilder m_builder = [] {
        FileBuilder builder;
        builder.transaction(2);
        return builder;
    }();
    test::ScratchDir m_dir;
    fs::path m_file = m_dir.write("database.mv", m_builder.bytes());
};

TEST_F(InspectTest, SummaryOfASoundFile)
{
    EXPECT_THAT(inspect({"summary", m_file}), says(0, path() + R"(
  length        8.3 KiB (8 482 bytes)
  lock          shared: while it is held, no program can open this database for writing
  format        0.6
  superblock A  generation 1
  superblock B  generation 2, manifest at 0x2020, in use
  log           5 segments, 1 transaction
    record                 2          32 B of payload
    manifest               1          18 B of payload
    txn_begin              1          24 B of payload
    txn_commit             1          24 B of payload
  findings      none in checksums and framing; the command check looks at the rest
)"));
}

TEST_F(InspectTest, SegmentsOfASoundFile)
{
    EXPECT_THAT(inspect({"segments", m_file}),
                says(0, R"(    number  offset        type         payload B       txn  crc-32c
         0  0x0000002020  manifest              18            376ac655  ok
         1  0x0000002052  txn_begin             24         0  572a7c8a  ok
         2  0x000000208a  record                16         0  46e56633  ok
         3  0x00000020ba  record                16         0  4ed1c94b  ok
         4  0x00000020ea  txn_commit            24         0  572a7c8a  ok
)"));
}

TEST_F(InspectTest, VerifyOfASoundFile)
{
    EXPECT_THAT(inspect({"verify", m_file}), says(0, path() + ": 5 segments, no findings in checksums and framing\n"));
}

class InspectDamaged : public InspectTest {
protected:
    void SetUp() override
    {
        m_builder.begin(2).append(SegmentType::Record, "lost");
        m_builder.flip(m_builder.offsets()[2] + SegmentHeader::kSize);
        m_dir.write("database.mv", m_builder.bytes());
    }
};

TEST_F(InspectDamaged, Summary)
{
    EXPECT_THAT(inspect({"summary", m_file}), says(1, path() + R"(
  length        8.4 KiB (8 574 bytes)
  lock          shared: while it is held, no program can open this database for writing
  format        0.6
  superblock A  generation 1
  superblock B  generation 2, manifest at 0x2020, in use
  log           7 segments, 2 transactions
    record                 3          36 B of payload
    manifest               1          18 B of payload
    txn_begin              2          48 B of payload
    txn_commit             1          24 B of payload
  findings      2
  error   0x000000208a            48 B  BadSegmentPayloadChecksum: the payload's checksum is wrong: computed b4e96bcd, stored 46e56633
  error   0x0000002122            92 B  UncleanLogTail: a transaction without commit
)"));
}

TEST_F(InspectDamaged, Segments)
{
    EXPECT_THAT(inspect({"segments", m_file}),
                says(1, R"(    number  offset        type         payload B       txn  crc-32c
         0  0x0000002020  manifest              18            376ac655  ok
         1  0x0000002052  txn_begin             24         0  572a7c8a  ok
         2  0x000000208a  record                16         0  46e56633  damaged
         3  0x00000020ba  record                16         0  4ed1c94b  ok
         4  0x00000020ea  txn_commit            24         0  572a7c8a  ok
         5  0x0000002122  txn_begin             24         1  572a7c8a  ok
         6  0x000000215a  record                 4         1  eebeccd3  ok
)"));
}

TEST_F(InspectDamaged, Verify)
{
    EXPECT_THAT(inspect({"verify", m_file}), says(1, path() + R"(: 7 segments, 2 findings
  error   0x000000208a            48 B  BadSegmentPayloadChecksum: the payload's checksum is wrong: computed b4e96bcd, stored 46e56633
  error   0x0000002122            92 B  UncleanLogTail: a transaction without commit
)"));
}

TEST_F(InspectDamaged, FindingsInJson)
{
    const json payload{{"code", "BadSegmentPayloadChecksum"},
                       {"severity", "error"},
                       {"offset", 0x208a},
                       {"length", 48},
                       {"expected", 0xb4e96bcdU},
                       {"found", 0x46e56633},
                       {"count", 1},
                       {"message", "the payload's checksum is wrong: computed b4e96bcd, stored 46e56633"}};
    const auto verified = inspectJson({"verify", m_file});
    ASSERT_EQ(verified["findings"].size(), 2U);
    EXPECT_EQ(verified["findings"][0], payload);
    EXPECT_EQ(verified["findings"][1]["code"], "UncleanLogTail");
    EXPECT_EQ(verified["findings_dropped"], 0);
}

TEST_F(InspectTest, SegmentsBelongToTransactionsInJsonToo)
{
    json transactions = json::array();
    for (const auto &segment : inspectJson({"segments", m_file}))
        transactions.push_back(segment["transaction"]);
    EXPECT_EQ(transactions, json::parse("[null, 0, 0, 0, 0]"));
}

TEST_F(InspectTest, SummaryCountsByType)
{
    const auto summary = inspectJson({"summary", m_file});
    EXPECT_EQ(summary["transactions"], 1);
    EXPECT_EQ(summary["segments"]["count"], 5);
    EXPECT_EQ(summary["segments"]["by_type"]["record"], (json{{"count", 2}, {"payload_bytes", 32}}));
    EXPECT_EQ(summary["segments"]["by_type"]["schema"], (json{{"count", 0}, {"payload_bytes", 0}}));
}

// --- What bytes mean ---

class InspectRows : public testing::Test {
protected:
    [[nodiscard]] fs::path file() { return m_dir.write("rows.mv", m_builder.bytes()); }
    [[nodiscard]] std::string record() const { return std::to_string(m_record.value); }

    const CatalogEntry m_books{
        .collectionId = 1,
        .name = "books",
        .fields = {{{{"title"}}, {.tag = TypeTag::String}, {}}, {{{"year"}}, {.tag = TypeTag::Int64}, {}}},
        .indexes = {},
        .primaryField = "title"};
    const Record m_dune{.head = {.payloadVersion = 2,
                                 .collectionId = 1,
                                 .schemaVersion = 1,
                                 .operation = RecordHead::Insert,
                                 .key = {std::string("Dune\n")}},
                        .fields = {{{{"year"}}, {std::int64_t{-1}}}}};
    const IndexChanges m_byYear{.entries = {{.collectionId = 1, .indexName = "by_year"}}};
    FileBuilder m_builder = [this] {
        FileBuilder builder;
        builder.begin(4)
            .append(SegmentType::Schema, m_books.encode())
            .append(SegmentType::Index, m_byYear.encode())
            .append(SegmentType::Record, m_dune.encode())
            .commit(4);
        return builder;
    }();
    Offset m_record = m_builder.offsets()[4] + SegmentHeader::kSize;
    test::ScratchDir m_dir;
};

TEST_F(InspectRows, SegmentsSayWhatTheyHoldIfAsked)
{
    EXPECT_THAT(inspect({"segments", file(), "--what"}),
                says(0, R"(    number  offset        type         payload B       txn  crc-32c
         0  0x0000002020  manifest              18            376ac655  ok
         1  0x0000002052  txn_begin             24         0  572a7c8a  ok       id 4
         2  0x000000208a  schema                73         0  b0247515  ok       books version 1, 2 fields
         3  0x00000020f3  index                 31         0  43339ee7  ok       by_year + 1
         4  0x0000002132  record                34         0  c2ed2c38  ok       books "Dune\n" insert
         5  0x0000002174  txn_commit            24         0  572a7c8a  ok       id 4
)"));
    EXPECT_EQ(inspectJson({"segments", file(), "--what"})[4]["what"], "books \"Dune\\n\" insert");
    EXPECT_FALSE(inspectJson({"segments", file()})[4].contains("what"));
}

TEST_F(InspectRows, AByteIsExplainedFromItsSegmentToItsField)
{
    EXPECT_THAT(inspect({"explain", file(), "--offset", record()}), says(0, R"(0x0000002132         66  segment "record"
0x0000002152         34    record "books"
0x0000002152          2      payload version                       2  must be 1 to 3
)"));
    const auto path = inspectJson({"explain", file(), "--offset", std::to_string(m_record.value + 26)})["path"];
    ASSERT_EQ(path.size(), 4U);
    EXPECT_EQ(path[2]["name"], "value");
    EXPECT_EQ(path[2]["label"], "year");
    EXPECT_EQ(path[2]["value"], -1);
    EXPECT_EQ(path[3]["offset"], m_record.value + 26);
    EXPECT_EQ(path[3]["length"], 8);
    EXPECT_EQ(path[3]["role"], "field");
    EXPECT_EQ(path[3]["raw"], "ffffffffffffffff");
    EXPECT_FALSE(path[2].contains("raw"));
}

TEST_F(InspectRows, AWrongFieldIsToldWithWhatItShouldBe)
{
    m_builder.flip(m_record + 25, 0x02).repairChecksums(m_builder.offsets()[4]); // the tag of the year
    const auto run = inspect({"explain", file(), "--offset", std::to_string(m_record.value + 25)});
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.out, EndsWith("must be 1, WRONG: expected 1, found 3, RecordPayloadTypeMismatch\n"));
    const auto path = inspectJson({"explain", file(), "--offset", std::to_string(m_record.value + 25)})["path"];
    EXPECT_EQ(path.back()["verdict"], "wrong");
    EXPECT_EQ(path.back()["expected"], 1);
    EXPECT_EQ(path.back()["found"], 3);
    EXPECT_EQ(path.back()["rule"], (json{{"kind", "between"}, {"checked", true}, {"lowest", 1}, {"highest", 1}}));
    EXPECT_EQ(inspectJson({"coverage", file()})["structures"]["record"]["unexplained"], 8);
    EXPECT_EQ(inspect({"coverage", file()}).status, 1);
    EXPECT_EQ(inspect({"explain", file()}).status, 1);
}

TEST_F(InspectRows, KeysAndBytesAreShownAsWhatTheyAre)
{
    const std::string sample = MODELVAULT_SAMPLE;
    const auto pathAt = [&sample](const char *offset) {
        return inspectJson({"explain", sample, "--offset", offset})["path"];
    };
    const auto key = pathAt("0x3bc8");
    const auto &shown = key[key.size() - 2];
    EXPECT_TRUE(shown["name"] == "index key" || shown["name"] == "primary key") << key;
    EXPECT_FALSE(shown["value"].is_null());
    EXPECT_EQ(shown["rule"]["kind"], "key");
    EXPECT_EQ(shown["rule"]["checked"], false);
    EXPECT_EQ(key.back()["value"].get<std::string>().size(), 2 * key.back()["length"].get<std::size_t>()) << "in hex";
    EXPECT_THAT(inspect({"explain", sample, "--offset", "0x3bc8"}).out, HasSubstr("key of type "));

    const auto cover = pathAt("0x367f");
    EXPECT_EQ(cover[cover.size() - 2]["label"], "cover");
    EXPECT_GT(cover.back()["value_bytes"], 256);
    EXPECT_EQ(cover.back()["value"].get<std::string>().size(), 512U);
    EXPECT_THAT(inspect({"explain", sample, "--offset", "0x367f"}).out,
                testing::ContainsRegex(" … \\([0-9 ]+ bytes\\)\n$"));
    EXPECT_THAT(inspect({"explain", sample, "--offset", "20"}).out, HasSubstr("zeros  must be 0"));
}

TEST_F(InspectRows, AFieldOutsideOfItsRangeIsToldTheWholeRange)
{
    m_builder.flip(m_builder.offsets()[4] + 6, 0x28).repairChecksums(m_builder.offsets()[4], false); // the type
    const auto run = inspect({"explain", file()});
    EXPECT_THAT(run.out, HasSubstr("must be 1 to 9, WRONG: expected 1 to 9, found 42"));
}

TEST_F(InspectRows, APointerIntoNowhereIsTold)
{
    const auto run = inspect({"explain", test::corpusFile("damaged-manifest-pointer").database.string()});
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.out, HasSubstr("must be where a manifest begins, WRONG: expected manifest, found "));
    EXPECT_THAT(run.out, HasSubstr("BadManifestPointer"));
    EXPECT_THAT(inspect({"explain", test::corpusFile("damaged-checkpoint-pointer").database.string()}).out,
                HasSubstr("BadCheckpointPointer"));
}

TEST_F(InspectRows, ARecordThatBreaksBehindItsHeadIsTold)
{
    const auto broken = test::corpusFile("damaged-record-list-count-huge").database.string();
    EXPECT_EQ(inspect({"segments", broken, "--what"}).status, 1);
    EXPECT_THAT(inspect({"segments", broken, "--what"}).out, HasSubstr("books \"zz\" insert, TruncatedRecordPayload"));
    EXPECT_THAT(inspect({"segments", test::corpusFile("damaged-record-payload-bit").database.string(), "--what"}).out,
                HasSubstr("of damaged bytes: "));
}

TEST_F(InspectRows, SegmentsAreFiltered)
{
    EXPECT_THAT(inspect({"segments", file(), "--filter", "collection == \"books\" and type != schema"}),
                says(0, R"(    number  offset        type         payload B       txn  crc-32c
         3  0x00000020f3  index                 31         0  43339ee7  ok
         4  0x0000002132  record                34         0  c2ed2c38  ok
)"));
    const auto numbers = [this](const Words &more) {
        std::vector<int> found;
        for (const auto &segment : inspectJson(Words{"segments", file()} + more))
            found.push_back(segment["number"].get<int>());
        return found;
    };
    // What --what prints of a key can be pasted.
    EXPECT_THAT(numbers({"--filter", R"(key == "Dune\n")"}), testing::ElementsAre(4));
    EXPECT_THAT(numbers({"--filter", ""}), testing::ElementsAre(0, 1, 2, 3, 4, 5));
    EXPECT_THAT(numbers({"--filter", "key == 4"}), IsEmpty());
    // Of those that pass, and from a segment on.
    EXPECT_THAT(numbers({"--filter", "transaction", "--count", "2"}), testing::ElementsAre(1, 2));
    EXPECT_THAT(numbers({"--filter", "transaction", "--from", "3", "--count", "2"}), testing::ElementsAre(3, 4));
    EXPECT_EQ(inspectJson({"segments", file(), "--what", "--filter", "key"})[0]["what"], "books \"Dune\\n\" insert");
}

TEST_F(InspectRows, AFilterThatIsWrongIsExplained)
{
    const auto filter = [this](const char *text) { return inspect({"segments", file(), "--filter", text}); };
    EXPECT_THAT(filter("type < 3"),
                cannot(StrEq("mvinspect: --filter: the type has no order here: use ==, != or in: <\n")));
    EXPECT_THAT(filter("type =="), cannot(StrEq("mvinspect: --filter: a value to compare the type with is missing\n")));
    EXPECT_THAT(filter("key \x1b == 3"), cannot(HasSubstr("means nothing here: \\u{1b}")));
    EXPECT_THAT(filter(R"(key == "\q")"), cannot(HasSubstr(R"(only \" \\ \n \r \t \xff and \u{202e} may follow)")));
    EXPECT_THAT(filter(std::string(20'000, '(').c_str()), cannot(HasSubstr("at most 16384 bytes\n")));
    EXPECT_THAT(inspect({"segments", "--help"}).out, AllOf(HasSubstr("--filter"), HasSubstr("crc == bad")));
}

TEST_F(InspectRows, SegmentsThatDoNotDecodeAreFindingsIfAsked)
{
    EXPECT_EQ(inspectJson({"segments", file(), "--what"})[4]["fault"], json());
    m_builder.flip(m_record + 1, 0x40).repairChecksums(m_builder.offsets()[4]); // the version
    EXPECT_EQ(inspect({"segments", file(), "--what"}).status, 1);
    EXPECT_EQ(inspect({"segments", file()}).status, 0) << "nobody asked";
    EXPECT_EQ(inspectJson({"segments", file(), "--what"})[4]["fault"], "UnknownRecordPayloadVersion");
}

TEST_F(InspectRows, WhatIsMissingIsToldInBytesAndMagicsInLetters)
{
    m_builder.cut(m_builder.length() - 30).flip(Offset{0x1020});
    const auto text = inspect({"explain", file()}).out;
    EXPECT_THAT(text, HasSubstr("32 bytes needed, 26 left"));
    EXPECT_THAT(text, HasSubstr("WRONG: expected \"TSB0\", found \"USB0\""));
}

TEST_F(InspectRows, ExplainRefusesAnOffsetBehindTheEnd)
{
    EXPECT_THAT(inspect({"explain", file(), "--offset", std::to_string(m_builder.length())}),
                cannot(HasSubstr("it ends before that offset")));
}

TEST_F(InspectRows, CoverageCountsByStructure)
{
    EXPECT_THAT(inspect({"coverage", file()}),
                says(0, R"(bytes                          named         padding     unexplained
catalog entry                     73               0               0
file header                       20              12               0
index changes                     31               0               0
manifest                          18               0               0
record                            34               0               0
segment header                   174              18               0
superblock                        86           8 106               0
transaction marker                28              20               0
all                              464           8 156               0
)"));
}

// --- Parts of a file ---

TEST_F(InspectTest, HexShowsBytesAndText)
{
    EXPECT_THAT(inspect({"hex", m_file, "--offset", "0x2020", "--length", "40"}),
                says(0, R"(000000002020  54 53 47 30 00 00 03 00  20 00 00 00 12 00 00 00  TSG0.... .......
000000002030  00 00 00 00 55 c6 6a 37  00 00 00 00 8b f5 c0 ec  ....U.j7........
000000002040  00 00 20 20 00 00 00 00                           ..  ....
)"));
    EXPECT_THAT(inspect({"hex", m_file, "--json", "--offset", "0x2020", "--length", "4"}),
                says(0, "{\"offset\": 8224, \"length\": 4, \"hex\": \"54534730\"}\n"));
}

TEST_F(InspectTest, HexBeginsWithTheFirst256Bytes)
{
    const auto dump = inspectJson({"hex", m_file});
    EXPECT_EQ(dump["offset"], 0);
    EXPECT_EQ(dump["length"], 256);
    EXPECT_TRUE(dump["hex"].get<std::string>().starts_with("54444230")) << "TDB0";
}

TEST_F(InspectTest, OffsetsAreDecimalOrHexadecimalWithLeadingZerosAsWePrintThem)
{
    const auto first = inspect({"hex", m_file, "--offset", "8224", "--length", "3"});
    EXPECT_THAT(first, says(0, "000000002020  54 53 47" + std::string(42, ' ') + "TSG\n"));
    for (const auto *same : {"0x2020", "0X2020", "0x0000002020", "08224"})
        EXPECT_THAT(inspect({"hex", m_file, "--offset", same, "--length", "0x3"}), says(0, first.out)) << same;
}

TEST_F(InspectTest, LengthIsCutAtTheEndOfTheFile)
{
    const auto lastBytes = std::format("{:012x}  00 00{}..\n", m_builder.length() - 2, std::string(45, ' '));
    const auto from = std::to_string(m_builder.length() - 2);
    EXPECT_THAT(inspect({"hex", m_file, "--offset", from, "--length", "3"}), says(0, lastBytes));
    EXPECT_THAT(inspect({"hex", m_file, "--offset", from, "--length", "0xffffffffffffffff"}), says(0, lastBytes));
}

TEST_F(InspectTest, BehindTheLastByteThereIsNothingAndFurtherOnIsWrong)
{
    const auto length = m_builder.length();
    EXPECT_THAT(inspect({"hex", m_file, "--offset", std::to_string(length)}), says(0, ""));
    for (const auto past : {length + 1, ~std::uint64_t{0}}) {
        const auto run = inspect({"hex", m_file, "--offset", std::to_string(past)});
        EXPECT_THAT(run, cannot("mvinspect: " + path() + ": it ends before that offset, after 8 482 bytes\n"));
    }
}

TEST_F(InspectTest, SomeSegmentsOnly)
{
    const auto numbers = [&](const Words &range) {
        json found = json::array();
        for (const auto &segment : inspectJson(Words{"segments", m_file} + range))
            found.push_back(segment["number"]);
        return found;
    };
    EXPECT_EQ(numbers({"--from", "1", "--count", "2"}), (json{1, 2}));
    EXPECT_EQ(numbers({"--from", "3"}), (json{3, 4}));
    EXPECT_EQ(numbers({"--from", "4", "--count", "0xffffffffffffffff"}), (json{4}));
    EXPECT_EQ(numbers({"--count", "0"}), json::array());
    EXPECT_EQ(numbers({"--from", "5"}), json::array());
    EXPECT_EQ(numbers({"--from", "0xffffffffffffffff"}), json::array());
    EXPECT_THAT(inspect({"segments", m_file, "--from", "2", "--count", "1"}),
                says(0,
                     "    number  offset        type         payload B       txn  crc-32c\n"
                     "         2  0x000000208a  record                16         0  46e56633  ok\n"));
}

// --- Finding ---

class InspectFind : public testing::Test {
protected:
    /// What lies in the file behind its superblocks: all that is looked for.
    InspectFind()
    {
        m_builder.begin();
        m_builder.append(SegmentType::Record, "Dune \xCF\x07 dune");
        m_builder.append(SegmentType::Record, "D\nune");
        m_builder.commit().publish();
    }

    [[nodiscard]] std::uint64_t payload(std::size_t segment) const
    {
        return m_builder.offsets()[segment].value + SegmentHeader::kSize;
    }
    json hits(const Words &words) { return inspectJson(Words{"find", m_file} + words)["hits"]; }
    json hit(std::uint64_t offset, int length) { return {{"offset", offset}, {"length", length}}; }
    ProgramRun find(const Words &words) { return inspect(Words{"find", m_file} + words); }

    FileBuilder m_builder;
    test::ScratchDir m_dir;
    fs::path m_file = m_dir.path() / "database.mv";

    void SetUp() override { m_dir.write("database.mv", m_builder.bytes()); }
};

TEST_F(InspectFind, ListsWhereTextIs)
{
    EXPECT_THAT(
        find({"Dune"}),
        says(0, std::format("{:#012x}        4  44 75 6e 65                                      Dune\n", payload(2))));
    EXPECT_EQ(hits({"DUNE", "--ignore-case"}), (json{hit(payload(2), 4), hit(payload(2) + 8, 4)}));
    EXPECT_THAT(find({"nowhere"}), says(0, ""));
    EXPECT_EQ(hits({"nowhere"}), json::array());
}

TEST_F(InspectFind, JsonSaysWhereItLookedAndHowOftenItFound)
{
    const auto found = inspectJson({"find", m_file, "Dune"});
    EXPECT_EQ(found["begin"], 0);
    EXPECT_EQ(found["end"], m_builder.length());
    EXPECT_EQ(found["count"], 1);
    EXPECT_EQ(inspectJson({"find", m_file, "e", "--count"}),
              (json{{"begin", 0}, {"end", m_builder.length()}, {"count", 3}}));
    EXPECT_THAT(find({"e", "--count"}), says(0, "3\n"));
}

TEST_F(InspectFind, EveryKindOfPattern)
{
    EXPECT_EQ(hits({"--text", "une"}).size(), 3U);
    EXPECT_EQ(hits({"--hex", "44 ?5 6?"}), json{hit(payload(2), 3)});
    EXPECT_EQ(hits({"--int", "1999", "--bits", "16"}), json{hit(payload(2) + 5, 2)});
    EXPECT_EQ(hits({"--int", "0xcf07", "--bits", "16", "--unsigned", "--order", "big"}), json{hit(payload(2) + 5, 2)});
    EXPECT_THAT(find({"--int", "--bits", "16", "--order", "both", "--count", "--", "-12537"}), says(0, "1\n"));
    EXPECT_EQ(hits({"--float", "1.5"}), json::array());
    EXPECT_EQ(hits({"--float", "0.00011915", "--bits", "16"}), json{hit(payload(2) + 5, 2)});
    EXPECT_EQ(hits({"--regex", "[Dd]u.e"}), (json{hit(payload(2), 4), hit(payload(2) + 8, 4)}));
    EXPECT_EQ(hits({"--regex", "D.une"}), json::array());
    EXPECT_EQ(hits({"--regex", "D.une", "--across-lines"}), json{hit(payload(3), 5)});
    EXPECT_EQ(hits({"--text", "TSG0", "--encoding", "utf-16le"}), json::array());
}

TEST_F(InspectFind, InAPartOfTheFile)
{
    const auto begin = std::to_string(payload(2) + 1);
    EXPECT_EQ(hits({"une", "--in", begin + ":" + std::to_string(payload(2) + 4)}), json{hit(payload(2) + 1, 3)});
    EXPECT_EQ(hits({"une", "--in", begin + ":" + std::to_string(payload(2) + 3)}), json::array());
    EXPECT_EQ(hits({"une", "--in", begin + ":0xffffffffffffffff"}).size(), 3U);
    EXPECT_EQ(hits({"une", "--segment", "3"}), json{hit(payload(3) + 2, 3)});
    EXPECT_THAT(find({"une", "--segment", "99"}), cannot(HasSubstr("it has 6 segments, counted from 0")));
    EXPECT_THAT(find({"une", "--in", "99999999:"}), cannot(HasSubstr("not two numbers BEGIN:END")));
    EXPECT_THAT(find({"une", "--in", "99999999:999999999"}), cannot(HasSubstr("it ends before that offset")));
    EXPECT_THAT(find({"une", "--in", "5:4"}), cannot(HasSubstr("not two numbers BEGIN:END")));
    EXPECT_THAT(find({"une", "--in", "0:4", "--segment", "1"}), cannot(HasSubstr("excludes")));
}

TEST_F(InspectFind, WhatCannotBeLookedForIsSaid)
{
    EXPECT_THAT(find({""}), cannot("mvinspect: there is nothing to look for\n"));
    EXPECT_THAT(find({"a\xFFz"}), cannot("mvinspect: byte 2 is no UTF-8; --hex finds bytes that are no text\n"));
    EXPECT_THAT(find({"--hex", "de ax"}), cannot("mvinspect: character 5 is neither a hexadecimal digit nor ?\n"));
    EXPECT_THAT(find({"--hex", "de a"}), cannot("mvinspect: at character 4 there is only half a byte\n"));
    EXPECT_THAT(find({"--hex", "??"}), cannot("mvinspect: this would be found everywhere\n"));
    EXPECT_THAT(find({"--int", "1x"}), cannot("mvinspect: this is no number\n"));
    EXPECT_THAT(find({"--int", "128", "--bits", "8"}), cannot("mvinspect: this does not fit 8 bits with a sign\n"));
    EXPECT_THAT(find({"--int", "256", "--bits", "8", "--unsigned"}),
                cannot("mvinspect: this does not fit 8 bits without a sign\n"));
    EXPECT_THAT(find({"--float", "1e99", "--bits", "32"}), cannot("mvinspect: this does not fit 32 bits\n"));
    EXPECT_THAT(find({"--regex", "(a"}), cannot("mvinspect: missing ): (a\n"));
    EXPECT_THAT(find({"--regex", R"(a\nb)"}), cannot("mvinspect: no line has a line feed in it: use --across-lines\n"));
    EXPECT_THAT(find({"--float", "1", "--bits", "24"}), cannot(HasSubstr("floats have 16, 32 or 64")));
    EXPECT_THAT(find({"--hex", "--text", "aa"}), cannot(HasSubstr("Requires at most 1 option")));
    EXPECT_THAT(find({"x", "--encoding", "ebcdic"}), cannot(HasSubstr("none of utf-8|utf-16le|utf-16be|any: ebcdic")));
}

// --- Wrong use, and what is no database ---

TEST_F(InspectTest, WrongUseSaysSoOnStderrOnly)
{
    const std::vector<Words> wrong{
        {},
        {"depict", m_file},
        {"summary"},
        {"summary", m_file, m_file},
        {"summary", "verify", m_file},
        {"summary", m_file, "--colour"},
        {"summary", m_file, "--lock"},
        {"summary", m_file, "--lock", "exclusive"},
        {"summary", m_file, "--lock", ""},
        {"locks", m_file, "--lock=exclusive"},
        {"verify", m_file, "--offset", "0"},
    };
    for (const auto &words : wrong)
        EXPECT_THAT(inspect(words), cannot(StartsWith("mvinspect: "))) << testing::PrintToString(words);
    EXPECT_EQ(namesIn(m_dir.path()), std::set<std::string>{"database.mv"});
    EXPECT_THAT(inspect({"depict", m_file}).err, StartsWith("mvinspect: there is no command depict\n"));
    EXPECT_THAT(inspect({}).err, StartsWith("mvinspect: A subcommand is required\n"));
}

TEST_F(InspectTest, WhereNoneIsTakenTheWishForALockChangesNothing)
{
    for (const auto *wish : {"shared", "none"})
        EXPECT_THAT(inspect({"locks", m_file, "--lock", wish}), says(0, path() + ": no locks seen\n"));
    EXPECT_EQ(namesIn(m_dir.path()), std::set<std::string>{"database.mv"});
}

TEST_F(InspectTest, ALockFileThatLeadsNowhereIsSaidToBeSo)
{
    std::filesystem::create_symlink("gone/elsewhere", m_file.native() + ".writer.lock");
    const auto run = inspect({"segments", m_file});
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.err, HasSubstr("the lock file can't be made: it is a link that leads nowhere, or its folder is gone"));
}

TEST_F(InspectTest, WhatIsNoNumberIsWrongUse)
{
    const Words wrong{
        "", " 1", "1 ", "-1", "+1", "1.5", "1_000", "0x", "0x-1", "20h", "2g", "0b1", "18446744073709551616"};
    for (const auto &number : wrong) {
        const auto complaint = cannot(HasSubstr("not a number from 0 to 2^64-1: " + number + '\n'));
        EXPECT_THAT(inspect({"hex", m_file, "--offset", number}), complaint);
        EXPECT_THAT(inspect({"hex", m_file, "--length", number}), complaint);
        EXPECT_THAT(inspect({"segments", m_file, "--from", number}), complaint);
        EXPECT_THAT(inspect({"segments", m_file, "--count", number}), complaint);
    }
}

TEST_F(InspectTest, AMissingFileIsNotMade)
{
    const auto missing = m_dir / "missing.mv";
    for (const auto &words : allCommands(missing))
        EXPECT_THAT(inspect(words), cannot("mvinspect: " + printable(missing.native()) + ": there is no such file\n"))
            << words[0];
    EXPECT_EQ(namesIn(m_dir.path()), std::set<std::string>{"database.mv"});
}

TEST_F(InspectTest, AFileMayHaveAnyName)
{
    for (const auto *name : {"verify", "-", "--json", "[a,b]", "[[a]]", "{}", "%%", "'quoted'", "\"quoted\"", " "}) {
        const auto file = m_dir.write(name, m_builder.bytes());
        EXPECT_EQ(inspect({"verify", file}).status, 0) << name;
        const auto run = inspectInShell("cd '" + m_dir.path().native() + "' && exec \"$@\"", {"verify", "--", name});
        EXPECT_THAT(run, says(0, std::string(name) + ": 5 segments, no findings in checksums and framing\n"));
    }
}

/// What is given in place of a database, and what is said about it.
struct BadInput {
    std::string name;
    std::function<fs::path(const test::ScratchDir &)> make; ///< below the folder, or a path elsewhere
    std::string says;
    bool opens = false;        ///< then its bytes are shown, and the others find something
    bool getsLockFile = false; ///< it may be a database
};

void PrintTo(const BadInput &input, std::ostream *out)
{
    *out << input.name;
}

auto file(std::string_view bytes)
{
    return [bytes](const test::ScratchDir &dir) { return dir.write("input.mv", bytes); };
}

fs::path makeSocket(const test::ScratchDir &dir)
{
    // Bound in its own folder: an address has room for a short path only.
    const auto here = fs::current_path();
    fs::current_path(dir.path());
    ::sockaddr_un address{.sun_family = AF_UNIX, .sun_path = "socket"};
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(socket, reinterpret_cast<const ::sockaddr *>(&address), sizeof address), 0);
    ::close(socket);
    fs::current_path(here);
    return dir / "socket";
}

class InspectBadInput : public testing::TestWithParam<BadInput> {
protected:
    /// With nothing of the input changed or left beside it, a lock file that is due aside.
    [[nodiscard]] ProgramRun inspectUnchanged(const Words &words, bool mayLock) const
    {
        auto before = test::contentsOf(m_dir.path());
        const auto run = inspect(words);
        if (mayLock && GetParam().getsLockFile)
            before["input.mv.writer.lock"] = "file: ";
        EXPECT_EQ(test::contentsOf(m_dir.path()), before) << words[0];
        return run;
    }

    test::ScratchDir m_dir;
    fs::path m_input = GetParam().make(m_dir);
    std::string m_message = "mvinspect: " + printable(m_input.native()) + ": " + GetParam().says + '\n';
};

TEST_P(InspectBadInput, IsNamedWithTheReason)
{
    for (const bool asJson : {false, true}) {
        for (const bool locks : {false, true}) {
            for (auto words : readingCommands(m_input)) {
                if (asJson)
                    words.emplace_back("--json");
                if (!locks)
                    words.insert(words.end(), {"--lock", "none"});
                const auto run = inspectUnchanged(words, locks);
                if (!GetParam().opens) {
                    EXPECT_THAT(run, cannot(m_message)) << testing::PrintToString(words);
                    continue;
                }
                EXPECT_EQ(run.status, words[0] == "find" ? 0 : 1) << testing::PrintToString(words);
                EXPECT_EQ(run.err, m_message) << testing::PrintToString(words);
                EXPECT_TRUE(!asJson || json::accept(run.out)) << run.out;
            }
        }
    }
    const auto run = inspectUnchanged({"locks", m_input}, false);
    if (GetParam().opens)
        EXPECT_EQ(run.status, 0);
    else
        EXPECT_THAT(run, cannot(m_message));
}

INSTANTIATE_TEST_SUITE_P(
    , InspectBadInput,
    testing::Values(
        BadInput{"missing", [](const auto &dir) { return dir / "input.mv"; }, "there is no such file"},
        BadInput{"below_a_file", [](const auto &dir) { return dir.write("input.mv", "") / "x.mv"; },
                 "there is no such file"},
        BadInput{"folder", [](const auto &dir) { return dir.path(); }, "this is a folder, not a file"},
        BadInput{"endless_link",
                 [](const auto &dir) {
                     fs::create_symlink("input.mv", dir / "input.mv");
                     return dir / "input.mv";
                 },
                 "the system could not do it: Too many levels of symbolic links"},
        BadInput{"name_too_long", [](const auto &dir) { return dir / std::string(300, 'x'); },
                 "the system refuses this input: File name too long"},
        BadInput{"pipe",
                 [](const auto &dir) {
                     const auto path = dir / "pipe";
                     EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
                     return path;
                 },
                 "this is a pipe, not a regular file"},
        BadInput{"socket", makeSocket, "this is a socket, not a regular file"},
        BadInput{"device", [](const auto &) { return fs::path("/dev/zero"); }, "this is a device, not a regular file"},
        BadInput{"empty", file(""), "the file is empty: no program has written a database to it yet", true, true},
        BadInput{"17_bytes", file("TDB0 and 12 more."), "the file is too short for a database header: 17 of 32 bytes",
                 true, true},
        BadInput{"png", file("\x89PNG\r\n\x1a\n and so on, more than a header takes"),
                 "this is no ModelVault database but a file of another kind: PNG image", true},
        BadInput{"sqlite", file(std::string_view("SQLite format 3\0 and more, as much as it takes", 46)),
                 "this is no ModelVault database but a file of another kind: SQLite database", true},
        BadInput{"text", file("Once upon a time there was a file without any meaning.\n"),
                 "this is no ModelVault database but a file of another kind: text", true},
        BadInput{"nonsense", file("\1\2\3\4 once upon a time, and as much more as it takes"),
                 "this is no ModelVault database: it does not begin with TDB0", true},
        BadInput{"later_format",
                 file(std::string_view("TDB0\0\0\x07\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32)),
                 "the file's format, 0.7, is not known", true, true}),
    [](const auto &input) { return input.param.name; });

TEST_F(InspectTest, AnEmptyFileHasOneFindingThatSaysSo)
{
    m_dir.write("database.mv", "");
    const std::string empty = "the file is empty: no program has written a database to it yet\n";
    const auto verified = inspect({"verify", m_file});
    EXPECT_EQ(verified.status, 1);
    EXPECT_EQ(verified.out,
              path() + ": 0 segments, 1 finding\n  error   0x0000000000             0 B  TruncatedHeader: " + empty);
    EXPECT_THAT(inspect({"summary", m_file}).out, HasSubstr("\n  format        TruncatedHeader: " + empty));
}

// --- Files that change while they are read ---

/// The rest of what a command says, stderr included, after something happened behind its first line.
class InspectWhile : public InspectTest {
protected:
    [[nodiscard]] std::vector<std::string> restAfter(const Words &words, const std::function<void()> &happens) const
    {
        // More than a pipe holds: it has to wait for us in the middle of the file.
        m_dir.write("database.mv", m_bytes);
        ChildProcess inspecting(Words{"sh", "-c", "\"$@\" 2>&1; echo status $?", "sh", MODELVAULT_INSPECT} + words);
        EXPECT_NE(inspecting.readLine(), "");
        happens();
        return inspecting.readLines();
    }

    std::vector<std::byte> m_bytes = FileBuilder().transaction(3000, 2000).bytes();
    std::string m_prefix = "mvinspect: " + path() + ": ";
};

TEST_F(InspectWhile, ATruncatedFileIsSaidToBeShorter)
{
    const auto truncate = [this] { fs::resize_file(m_file, 10'000); };
    const auto hex = restAfter({"hex", m_file, "--length", "5000000"}, truncate);
    EXPECT_EQ(std::vector(hex.end() - 2, hex.end()),
              (Words{m_prefix + "it became shorter while it was read", "status 2"}));
    const auto segments = restAfter({"segments", m_file}, truncate);
    EXPECT_EQ(std::vector(segments.end() - 2, segments.end()),
              (Words{m_prefix + "the file changed while it was read", "status 2"}));
}

TEST_F(InspectWhile, ADeletedOrReplacedFileIsReadToItsEnd)
{
    const auto undisturbed = restAfter({"segments", m_file}, [] { });
    EXPECT_EQ(undisturbed.size(), 3004U); // and the status
    EXPECT_EQ(undisturbed.back(), "status 0");
    EXPECT_EQ(restAfter({"segments", m_file}, [this] { fs::remove(m_file); }), undisturbed);
    EXPECT_EQ(restAfter({"segments", m_file}, [this] { fs::rename(m_dir.write("other.mv", "x"), m_file); }),
              undisturbed);
}

TEST(Inspect, HelpIsNoMistake)
{
    const auto run = inspect({"--help"});
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.err, "");
    for (const auto *command : {"summary", "segments", "tail", "hex", "find", "explain", "coverage", "verify", "locks"}) {
        EXPECT_THAT(run.out, HasSubstr(std::string("\n  ") + command + "  "));
        const auto ofCommand = inspect({command, "--help"});
        EXPECT_EQ(ofCommand.status, 0);
        EXPECT_EQ(ofCommand.err, "");
        EXPECT_THAT(ofCommand.out, HasSubstr("FILE"));
        EXPECT_THAT(ofCommand.out, HasSubstr("--lock shared|none"));
    }
}

TEST(Inspect, Version)
{
    EXPECT_THAT(inspect({"--version"}),
                says(0,
                     std::format("mvinspect " MODELVAULT_VERSION "\nCommit {}\nChecksums: {}\n", app::commit(),
                                 crc32cMethod())));
}

// --- Locks ---

TEST_F(InspectTest, WithoutALockNoLockFileIsMade)
{
    for (const auto &words : readingCommands(m_file))
        EXPECT_EQ(inspect(words + Words{"--lock", "none"}).err, "") << words[0];
    EXPECT_EQ(inspect({"locks", m_file}).status, 0);
    EXPECT_EQ(namesIn(m_dir.path()), std::set<std::string>{"database.mv"});
    EXPECT_EQ(inspectJson({"summary", m_file, "--lock", "none"})["lock"], (json{{"state", "none"}, {"other_names", false}}));
    EXPECT_THAT(inspect({"summary", m_file, "--lock", "none"}).out,
                HasSubstr("\n  lock          none: other programs may write to this database at any time\n"));

    EXPECT_EQ(inspect({"summary", m_file}).status, 0);
    EXPECT_EQ(namesIn(m_dir.path()), (std::set<std::string>{"database.mv", "database.mv.writer.lock"}));
}

TEST_F(InspectTest, WritersAreKeptOutOnlyWhileItReadsUnderALock)
{
    m_dir.write("database.mv", m_builder.append(SegmentType::Temp, std::string(200'000, 'x')).bytes());
    // More than a pipe holds: it has to wait for us, with the database open.
    const Words words{MODELVAULT_INSPECT, "hex", m_file, "--length", "200000"};
    ChildProcess locking(words);
    EXPECT_THAT(locking.readLine(), StartsWith("000000000000  "));
    EXPECT_EQ(test::outcomeElsewhere("writer", m_file), "WouldBlock");
    EXPECT_EQ(test::outcomeElsewhere("reader", m_file), "ok");
    locking.kill();

    ChildProcess observing(words + Words{"--lock", "none"});
    EXPECT_THAT(observing.readLine(), StartsWith("000000000000  "));
    EXPECT_EQ(test::outcomeElsewhere("writer", m_file), "ok");
    observing.kill();
}

TEST_F(InspectTest, ReadersDoNotMindEachOther)
{
    const auto alone = inspect({"summary", m_file});
    const HelperProcess reader("reader", m_file);
    ASSERT_EQ(reader.outcome(), "ok");
    EXPECT_THAT(inspect({"summary", m_file}), says(0, alone.out));
    EXPECT_EQ(inspectJson({"summary", m_file})["lock"], (json{{"state", "shared"}, {"other_names", false}}));
}

TEST_F(InspectTest, NobodyHoldsWhatNobodyLocked)
{
    EXPECT_EQ(inspectJson({"locks", m_file})["holders"], json::array());
    EXPECT_THAT(inspect({"locks", m_file}).out, StartsWith(path() + ": no locks seen\n"));
}

class InspectLocks : public InspectTest {
protected:
    void SetUp() override
    {
        if (!fs::exists("/proc/locks"))
            GTEST_SKIP() << "needs Linux' /proc";
    }

    [[nodiscard]] json holder(const char *what, std::int64_t processId, const char *target, const char *mode) const
    {
        const bool isDatabase = std::string_view(target) == "database";
        return {{"target", target},
                {"file", m_file.native() + (isDatabase ? "" : ".writer.lock")},
                {"mode", mode},
                {"pid", processId},
                {"program", "modelvault_lock_helper"},
                {"command_line", {MODELVAULT_LOCK_HELPER, what, m_file.native()}},
                {"this_process", false},
                {"may_be_stale", false},
                {"probable", false},
                {"user_id", ::getuid()}};
    }
    /// As "locks" says it, after `indent`.
    [[nodiscard]] static std::string lines(const std::string &indent, const json &holder)
    {
        std::string words;
        for (const auto &word : holder["command_line"])
            words += ' ' + printable(word.get<std::string>());
        return std::format("{0}{1} lock on the {2}: modelvault_lock_helper (process {3})\n{0}   {4}\n", indent,
                           holder["mode"].get<std::string>(), holder["target"] == "database" ? "database" : "lock file",
                           holder["pid"].get<std::int64_t>(), words);
    }
};

TEST_F(InspectLocks, AReaderIsListed)
{
    const HelperProcess reader("reader", m_file);
    const auto expected = holder("reader", reader.processId(), "lock_file", "shared");
    EXPECT_EQ(inspectJson({"locks", m_file}),
              (json{{"file", m_file.native()}, {"holders", json::array({expected})}, {"complete", true}}));
    EXPECT_THAT(inspect({"locks", m_file}), says(0, path() + ": 1 holder\n" + lines("  ", expected)));
}

class InspectBesideAWriter : public InspectLocks {
protected:
    void SetUp() override
    {
        InspectLocks::SetUp();
        if (IsSkipped())
            return;
        m_writer.emplace("writer", m_file);
        ASSERT_EQ(m_writer->outcome(), "ok");
        m_onDatabase = holder("writer", m_writer->processId(), "database", "exclusive");
        m_onLockFile = holder("writer", m_writer->processId(), "lock_file", "exclusive");
    }

    [[nodiscard]] std::string note() const
    {
        return "mvinspect: " + path() + ": read without a lock: another program holds a lock\n"
            + lines("  ", m_onDatabase) + lines("  ", m_onLockFile);
    }

    std::optional<HelperProcess> m_writer;
    json m_onDatabase;
    json m_onLockFile;
};

TEST_F(InspectBesideAWriter, LocksListsBothOfItsLocks)
{
    EXPECT_EQ(inspectJson({"locks", m_file})["holders"], json::array({m_onDatabase, m_onLockFile}));
    EXPECT_THAT(inspect({"locks", m_file}),
                says(0, path() + ": 2 holders\n" + lines("  ", m_onDatabase) + lines("  ", m_onLockFile)));
}

TEST_F(InspectBesideAWriter, SummaryNamesItAndReadsNevertheless)
{
    const auto run = inspect({"summary", m_file});
    const std::string indent(16, ' ');
    EXPECT_THAT(run.out,
                StartsWith(path()
                           + "\n  length        8.3 KiB (8 482 bytes)\n"
                             "  lock          none: other programs may write to this database at any "
                             "time\n"
                           + indent + "no shared lock: another program holds a lock\n" + lines(indent, m_onDatabase)
                           + lines(indent, m_onLockFile) + "  format "));
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.err, "");
}

TEST_F(InspectBesideAWriter, JsonNamesItWhereThereIsAPlaceForIt)
{
    const json lock{{"state", "none"},
                    {"other_names", false},
                    {"refusal", "WouldBlock"},
                    {"holders", json::array({m_onDatabase, m_onLockFile})},
                    {"complete", true}};
    for (const auto *command : {"summary", "verify"}) {
        const auto run = inspect({command, m_file, "--json"});
        EXPECT_EQ(json::parse(run.out)["lock"], lock) << command;
        EXPECT_EQ(run.status, 0) << command;
        EXPECT_EQ(run.err, "") << command;
    }
}

TEST_F(InspectBesideAWriter, TheOthersNameItOnStderr)
{
    const std::vector<Words> commands{{"segments", m_file},
                                      {"segments", m_file, "--json"},
                                      {"hex", m_file},
                                      {"hex", m_file, "--json"},
                                      {"verify", m_file}};
    for (const auto &words : commands) {
        const auto run = inspect(words);
        EXPECT_EQ(run.err, note()) << testing::PrintToString(words);
        EXPECT_EQ(run.out, inspect(words + Words{"--lock", "none"}).out) << testing::PrintToString(words);
        EXPECT_EQ(run.status, 0) << testing::PrintToString(words);
    }
}

// --- Rights ---

/// As an ordinary user, whom permissions stop.
class InspectAsUser : public InspectTest {
protected:
    void SetUp() override
    {
        if (::getuid() != 0)
            return;
        // Where the program is built, another user may not be let in.
        const auto program = m_bin / "mvinspect";
        fs::copy_file(MODELVAULT_INSPECT, program);
        const auto id = std::to_string(test::kNobody);
        m_command = {"setpriv", "--reuid", id, "--regid", id, "--clear-groups", program};
    }

    [[nodiscard]] ProgramRun inspectAsUser(const Words &words) const { return runProgram(m_command + words); }

    test::ScratchDir m_bin;
    Words m_command{MODELVAULT_INSPECT};
};

TEST_F(InspectAsUser, AnUnreadableFileCannotBeReadButItsLocksAreNoSecret)
{
    fs::permissions(m_file, fs::perms::none);
    for (const auto &words : readingCommands(m_file))
        EXPECT_THAT(inspectAsUser(words), cannot("mvinspect: " + path() + ": permission denied\n")) << words[0];
    EXPECT_EQ(inspectAsUser({"locks", m_file}).status, 0);
}

TEST_F(InspectAsUser, WhereNoLockFileCanBeMadeItReadsWithoutALock)
{
    fs::permissions(m_file, fs::perms::owner_read | fs::perms::others_read);
    fs::permissions(m_dir.path(), fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_exec);
    const auto run = inspectAsUser({"summary", m_file, "--json"});
    EXPECT_EQ(run.status, 0);
    const auto lock = json::parse(run.out)["lock"];
    EXPECT_EQ(lock["state"], "none");
    EXPECT_EQ(lock["refusal"], "PermissionDenied");
    EXPECT_EQ(lock["holders"], json::array());
    EXPECT_THAT(inspectAsUser({"segments", m_file}).err,
                StartsWith("mvinspect: " + path()
                           + ": read without a lock: the lock file can't be opened or made: permission denied\n"));
    EXPECT_EQ(namesIn(m_dir.path()), std::set<std::string>{"database.mv"});
}

// --- Names that would play tricks on a terminal ---

constexpr const char *kTricky = "a\x1b[31m\n\u202e\u009b\xff.mv";
constexpr const char *kTrickyAsText = "a\\u{1b}[31m\\n\\u{202e}\\u{9b}\\xff.mv";
constexpr const char *kTrickyInJson = "a\x1b[31m\n\u202e\u009b\ufffd.mv"; // UTF-8 has no place for the last byte

class InspectTricky : public InspectTest {
protected:
    fs::path m_tricky = m_dir.write(kTricky, m_builder.bytes());
    std::string m_asText = printable(m_dir.path().native()) + '/' + kTrickyAsText;
    std::string m_inJson = m_dir.path().native() + '/' + kTrickyInJson;
};

TEST_F(InspectTricky, TheFilesNameIsEscapedInText)
{
    EXPECT_THAT(inspect({"summary", m_tricky}).out, StartsWith(m_asText + "\n  length "));
    EXPECT_THAT(inspect({"verify", m_tricky}), says(0, m_asText + ": 5 segments, no findings in checksums and framing\n"));
    EXPECT_THAT(inspect({"locks", m_tricky}).out, StartsWith(m_asText + ": no locks seen\n"));
    fs::remove(m_tricky);
    for (const auto &words : allCommands(m_tricky))
        EXPECT_THAT(inspect(words), cannot("mvinspect: " + m_asText + ": there is no such file\n")) << words[0];
}

TEST_F(InspectTricky, JsonSaysItInAsciiAlone)
{
    for (const auto *command : {"summary", "verify", "locks"}) {
        const auto run = inspect({command, m_tricky, "--json"});
        EXPECT_TRUE(isAscii(run.out)) << run.out;
        EXPECT_EQ(json::parse(run.out)["file"], m_inJson) << command;
    }
}

TEST_F(InspectTricky, WordsThatAreWrongUseAreEscapedToo)
{
    for (const auto &words : {Words{"summary", m_file, kTricky}, Words{"hex", m_file, "--offset", kTricky},
                              Words{"summary", m_file, "--lock", kTricky}})
        EXPECT_THAT(inspect(words), cannot(HasSubstr(kTrickyAsText))) << words[0];
}

TEST_F(InspectTricky, OtherProgramsAreEscapedToo)
{
    if (!fs::exists("/proc/locks"))
        GTEST_SKIP() << "needs Linux' /proc";
    const auto program = m_dir / "\x1b]0;\n\xff";
    fs::create_symlink(MODELVAULT_LOCK_HELPER, program);
    ChildProcess writer({program, "writer", m_tricky});
    ASSERT_EQ(writer.readLine(), "ok");

    const auto asText = printable(m_dir.path().native()) + "/\\u{1b}]0;\\n\\xff";
    const auto text = inspect({"locks", m_tricky}).out;
    EXPECT_EQ(
        text,
        std::format("{0}: 2 holders\n"
                    "  exclusive lock on the database: \\u{{1b}}]0;\\n\\xff (process {1})\n      {2} writer {0}\n"
                    "  exclusive lock on the lock file: \\u{{1b}}]0;\\n\\xff (process {1})\n      {2} writer {0}\n",
                    m_asText, writer.processId(), asText));

    const auto run = inspect({"locks", m_tricky, "--json"});
    EXPECT_TRUE(isAscii(run.out)) << run.out;
    const auto holder = json::parse(run.out)["holders"][0];
    EXPECT_EQ(holder["program"], "\x1b]0;\n\ufffd");
    EXPECT_EQ(holder["command_line"][2], m_inJson);
}

// --- Output that leads nowhere ---

class InspectOutput : public InspectTest {
protected:
    void SetUp() override
    {
        m_dir.write("database.mv", m_builder.append(SegmentType::Temp, std::string(200'000, 'x')).bytes());
    }

    /// More than a pipe holds, so that the reader is gone before the writer can end.
    [[nodiscard]] Words longDump() const { return {"hex", m_file, "--length", "200000"}; }
    static constexpr const char *kUnwritten = "mvinspect: the output could not be written\n";
};

TEST_F(InspectOutput, AReaderThatHasEnoughEndsItQuietly)
{
    const auto run = inspectInShell("{ \"$@\"; echo $? >&2; } | true", longDump());
    EXPECT_EQ(run.err, std::to_string(128 + SIGPIPE) + '\n');
}

TEST_F(InspectOutput, WhereThatSignalIsIgnoredTheLossIsReported)
{
    const auto run = inspectInShell("trap '' PIPE; { \"$@\"; echo $? >&2; } | true", longDump());
    EXPECT_EQ(run.err, std::string(kUnwritten) + "2\n");
}

TEST_F(InspectOutput, AFullDiskIsReported)
{
    if (!fs::exists("/dev/full"))
        GTEST_SKIP() << "needs /dev/full";
    for (const auto &words : std::vector<Words>{longDump(), {"verify", m_file, "--json"}, {"--help"}})
        EXPECT_THAT(inspectInShell("exec \"$@\" >/dev/full", words), cannot(StrEq(kUnwritten))) << words[0];
}

TEST_F(InspectOutput, WithStandardStreamsClosedNothingGetsIntoTheFiles)
{
    const auto lockFile = m_dir.write("database.mv.writer.lock", "");
    const auto before = test::readFile(m_file);
    EXPECT_THAT(inspectInShell("exec \"$@\" <&- >&-", longDump()), cannot(StrEq(kUnwritten)));
    EXPECT_THAT(inspectInShell("exec \"$@\" <&- >&- 2>&-", longDump()), cannot(StrEq("")));
    EXPECT_TRUE(test::readFile(m_file) == before);
    EXPECT_EQ(fs::file_size(lockFile), 0U);
}

} // namespace
} // namespace modelvault
