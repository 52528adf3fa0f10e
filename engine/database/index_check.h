#pragma once

#include "database/index_state.h"
#include "database/snapshot.h"
#include "error.h"
#include "format/field_type.h"
#include "position.h"
#include "progress.h"
#include "store/store.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace modelvault {

/// What the entries of one index are like, beside the rows that live.
struct IndexCounts {
    std::uint64_t entries = 0;
    std::uint64_t missing = 0; ///< rows that have a key and no entry: written before the index was there, say
    std::uint64_t stale = 0;   ///< entries of rows that are gone or have another key
    bool isInSchema = false;   ///< else nobody looks at its entries, and they are not compared
};

struct IndexFault {
    enum class Kind : std::uint8_t { Missing, Stale };

    Kind kind = Kind::Missing;
    IndexState::IndexId index;
    IndexState::Entry entry;     ///< that should be there, or should not
    std::optional<RecordNo> row; ///< of what is missing

    bool operator==(const IndexFault &) const = default;
};

struct IndexCheck {
    static constexpr std::size_t kMostFaults = 10'000;

    /// All that a schema has, and all that have entries.
    std::map<IndexState::IndexId, IndexCounts> indexes;
    std::vector<IndexFault> faults; ///< the first of each collection; the counts have them all

    [[nodiscard]] bool isSound() const { return faults.empty(); }
};

/// Compares all entries with the rows that live, by the indexes that the current schema versions have. Needs a snapshot
/// with rows, and the entries of the same moment (Replay). Reads each row once; memory is that of the entries of one
/// collection. Errors: those of RowReader::scan(). `progress` counts bytes of the log, once for each collection.
[[nodiscard]] Result<IndexCheck> checkIndexes(const Store &store, const std::shared_ptr<const Snapshot> &snapshot,
                                              const IndexState &state, const Progress &progress = {});

/// What an index of this path holds keys of, without optionals; null if that is no field, or no part of one.
[[nodiscard]] const FieldType *indexedType(const SchemaVersion &schema, const FieldPath &path);

} // namespace modelvault
