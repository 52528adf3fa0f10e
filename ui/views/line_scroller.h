#pragma once

#include <QAbstractScrollArea>
#include <QObject>

#include <cstdint>

class QWheelEvent;

namespace modelvault::ui {

/// Scrolls any number of lines by a scroll bar of ints. Wheel, arrows and pages move by exact lines; only dragging the
/// bar is coarse where there are more lines than it has positions. Owns what the vertical bar of a scroll area says, so
/// another bar has to be set before; GUI thread.
class LineScroller : public QObject {
    Q_OBJECT

public:
    /// A child of the area.
    explicit LineScroller(QAbstractScrollArea *area);

    /// How many lines there are, and how many are wholly visible at a time.
    void setLines(std::uint64_t lines, std::uint64_t visible);
    [[nodiscard]] std::uint64_t lines() const { return m_lines; }
    [[nodiscard]] std::uint64_t visible() const { return m_visible; }
    /// The first visible line.
    [[nodiscard]] std::uint64_t top() const { return m_top; }
    /// As near as the end allows.
    void setTop(std::uint64_t line);
    /// Shows the line in the middle, as near as the ends allow.
    void centre(std::uint64_t line);
    void scrollBy(std::int64_t lines);
    /// Scrolls as little as makes the line visible.
    void ensureVisible(std::uint64_t line);
    void wheel(QWheelEvent *event);

    bool eventFilter(QObject *watched, QEvent *event) override;

Q_SIGNALS:
    void topChanged();

private:
    [[nodiscard]] std::uint64_t maxTop() const { return m_lines > m_visible ? m_lines - m_visible : 0; }
    [[nodiscard]] int positionOf(std::uint64_t top) const;
    [[nodiscard]] std::uint64_t topAt(int position) const;
    void takeAction(int action);
    void placeBar();

    QScrollBar *m_bar;
    std::uint64_t m_lines = 0;
    std::uint64_t m_visible = 1;
    std::uint64_t m_top = 0;
    bool m_isPlacingBar = false;
    int m_wheelRest = 0; // eighths of a degree that did not make a whole line yet
};

} // namespace modelvault::ui
