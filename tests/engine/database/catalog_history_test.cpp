#include "database/catalog_history.h"

#include "support/file_builder.h"
#include "support/results.h"
#include "support/scanned.h"

#include <gmock/gmock.h>

namespace modelvault {
namespace {

using test::FileBuilder;
using test::outcome;
using test::Scanned;
using testing::ElementsAre;

FieldDefinition field(std::vector<SharedText> path, TypeTag tag = TypeTag::Int64)
{
    return {.path = {std::move(path)}, .type = {.tag = tag}, .constraints = {}};
}

CatalogEntry create(std::uint32_t id, std::string name)
{
    return {.collectionId = id, .name = std::move(name), .fields = {field({"id"})}, .primaryField = "id"};
}

CatalogEntry change(std::uint32_t id, std::uint32_t version, std::vector<FieldDefinition> fields = {field({"id"})})
{
    return {.kind = CatalogEntry::Kind::NewSchemaVersion,
            .collectionId = id,
            .schemaVersion = version,
            .fields = std::move(fields)};
}

Error fault(Catalog &catalog, const CatalogEntry &entry)
{
    const auto applied = catalog.apply(entry, {.segment = {}, .payload = {1000}, .transaction = {}});
    return applied ? Error{.code = ErrorCode::Cancelled} : applied.error();
}

ErrorCode codeOf(Catalog &catalog, const CatalogEntry &entry)
{
    return fault(catalog, entry).code;
}

constexpr auto kApplied = ErrorCode::Cancelled;

TEST(Catalog, GrowsByCollectionsAndVersions)
{
    Catalog catalog;
    EXPECT_EQ(codeOf(catalog, create(1, "books")), kApplied);
    EXPECT_EQ(codeOf(catalog, create(2, "people")), kApplied);
    EXPECT_EQ(codeOf(catalog, change(1, 2, {field({"id"}), field({"more"})})), kApplied);
    ASSERT_NE(catalog.find(1), nullptr);
    EXPECT_EQ(catalog.find(1)->versions.size(), 2U);
    EXPECT_EQ(catalog.version(1, 1)->fields.size(), 1U);
    EXPECT_EQ(catalog.find(1)->current().fields.size(), 2U);
    EXPECT_EQ(catalog.version(1, 0), nullptr);
    EXPECT_EQ(catalog.version(1, 3), nullptr);
    EXPECT_EQ(catalog.version(3, 1), nullptr);
    EXPECT_EQ(catalog.find(2)->name, "people");
    EXPECT_EQ(catalog.find(3), nullptr);
}

TEST(Catalog, RefusesACollectionInTheOrderOfTheFormatPage)
{
    Catalog catalog;
    ASSERT_EQ(codeOf(catalog, create(1, "books")), kApplied);
    auto entry = create(3, "books");
    entry.schemaVersion = 2;
    entry.fields = {field({"a"}), field({"a", "b"})};
    EXPECT_EQ(
        fault(catalog, entry),
        (Error{
            .code = ErrorCode::InvalidSchemaVersion, .offset = Offset{1000 + 8 + 4 + 5}, .expected = 1, .found = 2}));
    entry.schemaVersion = 1;
    EXPECT_EQ(fault(catalog, entry),
              (Error{.code = ErrorCode::UnexpectedCollectionId, .offset = Offset{1004}, .expected = 2, .found = 3}));
    entry.collectionId = 2;
    EXPECT_EQ(fault(catalog, entry),
              (Error{.code = ErrorCode::DuplicateCollectionName, .offset = Offset{1008}, .expected = 0, .found = 0}));
    entry.name = "people";
    EXPECT_EQ(codeOf(catalog, entry), ErrorCode::InvalidFieldPath);
    entry.fields.pop_back();
    EXPECT_EQ(codeOf(catalog, entry), ErrorCode::PrimaryFieldNotFound);
    entry.primaryField = "a";
    EXPECT_EQ(codeOf(catalog, entry), kApplied);
}

TEST(Catalog, RefusesASchemaVersionInTheOrderOfTheFormatPage)
{
    Catalog catalog;
    ASSERT_EQ(codeOf(catalog, create(1, "books")), kApplied);
    auto entry = change(2, 3, {field({"a"}), field({"a"})});
    EXPECT_EQ(codeOf(catalog, entry), ErrorCode::UnknownCollection);
    entry.collectionId = 1;
    EXPECT_EQ(fault(catalog, entry),
              (Error{.code = ErrorCode::InvalidSchemaVersion, .offset = Offset{1008}, .expected = 2, .found = 3}));
    entry.schemaVersion = 2;
    EXPECT_EQ(codeOf(catalog, entry), ErrorCode::InvalidFieldPath);
    entry.fields.pop_back();
    EXPECT_EQ(codeOf(catalog, entry), ErrorCode::PrimaryFieldMissingInSchema);
    EXPECT_EQ(catalog.find(1)->versions.size(), 1U) << "a refused entry changes nothing";
    entry.fields.push_back(field({"id"}, TypeTag::String));
    EXPECT_EQ(codeOf(catalog, entry), kApplied) << "the key's type may change";
}

TEST(Catalog, OnTopOfAnotherSeesItAndLeavesItAsItIs)
{
    Catalog below;
    ASSERT_EQ(codeOf(below, create(1, "books")), kApplied);
    Catalog above(&below);
    EXPECT_EQ(codeOf(above, create(2, "books")), ErrorCode::DuplicateCollectionName);
    EXPECT_EQ(codeOf(above, create(2, "people")), kApplied);
    EXPECT_EQ(codeOf(above, change(1, 2)), kApplied);
    EXPECT_EQ(codeOf(above, change(1, 2)), ErrorCode::InvalidSchemaVersion);
    EXPECT_EQ(codeOf(above, change(1, 3)), kApplied);
    EXPECT_EQ(above.version(1, 1), below.version(1, 1));
    EXPECT_EQ(above.version(1, 3)->number, 3U);
    EXPECT_EQ(above.version(1, 4), nullptr);
    EXPECT_EQ(above.find(1)->versions.size(), 2U) << "those that came there";
    EXPECT_EQ(below.find(1)->current().number, 1U);
    EXPECT_EQ(below.find(2), nullptr);
}

TEST(Catalog, APathConflictsWithItselfAndWithLongerOnesOnly)
{
    const auto with = [](std::vector<std::vector<SharedText>> paths) {
        Catalog catalog;
        auto entry = create(1, "c");
        for (auto &path : paths)
            entry.fields.push_back(field(std::move(path)));
        return codeOf(catalog, entry);
    };
    EXPECT_EQ(with({{"a", "b"}, {"a", "c"}, {"ab"}, {"b"}}), kApplied);
    EXPECT_EQ(with({{"a", "b"}, {"ab"}, {"a"}}), ErrorCode::InvalidFieldPath);
    EXPECT_EQ(with({{"a", "b", "c"}, {"a", "b"}}), ErrorCode::InvalidFieldPath);
    EXPECT_EQ(with({{"id"}}), ErrorCode::InvalidFieldPath);
}

TEST(Catalog, AKeyIsAFieldOfOneSegment)
{
    Catalog catalog;
    auto entry = create(1, "c");
    entry.fields = {field({"id", "x"})};
    EXPECT_EQ(codeOf(catalog, entry), ErrorCode::PrimaryFieldNotFound);
}

TEST(Catalog, WithoutAPrimaryFieldAnyFieldsWillDo)
{
    Catalog catalog;
    auto entry = create(1, "c");
    entry.primaryField.clear();
    EXPECT_EQ(codeOf(catalog, entry), kApplied);
    EXPECT_EQ(codeOf(catalog, change(1, 2, {})), kApplied);
}

/// As {collection id, schema version, counts, error}.
std::vector<std::tuple<std::uint32_t, std::uint32_t, bool, std::string_view>> told(const CatalogHistory &history)
{
    std::vector<std::tuple<std::uint32_t, std::uint32_t, bool, std::string_view>> changes;
    for (const auto &it : history.changes())
        changes.emplace_back(it.collectionId, it.schemaVersion, it.counts, it.fault ? errorName(it.fault->code) : "");
    return changes;
}

TEST(CatalogHistory, KnowsEveryVersionAndWhereItCameFrom)
{
    FileBuilder builder;
    builder.begin(7).append(SegmentType::Schema, create(1, "books").encode()).commit(7);
    builder.begin(8).append(SegmentType::Schema, change(1, 2).encode()).commit(8);
    const Scanned file(builder.bytes());
    const auto *books = file.catalog().catalog().find(1);
    ASSERT_NE(books, nullptr);
    ASSERT_EQ(books->versions.size(), 2U);
    EXPECT_EQ(books->versions[0].place,
              (CatalogPlace{.segment = {2},
                            .payload = builder.offsets()[2] + SegmentHeader::kSize,
                            .transaction = TransactionNo{0}}));
    EXPECT_EQ(books->versions[1].place.transaction, TransactionNo{1});
    EXPECT_THAT(told(file.catalog()), ElementsAre(std::tuple(1, 1, true, ""), std::tuple(1, 2, true, "")));
    EXPECT_NE(file.catalog().change({5}), nullptr);
    EXPECT_EQ(file.catalog().change({4}), nullptr);
}

TEST(CatalogHistory, OnlyWhatIsCommittedCounts)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, create(1, "books").encode()).commit();
    builder.begin().append(SegmentType::Schema, create(2, "dropped").encode()).abort();
    builder.begin().append(SegmentType::Schema, create(2, "people").encode()).commit();
    builder.begin().append(SegmentType::Schema, change(2, 2).encode());
    const Scanned file(builder.bytes());
    const auto &history = file.catalog();
    EXPECT_THAT(told(history),
                ElementsAre(std::tuple(1, 1, true, ""), std::tuple(2, 1, false, ""), std::tuple(2, 1, true, ""),
                            std::tuple(2, 2, false, "")));
    ASSERT_EQ(history.catalog().collections().size(), 2U);
    EXPECT_EQ(history.catalog().find(2)->name, "people");
    EXPECT_EQ(history.catalog().find(2)->versions.size(), 1U);
}

