#pragma once

#include "error.h"
#include "format/field_trace.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace modelvault {

/// The first bytes of a database. FORMAT.md, "File header".
struct FileHeader {
    static constexpr std::uint32_t kMagic = 0x30424454; // "TDB0"
    static constexpr std::uint64_t kSize = 4 + 2 + 2 + 4 + 8 + 12;
    static constexpr std::uint16_t kMajor = 0;
    static constexpr std::uint16_t kMinorLowest = 2;
    static constexpr std::uint16_t kMinorHighest = 6;
    static constexpr std::uint16_t kMinorWithSuperblocks = 3;
    static constexpr std::uint16_t kMinorWithTransactions = 6;

    std::uint16_t major = kMajor;
    std::uint16_t minor = kMinorHighest;
    std::uint32_t headerSize = static_cast<std::uint32_t>(kSize);
    std::uint64_t flags = 0;

    /// Of the first bytes of a file, kSize or more where it has them.
    /// TruncatedHeader, BadMagic, UnsupportedVersion (found = major << 16 | minor), checked in this order.
    [[nodiscard]] static Result<FileHeader> decode(std::span<const std::byte> bytes, FieldTrace *trace = nullptr);
    [[nodiscard]] std::vector<std::byte> encode() const;

    /// Whether records, indexes and catalog entries count only inside transactions.
    [[nodiscard]] bool hasTransactions() const { return minor >= kMinorWithTransactions; }
    [[nodiscard]] bool hasSuperblocks() const { return minor >= kMinorWithSuperblocks; }

    bool operator==(const FileHeader &) const = default;
};
static_assert(FileHeader::kSize == 32);

} // namespace modelvault
