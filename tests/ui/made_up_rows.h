#pragma once

#include "models/row_model.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

namespace modelvault::ui {

/// Rows that say their number; remembers which were asked for.
class MadeUpRows : public RowModel {
public:
    enum Column { Number, Twice, Word, ColumnCount };

    explicit MadeUpRows(std::uint64_t count, std::uint64_t first = 0) : m_count(count), m_first(first) { }

    void append(std::uint64_t count)
    {
        m_count += count;
        Q_EMIT rowsAppended();
    }
    void reset(std::uint64_t count)
    {
        m_count = count;
        Q_EMIT wasReset();
    }
    void change(std::uint64_t row)
    {
        m_changed = row;
        Q_EMIT rowsChanged(row, row);
    }
    void setFaulty(std::uint64_t row)
    {
        m_faulty = row;
        Q_EMIT rowsChanged(row, row);
    }
    void forgetWhatWasAsked()
    {
        m_least = std::numeric_limits<std::uint64_t>::max();
        m_most = 0;
    }
    [[nodiscard]] std::uint64_t leastAsked() const { return m_least; }
    [[nodiscard]] std::uint64_t mostAsked() const { return m_most; }

    [[nodiscard]] static QString text(std::uint64_t row, int column)
    {
        switch (column) {
        case Number:
            return QString::number(row);
        case Twice:
            return QString::number(2 * row);
        default:
            return QStringLiteral("word %1").arg(row);
        }
    }

    [[nodiscard]] std::uint64_t rowCount() const override { return m_count; }
    [[nodiscard]] int columnCount() const override { return ColumnCount; }
    [[nodiscard]] QString headerText(int column) const override { return QStringLiteral("column %1").arg(column); }
    [[nodiscard]] Qt::Alignment alignment(int) const override { return Qt::AlignLeft | Qt::AlignVCenter; }
    [[nodiscard]] bool isMonospace(int column) const override { return column == Twice; }
    [[nodiscard]] QString sampleText(int) const override { return QStringLiteral("word 107374190"); }
    [[nodiscard]] QVariant data(std::uint64_t row, int column, int role) const override
    {
        note(row);
        if (role == FaultRole)
            return row == m_faulty;
        if (role != Qt::DisplayRole)
            return {};
        return m_changed == row ? QStringLiteral("changed") : text(m_first + row, column);
    }
    void prepare(std::uint64_t first, std::uint64_t last) override
    {
        note(first);
        note(last);
    }
    [[nodiscard]] QFuture<QString> copyText(std::uint64_t first, std::uint64_t last,
                                            const QList<int> &columns) const override
    {
        QString all;
        for (auto row = first; row <= last; ++row) {
            QStringList cells;
            for (const int column : columns)
                cells += text(m_first + row, column);
            all += cells.join(QLatin1Char('\t')) + QLatin1Char('\n');
        }
        return QtFuture::makeReadyValueFuture(all);
    }
    /// Rows that end in these digits.
    [[nodiscard]] QFuture<std::optional<std::uint64_t>> findRow(const QString &typed, std::uint64_t from) const override
    {
        for (const auto begin : {from, std::uint64_t{0}}) {
            for (auto row = begin; row < std::min(begin + 1000, m_count); ++row) {
                if (QString::number(row).endsWith(typed))
                    return QtFuture::makeReadyValueFuture(std::optional(row));
            }
        }
        return QtFuture::makeReadyValueFuture(std::optional<std::uint64_t>());
    }

private:
    void note(std::uint64_t row) const
    {
        m_least = std::min(m_least, row);
        m_most = std::max(m_most, row);
    }

    std::uint64_t m_count;
    std::uint64_t m_first;
    std::optional<std::uint64_t> m_changed;
    std::optional<std::uint64_t> m_faulty;
    mutable std::uint64_t m_least = std::numeric_limits<std::uint64_t>::max();
    mutable std::uint64_t m_most = 0;
};

} // namespace modelvault::ui
