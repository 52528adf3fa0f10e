#pragma once

#include "database/catalog.h"
#include "database/catalog_history.h"
#include "database/replay.h"
#include "error.h"
#include "format/record.h"
#include "log/log_scanner.h"
#include "store/store.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace modelvault::inspect {

/// Where the versions of all rows lie; their values are decoded when asked for. Borrows store, catalog and history.
class Rows {
public:
    /// Errors: those of LogReader. Records that don't decode are left out, so that the version before them shows.
    [[nodiscard]] static Result<Rows> read(const Store &store, const LogScan &log, const ReplaySource &source,
                                           const Catalog &catalog, const CatalogHistory &history, bool framed);

    /// The rows of a collection in the order of their key bytes, as of what is committed before `end`.
    [[nodiscard]] Result<void> forEach(std::uint32_t collectionId, Offset end,
                                       const std::function<void(const Record &)> &visit) const;

    /// One row, as of what is committed before `end`; none if it is not there.
    [[nodiscard]] Result<std::optional<Record>> row(std::uint32_t collectionId, std::span<const std::byte> keyBytes,
                                                    Offset end) const;

private:
    struct Version {
        Offset committed; ///< the end of the commit
        Offset payload;
        std::uint64_t length = 0;
        bool deletes = false;
    };
    using Key = std::pair<std::uint32_t, std::string>; ///< collection and key bytes
    using Found = std::pair<Key, Version>;

    Rows(const Store &store, const Catalog &catalog, const CatalogHistory &history)
        : m_store(&store),
          m_catalog(&catalog),
          m_history(&history)
    { }

    [[nodiscard]] Result<void> readCheckpoint(const ReplaySource::CheckpointPart &part);
    [[nodiscard]] Result<void> readLog(const LogScan &log, const ReplaySource &source, bool framed);
    /// None if it does not decode, or can be no row.
    [[nodiscard]] std::optional<Found> find(std::span<const std::byte> payload, Offset at) const;
    /// As of `end`; null if the row is not there then.
    [[nodiscard]] static const Version *versionAt(const std::vector<Version> &versions, Offset end);
    [[nodiscard]] Result<Record> readVersion(const Version &version) const;
    [[nodiscard]] Result<Record> decode(std::span<const std::byte> payload, Offset at) const;

    const Store *m_store;
    const Catalog *m_catalog;
    const CatalogHistory *m_history;
    std::map<Key, std::vector<Version>> m_versions; ///< in the order of the log
};

} // namespace modelvault::inspect
