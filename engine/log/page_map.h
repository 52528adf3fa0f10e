#pragma once

#include "format/segment.h"
#include "position.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace modelvault {

/// What a stretch of a file holds, as far as the page map tells it apart.
enum class ContentKind : std::uint8_t {
    NotScanned,
    Head, ///< file header and superblocks
    Schema,
    Record,
    Manifest,
    Checkpoint,
    Index,
    Transaction, ///< begin, commit and abort markers
    Temp,
    Damaged, ///< bytes that belong to no whole segment, or to one whose payload checksum is wrong
};
inline constexpr std::size_t kContentKinds = 10;

[[nodiscard]] constexpr ContentKind contentKind(SegmentType type)
{
    static constexpr ContentKind kKinds[kSegmentTypes] = {
        ContentKind::Schema,      ContentKind::Record,      ContentKind::Manifest,
        ContentKind::Checkpoint,  ContentKind::Index,       ContentKind::Transaction,
        ContentKind::Transaction, ContentKind::Transaction, ContentKind::Temp};
    return kKinds[typeIndex(type)];
}

/// Which kinds lie on each 16 KiB page, and which of them takes the most bytes. Two bytes a page, and little more for
/// sums over many of them. A frozen value once the scan that filled it has ended.
class PageMap {
public:
    static constexpr std::uint64_t kPageSize = 16 * 1024;

    /// Of a stretch of pages, summed up.
    struct Tally {
        std::array<std::uint64_t, kContentKinds> dominated{}; ///< by kind: pages of which it takes the most bytes
        std::array<bool, kContentKinds> holds{};              ///< by kind: whether it lies on any of them

        /// What most of the pages that were scanned hold most of; of equals, the first in the order of ContentKind.
        [[nodiscard]] ContentKind kind() const;
        [[nodiscard]] bool holdsAny(ContentKind kind) const { return holds[static_cast<std::size_t>(kind)]; }
    };

    PageMap() = default;
    explicit PageMap(std::uint64_t fileLength);

    [[nodiscard]] std::uint64_t pageCount() const { return m_pages.size(); }
    [[nodiscard]] ContentKind dominant(PageNo page) const;
    [[nodiscard]] bool holds(PageNo page, ContentKind kind) const;
    /// Of [first, end), as far as there are such pages. Takes no longer for millions of pages than for a few thousand.
    [[nodiscard]] Tally tally(PageNo first, PageNo end) const;
    [[nodiscard]] std::uint64_t memoryBytes() const
    {
        return m_pages.capacity() * sizeof(Page) + m_blocks.capacity() * sizeof(Block);
    }

    [[nodiscard]] static constexpr PageNo pageAt(Offset offset) { return {offset.value / kPageSize}; }
    [[nodiscard]] static constexpr Offset start(PageNo page) { return {page.value * kPageSize}; }

    /// Says what [begin, end) holds. Calls come in the order of the file and do not overlap.
    void add(Offset begin, Offset end, ContentKind kind)
    {
        if (end <= m_currentEnd) [[likely]] // in the order of the file, so not before it
            m_bytes[static_cast<std::size_t>(kind)] += static_cast<std::uint32_t>(end - begin);
        else
            addAcross(begin, end, kind);
    }
    /// Goes on for a file of another length; not after finish(). Nothing was added behind it.
    void resize(std::uint64_t fileLength);
    /// Settles the last page that something was added to; more may follow only behind that page.
    void finish();
    /// Says that [begin, end), added before, turned out to be damaged. After finish().
    void markDamaged(Offset begin, Offset end);

private:
    using Page = std::uint16_t; // low 10 bits: one a kind; high 4: the dominant one

    static constexpr std::uint64_t kPagesPerBlock = 256;
    // The sum of so many pages; the last block of a file may be short.
    struct Block {
        std::array<std::uint16_t, kContentKinds> dominated{};
        Page holds = 0;
    };

    void addAcross(Offset begin, Offset end, ContentKind kind);
    void setPage(std::uint64_t page, unsigned kinds, std::size_t dominant);

    std::vector<Page> m_pages;
    std::vector<Block> m_blocks;
    std::uint64_t m_current = 0; // the page that m_bytes counts
    Offset m_currentEnd{kPageSize};
    std::uint32_t m_bytes[kContentKinds] = {};
};

} // namespace modelvault
