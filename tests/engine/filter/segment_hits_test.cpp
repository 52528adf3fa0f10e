#include "filter/segment_hits.h"

#include <gtest/gtest.h>

#include <random>

namespace modelvault {
namespace {

using Block = SegmentHits::Block;

void appendAll(SegmentHits &hits, const std::vector<std::uint64_t> &numbers)
{
    Block block(0);
    for (const auto number : numbers) {
        if (number / SegmentIndex::kStride != block.number()) {
            hits.append(block);
            block = Block(number / SegmentIndex::kStride);
        }
        block.add({number});
    }
    hits.append(block);
}

TEST(SegmentHits, FindsTheSegmentOfARowAndBack)
{
    std::mt19937_64 random(3);
    std::vector<std::uint64_t> numbers;
    for (std::uint64_t no = 0; numbers.size() < 20'000; no += 1 + random() % (no < 100'000 ? 3 : 400))
        numbers.push_back(no);
    SegmentHits hits;
    appendAll(hits, numbers);
    ASSERT_EQ(hits.count(), numbers.size());
    for (std::uint64_t row = 0; row < numbers.size(); ++row) {
        ASSERT_EQ(hits.at(row).value, numbers[row]);
        ASSERT_EQ(hits.rowOf({numbers[row]}), row);
        if (row > 0 && numbers[row] > numbers[row - 1] + 1) {
            ASSERT_EQ(hits.rowOf({numbers[row] - 1}), std::nullopt);
        }
    }
    EXPECT_EQ(hits.rowOf({numbers.back() + 1'000'000}), std::nullopt);
    const auto some = hits.at(100, 102);
    ASSERT_EQ(some.size(), 3U);
    EXPECT_EQ(some[2].value, numbers[102]);
}

TEST(SegmentHits, OfNothingHaveNoRows)
{
    SegmentHits hits;
    EXPECT_EQ(hits.count(), 0U);
    EXPECT_EQ(hits.rowOf({0}), std::nullopt);
    hits.append(Block(7));
    EXPECT_EQ(hits.count(), 0U);
    EXPECT_EQ(hits.memoryBytes(), 0U);
}

TEST(SegmentHits, ABlockThatGrewTakesItsPlace)
{
    SegmentHits hits;
    hits.append(Block::allOf(0, SegmentIndex::kStride));
    hits.append(Block::allOf(1, 3));
    hits.append(Block::allOf(1, 70));
    EXPECT_EQ(hits.count(), SegmentIndex::kStride + 70);
    EXPECT_EQ(hits.at(SegmentIndex::kStride + 69).value, SegmentIndex::kStride + 69);
}

TEST(SegmentHits, OfAllSegmentsStaySmall)
{
    constexpr std::uint64_t kBlocks = 20'000; // 10 million segments
    SegmentHits hits;
    for (std::uint64_t number = 0; number < kBlocks; ++number)
        hits.append(Block::allOf(number, SegmentIndex::kStride));
    EXPECT_EQ(hits.count(), kBlocks * SegmentIndex::kStride);
    EXPECT_EQ(hits.at(hits.count() - 1).value, hits.count() - 1);
    EXPECT_EQ(hits.rowOf({7'654'321}), 7'654'321U);
    // Twice the blocks while the list grows.
    EXPECT_LE(hits.memoryBytes(), hits.count() / 5 * 2);
}

} // namespace
} // namespace modelvault
