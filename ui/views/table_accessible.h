#pragma once

#include <QAccessibleWidget>

#include <map>
#include <utility>

namespace modelvault::ui {

class VirtualTableView;

/// What screen readers see of a VirtualTableView: a table of the rows on screen below a row of headers, in the order of
/// the columns that are shown. Its rows count from the first one on screen; their cells name the row of the whole list.
class TableAccessible final : public QAccessibleWidget, public QAccessibleTableInterface {
public:
    explicit TableAccessible(VirtualTableView &view);
    ~TableAccessible() override;

    [[nodiscard]] VirtualTableView &view() const { return m_view; }
    /// The place of a cell among the children of a table with so many columns; row -1 is that of the headers.
    [[nodiscard]] static int childIndex(int row, int column, int columns) { return (row + 1) * columns + column; }

    [[nodiscard]] void *interface_cast(QAccessible::InterfaceType type) override;
    [[nodiscard]] QString text(QAccessible::Text kind) const override;
    [[nodiscard]] int childCount() const override;
    [[nodiscard]] QAccessibleInterface *child(int index) const override;
    [[nodiscard]] int indexOfChild(const QAccessibleInterface *child) const override;
    [[nodiscard]] QAccessibleInterface *childAt(int x, int y) const override;
    [[nodiscard]] QAccessibleInterface *focusChild() const override;

    [[nodiscard]] QAccessibleInterface *caption() const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface *summary() const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface *cellAt(int row, int column) const override;
    [[nodiscard]] int selectedCellCount() const override;
    [[nodiscard]] QList<QAccessibleInterface *> selectedCells() const override;
    [[nodiscard]] QString columnDescription(int column) const override;
    [[nodiscard]] QString rowDescription(int row) const override;
    [[nodiscard]] int selectedColumnCount() const override { return 0; }
    [[nodiscard]] int selectedRowCount() const override;
    [[nodiscard]] int columnCount() const override;
    [[nodiscard]] int rowCount() const override;
    [[nodiscard]] QList<int> selectedColumns() const override { return {}; }
    [[nodiscard]] QList<int> selectedRows() const override;
    [[nodiscard]] bool isColumnSelected(int) const override { return false; }
    [[nodiscard]] bool isRowSelected(int row) const override;
    bool selectRow(int row) override;
    bool selectColumn(int) override { return false; }
    bool unselectRow(int) override { return false; }
    bool unselectColumn(int) override { return false; }
    void modelChange(QAccessibleTableModelChangeEvent *) override { } // cells look up what is there now

private:
    [[nodiscard]] QAccessibleInterface *part(int row, int column) const;

    VirtualTableView &m_view; // the widget itself: this object goes with it
    mutable std::map<std::pair<int, int>, QAccessible::Id> m_parts; // those that were asked for, by row and column
};

} // namespace modelvault::ui
