#include "views/flow_layout.h"

#include <QStyle>
#include <QWidget>

#include <algorithm>

namespace modelvault::ui {

FlowLayout::~FlowLayout() = default;

void FlowLayout::addItem(QLayoutItem *item)
{
    m_items.emplace_back(item);
}

QLayoutItem *FlowLayout::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)].get() : nullptr;
}

QLayoutItem *FlowLayout::takeAt(int index)
{
    if (itemAt(index) == nullptr)
        return nullptr;
    auto *taken = m_items[static_cast<std::size_t>(index)].release();
    m_items.erase(m_items.begin() + index);
    return taken;
}

int FlowLayout::heightForWidth(int width) const
{
    return flow({0, 0, width, 0}, Pass::Measure);
}

QSize FlowLayout::minimumSize() const
{
    QSize least;
    for (const auto &item : m_items)
        least = least.expandedTo(item->minimumSize());
    const auto margins = contentsMargins();
    return least + QSize(margins.left() + margins.right(), margins.top() + margins.bottom());
}

QSize FlowLayout::sizeHint() const
{
    return minimumSize();
}

void FlowLayout::setGeometry(const QRect &rect)
{
    QLayout::setGeometry(rect);
    flow(rect, Pass::Place);
}

int FlowLayout::flow(const QRect &rect, Pass pass) const
{
    const auto room = rect.marginsRemoved(contentsMargins());
    const bool isMirrored = parentWidget() != nullptr && parentWidget()->isRightToLeft();
    int x = room.x();
    int y = room.y();
    int line = 0;
    for (const auto &item : m_items) {
        if (item->isEmpty())
            continue;
        const auto size =
            item->sizeHint().boundedTo({std::max(room.width(), item->minimumSize().width()), QWIDGETSIZE_MAX});
        if (x > room.x() && x + size.width() > room.right() + 1) {
            x = room.x();
            y += line;
            line = 0;
        }
        if (pass == Pass::Place) {
            const QRect place({x, y}, size);
            item->setGeometry(isMirrored ? QStyle::visualRect(Qt::RightToLeft, rect, place) : place);
        }
        x += size.width() + std::max(spacing(), 0);
        line = std::max(line, size.height());
    }
    return y + line - rect.y() + contentsMargins().bottom();
}

} // namespace modelvault::ui
