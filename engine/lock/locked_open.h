#pragma once

#include "lock/file_lock.h"
#include "lock/shared_lock.h"
#include "lock/writer_lock.h"

#include <filesystem>
#include <functional>
#include <memory>

// How a database is opened under its locks (FORMAT.md, "Locks"). After locking, the database and its lock file are
// looked up again by path; if either was replaced meanwhile everything is given back and opened anew, a few times, then
// WouldBlock. No failure leaves a lock behind; a file that was created stays.

namespace modelvault {

/// How files are opened on the way: FileHandle::open, or a stand-in that lets something happen in between.
using OpenFile = std::function<Result<FileHandle>(const std::filesystem::path &, OpenMode)>;

struct ReaderFile {
    std::shared_ptr<const FileHandle> database;
    SharedLock lock;
};

/// What a writer holds: the lock on the database itself and the process's entry as writer.
struct WriterLocks {
    FileLock database;
    std::shared_ptr<WriterLock> lockFile;
};

struct WriterFile {
    std::shared_ptr<const FileHandle> database;
    WriterLocks locks;
};

/// The shared lock failing is WouldBlock, whatever the system said. A lock file that can be neither opened nor created
/// is PermissionDenied, ReadOnlyFileSystem and so on, with the lock file untouched.
[[nodiscard]] Result<ReaderFile> openForReading(const std::filesystem::path &path,
                                                const OpenFile &openFile = &FileHandle::open);
/// AlreadyExists if this process is the database's writer; the database's own lock failing is WouldBlock, the lock
/// file's keeps the system's error.
[[nodiscard]] Result<WriterFile> openForWriting(const std::filesystem::path &path,
                                                const OpenFile &openFile = &FileHandle::open);
/// For a database that is open already. ReplacedMeanwhile if the path no longer names it.
[[nodiscard]] Result<SharedLock> takeSharedLock(const std::filesystem::path &path, FileIdentity database,
                                                const OpenFile &openFile = &FileHandle::open);

} // namespace modelvault
