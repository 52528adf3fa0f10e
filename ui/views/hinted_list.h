#pragma once

#include <QString>
#include <QTreeView>

namespace modelvault::ui {

/// A list that says what to do when there is nothing in it.
class HintedList : public QTreeView {
    Q_OBJECT

public:
    using QTreeView::QTreeView;

    /// Also what screen readers say of it; empty for none.
    void setHint(const QString &hint);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_hint;
};

} // namespace modelvault::ui
