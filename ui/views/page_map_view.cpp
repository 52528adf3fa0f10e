#include "views/page_map_view.h"

#include "text/finding_words.h"
#include "text/words.h"
#include "views/severity_sign.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <bit>

namespace modelvault::ui {
namespace {

// In pixels; smaller cells show one colour.
constexpr int kLeastSideForBytes = 32;
constexpr int kLeastSign = 8; // smaller ones would be a blot: a corner of their colour instead

constexpr std::size_t kMostTold = 5; // findings in a tool tip

// What a page shows of its inside in colours that need samples: strips of 256 bytes, each two rows of bytes.
constexpr std::uint64_t kStrips = 64;
constexpr std::uint64_t kStripBytes = PageMap::kPageSize / kStrips;

ByteStretch stripOf(PageNo page, std::uint64_t strip)
{
    const auto begin = PageMap::start(page) + strip * kStripBytes;
    return {begin, begin + kStripBytes};
}

Soundness soundnessOf(const PageGrid::Cell &cell)
{
    switch (cell.kind) {
    case ContentKind::NotScanned:
        return Soundness::Unknown;
    case ContentKind::Damaged:
        return Soundness::Damaged;
    default:
        return cell.damaged ? Soundness::DamagedInPart : Soundness::Sound;
    }
}

/// "Segments 41 to 52: begin 1, record 10, commit 1".
QString summaryText(const PageDetails::Summary &summary)
{
    if (!summary.first)
        return PageMapView::tr("No segment lies here.");
    QStringList types;
    for (std::size_t i = 0; i < kSegmentTypes; ++i) {
        if (summary.counts[i] > 0)
            types += PageMapView::tr("%1 %2").arg(typeText(typeAtIndex(i)), groupedText(summary.counts[i]));
    }
    const auto text = types.join(QStringLiteral(", "));
    if (*summary.first == summary.last)
        return PageMapView::tr("Segment %1: %2").arg(groupedText(summary.last.value), text);
    return PageMapView::tr("Segments %1 to %2: %3")
        .arg(groupedText(summary.first->value), groupedText(summary.last.value), text);
}

} // namespace

PageMapView::PageMapView(QWidget *parent)
    : QAbstractScrollArea(parent),
      m_scroller(new LineScroller(this)),
      m_colours(palette())
{
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setBackgroundRole(QPalette::Base);
    viewport()->setAutoFillBackground(true);
    connect(m_scroller, &LineScroller::topChanged, this, [this] {
        lookAtCells();
        viewport()->update();
    });
    connect(&m_summary, &QFutureWatcherBase::finished, this, [this] {
        if (m_summary.future().resultCount() == 0)
            return;
        // Not for a tool tip that has gone, or changed, since.
        const auto summary = m_summary.result();
        if (!summary || !QToolTip::isVisible() || QToolTip::text() != toolTipText(m_toolTip.join(QLatin1Char('\n'))))
            return;
        m_toolTip += summaryText(*summary);
        QToolTip::showText(m_toolTipAt, toolTipText(m_toolTip.join(QLatin1Char('\n'))), this);
    });
    connect(&m_lookedAt, &QFutureWatcherBase::finished, this, [this] {
        if (m_lookedAt.future().resultCount() == 0)
            return;
        if (const auto summary = m_lookedAt.result())
            m_onPage = summaryText(*summary);
        speak(this);
    });
}

QSize PageMapView::minimumSizeHint() const
{
    return {smallestCell() * 12, smallestCell() * 4};
}

void PageMapView::setPages(std::shared_ptr<const PageMap> pages)
{
    const bool sameLength = m_pages && pages && m_pages->pageCount() == pages->pageCount();
    m_pages = std::move(pages);
    m_summary.setFuture(QFuture<std::optional<PageDetails::Summary>>());
    m_lookedAt.setFuture(QFuture<std::optional<PageDetails::Summary>>());
    m_onPage.clear();
    if (!sameLength) {
        m_current = {};
        m_zoom = Zoom::Fit;
    }
    layOutCells();
}

void PageMapView::setDetails(PageDetails *details)
{
    if (m_details)
        m_details->disconnect(this);
    m_details = details;
    if (details)
        connect(details, &PageDetails::changed, this, [this] {
            m_images.clear();
            viewport()->update();
        });
    lookAtCells();
}

void PageMapView::setSamples(ByteSamples *samples)
{
    if (m_samples)
        m_samples->disconnect(this);
    m_samples = samples;
    if (samples)
        connect(samples, &ByteSamples::changed, this, [this] { viewport()->update(); });
    wantSamples();
}

void PageMapView::setColours(MapColours colours)
{
    m_colouring = colours;
    m_images.clear();
    wantSamples();
    viewport()->update();
}

bool PageMapView::needsSamples() const
{
    return m_samples && ui::needsSamples(m_colouring);
}

ByteStretch PageMapView::bytesOf(std::uint64_t cell) const
{
    return {PageMap::start(m_grid.firstPage(cell)), PageMap::start(m_grid.endPage(cell))};
}

void PageMapView::wantSamples()
{
    if (!needsSamples())
        return;
    std::vector<ByteStretch> stretches;
    for (std::size_t i = 0; i < m_looked.size(); ++i) {
        const auto cell = m_firstLooked + i;
        for (std::uint64_t strip = 0; showsBytes() && strip < kStrips; ++strip)
            stretches.push_back(stripOf({cell}, strip));
        if (!showsBytes())
            stretches.push_back(bytesOf(cell));
    }
    m_samples->want(std::move(stretches));
}

MapLook PageMapView::lookOf(const ByteStretch &stretch) const
{
    const auto sample = m_samples->sample(stretch);
    return sample ? ui::lookOf(*sample, m_colouring) : MapLook(ContentKind::NotScanned);
}

MapLook PageMapView::lookOf(std::uint64_t cell, const PageGrid::Cell &looked) const
{
    switch (m_colouring) {
    case MapColours::Content:
        return looked.kind;
    case MapColours::Damage:
        return soundnessOf(looked);
    case MapColours::FieldKind:
    case MapColours::Entropy:
    case MapColours::Liveness:
        break;
    }
    return m_samples ? lookOf(bytesOf(cell)) : MapLook(ContentKind::NotScanned);
}

MapLook PageMapView::lookAt(PageNo page) const
{
    return m_pages ? lookOf(m_grid.cellOf(page), m_grid.look(*m_pages, m_grid.cellOf(page)))
                   : MapLook(ContentKind::NotScanned);
}

int PageMapView::smallestCell() const
{
    return std::max(fontMetrics().height() * 9 / 8, 8);
}

/// Of the whole file there is never more than fits; else a scroll bar may come, and its coming must not change what it
/// depends on.
QSize PageMapView::room() const
{
    auto room = maximumViewportSize();
    if (m_zoom != Zoom::Fit)
        room.rwidth() -= verticalScrollBar()->sizeHint().width();
    return room;
}

/// One that fills the view.
int PageMapView::largestCell() const
{
    const int side = std::min(room().width(), room().height());
    return std::max(side - gapOf(side), smallestCell());
}

int PageMapView::gapOf(int cell) const
{
    return std::clamp(cell / 10, 1, std::max(smallestCell() / 4, 1));
}

bool PageMapView::cellsFit(int size, std::uint64_t cells) const
{
    const auto across = static_cast<std::uint64_t>(std::max((room().width() - gapOf(size)) / size, 0));
    const auto down = static_cast<std::uint64_t>(std::max((room().height() - gapOf(size)) / size, 0));
    return across * down >= cells;
}

void PageMapView::layOutCells()
{
    const auto pages = m_pages ? m_pages->pageCount() : 0;
    // Few pages are shown larger.
    int fittingSize = smallestCell();
    while (fittingSize < largestCell() && cellsFit(fittingSize + 1, pages))
        ++fittingSize;
    const auto columnsOf = [this](int size) { return std::max((room().width() - gapOf(size)) / size, 1); };
    const auto rowsOf = [this](int size) { return std::max((room().height() - gapOf(size)) / size, 1); };
    const auto fitting = PageGrid::fittingPagesPerCell(
        pages, static_cast<std::uint64_t>(columnsOf(fittingSize)) * static_cast<std::uint64_t>(rowsOf(fittingSize)));
    const bool fit = m_zoom == Zoom::Fit;
    const auto perCell = fit ? fitting : std::clamp<std::uint64_t>(m_chosenPagesPerCell, 1, fitting);
    m_cellSize = fit || perCell > 1 ? fittingSize : std::clamp(m_chosenCellSize, fittingSize, largestCell());
    m_grid = PageGrid(pages, columnsOf(m_cellSize), perCell);
    m_scroller->setLines(m_grid.lineCount(), static_cast<std::uint64_t>(rowsOf(m_cellSize)));
    lookAtCells();
    viewport()->update();
    Q_EMIT scaleChanged();
}

void PageMapView::lookAtCells()
{
    m_looked.clear();
    m_images.clear();
    if (!m_pages)
        return;
    const auto columns = static_cast<std::uint64_t>(m_grid.columns());
    m_firstLooked = m_scroller->top() * columns;
    const auto end = std::min(m_grid.cellCount(), m_firstLooked + (m_scroller->visible() + 1) * columns);
    for (auto cell = m_firstLooked; cell < end; ++cell)
        m_looked.push_back(m_grid.look(*m_pages, cell));
    if (showsBytes()) {
        const int side = static_cast<int>(
            std::bit_floor(static_cast<unsigned>(std::min(m_cellSize - gap(), PageDetails::kMostSide))));
        m_details->want({m_firstLooked}, {end}, side);
    }
    wantSamples();
}

bool PageMapView::showsBytes() const
{
    return m_details && m_grid.pagesPerCell() == 1 && m_cellSize - gap() >= kLeastSideForBytes;
}

QString PageMapView::scaleText() const
{
    const auto pages = m_grid.pagesPerCell();
    if (pages == 1)
        return tr("One cell is a page of %1").arg(sizeText(PageMap::kPageSize));
    return tr("One cell is %1 pages, %2").arg(groupedText(pages), sizeText(pages * PageMap::kPageSize));
}

QRect PageMapView::rectOf(std::uint64_t cell) const
{
    const auto columns = static_cast<std::uint64_t>(m_grid.columns());
    const auto line = static_cast<int>(cell / columns - m_scroller->top());
    const auto column = static_cast<int>(cell % columns);
    return {gap() + column * m_cellSize, gap() + line * m_cellSize, m_cellSize - gap(), m_cellSize - gap()};
}

QRect PageMapView::cellRect(PageNo page) const
{
    const auto cell = m_grid.cellOf(page);
    return cell >= m_firstLooked && cell - m_firstLooked < m_looked.size() ? rectOf(cell) : QRect();
}

std::optional<std::uint64_t> PageMapView::cellAt(QPoint point) const
{
    const int column = (point.x() - gap()) / m_cellSize;
    if (point.x() < 0 || point.y() < 0 || column >= m_grid.columns())
        return std::nullopt;
    const auto line = m_scroller->top() + static_cast<std::uint64_t>((point.y() - gap()) / m_cellSize);
    const auto cell = line * static_cast<std::uint64_t>(m_grid.columns()) + static_cast<std::uint64_t>(column);
    return cell < m_grid.cellCount() ? std::optional(cell) : std::nullopt;
}

/// Where bytes are shown.
std::optional<Offset> PageMapView::byteAt(QPoint point) const
{
    const auto cell = cellAt(point);
    const auto *cells = cell && showsBytes() ? m_details->cells({*cell}) : nullptr;
    if (cells == nullptr)
        return std::nullopt;
    const auto into = point - rectOf(*cell).topLeft();
    const int inner = m_cellSize - gap();
    const int side = m_details->side();
    if (into.x() < 0 || into.y() < 0 || into.x() >= inner || into.y() >= inner)
        return std::nullopt;
    const auto place = static_cast<std::uint64_t>(into.y() * side / inner) * static_cast<unsigned>(side)
        + static_cast<unsigned>(into.x() * side / inner);
    if (place >= cells->size())
        return std::nullopt;
    return PageMap::start({*cell})
        + place * (PageMap::kPageSize / (static_cast<unsigned>(side) * static_cast<unsigned>(side)));
}

void PageMapView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    if (m_looked.empty()) {
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(viewport()->rect(), Qt::AlignCenter,
                         m_pages ? tr("The file is empty: it has no pages.") : QString());
        return;
    }
    for (std::size_t i = 0; i < m_looked.size(); ++i) {
        const auto cell = m_firstLooked + i;
        const auto *bytes = showsBytes() ? m_details->cells({cell}) : nullptr;
        if (bytes == nullptr)
            paintOverview(painter, rectOf(cell), cell, m_looked[i]);
        else if (needsSamples())
            paintStrips(painter, rectOf(cell), {cell});
        else
            paintBytes(painter, rectOf(cell), {cell}, *bytes);
        if (bytes != nullptr) {
            paintFindings(painter, rectOf(cell), {cell});
            paintMarked(painter, rectOf(cell), {cell});
        } else {
            paintFindingSign(painter, rectOf(cell), cell);
        }
    }
    if (const auto current = cellRect(m_current); !current.isEmpty()) {
        const int inside = std::max(gap() / 2, 1);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(palette().color(QPalette::Base), gap() + 2));
        painter.drawRect(current.adjusted(-inside, -inside, inside, inside));
        painter.setPen(QPen(palette().color(hasFocus() ? QPalette::Highlight : QPalette::Text), gap() + 0.5));
        painter.drawRect(current.adjusted(-inside, -inside, inside, inside));
    }
}

