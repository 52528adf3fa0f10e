#pragma once

#include "error.h"
#include "format/file_header.h"
#include "position.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace modelvault {

enum class SuperblockSlot : std::uint8_t { A, B };

/// One of the two places that say where the newest manifest and checkpoint lie. FORMAT.md, "Superblock".
struct Superblock {
    static constexpr std::uint32_t kMagic = 0x30425354; // "TSB0"
    static constexpr std::uint64_t kSize = 4096;
    static constexpr std::uint16_t kVersionHighest = 1;

    std::uint16_t version = kVersionHighest;
    std::uint64_t generation = 0;
    Offset manifestOffset; ///< of the manifest's segment header; 0 = none
    std::uint32_t manifestLength = 0;
    Offset checkpointOffset; ///< of the checkpoint's segment header; 0 = none. Version 1 only.
    std::uint32_t checkpointLength = 0;

    [[nodiscard]] static constexpr Offset slotOffset(SuperblockSlot slot)
    {
        return {slot == SuperblockSlot::A ? FileHeader::kSize : FileHeader::kSize + kSize};
    }

    /// Of the bytes of a slot that lies at `at`, fewer than kSize where the file ends in it. TruncatedSuperblock,
    /// BadSuperblockMagic, UnsupportedVersion (version or checksum kind), BadSuperblockChecksum, in this order.
    [[nodiscard]] static Result<Superblock> decode(std::span<const std::byte> bytes, Offset at,
                                                   FieldTrace *trace = nullptr);
    [[nodiscard]] std::vector<std::byte> encode() const;

    bool operator==(const Superblock &) const = default;
};
static_assert(Superblock::slotOffset(SuperblockSlot::B).value == 0x1020);

/// Both slots as they were read, A first.
using Superblocks = std::array<Result<Superblock>, 2>;

/// The slot that counts: the only valid one, else that of the higher generation, else A. None if neither is valid.
[[nodiscard]] std::optional<SuperblockSlot> selectSuperblock(const Superblocks &slots);

/// Where the log begins.
inline constexpr Offset kLogStart{FileHeader::kSize + 2 * Superblock::kSize};
static_assert(kLogStart.value == 8224);

} // namespace modelvault
