#include "dock_icon_style.h"

namespace modelvault::app {

void DockIconStyle::polish(QPalette &palette)
{
    // Another theme may have other icons.
    m_close = {};
    m_float = {};
    QProxyStyle::polish(palette);
}

QIcon DockIconStyle::standardIcon(StandardPixmap kind, const QStyleOption *option, const QWidget *widget) const
{
    auto *kept = kind == SP_TitleBarCloseButton ? &m_close : kind == SP_TitleBarNormalButton ? &m_float : nullptr;
    if (kept == nullptr)
        return QProxyStyle::standardIcon(kind, option, widget);
    if (kept->isNull())
        *kept = QProxyStyle::standardIcon(kind, option, widget);
    return *kept;
}

} // namespace modelvault::app
