#pragma once

#include "jobs/newest_wish.h"
#include "models/row_model.h"

#include "error.h"
#include "position.h"

#include <QStringList>

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace modelvault::ui {

/// A long list whose rows are text, made in the background of what is on screen: who sets it up says how.
class TextRowModel : public RowModel {
    Q_OBJECT

public:
    struct Column {
        QString header;
        QString sample; ///< as wide as what it usually shows
        bool isNumber = false;
        bool isMonospace = false;
    };
    struct Row {
        QStringList cells; ///< one for each column, plain
        /// The bytes that it is about, `end` exclusive; equal for none.
        Offset begin;
        Offset end;
    };
    /// Rows `first` to `first + count`, exclusive, all of which are there. Called on any thread, several at a time.
    using Read = std::function<Result<std::vector<Row>>(std::uint64_t first, std::uint64_t count)>;

    explicit TextRowModel(std::vector<Column> columns, QObject *parent = nullptr);

    /// Forgets what was there.
    void setRows(std::uint64_t count, Read read);
    /// Null while it is not there.
    [[nodiscard]] const Row *row(std::uint64_t row) const;
    [[nodiscard]] bool isSettled() const { return !m_load.isBusy(); }

    [[nodiscard]] std::uint64_t rowCount() const override { return m_count; }
    [[nodiscard]] int columnCount() const override { return static_cast<int>(m_columns.size()); }
    [[nodiscard]] QString headerText(int column) const override { return at(column).header; }
    [[nodiscard]] Qt::Alignment alignment(int column) const override;
    [[nodiscard]] bool isMonospace(int column) const override { return at(column).isMonospace; }
    [[nodiscard]] QString sampleText(int column) const override { return at(column).sample; }
    [[nodiscard]] QVariant data(std::uint64_t row, int column, int role) const override;
    void prepare(std::uint64_t first, std::uint64_t last) override;
    [[nodiscard]] QFuture<QString> copyText(std::uint64_t first, std::uint64_t last,
                                            const QList<int> &columns) const override;
    /// The row of a number, counted from 1.
    [[nodiscard]] QFuture<std::optional<std::uint64_t>> findRow(const QString &typed,
                                                                std::uint64_t from) const override;

private:
    struct Wish {
        std::uint64_t first = 0;
        std::uint64_t count = 0;
    };
    struct Loaded {
        std::uint64_t first = 0;
        std::uint64_t count = 0;
        Result<std::vector<Row>> rows;
    };

    [[nodiscard]] const Column &at(int column) const { return m_columns[static_cast<std::size_t>(column)]; }
    [[nodiscard]] bool holds(std::uint64_t row) const
    {
        return m_loaded && row >= m_loaded->first && row - m_loaded->first < m_loaded->count;
    }

    const std::vector<Column> m_columns;
    std::uint64_t m_count = 0;
    Read m_read;
    std::shared_ptr<const Loaded> m_loaded;
    NewestWish<Wish, std::shared_ptr<const Loaded>> m_load;
};

} // namespace modelvault::ui
