#pragma once

#include "lock/file_lock.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace modelvault {

/// One process that holds a lock on a database or on its lock file. Strings are bytes as the process chose them: escape
/// them before they are shown.
struct LockHolder {
    enum class Target : std::uint8_t { Database, LockFile };
    enum class Evidence : std::uint8_t {
        SeenOnDescriptor, ///< the process has the locked file open, so it holds the lock
        LockTable,        ///< the process took the lock; it may have ended and left the lock to another: may be stale
    };

    Target target = Target::Database;
    std::filesystem::path file; ///< by which path the locked file was found
    LockMode mode = LockMode::Shared;
    std::int64_t processId = 0;           ///< 0 if the system doesn't say
    std::string program;                  ///< its name; empty if unknown
    std::vector<std::string> commandLine; ///< program and arguments; empty if not readable
    std::optional<std::uint32_t> userId;  ///< whose process it is
    bool isThisProcess = false;
    Evidence evidence = Evidence::LockTable;
    /// The system's table names another device for the file, so this may be a file of the same number elsewhere.
    bool isProbable = false;

    bool operator==(const LockHolder &) const = default;
};

struct LockHolders {
    std::vector<LockHolder> holders; ///< database first, then by process id
    /// False if a lock may be missing, or its holder be another than the one named, because the system refused to say.
    /// True is no proof that there is no lock: those of other hosts and of other containers are never listed.
    bool isComplete = true;

    bool operator==(const LockHolders &) const = default;
};

/// Who holds locks on the database and its lock file now; for a path with symlinks, on the lock file beside the file it
/// leads to as well. Looks only: opens neither file and takes no lock. Files that don't exist have no holders.
///
/// Reads files of `procfs` for some milliseconds: not for the GUI thread.
[[nodiscard]] LockHolders lockHolders(const std::filesystem::path &database,
                                      const std::filesystem::path &procfs = "/proc");

} // namespace modelvault
