#include "lock/locked_open.h"

#include <utility>

namespace modelvault {
namespace {

namespace fs = std::filesystem;
using SharedFile = std::shared_ptr<const FileHandle>;

/// How often everything is opened anew because a file was replaced meanwhile.
constexpr int kAttempts = 8;

bool isReplaced(const Error &error)
{
    return error.code == ErrorCode::ReplacedMeanwhile;
}

bool names(const fs::path &path, FileIdentity file)
{
    return identityOf(path) == file;
}

Error asWouldBlock(Error error)
{
    error.code = ErrorCode::WouldBlock;
    return error;
}

Result<SharedFile> openShared(const OpenFile &openFile, const fs::path &path, OpenMode mode)
{
    return openFile(path, mode).transform([](FileHandle &&file) -> SharedFile {
        return std::make_shared<const FileHandle>(std::move(file));
    });
}

/// Where the lock file can't be written it is read: a lock needs no more. The first refusal is the one reported.
Result<SharedFile> openLockFile(const fs::path &path, const OpenFile &openFile)
{
    auto file = openShared(openFile, path, OpenMode::ReadWriteOrCreate);
    if (file
        || (file.error().code != ErrorCode::PermissionDenied && file.error().code != ErrorCode::ReadOnlyFileSystem))
        return file;
    auto readable = openShared(openFile, path, OpenMode::Read);
    return readable ? readable : file;
}

/// ReplacedMeanwhile if the lock file, by the time it is locked, is no longer the one that others would find.
Result<FileLock> lockLockFile(const fs::path &database, LockMode mode, const OpenFile &openFile)
{
    const auto path = lockFilePath(database);
    const auto file = openLockFile(path, openFile);
    if (!file)
        return std::unexpected(file.error());
    auto lock = FileLock::take(*file, mode);
    if (!lock && mode == LockMode::Shared)
        return std::unexpected(asWouldBlock(lock.error()));
    if (lock && !names(path, (*file)->identity()))
        return failure(ErrorCode::ReplacedMeanwhile);
    return lock;
}

Result<SharedLock> lockForReading(const fs::path &path, FileIdentity database, const OpenFile &openFile)
{
    const WriterTurn turn(database);
    if (!names(path, database))
        return failure(ErrorCode::ReplacedMeanwhile);
    if (auto writer = turn.writer())
        return SharedLock(std::move(writer));
    auto lock = lockLockFile(path, LockMode::Shared, openFile);
    if (!lock)
        return std::unexpected(lock.error());
    if (!names(path, database))
        return failure(ErrorCode::ReplacedMeanwhile);
    return SharedLock(std::move(*lock));
}

Result<WriterLocks> lockForWriting(const fs::path &path, const SharedFile &database, const OpenFile &openFile)
{
    WriterTurn turn(database->identity());
    if (turn.writer())
        return failure(ErrorCode::AlreadyExists);
    auto databaseLock = FileLock::take(database, LockMode::Exclusive);
    if (!databaseLock)
        return std::unexpected(asWouldBlock(databaseLock.error()));
    auto lockFile = lockLockFile(path, LockMode::Exclusive, openFile);
    if (!lockFile)
        return std::unexpected(lockFile.error());
    if (!names(path, database->identity()))
        return failure(ErrorCode::ReplacedMeanwhile);
    return WriterLocks{.database = std::move(*databaseLock), .lockFile = turn.enter(std::move(*lockFile))};
}

/// The outcome of the first attempt that found the paths to name the same files before and after locking.
template <class Attempt>
auto untilPathsHold(Attempt attempt) -> decltype(attempt())
{
    for (int count = 0; count < kAttempts; ++count) {
        auto outcome = attempt();
        if (outcome || !isReplaced(outcome.error()))
            return outcome;
    }
    return failure(ErrorCode::WouldBlock);
}

} // namespace

Result<ReaderFile> openForReading(const fs::path &path, const OpenFile &openFile)
{
    return untilPathsHold([&]() -> Result<ReaderFile> {
        const auto database = openShared(openFile, path, OpenMode::Read);
        if (!database)
            return std::unexpected(database.error());
        return lockForReading(path, (*database)->identity(), openFile).transform([&](SharedLock &&lock) {
            return ReaderFile{.database = *database, .lock = std::move(lock)};
        });
    });
}

Result<WriterFile> openForWriting(const fs::path &path, const OpenFile &openFile)
{
    return untilPathsHold([&]() -> Result<WriterFile> {
        const auto database = openShared(openFile, path, OpenMode::ReadWriteOrCreate);
        if (!database)
            return std::unexpected(database.error());
        return lockForWriting(path, *database, openFile).transform([&](WriterLocks &&locks) {
            return WriterFile{.database = *database, .locks = std::move(locks)};
        });
    });
}

// The database can't be opened anew here: it is the one that the caller has. Only its lock file may come and go.
Result<SharedLock> takeSharedLock(const fs::path &path, FileIdentity database, const OpenFile &openFile)
{
    for (int count = 0; count < kAttempts; ++count) {
        auto lock = lockForReading(path, database, openFile);
        if (lock || !isReplaced(lock.error()) || !names(path, database))
            return lock;
    }
    return failure(ErrorCode::WouldBlock);
}

} // namespace modelvault