void PageMapView::paintOverview(QPainter &painter, const QRect &rect, std::uint64_t cell,
                                const PageGrid::Cell &looked) const
{
    m_colours.paintCell(painter, rect, lookOf(cell, looked));
    const bool isSaid = m_colouring == MapColours::Damage
        || (m_colouring == MapColours::Content && looked.kind == ContentKind::Damaged);
    if (!looked.damaged || isSaid)
        return;
    // Damage is never hidden by what else is there: a corner of its colour.
    const QPolygon corner({rect.topRight() + QPoint(1, 0), rect.topRight() - QPoint(rect.width() / 2, 0),
                           rect.topRight() + QPoint(1, rect.height() / 2)});
    painter.setPen(palette().color(QPalette::Base));
    painter.setBrush(m_colours.fill(ContentKind::Damaged));
    painter.drawPolygon(corner);
}

void PageMapView::paintBytes(QPainter &painter, const QRect &rect, PageNo page, const PageDetails::Cells &cells)
{
    auto &image = m_images[page.value];
    if (image.isNull() && !cells.empty())
        image = imageOf(cells, std::max(rect.width() / m_details->side(), 1));
    const double scale = static_cast<double>(rect.width()) / image.width();
    painter.drawImage(QRectF(rect.left(), rect.top(), rect.width(), image.height() * scale), image);
}

