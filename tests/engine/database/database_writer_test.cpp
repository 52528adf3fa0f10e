#include "database/database_writer.h"

#include "format/checkpoint.h"
#include "format/limits.h"
#include "store/fault_store.h"
#include "store/memory_store.h"
#include "support/corpus.h"
#include "support/results.h"
#include "support/scanned.h"
#include "support/strict_open.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace modelvault {
namespace {

using test::DatabaseState;
using test::openStrictly;
using test::outcome;
using test::Scanned;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

FieldDefinition field(std::vector<SharedText> path, FieldType type)
{
    return {.path = {std::move(path)}, .type = std::move(type), .constraints = {}};
}

FieldDefinition field(std::vector<SharedText> path, TypeTag tag = TypeTag::Int64)
{
    return field(std::move(path), FieldType{.tag = tag});
}

FieldType optional(FieldType inner)
{
    return {.tag = TypeTag::Optional, .inner = {std::move(inner)}};
}

Value text(std::string value)
{
    return {std::move(value)};
}

Value number(std::int64_t value)
{
    return {value};
}

Value some(Value value)
{
    return {OptionalValue{{std::move(value)}}};
}

const Value kNone{OptionalValue{}};

/// A database of people: name, mail (unique), town (not unique, optional).
class Writing : public testing::Test {
protected:
    Writing() { createPeople(); }

    static DatabaseWriter make(DatabaseWriter::Memory memory = DatabaseWriter::Memory::Rows)
    {
        return DatabaseWriter::create(std::make_unique<MemoryStore>(), memory).value();
    }
    static std::vector<FieldDefinition> fields()
    {
        return {field({"name"}, TypeTag::String), field({"mail"}, TypeTag::String),
                field({"town"}, optional({.tag = TypeTag::String}))};
    }
    static std::vector<IndexDefinition> indexes()
    {
        return {{.kind = IndexKind::Unique, .path = {{"mail"}}, .name = "by_mail"},
                {.kind = IndexKind::NonUnique, .path = {{"town"}}, .name = "by_town"}};
    }

    void createPeople() { ASSERT_EQ(writer.createCollection("people", fields(), indexes(), "name"), 1U); }
    std::string_view write(std::string name, std::string mail, Value town = kNone)
    {
        return outcome(writer.write(1, RowValues{text(std::move(name)), text(std::move(mail)), std::move(town)}));
    }

    [[nodiscard]] static std::vector<std::byte> bytes(DatabaseWriter &of)
    {
        const auto all = static_cast<MemoryStore &>(of.store()).view();
        return {all.begin(), all.end()};
    }
    [[nodiscard]] DatabaseState state() { return openStrictly(bytes(writer)).value(); }
    [[nodiscard]] std::vector<std::string> names()
    {
        std::vector<std::string> all;
        auto now = state();
        for (const auto &[key, record] : now.rows[1])
            all.push_back(std::get<std::string>(record.head.key.data));
        return all;
    }
    /// What was written since, by type: "txn_begin index record txn_commit manifest".
    [[nodiscard]] std::string segmentsFrom(Offset from)
    {
        std::string types;
        for (const auto &segment : Scanned(bytes(writer)).segments()) {
            if (segment.offset >= from)
                types += (types.empty() ? "" : " ") + std::string(segmentTypeName(segment.header.type));
        }
        return types;
    }

