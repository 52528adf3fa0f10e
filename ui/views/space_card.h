#pragma once

#include "models/space_measure.h"

#include <QWidget>

#include <cstdint>

class QLabel;

namespace modelvault::ui {

class BarList;
class PageLegend;
class SpaceTreemap;

/// Where the bytes of a file go: by collection and by what they are good for, and what a compaction would leave.
class SpaceCard : public QWidget {
    Q_OBJECT

public:
    explicit SpaceCard(QWidget *parent = nullptr);

    void show(const SpaceMeasure &measure);

Q_SIGNALS:
    void collectionRequested(std::uint32_t id);

private:
    QLabel *m_text;
    BarList *m_bars;
    PageLegend *m_legend;
    SpaceTreemap *m_map;
};

} // namespace modelvault::ui
