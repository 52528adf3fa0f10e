#include "views/hex_view.h"

#include "text/explain_words.h"
#include "text/finding_words.h"
#include "text/words.h"
#include "views/minimap_bar.h"
#include "views/severity_sign.h"

#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <QStringDecoder>
#include <QToolTip>
#include <QtConcurrentRun>

#include <algorithm>
#include <cmath>
#include <array>

namespace modelvault::ui {
namespace {

constexpr int kLeastPoints = 5;
constexpr int kLeastLines = 4;
constexpr std::size_t kMostFindingsTold = 3; // of a byte
// Beyond that a clipboard is the wrong way.
constexpr std::uint64_t kMostCopied = 1024 * 1024;

constexpr std::array<char16_t, 16> kDigits{u'0', u'1', u'2', u'3', u'4', u'5', u'6', u'7',
                                           u'8', u'9', u'a', u'b', u'c', u'd', u'e', u'f'};

bool isPrintable(std::byte byte)
{
    return byte >= std::byte{0x20} && byte < std::byte{0x7f};
}

/// The bar that it will scroll, in place of the usual one.
MinimapBar *makeMinimap(QAbstractScrollArea *area)
{
    auto *bar = new MinimapBar(area);
    area->setVerticalScrollBar(bar);
    return bar;
}

} // namespace

HexView::HexView(QWidget *parent)
    : QAbstractScrollArea(parent),
      m_minimap(makeMinimap(this)),
      m_scroller(new LineScroller(this)),
      m_colours(palette())
{
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setCursor(Qt::IBeamCursor);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    connect(&m_bytes, &ByteWindow::changed, this, [this] {
        viewport()->update();
        // What was not there yet when the cursor came.
        if (std::exchange(m_spokenTooEarly, false))
            speak(this);
    });
    connect(&m_lookup, &PieceLookup::changed, this, [this] { hover(m_pointedAt); });
    connect(m_scroller, &LineScroller::topChanged, this, [this] {
        askForBytes();
        viewport()->update();
    });
    connect(m_minimap, &MinimapBar::placeRequested, this,
            [this](Offset place) { m_scroller->centre(m_layout.lineOf(std::min(place, lastByte()))); });
    connect(m_minimap, &MinimapBar::topRequested, this,
            [this](Offset place) { m_scroller->setTop(m_layout.lineOf(std::min(place, lastByte()))); });
    takeFont();
}

void HexView::takeFont()
{
    auto fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setPointSizeF(std::max<double>(fixed.pointSizeF() + m_options.zoom, kLeastPoints));
    setFont(fixed);
    const QFontMetricsF metrics(font());
    m_charWidth = metrics.horizontalAdvance(QLatin1Char('0'));
    m_lineHeight = static_cast<int>(metrics.height() + metrics.height() / 8);
    m_ascent = static_cast<int>(metrics.ascent()) + (m_lineHeight - static_cast<int>(metrics.height())) / 2;
}

QSize HexView::sizeHint() const
{
    return {widthFor(m_options.bytesPerLine == 0 ? 16 : m_options.bytesPerLine), m_lineHeight * 12};
}

int HexView::widthFor(int bytesPerLine) const
{
    const auto columns = m_layout.withBytesPerLine(bytesPerLine).columnCount();
    return static_cast<int>(std::ceil(columns * m_charWidth)) + verticalScrollBar()->sizeHint().width()
        + 2 * frameWidth();
}

void HexView::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    const bool isOther = m_store != store;
    m_store = store;
    const std::uint64_t length = snapshot ? snapshot->fileLength() : 0;
    m_minimap->setSource(m_store, snapshot);
    m_lookup.setSource(m_store, snapshot);
    m_bytes.setSource(std::move(store), std::move(snapshot));
    m_layout = HexLayout(length, m_layout.bytesPerLine(), m_options.groupSize, m_options.addresses);
    if (isOther) {
        hover(std::nullopt);
        m_isFirstToShow = m_store != nullptr;
        select({0}, {0});
        m_scroller->setTop(0);
    } else {
        select(m_anchor, m_cursor); // as far as it is still there
    }
    layOutLines();
}

void HexView::setBookmarks(std::vector<Bookmark> bookmarks)
{
    m_minimap->setBookmarks(bookmarks);
    m_bookmarks = std::move(bookmarks);
    viewport()->update();
}

