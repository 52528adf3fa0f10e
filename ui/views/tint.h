#pragma once

#include <QColor>
#include <QPalette>

namespace modelvault::ui {

/// The palette's Base with so little of a colour that text in the palette's colour stays legible.
[[nodiscard]] QColor tint(const QPalette &palette, const QColor &with);
/// Of a line that says something to be understood: green if it is, red if not, plain where nothing is typed.
[[nodiscard]] QPalette linePalette(const QPalette &palette, bool isEmpty, bool isGood);

} // namespace modelvault::ui
