#include "views/severity_sign.h"

#include "views/vector_icon.h"

#include <QPainter>

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
    return vectorIconOf16([severity](QPainter &painter, QIcon::Mode mode) {
        if (mode == QIcon::Disabled)
            painter.setOpacity(0.5);
        paintSign(painter, severity);
    });
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
