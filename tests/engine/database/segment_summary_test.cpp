#include "database/segment_summary.h"

#include "format/checkpoint.h"
#include "support/file_builder.h"
#include "support/results.h"
#include "support/scanned.h"

#include <gtest/gtest.h>

namespace modelvault {
namespace {

using test::FileBuilder;
using test::Scanned;

CatalogEntry books()
{
    return {.collectionId = 1,
            .name = "books",
            .fields = {{{{"title"}}, {.tag = TypeTag::String}, {}}},
            .indexes = {},
            .primaryField = "title"};
}

Record row(std::string key, std::uint8_t operation, std::uint32_t collectionId = 1)
{
    return {.head = {.payloadVersion = 2,
                     .collectionId = collectionId,
                     .schemaVersion = 1,
                     .operation = operation,
                     .key = {std::move(key)}},
            .fields = {}};
}

SegmentSummary summaryOf(const Scanned &file, std::size_t number)
{
    return summarize(*file.store, file.segments().at(number), &file.catalog()).value();
}

TEST(SegmentSummary, OfARecordNamesCollectionKeyAndOperation)
{
    const std::string longKey(100'000, 'k');
    FileBuilder builder;
    builder.begin(42)
        .append(SegmentType::Schema, books().encode())
        .append(SegmentType::Record, row("Dune", RecordHead::Insert).encode())
        .append(SegmentType::Record, row(longKey, RecordHead::Delete, 7).encode())
        .commit(42);
    const Scanned file(builder.bytes());

    auto record = std::get<RecordSummary>(summaryOf(file, 3).what);
    EXPECT_EQ(record.collection, "books");
    EXPECT_EQ(record.operation, RecordHead::Insert);
    EXPECT_EQ(std::get<std::string>(record.key.data), "Dune");
    record = std::get<RecordSummary>(summaryOf(file, 4).what);
    EXPECT_EQ(record.collection, "");
    EXPECT_EQ(record.collectionId, 7U);
    EXPECT_EQ(record.operation, RecordHead::Delete);
    EXPECT_EQ(std::get<std::string>(record.key.data), longKey);

    EXPECT_EQ(std::get<MarkerSummary>(summaryOf(file, 1).what).transactionId, 42U);
    const auto schema = std::get<SchemaSummary>(summaryOf(file, 2).what);
    EXPECT_EQ(schema.collection, "books");
    EXPECT_EQ(schema.schemaVersion, 1U);
    EXPECT_EQ(schema.fields, 1U);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(summaryOf(file, 0).what)) << "the manifest";
}

TEST(SegmentSummary, KnowsCollectionsOfTheSegmentsOwnTransaction)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, books().encode());
    builder.append(SegmentType::Record, row("Dune", RecordHead::Replace).encode());
    const Scanned file(builder.bytes());
    EXPECT_EQ(std::get<RecordSummary>(summaryOf(file, 3).what).collection, "books");
    const auto nameless = summarize(*file.store, file.segments().at(3), nullptr).value();
    EXPECT_EQ(std::get<RecordSummary>(nameless.what).collection, "");
}

TEST(SegmentSummary, OfIndexChangesCountsByIndex)
{
    IndexChanges changes;
    for (int i = 0; i < 5; ++i)
        changes.entries.push_back({.collectionId = 1,
                                   .operation = i == 0 ? IndexOperation::Delete : IndexOperation::Insert,
                                   .indexName = i < 4 ? "by_year" : "by_title"});
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, books().encode()).append(SegmentType::Index, changes.encode()).commit();
    const Scanned file(builder.bytes());
    const auto all = std::get<IndexSummaries>(summaryOf(file, 3).what);
    EXPECT_EQ(all.entries, 5U);
    ASSERT_EQ(all.indexes.size(), 2U);
    EXPECT_EQ(all.indexes[0].index, "by_year");
    EXPECT_EQ(all.indexes[0].collection, "books");
    EXPECT_EQ(all.indexes[0].inserted, 3U);
    EXPECT_EQ(all.indexes[0].deleted, 1U);
    EXPECT_EQ(all.indexes[1].inserted, 1U);
}

TEST(SegmentSummary, OfVeryManyIndexesNamesTheFirst)
{
    IndexChanges changes;
    for (std::size_t i = 0; i < 2 * IndexSummaries::kMost; ++i)
        changes.entries.push_back({.indexName = std::to_string(i)});
    FileBuilder builder;
    builder.begin().append(SegmentType::Index, changes.encode()).commit();
    const auto all = std::get<IndexSummaries>(summaryOf(Scanned(builder.bytes()), 2).what);
    EXPECT_EQ(all.indexes.size(), IndexSummaries::kMost);
    EXPECT_EQ(all.entries, 2 * IndexSummaries::kMost);
}

