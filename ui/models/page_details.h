#pragma once

#include "database/snapshot.h"
#include "log/page_map.h"
#include "log/segment_index.h"
#include "position.h"
#include "store/store.h"

#include <QFuture>
#include <QFutureWatcher>
#include <QObject>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace modelvault::ui {

/// What lies where within single pages, finer than PageMap tells. Looked up in the background. GUI thread.
class PageDetails : public QObject {
    Q_OBJECT

public:
    /// The finest there is: one cell a byte.
    static constexpr int kMostSide = 128;
    static_assert(std::uint64_t{kMostSide} * kMostSide == PageMap::kPageSize);
    /// Pages that are held at a time.
    static constexpr std::uint64_t kMostPages = 4096;

    struct Cell {
        ContentKind kind = ContentKind::NotScanned; ///< of its first byte; Damaged if any of its bytes is
        bool isHeader = false;                      ///< of a segment
    };
    /// A page as a square of cells, row by row in the order of its bytes; the last page of a file may be short.
    using Cells = std::vector<Cell>;

    /// The segments with a byte on a page.
    struct Summary {
        std::optional<SegmentNo> first;
        SegmentNo last; ///< inclusive
        std::array<std::uint64_t, kSegmentTypes> counts{};
    };

    explicit PageDetails(QObject *parent = nullptr);

    /// Null for nothing. Details of the same store stay until those of the new snapshot are there.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot);
    /// Asks for [first, end), at most kMostPages, as squares of `side` cells: a power of two up to kMostSide. changed()
    /// tells when they are there. Newer requests replace older ones.
    void want(PageNo first, PageNo end, int side);
    /// Null for a page that is not there.
    [[nodiscard]] const Cells *cells(PageNo page) const;
    /// Cells a row, of what is there.
    [[nodiscard]] int side() const { return m_loaded.side; }
    /// Nothing is under way.
    [[nodiscard]] bool isSettled() const { return !m_loading; }

    /// Empty where the file can't be read.
    [[nodiscard]] QFuture<std::optional<Summary>> summary(PageNo page) const;

Q_SIGNALS:
    void changed();

private:
    struct Wish {
        PageNo first;
        PageNo end; // exclusive
        int side = kMostSide;
        [[nodiscard]] bool covers(const Wish &other) const
        {
            return side == other.side && first <= other.first && other.end <= end;
        }
    };
    struct Loaded : Wish {
        std::vector<Cells> pages;
    };

    [[nodiscard]] static Loaded load(const Store &store, const Snapshot &snapshot, Wish wish);
    void start(Wish wish);
    void drop();

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    Loaded m_loaded;
    bool m_stale = false;          // m_loaded is of an older snapshot
    std::optional<Wish> m_loading; // until its result has been taken over
    std::optional<Wish> m_wanted;  // while another is under way
    QFutureWatcher<Loaded> m_load;
};

} // namespace modelvault::ui
