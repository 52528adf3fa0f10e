#include "log/page_map.h"

#include <algorithm>
#include <iterator>

namespace modelvault {
namespace {

constexpr unsigned kDominantShift = 12;
constexpr unsigned kKinds = (1U << kDominantShift) - 1;
static_assert(kContentKinds <= kDominantShift);

constexpr std::size_t indexOf(ContentKind kind)
{
    return static_cast<std::size_t>(kind);
}
constexpr unsigned bitOf(std::size_t kind)
{
    return 1U << kind;
}

} // namespace

ContentKind PageMap::Tally::kind() const
{
    static_assert(indexOf(ContentKind::NotScanned) == 0);
    const auto known = std::ranges::max_element(dominated.begin() + 1, dominated.end());
    return *known > 0 ? static_cast<ContentKind>(known - dominated.begin()) : ContentKind::NotScanned;
}

PageMap::PageMap(std::uint64_t fileLength)
    : m_pages(fileLength / kPageSize + (fileLength % kPageSize != 0 ? 1 : 0)),
      m_blocks(m_pages.size() / kPagesPerBlock + (m_pages.size() % kPagesPerBlock != 0 ? 1 : 0))
{
    for (std::uint64_t block = 0; block < m_blocks.size(); ++block) {
        const auto pages = std::min(kPagesPerBlock, m_pages.size() - block * kPagesPerBlock);
        m_blocks[block].dominated[indexOf(ContentKind::NotScanned)] = static_cast<std::uint16_t>(pages);
    }
}

void PageMap::resize(std::uint64_t fileLength)
{
    const auto before = m_pages.size();
    PageMap other(fileLength);
    m_pages.resize(other.m_pages.size());
    // What lies behind the part that both have is not scanned, in whichever of the two.
    const auto firstOther = std::min(before, m_pages.size()) / kPagesPerBlock;
    m_blocks.resize(other.m_blocks.size());
    for (auto block = firstOther; block < m_blocks.size(); ++block) {
        m_blocks[block] = other.m_blocks[block];
        const auto end = std::min((block + 1) * kPagesPerBlock, m_pages.size());
        for (auto page = block * kPagesPerBlock; page < end; ++page) {
            --m_blocks[block].dominated[indexOf(ContentKind::NotScanned)];
            ++m_blocks[block].dominated[m_pages[page] >> kDominantShift];
            m_blocks[block].holds = static_cast<Page>(m_blocks[block].holds | (m_pages[page] & kKinds));
        }
    }
}

void PageMap::setPage(std::uint64_t page, unsigned kinds, std::size_t dominant)
{
    auto &block = m_blocks[page / kPagesPerBlock];
    --block.dominated[m_pages[page] >> kDominantShift];
    ++block.dominated[dominant];
    block.holds = static_cast<Page>(block.holds | kinds);
    m_pages[page] = static_cast<Page>(kinds | static_cast<unsigned>(dominant) << kDominantShift);
}

PageMap::Tally PageMap::tally(PageNo first, PageNo end) const
{
    Tally tally;
    unsigned kinds = 0;
    auto page = first.value;
    const auto last = std::min<std::uint64_t>(end.value, m_pages.size());
    while (page < last) {
        if (page % kPagesPerBlock == 0 && last - page >= kPagesPerBlock) {
            const auto &block = m_blocks[page / kPagesPerBlock];
            for (std::size_t kind = 0; kind < kContentKinds; ++kind)
                tally.dominated[kind] += block.dominated[kind];
            kinds |= block.holds;
            page += kPagesPerBlock;
        } else {
            ++tally.dominated[m_pages[page] >> kDominantShift];
            kinds |= m_pages[page];
            ++page;
        }
    }
    for (std::size_t kind = 0; kind < kContentKinds; ++kind)
        tally.holds[kind] = (kinds & bitOf(kind)) != 0;
    return tally;
}

ContentKind PageMap::dominant(PageNo page) const
{
    return static_cast<ContentKind>(m_pages.at(page.value) >> kDominantShift);
}

bool PageMap::holds(PageNo page, ContentKind kind) const
{
    return (m_pages.at(page.value) & bitOf(indexOf(kind))) != 0;
}

void PageMap::addAcross(Offset begin, Offset end, ContentKind kind)
{
    while (begin < end) {
        const auto page = pageAt(begin).value;
        if (page >= m_pages.size())
            return;
        if (page != m_current) {
            finish();
            m_current = page;
            m_currentEnd = start({page + 1});
        }
        const Offset stop = std::min(end, m_currentEnd);
        m_bytes[indexOf(kind)] += static_cast<std::uint32_t>(stop - begin);
        begin = stop;
    }
}

void PageMap::finish()
{
    if (m_current >= m_pages.size())
        return;
    unsigned page = 0;
    for (std::size_t kind = 0; kind < kContentKinds; ++kind)
        page |= m_bytes[kind] != 0 ? bitOf(kind) : 0U;
    if (page == 0)
        return;
    setPage(m_current, page, static_cast<std::size_t>(std::ranges::max_element(m_bytes) - std::begin(m_bytes)));
    std::ranges::fill(m_bytes, 0U);
}

void PageMap::markDamaged(Offset begin, Offset end)
{
    constexpr auto kDamaged = indexOf(ContentKind::Damaged);
    for (auto page = pageAt(begin).value; page < m_pages.size() && start({page}) < end; ++page)
        setPage(page, (m_pages[page] & kKinds) | bitOf(kDamaged), kDamaged);
}

} // namespace modelvault
