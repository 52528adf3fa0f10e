#pragma once

#include "log/page_map.h"
#include "position.h"

#include <cstdint>

namespace modelvault::ui {

/// How the pages of a file are laid out as cells in rows: one page a cell, or many where a file is too long for that.
/// Pure arithmetic.
class PageGrid {
public:
    /// What one cell stands for.
    struct Cell {
        ContentKind kind = ContentKind::NotScanned; ///< that most of its pages hold
        bool damaged = false;                       ///< at least one byte on one of its pages
    };

    PageGrid() = default;
    /// `columns` at least 1; `pagesPerCell` at least 1.
    PageGrid(std::uint64_t pages, int columns, std::uint64_t pagesPerCell);

    /// The fewest pages a cell (a power of two) with which all fit `cells` cells.
    [[nodiscard]] static std::uint64_t fittingPagesPerCell(std::uint64_t pages, std::uint64_t cells);

    [[nodiscard]] std::uint64_t pageCount() const { return m_pages; }
    [[nodiscard]] int columns() const { return m_columns; }
    [[nodiscard]] std::uint64_t pagesPerCell() const { return m_pagesPerCell; }
    [[nodiscard]] std::uint64_t cellCount() const;
    [[nodiscard]] std::uint64_t lineCount() const;
    [[nodiscard]] std::uint64_t cellOf(PageNo page) const { return page.value / m_pagesPerCell; }
    [[nodiscard]] PageNo firstPage(std::uint64_t cell) const { return {cell * m_pagesPerCell}; }
    /// Exclusive; the last cell may be short.
    [[nodiscard]] PageNo endPage(std::uint64_t cell) const;

    [[nodiscard]] Cell look(const PageMap &map, std::uint64_t cell) const;

private:
    std::uint64_t m_pages = 0;
    int m_columns = 1;
    std::uint64_t m_pagesPerCell = 1;
};

} // namespace modelvault::ui
