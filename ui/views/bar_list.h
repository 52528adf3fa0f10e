#pragma once

#include "log/page_map.h"

#include <QString>
#include <QWidget>

#include <cstdint>
#include <vector>

namespace modelvault::ui {

/// Shares of a whole as bars, one below the other, each with its colour, name and numbers.
class BarList : public QWidget {
    Q_OBJECT

public:
    struct Bar {
        ContentKind kind;
        QString name;
        std::uint64_t size = 0; ///< its share; of what, the caller knows
        QString text;           ///< at its end
    };

    explicit BarList(QWidget *parent = nullptr);

    void setBars(std::vector<Bar> bars);
    [[nodiscard]] const std::vector<Bar> &bars() const { return m_bars; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] int lineHeight() const;
    [[nodiscard]] int nameWidth() const;
    [[nodiscard]] int textWidth() const;

    std::vector<Bar> m_bars;
};

} // namespace modelvault::ui
