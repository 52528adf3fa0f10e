// What `mvinspect describe` says of each file of the reference engine, against what that engine says.

#include "format/segment.h"
#include "format/checkpoint.h"
#include "format/index_entry.h"
#include "support/child_process.h"
#include "support/corpus.h"
#include "support/file_builder.h"
#include "support/plain_replay.h"
#include "support/sample_rows.h"
#include "support/scratch_dir.h"

#include "export/described_json.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace modelvault {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using nlohmann::ordered_json;
using test::FileBuilder;
using test::runProgram;
using Words = std::vector<std::string>;

test::ProgramRun describe(const fs::path &file, const Words &more = {})
{
    Words words{MODELVAULT_INSPECT, "describe", "--lock", "none", file};
    words.insert(words.end(), more.begin(), more.end());
    return runProgram(words);
}

/// What the engine refuses to open for one segment of the file, and we show but for that one.
struct Refused {
    const char *code;
    std::uint64_t offset;
    std::uint64_t length;
};

// All are "valid-books" with a transaction more at its end.
const std::map<std::string, Refused> kRefused{
    {"damaged-catalog-duplicate-name", {"DuplicateCollectionName", 11052, 82}},
    {"damaged-catalog-field-count-huge", {"InvalidFieldPath", 11052, 82}},
    {"damaged-catalog-id-gap", {"UnexpectedCollectionId", 11052, 82}},
    {"damaged-catalog-kind", {"InvalidCatalogPayload", 11052, 82}},
    {"damaged-catalog-missing-pk", {"PrimaryFieldNotFound", 11052, 81}},
    {"damaged-catalog-path-conflict", {"InvalidFieldPath", 11052, 112}},
    {"damaged-catalog-trailing", {"InvalidCatalogPayload", 11052, 83}},
    {"damaged-catalog-type-depth", {"InvalidCatalogPayload", 11052, 135}},
    {"damaged-catalog-version", {"InvalidCatalogPayload", 11052, 82}},
    {"damaged-index-count-huge", {"InvalidCatalogPayload", 11052, 66}},
    {"damaged-index-kind", {"InvalidCatalogPayload", 11052, 66}},
    {"damaged-index-unique-violation", {"UniqueIndexViolation", 11052, 94}},
    {"damaged-record-length-huge", {"TruncatedRecordPayload", 11052, 68}},
    {"damaged-record-list-count-huge", {"TruncatedRecordPayload", 11052, 68}},
    {"damaged-record-pk-tag", {"RecordPayloadTypeMismatch", 11052, 68}},
    {"damaged-record-schema-version", {"InvalidSchemaVersion", 11052, 68}},
    {"damaged-record-short", {"TruncatedRecordPayload", 11052, 35}},
    {"damaged-record-trailing-bytes", {"TrailingRecordPayload", 11052, 72}},
    {"damaged-record-truncated", {"TruncatedRecordPayload", 11052, 65}},
    {"damaged-record-unknown-collection", {"UnknownCollection", 11052, 56}},
    {"damaged-record-utf8", {"InvalidRecordUtf8", 11052, 68}},
    {"damaged-record-version", {"UnknownRecordPayloadVersion", 11052, 68}},
};

json finding(const char *code, std::uint64_t offset, std::uint64_t length)
{
    return {{"code", code}, {"severity", "error"}, {"offset", offset}, {"length", length}};
}

/// What the reference says, but for what is known better.
json wanted(const std::string &name)
{
    json said = test::corpusFile(name).said;
    const json books = test::corpusFile("valid-books").said;
    const auto refused = kRefused.find(name);
    if (refused != kRefused.end() || name == "damaged-both-superblocks") {
        for (const auto *key : {"catalog", "rows", "index_entries"})
            said[key] = books[key];
        said["findings"] = json::array();
    }
    if (refused != kRefused.end())
        said["findings"].push_back(finding(refused->second.code, refused->second.offset, refused->second.length));
    // No segment is wrong here, but what leads to them.
    if (name == "damaged-both-superblocks")
        for (const auto offset : {0x20U, 0x1020U})
            said["findings"].push_back(finding("BadSuperblockChecksum", offset, 4096));
    // A record of a version that no log has is read as one of the current version, and marked.
    if (name == "damaged-record-schema-version")
        said["rows"]["books"].push_back(json::parse(R"({"rating":null,"tags":[],"title":"zz","year":{"$i64":"1"}})"));
    // The entry that was there first stays.
    if (name == "damaged-index-unique-violation")
        said["index_entries"].push_back(
            json::parse(R"({"collection_id":1,"index":"u","kind":"unique","key":"6b","pk":"0100000000000000"})"));
    // The reference adds the length to the offset, and overflows.
    if (name == "damaged-payload-len-huge")
        said["strict_open"]["error"] = "UncleanLogTail";
    return said;
}

