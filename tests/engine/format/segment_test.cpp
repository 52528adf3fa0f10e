#include "format/segment.h"

#include "format/manifest.h"
#include "format/transaction_marker.h"

#include <gtest/gtest.h>

namespace modelvault {
namespace {

constexpr Offset kAt{9000};

ErrorCode codeOf(std::span<const std::byte> bytes)
{
    const auto header = SegmentHeader::decode(bytes, kAt);
    return header ? ErrorCode::Cancelled : header.error().code;
}

TEST(SegmentHeader, DecodesWhatItEncodes)
{
    for (std::size_t i = 0; i < kSegmentTypes; ++i) {
        const SegmentHeader header{.type = typeAtIndex(i), .payloadLength = 1ULL << 40, .payloadCrc = 0xDEADBEEF};
        EXPECT_EQ(header.encode().size(), SegmentHeader::kSize);
        EXPECT_EQ(SegmentHeader::decode(header.encode(), kAt), header);
    }
}

TEST(SegmentHeader, ErrorsComeInTheOrderOfTheFormatPage)
{
    auto bytes = SegmentHeader{}.encode();
    bytes[28] ^= std::byte{1};
    EXPECT_EQ(codeOf(bytes), ErrorCode::BadSegmentHeaderChecksum);
    bytes[24] = std::byte{1};
    EXPECT_EQ(codeOf(bytes), ErrorCode::UnsupportedVersion);
    bytes[0] = std::byte{'X'};
    EXPECT_EQ(codeOf(bytes), ErrorCode::BadSegmentMagic);
    EXPECT_EQ(codeOf(std::span(bytes).first(31)), ErrorCode::TruncatedSegmentHeader);
}

TEST(SegmentHeader, EachFieldWithOneAllowedValueIsChecked)
{
    for (const std::size_t at : {4U, 6U, 8U, 24U}) {
        auto bytes = SegmentHeader{}.encode();
        bytes[at] = std::byte{77};
        const auto header = SegmentHeader::decode(bytes, kAt);
        ASSERT_FALSE(header);
        EXPECT_EQ(header.error().code, ErrorCode::UnsupportedVersion);
        EXPECT_EQ(header.error().offset, kAt + at);
        EXPECT_EQ(header.error().found, 77U);
    }
}

TEST(SegmentHeader, TypeZeroAndTypesAboveNineAreUnknown)
{
    for (const int type : {0, 10}) {
        auto bytes = SegmentHeader{}.encode();
        bytes[6] = static_cast<std::byte>(type);
        EXPECT_EQ(codeOf(bytes), ErrorCode::UnsupportedVersion);
    }
}

TEST(SegmentHeader, EveryBitBeforeTheChecksumIsCovered)
{
    const auto whole = SegmentHeader{.payloadLength = 5, .payloadCrc = 7}.encode();
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        auto bytes = whole;
        bytes[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
        EXPECT_FALSE(SegmentHeader::decode(bytes, kAt)) << bit;
    }
}

TEST(Manifest, DecodesWhatItEncodes)
{
    const Manifest manifest{.segmentOffset = {8224}, .segmentLength = 50};
    EXPECT_EQ(manifest.encode().size(), Manifest::kSize);
    EXPECT_EQ(Manifest::decode(manifest.encode(), kAt), manifest);
}

TEST(Manifest, AnotherSizeOrVersionIsRefused)
{
    auto bytes = Manifest{}.encode();
    bytes[0] = std::byte{1};
    EXPECT_EQ(Manifest::decode(bytes, kAt).error().code, ErrorCode::UnsupportedVersion);
    bytes.pop_back();
    EXPECT_EQ(Manifest::decode(bytes, kAt).error().code, ErrorCode::InvalidManifestPayload);
}

TEST(TransactionMarker, DecodesWhatItEncodes)
{
    const TransactionMarker marker{.id = 0x1122334455667788};
    EXPECT_EQ(marker.encode().size(), TransactionMarker::kSize);
    EXPECT_EQ(TransactionMarker::decode(marker.encode(), kAt), marker);
}

TEST(TransactionMarker, IsRefusedForItsSizeVersionOrChecksum)
{
    const auto code = [](std::span<const std::byte> bytes) {
        const auto marker = TransactionMarker::decode(bytes, kAt);
        return marker ? ErrorCode::Cancelled : marker.error().code;
    };
    auto bytes = TransactionMarker{.id = 3}.encode();
    EXPECT_EQ(code(std::span(bytes).first(23)), ErrorCode::InvalidTxnPayload);
    bytes[23] = std::byte{9};
    EXPECT_EQ(code(bytes), ErrorCode::Cancelled) << "the padding is not checked";
    bytes[2] ^= std::byte{1};
    EXPECT_EQ(code(bytes), ErrorCode::InvalidTxnPayload) << "the id is covered";
    bytes[2] ^= std::byte{1};
    bytes[0] = std::byte{1};
    EXPECT_EQ(code(bytes), ErrorCode::InvalidTxnPayload) << "the version";
}

} // namespace
} // namespace modelvault
