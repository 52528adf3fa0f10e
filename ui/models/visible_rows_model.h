#pragma once

#include "models/row_model.h"

#include <QAbstractTableModel>
#include <QPointer>
#include <QStringList>

#include <cstdint>

namespace modelvault::ui {

/// The rows of a RowModel that are on screen, as Qt's delegates, headers and accessibility want them.
class VisibleRowsModel : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    /// Does not own it. Null for nothing.
    void setSource(RowModel *source);
    /// From row `first` of the source on; `count` rows, fewer where the source ends.
    void setWindow(std::uint64_t first, int count);
    [[nodiscard]] std::uint64_t firstRow() const { return m_first; }

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;

private:
    void showRows(std::uint64_t first, std::uint64_t last);
    void takeColumns();

    QPointer<RowModel> m_source;
    std::uint64_t m_first = 0;
    int m_count = 0;
    QStringList m_headers; // as announced
};

} // namespace modelvault::ui