class DescribedCorpus : public testing::TestWithParam<std::string> {
protected:
    fs::path m_file = test::corpusFile(GetParam()).database;
};

TEST_P(DescribedCorpus, IsTheWholeDocumentOfTheReference)
{
    const auto want = wanted(GetParam());
    const auto run = want.contains("states") ? describe(m_file, {"--states"}) : describe(m_file);
    EXPECT_EQ(json::parse(run.out), want) << json::diff(want, json::parse(run.out)).dump(1);
    const bool isSound = GetParam().starts_with("valid-") || GetParam().starts_with("legacy-")
        || GetParam() == "damaged-checkpoint-pointer"; // which every open ignores
    EXPECT_EQ(run.status, isSound ? 0 : 1) << run.err;
}

/// The names in the order in which they are met, without those that only one of the two has.
void expectSameOrder(const ordered_json &one, const ordered_json &other, const std::string &where)
{
    if (one.is_array() && other.is_array()) {
        for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i)
            expectSameOrder(one[i], other[i], where + '/' + std::to_string(i));
        return;
    }
    if (!one.is_object() || !other.is_object())
        return;
    const auto shared = [](const ordered_json &from, const ordered_json &in) {
        Words names;
        for (const auto &[name, value] : from.items())
            if (in.contains(name))
                names.push_back(name);
        return names;
    };
    EXPECT_EQ(shared(one, other), shared(other, one)) << where;
    for (const auto &name : shared(one, other))
        expectSameOrder(one[name], other[name], where + '/' + name);
}

