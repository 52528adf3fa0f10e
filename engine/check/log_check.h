#pragma once

#include "check/check_findings.h"
#include "check/check_progress.h"
#include "database/catalog_history.h"
#include "database/replay.h"
#include "database/snapshot.h"
#include "error.h"
#include "store/store.h"

#include <memory>
#include <optional>

namespace modelvault {

/// Adds what is wrong before the log, and with the pointers that lead into it. A file without a log may be asked too.
[[nodiscard]] Result<void> checkHead(const Store &store, const Snapshot &snapshot, CheckProgress &progress,
                                     CheckFindings &into);

/// Adds what the scan found, and what segments break that nobody looks at: reserved bytes, limits, manifests; with
/// `operations`, those of records too. `start`: where opens begin to read.
[[nodiscard]] Result<void> checkSegments(const Store &store, const Snapshot &snapshot, const ReplaySource &start,
                                         bool operations, CheckProgress &progress, CheckFindings &into);

/// Adds what is wrong with the catalog entries that count.
[[nodiscard]] Result<void> checkCatalog(const Store &store, const CatalogHistory &history, const ReplayStart &start,
                                        CheckFindings &into);

} // namespace modelvault
