#pragma once

#include "database/snapshot.h"
#include "models/data_row_model.h"
#include "position.h"
#include "store/store.h"

#include <QStandardItemModel>
#include <QWidget>

#include <cstdint>
#include <memory>
#include <optional>

class QLabel;
class QMenu;
class QProgressBar;
class QToolButton;
class QTreeView;

namespace modelvault::ui {

class ColumnFilters;
class RecordPane;
class RowActions;
class ValueFindView;
class VirtualTableView;

/// What the application stored: the collections, the rows of one of them in a grid that is sorted and filtered, and one
/// row in full.
class DataView : public QWidget {
    Q_OBJECT

public:
    explicit DataView(QWidget *parent = nullptr);

    /// Null for nothing.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    /// Shown while there are no collections.
    void setEmptyText(const QString &text);
    void showCollection(std::uint32_t id);
    /// Shows a row without a signal, for what follows another view. Nothing happens if there is no such row now, or if
    /// the filters hide it.
    void followRow(std::uint32_t collectionId, RecordNo record);
    /// Selects a row that is there.
    void showRow(std::uint32_t collectionId, RecordNo record);

    [[nodiscard]] QTreeView *collections() const { return m_collections; }
    [[nodiscard]] ValueFindView *values() const { return m_values; }
    [[nodiscard]] VirtualTableView *table() const { return m_table; }
    [[nodiscard]] ColumnFilters *filters() const { return m_filters; }
    [[nodiscard]] RecordPane *record() const { return m_record; }
    [[nodiscard]] DataRowModel &rows() { return m_rows; }
    /// What can be done with the rows that are shown.
    [[nodiscard]] RowActions *actions() const { return m_actions; }
    [[nodiscard]] bool isSettled() const;

Q_SIGNALS:
    /// The user chose a row: the record that it was last written with.
    void recordChosen(modelvault::RecordNo record);
    /// The user chose a field or a version of a row: its bytes.
    void placeChosen(modelvault::Offset begin, modelvault::Offset end);

protected:
    void focusInEvent(QFocusEvent *event) override;

private:
    QWidget *makeGrid();
    void showCollections();
    void chooseCollection(const QModelIndex &index);
    void showRows();
    void sortBy(int column);
    void showSorting();
    void fillColumnsMenu(QMenu &menu);
    void addDisplays(QMenu *menu, int column);
    void filter();
    void showSearch();
    void showEmptyText();

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::optional<std::uint32_t> m_collectionId; // chosen
    bool m_isFillingCollections = false;
    QString m_emptyText;
    QStandardItemModel m_collectionModel;
    DataRowModel m_rows;
    QTreeView *m_collections;
    ValueFindView *m_values;
    ColumnFilters *m_filters;
    VirtualTableView *m_table;
    RecordPane *m_record;
    RowActions *m_actions;
    QLabel *m_count;
    QProgressBar *m_progress;
    QToolButton *m_stop;
};

} // namespace modelvault::ui
