#include "views/page_map_view.h"

#include "text/words.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

namespace modelvault::ui {

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
}

QSize PageMapView::minimumSizeHint() const
{
    return {smallestCell() * 12, smallestCell() * 4};
}

void PageMapView::setPages(std::shared_ptr<const PageMap> pages)
{
    const bool sameLength = m_pages && pages && m_pages->pageCount() == pages->pageCount();
    m_pages = std::move(pages);
    if (!sameLength) {
        m_current = {};
        m_zoom = Zoom::Fit;
    }
    layOutCells();
}

int PageMapView::smallestCell() const
{
    return std::max(fontMetrics().height() * 9 / 8, 8);
}

int PageMapView::gap() const
{
    return std::max(m_cellSize / 10, 1);
}

void PageMapView::layOutCells()
{
    const auto pages = m_pages ? m_pages->pageCount() : 0;
    const auto fits = [&](int size) {
        const int gap = std::max(size / 10, 1);
        const auto across = static_cast<std::uint64_t>(std::max((viewport()->width() - gap) / size, 0));
        const auto down = static_cast<std::uint64_t>(std::max((viewport()->height() - gap) / size, 0));
        return across * down >= pages;
    };
    // Few pages are shown larger.
    m_cellSize = smallestCell();
    while (m_cellSize < smallestCell() * 3 && fits(m_cellSize + 1))
        ++m_cellSize;
    const int columns = std::max((viewport()->width() - gap()) / m_cellSize, 1);
    const int rows = std::max((viewport()->height() - gap()) / m_cellSize, 1);
    const auto fitting =
        PageGrid::fittingPagesPerCell(pages, static_cast<std::uint64_t>(columns) * static_cast<std::uint64_t>(rows));
    const auto perCell = m_zoom == Zoom::Fit ? fitting : std::clamp<std::uint64_t>(m_chosenPagesPerCell, 1, fitting);
    m_grid = PageGrid(pages, columns, perCell);
    m_scroller->setLines(m_grid.lineCount(), static_cast<std::uint64_t>(rows));
    lookAtCells();
    viewport()->update();
}

void PageMapView::lookAtCells()
{
    m_looked.clear();
    if (!m_pages)
        return;
    const auto columns = static_cast<std::uint64_t>(m_grid.columns());
    m_firstLooked = m_scroller->top() * columns;
    const auto end = std::min(m_grid.cellCount(), m_firstLooked + (m_scroller->visible() + 1) * columns);
    for (auto cell = m_firstLooked; cell < end; ++cell)
        m_looked.push_back(m_grid.look(*m_pages, cell));
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
        const auto rect = rectOf(m_firstLooked + i);
        m_colours.paintCell(painter, rect, m_looked[i].kind);
        if (m_looked[i].damaged && m_looked[i].kind != ContentKind::Damaged) {
            // Damage is never hidden by what else is there: a corner of its colour.
            const QPolygon corner({rect.topRight() + QPoint(1, 0), rect.topRight() - QPoint(rect.width() / 2, 0),
                                   rect.topRight() + QPoint(1, rect.height() / 2)});
            painter.setPen(palette().color(QPalette::Base));
            painter.setBrush(m_colours.fill(ContentKind::Damaged));
            painter.drawPolygon(corner);
        }
    }
    if (const auto current = cellRect(m_current); !current.isEmpty()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(palette().color(QPalette::Base), gap() + 2));
        painter.drawRect(current);
        painter.setPen(QPen(palette().color(hasFocus() ? QPalette::Highlight : QPalette::Text), gap() + 0.5));
        painter.drawRect(current);
    }
}

void PageMapView::showPage(PageNo page)
{
    if (m_grid.pageCount() == 0)
        return;
    m_current = {std::min(page.value, m_grid.pageCount() - 1)};
    m_scroller->ensureVisible(m_grid.cellOf(m_current) / static_cast<std::uint64_t>(m_grid.columns()));
    viewport()->update();
    speak(this);
}

void PageMapView::selectPage(PageNo page)
{
    if (m_grid.pageCount() == 0)
        return;
    showPage(page);
    Q_EMIT pageSelected(m_current);
}

