#pragma once

#include <QWidget>

class QComboBox;

namespace modelvault::ui {

class ElidedLabel;
class PageLegend;
class PageMapView;

/// The map of pages with what its colours mean, its scale, and how both are changed.
class PagesPane : public QWidget {
    Q_OBJECT

public:
    explicit PagesPane(QWidget *parent = nullptr);

    [[nodiscard]] PageMapView *map() const { return m_map; }

protected:
    void focusInEvent(QFocusEvent *event) override;

private:
    void showScale();

    PageMapView *m_map;
    PageLegend *m_legend;
    QComboBox *m_colours;
    ElidedLabel *m_scale;
};

} // namespace modelvault::ui
