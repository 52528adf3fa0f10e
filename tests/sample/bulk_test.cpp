#include "sample/bulk.h"

#include "store/raw_file_store.h"
#include "support/results.h"
#include "support/scanned.h"
#include "support/scratch_dir.h"
#include "support/strict_open.h"

#include <gtest/gtest.h>

namespace modelvault::sample {
namespace {

using test::outcome;
using test::Scanned;

std::vector<std::byte> bulk(const BulkOptions &options)
{
    const test::ScratchDir dir;
    const auto path = dir / "bulk.mv";
    EXPECT_EQ(outcome(writeBulk(std::make_unique<RawFileStore>(FileHandle::open(path, OpenMode::CreateNew).value()),
                                options)),
              "ok");
    return test::readFile(path);
}

TEST(Bulk, IsOneSegmentForTheIndexAndOneForTheRow)
{
    const auto bytes = bulk({.rows = 2'500});
    const Scanned scanned(bytes);
    EXPECT_TRUE(scanned.snapshot->findings.empty());
    const auto &index = *scanned.snapshot->log.index;
    EXPECT_EQ(index.count(SegmentType::Record), 2'500U);
    EXPECT_EQ(index.count(SegmentType::Index), 2'500U);
    EXPECT_EQ(index.transactionCount(), 1U + 3U) << "of the schema, of 1000, 1000 and 500 rows";
    const auto state = test::openStrictly(bytes);
    ASSERT_TRUE(state);
    EXPECT_EQ(state->rows.at(1).size(), 2'500U);
}

TEST(Bulk, IsTheSameEachTime)
{
    EXPECT_TRUE(bulk({.rows = 100}) == bulk({.rows = 100}));
}

TEST(Bulk, PublishesEachRowIfAskedTo)
{
    const Scanned scanned(bulk({.rows = 50, .batch = 1}));
    EXPECT_EQ(scanned.snapshot->log.index->transactionCount(), 51U);
    EXPECT_EQ(scanned.snapshot->log.index->count(SegmentType::Manifest), 52U);
}

TEST(Bulk, RowsAreAsWideAndAsLongAsAskedFor)
{
    const auto state = test::openStrictly(bulk({.rows = 10, .fields = 200, .payload = 10'001})).value();
    const auto &record = state.rows.at(1).begin()->second;
    EXPECT_EQ(record.fields.size(), 200U) << "the key apart, with the payload";
    EXPECT_EQ(std::get<Value::Bytes>(record.fields.back().value.data).size(), 10'001U);
}

TEST(Bulk, RowsBeyondTheKeysReplaceEarlierOnes)
{
    const auto state = test::openStrictly(bulk({.rows = 100, .keys = 30})).value();
    EXPECT_EQ(state.rows.at(1).size(), 30U);
    EXPECT_EQ(state.entries.size(), 30U);
}

TEST(Bulk, RefusesWhatIsNoDatabase)
{
    const auto refused = [](const BulkOptions &options) {
        return outcome(writeBulk(std::make_unique<MemoryStore>(), options));
    };
    EXPECT_EQ(refused({.rows = 1, .batch = 0}), "InvalidInput");
    EXPECT_EQ(refused({.rows = 1, .fields = 3}), "InvalidInput");
    EXPECT_EQ(refused({.rows = 1, .fields = 4'096, .payload = 1}), "InvalidInput");
    EXPECT_EQ(refused({.rows = 1, .payload = 16 * 1024 * 1024 + 1}), "InvalidInput");
}

} // namespace
} // namespace modelvault::sample
