#pragma once

#include "log/segment_index.h"
#include "position.h"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace modelvault {

/// Which segments passed a filter, as rows 0, 1, 2, …: at most a fifth of a byte for each segment of the log, however
/// many passed. A value.
class SegmentHits {
public:
    /// Which of the segments passed that a block of the index has. Made segment by segment.
    class Block {
    public:
        explicit Block(std::uint64_t number) : m_number(number) { }
        /// All of the first `count`.
        [[nodiscard]] static Block allOf(std::uint64_t number, std::uint64_t count);

        void add(SegmentNo no) { m_bits[no.value % SegmentIndex::kStride / kWord] |= 1ULL << no.value % kWord; }
        /// As in SegmentIndex::block().
        [[nodiscard]] std::uint64_t number() const { return m_number; }
        [[nodiscard]] std::uint64_t count() const;

    private:
        friend class SegmentHits;

        static constexpr std::uint64_t kWord = 64;

        std::uint64_t m_number;
        std::uint64_t m_before = 0; // hits in the blocks before
        std::array<std::uint64_t, SegmentIndex::kStride / kWord> m_bits{};
    };

    /// In the order of the log. One that is the last one already takes its place.
    void append(const Block &block);

    [[nodiscard]] std::uint64_t count() const { return m_count; }
    /// The segment of a row less than count().
    [[nodiscard]] SegmentNo at(std::uint64_t row) const;
    /// Of rows `first` to `last`, inclusive, both less than count().
    [[nodiscard]] std::vector<SegmentNo> at(std::uint64_t first, std::uint64_t last) const;
    /// None for a segment that did not pass.
    [[nodiscard]] std::optional<std::uint64_t> rowOf(SegmentNo no) const;
    [[nodiscard]] std::uint64_t memoryBytes() const { return m_blocks.capacity() * sizeof(Block); }

private:
    std::vector<Block> m_blocks; // those with hits
    std::uint64_t m_count = 0;
};

} // namespace modelvault
