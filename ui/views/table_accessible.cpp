#include "views/table_accessible.h"

#include "views/virtual_table_view.h"

#include <algorithm>
#include <utility>

namespace modelvault::ui {
namespace {

/// A cell, or the header of a column (row -1). Belongs to its table.
class TablePart final : public QAccessibleInterface, public QAccessibleTableCellInterface {
public:
    TablePart(const TableAccessible &table, int row, int column) : m_table(table), m_row(row), m_column(column) { }

    [[nodiscard]] int row() const { return m_row; }

    [[nodiscard]] bool isValid() const override
    {
        return m_table.isValid() && m_row < m_table.rowCount() && m_column < m_table.columnCount();
    }
    [[nodiscard]] QObject *object() const override { return nullptr; }
    [[nodiscard]] QRect rect() const override
    {
        if (!isValid())
            return {};
        const auto &view = m_table.view();
        const auto rect = view.cellRect(m_row, modelColumn());
        return rect.isEmpty() ? QRect() : QRect(view.mapToGlobal(rect.topLeft()), rect.size());
    }
    void setText(QAccessible::Text, const QString &) override { }
    [[nodiscard]] QAccessible::Role role() const override
    {
        return m_row < 0 ? QAccessible::ColumnHeader : QAccessible::Cell;
    }
    [[nodiscard]] QAccessible::State state() const override
    {
        QAccessible::State state;
        state.invalid = !isValid();
        if (state.invalid)
            return state;
        state.readOnly = true;
        state.offscreen = rect().isEmpty();
        if (m_row >= 0) {
            state.selectable = true;
            state.selected = m_table.isRowSelected(m_row);
            state.focusable = true;
            state.focused = m_table.view().hasFocus() && m_table.focusChild() == this;
        }
        return state;
    }
    [[nodiscard]] QString text(QAccessible::Text kind) const override
    {
        if (!isValid())
            return {};
        const auto &rows = m_table.view().rowsOnScreen();
        switch (kind) {
        case QAccessible::Name:
            return m_row < 0 ? rows.headerData(modelColumn(), Qt::Horizontal).toString().trimmed()
                             : rows.index(m_row, modelColumn()).data().toString().trimmed();
        case QAccessible::Description:
            return m_row < 0 ? QString() : m_table.rowDescription(m_row);
        default:
            return {};
        }
    }
    [[nodiscard]] QAccessibleInterface *parent() const override
    {
        return QAccessible::queryAccessibleInterface(&m_table.view());
    }
    [[nodiscard]] QAccessibleInterface *child(int) const override { return nullptr; }
    [[nodiscard]] int childCount() const override { return 0; }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    [[nodiscard]] QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    [[nodiscard]] void *interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::TableCellInterface ? static_cast<QAccessibleTableCellInterface *>(this) : nullptr;
    }

    [[nodiscard]] bool isSelected() const override { return m_row >= 0 && m_table.isRowSelected(m_row); }
    [[nodiscard]] QList<QAccessibleInterface *> columnHeaderCells() const override
    {
        auto *header = m_row < 0 ? nullptr : m_table.child(TableAccessible::childIndex(-1, m_column, m_table.columnCount()));
        return header != nullptr ? QList{header} : QList<QAccessibleInterface *>();
    }
    [[nodiscard]] QList<QAccessibleInterface *> rowHeaderCells() const override { return {}; }
    [[nodiscard]] int columnIndex() const override { return m_column; }
    [[nodiscard]] int rowIndex() const override { return m_row; }
    [[nodiscard]] int columnExtent() const override { return 1; }
    [[nodiscard]] int rowExtent() const override { return 1; }
    [[nodiscard]] QAccessibleInterface *table() const override { return parent(); }

private:
    [[nodiscard]] int modelColumn() const { return m_table.view().visibleColumns().at(m_column); }

    const TableAccessible &m_table;
    int m_row;    // as the table counts them
    int m_column; // among those that are shown
};

} // namespace

TableAccessible::TableAccessible(VirtualTableView &view) : QAccessibleWidget(&view, QAccessible::Table), m_view(view) { }

TableAccessible::~TableAccessible()
{
    for (const auto &[place, id] : m_parts)
        QAccessible::deleteAccessibleInterface(id);
}

