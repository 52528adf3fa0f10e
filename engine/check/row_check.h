#pragma once

#include "check/check_findings.h"
#include "check/check_progress.h"
#include "database/catalog_history.h"
#include "database/replay.h"
#include "database/row_index.h"
#include "database/snapshot.h"
#include "error.h"
#include "store/store.h"

#include <memory>

namespace modelvault {

/// Adds what is wrong with all payloads that opens read, with the rows that come out, with the entries of their
/// indexes, and with the checkpoint, which is compared with the log that it stands for. Of a file with a log, scanned
/// to its end.
[[nodiscard]] Result<void> checkRows(const Store &store, const Snapshot &snapshot,
                                     const std::shared_ptr<const CatalogHistory> &history, const ReplayStart &start,
                                     CheckProgress &progress, CheckFindings &into);

} // namespace modelvault
