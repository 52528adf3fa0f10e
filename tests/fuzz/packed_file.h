#pragma once

#include "format/file_header.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

// Database files as fuzzers see them: 8 KiB of each are zeros that no mutation should be wasted on.

namespace modelvault::fuzz {

/// What is kept of a superblock: up to the end of its checksum.
inline constexpr std::size_t kPackedSlot = 52;
inline constexpr std::size_t kPackedHead = FileHeader::kSize + 2 * kPackedSlot;

/// Header, the used bytes of both superblocks, log. Files that end before the log stay as they are, up to kPackedHead.
[[nodiscard]] std::vector<std::byte> packed(std::span<const std::byte> file);
[[nodiscard]] std::vector<std::byte> unpacked(std::span<const std::byte> input);

/// Makes all checksums right: those of superblocks, segment headers, payloads and transaction markers. Where a segment
/// does not fit, goes on at the next that seems to begin.
void repairChecksums(std::vector<std::byte> &input);

/// Where the segments begin and end that lie one behind the other, or behind what is none.
struct PackedSegment {
    std::size_t begin;
    std::size_t end;
};
[[nodiscard]] std::vector<PackedSegment> segmentsOf(std::span<const std::byte> input);

/// Changes bytes in place, at most `room` of them, and says how many are there then: as LLVMFuzzerMutate() does.
using Mutate = std::function<std::size_t(std::byte *bytes, std::size_t size, std::size_t room)>;

/// One mutation that knows what a file is made of: of a payload alone, of the order of segments, or of everything; then
/// all checksums are right, if `repairs`. At most `most` bytes.
void mutate(std::vector<std::byte> &input, std::size_t most, std::uint32_t seed, const Mutate &mutateBytes,
            bool repairs);

} // namespace modelvault::fuzz
