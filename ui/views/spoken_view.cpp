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
        const bool isSpoken = kind == QAccessible::Value || kind == QAccessible::Description;
        return isSpoken ? m_view.spokenText() : QAccessibleWidget::text(kind);
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
    const auto *spoken = dynamic_cast<const SpokenView *>(view);
    if (spoken == nullptr || !view->hasFocus())
        return;
    const auto text = spoken->spokenText();
    QAccessibleValueChangeEvent changed(view, text);
    QAccessible::updateAccessibility(&changed);
    // The value of a canvas is not part of what AT-SPI tells; what came before is of no interest any more.
    QAccessibleAnnouncementEvent announced(view, text);
    announced.setPoliteness(QAccessible::AnnouncementPoliteness::Assertive);
    QAccessible::updateAccessibility(&announced);
}

} // namespace modelvault::ui
