#pragma once

#include "error.h"
#include "format/byte_reader.h"
#include "format/crc32c.h"
#include "position.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace modelvault {

/// FORMAT.md, "Segment types". Values outside the list do not leave SegmentHeader::decode().
enum class SegmentType : std::uint16_t {
    Schema = 1,
    Record = 2,
    Manifest = 3,
    Checkpoint = 4,
    Index = 5,
    TxnBegin = 6,
    TxnCommit = 7,
    TxnAbort = 8,
    Temp = 9,
};
inline constexpr std::size_t kSegmentTypes = 9;

/// For arrays with a place for each type: 0 .. kSegmentTypes - 1.
[[nodiscard]] constexpr std::size_t typeIndex(SegmentType type)
{
    return static_cast<std::size_t>(type) - 1;
}
[[nodiscard]] constexpr SegmentType typeAtIndex(std::size_t index)
{
    return static_cast<SegmentType>(index + 1);
}

[[nodiscard]] constexpr bool isTransactionMarker(SegmentType type)
{
    return type == SegmentType::TxnBegin || type == SegmentType::TxnCommit || type == SegmentType::TxnAbort;
}

/// Whether a wrong payload checksum ends the engine's walk of the log; not so for checkpoints and spilled queries.
[[nodiscard]] constexpr bool payloadChecksumEndsWalk(SegmentType type)
{
    return type != SegmentType::Checkpoint && type != SegmentType::Temp;
}

/// As in the output of mvinspect: "txn_begin", stable, never translated.
[[nodiscard]] std::string_view segmentTypeName(SegmentType type);
[[nodiscard]] std::string_view segmentTypeNameOf(std::uint64_t number); // empty for one that is none

/// What stands before each payload of the log. FORMAT.md, "Segment header".
struct SegmentHeader {
    static constexpr std::uint32_t kMagic = 0x30475354; // "TSG0"
    static constexpr std::uint64_t kSize = 4 + 2 + 2 + 4 + 8 + 4 + 1 + 3 + 4;
    static constexpr std::size_t kChecksumAt = 28;
    static constexpr std::uint16_t kVersion = 0;
    static constexpr std::uint8_t kChecksumKind = 0; // CRC-32C, the only one

    SegmentType type = SegmentType::Record;
    std::uint64_t payloadLength = 0;
    std::uint32_t payloadCrc = 0; ///< as stored

    /// Of the bytes from `at` on, kSize or more where the file has them. TruncatedSegmentHeader, BadSegmentMagic,
    /// UnsupportedVersion (version, type, header length or checksum kind), BadSegmentHeaderChecksum, in this order.
    /// Does not look whether the payload fits the file.
    [[nodiscard]] static Result<SegmentHeader> decode(std::span<const std::byte> bytes, Offset at,
                                                      FieldTrace *trace = nullptr)
    {
        SegmentHeader header;
        Error fault;
        return decodeInto(header, fault, bytes, at, trace) ? Result<SegmentHeader>(header) : std::unexpected(fault);
    }
    /// The same for loops that count nanoseconds: true and `header`, or false and `fault`.
    [[nodiscard]] static bool decodeInto(SegmentHeader &header, Error &fault, std::span<const std::byte> bytes,
                                         Offset at, FieldTrace *trace = nullptr);
    [[nodiscard]] std::vector<std::byte> encode() const;

    bool operator==(const SegmentHeader &) const = default;
};
static_assert(SegmentHeader::kSize == 32);

// A scan decodes a hundred million of them: inlined and without a Result, the fields stay in registers, and the length
// of the payload, which the place of the next header depends on, does not go through memory.
[[gnu::always_inline]] inline bool SegmentHeader::decodeInto(SegmentHeader &header, Error &fault,
                                                             std::span<const std::byte> bytes, Offset at,
                                                             FieldTrace *trace)
{
    const auto wrong = [&fault, at](ErrorCode code, std::uint64_t field, std::uint64_t expected, std::uint64_t found) {
        fault = {.code = code, .offset = at + field, .expected = expected, .found = found};
        return false;
    };
    if (bytes.size() < kSize) [[unlikely]]
        return wrong(ErrorCode::TruncatedSegmentHeader, 0, kSize, bytes.size());
    ByteReader reader(bytes.first(kSize), at, trace);
    if (const auto magic = reader.u32({"magic", mustBe(kMagic), FieldKind::Magic}); magic != kMagic) [[unlikely]]
        return wrong(ErrorCode::BadSegmentMagic, 0, kMagic, magic);

    const auto version = reader.u16({"version", mustBe(kVersion), FieldKind::Version});
    const auto type = reader.u16({"type", between(1, kSegmentTypes), FieldKind::Number, segmentTypeNameOf});
    const auto headerLength = reader.u32({"header length", mustBe(kSize), FieldKind::Length});
    const auto payloadLength = reader.u64({"payload length", {}, FieldKind::Length});
    const auto payloadCrc = reader.u32({"payload CRC", {}, FieldKind::Checksum});
    const auto checksumKind = reader.u8({"checksum kind", mustBe(kChecksumKind), FieldKind::Number, checksumKindName});
    reader.skip(3);
    const auto found = reader.u32({"header CRC", {}, FieldKind::Checksum});
    if (trace != nullptr) [[unlikely]]
        trace->judge(checksumOf(at, at + kChecksumAt, crc32c(bytes.first(kChecksumAt))));

    if (version != kVersion) [[unlikely]]
        return wrong(ErrorCode::UnsupportedVersion, 4, kVersion, version);
    if (type == 0 || type > kSegmentTypes) [[unlikely]]
        return wrong(ErrorCode::UnsupportedVersion, 6, kSegmentTypes, type);
    if (headerLength != kSize) [[unlikely]]
        return wrong(ErrorCode::UnsupportedVersion, 8, kSize, headerLength);
    if (checksumKind != kChecksumKind) [[unlikely]]
        return wrong(ErrorCode::UnsupportedVersion, 24, kChecksumKind, checksumKind);
    if (const auto expected = crc32c(bytes.first(kChecksumAt)); !isRightCrc(found, expected)) [[unlikely]]
        return wrong(ErrorCode::BadSegmentHeaderChecksum, kChecksumAt, expected, found);

    header.type = static_cast<SegmentType>(type);
    header.payloadLength = payloadLength;
    header.payloadCrc = payloadCrc;
    return true;
}

} // namespace modelvault
