#pragma once

#include <QIcon>
#include <QString>

namespace modelvault::ui {

/// An icon of the desktop's theme, or of the Breeze icons that come with the program. One that is missing is said on
/// the error stream, and null: an installation lacks something then.
[[nodiscard]] QIcon themeIcon(const QString &name);

} // namespace modelvault::ui
