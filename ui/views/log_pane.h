#pragma once

#include "filter/cell_filters.h"
#include "models/segment_row_model.h"

#include <QWidget>

class QMenu;

namespace modelvault::ui {

class FilterLine;
class VirtualTableView;

/// The segments of the log, with the line that filters them; what a cell shows can be filtered by.
class LogPane : public QWidget {
    Q_OBJECT

public:
    /// Borrows the model.
    explicit LogPane(SegmentRowModel &model, QWidget *parent = nullptr);

    [[nodiscard]] VirtualTableView *table() const { return m_table; }
    [[nodiscard]] FilterLine *filterLine() const { return m_line; }
    /// Shown where there are no segments at all.
    void setEmptyText(const QString &text);

protected:
    void focusInEvent(QFocusEvent *event) override;

private:
    void addFilters(QMenu *menu, std::uint64_t row, int column);
    void addJoins(QMenu *menu, const Filter &like);
    void showEmptyText();

    SegmentRowModel &m_model;
    FilterLine *m_line;
    VirtualTableView *m_table;
    QString m_emptyText;
};

} // namespace modelvault::ui
