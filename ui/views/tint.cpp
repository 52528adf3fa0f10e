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

QPalette linePalette(const QPalette &palette, bool isEmpty, bool isGood)
{
    constexpr QColor kGood(0x2e, 0x9e, 0x3f);
    constexpr QColor kBad(0xd0, 0x30, 0x0c);
    auto tinted = palette;
    if (!isEmpty)
        tinted.setColor(QPalette::Base, tint(palette, isGood ? kGood : kBad));
    return tinted;
}

} // namespace modelvault::ui
