#include "format/file_header.h"

#include <gtest/gtest.h>

namespace modelvault {
namespace {

ErrorCode codeOf(const std::vector<std::byte> &bytes)
{
    const auto header = FileHeader::decode(bytes);
    return header ? ErrorCode::Cancelled : header.error().code;
}

TEST(FileHeader, DecodesWhatItEncodes)
{
    const FileHeader header{.major = 0, .minor = 5, .headerSize = 32, .flags = 7};
    EXPECT_EQ(header.encode().size(), FileHeader::kSize);
    EXPECT_EQ(FileHeader::decode(header.encode()), header);
}

TEST(FileHeader, FewerThan32BytesAreTruncatedWhateverTheyAre)
{
    auto bytes = FileHeader{}.encode();
    bytes.resize(31);
    const auto header = FileHeader::decode(bytes);
    ASSERT_FALSE(header);
    EXPECT_EQ(header.error().code, ErrorCode::TruncatedHeader);
    EXPECT_EQ(header.error().expected, 32U);
    EXPECT_EQ(header.error().found, 31U);
    EXPECT_EQ(codeOf({}), ErrorCode::TruncatedHeader);
}

TEST(FileHeader, TheMagicIsLookedAtBeforeTheVersion)
{
    auto bytes = FileHeader{.minor = 99}.encode();
    bytes[3] = std::byte{'1'};
    EXPECT_EQ(codeOf(bytes), ErrorCode::BadMagic);
}

TEST(FileHeader, MinorsTwoToSixAreKnown)
{
    for (std::uint16_t minor = 2; minor <= 6; ++minor)
        EXPECT_TRUE(FileHeader::decode(FileHeader{.minor = minor}.encode()));
    for (const auto minor : std::initializer_list<std::uint16_t>{0, 1, 7})
        EXPECT_EQ(codeOf(FileHeader{.minor = minor}.encode()), ErrorCode::UnsupportedVersion);
    EXPECT_EQ(codeOf(FileHeader{.major = 1}.encode()), ErrorCode::UnsupportedVersion);
}

TEST(FileHeader, HeaderSizeFlagsAndReservedBytesAreNotChecked)
{
    auto bytes = FileHeader{.headerSize = 99, .flags = ~std::uint64_t{0}}.encode();
    bytes[31] = std::byte{1};
    EXPECT_TRUE(FileHeader::decode(bytes));
}

} // namespace
} // namespace modelvault
