#include "database/open_database.h"

namespace modelvault {

Result<OpenedDatabase> openDatabase(const std::filesystem::path &path, LockWish wish)
{
    std::optional<Error> refusal;
    if (wish == LockWish::Shared) {
        auto locked = FileStore::openLocked(path, FileMode::ReadOnly);
        if (locked)
            return OpenedDatabase{.store = *std::move(locked), .lockRefusal = {}};
        refusal = locked.error();
    }
    auto observed = FileStore::openUnlocked(path);
    if (!observed)
        return std::unexpected(observed.error());
    return OpenedDatabase{.store = *std::move(observed), .lockRefusal = refusal};
}

} // namespace modelvault