void PageMapView::paintStrips(QPainter &painter, const QRect &rect, PageNo page) const
{
    const double height = static_cast<double>(rect.height()) / kStrips;
    for (std::uint64_t strip = 0; strip < kStrips; ++strip) {
        const auto stretch = stripOf(page, strip);
        if (!m_samples->holds(stretch.begin))
            break;
        m_colours.paintCell(painter,
                            QRectF(rect.left(), rect.top() + static_cast<double>(strip) * height, rect.width(), height),
                            lookOf(stretch));
    }
}

/// Around bytes of a page whose bytes are shown; empty if none of them lie on it.
QPainterPath PageMapView::outlineOf(const QRect &rect, PageNo page, Offset begin, Offset end) const
{
    const double scale = static_cast<double>(rect.width()) / m_details->side();
    begin = std::max(begin, PageMap::start(page));
    end = std::min(end, PageMap::start({page.value + 1}));
    const auto perCell =
        PageMap::kPageSize / (static_cast<unsigned>(m_details->side()) * static_cast<unsigned>(m_details->side()));
    if (begin >= end)
        return {};
    const auto side = static_cast<std::uint64_t>(m_details->side());
    const auto first = (begin - PageMap::start(page)) / perCell;
    const auto last = (end - PageMap::start(page) - 1) / perCell;
    QPainterPath path;
    for (auto row = first / side; row <= last / side; ++row) {
        const auto from = std::max(first, row * side) - row * side;
        const auto to = std::min(last + 1, (row + 1) * side) - row * side;
        path.addRect(QRectF(rect.left() + static_cast<double>(from) * scale,
                            rect.top() + static_cast<double>(row) * scale, static_cast<double>(to - from) * scale,
                            scale));
    }
    return path.simplified();
}

