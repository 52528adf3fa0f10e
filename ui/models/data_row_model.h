#pragma once

#include "models/row_model.h"

#include "database/row_query.h"
#include "database/row_reader.h"
#include "database/snapshot.h"
#include "jobs/newest_wish.h"
#include "jobs/row_search.h"
#include "store/store.h"
#include "text/value_display.h"

#include <QFutureWatcher>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace modelvault::ui {

/// The rows of one collection: its key and then its other fields as columns; in the order of the log or sorted, all of
/// them or those that conditions let through. Values are read of rows around the visible ones, in the background.
class DataRowModel : public RowModel {
    Q_OBJECT

public:
    enum DataRole {
        IsNoneRole = Qt::UserRole + 16, ///< bool
    };

    struct Sorting {
        int column = 0;
        RowOrder order = RowOrder::Rising;
        bool operator==(const Sorting &) const = default;
    };

    explicit DataRowModel(QObject *parent = nullptr);
    ~DataRowModel() override;

    /// A snapshot with rows; null for nothing. Conditions and sorting stay while the collection's fields do.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot,
                   std::optional<std::uint32_t> collectionId);
    [[nodiscard]] std::optional<std::uint32_t> collectionId() const { return m_collectionId; }
    [[nodiscard]] const std::shared_ptr<const Store> &store() const { return m_store; }
    [[nodiscard]] const std::shared_ptr<const Snapshot> &snapshot() const { return m_snapshot; }

    /// Of a column, in the collection's current schema.
    [[nodiscard]] std::size_t fieldOf(int column) const { return m_fields[static_cast<std::size_t>(column)]; }
    [[nodiscard]] const FieldDefinition &definition(int column) const { return m_schema->fields[fieldOf(column)]; }
    /// Checks nothing: see RowFilter::make().
    [[nodiscard]] const SchemaVersion *schema() const { return m_schema; }

    /// How a column is written; others than the usual are kept while the collection's fields are the same.
    void setDisplay(int column, ValueDisplay display);
    [[nodiscard]] ValueDisplay display(int column) const { return m_displays[static_cast<std::size_t>(column)]; }
    [[nodiscard]] TypeTag tagOf(int column) const; ///< without optionals

    /// Those that can't be asked are the caller's mistake.
    void setConditions(std::vector<RowCondition> conditions);
    [[nodiscard]] const std::vector<RowCondition> &conditions() const { return m_conditions; }
    void setSorting(std::optional<Sorting> sorting);
    [[nodiscard]] const std::optional<Sorting> &sorting() const { return m_sorting; }

    /// Of the collection, whatever the conditions.
    [[nodiscard]] std::uint64_t allRows() const;
    /// A filter or a sort is under way.
    [[nodiscard]] bool isSearching() const { return m_isSearching; }
    [[nodiscard]] double searchedShare() const { return m_searchedShare; }
    /// Why the last one ended early.
    [[nodiscard]] const std::optional<Error> &searchError() const { return m_searchError; }
    /// What a filter has found stays; a sort is given up, and rows stand as in the log.
    void stopSearch();
    /// The last filter was stopped: there may be more rows.
    [[nodiscard]] bool isStopped() const { return m_isStopped; }

    /// The record that a row was last written with.
    [[nodiscard]] std::optional<RecordNo> record(std::uint64_t row) const;
    /// The row of a record, if it is among those that are shown.
    [[nodiscard]] std::optional<std::uint64_t> rowOf(RecordNo record) const;
    /// The records of all rows as they are shown; none where those are all of the collection in the order of the log.
    [[nodiscard]] const std::optional<std::vector<RecordNo>> &found() const { return m_found; }
    [[nodiscard]] bool isSettled() const { return !m_isSearching && !m_load.isBusy(); }

    [[nodiscard]] std::uint64_t rowCount() const override;
    [[nodiscard]] int columnCount() const override;
    [[nodiscard]] QString headerText(int column) const override;
    [[nodiscard]] Qt::Alignment alignment(int column) const override;
    [[nodiscard]] bool isMonospace(int column) const override;
    [[nodiscard]] QString sampleText(int column) const override;
    [[nodiscard]] QVariant data(std::uint64_t row, int column, int role) const override;
    void prepare(std::uint64_t first, std::uint64_t last) override;
    [[nodiscard]] QFuture<QString> copyText(std::uint64_t first, std::uint64_t last,
                                            const QList<int> &columns) const override;
    /// The row of a key.
    [[nodiscard]] QFuture<std::optional<std::uint64_t>> findRow(const QString &typed,
                                                                std::uint64_t from) const override;

Q_SIGNALS:
    /// How far a filter or a sort is, or that it has ended.
    void searchProgressed();

private:
    struct Cell {
        QString text;
        bool isNone = false;
    };
    struct LoadedRow {
        RecordNo no;
        std::vector<Cell> cells; // empty: could not be read
        QString fault;
    };
    struct Loaded {
        std::uint64_t first = 0;
        std::vector<LoadedRow> rows;
    };
    struct Wish {
        std::uint64_t first = 0;
        std::vector<RecordNo> records;
    };

    [[nodiscard]] QFuture<std::shared_ptr<const Loaded>> load(const Wish &wish) const;
    [[nodiscard]] const LoadedRow *loaded(std::uint64_t row) const;
    /// All rows of a collection, sorted.
    struct Sorted {
        std::shared_ptr<const Snapshot> snapshot;
        std::uint32_t collectionId = 0;
        Sorting sorting;
        std::shared_ptr<const std::vector<RecordNo>> rows; // null while m_found has them
    };

    void search();
    void keepSorted();
    void takeFound(int begin, int end);
    void reset();

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::optional<std::uint32_t> m_collectionId;
    const SchemaVersion *m_schema = nullptr; // in the snapshot
    std::vector<std::size_t> m_fields;       // of the columns
    std::vector<ValueDisplay> m_displays;    // of the columns

    std::vector<RowCondition> m_conditions;
    std::optional<Sorting> m_sorting;
    std::optional<std::vector<RecordNo>> m_found; // none: all, in the order of the log
    std::optional<Sorted> m_sorted;               // takes long: a filter, and clearing it, leave it as it is
    bool m_isSearching = false;                   // until its last result has been taken over
    bool m_isStopped = false;
    double m_searchedShare = 0;
    std::optional<Error> m_searchError;
    QFutureWatcher<std::shared_ptr<const RowSearchUpdate>> m_search;

    Loaded m_loaded;
    NewestWish<Wish, std::shared_ptr<const Loaded>> m_load;
};

} // namespace modelvault::ui
