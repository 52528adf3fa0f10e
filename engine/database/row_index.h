#pragma once

#include "database/catalog_history.h"
#include "database/key_fingerprint.h"
#include "database/key_table.h"
#include "database/record_set.h"
#include "database/version_chain.h"
#include "error.h"
#include "finding.h"
#include "format/record.h"
#include "log/log_scanner.h"
#include "log/transactions.h"
#include "position.h"
#include "progress.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace modelvault {

/// The rows of one collection, by the record that each was last written with.
struct CollectionRows {
    RecordSet live;             ///< those that are there
    RecordSet deleted;          ///< the deletes that the others ended with
    std::uint64_t versions = 0; ///< records that count: inserts, replaces and deletes

    /// Rows that were ever there, or deleted without.
    [[nodiscard]] std::uint64_t keys() const { return live.size() + deleted.size(); }
};

/// Which records are the rows of a database, and which are their earlier versions: what replaying the log gives, as
/// record numbers. Values are read when somebody asks (RowReader). At most 32 bytes a key, and 5 for each earlier
/// version. FORMAT.md, "Record" and "Replay". A value: copies share what they have in common.
class RowIndex {
public:
    /// The record that a key was last written or deleted with; `keyBytes` as in RecordOutline.
    [[nodiscard]] std::optional<RecordNo> last(std::uint32_t collectionId, std::span<const std::byte> keyBytes) const
    {
        return m_keys.find(m_hasher(collectionId, keyBytes));
    }
    /// The one that held the row's values before this one, or deleted it.
    [[nodiscard]] std::optional<RecordNo> earlier(RecordNo record) const { return m_chain.earlier(record); }

    /// By id; those that have a record that counts.
    [[nodiscard]] const std::map<std::uint32_t, CollectionRows> &collections() const { return m_collections; }
    /// Empty for a collection without records.
    [[nodiscard]] const CollectionRows &collection(std::uint32_t id) const;

    /// The rows that are there, of all collections.
    [[nodiscard]] std::uint64_t liveCount() const;
    /// Records that count, of all collections.
    [[nodiscard]] std::uint64_t versionCount() const { return keyCount() + earlierVersionCount(); }
    /// Live and deleted, of all collections.
    [[nodiscard]] std::uint64_t keyCount() const { return m_keys.size(); }
    /// Records that count and took another one's place.
    [[nodiscard]] std::uint64_t earlierVersionCount() const { return m_chain.links(); }
    [[nodiscard]] std::uint64_t memoryBytes() const;

    /// Records that count and do not decode, or have a schema version that the engine refuses. In the order of the
    /// file.
    [[nodiscard]] const std::vector<Finding> &findings() const { return m_findings; }
    [[nodiscard]] std::uint64_t findingsDropped() const { return m_findingsDropped; }

    /// Whether the whole log was replayed; else as much as was looked at when this was made.
    [[nodiscard]] bool isComplete() const { return m_complete; }

private:
    friend class RowIndexBuilder;

    KeyHasher m_hasher;
    KeyTable m_keys;
    VersionChain m_chain;
    std::map<std::uint32_t, CollectionRows> m_collections;
    std::vector<Finding> m_findings;
    std::uint64_t m_findingsDropped = 0;
    bool m_complete = false;
    Epoch m_epoch = 0;
};

/// Replays a scanned log into a RowIndex: of each record that counts, all rules are checked. A record that does not
/// decode is a finding, and its row stays what it was. One thread at a time.
class RowIndexBuilder {
public:
    /// Borrows the store. `framed` as in ScanOptions. `judgedFrom`: where opens begin to read the log, behind a
    /// checkpoint (ReplaySource::from); records before it may have older schemas, and what is wrong with them stops
    /// nobody.
    RowIndexBuilder(const Store &store, const LogScan &log, std::shared_ptr<const CatalogHistory> catalog, bool framed,
                    Offset judgedFrom = {});

    /// Up to where opens stop reading. Cancelled; ChangedMeanwhile if the log is no longer what was scanned; the
    /// store's errors. `progress` may call result() for the rows found so far.
    [[nodiscard]] Result<void> run(const Progress &progress = {});
    /// What was found so far.
    [[nodiscard]] std::shared_ptr<const RowIndex> result();

    /// Whether what was found up to now would be the same by that catalog and from there: not if a schema changed that
    /// records have, nor where what is wrong with records is judged by another catalog or place. Then a new builder has
    /// to replay all.
    [[nodiscard]] bool canGoOn(const CatalogHistory &catalog, Offset judgedFrom) const;
    /// After run(), if canGoOn(): the next run() goes on where opens stopped reading, in the log as it has become. A
    /// transaction that was open there may be read once more. What comes out is what a new builder finds. The errors of
    /// LogReader.
    [[nodiscard]] Result<void> goOn(const LogScan &log, std::shared_ptr<const CatalogHistory> catalog,
                                    Offset judgedFrom);

private:
    struct Decoder {
        RecordDecoder decoder;
        CollectionRows *rows;  // null: its collection can hold none
        std::uint32_t current; // the collection's schema version
    };
    /// A record of a transaction that may not be committed.
    struct Staged {
        RecordNo record;
        KeyFingerprint key;
        CollectionRows *rows;
        bool deletes;
    };
    enum class Fate : std::uint8_t { Unknown, Counts, Dropped };

    void addSegment(Offset offset, const SegmentHeader &header, std::span<const std::byte> payload);
    void addMarker();
    void addRecord(Offset offset, const SegmentHeader &header, std::span<const std::byte> payload);
    [[nodiscard]] std::span<const std::byte> whole(Offset offset, const SegmentHeader &header,
                                                   std::span<const std::byte> payload);
    [[nodiscard]] Decoder *decoderFor(const RecordOutline &outline);
    void addFault(Offset offset, const SegmentHeader &header, const Error &error);
    void stageOrApply(const Staged &record);
    void apply(const Staged &record);
    void settle(bool counts);
    void learnFate();
    [[nodiscard]] Result<void> goBackTo(const Transaction &transaction);

    static constexpr std::size_t kMostStaged = 4096;

    const Store &m_store;
    std::optional<LogReader> m_log; // never none
    std::shared_ptr<const CatalogHistory> m_catalog;
    Offset m_end;
    const bool m_framed;
    Offset m_judgedFrom;
    Offset m_begin; // where run() begins: all before it is in m_index

    RowIndex m_index;
    FindingList m_findings;
    TransactionTracker m_tracker;
    std::uint64_t m_segments = 0;
    std::uint64_t m_records = 0;
    std::map<const SchemaVersion *, Decoder> m_decoders;
    RecordOutline m_lastOutline;
    Decoder *m_lastDecoder = nullptr; // for m_lastOutline
    std::vector<Staged> m_staged;
    std::vector<Finding> m_stagedFaults;
    Fate m_fate = Fate::Dropped;  // of the records met next
    bool m_isOpenDropped = false; // the transaction that is open was too long to keep until its end is known
    std::vector<std::byte> m_payload;
    std::optional<Error> m_failure;
};

/// RowIndexBuilder in one call.
[[nodiscard]] Result<std::shared_ptr<const RowIndex>> indexRows(const Store &store, const LogScan &log,
                                                                std::shared_ptr<const CatalogHistory> catalog,
                                                                bool framed, Offset judgedFrom = {},
                                                                const Progress &progress = {});

} // namespace modelvault
