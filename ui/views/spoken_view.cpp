#include "views/spoken_view.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QWidget>

namespace modelvault::ui {
namespace {

class SpokenAccessible final : public QAccessibleWidget {
public:
    SpokenAccessible(QWidget *widget, const SpokenView &view)
        : QAccessibleWidget(widget, QAccessible::Canvas),
          m_view(view)
    { }

    [[nodiscard]] QString text(QAccessible::Text kind) const override
    {
        return kind == QAccessible::Value ? m_view.spokenText() : QAccessibleWidget::text(kind);
    }

private:
    const SpokenView &m_view; // the widget itself: this object goes with it
};

QAccessibleInterface *makeAccessible(const QString &, QObject *object)
{
    auto *widget = qobject_cast<QWidget *>(object);
    auto *view = dynamic_cast<SpokenView *>(widget);
    if (view == nullptr)
        return nullptr;
    auto *own = view->makeAccessible();
    return own != nullptr ? own : new SpokenAccessible(widget, *view);
}

} // namespace

void installSpokenViews()
{
    // Factories that are asked again for the same class are kept once by Qt.
    QAccessible::installFactory(makeAccessible);
}

void speak(QWidget *view)
{
    if (!QAccessible::isActive() || !view->hasFocus())
        return;
    if (const auto *spoken = dynamic_cast<const SpokenView *>(view)) {
        QAccessibleValueChangeEvent event(view, spoken->spokenText());
        QAccessible::updateAccessibility(&event);
    }
}

} // namespace modelvault::ui