void PageMapView::chooseZoom(std::uint64_t pagesPerCell)
{
    m_zoom = Zoom::Chosen;
    m_chosenPagesPerCell = pagesPerCell;
    layOutCells();
    m_scroller->ensureVisible(m_grid.cellOf(m_current) / static_cast<std::uint64_t>(m_grid.columns()));
}

void PageMapView::zoomIn()
{
    chooseZoom(std::max<std::uint64_t>(m_grid.pagesPerCell() / 2, 1));
}

void PageMapView::zoomOut()
{
    chooseZoom(m_grid.pagesPerCell() * 2);
}

void PageMapView::zoomToFit()
{
    m_zoom = Zoom::Fit;
    layOutCells();
}

void PageMapView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::ZoomIn) || event->key() == Qt::Key_Plus)
        zoomIn();
    else if (event->matches(QKeySequence::ZoomOut) || event->key() == Qt::Key_Minus)
        zoomOut();
    else if (event->key() == Qt::Key_0)
        zoomToFit();
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
    if (const auto cell = cellAt(event->position().toPoint()))
        selectPage(m_grid.firstPage(*cell));
}

void PageMapView::wheelEvent(QWheelEvent *event)
{
    if (!event->modifiers().testFlag(Qt::ControlModifier)) {
        m_scroller->wheel(event);
        return;
    }
    if (event->angleDelta().y() > 0)
        zoomIn();
    else if (event->angleDelta().y() < 0)
        zoomOut();
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
    if (event->type() == QEvent::PaletteChange)
        m_colours = StructurePalette(palette());
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
    QStringList kinds;
    for (const auto kind : contentKinds()) {
        for (auto page = first; page < end; ++page.value) {
            if (m_pages->holds(page, kind)) {
                kinds += kindText(kind);
                break;
            }
        }
    }
    lines +=
        kinds.isEmpty() ? kindText(ContentKind::NotScanned) : tr("Holds: %1").arg(kinds.join(QStringLiteral(", ")));
    return lines;
}

QString PageMapView::spokenText() const
{
    if (m_grid.pageCount() == 0)
        return tr("The file has no pages.");
    const auto cell = m_grid.cellOf(m_current);
    const auto columns = static_cast<std::uint64_t>(m_grid.columns());
    auto lines = describe(cell);
    lines += tr("row %1 of %2, column %3").arg(cell / columns + 1).arg(m_grid.lineCount()).arg(cell % columns + 1);
    return lines.join(QStringLiteral(", "));
}

bool PageMapView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const auto cell = cellAt(help->pos());
        QToolTip::showText(help->globalPos(), cell ? toolTipText(describe(*cell).join(QLatin1Char('\n'))) : QString(),
                           this);
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

PageLegend::PageLegend(QWidget *parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    QStringList names;
    for (const auto kind : contentKinds())
        names += kindText(kind);
    setAccessibleName(tr("Colours: %1").arg(names.join(QStringLiteral(", "))));
}

/// Places entry after entry in lines of that width and returns the height of all; visit(kind, swatch, text).
template <class Visit>
int PageLegend::flow(int width, Visit visit) const
{
    const int height = fontMetrics().height();
    const int space = height / 2;
    int x = 0;
    int y = space / 2;
    for (const auto kind : contentKinds()) {
        const int text = fontMetrics().horizontalAdvance(kindText(kind));
        const int entry = height + space / 2 + text;
        if (x > 0 && x + entry > width) {
            x = 0;
            y += height + space / 2;
        }
        const int swatch = height * 3 / 4;
        visit(kind, QRect(x, y + (height - swatch) / 2, swatch, swatch),
              QRect(x + height + space / 4, y, text + 1, height));
        x += entry + space * 2;
    }
    return y + height + space / 2;
}

QSize PageLegend::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 60, heightForWidth(width())};
}

int PageLegend::heightForWidth(int width) const
{
    return flow(width, [](ContentKind, const QRect &, const QRect &) { });
}

void PageLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const StructurePalette colours(palette());
    flow(width(), [&](ContentKind kind, const QRect &swatch, const QRect &text) {
        colours.paintCell(painter, swatch, kind);
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, kindText(kind));
    });
}

} // namespace modelvault::ui
