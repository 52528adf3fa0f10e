#pragma once

#include <QLabel>

namespace modelvault::ui {

/// A line of plain text that may be cut short by its neighbours; the whole is for its tool tip and for screen readers.
class ElidedLabel : public QLabel {
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget *parent = nullptr);

    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace modelvault::ui
