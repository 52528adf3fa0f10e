#pragma once

#include "database/catalog_history.h"
#include "database/replay.h"
#include "error.h"
#include "log/file_head.h"
#include "log/log_scanner.h"
#include "log/recovery.h"
#include "progress.h"
#include "store/store.h"

#include <memory>
#include <optional>

namespace modelvault {

/// What the engine would do with a file, computed and never done. FORMAT.md, "Recovery". A frozen value.
struct OpenPreview {
    /// Why a strict open, that of a reader, would fail; none: it succeeds.
    std::optional<Error> strict;

    /// What the next open of a writer does, which cuts the file first.
    struct AutoTruncate {
        std::optional<Error> refusal;  ///< why it would fail, after the cut if there is one
        std::optional<LogCut> cut;     ///< none where it does not come to looking at the log
        bool makesNewDatabase = false; ///< of an empty file
    };
    AutoTruncate autoTruncate;

    /// Where the state lies that a viewer shows, and what came out when it was read: the one that auto-truncate reads.
    /// Also for files that no open takes, as if their header and superblocks were not asked; none where there is no
    /// log.
    std::optional<ReplaySource> source;
    std::shared_ptr<const Replay> replay;
};

/// Of a log that was scanned to its end, with the history of its catalog. Reads and decodes all that counts. Errors:
/// those of LogReader, and Cancelled; what the engine would complain about is in the value.
[[nodiscard]] Result<OpenPreview> previewOpens(const Store &store, const FileHead &head, const LogScan &log,
                                               const std::shared_ptr<const CatalogHistory> &history,
                                               const Progress &progress = {});

} // namespace modelvault
