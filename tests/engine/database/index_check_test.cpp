// An index is sound if it has an entry for each row that has a key, and no others.

#include "database/index_check.h"

#include "database/database_writer.h"
#include "database/open_preview.h"
#include "database/row_index.h"
#include "format/index_entry.h"
#include "sample/schema.h"
#include "store/fault_store.h"
#include "support/corpus.h"
#include "support/results.h"
#include "support/scanned.h"
#include "support/scratch_dir.h"

#include <gmock/gmock.h>

namespace modelvault {
namespace {

using sample::field;
using sample::index;
using sample::none;
using sample::object;
using sample::optional;
using sample::some;
using sample::text;
using sample::unique;
using test::outcome;
using test::Scanned;
using testing::ElementsAre;
using testing::IsEmpty;

IndexState stateOf(const Scanned &scanned)
{
    const auto &snapshot = *scanned.snapshot;
    return previewOpens(*scanned.store, snapshot.head, snapshot.log, snapshot.catalog).value().replay->indexes;
}

IndexCheck check(const Scanned &scanned, const IndexState &state)
{
    return checkIndexes(*scanned.store, scanned.snapshot, state).value();
}

/// A database of people: name, mail (unique), address (an object with a town, not unique).
class IndexChecks : public testing::Test {
protected:
    IndexChecks()
    {
        const auto town = ObjectField{.path = {{"town"}}, .type = optional(TypeTag::String)};
        m_fields = {field({"name"}, TypeTag::String), field({"mail"}, TypeTag::String),
                    field({"address"}, optional(object({town})))};
        EXPECT_EQ(writer.createCollection("people", m_fields, m_indexes, "name"), 1U);
        write("Ada", "a@x", "London");
        write("Alan", "b@x", "London");
        write("Grace", "c@x", nullptr);
    }

    void write(const char *name, const char *mail, const char *town)
    {
        const auto address =
            town != nullptr ? some({ObjectValue{{{.name = "town", .value = some(text(town))}}}}) : none();
        EXPECT_EQ(outcome(writer.write(1, RowValues{text(name), text(mail), address})), "ok");
    }
    Scanned scanned()
    {
        const auto bytes = dynamic_cast<MemoryStore &>(writer.store()).view();
        return Scanned({bytes.begin(), bytes.end()});
    }
    static IndexEntry entry(IndexOperation operation, const char *key, const char *row)
    {
        return {.collectionId = 1,
                .kind = IndexKind::NonUnique,
                .operation = operation,
                .indexName = "by_town",
                .indexKey = test::byteVector(key),
                .primaryKey = test::byteVector(row)};
    }