    DatabaseWriter writer = make();
};

TEST_F(Writing, ARowIsATransactionOfItsOwn)
{
    const auto before = writer.end();
    ASSERT_EQ(write("Ada", "ada@example.org", some(text("London"))), "ok");
    EXPECT_EQ(segmentsFrom(before), "txn_begin index record txn_commit manifest");
    EXPECT_THAT(names(), ElementsAre("Ada"));
    EXPECT_THAT(state().entries, SizeIs(2));
}

TEST_F(Writing, ARowWithoutAnyKeyOfAnIndexGetsNoIndexSegment)
{
    ASSERT_EQ(writer.createCollection("notes", {field({"id"}), field({"town"}, optional({.tag = TypeTag::String}))},
                                      {{.path = {{"town"}}, .name = "by_town"}}, "id"),
              2U);
    const auto before = writer.end();
    ASSERT_TRUE(writer.write(2, RowValues{number(1), kNone}));
    EXPECT_EQ(segmentsFrom(before), "txn_begin record txn_commit manifest");
}

TEST_F(Writing, AReplacedRowLeavesItsOldIndexEntries)
{
    ASSERT_EQ(write("Ada", "ada@example.org", some(text("London"))), "ok");
    ASSERT_EQ(write("Ada", "lovelace@example.org"), "ok");
    const auto now = state();
    ASSERT_THAT(now.entries, SizeIs(1));
    EXPECT_EQ(std::get<3>(*now.entries.begin()), test::byteVector("lovelace@example.org"));
    EXPECT_EQ(now.rows.at(1).begin()->second.head.operation, RecordHead::Replace);
}

TEST_F(Writing, ADeletedRowIsGoneWithItsIndexEntries)
{
    ASSERT_EQ(write("Ada", "ada@example.org"), "ok");
    EXPECT_EQ(writer.remove(1, text("Ada")), true);
    EXPECT_THAT(names(), IsEmpty());
    EXPECT_THAT(state().entries, IsEmpty());

    const auto before = writer.end();
    EXPECT_EQ(writer.remove(1, text("Ada")), false);
    EXPECT_EQ(writer.end(), before) << "what is not there leaves nothing in the log";
}

TEST_F(Writing, ASecondRowUnderAUniqueKeyIsRefused)
{
    ASSERT_EQ(write("Ada", "ada@example.org"), "ok");
    const auto before = writer.end();
    EXPECT_EQ(write("Bob", "ada@example.org"), "UniqueIndexViolation");
    EXPECT_EQ(writer.end(), before);
    EXPECT_EQ(write("Ada", "ada@example.org", some(text("Paris"))), "ok") << "it is her own";
    EXPECT_EQ(write("Ada", "other@example.org"), "ok");
    EXPECT_EQ(write("Bob", "ada@example.org"), "ok") << "the key is free now";
}

TEST_F(Writing, IndexesFindKeysInsideObjectsAndOptionals)
{
    const FieldType address{.tag = TypeTag::Object,
                            .fields = {{.path = {{"street"}}, .type = {.tag = TypeTag::String}},
                                       {.path = {{"town"}}, .type = optional({.tag = TypeTag::String})}}};
    ASSERT_EQ(writer.createCollection("houses", {field({"id"}), field({"address"}, optional(address))},
                                      {{.path = {{"address", "town"}}, .name = "by_town"},
                                       {.path = {{"address", "county"}}, .name = "of_no_field"},
                                       {.path = {{"address"}}, .name = "of_no_scalar"}},
                                      "id"),
              2U);
    const auto house = [&](std::int64_t id, Value town) {
        return writer.write(2, RowValues{number(id), some({ObjectValue{{{"street", text("Elm")}, {"town", town}}}})});
    };
    ASSERT_TRUE(house(1, some(text("Bath"))) && house(2, kNone) && writer.write(2, RowValues{number(3), kNone}));
    const auto now = state();
    ASSERT_THAT(now.entries, SizeIs(1));
    EXPECT_EQ(std::get<3>(*now.entries.begin()), test::byteVector("Bath"));
}

TEST_F(Writing, ManyRowsInOneTransactionArePublishedOnce)
{
    const auto before = writer.end();
    ASSERT_TRUE(writer.begin());
    ASSERT_EQ(write("Ada", "ada@example.org"), "ok");
    ASSERT_EQ(write("Bob", "bob@example.org"), "ok");
    ASSERT_TRUE(writer.commit());
    EXPECT_EQ(segmentsFrom(before), "txn_begin index record index record txn_commit manifest");
}

TEST_F(Writing, ATransactionThatDoesNothingLeavesNothing)
{
    const auto before = writer.end();
    ASSERT_TRUE(writer.begin() && writer.commit());
    ASSERT_TRUE(writer.begin() && writer.abort());
    EXPECT_EQ(writer.end(), before);
}

TEST_F(Writing, TransactionsDoNotNest)
{
    EXPECT_EQ(outcome(writer.commit()), "InvalidInput");
    EXPECT_EQ(outcome(writer.abort()), "InvalidInput");
    ASSERT_TRUE(writer.begin());
    EXPECT_EQ(outcome(writer.begin()), "InvalidInput");
    EXPECT_EQ(outcome(writer.checkpoint()), "InvalidInput");
}

TEST_F(Writing, AnAbortedTransactionStaysInTheLogAndChangesNothing)
{
    ASSERT_EQ(write("Ada", "ada@example.org", some(text("London"))), "ok");
    ASSERT_EQ(write("Bob", "bob@example.org"), "ok");
    const auto before = writer.end();
    ASSERT_TRUE(writer.begin());
    ASSERT_EQ(write("Ada", "lovelace@example.org"), "ok");
    ASSERT_EQ(writer.remove(1, text("Bob")), true);
    ASSERT_EQ(write("Cid", "bob@example.org"), "ok");
    ASSERT_EQ(write("Ada", "again@example.org"), "ok");
    ASSERT_EQ(writer.createCollection("more", {field({"id"})}, {}, "id"), 2U);
    ASSERT_TRUE(writer.write(2, RowValues{number(1)}));
    ASSERT_TRUE(writer.abort());

    EXPECT_EQ(segmentsFrom(before),
              "txn_begin index record index record index record index record schema record txn_abort manifest");
    EXPECT_THAT(names(), ElementsAre("Ada", "Bob"));
    EXPECT_EQ(writer.catalog().find(2), nullptr);
    // What the writer remembers is as before, too.
    EXPECT_EQ(write("Cid", "bob@example.org"), "UniqueIndexViolation");
    EXPECT_EQ(write("Cid", "lovelace@example.org"), "ok");
    EXPECT_EQ(write("Ada", "ada@example.org"), "ok");
    EXPECT_EQ(writer.createCollection("other", {field({"id"}), field({"more"})}, {}, "id"), 2U);
    EXPECT_TRUE(writer.write(2, RowValues{number(1), number(2)}));
    EXPECT_THAT(state().entries, SizeIs(3));
}

TEST_F(Writing, RowsThatDoNotFitTheSchemaAreRefused)
{
    const auto before = writer.end();
    const auto refusal = [this](const RowValues &row) { return outcome(writer.write(1, row)); };
    EXPECT_EQ(refusal({text("Ada"), text("a@b.org")}), "RecordPayloadTypeMismatch") << "a value is missing";
    EXPECT_EQ(refusal({text("Ada"), text("a@b.org"), text("London")}), "RecordPayloadTypeMismatch");
    EXPECT_EQ(refusal({text("Ada"), number(1), kNone}), "RecordPayloadTypeMismatch");
    EXPECT_EQ(refusal({text("Ada"), text("a@b.org"), some(number(1))}), "RecordPayloadTypeMismatch");
    EXPECT_EQ(refusal({text("Ad\xff"), text("a@b.org"), kNone}), "InvalidRecordUtf8");
    EXPECT_EQ(refusal({text("Ada"), text(std::string(kMaxValueBytes + 1, 'a')), kNone}), "PayloadOverLimit");
    EXPECT_EQ(outcome(writer.write(7, RowValues{})), "UnknownCollection");
    EXPECT_EQ(outcome(writer.remove(1, number(1))), "RecordPayloadTypeMismatch");
    EXPECT_EQ(writer.end(), before);
}

TEST_F(Writing, APayloadIsAtMostAsLongAsTheEngineReads)
{
    ASSERT_EQ(writer.createCollection(
                  "blobs",
                  {field({"id"}), field({"parts"}, {.tag = TypeTag::List, .inner = {{.tag = TypeTag::Bytes}}})}, {},
                  "id"),
              2U);
    const auto before = writer.end();
    ListValue parts;
    for (int i = 0; i < 4; ++i)
        parts.values.push_back({Value::Bytes(kMaxValueBytes)});
    EXPECT_EQ(outcome(writer.write(2, RowValues{number(1), {parts}})), "PayloadOverLimit");
    EXPECT_EQ(writer.end(), before);
    parts.values.pop_back();
    EXPECT_EQ(outcome(writer.write(2, RowValues{number(1), {parts}})), "ok");
    EXPECT_EQ(outcome(writer.write(2, RowValues{number(2), {parts}})), "ok");
    EXPECT_EQ(outcome(writer.checkpoint()), "PayloadOverLimit") << "both do not fit one segment";
    EXPECT_EQ(openStrictly(bytes(writer))->rows.at(2).size(), 2U);
}

TEST_F(Writing, SchemasThatTheEngineRefusesAreRefused)
{
    const auto refusal = [this](std::string name, std::vector<FieldDefinition> fields, std::string primary) {
        return outcome(writer.createCollection(std::move(name), std::move(fields), {}, std::move(primary)));
    };
    const auto before = writer.end();
    EXPECT_EQ(refusal("people", {field({"id"})}, "id"), "DuplicateCollectionName");
    EXPECT_EQ(refusal("", {field({"id"})}, "id"), "InvalidCatalogPayload");
    EXPECT_EQ(refusal(std::string(1024, 'n'), {field({"id"})}, "id"), "InvalidCatalogPayload");
    EXPECT_EQ(refusal("more", {field({"id"}), field({"id", "x"})}, "id"), "InvalidFieldPath");
    EXPECT_EQ(refusal("more", {field({"id"}), field({""})}, "id"), "InvalidFieldPath");
    EXPECT_EQ(refusal("more", {field({"id"}), field({"x", std::string(65'536, 'y')})}, "id"), "InvalidFieldPath");
    EXPECT_EQ(refusal("more", {field({"id"})}, "other"), "PrimaryFieldNotFound");
    EXPECT_EQ(refusal("more", {field({"id"})}, ""), "PrimaryFieldNotFound");
    EXPECT_EQ(refusal("more", {field({"id"}, optional({.tag = TypeTag::Int64}))}, "id"), "RecordPayloadTypeMismatch");
    EXPECT_EQ(outcome(writer.changeCollection(2, {field({"id"})}, {})), "UnknownCollection");
    EXPECT_EQ(outcome(writer.changeCollection(1, {field({"mail"})}, {})), "PrimaryFieldMissingInSchema");
    EXPECT_EQ(writer.end(), before);
    EXPECT_EQ(refusal("more", {field({"id"})}, "id"), "ok") << "with the next id";
    EXPECT_NE(writer.catalog().find(2), nullptr);
}

TEST_F(Writing, ANewSchemaVersionWantsItsRowsWrittenAgainAndACheckpoint)
{
    ASSERT_EQ(write("Ada", "ada@example.org"), "ok");
    auto more = fields();
    more.push_back(field({"born"}, optional({.tag = TypeTag::Int64})));
    ASSERT_EQ(writer.changeCollection(1, more, indexes()), 2U);
    EXPECT_EQ(outcome(openStrictly(bytes(writer))), "RecordPayloadTypeMismatch")
        << "the engine reads all records by the current version";
    ASSERT_TRUE(writer.write(1, RowValues{text("Ada"), text("ada@example.org"), kNone, some(number(1815))}));
    EXPECT_EQ(outcome(openStrictly(bytes(writer))), "RecordPayloadTypeMismatch")
        << "the old record is in the log still";
    ASSERT_TRUE(writer.checkpoint());
    EXPECT_THAT(names(), ElementsAre("Ada"));
    EXPECT_EQ(state().entries.size(), 1U);
}

TEST_F(Writing, ACheckpointConvertsRowsOfOlderVersions)
{
    ASSERT_EQ(write("Ada", "ada@example.org", some(text("London"))), "ok");
    ASSERT_EQ(writer.changeCollection(1,
                                      {field({"born"}, optional({.tag = TypeTag::Int64})),
                                       field({"name"}, TypeTag::String), field({"mail"}, TypeTag::String)},
                                      indexes()),
              2U);
    ASSERT_TRUE(writer.checkpoint());
    const auto now = state();
    const auto &ada = now.rows.at(1).begin()->second;
    EXPECT_EQ(ada.head.schemaVersion, 2U);
    ASSERT_THAT(ada.fields, SizeIs(2));
    EXPECT_EQ(ada.fields[0].value, kNone);
    EXPECT_EQ(ada.fields[1].value, text("ada@example.org"));
    EXPECT_EQ(now.catalog.find(1)->versions[0].fields.size(), 3U) << "it repeats the current list for version 1";

    ASSERT_EQ(writer.changeCollection(1, {field({"name"}, TypeTag::String), field({"age"})}, {}), 3U);
    EXPECT_EQ(outcome(writer.checkpoint()), "RecordPayloadTypeMismatch") << "there is no age to put in";
}

TEST_F(Writing, IndexEntriesOfARowOfAnOlderVersionGoWithIt)
{
    ASSERT_EQ(write("Ada", "ada@example.org", some(text("London"))), "ok");
    // The fields change their places.
    ASSERT_EQ(writer.changeCollection(1, {fields()[2], fields()[0], fields()[1]}, indexes()), 2U);
    ASSERT_TRUE(writer.write(1, RowValues{some(text("Paris")), text("Ada"), text("lovelace@example.org")}));
    ASSERT_TRUE(writer.checkpoint());
    EXPECT_THAT(state().entries, SizeIs(2));
    EXPECT_EQ(write("Bob", "bob@example.org"), "RecordPayloadTypeMismatch") << "rows are of the new version now";
}

TEST_F(Writing, ACheckpointAndTheLogBehindItAreTheState)
{
    ASSERT_EQ(write("Ada", "ada@example.org", some(text("London"))), "ok");
    ASSERT_EQ(write("Ada", "ada@example.org", some(text("Paris"))), "ok");
    ASSERT_EQ(write("Bob", "bob@example.org"), "ok");
    const auto before = writer.end();
    ASSERT_TRUE(writer.checkpoint());
    EXPECT_EQ(segmentsFrom(before), "checkpoint manifest");
    ASSERT_EQ(writer.remove(1, text("Bob")), true);
    ASSERT_EQ(write("Cid", "cid@example.org"), "ok");

    const Scanned scanned(bytes(writer));
    const auto segments = scanned.segments();
    const auto segment = std::ranges::find(segments, before, &Segment::offset);
    const auto checkpoint = Checkpoint::decode(scanned.payload(*segment), segment->payloadOffset()).value();
    EXPECT_EQ(checkpoint.replayFrom, segment->end());
    EXPECT_EQ(checkpoint.catalogEntries.size(), 1U);
    ASSERT_EQ(checkpoint.records.size(), 2U);
    for (const auto &record : checkpoint.records)
        EXPECT_EQ(RecordHead::decode(record.bytes, record.at)->operation, RecordHead::Insert);
    EXPECT_THAT(names(), ElementsAre("Ada", "Cid"));
    EXPECT_THAT(state().entries, SizeIs(3));
}

TEST(WritingMany, RowsThatAreAllNewNeedNoMemoryBeyondUniqueKeys)
{
    auto writer = DatabaseWriter::create(std::make_unique<MemoryStore>(), DatabaseWriter::Memory::UniqueKeys).value();
    ASSERT_TRUE(writer.createCollection("numbers", {field({"id"}), field({"square"})},
                                        {{.kind = IndexKind::Unique, .path = {{"square"}}, .name = "by_square"}},
                                        "id"));
    ASSERT_TRUE(writer.begin());
    for (std::int64_t i = 0; i < 1000; ++i)
        ASSERT_TRUE(writer.write(1, RowValues{number(i), number(i * i)}));
    EXPECT_EQ(outcome(writer.write(1, RowValues{number(1000), number(49)})), "UniqueIndexViolation");
    ASSERT_TRUE(writer.commit());
    EXPECT_EQ(outcome(writer.remove(1, number(1))), "InvalidInput");
    EXPECT_EQ(outcome(writer.checkpoint()), "InvalidInput");
    const auto all = static_cast<MemoryStore &>(writer.store()).view();
    const auto state = openStrictly({all.begin(), all.end()}).value();
    EXPECT_EQ(state.rows.at(1).size(), 1000U);
    EXPECT_EQ(state.entries.size(), 1000U);
}

TEST(WritingToAFailingStore, EveryLaterCallSaysSo)
{
    auto faults = std::make_unique<FaultStore>(std::make_unique<MemoryStore>());
    auto &store = *faults;
    auto writer = DatabaseWriter::create(std::move(faults)).value();
    ASSERT_TRUE(writer.createCollection("numbers", {field({"id"})}, {}, "id"));
    store.failOneWriteAfter(0);
    EXPECT_EQ(outcome(writer.write(1, RowValues{number(1)})), "Io");
    const auto attempts = store.writeAttempts();
    EXPECT_EQ(outcome(writer.write(1, RowValues{number(2)})), "Io");
    EXPECT_EQ(outcome(writer.commit()), "Io");
    EXPECT_EQ(outcome(writer.checkpoint()), "Io");
    EXPECT_EQ(store.writeAttempts(), attempts) << "what is half written is left alone";
}

/// The calls that lead to a log.
class WritingAgain : public testing::TestWithParam<std::string> {
protected:
    static std::vector<std::byte> again(const Scanned &scanned)
    {
        auto writer = DatabaseWriter::create(std::make_unique<MemoryStore>()).value();
        for (const auto &segment : scanned.segments())
            EXPECT_TRUE(call(writer, scanned, segment)) << segment.offset.value;
        const auto all = static_cast<MemoryStore &>(writer.store()).view();
        return {all.begin(), all.end()};
    }

private:
    static bool call(DatabaseWriter &writer, const Scanned &scanned, const Segment &segment)
    {
        const auto payload = scanned.payload(segment);
        switch (segment.header.type) {
        case SegmentType::TxnBegin:
            return writer.begin(TransactionMarker::decode(payload, {})->id).has_value();
        case SegmentType::TxnCommit:
            return writer.commit().has_value();
        case SegmentType::TxnAbort:
            return writer.abort().has_value();
        case SegmentType::Schema: {
            const auto entry = CatalogEntry::decode(payload, {}).value();
            return (entry.kind == CatalogEntry::Kind::CreateCollection
                        ? writer.createCollection(entry.name, entry.fields, entry.indexes, entry.primaryField)
                        : writer.changeCollection(entry.collectionId, entry.fields, entry.indexes))
                .has_value();
        }
        case SegmentType::Record:
            return callForRow(writer, payload);
        case SegmentType::Checkpoint:
            return writer.checkpoint().has_value();
        default: // index changes and manifests come by themselves
            return true;
        }
    }
    static bool callForRow(DatabaseWriter &writer, std::span<const std::byte> payload)
    {
        const auto record = Record::decode(payload, {}, [&](std::uint32_t collection, std::uint32_t version) {
            return matchSchema(writer.catalog(), collection, version).transform(&SchemaMatch::layout);
        });
        if (record->head.operation == RecordHead::Delete)
            return writer.remove(record->head.collectionId, record->head.key) == true;
        const auto &collection = *writer.catalog().find(record->head.collectionId);
        RowValues row;
        for (const auto &definition : collection.current().fields) {
            const auto found = std::ranges::find(record->fields, definition.path, &RecordField::path);
            row.push_back(found != record->fields.end() ? found->value : record->head.key);
        }
        return writer.write(collection.id, row).has_value();
    }
};

TEST_P(WritingAgain, GivesTheBytesOfTheReferenceEngine)
{
    const auto file = test::corpusFile(GetParam());
    EXPECT_TRUE(again(Scanned(file.bytes())) == file.bytes());
}

INSTANTIATE_TEST_SUITE_P(, WritingAgain,
                         testing::Values("valid-all-types", "valid-books", "valid-compacted", "valid-constraints",
                                         "valid-empty", "valid-history", "valid-indexes", "valid-large-record",
                                         "valid-many-collections", "valid-nested-paths", "valid-pk-types",
                                         "valid-schema-versions", "valid-transactions"),
                         [](const auto &corpus) {
                             std::string name = corpus.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

class WritingCheckpointsAgain : public WritingAgain { };

/// The engine writes rows in an order that changes from run to run.
TEST_P(WritingCheckpointsAgain, GivesTheStateOfTheReferenceEngine)
{
    const auto file = test::corpusFile(GetParam());
    const Scanned theirs(file.bytes());
    const Scanned ours(again(theirs));
    const auto theirSegments = theirs.segments();
    const auto ourSegments = ours.segments();
    ASSERT_EQ(ourSegments.size(), theirSegments.size());
    for (std::size_t i = 0; i < ourSegments.size(); ++i) {
        ASSERT_EQ(ourSegments[i].offset, theirSegments[i].offset);
        if (ourSegments[i].header.type != SegmentType::Checkpoint) {
            EXPECT_TRUE(std::ranges::equal(ours.payload(ourSegments[i]), theirs.payload(theirSegments[i])));
            continue;
        }
        const auto parts = [](const Scanned &scanned, const Segment &segment) {
            const auto decoded = Checkpoint::decode(scanned.payload(segment), {}).value();
            std::vector<std::vector<std::byte>> sorted;
            for (const auto &part : decoded.records)
                sorted.emplace_back(part.bytes.begin(), part.bytes.end());
            std::ranges::sort(sorted);
            for (const auto &part : decoded.catalogEntries)
                sorted.emplace_back(part.bytes.begin(), part.bytes.end());
            sorted.emplace_back(decoded.indexChanges.bytes.begin(), decoded.indexChanges.bytes.end());
            return std::pair(decoded.replayFrom, sorted);
        };
        EXPECT_EQ(parts(ours, ourSegments[i]), parts(theirs, theirSegments[i]));
    }
    EXPECT_EQ(ours.snapshot->head.superblocks, theirs.snapshot->head.superblocks);
}

INSTANTIATE_TEST_SUITE_P(, WritingCheckpointsAgain, testing::Values("valid-checkpoint", "valid-two-checkpoints"),
                         [](const auto &corpus) {
                             std::string name = corpus.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

/// The measure of the tests above measures what the reference does.
class OpeningStrictly : public testing::TestWithParam<std::string> { };

TEST_P(OpeningStrictly, SaysWhatTheReferenceSays)
{
    const auto file = test::corpusFile(GetParam());
    const auto opened = openStrictly(file.bytes());
    EXPECT_EQ(outcome(opened),
              file.said.at("strict_open").at("ok") == true
                  ? "ok"
                  : file.said.at("strict_open").at("error").get<std::string>());
    if (!opened)
        return;
    for (const auto &[id, collection] : opened->catalog.collections()) {
        const auto rows = opened->rows.find(id);
        EXPECT_EQ(rows == opened->rows.end() ? 0 : rows->second.size(),
                  file.said.at("rows").at(collection.name).size());
    }
    EXPECT_EQ(opened->entries.size(), file.said.at("index_entries").size());
}

std::vector<std::string> thatDecodeOrNot()
{
    auto names = test::corpusNames();
    std::erase_if(names, [](const std::string &name) {
        return !name.starts_with("valid-") && !name.starts_with("damaged-record-")
            && !name.starts_with("damaged-catalog-") && !name.starts_with("damaged-index-");
    });
    return names;
}

INSTANTIATE_TEST_SUITE_P(, OpeningStrictly, testing::ValuesIn(thatDecodeOrNot()), [](const auto &corpus) {
    std::string name = corpus.param;
    std::ranges::replace(name, '-', '_');
    return name;
});

} // namespace
} // namespace modelvault
