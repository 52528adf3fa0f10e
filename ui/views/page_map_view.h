#pragma once

#include "log/page_map.h"
#include "views/line_scroller.h"
#include "views/page_grid.h"
#include "views/spoken_view.h"
#include "views/structure_palette.h"

#include <QAbstractScrollArea>

#include <memory>
#include <optional>
#include <vector>

namespace modelvault::ui {

/// The pages of a file as coloured cells: what each holds, where damage is. From the whole file at a glance to one page
/// a cell.
class PageMapView : public QAbstractScrollArea, public SpokenView {
    Q_OBJECT

public:
    explicit PageMapView(QWidget *parent = nullptr);

    /// Null for nothing. A map of the same length keeps place and zoom.
    void setPages(std::shared_ptr<const PageMap> pages);
    [[nodiscard]] const PageGrid &grid() const { return m_grid; }
    [[nodiscard]] PageNo currentPage() const { return m_current; }
    /// Marks that page and scrolls to it, without a signal: for what follows another view.
    void showPage(PageNo page);
    /// Goes to the page and says so, as the user would.
    void selectPage(PageNo page);

    void zoomIn();
    void zoomOut();
    /// The whole file, as large as the view allows.
    void zoomToFit();

    /// Of a page's cell, in the viewport's coordinates; empty if it is not visible.
    [[nodiscard]] QRect cellRect(PageNo page) const;
    [[nodiscard]] QString spokenText() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// By the user.
    void pageSelected(modelvault::PageNo page);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    enum class Zoom : std::uint8_t { Fit, Chosen };

    [[nodiscard]] int smallestCell() const;
    [[nodiscard]] int gap() const;
    [[nodiscard]] std::optional<std::uint64_t> cellAt(QPoint point) const;
    [[nodiscard]] QRect rectOf(std::uint64_t cell) const;
    [[nodiscard]] bool goByKey(int key, bool control);
    [[nodiscard]] QStringList describe(std::uint64_t cell) const;
    void chooseZoom(std::uint64_t pagesPerCell);
    void layOutCells();
    void lookAtCells();

    std::shared_ptr<const PageMap> m_pages;
    PageGrid m_grid;
    int m_cellSize = 1; // with the gap behind it
    Zoom m_zoom = Zoom::Fit;
    std::uint64_t m_chosenPagesPerCell = 1;
    PageNo m_current;
    LineScroller *m_scroller;
    StructurePalette m_colours;
    // Of the visible cells: a cell may stand for thousands of pages, which are looked at once, not at each paint.
    std::uint64_t m_firstLooked = 0;
    std::vector<PageGrid::Cell> m_looked;
};

/// What the colours of a PageMapView mean.
class PageLegend : public QWidget {
    Q_OBJECT

public:
    explicit PageLegend(QWidget *parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    template <class Visit>
    int flow(int width, Visit visit) const;
};

} // namespace modelvault::ui
