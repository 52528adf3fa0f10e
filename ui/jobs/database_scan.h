#pragma once

#include "database/snapshot.h"
#include "error.h"
#include "log/file_head.h"
#include "store/file_store.h"

#include <QFuture>

#include <atomic>
#include <memory>
#include <optional>

namespace modelvault::ui {

/// What a scan tells while it runs: a new snapshot, or only how far it is.
struct ScanUpdate {
    std::shared_ptr<const Snapshot> snapshot; ///< null: as before
    double share = 0;                         ///< of the work, 0 to 1
    bool ended = false;                       ///< the last one; of a whole scan its snapshot has all rows
    std::optional<Error> error;               ///< why it ended early, unless it was stopped
};

/// Scans the log, reads the catalog and replays the rows, in the background. `stop` is asked often. Without a head it
/// is read anew: the file may have grown.
[[nodiscard]] QFuture<std::shared_ptr<const ScanUpdate>> scanDatabase(std::shared_ptr<const FileStore> store,
                                                                      std::optional<FileHead> known,
                                                                      std::shared_ptr<const std::atomic<bool>> stop);

} // namespace modelvault::ui
