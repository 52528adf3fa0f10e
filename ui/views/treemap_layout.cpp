#include "views/treemap_layout.h"

#include <algorithm>
#include <numeric>

namespace modelvault::ui {
namespace {

/// The worst ratio of sides in a strip along a side of that length, of rectangles whose areas have this sum.
double worst(double largest, double smallest, double sum, double side)
{
    const double strip = sum * sum / (side * side);
    return std::max(largest / strip, strip / smallest);
}

} // namespace

std::vector<QRectF> layOutTreemap(QRectF area, std::span<const double> sizes)
{
    std::vector<QRectF> rects(sizes.size());
    const double all = std::accumulate(sizes.begin(), sizes.end(), 0.0);
    if (all <= 0 || area.isEmpty())
        return rects;
    const double scale = area.width() * area.height() / all;
    for (std::size_t first = 0; first < sizes.size();) {
        // A strip along the shorter side takes in what makes its rectangles no longer than they are.
        const double side = std::max(std::min(area.width(), area.height()), 1e-9);
        const double largest = sizes[first] * scale;
        double sum = largest;
        std::size_t end = first + 1;
        while (end < sizes.size()) {
            const double more = sum + sizes[end] * scale;
            if (worst(largest, sizes[end] * scale, more, side) > worst(largest, sizes[end - 1] * scale, sum, side))
                break;
            sum = more;
            ++end;
        }
        const bool isColumn = area.width() >= area.height(); // the strip stands at the left
        const double thickness = sum / side;
        double at = isColumn ? area.top() : area.left();
        for (std::size_t i = first; i < end; ++i) {
            const double length = sizes[i] * scale / std::max(thickness, 1e-9);
            rects[i] = isColumn ? QRectF(area.left(), at, thickness, length) : QRectF(at, area.top(), length, thickness);
            at += length;
        }
        if (isColumn)
            area.setLeft(std::min(area.left() + thickness, area.right()));
        else
            area.setTop(std::min(area.top() + thickness, area.bottom()));
        first = end;
    }
    return rects;
}

} // namespace modelvault::ui