/// The selected bytes of a page.
void PageMapView::paintMarked(QPainter &painter, const QRect &rect, PageNo page) const
{
    // A page that is selected as a whole has its frame.
    if (m_selectionBegin <= PageMap::start(page) && m_selectionEnd >= PageMap::start({page.value + 1}))
        return;
    const auto path = outlineOf(rect, page, m_selectionBegin, m_selectionEnd);
    if (path.isEmpty())
        return;
    auto marked = palette().color(QPalette::Highlight);
    painter.setPen(QPen(palette().color(QPalette::Base), 3));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(path);
    marked.setAlphaF(0.5F);
    painter.setPen(QPen(palette().color(QPalette::Text), 1));
    painter.setBrush(marked);
    painter.drawPath(path);
}

/// Frames, which tell by their lines too how grave it is.
void PageMapView::paintFindings(QPainter &painter, const QRect &rect, PageNo page) const
{
    if (!m_findings)
        return;
    painter.setBrush(Qt::NoBrush);
    for (const auto &mark : m_findings->in(PageMap::start(page), PageMap::start({page.value + 1}))) {
        const auto path = outlineOf(rect, page, mark.begin, mark.end);
        painter.setPen(QPen(palette().color(QPalette::Base), 4));
        painter.drawPath(path);
        painter.setPen(QPen(severityColour(mark.severity), 2,
                            mark.severity == Severity::Error         ? Qt::SolidLine
                                : mark.severity == Severity::Warning ? Qt::DashLine
                                                                     : Qt::DotLine));
        painter.drawPath(path);
    }
}

