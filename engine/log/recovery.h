#pragma once

#include "error.h"
#include "log/file_head.h"
#include "log/log_scanner.h"
#include "position.h"
#include "store/store.h"

#include <optional>

// What opens make of a file before they look into payloads: computed, never done. FORMAT.md, "Recovery".

namespace modelvault {

/// Why no open gets as far as the log: header, a file too short, no superblock. None for an empty file, which an open
/// does not refuse.
[[nodiscard]] std::optional<Error> headRefusal(const FileHead &head);

/// What is wrong with the manifest that the chosen superblock names. Fails only if the store does.
[[nodiscard]] Result<std::optional<Error>> manifestRefusal(const Store &store, const FileHead &head);

/// Why a strict open would not take the log: its first error, a wrong marker, a transaction without end. Of a log that
/// was scanned to its end.
[[nodiscard]] std::optional<Error> logRefusal(const LogScan &log);

/// Where auto-truncate would cut the log.
struct LogCut {
    Offset safeEnd; ///< what lies from here on is discarded
    /// What ends the log there, none if it is clean: then the safe end is that of the file.
    std::optional<LogFault> cause;

    bool operator==(const LogCut &) const = default;
};

/// Of a log that was scanned to its end. Errors: those of LogReader.
[[nodiscard]] Result<LogCut> findLogCut(const Store &store, const LogScan &log);

} // namespace modelvault