TEST(CatalogHistory, ARecordFindsTheSchemaOfItsOwnTransactionCommittedOrNot)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, create(1, "books").encode()).commit();
    builder.begin().append(SegmentType::Schema, change(1, 2, {field({"id"}), field({"aborted"})}).encode()).abort();
    builder.begin().append(SegmentType::Schema, change(1, 2, {field({"id"}), field({"open"})}).encode());
    const Scanned file(builder.bytes());
    const auto second = [&file](std::optional<TransactionNo> transaction) -> std::string {
        const auto match = file.catalog().schemaFor(1, 2, transaction);
        return match && match->isOwnVersion ? match->schema->fields.back().path.text() : "";
    };
    EXPECT_EQ(second(TransactionNo{1}), "aborted");
    EXPECT_EQ(second(TransactionNo{2}), "open");
    EXPECT_EQ(second(TransactionNo{0}), "");
    EXPECT_EQ(second(std::nullopt), "");
    const auto first = file.catalog().schemaFor(1, 1, TransactionNo{2});
    ASSERT_TRUE(first);
    EXPECT_EQ(first->schema->number, 1U);
    EXPECT_EQ(first->layout().schemaVersion, 2U) << "what is current there";
    EXPECT_FALSE(file.catalog().schemaFor(9, 1, std::nullopt));
}

