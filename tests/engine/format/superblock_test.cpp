#include "format/superblock.h"

#include <gtest/gtest.h>

namespace modelvault {
namespace {

constexpr Offset kAt = Superblock::slotOffset(SuperblockSlot::B);

const Superblock kWhole{.version = 1,
                        .generation = 12,
                        .manifestOffset = {9000},
                        .manifestLength = 18,
                        .checkpointOffset = {8500},
                        .checkpointLength = 740};

ErrorCode codeOf(const std::vector<std::byte> &bytes)
{
    const auto block = Superblock::decode(bytes, kAt);
    return block ? ErrorCode::Cancelled : block.error().code;
}

TEST(Superblock, DecodesWhatItEncodes)
{
    EXPECT_EQ(kWhole.encode().size(), Superblock::kSize);
    EXPECT_EQ(Superblock::decode(kWhole.encode(), kAt), kWhole);
}

TEST(Superblock, VersionZeroHasNoCheckpoint)
{
    Superblock old = kWhole;
    old.version = 0;
    const auto block = Superblock::decode(old.encode(), kAt);
    ASSERT_TRUE(block);
    EXPECT_EQ(block->generation, 12U);
    EXPECT_EQ(block->checkpointOffset, Offset{0});
    EXPECT_EQ(block->checkpointLength, 0U);
}

TEST(Superblock, ErrorsComeInTheOrderOfTheFormatPage)
{
    auto bytes = kWhole.encode();
    bytes[48] ^= std::byte{1};
    EXPECT_EQ(codeOf(bytes), ErrorCode::BadSuperblockChecksum);
    bytes[28] = std::byte{1};
    EXPECT_EQ(codeOf(bytes), ErrorCode::UnsupportedVersion) << "the checksum's kind";
    bytes[28] = std::byte{0};
    bytes[4] = std::byte{2};
    EXPECT_EQ(codeOf(bytes), ErrorCode::UnsupportedVersion) << "the version";
    bytes[0] = std::byte{'X'};
    EXPECT_EQ(codeOf(bytes), ErrorCode::BadSuperblockMagic);
    bytes.pop_back();
    EXPECT_EQ(codeOf(bytes), ErrorCode::TruncatedSuperblock);
}

TEST(Superblock, AWrongChecksumIsSaidWithBothNumbers)
{
    auto bytes = kWhole.encode();
    bytes[8] ^= std::byte{0xFF};
    const auto block = Superblock::decode(bytes, kAt);
    ASSERT_FALSE(block);
    EXPECT_EQ(block.error().offset, kAt + 48);
    EXPECT_NE(block.error().expected, block.error().found);
}

TEST(Superblock, BytesBehindTheChecksumAreNotCovered)
{
    auto bytes = kWhole.encode();
    bytes[4095] = std::byte{1};
    EXPECT_TRUE(Superblock::decode(bytes, kAt));
}

class SelectSuperblock : public testing::Test {
protected:
    static Result<Superblock> generation(std::uint64_t number) { return Superblock{.generation = number}; }
    static inline const Result<Superblock> kBad = failure(ErrorCode::BadSuperblockChecksum);
};

TEST_F(SelectSuperblock, TheHigherGenerationWins)
{
    EXPECT_EQ(selectSuperblock({generation(3), generation(4)}), SuperblockSlot::B);
    EXPECT_EQ(selectSuperblock({generation(5), generation(4)}), SuperblockSlot::A);
}

TEST_F(SelectSuperblock, EqualGenerationsGiveA)
{
    EXPECT_EQ(selectSuperblock({generation(4), generation(4)}), SuperblockSlot::A);
}

TEST_F(SelectSuperblock, TheOnlyValidOneIsTaken)
{
    EXPECT_EQ(selectSuperblock({kBad, generation(1)}), SuperblockSlot::B);
    EXPECT_EQ(selectSuperblock({generation(1), kBad}), SuperblockSlot::A);
    EXPECT_EQ(selectSuperblock({kBad, kBad}), std::nullopt);
}

} // namespace
} // namespace modelvault