void HexView::setFindings(std::shared_ptr<const FindingMarks> findings)
{
    m_minimap->setFindings(findings);
    m_findings = std::move(findings);
    viewport()->update();
}

void HexView::setFields(std::shared_ptr<const FieldPiece> fields)
{
    m_fields = std::move(fields);
    hover(m_pointedAt);
    viewport()->update();
}

void HexView::setCovered(Offset begin, Offset end)
{
    m_coveredBegin = begin;
    m_coveredEnd = end;
    viewport()->update();
}

std::shared_ptr<const FieldPiece> HexView::pieceAt(Offset offset) const
{
    if (m_fields && !m_fields->pathTo(offset).empty())
        return m_fields;
    return m_lookup.shows(offset) ? m_lookup.piece() : nullptr;
}

void HexView::hover(std::optional<Offset> offset)
{
    m_pointedAt = offset;
    m_hoveredPiece = offset ? pieceAt(*offset) : nullptr;
    if (offset && !m_hoveredPiece)
        m_lookup.want(*offset);
    const auto *leaf = m_hoveredPiece ? m_hoveredPiece->pathTo(*offset).back() : nullptr;
    if (std::exchange(m_hovered, leaf) != leaf)
        viewport()->update();
}

void HexView::setOptions(const Options &options)
{
    Options next = options;
    next.bytesPerLine = std::clamp(next.bytesPerLine, 0, kMostBytesPerLine);
    next.groupSize = std::clamp(next.groupSize, 1, kMostBytesPerLine);
    next.zoom = std::clamp(next.zoom, -kMostZoom, kMostZoom);
    if (next == m_options)
        return;
    m_options = next;
    takeFont();
    layOutLines();
    Q_EMIT optionsChanged();
}

void HexView::zoomBy(int points)
{
    auto options = m_options;
    options.zoom = points == 0 ? 0 : options.zoom + points;
    setOptions(options);
}

Offset HexView::lastByte() const
{
    return {m_layout.length() == 0 ? 0 : m_layout.length() - 1};
}

void HexView::select(Offset anchor, Offset cursor)
{
    m_anchor = std::min(anchor, lastByte());
    m_cursor = std::min(cursor, lastByte());
    m_begin = std::min(m_anchor, m_cursor);
    m_end = std::min(std::max(m_anchor, m_cursor) + 1, Offset{m_layout.length()});
    m_minimap->setSelectedBytes(m_begin, m_end);
    viewport()->update();
    m_spokenTooEarly = m_bytes.state(m_cursor) == ByteWindow::State::Pending;
    if (!m_spokenTooEarly)
        speak(this);
}

void HexView::showSelection(Offset begin, Offset end)
{
    if (begin == m_begin && end == m_end)
        return;
    select(end > begin ? end + ~std::uint64_t{0} : begin, begin); // the cursor at the begin
    const auto line = m_layout.lineOf(m_cursor);
    const auto top = m_scroller->top();
    // A jump leaves a little of what stands before.
    const auto last = m_layout.lineOf(std::max(m_anchor, m_cursor));
    const bool fits = last - line < m_scroller->visible();
    if (line < top || line - top >= m_scroller->visible())
        m_scroller->setTop(line - std::min<std::uint64_t>(line, m_scroller->visible() / 4));
    if (fits)
        m_scroller->ensureVisible(last);
    else
        m_scroller->ensureVisible(line);
}

void HexView::goTo(Offset offset, bool extend)
{
    offset = std::min(offset, lastByte());
    select(extend ? m_anchor : offset, offset);
    m_scroller->ensureVisible(m_layout.lineOf(m_cursor));
    if (m_layout.length() > 0)
        Q_EMIT selectionChanged(m_begin, m_end);
}

void HexView::moveBy(std::int64_t bytes, bool extend)
{
    if (bytes < 0) {
        const auto back = std::uint64_t{0} - static_cast<std::uint64_t>(bytes);
        goTo({m_cursor.value - std::min(m_cursor.value, back)}, extend);
    } else {
        const auto onward = static_cast<std::uint64_t>(bytes);
        goTo(m_cursor + std::min(onward, lastByte() - m_cursor), extend);
    }
}