TEST(CatalogHistory, AVersionThatNobodyHasIsReadWithTheCurrentOne)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, create(1, "books").encode()).commit();
    const Scanned file(builder.bytes());
    const auto match = file.catalog().schemaFor(1, 99, std::nullopt);
    ASSERT_TRUE(match);
    EXPECT_FALSE(match->isOwnVersion);
    EXPECT_EQ(match->schema->number, 1U);
}

TEST(CatalogHistory, WhatLiesBehindDamageDoesNotCountButExplainsWhatLiesThere)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, create(1, "books").encode()).commit();
    builder.begin().append(SegmentType::Record, "lost").commit();
    builder.begin().append(SegmentType::Schema, create(2, "people").encode()).commit();
    builder.flip(builder.offsets()[5]);
    const Scanned file(builder.bytes());
    EXPECT_THAT(told(file.catalog()), ElementsAre(std::tuple(1, 1, true, ""), std::tuple(2, 1, false, "")));
    EXPECT_EQ(file.catalog().catalog().find(2), nullptr);
    ASSERT_NE(file.catalog().collection(2, std::nullopt), nullptr);
    EXPECT_EQ(file.catalog().collection(2, std::nullopt)->name, "people");
}

TEST(CatalogHistory, NorDoesWhatLiesBehindAWrongMarkerOrOutsideOfTransactions)
{
    FileBuilder builder;
    builder.append(SegmentType::Schema, create(1, "unframed").encode());
    builder.begin(1).append(SegmentType::Schema, create(1, "books").encode()).commit(1);
    builder.commit(5);
    builder.begin(2).append(SegmentType::Schema, create(2, "people").encode()).commit(2);
    const Scanned file(builder.bytes());
    EXPECT_THAT(told(file.catalog()),
                ElementsAre(std::tuple(1, 1, false, ""), std::tuple(1, 1, true, ""), std::tuple(2, 1, false, "")));
    EXPECT_EQ(file.catalog().catalog().find(1)->name, "books");
}

