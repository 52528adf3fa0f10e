#include "views/bar_list.h"

#include "text/words.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <numeric>

namespace modelvault::ui {
namespace {

constexpr int kMostNameChars = 30;

const QString &detailsOf(const BarList::Bar &bar)
{
    return bar.details.isEmpty() ? bar.text : bar.details;
}

} // namespace

std::uint64_t BarList::Bar::size() const
{
    return std::accumulate(parts.begin(), parts.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const Part &part) { return sum + part.size; });
}

BarList::BarList(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void BarList::setBars(std::vector<Bar> bars)
{
    m_bars = std::move(bars);
    QStringList lines;
    for (const auto &bar : m_bars)
        lines += QStringLiteral("%1: %2").arg(bar.name, detailsOf(bar));
    setAccessibleDescription(lines.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

int BarList::lineHeight() const
{
    return fontMetrics().height() * 3 / 2;
}

int BarList::nameWidth() const
{
    int width = 0;
    for (const auto &bar : m_bars)
        width = std::max(width, fontMetrics().horizontalAdvance(bar.name));
    return std::min(width, fontMetrics().averageCharWidth() * kMostNameChars) + lineHeight();
}

int BarList::textWidth() const
{
    int width = 0;
    for (const auto &bar : m_bars)
        width = std::max(width, fontMetrics().horizontalAdvance(bar.text));
    return width + fontMetrics().averageCharWidth() * 2;
}

QSize BarList::sizeHint() const
{
    return {nameWidth() + textWidth() + fontMetrics().averageCharWidth() * 24,
            lineHeight() * static_cast<int>(m_bars.size())};
}

QSize BarList::minimumSizeHint() const
{
    return {nameWidth() + textWidth() + fontMetrics().averageCharWidth() * 6, sizeHint().height()};
}

void BarList::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    updateGeometry();
}

void BarList::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const StructurePalette colours(palette());
    std::uint64_t largest = 1;
    for (const auto &bar : m_bars)
        largest = std::max(largest, bar.size());
    const int height = lineHeight();
    const int left = nameWidth();
    const int room = width() - left - textWidth();
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        const auto &bar = m_bars[i];
        const int y = static_cast<int>(i) * height;
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(QRect(0, y, left, height), Qt::AlignLeft | Qt::AlignVCenter,
                         fontMetrics().elidedText(bar.name, Qt::ElideRight, left - height / 2));
        double at = left;
        for (const auto &part : bar.parts) {
            // Never invisible: a thin line stands for the smallest share.
            const double share = static_cast<double>(part.size) / static_cast<double>(largest);
            const QRectF area(at, y + height / 5.0, std::max(room * share, 2.0), height * 3 / 5.0);
            colours.paintCell(painter, area, part.look);
            at = area.right();
        }
        painter.drawText(QRectF(at + fontMetrics().averageCharWidth(), y, textWidth(), height),
                         Qt::AlignLeft | Qt::AlignVCenter, bar.text);
    }
}

bool BarList::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const auto line = static_cast<std::size_t>(std::max(help->pos().y(), 0) / lineHeight());
        QToolTip::showText(help->globalPos(),
                           line < m_bars.size()
                               ? toolTipText(tr("%1: %2").arg(m_bars[line].name, detailsOf(m_bars[line])))
                               : QString(),
                           this);
        return true;
    }
    return QWidget::event(event);
}

} // namespace modelvault::ui