void HexView::layOutLines()
{
    const int columns = static_cast<int>(viewport()->width() / m_charWidth);
    const auto first = m_layout.lineBegin(m_scroller->top());
    m_layout = HexLayout(m_layout.length(), m_options.bytesPerLine, m_options.groupSize, m_options.addresses);
    if (m_options.bytesPerLine == 0)
        m_layout = m_layout.fitted(columns);
    m_scroller->setLines(m_layout.lineCount(),
                         static_cast<std::uint64_t>(std::max(viewport()->height() / m_lineHeight, 1)));
    m_scroller->setTop(m_layout.lineOf(first));

    auto *bar = horizontalScrollBar();
    const int width = static_cast<int>(m_layout.columnCount() * m_charWidth);
    bar->setRange(0, std::max(width - viewport()->width(), 0));
    bar->setPageStep(viewport()->width());
    bar->setSingleStep(static_cast<int>(m_charWidth));
    m_scrolledX = bar->value();
    askForBytes();
    viewport()->update();
}

void HexView::askForBytes()
{
    m_bytes.want(visibleBegin(), visibleEnd());
    m_minimap->setVisibleBytes(visibleBegin(), visibleEnd());
}

Offset HexView::visibleBegin() const
{
    return m_layout.lineBegin(m_scroller->top());
}

Offset HexView::visibleEnd() const
{
    // The last line may be visible in part.
    return m_layout.lineEnd(
        std::min(m_scroller->top() + m_scroller->visible(), std::max<std::uint64_t>(m_layout.lineCount(), 1) - 1));
}

void HexView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    layOutLines();
}

void HexView::scrollContentsBy(int dx, int)
{
    if (dx == 0)
        return;
    m_scrolledX = horizontalScrollBar()->value();
    viewport()->update();
}

void HexView::wheelEvent(QWheelEvent *event)
{
    if (event->modifiers().testFlag(Qt::ControlModifier) && event->angleDelta().y() != 0) {
        zoomBy(event->angleDelta().y() > 0 ? 1 : -1);
        event->accept();
    } else if (event->angleDelta().y() == 0 || event->modifiers().testFlag(Qt::AltModifier))
        QAbstractScrollArea::wheelEvent(event);
    else
        m_scroller->wheel(event);
}

void HexView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_colours = StructurePalette(palette());
        viewport()->update();
    } else if (event->type() == QEvent::StyleChange || event->type() == QEvent::ApplicationFontChange) {
        takeFont();
        layOutLines();
    }
}

double HexView::yOf(std::uint64_t line) const
{
    return static_cast<double>(line - m_scroller->top()) * m_lineHeight;
}

QRectF HexView::cellRect(Offset offset) const
{
    const auto line = m_layout.lineOf(offset);
    if (offset < visibleBegin() || offset >= visibleEnd())
        return {};
    return {xOf(m_layout.hexColumn(m_layout.indexInLine(offset))), yOf(line), 2 * m_charWidth, double(m_lineHeight)};
}

QSize HexView::minimumSizeHint() const
{
    const int line = QFontMetrics(QFontDatabase::systemFont(QFontDatabase::FixedFont)).height(); // as if not zoomed
    return {QAbstractScrollArea::minimumSizeHint().width(), line * kLeastLines + 2 * frameWidth()};
}

void HexView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), palette().base());
    painter.setFont(font());
    if (m_layout.length() == 0) {
        painter.setPen(palette().color(QPalette::PlaceholderText));
        painter.drawText(viewport()->rect(), Qt::AlignCenter, m_store ? tr("The file is empty.") : QString());
        noteShown();
        return;
    }
    std::size_t span = 0;
    const auto last = std::min(m_scroller->top() + m_scroller->visible(), m_layout.lineCount() - 1);
    for (auto line = m_scroller->top(); line <= last; ++line)
        paintLine(painter, line, span);
    noteShown();
}

void HexView::noteShown()
{
    const auto isThere = [this](Offset offset) { return m_bytes.state(offset) != ByteWindow::State::Pending; };
    const bool allThere =
        m_layout.length() == 0 || (isThere(visibleBegin()) && isThere(visibleEnd() + ~std::uint64_t{0}));
    if (!m_isFirstToShow || !allThere)
        return;
    m_isFirstToShow = false;
    // Once the painting is over, and on screen.
    QMetaObject::invokeMethod(this, &HexView::firstShown, Qt::QueuedConnection);
}