TEST(CatalogHistory, InOldFilesEverythingCounts)
{
    FileBuilder builder(5);
    builder.append(SegmentType::Schema, create(1, "books").encode());
    const Scanned file(builder.bytes());
    EXPECT_THAT(told(file.catalog()), ElementsAre(std::tuple(1, 1, true, "")));
    EXPECT_NE(file.catalog().catalog().find(1), nullptr);
}

TEST(CatalogHistory, WhatIsWrongWithAnEntryIsDataAndTheNextOneIsRead)
{
    FileBuilder builder;
    builder.begin();
    builder.append(SegmentType::Schema, "no entry");
    builder.append(SegmentType::Schema, create(5, "gap").encode());
    builder.append(SegmentType::Schema, create(1, "books").encode());
    builder.commit();
    const Scanned file(builder.bytes());
    EXPECT_THAT(told(file.catalog()),
                ElementsAre(std::tuple(0, 0, true, "InvalidCatalogPayload"),
                            std::tuple(5, 1, true, "UnexpectedCollectionId"), std::tuple(1, 1, true, "")));
}

TEST(CatalogHistory, ADamagedPayloadIsNotBelieved)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, create(1, "books").encode()).commit();
    builder.flip(builder.offsets()[2] + (SegmentHeader::kSize + 14));
    const Scanned file(builder.bytes());
    EXPECT_THAT(told(file.catalog()), ElementsAre(std::tuple(0, 0, false, "BadSegmentPayloadChecksum")));
    EXPECT_EQ(file.catalog().collection(1, std::nullopt), nullptr);
}

TEST(CatalogHistory, ManyEntriesInOneTransactionAreReadInOrderAndReadingStopsOnDemand)
{
    FileBuilder builder;
    builder.begin();
    for (std::uint32_t id = 1; id <= 200; ++id)
        builder.append(SegmentType::Schema, create(id, "c" + std::to_string(id)).encode());
    builder.commit();
    const Scanned file(builder.bytes());
    EXPECT_EQ(file.catalog().catalog().collections().size(), 200U);
    const auto stopped = CatalogHistory::read(*file.store, file.snapshot->log, true,
                                              [](std::uint64_t done, std::uint64_t) { return done == 0; });
    EXPECT_EQ(outcome(stopped), "Cancelled");
}

} // namespace
} // namespace modelvault
