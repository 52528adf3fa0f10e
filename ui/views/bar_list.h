#pragma once

#include "views/structure_palette.h"

#include <QString>
#include <QWidget>

#include <cstdint>
#include <vector>

namespace modelvault::ui {

/// Shares of a whole as bars, one below the other, each with its colour, name and numbers.
class BarList : public QWidget {
    Q_OBJECT

public:
    struct Part {
        MapLook look;
        std::uint64_t size = 0; ///< its share; of what, the caller knows
    };
    struct Bar {
        std::vector<Part> parts; ///< one behind the other
        QString name;            ///< cut short if it is long
        QString text;            ///< at its end
        QString details;         ///< in the tool tip and for screen readers; empty: the text

        [[nodiscard]] std::uint64_t size() const;
    };

    explicit BarList(QWidget *parent = nullptr);

    void setBars(std::vector<Bar> bars);
    [[nodiscard]] const std::vector<Bar> &bars() const { return m_bars; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    [[nodiscard]] int lineHeight() const;
    [[nodiscard]] int nameWidth() const;
    [[nodiscard]] int textWidth() const;

    std::vector<Bar> m_bars;
};

} // namespace modelvault::ui