void HexView::paintLine(QPainter &painter, std::uint64_t line, std::size_t &span)
{
    paintSpans(painter, line, span);
    if (m_end > m_begin + 1)
        paintSelection(painter, line);
    if (m_coveredEnd > m_coveredBegin) {
        QColor shade = palette().color(QPalette::Text);
        shade.setAlphaF(0.22F);
        paintRange(painter, line, m_coveredBegin, m_coveredEnd, QBrush(shade, Qt::BDiagPattern));
    }
    paintBookmarks(painter, line);
    const double baseline = yOf(line) + m_ascent;
    const int base = m_layout.addresses() == HexLayout::Addresses::Hex ? 16 : 10;
    const auto address =
        QStringLiteral("%1").arg(m_layout.lineBegin(line).value, m_layout.addressDigits(), base, QLatin1Char('0'));
    painter.setPen(m_colours.subdued());
    painter.drawText(QPointF(xOf(1), baseline), address);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(QPointF(xOf(m_layout.hexColumn(0)), baseline), hexText(line));
    const auto characters = characterText(line);
    painter.drawText(QPointF(xOf(m_layout.textColumn(0)), baseline), characters.cells);
    for (const auto &[index, text] : characters.wide)
        painter.drawText(QPointF(xOf(m_layout.textColumn(index)), baseline), text);
    paintFindings(painter, line);
    paintField(painter, line);
    paintCursor(painter, line);
}

/// A frame around the field under the mouse, open where it goes on in another line.
void HexView::paintField(QPainter &painter, std::uint64_t line)
{
    if (m_hovered == nullptr)
        return;
    const bool begins = m_hovered->begin >= m_layout.lineBegin(line);
    const bool ends = m_hovered->end <= m_layout.lineEnd(line);
    QPen pen(palette().color(QPalette::Text), 1);
    painter.setPen(pen);
    for (const auto &rect : rangeRects(line, m_hovered->begin, m_hovered->end)) {
        if (rect.isEmpty())
            continue;
        const auto frame = rect.adjusted(0.5, 0.5, -0.5, -0.5);
        painter.drawLine(frame.topLeft(), frame.topRight());
        painter.drawLine(frame.bottomLeft(), frame.bottomRight());
        if (begins)
            painter.drawLine(frame.topLeft(), frame.bottomLeft());
        if (ends)
            painter.drawLine(frame.topRight(), frame.bottomRight());
    }
}

void HexView::paintSpans(QPainter &painter, std::uint64_t line, std::size_t &span)
{
    const auto &spans = m_bytes.spans();
    const auto begin = m_layout.lineBegin(line);
    const auto end = m_layout.lineEnd(line);
    while (span < spans.size() && spans[span].end <= begin)
        ++span;
    const double thin = std::max(m_lineHeight / 14.0, 1.0);
    for (auto at = span; at < spans.size() && spans[at].begin < end; ++at) {
        const auto &[from, to, kind, isHeader] = spans[at];
        paintRange(painter, line, from, to, m_colours.tint(kind, isHeader));
        // Told by form too: damage is crossed through, headers have a line above.
        if (kind == ContentKind::Damaged) {
            QColor crosses = m_colours.fill(kind);
            crosses.setAlphaF(0.5F);
            paintRange(painter, line, from, to, QBrush(crosses, Qt::DiagCrossPattern));
        } else if (isHeader) {
            for (const auto &rect : rangeRects(line, from, to))
                painter.fillRect(QRectF(rect.topLeft(), QSizeF(rect.width(), thin)), m_colours.headerFill(kind));
        }
    }
}

/// Shaded, so that what lies behind it keeps its colour, with an edge around the whole.
void HexView::paintSelection(QPainter &painter, std::uint64_t line)
{
    const QColor edge = palette().color(QPalette::Active, QPalette::Highlight);
    QColor shade = edge;
    shade.setAlphaF(hasFocus() ? 0.35F : 0.25F);
    paintRange(painter, line, m_begin, m_end, shade);
    const double thick = std::max(m_lineHeight / 14.0, 1.0);
    for (const auto &rect : rangeRects(line, m_begin, m_end)) {
        painter.fillRect(QRectF(rect.left(), rect.top(), thick, rect.height()), edge);
        painter.fillRect(QRectF(rect.right() - thick, rect.top(), thick, rect.height()), edge);
    }
    // Above bytes with none of the selection above them, below those with none below.
    const auto perLine = static_cast<std::uint64_t>(m_layout.bytesPerLine());
    const auto length = m_end - m_begin;
    const auto firstEnd = length > perLine ? m_begin + perLine : m_end;
    const auto lastBegin = length > perLine ? Offset{m_end.value - perLine} : m_begin;
    for (const auto &rect : rangeRects(line, m_begin, firstEnd))
        painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), thick), edge);
    for (const auto &rect : rangeRects(line, lastBegin, m_end))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - thick, rect.width(), thick), edge);
}

