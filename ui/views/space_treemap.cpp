#include "views/space_treemap.h"

#include "text/words.h"
#include "views/treemap_layout.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <numeric>
#include <utility>

namespace modelvault::ui {
namespace {

constexpr int kLinesHigh = 11;

} // namespace

std::uint64_t SpaceTreemap::Box::bytes() const
{
    return std::accumulate(pieces.begin(), pieces.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const Piece &piece) { return sum + piece.bytes; });
}

SpaceTreemap::SpaceTreemap(QWidget *parent) : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void SpaceTreemap::setBoxes(std::vector<Box> boxes)
{
    m_boxes = std::move(boxes);
    m_current = std::min(m_current, std::max<std::size_t>(m_boxes.size(), 1) - 1);
    layOut();
}

std::optional<std::size_t> SpaceTreemap::current() const
{
    return m_boxes.empty() ? std::nullopt : std::optional(m_current);
}

QString SpaceTreemap::spokenText() const
{
    if (m_boxes.empty())
        return tr("Nothing is measured yet.");
    const auto &box = m_boxes[m_current];
    return tr("%1: %2, %3 of %4").arg(box.name, box.text).arg(m_current + 1).arg(m_boxes.size());
}

QSize SpaceTreemap::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 50, fontMetrics().height() * kLinesHigh};
}

void SpaceTreemap::layOut()
{
    std::vector<double> sizes(m_boxes.size());
    std::ranges::transform(m_boxes, sizes.begin(), [](const Box &box) { return static_cast<double>(box.bytes()); });
    m_rects = layOutTreemap(QRectF(rect()), sizes);
    update();
}

void SpaceTreemap::setCurrent(std::size_t box)
{
    m_current = box;
    update();
    speak(this);
}

void SpaceTreemap::activate()
{
    if (!m_boxes.empty() && m_boxes[m_current].collectionId)
        Q_EMIT collectionRequested(*m_boxes[m_current].collectionId);
}

std::optional<std::size_t> SpaceTreemap::boxAt(const QPointF &place) const
{
    const auto found = std::ranges::find_if(m_rects, [&](const QRectF &rect) { return rect.contains(place); });
    return found != m_rects.end() ? std::optional(static_cast<std::size_t>(found - m_rects.begin())) : std::nullopt;
}

void SpaceTreemap::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    for (std::size_t i = 0; i < m_boxes.size(); ++i)
        paintBox(painter, m_boxes[i], m_rects[i]);
    if (hasFocus() && !m_boxes.empty()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
        painter.drawRect(m_rects[m_current].adjusted(1, 1, -1, -1));
    }
}

void SpaceTreemap::paintBox(QPainter &painter, const Box &box, const QRectF &rect) const
{
    const auto inner = rect.adjusted(0.5, 0.5, -0.5, -0.5);
    const auto base = palette().color(QPalette::Base);
    std::vector<double> sizes(box.pieces.size());
    std::ranges::transform(box.pieces, sizes.begin(),
                           [](const Piece &piece) { return static_cast<double>(piece.bytes); });
    const auto rects = layOutTreemap(inner, sizes);
    const StructurePalette colours(palette());
    painter.setPen(base);
    for (std::size_t i = 0; i < rects.size(); ++i)
        colours.paintCell(painter, rects[i], box.pieces[i].look);
    painter.drawRect(inner);
    // On a ground of its own, where there is room: colours and patterns are below.
    const int margin = fontMetrics().averageCharWidth() / 2;
    const auto text = fontMetrics().elidedText(box.name, Qt::ElideRight, static_cast<int>(inner.width()) - 4 * margin);
    const QRectF label(inner.left() + margin, inner.top() + margin,
                       fontMetrics().horizontalAdvance(text) + 2 * margin, fontMetrics().height());
    if (text.size() < 2 || label.bottom() > inner.bottom() - margin)
        return;
    painter.fillRect(label, base);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(label, Qt::AlignCenter, text);
}

void SpaceTreemap::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    layOut();
}

void SpaceTreemap::keyPressEvent(QKeyEvent *event)
{
    const auto last = m_boxes.empty() ? 0 : m_boxes.size() - 1;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Up:
        return setCurrent(m_current > 0 ? m_current - 1 : 0);
    case Qt::Key_Right:
    case Qt::Key_Down:
        return setCurrent(std::min(m_current + 1, last));
    case Qt::Key_Home:
        return setCurrent(0);
    case Qt::Key_End:
        return setCurrent(last);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return activate();
    default:
        QWidget::keyPressEvent(event);
    }
}

void SpaceTreemap::mousePressEvent(QMouseEvent *event)
{
    if (const auto box = boxAt(event->position()))
        setCurrent(*box);
}

void SpaceTreemap::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (boxAt(event->position()))
        activate();
}

void SpaceTreemap::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
    speak(this);
}

void SpaceTreemap::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    update();
}

bool SpaceTreemap::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const auto box = boxAt(help->pos());
        QToolTip::showText(
            help->globalPos(),
            box ? toolTipText(tr("%1: %2").arg(m_boxes[*box].name, m_boxes[*box].text)) : QString(), this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace modelvault::ui
