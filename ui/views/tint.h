#pragma once

#include <QColor>
#include <QPalette>

namespace modelvault::ui {

/// The palette's Base with so little of a colour that text in the palette's colour stays legible.
[[nodiscard]] QColor tint(const QPalette &palette, const QColor &with);

} // namespace modelvault::ui
