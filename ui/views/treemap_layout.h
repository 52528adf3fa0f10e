#pragma once

#include <QRectF>

#include <span>
#include <vector>

namespace modelvault::ui {

/// Divides an area into one rectangle for each size, as large as its share of them all and about as wide as high:
/// Bruls, Huizing and van Wijk's squarified treemap. Sizes are positive and fall; the largest lies top left.
[[nodiscard]] std::vector<QRectF> layOutTreemap(QRectF area, std::span<const double> sizes);

} // namespace modelvault::ui
