#include "views/schema_icons.h"

#include "views/vector_icon.h"

#include <QPainter>
#include <QPainterPath>

namespace modelvault::ui {
namespace {

using Mark = SchemaLine::Mark;

QColor colourOf(Mark mark, const QPalette &palette)
{
    const bool isDark = palette.color(QPalette::Base).lightness() < palette.color(QPalette::Text).lightness();
    switch (mark) {
    case Mark::Added:
        return isDark ? QColor(0x3c, 0xc8, 0x96) : QColor(0x00, 0x80, 0x5c);
    case Mark::Removed:
        return isDark ? QColor(0xff, 0x7a, 0x50) : QColor(0xc0, 0x40, 0x00);
    case Mark::Changed:
        return isDark ? QColor(0xf0, 0xb0, 0x30) : QColor(0x9a, 0x68, 0x00);
    case Mark::PrimaryKey:
        return isDark ? QColor(0xf0, 0xc8, 0x40) : QColor(0x8a, 0x6a, 0x00);
    default:
        return palette.color(QPalette::Text);
    }
}

/// In a square of 16 units.
void paintMark(QPainter &painter, Mark mark)
{
    switch (mark) {
    case Mark::Added:
        painter.drawLine(QPointF(8, 3), QPointF(8, 13));
        painter.drawLine(QPointF(3, 8), QPointF(13, 8));
        break;
    case Mark::Removed:
        painter.drawLine(QPointF(3, 8), QPointF(13, 8));
        break;
    case Mark::Changed: {
        QPainterPath delta;
        delta.moveTo(8, 3);
        delta.lineTo(13.5, 13);
        delta.lineTo(2.5, 13);
        delta.closeSubpath();
        painter.drawPath(delta);
        break;
    }
    case Mark::PrimaryKey:
        painter.drawEllipse(QPointF(5, 8), 3, 3);
        painter.drawLine(QPointF(8, 8), QPointF(14, 8));
        painter.drawLine(QPointF(14, 8), QPointF(14, 11));
        painter.drawLine(QPointF(11, 8), QPointF(11, 10.5));
        break;
    case Mark::UniqueIndex:
    case Mark::Index:
        // A list: with one line for one row, or several.
        painter.drawLine(QPointF(3, 4), QPointF(3, 12));
        painter.drawLine(QPointF(3, 8), QPointF(13, 8));
        if (mark == Mark::Index) {
            painter.drawLine(QPointF(3, 4), QPointF(13, 4));
            painter.drawLine(QPointF(3, 12), QPointF(13, 12));
        }
        break;
    case Mark::None:
    case Mark::Group:
    case Mark::Same:
        break;
    }
}

} // namespace

QIcon schemaIcon(Mark mark, const QPalette &palette)
{
    if (mark == Mark::None || mark == Mark::Group || mark == Mark::Same)
        return {};
    return vectorIconOf16([mark, colour = colourOf(mark, palette),
                           selected = palette.color(QPalette::HighlightedText)](QPainter &painter, QIcon::Mode mode) {
        painter.setPen(QPen(mode == QIcon::Selected ? selected : colour, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        paintMark(painter, mark);
    });
}

} // namespace modelvault::ui
