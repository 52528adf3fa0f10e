#include "views/minimap_bar.h"

#include "text/finding_words.h"
#include "text/words.h"
#include "views/severity_sign.h"

#include <QActionGroup>
#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QStyle>
#include <QToolTip>
#include <QtConcurrentRun>

#include <algorithm>
#include <cmath>
#include <functional>
#include <tuple>

namespace modelvault::ui {
namespace {

// The lanes, as shares of the width: selection and bookmarks, content, findings.
constexpr double kContentBegin = 0.28;
constexpr double kContentEnd = 0.86;
constexpr double kFindingsBegin = 0.90;
// What lies on few pages of a row covers this part of it.
constexpr double kDamageBegin = 0.57;

// In the widget's pixels.
constexpr double kLeastMark = 2;
constexpr double kLeastSelection = 3;

constexpr qsizetype kMostNamed = 5; // bookmarks in a tool tip
constexpr std::size_t kMostTold = 3; // findings there

/// visit(begin, end, value) for each stretch of rows that have the same value.
template <class Row, class ValueOf, class Visit>
void forEachRun(const std::vector<Row> &rows, ValueOf valueOf, Visit visit)
{
    const auto count = static_cast<int>(rows.size());
    for (int begin = 0; begin < count;) {
        const auto value = valueOf(rows[static_cast<std::size_t>(begin)]);
        int end = begin + 1;
        while (end < count && valueOf(rows[static_cast<std::size_t>(end)]) == value)
            ++end;
        visit(begin, end, value);
        begin = end;
    }
}

} // namespace

MinimapBar::MinimapBar(QWidget *parent)
    : QScrollBar(Qt::Vertical, parent),
      m_exactRows(
          [this](const MinimapScale &scale) {
              return QtConcurrent::run([store = m_store, snapshot = m_snapshot, scale] {
                  const auto spans = structureSpans(*store, *snapshot, {0}, {snapshot->fileLength()});
                  return ExactRows{scale, lookAtBytes(spans, scale)};
              });
          },
          [this](const ExactRows &exact) {
              m_exact = exact;
              drawAnew();
          })
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Map of the file"));
    connect(&m_samples, &ByteSamples::changed, this, &MinimapBar::drawAnew);
}

QSize MinimapBar::sizeHint() const
{
    // Not of the view's font, which its users zoom.
    const int fromFont = QFontMetrics(QApplication::font(this)).height() * 3 / 2;
    const int usual = style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, this);
    return {std::max(fromFont, usual), QScrollBar::sizeHint().height()};
}

void MinimapBar::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    m_samples.setSource(store, snapshot);
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    m_exactRows.drop();
    m_exact = {};
    measure();
}

/// No more than a page a row: a walk through some megabytes at most.
void MinimapBar::wantExactRows()
{
    if (m_store && m_snapshot && m_scale.isFinerThanPages() && m_exact.scale != m_scale)
        m_exactRows.want(m_scale);
}

std::vector<MinimapRow> MinimapBar::rows() const
{
    if (!m_snapshot)
        return {};
    auto rows = m_exact.scale == m_scale && !m_exact.rows.empty() ? m_exact.rows
                                                                  : lookAtRows(*m_snapshot, nullptr, m_scale);
    markFindings(rows, m_findings.get(), m_scale);
    return rows;
}

void MinimapBar::setColours(MapColours colours)
{
    m_colouring = colours;
    wantSamples();
    drawAnew();
}

bool MinimapBar::needsSamples() const
{
    return ui::needsSamples(m_colouring);
}

void MinimapBar::wantSamples()
{
    if (!needsSamples())
        return;
    std::vector<ByteStretch> stretches;
    for (int row = 0; row < m_scale.rows(); ++row)
        stretches.push_back(bytesOf(row));
    m_samples.want(std::move(stretches));
}