/// In a corner of the cell, as large as it allows.
void PageMapView::paintFindingSign(QPainter &painter, const QRect &rect, std::uint64_t cell) const
{
    const auto [begin, end] = extentOf(cell);
    const auto gravest = m_findings ? m_findings->gravest(begin, end) : std::nullopt;
    if (!gravest)
        return;
    const int side = std::min(rect.width() * 3 / 5, fontMetrics().height());
    if (side >= kLeastSign)
        severityIcon(*gravest).paint(&painter, QRect(rect.left() + 1, rect.bottom() - side, side, side));
    else
        painter.fillRect(QRect(rect.left(), rect.bottom() + 1 - (rect.height() + 1) / 2, (rect.width() + 1) / 2,
                               (rect.height() + 1) / 2),
                         severityColour(*gravest));
}

/// The bytes that a cell stands for.
std::pair<Offset, Offset> PageMapView::extentOf(std::uint64_t cell) const
{
    return {PageMap::start(m_grid.firstPage(cell)), PageMap::start(m_grid.endPage(cell))};
}

void PageMapView::setFindings(std::shared_ptr<const FindingMarks> findings)
{
    m_findings = std::move(findings);
    viewport()->update();
}

std::optional<Severity> PageMapView::findingAt(PageNo page) const
{
    const auto [begin, end] = extentOf(m_grid.cellOf(page));
    return m_findings ? m_findings->gravest(begin, end) : std::nullopt;
}