/// Behind the cells and the characters of those bytes that stand in this line.
void HexView::paintRange(QPainter &painter, std::uint64_t line, Offset begin, Offset end, const QBrush &brush)
{
    for (const auto &rect : rangeRects(line, begin, end))
        painter.fillRect(rect, brush);
}

/// An edge beside the line, and a line under the bytes.
void HexView::paintBookmarks(QPainter &painter, std::uint64_t line)
{
    QColor colour = palette().color(QPalette::Text);
    colour.setAlphaF(0.5F);
    const double thin = std::max(m_lineHeight / 14.0, 1.0);
    for (const auto &bookmark : m_bookmarks) {
        if (bookmark.begin >= m_layout.lineEnd(line))
            break;
        if (bookmark.end <= m_layout.lineBegin(line))
            continue;
        painter.fillRect(QRectF(xOf(0), yOf(line), m_charWidth / 3, m_lineHeight), colour);
        for (const auto &rect : rangeRects(line, bookmark.begin, bookmark.end))
            painter.fillRect(QRectF(rect.left(), rect.bottom() - thin, rect.width(), thin), colour);
    }
}

/// A line under the bytes, which tells by its dashes too how grave it is.
void HexView::paintFindings(QPainter &painter, std::uint64_t line)
{
    if (!m_findings)
        return;
    const double thick = std::max(m_lineHeight / 9.0, 2.0);
    for (const auto &mark : m_findings->in(m_layout.lineBegin(line), m_layout.lineEnd(line))) {
        for (const auto &rect : rangeRects(line, mark.begin, mark.end)) {
            if (!rect.isEmpty())
                paintSeverityLine(painter, mark.severity, {rect.left(), rect.bottom() - thick}, rect.width(), thick);
        }
    }
}

std::array<QRectF, 2> HexView::rangeRects(std::uint64_t line, Offset begin, Offset end) const
{
    const auto from = std::max(begin, m_layout.lineBegin(line));
    const auto to = std::min(end, m_layout.lineEnd(line));
    if (from >= to)
        return {};
    const int first = m_layout.indexInLine(from);
    const int last = m_layout.indexInLine(to + ~std::uint64_t{0});
    const double y = yOf(line);
    const double half = m_charWidth / 2;
    return {QRectF(xOf(m_layout.hexColumn(first)) - half, y,
                   (m_layout.hexColumn(last) + 2 - m_layout.hexColumn(first)) * m_charWidth + 2 * half, m_lineHeight),
            QRectF(xOf(m_layout.textColumn(first)), y, (last - first + 1) * m_charWidth, m_lineHeight)};
}

void HexView::paintCursor(QPainter &painter, std::uint64_t line)
{
    if (m_layout.lineOf(m_cursor) != line)
        return;
    const int index = m_layout.indexInLine(m_cursor);
    const double y = yOf(line);
    const QRectF cell(xOf(m_layout.hexColumn(index)) - m_charWidth / 4, y + 0.5, 2.5 * m_charWidth, m_lineHeight - 1);
    const QRectF character(xOf(m_layout.textColumn(index)), y + 0.5, m_charWidth, m_lineHeight - 1);
    const bool inHex = m_side == HexLayout::Side::Hex;
    QPen strong(palette().color(hasFocus() ? QPalette::Highlight : QPalette::PlaceholderText), hasFocus() ? 2 : 1);
    const QPen weak(palette().color(QPalette::PlaceholderText), 1, Qt::DotLine);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(inHex ? strong : weak);
    painter.drawRect(cell);
    painter.setPen(inHex ? weak : strong);
    painter.drawRect(character);
}

