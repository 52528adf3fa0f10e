#pragma once

#include "jobs/newest_wish.h"
#include "models/row_model.h"

#include "database/snapshot.h"
#include "log/page_map.h"
#include "search/search.h"
#include "store/store.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace modelvault::ui {

/// Hits in the order of the file, in the pieces that they came in; cheap to copy.
class HitPieces {
public:
    using Piece = std::shared_ptr<const std::vector<Hit>>;

    void add(Piece piece);
    [[nodiscard]] std::uint64_t size() const { return m_ends.empty() ? 0 : m_ends.back(); }
    [[nodiscard]] const Hit &at(std::uint64_t row) const;
    /// The first one that begins at or behind `offset`; size() if there is none.
    [[nodiscard]] std::uint64_t firstFrom(Offset offset) const;

private:
    std::vector<Piece> m_pieces; // none is empty
    std::vector<std::uint64_t> m_ends;
};

/// Hits of a search as rows. What lies there is read only of rows that were asked for.
class HitRowModel : public RowModel {
    Q_OBJECT

public:
    enum Column { Place, Length, Where, Bytes, Text, Around, ColumnCount };

    explicit HitRowModel(QObject *parent = nullptr);

    /// What the hits are of. Null for nothing.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    void clear();
    /// They lie behind those that are there.
    void append(const HitPieces::Piece &hits);

    [[nodiscard]] const Hit &hit(std::uint64_t row) const { return m_hits.at(row); }
    /// Of the hit that begins there.
    [[nodiscard]] std::optional<std::uint64_t> rowAt(Offset offset) const;
    /// Nothing is being read.
    [[nodiscard]] bool isSettled() const { return !m_load.isBusy(); }

    [[nodiscard]] std::uint64_t rowCount() const override { return m_hits.size(); }
    [[nodiscard]] int columnCount() const override { return ColumnCount; }
    [[nodiscard]] QString headerText(int column) const override;
    [[nodiscard]] Qt::Alignment alignment(int column) const override;
    [[nodiscard]] bool isMonospace(int column) const override { return column != Length && column != Where; }
    [[nodiscard]] QString sampleText(int column) const override;
    [[nodiscard]] QVariant data(std::uint64_t row, int column, int role) const override;
    void prepare(std::uint64_t first, std::uint64_t last) override;
    [[nodiscard]] QFuture<QString> copyText(std::uint64_t first, std::uint64_t last,
                                            const QList<int> &columns) const override;
    /// The first hit at or behind an offset, in decimal or as 0x….
    [[nodiscard]] QFuture<std::optional<std::uint64_t>> findRow(const QString &typed,
                                                                std::uint64_t from) const override;

private:
    struct Rows {
        std::uint64_t first = 0;
        std::uint64_t end = 0; // exclusive
    };
    /// What lies where a hit is.
    struct Details {
        QString where;
        ContentKind kind = ContentKind::NotScanned;
        QString bytes;
        QString text;
        QString around;
    };
    struct Loaded {
        Rows rows;
        std::vector<Details> details;
    };

    [[nodiscard]] static std::vector<Details> read(const Store &store, const Snapshot &snapshot, const HitPieces &hits,
                                                   Rows rows);
    [[nodiscard]] static QString cellText(const Hit &hit, const Details &details, int column);
    void take(const Loaded &loaded);
    void forget();

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    HitPieces m_hits;
    Rows m_asked; // for last
    Loaded m_loaded;
    bool m_isStale = false; // m_loaded is of an older snapshot
    NewestWish<Rows, Loaded> m_load;
};

} // namespace modelvault::ui
