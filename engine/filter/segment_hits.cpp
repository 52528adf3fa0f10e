#include "filter/segment_hits.h"

#include <algorithm>
#include <bit>

namespace modelvault {

SegmentHits::Block SegmentHits::Block::allOf(std::uint64_t number, std::uint64_t count)
{
    Block block(number);
    for (auto &word : block.m_bits) {
        const auto here = std::min(count, kWord);
        word = here == kWord ? ~std::uint64_t{0} : (std::uint64_t{1} << here) - 1;
        count -= here;
    }
    return block;
}

std::uint64_t SegmentHits::Block::count() const
{
    std::uint64_t count = 0;
    for (const auto word : m_bits)
        count += static_cast<std::uint64_t>(std::popcount(word));
    return count;
}

void SegmentHits::append(const Block &block)
{
    if (!m_blocks.empty() && m_blocks.back().m_number == block.m_number) {
        m_count = m_blocks.back().m_before;
        m_blocks.pop_back();
    }
    const auto hits = block.count();
    if (hits == 0)
        return;
    m_blocks.push_back(block);
    m_blocks.back().m_before = m_count;
    m_count += hits;
}

SegmentNo SegmentHits::at(std::uint64_t row) const
{
    const auto &block = *std::prev(std::ranges::upper_bound(m_blocks, row, {}, &Block::m_before));
    auto left = row - block.m_before;
    std::uint64_t no = block.m_number * SegmentIndex::kStride;
    for (auto word : block.m_bits) {
        const auto here = static_cast<std::uint64_t>(std::popcount(word));
        if (left >= here) {
            left -= here;
            no += Block::kWord;
            continue;
        }
        for (; left > 0; --left)
            word &= word - 1; // without its lowest bit
        return {no + static_cast<std::uint64_t>(std::countr_zero(word))};
    }
    return {no};
}

std::vector<SegmentNo> SegmentHits::at(std::uint64_t first, std::uint64_t last) const
{
    std::vector<SegmentNo> numbers;
    for (auto row = first; row <= last; ++row)
        numbers.push_back(at(row));
    return numbers;
}

std::optional<std::uint64_t> SegmentHits::rowOf(SegmentNo no) const
{
    const auto number = no.value / SegmentIndex::kStride;
    const auto block = std::ranges::lower_bound(m_blocks, number, {}, &Block::m_number);
    if (block == m_blocks.end() || block->m_number != number)
        return std::nullopt;
    const auto place = no.value % SegmentIndex::kStride / Block::kWord;
    const auto bit = std::uint64_t{1} << no.value % Block::kWord;
    if ((block->m_bits[place] & bit) == 0)
        return std::nullopt;
    auto row = block->m_before + static_cast<std::uint64_t>(std::popcount(block->m_bits[place] & (bit - 1)));
    for (std::size_t word = 0; word < place; ++word)
        row += static_cast<std::uint64_t>(std::popcount(block->m_bits[word]));
    return row;
}

} // namespace modelvault
