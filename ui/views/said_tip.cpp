#include "views/said_tip.h"

#include "text/words.h"

#include <QAccessible>
#include <QToolTip>
#include <QWidget>

namespace modelvault::ui {

void sayAt(QWidget *widget, QPoint at, const QString &text)
{
    QToolTip::showText(widget->mapToGlobal(at), toolTipText(text), widget);
    QAccessibleAnnouncementEvent said(widget, text);
    said.setPoliteness(QAccessible::AnnouncementPoliteness::Assertive);
    QAccessible::updateAccessibility(&said);
}

} // namespace modelvault::ui
