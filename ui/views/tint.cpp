#include "views/tint.h"

namespace modelvault::ui {

QColor tint(const QPalette &palette, const QColor &with)
{
    const auto below = palette.color(QPalette::Base);
    const bool isDark = below.lightness() < palette.color(QPalette::Text).lightness();
    const double share = isDark ? 0.22 : 0.14;
    const auto mix = [share](int from, int to) { return static_cast<int>(from + (to - from) * share); };
    return {mix(below.red(), with.red()), mix(below.green(), with.green()), mix(below.blue(), with.blue())};
}

} // namespace modelvault::ui
