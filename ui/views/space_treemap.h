#pragma once

#include "views/spoken_view.h"
#include "views/structure_palette.h"

#include <QRectF>
#include <QString>
#include <QWidget>

#include <cstdint>
#include <optional>
#include <vector>

namespace modelvault::ui {

/// What takes how much of a file: a box for each collection, divided by what its bytes are good for, and for what
/// belongs to none. Arrow keys go from box to box, Return or a double click leads to the collection. GUI thread.
class SpaceTreemap : public QWidget, public SpokenView {
    Q_OBJECT

public:
    struct Piece {
        MapLook look;
        std::uint64_t bytes = 0;
    };
    struct Box {
        QString name; ///< plain
        QString text; ///< the numbers
        std::optional<std::uint32_t> collectionId;
        std::vector<Piece> pieces; ///< the largest first, none empty

        [[nodiscard]] std::uint64_t bytes() const;
    };

    explicit SpaceTreemap(QWidget *parent = nullptr);

    /// The largest first.
    void setBoxes(std::vector<Box> boxes);
    [[nodiscard]] const std::vector<Box> &boxes() const { return m_boxes; }
    /// Of the box the cursor is on, if there is any.
    [[nodiscard]] std::optional<std::size_t> current() const;
    /// In the coordinates of this.
    [[nodiscard]] QRectF rectOf(std::size_t box) const { return m_rects[box]; }
    [[nodiscard]] QString spokenText() const override;
    [[nodiscard]] QSize sizeHint() const override;

Q_SIGNALS:
    void collectionRequested(std::uint32_t id);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    bool event(QEvent *event) override;

private:
    void layOut();
    void setCurrent(std::size_t box);
    void activate();
    [[nodiscard]] std::optional<std::size_t> boxAt(const QPointF &place) const;
    void paintBox(QPainter &painter, const Box &box, const QRectF &rect) const;

    std::vector<Box> m_boxes;
    std::vector<QRectF> m_rects;
    std::size_t m_current = 0;
};

} // namespace modelvault::ui