QString HexView::hexText(std::uint64_t line) const
{
    const int first = m_layout.hexColumn(0);
    QString text(m_layout.hexColumn(m_layout.bytesPerLine() - 1) + 2 - first, QLatin1Char(' '));
    auto *out = text.data();
    const auto end = m_layout.lineEnd(line);
    for (auto at = m_layout.lineBegin(line); at < end; at += 1) {
        auto *cell = out + m_layout.hexColumn(m_layout.indexInLine(at)) - first;
        switch (m_bytes.state(at)) {
        case ByteWindow::State::Pending:
            break;
        case ByteWindow::State::Unreadable:
            cell[0] = cell[1] = QLatin1Char('?');
            break;
        case ByteWindow::State::Loaded:
            cell[0] = QChar(kDigits[std::to_integer<std::size_t>(m_bytes.at(at) >> 4)]);
            cell[1] = QChar(kDigits[std::to_integer<std::size_t>(m_bytes.at(at) & std::byte{0xf})]);
            break;
        }
    }
    return text;
}

HexView::Characters HexView::characterText(std::uint64_t line) const
{
    Characters text;
    const auto end = m_layout.lineEnd(line);
    for (auto at = m_layout.lineBegin(line); at < end; at += 1) {
        if (m_bytes.state(at) != ByteWindow::State::Loaded) {
            text.cells += QLatin1Char(' ');
            continue;
        }
        const auto byte = m_bytes.at(at);
        int length = 1;
        if (m_options.text == TextEncoding::Utf8 && byte >= std::byte{0x80}) {
            if (const auto character = utf8At(at, length); character && QChar::isPrint(*character)) {
                text.wide.emplace_back(m_layout.indexInLine(at), QString::fromUcs4(&*character, 1));
                const auto cells = std::min(static_cast<std::uint64_t>(length), end - at);
                text.cells += QString(static_cast<qsizetype>(cells), QLatin1Char(' '));
                at += cells - 1;
                continue;
            }
        }
        text.cells += isPrintable(byte) ? QChar(std::to_integer<char16_t>(byte)) : QChar(u'·');
    }
    return text;
}

/// The character that begins at this byte, and of how many bytes it is.
std::optional<char32_t> HexView::utf8At(Offset offset, int &length) const
{
    const auto lead = std::to_integer<unsigned>(m_bytes.at(offset));
    const int wanted = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    QByteArray bytes;
    for (int i = 0; i < wanted; ++i) {
        const auto at = offset + static_cast<std::uint64_t>(i);
        if (m_bytes.state(at) != ByteWindow::State::Loaded)
            return std::nullopt;
        bytes += std::to_integer<char>(m_bytes.at(at));
    }
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decode(bytes);
    if (wanted == 0 || decode.hasError() || text.toUcs4().size() != 1)
        return std::nullopt;
    length = wanted;
    return text.toUcs4().front();
}

std::optional<HexLayout::Place> HexView::placeAt(QPointF point) const
{
    const int row = std::clamp(static_cast<int>(point.y()), 0, viewport()->height() - 1) / m_lineHeight;
    return m_layout.placeAt(m_scroller->top() + static_cast<std::uint64_t>(row),
                            (point.x() + m_scrolledX) / m_charWidth);
}

void HexView::mousePressEvent(QMouseEvent *event)
{
    const auto place = placeAt(event->position());
    if (!place)
        return;
    const bool inSelection = place->offset >= m_begin && place->offset < m_end;
    if (event->button() == Qt::RightButton && inSelection)
        return;
    m_side = place->side;
    goTo(place->offset, event->button() == Qt::LeftButton && event->modifiers().testFlag(Qt::ShiftModifier));
}

void HexView::mouseMoveEvent(QMouseEvent *event)
{
    if (!event->buttons().testFlag(Qt::LeftButton)) {
        const auto place = placeAt(event->position());
        hover(place ? std::optional(place->offset) : std::nullopt);
        return;
    }
    if (event->position().y() < 0)
        m_scroller->scrollBy(-1);
    else if (event->position().y() >= viewport()->height())
        m_scroller->scrollBy(1);
    if (const auto place = placeAt(event->position()))
        goTo(place->offset, true);
}

void HexView::keyPressEvent(QKeyEvent *event)
{
    const bool extend = event->modifiers().testFlag(Qt::ShiftModifier);
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    if (event->matches(QKeySequence::Copy)) {
        copy(ByteFormat::Hex);
    } else if (event->matches(QKeySequence::ZoomIn) || (control && event->key() == Qt::Key_Equal)) {
        zoomBy(1);
    } else if (event->matches(QKeySequence::ZoomOut)) {
        zoomBy(-1);
    } else if (control && event->key() == Qt::Key_0) {
        zoomBy(0);
    } else if (event->matches(QKeySequence::SelectAll)) {
        select({0}, lastByte());
        if (m_end > m_begin)
            Q_EMIT selectionChanged(m_begin, m_end);
    } else if (!goByKey(event->key(), control, extend)) {
        QAbstractScrollArea::keyPressEvent(event);
    }
}

