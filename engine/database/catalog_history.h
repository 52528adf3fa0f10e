#pragma once

#include "database/catalog.h"
#include "error.h"
#include "log/log_scanner.h"
#include "progress.h"
#include "store/store.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace modelvault {

/// One Schema segment and what became of it.
struct CatalogChange {
    CatalogPlace place;
    std::uint64_t payloadLength = 0;
    // As in the entry, where it decodes.
    CatalogEntry::Kind kind = CatalogEntry::Kind::CreateCollection;
    std::uint32_t collectionId = 0;
    std::uint32_t schemaVersion = 0;
    /// Whether opens look at it: false for what is not committed, and for what lies behind the place where they stop.
    bool counts = true;
    /// Why it changes nothing: it can't be read or decoded, or breaks a rule of the catalog.
    std::optional<Error> fault;
};

/// Every schema version of every collection that the log has, those that don't count apart. FORMAT.md, "Catalog entry"
/// and "Replay". A frozen value, shared between threads.
class CatalogHistory {
public:
    /// Reads the log's Schema segments; `framed` as in ScanOptions. Fails with Cancelled, with ChangedMeanwhile, or
    /// with the store's error if the log itself can't be read; what is wrong with single entries is data.
    [[nodiscard]] static Result<std::shared_ptr<const CatalogHistory>> read(const Store &store, const LogScan &log,
                                                                            bool framed, const Progress &progress = {});

    /// What counts, in the end. A collection's fields at an earlier moment are those of the last version whose place
    /// lies before it.
    [[nodiscard]] const Catalog &catalog() const { return m_counted; }
    /// In the order of the log.
    [[nodiscard]] const std::vector<CatalogChange> &changes() const { return m_changes; }
    /// Null for a segment that is no Schema segment.
    [[nodiscard]] const CatalogChange *change(SegmentNo segment) const;

    /// What a record is decoded with: the version that it names, as its own transaction sees it, committed or not; else
    /// as the committed ones do; else as what does not count does. Where nobody has that version, the current one; none
    /// for an unknown collection. Lives as long as the history.
    [[nodiscard]] std::optional<SchemaMatch> schemaFor(std::uint32_t collectionId, std::uint32_t schemaVersion,
                                                       std::optional<TransactionNo> transaction) const;
    /// The collection of that id, looked for in the same order; null if there is none.
    [[nodiscard]] const Collection *collection(std::uint32_t collectionId,
                                               std::optional<TransactionNo> transaction) const;

    CatalogHistory() = default;
    CatalogHistory(const CatalogHistory &) = delete; // its catalogs point at each other
    CatalogHistory &operator=(const CatalogHistory &) = delete;

private:
    class Reader;

    [[nodiscard]] const Catalog *ofTransaction(std::optional<TransactionNo> transaction) const;

    Catalog m_counted;
    Catalog m_uncounted{&m_counted}; // outside of transactions, or committed behind the place where opens stop
    std::map<TransactionNo, Catalog> m_uncommitted;
    std::vector<CatalogChange> m_changes;
};

} // namespace modelvault
