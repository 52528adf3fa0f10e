#pragma once

#include "log/page_map.h"
#include "models/byte_samples.h"
#include "models/finding_marks.h"
#include "models/page_details.h"
#include "views/line_scroller.h"
#include "views/page_grid.h"
#include "views/spoken_view.h"
#include "views/structure_palette.h"

#include <QAbstractScrollArea>
#include <QFutureWatcher>
#include <QHash>
#include <QImage>
#include <QPointer>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

class QPainterPath;

namespace modelvault::ui {

/// The pages of a file as coloured cells: what each holds, where damage is. From the whole file at a glance, over one
/// page a cell, to one page that fills the view and shows each of its bytes.
class PageMapView : public QAbstractScrollArea, public SpokenView {
    Q_OBJECT

public:
    explicit PageMapView(QWidget *parent = nullptr);

    /// Null for nothing. A map of the same length keeps place and zoom.
    void setPages(std::shared_ptr<const PageMap> pages);
    /// What cells that are large enough show of the inside of pages. Does not own it; null for nothing.
    void setDetails(PageDetails *details);
    /// For the colours that need to know the bytes. Does not own it; null for nothing.
    void setSamples(ByteSamples *samples);
    /// Marked on their pages, or on their bytes where these are shown; null for none.
    void setFindings(std::shared_ptr<const FindingMarks> findings);
    /// The gravest on the pages of that one's cell.
    [[nodiscard]] std::optional<Severity> findingAt(PageNo page) const;
    [[nodiscard]] MapColours colours() const { return m_colouring; }
    void setColours(MapColours colours);
    [[nodiscard]] const PageGrid &grid() const { return m_grid; }
    [[nodiscard]] PageNo currentPage() const { return m_current; }
    /// Marks that page and scrolls to it, without a signal: for what follows another view.
    void showPage(PageNo page);
    /// The same for the page that [begin, end) begins on; where bytes are shown, these are marked.
    void showSelection(Offset begin, Offset end);
    /// Goes to the page and says so, as the user would.
    void selectPage(PageNo page);

    void zoomIn();
    void zoomOut();
    /// The whole file, as large as the view allows.
    void zoomToFit();
    /// One page, as large as the view allows: the current one.
    void zoomToPage();
    /// "one cell is a page of 16 KiB".
    [[nodiscard]] QString scaleText() const;
    /// What is visible has been looked up.
    [[nodiscard]] bool isSettled() const
    {
        return (!m_details || m_details->isSettled()) && (!m_samples || m_samples->isSettled());
    }
    /// What the cell of a page shows.
    [[nodiscard]] MapLook lookAt(PageNo page) const;

    /// Of a page's cell, in the viewport's coordinates; empty if it is not visible.
    [[nodiscard]] QRect cellRect(PageNo page) const;
    [[nodiscard]] QString spokenText() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// By the user.
    void pageSelected(modelvault::PageNo page);
    /// The user clicked on a byte, where bytes are shown.
    void byteSelected(modelvault::Offset offset);
    void scaleChanged();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    enum class Zoom : std::uint8_t { Fit, Chosen };

    [[nodiscard]] QSize room() const;
    [[nodiscard]] int smallestCell() const;
    [[nodiscard]] int largestCell() const;
    [[nodiscard]] int gapOf(int cell) const;
    [[nodiscard]] int gap() const { return gapOf(m_cellSize); }
    [[nodiscard]] bool cellsFit(int size, std::uint64_t cells) const;
    [[nodiscard]] std::optional<std::uint64_t> cellAt(QPoint point) const;
    [[nodiscard]] std::optional<Offset> byteAt(QPoint point) const;
    [[nodiscard]] QRect rectOf(std::uint64_t cell) const;
    [[nodiscard]] bool goByKey(int key, bool control);
    [[nodiscard]] QStringList describe(std::uint64_t cell) const;
    [[nodiscard]] bool showsBytes() const;
    void chooseZoom(std::uint64_t pagesPerCell, int cellSize);
    void layOutCells();
    void lookAtCells();
    [[nodiscard]] bool needsSamples() const;
    [[nodiscard]] ByteStretch bytesOf(std::uint64_t cell) const;
    void wantSamples();
    [[nodiscard]] MapLook lookOf(std::uint64_t cell, const PageGrid::Cell &looked) const;
    [[nodiscard]] MapLook lookOf(const ByteStretch &stretch) const;
    void paintStrips(QPainter &painter, const QRect &rect, PageNo page) const;
    [[nodiscard]] QPainterPath outlineOf(const QRect &rect, PageNo page, Offset begin, Offset end) const;
    void paintMarked(QPainter &painter, const QRect &rect, PageNo page) const;
    void paintFindings(QPainter &painter, const QRect &rect, PageNo page) const;
    void paintFindingSign(QPainter &painter, const QRect &rect, std::uint64_t cell) const;
    [[nodiscard]] std::pair<Offset, Offset> extentOf(std::uint64_t cell) const;
    void paintOverview(QPainter &painter, const QRect &rect, std::uint64_t cell, const PageGrid::Cell &looked) const;
    void paintBytes(QPainter &painter, const QRect &rect, PageNo page, const PageDetails::Cells &cells);
    [[nodiscard]] QImage imageOf(const PageDetails::Cells &cells, int pixels) const;
    void showToolTip(QPoint at, QPoint globalAt);

    std::shared_ptr<const PageMap> m_pages;
    QPointer<PageDetails> m_details;
    QPointer<ByteSamples> m_samples;
    PageGrid m_grid;
    int m_cellSize = 1; // with the gap behind it
    Zoom m_zoom = Zoom::Fit;
    std::uint64_t m_chosenPagesPerCell = 1;
    int m_chosenCellSize = 1;
    int m_wheelRest = 0; // eighths of a degree that did not make a step of the zoom yet
    PageNo m_current;
    Offset m_selectionBegin;
    Offset m_selectionEnd; // exclusive
    LineScroller *m_scroller;
    StructurePalette m_colours;
    std::shared_ptr<const FindingMarks> m_findings;
    MapColours m_colouring = MapColours::Content;
    // Of the visible cells: a cell may stand for thousands of pages, which are looked at once, not at each paint.
    std::uint64_t m_firstLooked = 0;
    std::vector<PageGrid::Cell> m_looked;
    QHash<std::uint64_t, QImage> m_images;                         // of pages whose bytes are shown
    QFutureWatcher<std::optional<PageDetails::Summary>> m_summary; // for the tool tip
    QFutureWatcher<std::optional<PageDetails::Summary>> m_lookedAt; // of the current page, for screen readers
    QString m_onPage; // what that said
    QStringList m_toolTip;                                         // without the summary
    QPoint m_toolTipAt;                                            // on the screen
};

/// What the colours of a PageMapView mean.
class PageLegend : public QWidget {
    Q_OBJECT

public:
    explicit PageLegend(QWidget *parent = nullptr);
    void setColours(MapColours colours);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    template <class Visit>
    int flow(int width, Visit visit) const;
    void nameColours();

    std::vector<MapLook> m_looks = mapLooks(MapColours::Content);
};

} // namespace modelvault::ui