/// With so many pixels a cell in each direction.
QImage PageMapView::imageOf(const PageDetails::Cells &cells, int pixels) const
{
    std::array<StructurePalette::Tile, kContentKinds> fills{};
    std::array<QRgb, kContentKinds> headers{};
    for (std::size_t i = 0; i < kContentKinds; ++i) {
        const auto kind = static_cast<ContentKind>(i);
        const auto soundness = soundnessOf({kind, kind == ContentKind::Damaged});
        const bool byContent = m_colouring == MapColours::Content;
        fills[i] = m_colours.tile(byContent ? MapLook(kind) : MapLook(soundness));
        headers[i] = byContent ? m_colours.headerFill(kind).rgb() : m_colours.fill(soundness).rgb();
    }
    const int side = m_details->side();
    const int rows = (static_cast<int>(cells.size()) + side - 1) / side;
    QImage image(side * pixels, rows * pixels, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    for (int y = 0; y < image.height(); ++y) {
        auto *line = reinterpret_cast<QRgb *>(image.scanLine(y));
        const auto begin = static_cast<std::size_t>(y / pixels * side);
        const int width = static_cast<int>(std::min(cells.size() - begin, static_cast<std::size_t>(side))) * pixels;
        for (int x = 0; x < width; ++x) {
            const auto &cell = cells[begin + static_cast<std::size_t>(x / pixels)];
            const auto kind = static_cast<std::size_t>(cell.kind);
            line[x] = cell.isHeader ? headers[kind] : fills[kind][StructurePalette::tilePixel(x, y)];
        }
    }
    return image;
}

void PageMapView::showPage(PageNo page)
{
    if (m_grid.pageCount() == 0)
        return;
    m_current = {std::min(page.value, m_grid.pageCount() - 1)};
    m_scroller->ensureVisible(m_grid.cellOf(m_current) / static_cast<std::uint64_t>(m_grid.columns()));
    viewport()->update();
    m_onPage.clear();
    m_lookedAt.setFuture(QFuture<std::optional<PageDetails::Summary>>());
    if (m_details && m_grid.pagesPerCell() == 1 && hasFocus())
        m_lookedAt.setFuture(m_details->summary(m_current)); // spoken in one, once it is known
    else
        speak(this);
}

void PageMapView::showSelection(Offset begin, Offset end)
{
    m_selectionBegin = begin;
    m_selectionEnd = end;
    showPage(PageMap::pageAt(begin));
}

void PageMapView::selectPage(PageNo page)
{
    if (m_grid.pageCount() == 0)
        return;
    showPage(page);
    Q_EMIT pageSelected(m_current);
}

void PageMapView::chooseZoom(std::uint64_t pagesPerCell, int cellSize)
{
    m_zoom = Zoom::Chosen;
    m_chosenPagesPerCell = pagesPerCell;
    m_chosenCellSize = cellSize;
    layOutCells();
    m_scroller->ensureVisible(m_grid.cellOf(m_current) / static_cast<std::uint64_t>(m_grid.columns()));
}

void PageMapView::zoomIn()
{
    if (m_grid.pagesPerCell() > 1)
        chooseZoom(m_grid.pagesPerCell() / 2, smallestCell());
    else
        chooseZoom(1, std::min(m_cellSize * 2, largestCell()));
}

void PageMapView::zoomOut()
{
    if (m_grid.pagesPerCell() == 1 && m_cellSize > smallestCell())
        chooseZoom(1, std::max(m_cellSize / 2, smallestCell()));
    else
        chooseZoom(m_grid.pagesPerCell() * 2, smallestCell());
}

void PageMapView::zoomToFit()
{
    m_zoom = Zoom::Fit;
    layOutCells();
}

void PageMapView::zoomToPage()
{
    chooseZoom(1, largestCell());
}

void PageMapView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::ZoomIn) || event->key() == Qt::Key_Plus)
        zoomIn();
    else if (event->matches(QKeySequence::ZoomOut) || event->key() == Qt::Key_Minus)
        zoomOut();
    else if (event->key() == Qt::Key_0)
        zoomToFit();
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        zoomToPage();
    else if (!goByKey(event->key(), event->modifiers().testFlag(Qt::ControlModifier)))
        QAbstractScrollArea::keyPressEvent(event);
}

