#pragma once

#include "database/catalog_history.h"
#include "error.h"
#include "format/index_entry.h"
#include "format/record.h"
#include "log/segment_index.h"
#include "store/store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace modelvault {

struct RecordSummary {
    std::uint32_t collectionId = 0;
    std::string collection; ///< empty if nobody knows it
    std::uint8_t operation = RecordHead::Insert;
    Value key;
};

/// What happens to the entries of one index.
struct IndexSummary {
    std::uint32_t collectionId = 0;
    std::string collection; ///< empty if nobody knows it
    std::string index;
    std::uint64_t inserted = 0;
    std::uint64_t deleted = 0;
};

struct IndexSummaries {
    static constexpr std::size_t kMost = 8;

    std::vector<IndexSummary> indexes; ///< the first kMost, in the order of the payload
    std::uint64_t entries = 0;         ///< of all of them
};

struct SchemaSummary {
    CatalogEntry::Kind kind = CatalogEntry::Kind::CreateCollection;
    std::uint32_t collectionId = 0;
    std::string collection; ///< empty if nobody knows it
    std::uint32_t schemaVersion = 0;
    std::uint64_t fields = 0;
};

struct MarkerSummary {
    std::uint64_t transactionId = 0;
};

struct CheckpointSummary {
    Offset replayFrom;
    std::uint64_t catalogEntries = 0;
    std::uint64_t records = 0;
};

/// What a segment says, in short: what a list shows of it. Words are made where it is shown.
struct SegmentSummary {
    /// Nothing for manifests, for spilled queries, and for what does not decode at all; of a record whose head decodes
    /// it is there beside the fault.
    std::variant<std::monostate, RecordSummary, IndexSummaries, SchemaSummary, MarkerSummary, CheckpointSummary> what;
    /// What is wrong with the payload: that its checksum is (then all else is of damaged bytes), or why it does not
    /// decode.
    std::optional<Error> fault;
};

/// Of longer records only the head is read, and nobody looks whether their values decode.
inline constexpr std::uint64_t kLongestCheckedRecord = 64 * 1024;

/// Reads the payload. `catalog` may be null: then collections have no names, and values of records are not looked at.
/// Fails only if the store does.
[[nodiscard]] Result<SegmentSummary> summarize(const Store &store, const Segment &segment,
                                               const CatalogHistory *catalog);

} // namespace modelvault
