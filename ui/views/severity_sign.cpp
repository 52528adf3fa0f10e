#include "views/severity_sign.h"

#include <QIconEngine>
#include <QPainter>
#include <QPixmap>

#include <algorithm>

namespace modelvault::ui {
namespace {

/// Within a square of side 16.
void paintSign(QPainter &painter, Severity severity)
{
    const QPen mark(Qt::white, 2, Qt::SolidLine, Qt::RoundCap);
    painter.setPen(Qt::NoPen);
    painter.setBrush(severityColour(severity));
    switch (severity) {
    case Severity::Error:
        painter.drawEllipse(QRectF(1, 1, 14, 14));
        painter.setPen(mark);
        painter.drawLine(QPointF(5.5, 5.5), QPointF(10.5, 10.5));
        painter.drawLine(QPointF(10.5, 5.5), QPointF(5.5, 10.5));
        return;
    case Severity::Warning: {
        painter.setPen(QPen(severityColour(severity), 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawPolygon(QPolygonF({{8, 2}, {15, 14}, {1, 14}}));
        painter.setPen(QPen(Qt::black, 2, Qt::SolidLine, Qt::RoundCap)); // white would not stand out from amber
        painter.drawLine(QPointF(8, 6.5), QPointF(8, 9.5));
        painter.drawPoint(QPointF(8, 12.5));
        return;
    }
    case Severity::Info:
        painter.drawRoundedRect(QRectF(1.5, 1.5, 13, 13), 2, 2);
        painter.setPen(mark);
        painter.drawLine(QPointF(8, 7.5), QPointF(8, 11.5));
        painter.drawPoint(QPointF(8, 4.5));
        return;
    }
}

class SignEngine final : public QIconEngine {
public:
    explicit SignEngine(Severity severity) : m_severity(severity) { }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const double side = std::min(rect.width(), rect.height());
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (mode == QIcon::Disabled)
            painter->setOpacity(0.5);
        painter->translate(QRectF(rect).center() - QPointF(side / 2, side / 2));
        painter->scale(side / 16, side / 16);
        paintSign(*painter, m_severity);
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
    [[nodiscard]] QIconEngine *clone() const override { return new SignEngine(*this); }

private:
    Severity m_severity;
};

} // namespace

QColor severityColour(Severity severity)
{
    switch (severity) {
    case Severity::Info:
        return {0x2a, 0x7f, 0xc4};
    case Severity::Warning:
        return {0xe0, 0x9a, 0x00};
    case Severity::Error:
        return {0xd0, 0x30, 0x0c};
    }
    return {};
}

QIcon severityIcon(Severity severity)
{
    return QIcon(new SignEngine(severity));
}

void paintSeverityLine(QPainter &painter, Severity severity, QPointF from, double width, double thickness)
{
    QPen pen(severityColour(severity), thickness, Qt::SolidLine, Qt::FlatCap);
    if (severity == Severity::Warning)
        pen.setDashPattern({3, 1.5});
    else if (severity == Severity::Info)
        pen.setDashPattern({1, 1.5});
    painter.setPen(pen);
    const double y = from.y() + thickness / 2;
    painter.drawLine(QPointF(from.x(), y), QPointF(from.x() + width, y));
}

} // namespace modelvault::ui
