#include "views/page_grid.h"

#include <algorithm>

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
    const auto tally = map.tally(firstPage(cell), endPage(cell));
    return {.kind = tally.kind(), .damaged = tally.holdsAny(ContentKind::Damaged)};
}

} // namespace modelvault::ui