bool HexView::goByKey(int key, bool control, bool extend)
{
    const std::int64_t line = m_layout.bytesPerLine();
    const auto page = static_cast<std::int64_t>(m_scroller->visible()) * line;
    switch (key) {
    case Qt::Key_Left:
        moveBy(-1, extend);
        return true;
    case Qt::Key_Right:
        moveBy(1, extend);
        return true;
    case Qt::Key_Up:
        if (control)
            m_scroller->scrollBy(-1);
        else if (m_cursor.value >= static_cast<std::uint64_t>(line))
            moveBy(-line, extend);
        return true;
    case Qt::Key_Down:
        if (control)
            m_scroller->scrollBy(1);
        else if (lastByte() - m_cursor >= static_cast<std::uint64_t>(line))
            moveBy(line, extend);
        return true;
    case Qt::Key_PageUp:
        if (control)
            Q_EMIT segmentStepRequested(-1);
        else
            moveBy(-page, extend);
        return true;
    case Qt::Key_PageDown:
        if (control)
            Q_EMIT segmentStepRequested(1);
        else
            moveBy(page, extend);
        return true;
    case Qt::Key_Home:
        goTo(control ? Offset{0} : m_layout.lineBegin(m_layout.lineOf(m_cursor)), extend);
        return true;
    case Qt::Key_End:
        goTo(control ? lastByte() : m_layout.lineEnd(m_layout.lineOf(m_cursor)) + ~std::uint64_t{0}, extend);
        return true;
    case Qt::Key_Space:
        m_side = m_side == HexLayout::Side::Hex ? HexLayout::Side::Text : HexLayout::Side::Hex;
        viewport()->update();
        return true;
    default:
        return false;
    }
}

void HexView::copy(ByteFormat format)
{
    const auto length = m_end - m_begin;
    if (!m_store || length == 0)
        return;
    if (length > kMostCopied) {
        sayAtCursor(tr("Too much for the clipboard, which takes %1 at a time. Save the selection to a file instead.")
                        .arg(sizeText(kMostCopied)));
        return;
    }
    QtConcurrent::run([store = m_store, begin = m_begin, length, format]() -> Result<QString> {
        std::vector<std::byte> bytes(static_cast<std::size_t>(length));
        return store->readExactAt(begin, bytes).transform([&] { return formatBytes(format, bytes, begin); });
    }).then(this, [this, copy = ++m_copies](const Result<QString> &text) {
        if (copy != m_copies)
            return;
        if (text)
            QApplication::clipboard()->setText(*text);
        else
            sayAtCursor(tr("Not copied: %1").arg(errorText(text.error())));
    });
}

/// What is selected as the fields see it.
void HexView::copyField()
{
    if (!m_fields || m_fields->pathTo(m_begin).empty()) {
        sayAtCursor(tr("These bytes belong to no field that is known yet."));
        return;
    }
    ++m_copies; // newer than one under way
    QApplication::clipboard()->setText(fieldJson(m_fields->nodeFor(m_begin, m_end)));
}

void HexView::sayAtCursor(const QString &text)
{
    const auto place = cellRect(m_cursor).bottomLeft().toPoint();
    QToolTip::showText(viewport()->mapToGlobal(place), toolTipText(text), this);
}

void HexView::copyOffset()
{
    ++m_copies; // newer than one under way
    QApplication::clipboard()->setText(offsetText(m_begin));
}

void HexView::contextMenuEvent(QContextMenuEvent *event)
{
    if (m_layout.length() == 0)
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy"), QKeySequence::Copy, this, [this] { copy(ByteFormat::Hex); });
    auto *as = menu->addMenu(tr("Copy &As"));
    for (const auto format : kByteFormats)
        as->addAction(formatName(format), this, [this, format] { copy(format); });
    as->addAction(tr("&JSON of the Field"), this, &HexView::copyField)->setObjectName(QStringLiteral("copyJson"));
    menu->addAction(tr("Copy &Offset"), this, &HexView::copyOffset);
    menu->addAction(tr("&Save Selection…"), this, &HexView::saveRequested);
    menu->addAction(tr("&Bookmark Selection"), this, &HexView::bookmarkRequested);
    const bool byMouse = event->reason() == QContextMenuEvent::Mouse;
    menu->popup(byMouse ? event->globalPos() : viewport()->mapToGlobal(cellRect(m_cursor).bottomLeft().toPoint()));
}

