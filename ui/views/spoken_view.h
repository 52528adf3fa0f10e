#pragma once

#include <QString>

class QAccessibleInterface;
class QWidget;

namespace modelvault::ui {

/// A view that paints for itself and says what a screen reader should read of it. Mixed into a QWidget.
class SpokenView {
public:
    virtual ~SpokenView() = default;

    /// The place of the cursor and what is there, in one line.
    [[nodiscard]] virtual QString spokenText() const = 0;
    /// For a view with parts of its own: owned by the caller. Null for one that only says spokenText().
    [[nodiscard]] virtual QAccessibleInterface *makeAccessible() { return nullptr; }
};

/// Makes such views known to screen readers. Once, before the first of them.
void installSpokenViews();
/// The cursor moved, or what is under it came in. `view` is a SpokenView too.
void speak(QWidget *view);

} // namespace modelvault::ui
