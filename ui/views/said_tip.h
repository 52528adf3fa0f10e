#pragma once

#include <QPoint>
#include <QString>

class QWidget;

namespace modelvault::ui {

/// Says at a place of a widget why something does not go, also to those who do not see it. Plain text; `at` is in the
/// widget's coordinates.
void sayAt(QWidget *widget, QPoint at, const QString &text);

} // namespace modelvault::ui
