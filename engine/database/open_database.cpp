#include "database/open_database.h"

#include "out_of_memory.h"

#include <utility>

namespace modelvault {
namespace {

/// How often a file that was replaced while it was opened is opened anew.
constexpr int kAttempts = 8;

} // namespace

Result<OpenedDatabase> openDatabase(const std::filesystem::path &path, LockWish wish)
try {
    for (int attempt = 1;; ++attempt) {
        auto store = FileStore::openUnlocked(path);
        if (!store)
            return std::unexpected(store.error());
        // Past the pager, which must keep nothing from before the lock.
        auto head = readFileHead((*store)->uncached());
        if (!head)
            return std::unexpected(head.error());
        OpenedDatabase opened{.store = *std::move(store), .head = *std::move(head)};
        // No lock file is left beside somebody's pictures.
        if (wish == LockWish::None || opened.head.foreign != ForeignFormat::None)
            return opened;
        if (const auto locked = opened.store->takeSharedLock(); !locked) {
            if (locked.error().code == ErrorCode::ReplacedMeanwhile && attempt < kAttempts)
                continue;
            opened.lockRefusal = locked.error();
            return opened;
        }
        // A writer may have been at it until now.
        head = readFileHead(*opened.store);
        if (!head)
            return std::unexpected(head.error());
        opened.head = *std::move(head);
        return opened;
    }
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