bool PageMapView::goByKey(int key, bool control)
{
    if (m_grid.pageCount() == 0)
        return false;
    const auto here = m_grid.cellOf(m_current);
    const auto last = m_grid.cellCount() - 1;
    const auto columns = static_cast<std::uint64_t>(m_grid.columns());
    const auto page = columns * m_scroller->visible();
    const auto back = [&](std::uint64_t cells) { selectPage(m_grid.firstPage(here - std::min(here, cells))); };
    const auto onward = [&](std::uint64_t cells) { selectPage(m_grid.firstPage(here + std::min(cells, last - here))); };
    switch (key) {
    case Qt::Key_Left:
        back(1);
        return true;
    case Qt::Key_Right:
        onward(1);
        return true;
    case Qt::Key_Up:
        if (here >= columns)
            back(columns);
        return true;
    case Qt::Key_Down:
        if (last - here >= columns)
            onward(columns);
        return true;
    case Qt::Key_PageUp:
        if (control)
            return false;
        back(page);
        return true;
    case Qt::Key_PageDown:
        if (control)
            return false;
        onward(page);
        return true;
    case Qt::Key_Home:
        selectPage({0});
        return true;
    case Qt::Key_End:
        selectPage(m_grid.firstPage(last));
        return true;
    default:
        return false;
    }
}

void PageMapView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const auto place = event->position().toPoint();
    if (const auto offset = byteAt(place))
        Q_EMIT byteSelected(*offset);
    else if (const auto cell = cellAt(place))
        selectPage(m_grid.firstPage(*cell));
}

void PageMapView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const auto cell = cellAt(event->position().toPoint());
    if (!cell || event->button() != Qt::LeftButton)
        return;
    selectPage(m_grid.firstPage(*cell));
    zoomToPage();
}

void PageMapView::wheelEvent(QWheelEvent *event)
{
    if (!event->modifiers().testFlag(Qt::ControlModifier)) {
        m_scroller->wheel(event);
        return;
    }
    // What is under the mouse stays there.
    const auto at = event->position().toPoint();
    const auto page = cellAt(at).transform([this](std::uint64_t cell) { return m_grid.firstPage(cell); });
    // A touchpad sends many small steps.
    m_wheelRest += event->angleDelta().y();
    for (; m_wheelRest >= QWheelEvent::DefaultDeltasPerStep; m_wheelRest -= QWheelEvent::DefaultDeltasPerStep)
        zoomIn();
    for (; m_wheelRest <= -QWheelEvent::DefaultDeltasPerStep; m_wheelRest += QWheelEvent::DefaultDeltasPerStep)
        zoomOut();
    if (page) {
        const auto line = m_grid.cellOf(*page) / static_cast<std::uint64_t>(m_grid.columns());
        const auto above = static_cast<std::uint64_t>((at.y() - gap()) / m_cellSize);
        m_scroller->setTop(line - std::min(line, above));
    }
    event->accept();
}

void PageMapView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOutCells();
}

void PageMapView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_colours = StructurePalette(palette());
        m_images.clear();
    }
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        layOutCells();
    viewport()->update();
}

void PageMapView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void PageMapView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

QStringList PageMapView::describe(std::uint64_t cell) const
{
    const auto first = m_grid.firstPage(cell);
    const auto end = m_grid.endPage(cell);
    const auto count = end.value - first.value;
    QStringList lines;
    lines += count == 1 ? tr("Page %1").arg(groupedText(first.value))
                        : tr("Pages %1 to %2").arg(groupedText(first.value), groupedText(end.value - 1));
    lines += tr("From %1 to %2").arg(offsetText(PageMap::start(first)), offsetText(PageMap::start(end)));
    lines += contentText(m_pages->tally(first, end));
    const auto sample = needsSamples() ? m_samples->sample(bytesOf(cell)) : std::nullopt;
    if (sample)
        lines += count == 1 ? sampleText(*sample) : tr("%1, by one of them").arg(sampleText(*sample));
    const auto [from, to] = extentOf(cell);
    if (const auto found = m_findings ? m_findings->findingsIn(from, to, kMostTold)
                                      : std::vector<const CheckFinding *>();
        !found.empty())
        lines += findingLines(found);
    return lines;
}

