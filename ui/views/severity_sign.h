#pragma once

#include "finding.h"

#include <QColor>
#include <QIcon>

class QPainter;
class QPointF;

namespace modelvault::ui {

/// Red, amber or blue, which stand out from light and dark palettes alike. Never the only sign.
[[nodiscard]] QColor severityColour(Severity severity);
/// A sign that also tells by its shape: a disc with a cross, a triangle with a bar, a square with an i. Sharp at any
/// scale.
[[nodiscard]] QIcon severityIcon(Severity severity);
/// A line below what is wrong, `thickness` thick and solid, dashed or dotted; its top is at `from.y()`.
void paintSeverityLine(QPainter &painter, Severity severity, QPointF from, double width, double thickness);

} // namespace modelvault::ui
