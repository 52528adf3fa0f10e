#include "theme_icon.h"

#include <QDebug>

namespace modelvault::ui {

QIcon themeIcon(const QString &name)
{
    auto icon = QIcon::fromTheme(name);
    if (icon.isNull())
        qWarning().noquote() << "modelvault-viewer: there is no icon" << name;
    return icon;
}

} // namespace modelvault::ui