    DatabaseWriter writer = DatabaseWriter::create(std::make_unique<MemoryStore>()).value();
    std::vector<FieldDefinition> m_fields;
    std::vector<IndexDefinition> m_indexes{unique("by_mail", {"mail"}), index("by_town", {"address", "town"}),
                                           index("nowhere", {"no", "field"})};
    const IndexState::IndexId m_byTown{.collectionId = 1, .name = "by_town", .kind = IndexKind::NonUnique};
};

TEST_F(IndexChecks, WhatTheEngineWritesIsSound)
{
    write("Ada", "a2@x", "Paris");
    EXPECT_EQ(writer.remove(1, text("Alan")), true);
    const auto database = scanned();
    const auto checked = check(database, stateOf(database));
    EXPECT_TRUE(checked.isSound());
    ASSERT_EQ(checked.indexes.size(), 3U);
    EXPECT_EQ(checked.indexes.at(m_byTown).entries, 1U);
    EXPECT_EQ(checked.indexes.at({1, "by_mail", IndexKind::Unique}).entries, 2U);
    EXPECT_EQ(checked.indexes.at({1, "nowhere", IndexKind::NonUnique}).entries, 0U);
}

TEST_F(IndexChecks, FindEntriesThatLackAndThatAreLeft)
{
    const auto database = scanned();
    auto state = stateOf(database);
    ASSERT_EQ(outcome(state.apply(entry(IndexOperation::Delete, "London", "Alan"))), "ok");
    ASSERT_EQ(outcome(state.apply(entry(IndexOperation::Insert, "Rome", "Ada"))), "ok");
    ASSERT_EQ(outcome(state.apply(entry(IndexOperation::Insert, "London", "Nobody"))), "ok");
    const auto checked = check(database, state);
    EXPECT_FALSE(checked.isSound());
    EXPECT_THAT(checked.faults,
                ElementsAre(IndexFault{.kind = IndexFault::Kind::Missing,
                                       .index = m_byTown,
                                       .entry = {.key = "London", .primaryKey = "Alan"},
                                       .row = RecordNo{1}},
                            IndexFault{.kind = IndexFault::Kind::Stale,
                                       .index = m_byTown,
                                       .entry = {.key = "London", .primaryKey = "Nobody"},
                                       .row = {}},
                            IndexFault{.kind = IndexFault::Kind::Stale,
                                       .index = m_byTown,
                                       .entry = {.key = "Rome", .primaryKey = "Ada"},
                                       .row = {}}));
    const auto &counts = checked.indexes.at(m_byTown);
    EXPECT_EQ(counts.entries, 3U);
    EXPECT_EQ(counts.missing, 1U);
    EXPECT_EQ(counts.stale, 2U);
}

TEST_F(IndexChecks, AnIndexThatCameLaterLacksTheRowsFromBefore)
{
    m_indexes = {index("by_name", {"name"})};
    EXPECT_EQ(outcome(writer.changeCollection(1, m_fields, m_indexes)), "ok");
    write("Edsger", "d@x", "Nuenen");
    const auto database = scanned();
    const auto checked = check(database, stateOf(database));
    const auto &counts = checked.indexes.at({1, "by_name", IndexKind::NonUnique});
    EXPECT_EQ(counts.entries, 1U);
    EXPECT_EQ(counts.missing, 3U);
    EXPECT_TRUE(counts.isInSchema);
    EXPECT_FALSE(checked.indexes.at(m_byTown).isInSchema) << "its entries are still there, and nobody's";
    EXPECT_EQ(checked.indexes.at(m_byTown).stale, 0U);
}

TEST_F(IndexChecks, CanBeStoppedAndPassOnWhatTheStoreSays)
{
    const auto database = scanned();
    const auto state = stateOf(database);
    EXPECT_EQ(outcome(checkIndexes(*database.store, database.snapshot, state, [](auto, auto) { return false; })),
              "Cancelled");
    const auto bytes = database.store->view();
    FaultStore broken(std::make_unique<MemoryStore>(std::vector<std::byte>(bytes.begin(), bytes.end())));
    broken.failReadsAfter(0);
    EXPECT_FALSE(checkIndexes(broken, database.snapshot, state));
}

TEST_F(IndexChecks, KnowWhatAnIndexHoldsKeysOf)
{
    const SchemaVersion schema{.fields = m_fields, .indexes = m_indexes, .place = {}};
    ASSERT_NE(indexedType(schema, {{"address", "town"}}), nullptr);
    EXPECT_EQ(indexedType(schema, {{"address", "town"}})->tag, TypeTag::String);
    EXPECT_EQ(indexedType(schema, {{"address", "street"}}), nullptr);
    EXPECT_EQ(indexedType(schema, {{"no"}}), nullptr);
}

TEST(IndexCheckOfFiles, AllThatTheReferenceWroteAreSound)
{
    int compared = 0;
    for (const auto &name : test::corpusNames()) {
        if (!name.starts_with("valid-"))
            continue;
        const Scanned scanned(test::corpusFile(name).bytes());
        if (scanned.snapshot->rows->collections().empty())
            continue;
        const auto checked = check(scanned, stateOf(scanned));
        EXPECT_THAT(checked.faults, IsEmpty()) << name;
        for (const auto &[id, counts] : checked.indexes)
            compared += counts.entries > 0 ? 1 : 0;
    }
    EXPECT_GT(compared, 0);
    const Scanned sample(test::readFile(MODELVAULT_SAMPLE));
    const auto checked = check(sample, stateOf(sample));
    EXPECT_TRUE(checked.isSound());
    EXPECT_FALSE(checked.indexes.empty());
}

TEST(ValueOfKey, IsTheWayBackFromKeyBytes)
{
    const std::vector<std::pair<TypeTag, Value>> values{
        {TypeTag::Bool, {true}},         {TypeTag::Int64, {std::int64_t{-7}}},
        {TypeTag::Uint64, {~0ULL}},      {TypeTag::Float64, {0.5}},
        {TypeTag::String, text("Dune")}, {TypeTag::Bytes, {test::byteVector("\xFF")}},
        {TypeTag::Uuid, {UuidBytes{}}},  {TypeTag::Timestamp, {Timestamp{5}}},
        {TypeTag::Enum, text("novel")},  {TypeTag::String, text("")},
    };
    for (const auto &[tag, value] : values) {
        const auto key = keyBytes(value).value();
        EXPECT_EQ(valueOfKey(tag, key), value);
    }
    EXPECT_FALSE(valueOfKey(TypeTag::Int64, test::byteVector("short")));
    EXPECT_FALSE(valueOfKey(TypeTag::Uuid, test::byteVector("seventeen bytes!!")));
    EXPECT_FALSE(valueOfKey(TypeTag::String, test::byteVector("\xFF")));
    EXPECT_FALSE(valueOfKey(TypeTag::Bool, test::byteVector("ab")));
    EXPECT_FALSE(valueOfKey(TypeTag::List, {}));
}

} // namespace
} // namespace modelvault