/// Null where nothing is known.
const StructureSpan *HexView::spanAt(Offset offset) const
{
    const auto &spans = m_bytes.spans();
    const auto span = std::ranges::upper_bound(spans, offset, {}, &StructureSpan::end);
    return span == spans.end() || span->begin > offset ? nullptr : &*span;
}

std::optional<ContentKind> HexView::kindAt(Offset offset) const
{
    const auto *span = spanAt(offset);
    return span != nullptr ? std::optional(span->kind) : std::nullopt;
}

/// "record, segment header"; empty where nothing is known.
QString HexView::structureAt(Offset offset) const
{
    const auto *span = spanAt(offset);
    if (span == nullptr)
        return {};
    return span->isHeader ? tr("%1, segment header").arg(kindText(span->kind)) : kindText(span->kind);
}

/// "segment 41 › record › field "title""; empty where no fields are known.
QString HexView::fieldsAt(Offset offset) const
{
    const auto piece = pieceAt(offset);
    return piece ? fieldPathText(piece->pathTo(offset), piece->segment()) : QString();
}

QString HexView::bookmarksAt(Offset offset) const
{
    QStringList names;
    for (const auto &bookmark : m_bookmarks) {
        if (bookmark.begin <= offset && offset < bookmark.end)
            names += bookmark.name;
    }
    return names.isEmpty() ? QString() : tr("bookmark %1").arg(names.join(QStringLiteral(", ")));
}

QString HexView::findingsAt(Offset offset) const
{
    return m_findings ? findingLines(m_findings->findingsIn(offset, offset + 1, kMostFindingsTold)) : QString();
}

QString HexView::toolTipAt(QPointF point) const
{
    const auto place = placeAt(point);
    if (!place)
        return {};
    auto text = tr("Offset %1 (%2)").arg(offsetText(place->offset), groupedText(place->offset.value));
    if (const auto structure = structureAt(place->offset); !structure.isEmpty())
        text += QLatin1Char('\n') + structure;
    if (const auto fields = fieldsAt(place->offset); !fields.isEmpty())
        text += QLatin1Char('\n') + fields;
    if (const auto bookmarks = bookmarksAt(place->offset); !bookmarks.isEmpty())
        text += QLatin1Char('\n') + bookmarks;
    if (const auto findings = findingsAt(place->offset); !findings.isEmpty())
        text += QLatin1Char('\n') + findings;
    return toolTipText(text);
}

QString HexView::spokenText() const
{
    if (m_layout.length() == 0)
        return tr("The file is empty.");
    QStringList parts{tr("offset %1").arg(offsetText(m_cursor))};
    if (m_bytes.state(m_cursor) == ByteWindow::State::Loaded) {
        const auto byte = m_bytes.at(m_cursor);
        parts += tr("byte %1").arg(std::to_integer<int>(byte), 2, 16, QLatin1Char('0'));
        if (isPrintable(byte))
            parts += QString(QChar(std::to_integer<char16_t>(byte)));
    } else if (m_bytes.state(m_cursor) == ByteWindow::State::Unreadable) {
        parts += tr("unreadable");
    }
    if (const auto structure = structureAt(m_cursor); !structure.isEmpty())
        parts += structure;
    if (const auto fields = fieldsAt(m_cursor); !fields.isEmpty())
        parts += fields;
    if (const auto bookmarks = bookmarksAt(m_cursor); !bookmarks.isEmpty())
        parts += bookmarks;
    if (const auto findings = findingsAt(m_cursor); !findings.isEmpty())
        parts += findings;
    parts += tr("line %1, column %2").arg(m_layout.lineOf(m_cursor) + 1).arg(m_layout.indexInLine(m_cursor) + 1);
    if (m_end > m_begin + 1)
        parts += tr("%1 bytes selected").arg(groupedText(m_end - m_begin));
    return parts.join(QStringLiteral(", "));
}

bool HexView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        QToolTip::showText(help->globalPos(), toolTipAt(help->pos()), this);
        return true;
    }
    if (event->type() == QEvent::Leave)
        hover(std::nullopt);
    return QAbstractScrollArea::viewportEvent(event);
}

void HexView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void HexView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

} // namespace modelvault::ui
