#pragma once

#include <QIcon>
#include <QRectF>

#include <functional>

class QPainter;

namespace modelvault::ui {

/// Paints an icon into a rectangle, in the state that the painter was found in.
using PaintIcon = std::function<void(QPainter &painter, const QRectF &rect, QIcon::Mode mode)>;

/// An icon that is painted anew at each size, sharp at any scale.
[[nodiscard]] QIcon vectorIcon(PaintIcon paint);
/// The same in a square of 16 units in the middle, anti-aliased.
[[nodiscard]] QIcon vectorIconOf16(std::function<void(QPainter &painter, QIcon::Mode mode)> paint);

} // namespace modelvault::ui
