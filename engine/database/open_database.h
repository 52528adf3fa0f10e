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
    /// Why there is no shared lock although one was wished for, as lockForLooking() says.
    std::optional<Error> lockRefusal;
    /// The path is a symlink, or the file has hard links: a writer that comes by another name finds another lock file.
    bool hasOtherNames = false;
};

/// Opens a database to look at it: under a shared lock if that can be had, without one otherwise, and without one for
/// files that are plainly of another kind (ForeignFormat). Fails only if the file itself can't be opened or its head
/// not be read: twice, if a lock came between.
[[nodiscard]] Result<OpenedDatabase> openDatabase(const std::filesystem::path &path, LockWish wish);

/// Takes the shared lock of a store that openDatabase() opened, unless a writer has the file. WouldBlock if somebody
/// else's lock is in the way, also that of a writer that opened the file by another name, whose lock file is another;
/// ReplacedMeanwhile if the path names another file now; or why the lock file could not be opened or made.
[[nodiscard]] Result<void> lockForLooking(FileStore &store);

} // namespace modelvault
