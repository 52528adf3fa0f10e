#pragma once

#include "lock/file_lock.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

// Text of Linux' procfs about file locks, see proc_locks(5) and proc_pid_fdinfo(5). Lines that say something else, or
// nothing sensible, are skipped.

namespace modelvault {

/// One flock(2) lock that is held.
struct ProcLock {
    LockMode mode = LockMode::Shared;
    std::int64_t processId = 0; ///< who took it, which may have ended since; 0 if not known here
    std::uint32_t deviceMajor = 0;
    std::uint32_t deviceMinor = 0;
    std::uint64_t inode = 0;

    bool operator==(const ProcLock &) const = default;
};

/// The line of one lock as both files have it after its label. Nothing for locks of other kinds and for those waiting.
[[nodiscard]] std::optional<ProcLock> parseLockLine(std::string_view line);
/// All of /proc/locks.
[[nodiscard]] std::vector<ProcLock> parseLockTable(std::string_view text);
/// The locks in a /proc/PID/fdinfo/N.
[[nodiscard]] std::vector<ProcLock> parseDescriptorLocks(std::string_view text);

} // namespace modelvault
