#pragma once

#include "database/row_index.h"
#include "database/snapshot.h"
#include "error.h"
#include "format/record.h"
#include "log/segment_index.h"
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

/// One version of a row, as it was read. The schema is borrowed from the snapshot.
struct RowVersion {
    RecordNo no;
    Segment segment; ///< where it stands, and in which transaction
    Record record;
    SchemaMatch schema;

    /// What the record says for a field of a schema, the key too: null where it says nothing. `likely`: where that field
    /// stands in the schema, if it is known: records mostly have the same order. Lives as long as this version.
    [[nodiscard]] const Value *value(const FieldPath &path, std::size_t likely = 0) const;
};

/// The fields in which a version says something else than the one before it, or that only one of them has. All of a row
/// that was not there before (`before` is null or a delete), none of a delete.
[[nodiscard]] std::vector<FieldPath> changedFields(const RowVersion *before, const RowVersion &after);

/// A record of a scan over many, not decoded yet. Valid until the scan goes on.
struct RowPayload {
    RecordNo no;
    Offset at;
    std::span<const std::byte> bytes;
    const RecordDecoder &decoder; ///< of the schema version that the record names
};

/// Reads rows and their versions. Needs a snapshot with rows. Reads the store, so never on a GUI thread. One thread
/// at a time.
class RowReader {
public:
    /// Borrows the store and shares the snapshot.
    RowReader(const Store &store, std::shared_ptr<const Snapshot> snapshot);

    /// ChangedMeanwhile if what is there is no record any more; else the errors of Record::decode() and of the store.
    [[nodiscard]] Result<RowVersion> read(RecordNo record);
    /// The versions of a row from `last` back, at most `most` of them. Newest first.
    [[nodiscard]] Result<std::vector<RowVersion>> history(RecordNo last, std::size_t most);
    /// The row's version of an earlier moment: the newest that lies before `end`. None if it was not there yet.
    [[nodiscard]] Result<std::optional<RecordNo>> versionBefore(RecordNo last, Offset end) const;

    /// Goes through the log once and calls `visit` for each record of the set, in its order, until that returns false.
    /// Also Cancelled.
    [[nodiscard]] Result<void> scan(const RecordSet &records, const std::function<bool(const RowPayload &)> &visit,
                                    const Progress &progress = {});
    /// The same for the rows of all collections that are there, each with its collection.
    [[nodiscard]] Result<void> scanAll(const std::function<bool(const RowPayload &, const SchemaMatch &)> &visit,
                                       const Progress &progress = {});

private:
    template <class Wants, class Visit>
    [[nodiscard]] Result<void> walk(RecordNo first, std::uint64_t left, const Wants &wants, const Visit &visit,
                                    const Progress &progress);
    [[nodiscard]] Result<Segment> segmentOf(RecordNo record) const;
    [[nodiscard]] Result<void> load(Offset at, std::uint64_t length);
    struct Decoder {
        SchemaMatch schema;
        RecordDecoder decoder;
    };
    /// Null for an unknown collection.
    [[nodiscard]] const Decoder *decoderFor(std::span<const std::byte> payload);

    const Store &m_store;
    const std::shared_ptr<const Snapshot> m_snapshot;
    const LogReader m_log;
    std::map<const SchemaVersion *, Decoder> m_decoders;
    std::vector<std::byte> m_payload;
};

} // namespace modelvault
