#pragma once

#include "models/row_model.h"

#include "database/snapshot.h"
#include "error.h"
#include "position.h"
#include "store/store.h"

#include <QFutureWatcher>
#include <QString>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace modelvault::ui {

/// Finds text in the values of all rows of all collections, in the background; the hits as rows, as they are found.
class ValueFinder : public RowModel {
    Q_OBJECT

public:
    enum Column { Collection, Key, Field, Value, ColumnCount };
    /// Beyond that a search ends: nobody reads them.
    static constexpr std::size_t kMostHits = 100'000;

    struct Hit {
        std::uint32_t collectionId = 0;
        RecordNo record;
        QString cells[ColumnCount];
    };

    explicit ValueFinder(QObject *parent = nullptr);
    ~ValueFinder() override;

    /// Null for nothing. Hits in another file are forgotten.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    /// Begins anew; empty text finds nothing.
    void find(const QString &text);
    /// What was found stays.
    void stop();

    [[nodiscard]] const QString &text() const { return m_text; }
    [[nodiscard]] bool isSearching() const { return m_isSearching; }
    [[nodiscard]] double searchedShare() const { return m_share; }
    /// Ended before all rows were looked at: stopped, or by too many hits.
    [[nodiscard]] bool isCut() const { return m_isCut; }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    [[nodiscard]] const Hit &hit(std::uint64_t row) const { return m_hits[static_cast<std::size_t>(row)]; }

    [[nodiscard]] std::uint64_t rowCount() const override { return m_hits.size(); }
    [[nodiscard]] int columnCount() const override { return ColumnCount; }
    [[nodiscard]] QString headerText(int column) const override;
    [[nodiscard]] Qt::Alignment alignment(int column) const override;
    [[nodiscard]] bool isMonospace(int) const override { return false; }
    [[nodiscard]] QString sampleText(int column) const override;
    [[nodiscard]] QVariant data(std::uint64_t row, int column, int role) const override;
    void prepare(std::uint64_t, std::uint64_t) override { } // all is there
    [[nodiscard]] QFuture<QString> copyText(std::uint64_t first, std::uint64_t last,
                                            const QList<int> &columns) const override;
    /// The next hit whose key begins with what is typed.
    [[nodiscard]] QFuture<std::optional<std::uint64_t>> findRow(const QString &typed,
                                                                std::uint64_t from) const override;

Q_SIGNALS:
    /// How far a search is, or that it has ended.
    void progressed();

private:
    struct Update {
        std::vector<Hit> hits;
        double share = 0;
        bool ended = false;
        bool isCut = false;
        std::optional<Error> error;
    };
    using Told = std::shared_ptr<const Update>;
    class Job;

    void take(int begin, int end);
    void drop();

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    QString m_text;
    std::vector<Hit> m_hits;
    double m_share = 0;
    bool m_isSearching = false; // until its last result has been taken over
    bool m_isCut = false;
    std::optional<Error> m_error;
    QFutureWatcher<Told> m_search;
};

} // namespace modelvault::ui