MapLook MinimapBar::lookOf(int row, const MinimapRow &looked) const
{
    if (!needsSamples())
        return looked.kind;
    const auto sample = m_samples.sample(bytesOf(row));
    return sample ? ui::lookOf(*sample, m_colouring) : MapLook(ContentKind::NotScanned);
}

MapLook MinimapBar::lookAt(int row) const
{
    return m_snapshot ? lookOf(row, rows()[static_cast<std::size_t>(row)]) : MapLook(ContentKind::NotScanned);
}

void MinimapBar::setVisibleBytes(Offset begin, Offset end)
{
    m_visibleBegin = begin;
    m_visibleEnd = end;
    update();
}

void MinimapBar::setSelectedBytes(Offset begin, Offset end)
{
    m_selectedBegin = begin;
    m_selectedEnd = end;
    update();
}

void MinimapBar::setBookmarks(std::vector<Bookmark> bookmarks)
{
    m_bookmarks = std::move(bookmarks);
    drawAnew();
}

void MinimapBar::setFindings(std::shared_ptr<const FindingMarks> findings)
{
    m_findings = std::move(findings);
    drawAnew();
}

void MinimapBar::measure()
{
    m_scale = MinimapScale(m_snapshot ? m_snapshot->fileLength() : 0,
                           static_cast<int>(std::lround(height() * devicePixelRatioF())));
    wantSamples();
    wantExactRows();
    drawAnew();
}

int MinimapBar::rowAt(double y) const
{
    const auto row = static_cast<int>(std::floor(y * devicePixelRatioF()));
    return std::clamp(row, 0, std::max(m_scale.rows() - 1, 0));
}

MinimapBar::Span MinimapBar::rowsOf(Offset begin, Offset end) const
{
    return {m_scale.rowOf(begin), m_scale.endRow(begin, end)};
}

QRectF MinimapBar::rectOf(Span rows, double leastHeight, double from, double to) const
{
    double top = yOf(rows.begin);
    double bottom = yOf(rows.end);
    if (const double missing = leastHeight - (bottom - top); missing > 0) {
        top = std::clamp(top - missing / 2, 0.0, std::max(height() - leastHeight, 0.0));
        bottom = top + leastHeight;
    }
    if (layoutDirection() == Qt::RightToLeft)
        std::tie(from, to) = std::pair(1 - to, 1 - from);
    const double left = std::round(from * width());
    return {left, top, std::round(to * width()) - left, bottom - top};
}

QRectF MinimapBar::frameRect() const
{
    // Beside the findings, which it would hide.
    return rectOf(rowsOf(m_visibleBegin, m_visibleEnd), width() / 3.0, 0, kFindingsBegin);
}

void MinimapBar::drawAnew()
{
    m_map = QPixmap();
    update();
}

void MinimapBar::draw()
{
    const double ratio = devicePixelRatioF();
    m_map = QPixmap(QSizeF(size() * ratio).toSize());
    m_map.setDevicePixelRatio(ratio);
    m_flags = m_map;
    m_map.fill(palette().color(QPalette::Window));
    m_flags.fill(Qt::transparent);
    QPainter painter(&m_map);
    const auto rows = this->rows();
    drawContent(painter, rows);
    drawFindings(painter, rows);
    QPainter flags(&m_flags);
    drawFlags(flags);
}

void MinimapBar::drawContent(QPainter &painter, const std::vector<MinimapRow> &rows) const
{
    const StructurePalette colours(palette());
    std::vector<MapLook> looks;
    for (std::size_t row = 0; row < rows.size(); ++row)
        looks.push_back(lookOf(static_cast<int>(row), rows[row]));
    forEachRun(looks, std::identity(), [&](int begin, int end, const MapLook &look) {
        colours.paintCell(painter, rectOf({begin, end}, 0, kContentBegin, kContentEnd), look);
    });
    // Damage is never hidden by what else is there, however little of a row it is.
    enum class Damage : std::uint8_t { None, Some, Most };
    forEachRun(
        rows,
        [](const MinimapRow &row) {
            return !row.damaged ? Damage::None : row.kind == ContentKind::Damaged ? Damage::Most : Damage::Some;
        },
        [&](int begin, int end, Damage damage) {
            if (damage == Damage::None)
                return;
            const double from = damage == Damage::Most ? kContentBegin : kDamageBegin;
            painter.fillRect(rectOf({begin, end}, kLeastMark, from, kContentEnd), colours.fill(ContentKind::Damaged));
        });
}

