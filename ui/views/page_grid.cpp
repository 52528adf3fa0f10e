#include "views/page_grid.h"

#include <algorithm>
#include <array>

namespace modelvault::ui {
namespace {

std::uint64_t divideUp(std::uint64_t number, std::uint64_t by)
{
    return number / by + (number % by != 0 ? 1 : 0);
}

} // namespace

PageGrid::PageGrid(std::uint64_t pages, int columns, std::uint64_t pagesPerCell)
    : m_pages(pages),
      m_columns(std::max(columns, 1)),
      m_pagesPerCell(std::max<std::uint64_t>(pagesPerCell, 1))
{ }

std::uint64_t PageGrid::fittingPagesPerCell(std::uint64_t pages, std::uint64_t cells)
{
    std::uint64_t perCell = 1;
    while (divideUp(pages, perCell) > std::max<std::uint64_t>(cells, 1))
        perCell *= 2;
    return perCell;
}

std::uint64_t PageGrid::cellCount() const
{
    return divideUp(m_pages, m_pagesPerCell);
}

std::uint64_t PageGrid::lineCount() const
{
    return divideUp(cellCount(), static_cast<std::uint64_t>(m_columns));
}

PageNo PageGrid::endPage(std::uint64_t cell) const
{
    return {std::min((cell + 1) * m_pagesPerCell, m_pages)};
}

PageGrid::Cell PageGrid::look(const PageMap &map, std::uint64_t cell) const
{
    return look(map, firstPage(cell), endPage(cell));
}

PageGrid::Cell PageGrid::look(const PageMap &map, PageNo first, PageNo end)
{
    std::array<std::uint64_t, kContentKinds> pages{};
    Cell found;
    end.value = std::min(end.value, map.pageCount());
    for (auto page = first; page < end; ++page.value) {
        ++pages[static_cast<std::size_t>(map.dominant(page))];
        found.damaged = found.damaged || map.holds(page, ContentKind::Damaged);
    }
    found.kind = static_cast<ContentKind>(std::ranges::max_element(pages) - pages.begin());
    return found;
}

} // namespace modelvault::ui
