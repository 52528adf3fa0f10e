#include "views/bar_list.h"

#include "views/structure_palette.h"

#include <QEvent>
#include <QPainter>

#include <algorithm>

namespace modelvault::ui {

BarList::BarList(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void BarList::setBars(std::vector<Bar> bars)
{
    m_bars = std::move(bars);
    QStringList lines;
    for (const auto &bar : m_bars)
        lines += QStringLiteral("%1: %2").arg(bar.name, bar.text);
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
    return width + lineHeight();
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
        largest = std::max(largest, bar.size);
    const int height = lineHeight();
    const int left = nameWidth();
    const int room = width() - left - textWidth();
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        const auto &bar = m_bars[i];
        const int y = static_cast<int>(i) * height;
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(QRect(0, y, left, height), Qt::AlignLeft | Qt::AlignVCenter, bar.name);
        // Never invisible: a thin line stands for the smallest share.
        const double share = static_cast<double>(bar.size) / static_cast<double>(largest);
        const QRectF area(left, y + height / 5.0, std::max(room * share, 2.0), height * 3 / 5.0);
        colours.paintCell(painter, area, bar.kind);
        painter.drawText(QRectF(area.right() + fontMetrics().averageCharWidth(), y, textWidth(), height),
                         Qt::AlignLeft | Qt::AlignVCenter, bar.text);
    }
}

} // namespace modelvault::ui
