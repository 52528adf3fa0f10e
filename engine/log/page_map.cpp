#include "log/page_map.h"

#include <algorithm>
#include <iterator>

namespace modelvault {
namespace {

constexpr unsigned kDominantShift = 12;
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

PageMap::PageMap(std::uint64_t fileLength) : m_pages(fileLength / kPageSize + (fileLength % kPageSize != 0 ? 1 : 0)) { }

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
    const auto most = static_cast<std::size_t>(std::ranges::max_element(m_bytes) - std::begin(m_bytes));
    page |= static_cast<unsigned>(m_bytes[most] != 0 ? most : 0) << kDominantShift;
    m_pages[m_current] = static_cast<Page>(page);
    std::ranges::fill(m_bytes, 0U);
}

void PageMap::markDamaged(Offset begin, Offset end)
{
    constexpr auto kDamaged = indexOf(ContentKind::Damaged);
    for (auto page = pageAt(begin).value; page < m_pages.size() && start({page}) < end; ++page) {
        const unsigned kinds = (m_pages[page] & ((1U << kDominantShift) - 1)) | bitOf(kDamaged);
        m_pages[page] = static_cast<Page>(kinds | kDamaged << kDominantShift);
    }
}

} // namespace modelvault
