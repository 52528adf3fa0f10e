#pragma once

#include <QEvent>
#include <QKeyEvent>
#include <QObject>
#include <QWidget>

#include <functional>
#include <utility>

namespace modelvault::ui {

/// Runs something when Return or Enter is pressed in a widget. What styles call activated may be a single click too,
/// and a shortcut would take the keys from others.
class ReturnKey : public QObject {
public:
    /// Belongs to the widget.
    ReturnKey(QWidget *widget, std::function<void()> run) : QObject(widget), m_run(std::move(run))
    {
        widget->installEventFilter(this);
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() != QEvent::KeyPress)
            return QObject::eventFilter(watched, event);
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key != Qt::Key_Return && key != Qt::Key_Enter)
            return QObject::eventFilter(watched, event);
        m_run();
        return true;
    }

private:
    const std::function<void()> m_run;
};

} // namespace modelvault::ui