QString PageMapView::spokenText() const
{
    if (m_grid.pageCount() == 0)
        return tr("The file has no pages.");
    const auto cell = m_grid.cellOf(m_current);
    const auto columns = static_cast<std::uint64_t>(m_grid.columns());
    auto lines = describe(cell);
    if (!m_onPage.isEmpty())
        lines += m_onPage;
    lines += tr("row %1 of %2, column %3").arg(cell / columns + 1).arg(m_grid.lineCount()).arg(cell % columns + 1);
    return lines.join(QStringLiteral(", "));
}

bool PageMapView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        showToolTip(help->pos(), help->globalPos());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

/// What is known at once; what lies on a page follows when it has been looked up.
void PageMapView::showToolTip(QPoint at, QPoint globalAt)
{
    const auto cell = cellAt(at);
    m_summary.setFuture(QFuture<std::optional<PageDetails::Summary>>());
    m_toolTip.clear();
    m_toolTipAt = globalAt;
    if (cell) {
        m_toolTip = describe(*cell);
        if (const auto offset = byteAt(at))
            m_toolTip.prepend(tr("Offset %1").arg(offsetText(*offset)));
        if (m_details && m_grid.pagesPerCell() == 1)
            m_summary.setFuture(m_details->summary(m_grid.firstPage(*cell)));
    }
    QToolTip::showText(globalAt, cell ? toolTipText(m_toolTip.join(QLatin1Char('\n'))) : QString(), this);
}

PageLegend::PageLegend(QWidget *parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    nameColours();
}

void PageLegend::setColours(MapColours colours)
{
    m_looks = mapLooks(colours);
    nameColours();
    updateGeometry();
    update();
}

void PageLegend::nameColours()
{
    QStringList names;
    for (const auto &look : m_looks)
        names += lookText(look);
    setAccessibleName(tr("Colours: %1").arg(names.join(QStringLiteral(", "))));
    setToolTip(toolTipText(accessibleName()));
}

/// Places entry after entry in lines of that width and returns the height of all; visit(entry, swatch, text).
template <class Visit>
int PageLegend::flow(int width, Visit visit) const
{
    const int height = fontMetrics().height();
    const int space = height / 2;
    int x = 0;
    int y = space / 2;
    for (const auto &look : m_looks) {
        const int text = fontMetrics().horizontalAdvance(lookText(look));
        const int entry = height + space / 2 + text;
        if (x > 0 && x + entry > width) {
            x = 0;
            y += height + space / 2;
        }
        const int swatch = height * 3 / 4;
        visit(look, QRect(x, y + (height - swatch) / 2, swatch, swatch),
              QRect(x + height + space / 4, y, text + 1, height));
        x += entry + space * 2;
    }
    return y + height + space / 2;
}

QSize PageLegend::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 60, heightForWidth(width())};
}

QSize PageLegend::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 20, fontMetrics().height() * 2};
}

int PageLegend::heightForWidth(int width) const
{
    return flow(width, [](const MapLook &, const QRect &, const QRect &) { });
}

void PageLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const StructurePalette colours(palette());
    bool isCut = false; // in a low window; the tool tip has all
    flow(width(), [&](const MapLook &look, const QRect &swatch, const QRect &text) {
        painter.setPen(palette().color(QPalette::WindowText));
        if (text.bottom() > height()) {
            if (!std::exchange(isCut, true))
                painter.drawText(rect(), Qt::AlignRight | Qt::AlignBottom, QStringLiteral("…"));
            return;
        }
        colours.paintSwatch(painter, swatch, look);
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, lookText(look));
    });
}

} // namespace modelvault::ui
