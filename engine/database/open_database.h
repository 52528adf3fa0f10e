#pragma once

#include "error.h"
#include "log/file_head.h"
#include "store/file_store.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace modelvault {

enum class LockWish : std::uint8_t {
    Shared, ///< keep writers out while we look
    None,   ///< observe: take no lock and make no lock file
};

struct OpenedDatabase {
    std::shared_ptr<FileStore> store; ///< read-only
    FileHead head;                    ///< as it was under the lock, if there is one
    /// Why there is no shared lock although one was wished for: WouldBlock if somebody else's lock is in the way, or
    /// why the lock file could not be opened or made.
    std::optional<Error> lockRefusal;
};

/// Opens a database to look at it: under a shared lock if that can be had, without one otherwise, and without one for
/// files that are plainly of another kind (ForeignFormat). Fails only if the file itself can't be opened or its head
/// not be read: twice, if a lock came between.
[[nodiscard]] Result<OpenedDatabase> openDatabase(const std::filesystem::path &path, LockWish wish);

} // namespace modelvault