/// How grave they are tells their colour, and the tool tip.
void MinimapBar::drawFindings(QPainter &painter, const std::vector<MinimapRow> &rows) const
{
    forEachRun(
        rows, [](const MinimapRow &row) { return row.finding; },
        [&](int begin, int end, std::optional<Severity> finding) {
            if (finding)
                painter.fillRect(rectOf({begin, end}, kLeastSelection, kFindingsBegin, 1), severityColour(*finding));
        });
}

void MinimapBar::paintEvent(QPaintEvent *)
{
    if (m_map.isNull())
        draw();
    QPainter painter(this);
    painter.drawPixmap(0, 0, m_map);
    if (m_scale.rows() == 0 || m_scale.length() == 0)
        return;
    paintFrame(painter);
    if (m_selectedEnd > m_selectedBegin) {
        painter.fillRect(rectOf(rowsOf(m_selectedBegin, m_selectedEnd), kLeastSelection, 0, kContentBegin * 0.8),
                         palette().color(QPalette::Active, QPalette::Highlight));
    }
    painter.drawPixmap(0, 0, m_flags);
}

/// They point to their places; of those that would cover each other, there is one.
void MinimapBar::drawFlags(QPainter &painter) const
{
    QPainterPath flags;
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    int next = 0;
    for (const auto &bookmark : m_bookmarks) {
        const int row = m_scale.rowOf(bookmark.begin);
        if (bookmark.begin.value >= m_scale.length() || row < next)
            continue;
        next = row + static_cast<int>(2 * devicePixelRatioF());
        const auto lane = rectOf({row, row + 1}, width() * kContentBegin * 1.4, 0, kContentBegin);
        const double tip = mirrored ? lane.left() : lane.right();
        const double back = mirrored ? lane.right() : lane.left();
        flags.addPolygon(QPolygonF({{back, lane.top()}, {tip, lane.center().y()}, {back, lane.bottom()}}));
    }
    flags.setFillRule(Qt::WindingFill);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillPath(flags, palette().color(QPalette::WindowText));
}

void MinimapBar::paintFrame(QPainter &painter) const
{
    const QColor dark = palette().color(QPalette::WindowText);
    const QColor bright = palette().color(QPalette::Base);
    const auto frame = frameRect();
    QColor veil = bright;
    veil.setAlphaF(0.3F);
    painter.fillRect(frame, veil);
    // Two lines, one of which stands out from whatever lies below.
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(bright, 1));
    painter.drawRect(frame.adjusted(1.5, 1.5, -1.5, -1.5));
    painter.setPen(QPen(dark, 1));
    painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5));
}

void MinimapBar::resizeEvent(QResizeEvent *event)
{
    QScrollBar::resizeEvent(event);
    measure();
}

void MinimapBar::changeEvent(QEvent *event)
{
    QScrollBar::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::LayoutDirectionChange
        || event->type() == QEvent::StyleChange)
        drawAnew();
}

void MinimapBar::moveTo(double y)
{
    if (m_grabbed) {
        Q_EMIT topRequested(m_scale.begin(rowAt(y - *m_grabbed)));
        return;
    }
    // The lowest row leads to the end, as with any scroll bar: it may stand for gigabytes.
    const int row = rowAt(y);
    Q_EMIT placeRequested(m_scale.begin(row + 1 == m_scale.rows() ? m_scale.rows() : row));
}