TEST(SegmentSummary, OfACheckpointCountsWhatItHolds)
{
    const std::vector<std::byte> part(3);
    const Checkpoint checkpoint{.replayFrom = {9000},
                                .catalogEntries = {{.at = {}, .bytes = part}},
                                .records = {{.at = {}, .bytes = part}, {.at = {}, .bytes = part}},
                                .indexChanges = {}};
    FileBuilder builder;
    builder.append(SegmentType::Checkpoint, checkpoint.encode());
    const auto summary = std::get<CheckpointSummary>(summaryOf(Scanned(builder.bytes()), 1).what);
    EXPECT_EQ(summary.replayFrom, Offset{9000});
    EXPECT_EQ(summary.catalogEntries, 1U);
    EXPECT_EQ(summary.records, 2U);
}

TEST(SegmentSummary, SaysWhyAPayloadDoesNotDecode)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Record, "x").append(SegmentType::Index, "x").commit();
    const Scanned file(builder.bytes());
    const auto record = summaryOf(file, 2);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(record.what));
    ASSERT_TRUE(record.fault);
    EXPECT_EQ(record.fault->code, ErrorCode::TruncatedRecordPayload);
    EXPECT_EQ(summaryOf(file, 3).fault->code, ErrorCode::InvalidCatalogPayload);
}

TEST(SegmentSummary, ARecordIsCheckedToItsEnd)
{
    auto broken = row("Dune", RecordHead::Insert).encode();
    broken.push_back(std::byte{0});
    auto later = row("Emma", RecordHead::Insert);
    later.head.schemaVersion = 2;
    FileBuilder builder;
    builder.begin()
        .append(SegmentType::Schema, books().encode())
        .append(SegmentType::Record, broken)
        .append(SegmentType::Record, later.encode())
        .append(SegmentType::Record, row("Ulysses", RecordHead::Insert, 9).encode())
        .append(SegmentType::Record, row("Dune", RecordHead::Insert).encode())
        .commit();
    const Scanned file(builder.bytes());
    const auto faultOf = [&file](std::size_t number) {
        return summaryOf(file, number).fault.transform([](const Error &error) { return error.code; });
    };
    EXPECT_EQ(faultOf(3), ErrorCode::TrailingRecordPayload);
    EXPECT_EQ(std::get<std::string>(std::get<RecordSummary>(summaryOf(file, 3).what).key.data), "Dune")
        << "what its head says is there all the same";
    EXPECT_EQ(faultOf(4), ErrorCode::InvalidSchemaVersion);
    EXPECT_EQ(faultOf(5), ErrorCode::UnknownCollection);
    EXPECT_EQ(faultOf(6), std::nullopt);
    EXPECT_FALSE(summarize(*file.store, file.segments().at(3), nullptr)->fault) << "nothing to check it by";
}

TEST(SegmentSummary, OfALongRecordOnlyTheHeadIsRead)
{
    auto broken = row("Dune", RecordHead::Insert).encode();
    broken.resize(kLongestCheckedRecord + 1);
    FileBuilder builder;
    builder.begin()
        .append(SegmentType::Schema, books().encode())
        .append(SegmentType::Record, broken)
        .append(SegmentType::Record, std::span(broken).first(kLongestCheckedRecord))
        .commit();
    const Scanned file(builder.bytes());
    EXPECT_FALSE(summaryOf(file, 3).fault);
    EXPECT_TRUE(summaryOf(file, 4).fault);
}

TEST(SegmentSummary, OfDamagedBytesSaysSo)
{
    FileBuilder builder;
    builder.begin()
        .append(SegmentType::Schema, books().encode())
        .append(SegmentType::Record, row("Dune", RecordHead::Insert).encode())
        .append(SegmentType::Temp, "spilled")
        .commit();
    builder
        .flip(builder.offsets()[3] + (SegmentHeader::kSize + 16), 0x20) // a letter of the key
        .flip(builder.offsets()[4] + SegmentHeader::kSize);
    const Scanned file(builder.bytes());
    const auto record = summaryOf(file, 3);
    EXPECT_EQ(record.fault->code, ErrorCode::BadSegmentPayloadChecksum);
    EXPECT_EQ(std::get<std::string>(std::get<RecordSummary>(record.what).key.data), "dune");
    EXPECT_FALSE(summaryOf(file, 4).fault) << "nobody looks at the checksum of a spilled query";
}

TEST(SegmentSummary, FailsWithTheStore)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Record, row("Dune", RecordHead::Insert).encode()).commit();
    const Scanned file(builder.bytes());
    builder.cut(builder.offsets()[2].value + 40);
    EXPECT_EQ(test::outcome(summarize(*builder.store(), file.segments().at(2), nullptr)), "UnexpectedEof");
}

} // namespace
} // namespace modelvault
