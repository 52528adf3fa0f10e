#include "views/vector_icon.h"

#include <QIconEngine>
#include <QPainter>
#include <QPixmap>

#include <algorithm>
#include <utility>

namespace modelvault::ui {
namespace {

class Engine final : public QIconEngine {
public:
    explicit Engine(PaintIcon paint) : m_paint(std::move(paint)) { }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        painter->save();
        m_paint(*painter, QRectF(rect), mode);
        painter->restore();
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }
    [[nodiscard]] QIconEngine *clone() const override { return new Engine(*this); }

private:
    PaintIcon m_paint;
};

} // namespace

QIcon vectorIcon(PaintIcon paint)
{
    return QIcon(new Engine(std::move(paint)));
}

QIcon vectorIconOf16(std::function<void(QPainter &painter, QIcon::Mode mode)> paint)
{
    return vectorIcon([paint = std::move(paint)](QPainter &painter, const QRectF &rect, QIcon::Mode mode) {
        constexpr double kUnits = 16;
        const double side = std::min(rect.width(), rect.height());
        painter.setRenderHint(QPainter::Antialiasing);
        painter.translate(rect.center() - QPointF(side / 2, side / 2));
        painter.scale(side / kUnits, side / kUnits);
        paint(painter, mode);
    });
}

} // namespace modelvault::ui
