#include "format/crc32c.h"

#include <gtest/gtest.h>

#include <random>
#include <string_view>
#include <vector>

namespace modelvault {
namespace {

std::span<const std::byte> bytesOf(std::string_view text)
{
    return std::as_bytes(std::span(text));
}

// The definition, a bit at a time.
std::uint32_t slowCrc(std::span<const std::byte> bytes)
{
    std::uint32_t crc = 0xFFFFFFFF;
    for (const auto byte : bytes) {
        crc ^= std::to_integer<std::uint32_t>(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
    }
    return ~crc;
}

TEST(Crc32c, GivesTheCheckValueOfTheFormatPage)
{
    EXPECT_EQ(crc32c(bytesOf("123456789")), 0xE3069283U);
}

TEST(Crc32c, GivesTheVectorsOfRfc3720)
{
    EXPECT_EQ(crc32c(std::vector(32, std::byte{0x00})), 0x8A9136AAU);
    EXPECT_EQ(crc32c(std::vector(32, std::byte{0xFF})), 0x62A8AB43U);
    std::vector<std::byte> rising(32);
    for (std::size_t i = 0; i < rising.size(); ++i)
        rising[i] = static_cast<std::byte>(i);
    EXPECT_EQ(crc32c(rising), 0x46DD794EU);
}

TEST(Crc32c, EveryLengthAndAlignmentAgreesWithTheDefinition)
{
    std::mt19937 random(1);
    std::vector<std::byte> bytes(2048);
    for (auto &byte : bytes)
        byte = static_cast<std::byte>(random());
    for (std::size_t length = 0; length < 600; ++length) {
        const auto piece = std::span<const std::byte>(bytes).subspan(length % 13, length);
        ASSERT_EQ(crc32c(piece), slowCrc(piece)) << length;
        ASSERT_EQ(~crc32c_detail::extendOutOfLine(0xFFFFFFFF, piece), slowCrc(piece)) << length;
    }
}

TEST(Crc32c, PiecesGiveWhatTheWholeGives)
{
    const auto whole = bytesOf("pack my box with five dozen liquor jugs");
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        Crc32c pieces;
        pieces.add(whole.first(cut));
        pieces.add(whole.subspan(cut));
        EXPECT_EQ(pieces.value(), crc32c(whole));
    }
}

} // namespace
} // namespace modelvault
