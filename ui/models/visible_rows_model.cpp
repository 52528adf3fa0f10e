#include "models/visible_rows_model.h"

#include <QFontDatabase>

#include <algorithm>
#include <utility>

namespace modelvault::ui {
namespace {

QStringList headersOf(const RowModel *source)
{
    QStringList headers;
    for (int column = 0; source != nullptr && column < source->columnCount(); ++column)
        headers += source->headerText(column);
    return headers;
}

// Numbers stand at the right of their column, what comes next at the left of its own: this keeps them apart.
QVariant spaced(const QVariant &text, Qt::Alignment alignment)
{
    const bool atRight = alignment.testFlag(Qt::AlignRight) && text.isValid();
    return atRight ? QVariant(text.toString() + QChar(0x2002)) : text;
}

} // namespace

void VisibleRowsModel::setSource(RowModel *source)
{
    beginResetModel();
    if (m_source)
        m_source->disconnect(this);
    m_source = source;
    m_first = 0;
    m_count = 0;
    if (source) {
        connect(source, &RowModel::rowsChanged, this, &VisibleRowsModel::showRows);
        connect(source, &RowModel::wasReset, this, &VisibleRowsModel::takeColumns);
    }
    m_headers = headersOf(source);
    endResetModel();
}

/// Other rows may have other columns.
void VisibleRowsModel::takeColumns()
{
    auto headers = headersOf(m_source);
    if (headers.size() != m_headers.size()) {
        beginResetModel();
        m_first = 0;
        m_count = 0;
        m_headers = std::move(headers);
        endResetModel();
    } else if (headers != m_headers) {
        m_headers = std::move(headers);
        Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    }
}

void VisibleRowsModel::setWindow(std::uint64_t first, int count)
{
    const std::uint64_t rows = m_source ? m_source->rowCount() : 0;
    first = std::min(first, rows);
    count = static_cast<int>(std::min<std::uint64_t>(static_cast<std::uint64_t>(std::max(count, 0)), rows - first));
    if (count < m_count) {
        beginRemoveRows({}, count, m_count - 1);
        m_count = count;
        endRemoveRows();
    }
    // Apart from rows that come or go: the others must not change with them.
    if (const bool moved = std::exchange(m_first, first) != first; moved && m_count > 0) {
        Q_EMIT dataChanged(index(0, 0), index(m_count - 1, columnCount() - 1));
        Q_EMIT headerDataChanged(Qt::Vertical, 0, m_count - 1);
    }
    if (count > m_count) {
        beginInsertRows({}, m_count, count - 1);
        m_count = count;
        endInsertRows();
    }
}

void VisibleRowsModel::showRows(std::uint64_t first, std::uint64_t last)
{
    if (m_count == 0 || last < m_first || first >= m_first + static_cast<std::uint64_t>(m_count))
        return;
    const auto from = static_cast<int>(std::max(first, m_first) - m_first);
    const auto to = static_cast<int>(std::min(last - m_first, static_cast<std::uint64_t>(m_count - 1)));
    Q_EMIT dataChanged(index(from, 0), index(to, columnCount() - 1));
}

int VisibleRowsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_count;
}

int VisibleRowsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() || !m_source ? 0 : static_cast<int>(m_headers.size());
}

QVariant VisibleRowsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_source)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(m_source->alignment(index.column()).toInt());
    if (role == Qt::FontRole && m_source->isMonospace(index.column()))
        return QFontDatabase::systemFont(QFontDatabase::FixedFont);
    const auto row = m_first + static_cast<std::uint64_t>(index.row());
    if (row >= m_source->rowCount()) // it became shorter, and the window did not follow yet
        return {};
    const auto value = m_source->data(row, index.column(), role);
    return role == Qt::DisplayRole ? spaced(value, m_source->alignment(index.column())) : value;
}

QVariant VisibleRowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (!m_source)
        return {};
    if (orientation == Qt::Vertical)
        return role == Qt::DisplayRole ? QVariant::fromValue<qulonglong>(m_first + static_cast<std::uint64_t>(section))
                                       : QVariant();
    if (role == Qt::DisplayRole)
        return spaced(m_source->headerText(section), m_source->alignment(section));
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(m_source->alignment(section).toInt());
    return {};
}

} // namespace modelvault::ui