TEST_P(DescribedCorpus, HasItsKeysInTheOrderOfTheReference)
{
    const auto said = fs::path(m_file).replace_extension(".json");
    const auto bytes = test::readFile(said);
    const auto reference =
        ordered_json::parse(std::string_view(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
    expectSameOrder(ordered_json::parse(describe(m_file, {"--states"}).out), reference, "");
}

TEST_P(DescribedCorpus, TheLastOfItsStatesIsTheState)
{
    const auto described = json::parse(describe(m_file, {"--states"}).out);
    const auto &states = described["states"];
    EXPECT_EQ(states.is_null(), described["rows"].is_null());
    const auto commits = std::ranges::count(described["segments"], json("txn_commit"),
                                            [](const json &segment) { return segment["type"]; });
    if (described["first_log_error"].is_null() && !states.is_null()) {
        EXPECT_EQ(states.size(), commits);
    }
    if (!states.empty()) {
        EXPECT_EQ(states.back()["rows"], described["rows"]);
    }
}

INSTANTIATE_TEST_SUITE_P(, DescribedCorpus, testing::ValuesIn(test::corpusNames()), [](const auto &corpus) {
    std::string name = corpus.param;
    std::ranges::replace(name, '-', '_');
    return name;
});

// --- Files of our own ---

class Describes : public testing::Test {
protected:
    json described(FileBuilder &builder, const Words &more = {})
    {
        return json::parse(describe(m_dir.write("words.mv", builder.bytes()), more).out);
    }

    static FileBuilder &add(FileBuilder &builder, SegmentType type, const std::vector<std::byte> &payload)
    {
        return builder.begin().append(type, payload).commit();
    }

    test::ScratchDir m_dir;
};

TEST_F(Describes, TheVersionBeforeOneThatDoesNotDecode)
{
    FileBuilder builder;
    add(builder, SegmentType::Schema, test::createWords().encode());
    add(builder, SegmentType::Record, test::word("a").encode());
    add(builder, SegmentType::Schema, test::extendWords().encode());
    add(builder, SegmentType::Record, test::countedWord("b", 1).encode());
    auto broken = test::countedWord("b", 2).encode();
    broken.pop_back();
    add(builder, SegmentType::Record, broken);

    const auto file = described(builder, {"--states"});
    EXPECT_EQ(file["rows"]["words"], json::parse(R"([{"word":"a"},{"word":"b","count":{"$u64":"1"}}])"));
    EXPECT_EQ(file["strict_open"]["error"], "RecordPayloadTypeMismatch") << "the row of the old version comes first";
    ASSERT_EQ(file["findings"].size(), 2U);
    EXPECT_EQ(file["findings"][0]["code"], "InvalidSchemaVersion");
    EXPECT_EQ(file["findings"][1]["code"], "TruncatedRecordPayload");
    EXPECT_EQ(file["states"].size(), 5U);
    EXPECT_EQ(file["states"][1]["rows"]["words"], json::parse(R"([{"word":"a"}])"));
}

TEST_F(Describes, RowsBehindACheckpointThatKnowsAnotherKey)
{
    const FieldType text{.tag = TypeTag::String};
    FileBuilder builder;
    add(builder, SegmentType::Schema,
        CatalogEntry{.collectionId = 1,
                     .name = "log",
                     .fields = {{{{"word"}}, text, {}}, {{{"k", "x"}}, text, {}}},
                     .primaryField = "word"}
            .encode());
    const auto first = CatalogEntry{
        .collectionId = 1, .name = "checkpoint", .fields = {{{{"k"}}, text, {}}}, .primaryField = "k"}
                           .encode();
    const auto second = CatalogEntry{.kind = CatalogEntry::Kind::NewSchemaVersion,
                                     .collectionId = 1,
                                     .schemaVersion = 2,
                                     .fields = {{{{"k"}}, text, {}}}}
                            .encode();
    const auto noChanges = IndexChanges{}.encode();
    const auto checkpoint = [&](Offset from) {
        return Checkpoint{.replayFrom = from,
                          .catalogEntries = {{.at = {}, .bytes = first}, {.at = {}, .bytes = second}},
                          .records = {},
                          .indexChanges = {.at = {}, .bytes = noChanges}}
            .encode();
    };
    const auto behind = Offset{builder.length()} + SegmentHeader::kSize + checkpoint({}).size();
    builder.append(SegmentType::Checkpoint, checkpoint(behind));
    const auto at = builder.last();
    auto record = test::word("a");
    record.head.payloadVersion = Record::kVersionPaths;
    record.fields.resize(1);
    record.fields[0] = {{{"k", "x"}}, {std::string("b")}};
    add(builder, SegmentType::Record, record.encode());
    builder.publish(at, static_cast<std::uint32_t>(checkpoint(behind).size()));

    // The key of the log's schema is none of the state's: the record is no row of it.
    const auto file = described(builder);
    EXPECT_EQ(file["rows"]["checkpoint"], json::array());
    EXPECT_FALSE(file["strict_open"]["ok"].get<bool>());
}

TEST_F(Describes, RowsAndEntriesAsThePlainReplayHasThem)
{
    FileBuilder builder;
    add(builder, SegmentType::Schema, test::createWords().encode());
    for (int i = 0; i < 200; ++i) {
        const auto key = std::to_string(i * 7 % 60);
        add(builder, SegmentType::Record,
            test::word(key, i % 3 == 0 ? RecordHead::Delete : RecordHead::Insert).encode());
        add(builder, SegmentType::Index,
            test::indexChange(IndexKind::NonUnique, std::to_string(i % 5), key,
                              i % 4 == 0 ? IndexOperation::Delete : IndexOperation::Insert)
                .encode());
    }
    const auto bytes = builder.bytes();
    const auto plain = test::plainReplay(bytes);
    json rows = json::array();
    for (const auto &[key, record] : plain.rows.at(1))
        rows.push_back(describedRow("word", record));
    const auto file = described(builder);
    EXPECT_GT(rows.size(), 10U);
    EXPECT_EQ(file["rows"]["words"], rows);
    EXPECT_EQ(file["index_entries"].size(), plain.indexEntries.size());
}

TEST_F(Describes, NamesThatAreNoPlainTextStayJson)
{
    FileBuilder builder;
    add(builder, SegmentType::Schema, test::createWords(1, "\"quoted\"\n\x1B[31m\u00E4").encode());
    const auto run = describe(m_dir.write("words.mv", builder.bytes()));
    EXPECT_TRUE(json::parse(run.out)["rows"].contains("\"quoted\"\n\x1B[31m\u00E4"));
    EXPECT_TRUE(std::ranges::all_of(run.out, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
}

TEST_F(Describes, BeforeMinorSixThereAreNoCommitsToShow)
{
    FileBuilder builder(5);
    builder.append(SegmentType::Schema, test::createWords().encode())
        .append(SegmentType::Record, test::word("a").encode());
    const auto file = described(builder, {"--states"});
    EXPECT_EQ(file["rows"]["words"].size(), 1U);
    EXPECT_EQ(file["states"], json::array());
}

} // namespace
} // namespace modelvault
