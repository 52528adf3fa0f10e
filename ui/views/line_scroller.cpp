#include "views/line_scroller.h"

#include <QApplication>
#include <QScrollBar>
#include <QWheelEvent>

#include <algorithm>

namespace modelvault::ui {
namespace {

// Positions of the bar, where there are more lines than that.
constexpr std::uint64_t kMostPositions = 1U << 30U;
constexpr int kWheelStep = 120; // eighths of a degree a notch

} // namespace

LineScroller::LineScroller(QAbstractScrollArea *area) : QObject(area), m_bar(area->verticalScrollBar())
{
    m_bar->installEventFilter(this);
    connect(m_bar, &QAbstractSlider::actionTriggered, this, &LineScroller::takeAction);
    // What sets the bar without an action: screen readers, styles.
    connect(m_bar, &QAbstractSlider::valueChanged, this, [this](int value) {
        if (!m_isPlacingBar && value != positionOf(m_top))
            setTop(topAt(value));
    });
}

void LineScroller::setLines(std::uint64_t lines, std::uint64_t visible)
{
    m_lines = lines;
    m_visible = std::max<std::uint64_t>(visible, 1);
    const auto before = m_top;
    m_top = std::min(m_top, maxTop());
    placeBar();
    if (m_top != before)
        Q_EMIT topChanged();
}

void LineScroller::setTop(std::uint64_t line)
{
    line = std::min(line, maxTop());
    if (line == m_top)
        return;
    m_top = line;
    placeBar();
    Q_EMIT topChanged();
}

void LineScroller::scrollBy(std::int64_t lines)
{
    if (lines < 0) {
        const auto up = std::uint64_t{0} - static_cast<std::uint64_t>(lines);
        setTop(m_top - std::min(m_top, up));
    } else {
        const auto down = static_cast<std::uint64_t>(lines);
        setTop(m_top + std::min(down, maxTop() - m_top));
    }
}

void LineScroller::centre(std::uint64_t line)
{
    setTop(line - std::min(line, m_visible / 2));
}

void LineScroller::ensureVisible(std::uint64_t line)
{
    if (line < m_top)
        setTop(line);
    else if (line - m_top >= m_visible)
        setTop(line - m_visible + 1);
}

void LineScroller::wheel(QWheelEvent *event)
{
    m_wheelRest += event->angleDelta().y() * QApplication::wheelScrollLines();
    const int lines = m_wheelRest / kWheelStep;
    m_wheelRest %= kWheelStep;
    scrollBy(-lines);
    event->accept();
}

bool LineScroller::eventFilter(QObject *watched, QEvent *event)
{
    // Over the bar the wheel would move it by its own positions, each of which may be many lines.
    if (watched == m_bar && event->type() == QEvent::Wheel
        && static_cast<QWheelEvent *>(event)->angleDelta().y() != 0) {
        wheel(static_cast<QWheelEvent *>(event));
        return true;
    }
    return QObject::eventFilter(watched, event);
}

int LineScroller::positionOf(std::uint64_t top) const
{
    const auto most = maxTop();
    if (most <= kMostPositions)
        return static_cast<int>(top);
    if (top == most)
        return static_cast<int>(kMostPositions);
    auto position = static_cast<int>(static_cast<long double>(top) / static_cast<long double>(most) * kMostPositions);
    // The last position that stands for this line: rounded down twice, topAt() would not lead back to it.
    while (topAt(position + 1) <= top)
        ++position;
    return position;
}

std::uint64_t LineScroller::topAt(int position) const
{
    const auto most = maxTop();
    const auto at = static_cast<std::uint64_t>(std::max(position, 0));
    if (most <= kMostPositions)
        return at;
    // Whole and rest apart: the product of both would not fit 64 bits.
    return most / kMostPositions * at + most % kMostPositions * at / kMostPositions;
}

void LineScroller::takeAction(int action)
{
    switch (action) {
    case QAbstractSlider::SliderSingleStepAdd:
        scrollBy(1);
        break;
    case QAbstractSlider::SliderSingleStepSub:
        scrollBy(-1);
        break;
    case QAbstractSlider::SliderPageStepAdd:
        scrollBy(static_cast<std::int64_t>(m_visible));
        break;
    case QAbstractSlider::SliderPageStepSub:
        scrollBy(-static_cast<std::int64_t>(m_visible));
        break;
    default: // moved, or to an end: the position says where
        setTop(topAt(m_bar->sliderPosition()));
        return; // under the mouse the bar stays where it is dragged to
    }
    m_bar->setSliderPosition(positionOf(m_top));
}

void LineScroller::placeBar()
{
    // The bar speaks to the scroll area all the same, which shows it when there is something to scroll.
    m_isPlacingBar = true;
    const auto most = std::min(maxTop(), kMostPositions);
    m_bar->setRange(0, static_cast<int>(most));
    // The handle is as long as the visible part, as far as ints can say that.
    const auto page =
        most < kMostPositions ? m_visible : std::max<std::uint64_t>(m_visible / (maxTop() / kMostPositions), 1);
    m_bar->setPageStep(static_cast<int>(std::min<std::uint64_t>(page, kMostPositions)));
    if (!m_bar->isSliderDown())
        m_bar->setValue(positionOf(m_top));
    m_isPlacingBar = false;
}

} // namespace modelvault::ui
