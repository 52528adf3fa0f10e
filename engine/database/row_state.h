#pragma once

#include "database/catalog.h"
#include "database/catalog_history.h"
#include "database/key_fingerprint.h"
#include "database/key_table.h"
#include "database/replay.h"
#include "error.h"
#include "format/record.h"
#include "log/log_scanner.h"
#include "log/segment_index.h"
#include "position.h"
#include "progress.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace modelvault {

/// The record that says what a row is: the payload of a segment, or a part of a checkpoint.
struct RowPlace {
    Offset payload;
    std::uint32_t length = 0; ///< at most kMaxPayload

    bool operator==(const RowPlace &) const = default;
};

/// A row as it was read. The schema is borrowed from who read it.
struct PlacedRow {
    Record record;
    SchemaMatch schema;
};

/// ChangedMeanwhile if it does not decode by that schema any more; the store's errors.
[[nodiscard]] Result<Record> readRow(const Store &store, const RowPlace &place, const SchemaMatch &schema);
/// The same by the schema that `schemaFor` has for its outline; none is ChangedMeanwhile too.
[[nodiscard]] Result<PlacedRow>
readRow(const Store &store, const RowPlace &place,
        const std::function<std::optional<SchemaMatch>(const RecordOutline &)> &schemaFor);

/// The rows that an open has when it has replayed a log: those of the checkpoint that it starts from, then those of the
/// log. Where RowIndex goes by the log alone, and knows the versions, this is one moment of a ReplaySource. Knows where
/// each row lies, in about 50 bytes; values are read when somebody asks. FORMAT.md, "Replay".
/// Frozen once it was read: any number of threads.
class RowState {
public:
    /// Called behind each commit with the rows of that moment; false ends the reading there.
    using AtCommit = std::function<bool(const RowState &rows, const Segment &commit)>;

    /// `catalog` is the one that the source gives (Replay), `history` has the older schema versions, `framed` is as in
    /// ScanOptions. Records that don't decode are left out, so that the version before them stays; so is what a replay
    /// refuses to read (Replay::refusesLog). Errors: those of LogReader, and Cancelled.
    [[nodiscard]] static Result<RowState> read(const Store &store, const LogScan &log, const ReplaySource &source,
                                               std::shared_ptr<const Catalog> catalog,
                                               std::shared_ptr<const CatalogHistory> history, bool framed,
                                               const Progress &progress = {}, const AtCommit &atCommit = {});

    /// By id; collections that never had a row may be missing.
    [[nodiscard]] std::uint64_t count(std::uint32_t collectionId) const;
    /// The rows of a collection in the order of the file. Takes 16 bytes a row, and goes over all rows of all
    /// collections: to be kept by who needs them often.
    [[nodiscard]] std::vector<RowPlace> places(std::uint32_t collectionId) const;
    /// In the order of their key bytes. Reads each row, and holds all keys of the collection while it sorts.
    [[nodiscard]] Result<std::vector<RowPlace>> placesByKey(const Store &store, std::uint32_t collectionId) const;
    /// None if there is no such row; `keyBytes` as in FORMAT.md, "Record".
    [[nodiscard]] std::optional<RowPlace> find(std::uint32_t collectionId, std::span<const std::byte> keyBytes) const;

    /// A row of this state, by the fields of its own schema version where they are known. Lives no longer than the
    /// state. ChangedMeanwhile if it does not decode any more; the store's errors.
    [[nodiscard]] Result<PlacedRow> row(const Store &store, const RowPlace &place) const;

    [[nodiscard]] const Catalog &catalog() const { return *m_catalog; }

private:
    class Reader;

    struct Row {
        RowPlace place;
        std::uint32_t collectionId = 0; // 0: the row is gone, ids begin at 1
    };

    RowState(std::shared_ptr<const Catalog> catalog, std::shared_ptr<const CatalogHistory> history)
        : m_catalog(std::move(catalog)),
          m_history(std::move(history))
    { }

    /// What the records of a schema version are read with; none where they can be no rows.
    [[nodiscard]] std::optional<SchemaMatch> schemaFor(const RecordOutline &outline) const;

    std::shared_ptr<const Catalog> m_catalog;
    std::shared_ptr<const CatalogHistory> m_history;
    KeyHasher m_hasher;
    KeyTable m_keys; // as "record" each has its place in m_rows
    std::vector<Row> m_rows;
    std::map<std::uint32_t, std::uint64_t> m_counts;
};

} // namespace modelvault
