#pragma once

#include "database/catalog.h"
#include "database/open_preview.h"
#include "database/row_state.h"
#include "database/snapshot.h"
#include "error.h"
#include "format/record.h"
#include "format/superblock.h"
#include "format/value.h"
#include "log/segment_index.h"
#include "position.h"
#include "progress.h"
#include "store/store.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace modelvault {

/// From where a recovery plan looks at a file.
struct RecoveryView {
    /// As if the file ended here; none, or beyond its end: as it is.
    std::optional<Offset> end;
    /// As if the other slot were damaged; none: the one that opens choose.
    std::optional<SuperblockSlot> superblock;

    bool operator==(const RecoveryView &) const = default;
};

/// What becomes of a row when the log ends at the cut.
enum class RowFate : std::uint8_t {
    Lost,      ///< it is gone
    TurnsBack, ///< it has the values of an earlier version
    ComesBack, ///< it was deleted, and is there again
};
/// "lost", "turns_back", "comes_back": stable, never translated.
[[nodiscard]] std::string_view rowFateName(RowFate fate);

/// A row that is another one behind the cut than the bytes there say. The collections live as long as the plan.
struct RowChange {
    RowFate fate = RowFate::Lost;
    const Collection *collection = nullptr; ///< as the bytes behind the cut know it
    Value key;
    Offset payload;                              ///< of the record behind the cut that says the row's last
    std::optional<TransactionNo> transaction;    ///< that it lies in; of the snapshot's log
    bool committed = false;                      ///< else no open has ever shown it
    std::optional<Record> now;                   ///< what that record says; none for a delete
    std::optional<Record> after;                 ///< what is kept; none where the row is not there then
    std::optional<Offset> afterPayload;          ///< where that lies
    const Collection *collectionAfter = nullptr; ///< null without `after`
};

/// How many rows a collection has and loses.
struct RowCounts {
    std::string collection; ///< its name
    std::uint64_t kept = 0; ///< rows that are there after the cut, those that turn or come back included
    // By RowFate, of rows whose last word was committed.
    std::uint64_t lost = 0;
    std::uint64_t turnBack = 0;
    std::uint64_t comeBack = 0;
    /// Of all three fates, rows that only a transaction without commit speaks of.
    std::uint64_t neverCommitted = 0;

    [[nodiscard]] std::uint64_t changed() const { return lost + turnBack + comeBack + neverCommitted; }
    bool operator==(const RowCounts &) const = default;
};

/// What opening a file would make of it, computed and never done: what strict says, where auto-truncate would cut, what
/// that keeps and what it loses. For the file as it is, and by the same rules for a file that ends earlier or has only
/// one of its superblocks. FORMAT.md, "Recovery".
///
/// A frozen value, shared between threads. Knows where rows lie, in about 50 bytes for each that is kept and 100 for
/// each that changes; what they say is read when somebody asks, from the store that it was made of, so never on a GUI
/// thread.
class RecoveryPlan {
public:
    /// Of a snapshot with a catalog, whose log was scanned to its end; shares it. A view with an end scans the file up
    /// to there anew. What is wrong with the file is in the value; fails only with Cancelled, ChangedMeanwhile or the
    /// store's error. `progress` counts the bytes of each pass over the file.
    [[nodiscard]] static Result<std::shared_ptr<const RecoveryPlan>> make(const Store &store,
                                                                          std::shared_ptr<const Snapshot> snapshot,
                                                                          const RecoveryView &view = {},
                                                                          const Progress &progress = {});

    [[nodiscard]] const RecoveryView &view() const { return m_view; }
    /// Of the file as the view has it.
    [[nodiscard]] const FileHead &head() const { return m_head; }
    [[nodiscard]] const LogScan &log() const { return m_log; }
    [[nodiscard]] std::uint64_t fileLength() const { return m_head.fileLength; }
    [[nodiscard]] const std::shared_ptr<const CatalogHistory> &history() const { return m_history; }

    /// Why a strict open fails, where auto-truncate cuts and why, and why it fails all the same.
    [[nodiscard]] const OpenPreview &opens() const { return m_opens; }
    /// That auto-truncate takes away; 0 where it fails before it gets to the log.
    [[nodiscard]] std::uint64_t discardedBytes() const;
    /// Where what is lost begins: the safe end, or the view's end where no open gets to the log. The file's own end if
    /// nothing is lost.
    [[nodiscard]] Offset lossBegin() const;

    /// Whether an open, after the cut, gets as far as the rows. Else it fails before (header, superblocks), or refuses
    /// the log (data outside of transactions).
    [[nodiscard]] bool reachesRows() const;
    /// The rows that are kept. Also where no open gets to them or succeeds: then those that it is about, as if header
    /// and superblocks were right and the records that don't decode were not there; rescue writes these. Null where
    /// there is no log.
    [[nodiscard]] const RowState *kept() const { return m_kept ? &*m_kept : nullptr; }

    /// By id: all collections that are kept, and all that rows are lost of.
    [[nodiscard]] const std::map<std::uint32_t, RowCounts> &counts() const { return m_counts; }

    /// Rows that are other ones after the cut, in the order of the records that say their last.
    [[nodiscard]] std::uint64_t changeCount() const { return m_changes.size(); }
    /// The n-th of them, n < changeCount().
    [[nodiscard]] Result<RowChange> change(const Store &store, std::uint64_t n) const;

    /// Transactions that lie behind the cut, also those that were never committed and mean nothing.
    [[nodiscard]] std::uint64_t lostTransactionCount() const { return m_lostTransactions; }
    /// At most `count` from the n-th of them on; numbers are those of the snapshot's log.
    [[nodiscard]] Result<std::vector<Transaction>> lostTransactions(const Store &store, std::uint64_t n,
                                                                    std::uint64_t count) const;

private:
    class Maker;

    struct Change {
        RowPlace now;
        std::optional<RowPlace> after;
        TransactionNo transaction;
        RowFate fate = RowFate::Lost;
        bool isInTransaction = false;
        bool committed = false;
    };

    [[nodiscard]] Result<RowChange> read(const Store &store, const Change &change) const;

    std::shared_ptr<const Snapshot> m_snapshot;
    RecoveryView m_view;
    FileHead m_head;
    LogScan m_log;
    std::shared_ptr<const CatalogHistory> m_history;
    OpenPreview m_opens;
    std::optional<RowState> m_kept;
    std::map<std::uint32_t, RowCounts> m_counts;
    std::vector<Change> m_changes;
    TransactionNo m_firstLostTransaction;
    std::uint64_t m_lostTransactions = 0;
};

} // namespace modelvault