void MinimapBar::mousePressEvent(QMouseEvent *event)
{
    const double y = event->position().y();
    const auto inSight = rowsOf(m_visibleBegin, m_visibleEnd);
    const int row = rowAt(y);
    if (event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier)) {
        if (row < inSight.begin)
            triggerAction(SliderPageStepSub);
        else if (row >= inSight.end)
            triggerAction(SliderPageStepAdd);
    } else if (event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton) {
        // A frame too flat to aim at is not taken hold of: a click there is meant for the place.
        const bool canBeHeld = yOf(inSight.end) - yOf(inSight.begin) >= width() / 3.0;
        m_grabbed = canBeHeld && row >= inSight.begin && row < inSight.end ? std::optional(y - yOf(inSight.begin))
                                                                           : std::nullopt;
        m_isMoving = true;
        if (!m_grabbed)
            moveTo(y);
    }
    event->accept();
}

void MinimapBar::mouseMoveEvent(QMouseEvent *event)
{
    if (m_isMoving)
        moveTo(event->position().y());
    event->accept();
}

void MinimapBar::mouseReleaseEvent(QMouseEvent *event)
{
    m_isMoving = false;
    event->accept();
}

QString MinimapBar::describe(int row) const
{
    const auto begin = m_scale.begin(row);
    QStringList lines{tr("Offset %1 (%2)").arg(offsetText(begin), groupedText(begin.value))};
    lines += contentText(m_snapshot->log.pages->tally(m_scale.firstPage(row), m_scale.endPage(row)));
    if (const auto sample = needsSamples() ? m_samples.sample(bytesOf(row)) : std::nullopt)
        lines += sampleText(*sample);
    QStringList names;
    for (const auto &bookmark : m_bookmarks) {
        const auto rows = rowsOf(bookmark.begin, bookmark.end);
        if (bookmark.begin.value < m_scale.length() && row >= rows.begin - 1 && row <= rows.end
            && names.size() < kMostNamed)
            names += bookmark.name;
    }
    if (!names.isEmpty())
        lines += tr("Bookmark: %1").arg(names.join(QStringLiteral(", ")));
    // As drawn: a row beyond the finding's own.
    const auto around = std::pair(m_scale.begin(std::max(row - 1, 0)), m_scale.begin(std::min(row + 2, m_scale.rows())));
    if (const auto found = m_findings ? m_findings->findingsIn(around.first, around.second, kMostTold)
                                      : std::vector<const CheckFinding *>();
        !found.empty())
        lines += findingLines(found);
    return lines.join(QLatin1Char('\n'));
}

void MinimapBar::contextMenuEvent(QContextMenuEvent *event)
{
    if (m_scale.rows() == 0 || m_scale.length() == 0)
        return;
    const auto place = m_scale.begin(rowAt(event->pos().y()));
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Scroll to %1").arg(offsetText(place)), this, [this, place] { Q_EMIT placeRequested(place); });
    menu->addSeparator();
    const auto add = [this, menu](const QString &text, SliderAction action) {
        menu->addAction(text, this, [this, action] { triggerAction(action); });
    };
    add(tr("&Begin of the File"), SliderToMinimum);
    add(tr("&End of the File"), SliderToMaximum);
    add(tr("Page &Up"), SliderPageStepSub);
    add(tr("Page &Down"), SliderPageStepAdd);
    menu->addSeparator();
    auto *colours = menu->addMenu(tr("&Colour By"));
    auto *group = new QActionGroup(colours);
    for (const auto one : kColours) {
        auto *action = colours->addAction(mapColoursText(one), this, [this, one] { setColours(one); });
        action->setCheckable(true);
        action->setChecked(one == m_colouring);
        group->addAction(action);
    }
    menu->popup(event->globalPos());
}

bool MinimapBar::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const bool isThere = m_snapshot && m_scale.rows() > 0 && m_scale.length() > 0;
        QToolTip::showText(help->globalPos(), isThere ? toolTipText(describe(rowAt(help->pos().y()))) : QString(),
                           this);
        return true;
    }
    if (event->type() == QEvent::DevicePixelRatioChange)
        measure();
    return QScrollBar::event(event);
}

} // namespace modelvault::ui
