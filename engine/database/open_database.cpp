#include "database/open_database.h"

#include "log/file_head.h"

namespace modelvault {

Result<OpenedDatabase> openDatabase(const std::filesystem::path &path, LockWish wish)
{
    auto observed = FileStore::openUnlocked(path);
    if (!observed)
        return std::unexpected(observed.error());
    // No lock file is left beside somebody's pictures.
    const auto head = readFileHead(**observed);
    if (wish == LockWish::None || (head && head->foreign != ForeignFormat::None))
        return OpenedDatabase{.store = *std::move(observed), .lockRefusal = {}};
    auto locked = FileStore::openLocked(path, FileMode::ReadOnly);
    if (locked)
        return OpenedDatabase{.store = *std::move(locked), .lockRefusal = {}};
    return OpenedDatabase{.store = *std::move(observed), .lockRefusal = locked.error()};
}

} // namespace modelvault
