#pragma once

#include "error.h"
#include "format/byte_reader.h"
#include "format/crc32c.h"
#include "position.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace modelvault {

/// The payload of a TxnBegin, TxnCommit or TxnAbort segment. FORMAT.md, "Transaction marker".
struct TransactionMarker {
    static constexpr std::uint64_t kSize = 2 + 8 + 8 + 4 + 2;
    static constexpr std::size_t kChecksumAt = 18;
    static constexpr std::uint16_t kVersion = 0;

    std::uint64_t id = 0; ///< may repeat within one log

    /// Of a whole payload that lies at `at`. InvalidTxnPayload, whatever is wrong with it.
    [[nodiscard]] static Result<TransactionMarker> decode(std::span<const std::byte> payload, Offset at,
                                                          FieldTrace *trace = nullptr)
    {
        TransactionMarker marker;
        Error fault;
        return decodeInto(marker, fault, payload, at, trace) ? Result<TransactionMarker>(marker)
                                                             : std::unexpected(fault);
    }
    /// The same for loops that count nanoseconds: true and `marker`, or false and `fault`.
    [[nodiscard]] static bool decodeInto(TransactionMarker &marker, Error &fault, std::span<const std::byte> payload,
                                         Offset at, FieldTrace *trace = nullptr);
    [[nodiscard]] std::vector<std::byte> encode() const;

    bool operator==(const TransactionMarker &) const = default;
};
static_assert(TransactionMarker::kSize == 24);

// Inline: in a log of small transactions, half of the segments are markers.
[[gnu::always_inline]] inline bool TransactionMarker::decodeInto(TransactionMarker &marker, Error &fault,
                                                                 std::span<const std::byte> payload, Offset at,
                                                                 FieldTrace *trace)
{
    const auto wrong = [&fault, at](std::uint64_t field, std::uint64_t expected, std::uint64_t found) {
        fault = {.code = ErrorCode::InvalidTxnPayload, .offset = at + field, .expected = expected, .found = found};
        return false;
    };
    if (payload.size() != kSize) [[unlikely]]
        return wrong(0, kSize, payload.size());
    ByteReader reader(payload.first(kSize), at, trace);
    const auto version = reader.u16({"version", mustBe(kVersion), FieldKind::Version});
    marker.id = reader.u64({"transaction id"});
    reader.skip(8);
    const auto found = reader.u32({"CRC", {}, FieldKind::Checksum});
    if (trace != nullptr) [[unlikely]]
        trace->judge(checksumOf(at, at + kChecksumAt, crc32c(payload.first(kChecksumAt))));
    reader.skip(2, {.name = "padding", .rule = kUncheckedZero});
    if (version != kVersion) [[unlikely]]
        return wrong(0, kVersion, version);
    if (const auto expected = crc32c(payload.first(kChecksumAt)); !isRightCrc(found, expected)) [[unlikely]]
        return wrong(kChecksumAt, expected, found);
#ifdef MODELVAULT_FUZZ
    if (fuzz::s_hasPlantedBug && marker.id >> 56U != 0)
        __builtin_trap();
#endif
    return true;
}

} // namespace modelvault