void *TableAccessible::interface_cast(QAccessible::InterfaceType type)
{
    return type == QAccessible::TableInterface ? static_cast<QAccessibleTableInterface *>(this)
                                               : QAccessibleWidget::interface_cast(type);
}

QString TableAccessible::text(QAccessible::Text kind) const
{
    return kind == QAccessible::Value ? m_view.spokenText() : QAccessibleWidget::text(kind);
}

int TableAccessible::rowCount() const
{
    return m_view.rowsOnScreen().rowCount();
}

int TableAccessible::columnCount() const
{
    return static_cast<int>(m_view.visibleColumns().size());
}

int TableAccessible::childCount() const
{
    return (rowCount() + 1) * columnCount();
}

QAccessibleInterface *TableAccessible::child(int index) const
{
    if (index < 0 || index >= childCount())
        return nullptr;
    return part(index / columnCount() - 1, index % columnCount());
}

QAccessibleInterface *TableAccessible::part(int row, int column) const
{
    const auto [place, isNew] = m_parts.try_emplace({row, column});
    if (isNew)
        place->second = QAccessible::registerAccessibleInterface(new TablePart(*this, row, column));
    return QAccessible::accessibleInterface(place->second);
}

int TableAccessible::indexOfChild(const QAccessibleInterface *child) const
{
    const auto *part = dynamic_cast<const TablePart *>(child);
    return part != nullptr && part->isValid() ? childIndex(part->row(), part->columnIndex(), columnCount()) : -1;
}

QAccessibleInterface *TableAccessible::childAt(int x, int y) const
{
    const int row = m_view.lineAt(m_view.mapFromGlobal(QPoint(x, y)));
    for (int column = 0; row < rowCount() && column < columnCount(); ++column) {
        if (auto *found = part(row, column); found->rect().contains(x, y))
            return found;
    }
    return nullptr;
}

QAccessibleInterface *TableAccessible::focusChild() const
{
    const auto row = m_view.currentRow();
    const auto first = m_view.rowsOnScreen().firstRow();
    if (!row || *row < first || *row - first >= static_cast<std::uint64_t>(rowCount()) || columnCount() == 0)
        return nullptr;
    return part(static_cast<int>(*row - first), 0);
}

QAccessibleInterface *TableAccessible::cellAt(int row, int column) const
{
    const bool isThere = row >= 0 && row < rowCount() && column >= 0 && column < columnCount();
    return isThere ? part(row, column) : nullptr;
}

QString TableAccessible::columnDescription(int column) const
{
    auto *header = column >= 0 && column < columnCount() ? part(-1, column) : nullptr;
    return header != nullptr ? header->text(QAccessible::Name) : QString();
}

QString TableAccessible::rowDescription(int row) const
{
    return row >= 0 && row < rowCount()
             ? m_view.spokenRow(m_view.rowsOnScreen().firstRow() + static_cast<std::uint64_t>(row))
             : QString();
}

bool TableAccessible::isRowSelected(int row) const
{
    return row >= 0 && row < rowCount()
        && m_view.isSelected(m_view.rowsOnScreen().firstRow() + static_cast<std::uint64_t>(row));
}

QList<int> TableAccessible::selectedRows() const
{
    QList<int> rows;
    for (int row = 0; row < rowCount(); ++row) {
        if (isRowSelected(row))
            rows += row;
    }
    return rows;
}

int TableAccessible::selectedRowCount() const
{
    return static_cast<int>(selectedRows().size());
}

int TableAccessible::selectedCellCount() const
{
    return selectedRowCount() * columnCount();
}

QList<QAccessibleInterface *> TableAccessible::selectedCells() const
{
    QList<QAccessibleInterface *> cells;
    for (const int row : selectedRows()) {
        for (int column = 0; column < columnCount(); ++column)
            cells += part(row, column);
    }
    return cells;
}

bool TableAccessible::selectRow(int row)
{
    if (row < 0 || row >= rowCount())
        return false;
    m_view.selectRow(m_view.rowsOnScreen().firstRow() + static_cast<std::uint64_t>(row));
    return true;
}

} // namespace modelvault::ui
