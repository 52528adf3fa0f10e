#include "database/open_database.h"

#include "lock/lock_holders.h"
#include "out_of_memory.h"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

namespace modelvault {
namespace {

/// How often a file that was replaced while it was opened is opened anew.
constexpr int kAttempts = 8;
/// A program that tries to open the file for writing has its lock for a moment, and gives it back as it finds ours.
constexpr std::chrono::milliseconds kMoment{20};

bool hasWriter(const std::filesystem::path &path)
{
    return std::ranges::any_of(lockHolders(path).holders, [](const LockHolder &holder) {
        return holder.target == LockHolder::Target::Database && holder.mode == LockMode::Exclusive
            && !holder.isThisProcess && !holder.isProbable;
    });
}

bool hasWriterForLong(const std::filesystem::path &path)
{
    if (!hasWriter(path))
        return false;
    std::this_thread::sleep_for(kMoment);
    return hasWriter(path);
}

/// By any of its structures; no program opens what has none of them.
bool mayBeDatabase(const FileHead &head)
{
    const auto isMagicWrong = [](const auto &structure, ErrorCode magic, ErrorCode cutShort) {
        return !structure && (structure.error().code == magic || structure.error().code == cutShort);
    };
    return head.foreign == ForeignFormat::None
        && (!isMagicWrong(head.header, ErrorCode::BadMagic, ErrorCode::BadMagic)
            || !std::ranges::all_of(head.superblocks, [&](const auto &block) {
                   return isMagicWrong(block, ErrorCode::BadSuperblockMagic, ErrorCode::TruncatedSuperblock);
               }));
}

bool hasOtherNames(const std::filesystem::path &path)
{
    std::error_code unknown;
    const auto names = std::filesystem::hard_link_count(path, unknown);
    return (!unknown && names > 1) || std::filesystem::is_symlink(path, unknown);
}

} // namespace

Result<void> lockForLooking(FileStore &store)
{
    if (auto locked = store.takeSharedLock(); !locked)
        return locked;
    if (store.lockState() == LockState::Shared && hasWriterForLong(store.path())) {
        store.releaseSharedLock();
        return failure(ErrorCode::WouldBlock);
    }
    return {};
}

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
        if (wish == LockWish::None || !mayBeDatabase(opened.head))
            return opened;
        opened.hasOtherNames = hasOtherNames(path);
        if (const auto locked = lockForLooking(*opened.store); !locked) {
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
