#include "format/checkpoint.h"

#include "support/results.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace modelvault {
namespace {

using test::outcome;

constexpr Offset kAt{9000};

class Checkpoints : public testing::Test {
protected:
    Checkpoint made() const
    {
        return {.replayFrom = {0x1122334455},
                .catalogEntries = {{.at = {}, .bytes = m_catalog}},
                .records = {{.at = {}, .bytes = m_record}, {.at = {}, .bytes = {}}},
                .indexChanges = {.at = {}, .bytes = m_index}};
    }

    const std::vector<std::byte> m_catalog = test::byteVector("catalog");
    const std::vector<std::byte> m_record = test::byteVector("record");
    const std::vector<std::byte> m_index = test::byteVector("index");
};

TEST_F(Checkpoints, DecodeAsTheyEncodeAndKnowWhereTheirPartsLie)
{
    const auto bytes = made().encode();
    const auto decoded = Checkpoint::decode(bytes, kAt);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->replayFrom, Offset{0x1122334455});
    ASSERT_EQ(decoded->catalogEntries.size(), 1U);
    ASSERT_EQ(decoded->records.size(), 2U);
    EXPECT_TRUE(std::ranges::equal(decoded->catalogEntries[0].bytes, m_catalog));
    EXPECT_EQ(decoded->catalogEntries[0].at, kAt + 2 + 8 + 4 + 4);
    EXPECT_TRUE(std::ranges::equal(decoded->records[0].bytes, m_record));
    EXPECT_TRUE(std::ranges::equal(decoded->indexChanges.bytes, m_index));
    EXPECT_EQ(decoded->indexChanges.at, Offset{kAt.value + bytes.size() - m_index.size()});
    EXPECT_EQ(decoded->encode(), bytes);
}

TEST_F(Checkpoints, AreOfVersionZero)
{
    auto bytes = made().encode();
    bytes[0] = std::byte{1};
    EXPECT_EQ(outcome(Checkpoint::decode(bytes, kAt)), "UnsupportedVersion");
}

TEST_F(Checkpoints, NeedEveryByteAndNoMore)
{
    auto bytes = made().encode();
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_EQ(outcome(Checkpoint::decode(std::span(bytes).first(size), kAt)), "InvalidCheckpointPayload") << size;
    bytes.push_back(std::byte{0});
    EXPECT_EQ(outcome(Checkpoint::decode(bytes, kAt)), "InvalidCheckpointPayload");
}

TEST_F(Checkpoints, WithALengthOrACountThatLiesAreRefused)
{
    const auto whole = made().encode();
    for (const std::size_t at : {10U, 14U}) {
        auto bytes = whole;
        bytes[at + 3] = std::byte{0xFF};
        EXPECT_EQ(outcome(Checkpoint::decode(bytes, kAt)), "InvalidCheckpointPayload");
    }
}

} // namespace
} // namespace modelvault
