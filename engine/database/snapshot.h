#pragma once

#include "database/catalog_history.h"
#include "finding.h"
#include "log/file_head.h"
#include "log/log_scanner.h"
#include "store/file_handle.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace modelvault {

class RowIndex;

/// What is known of a database at one moment: every view reads one of these. A frozen value, shared between threads.
struct Snapshot {
    FileIdentity identity;
    FileHead head;
    LogScan log;
    std::shared_ptr<const CatalogHistory> catalog; ///< null while the log is scanned
    std::shared_ptr<const RowIndex> rows;          ///< null until the catalog is known
    std::vector<Finding> findings;                 ///< of all of it, in the order of the file

    /// In bytes; what lies behind came later.
    [[nodiscard]] std::uint64_t fileLength() const { return head.fileLength; }
    /// With those that there was no room for.
    [[nodiscard]] std::uint64_t findingCount() const;
};

/// What is wrong with header and superblocks: one finding each.
[[nodiscard]] std::vector<Finding> headFindings(const FileHead &head);

/// What is wrong with Schema segments that count: one finding each.
[[nodiscard]] std::vector<Finding> catalogFindings(const CatalogHistory &catalog);

/// Puts a snapshot together; `log` may be that of a scan under way, then without a catalog, and `rows` that of a replay
/// under way. In its page map, what does not decode before the log becomes damage, once anything is scanned.
[[nodiscard]] std::shared_ptr<const Snapshot> makeSnapshot(FileIdentity identity, const FileHead &head, LogScan log,
                                                           std::shared_ptr<const CatalogHistory> catalog = {},
                                                           std::shared_ptr<const RowIndex> rows = {});

} // namespace modelvault
