#pragma once

#include "database/catalog.h"
#include "database/snapshot.h"
#include "error.h"
#include "format/record.h"
#include "log/segment_index.h"
#include "position.h"
#include "progress.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace modelvault {

/// Why no open of a file shows what a record says.
enum class Unseen : std::uint8_t {
    BehindEnd,           ///< committed, but behind the damage where opens stop reading (LogScan::readEnd())
    NeverCommitted,      ///< of a transaction without commit: open, or broken off
    Aborted,             ///< of a transaction that was given up
    OutsideTransactions, ///< opens refuse the whole log for it
};
/// "behind_end", "never_committed", "aborted", "outside_transactions": stable, never translated.
[[nodiscard]] std::string_view unseenName(Unseen unseen);

/// A record of the log as it is met. Valid until the walk goes on, but for the schema, which lives as long as the
/// snapshot's catalog.
struct LogRecord {
    const Segment &segment;
    std::span<const std::byte> payload; ///< whole; empty where it is damaged or over the limit
    std::optional<Unseen> unseen;       ///< none: opens read it
    /// What it is read with; none where nobody knows the collection. One without a primary field can hold no rows.
    std::optional<SchemaMatch> schema;
    const RecordDecoder *decoder = nullptr; ///< null where `schema` is none
    /// By all rules but that of the current schema version; or why it does not decode.
    Result<RecordOutline> outline;

    /// Whether it says something of a row.
    [[nodiscard]] bool isOfRow() const { return outline && !schema->collection->primaryField.empty(); }
    /// The values of one whose outline is right.
    [[nodiscard]] Result<Record> decode() const { return decoder->decode(payload, segment.payloadOffset()); }
};

/// Calls `visit` for each Record segment at or behind `from` until that returns false: also for those that no open
/// shows, found again behind damage. Needs a snapshot with a catalog, whose log was scanned to its end. Reads the
/// store, so never on a GUI thread. Errors: those of LogReader, and Cancelled.
[[nodiscard]] Result<void> forEachRecord(const Store &store, const Snapshot &snapshot, Offset from,
                                         const std::function<bool(const LogRecord &)> &visit,
                                         const Progress &progress = {});

} // namespace modelvault
