#pragma once

#include "lock/locked_open.h"
#include "lock/shared_lock.h"
#include "store/file_handle.h"
#include "store/paged_store.h"
#include "store/raw_file_store.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace modelvault {

enum class FileMode : std::uint8_t {
    ReadOnly,  ///< the file must exist
    ReadWrite, ///< created if it doesn't exist
};

/// What this store's lock means for other programs that keep to the locks, and for other opens in this process.
enum class LockState : std::uint8_t {
    Unlocked,     ///< any program may open the file for writing and change it at any time
    Shared,       ///< other programs can read the file, none can open it for writing
    WithWriter,   ///< this process is the file's writer and this store reads beside it: no other program can open it
    Writer,       ///< no other program can open the file; this process can open it for reading
    DatabaseOnly, ///< nobody can open this very file for writing, but a file that was renamed over it can be opened
};

/// A database file: paged, with its locks or without (FORMAT.md, "Locks" and "Storage contract"). It stays the file
/// that was opened when the path comes to name another one.
///
/// Members that deal with the lock need one caller at a time, but may run beside readers.
class FileStore final : public Store {
public:
    /// In each case: IsDirectory, NotARegularFile, NotFound, PermissionDenied, ReadOnlyFileSystem as FileHandle::open()
    /// says, for the database or for its lock file, and no lock left behind. WouldBlock if another program's lock is
    /// in the way; AlreadyExists to open for writing what this process has open for writing.
    [[nodiscard]] static Result<std::unique_ptr<FileStore>> openLocked(const std::filesystem::path &path, FileMode mode,
                                                                       PagerOptions options = {});
    /// For reading, whoever has locks: makes no lock file and touches none.
    [[nodiscard]] static Result<std::unique_ptr<FileStore>> openUnlocked(const std::filesystem::path &path,
                                                                         PagerOptions options = {});
    /// Takes no lock, now or later: there is no path to find the lock file by.
    [[nodiscard]] static std::unique_ptr<FileStore> fromOpenFile(FileHandle file, PagerOptions options = {});

    ~FileStore() override;

    /// As given; empty for a store made from an open file.
    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }
    [[nodiscard]] FileIdentity identity() const;
    [[nodiscard]] FileOrigin origin() const;
    /// False also if the path names no file now, or can't be looked at, or is empty.
    [[nodiscard]] bool isPathStillThisFile() const;

    [[nodiscard]] LockState lockState() const;
    /// Nothing to do if it is held. Else errors as for openLocked(), ReplacedMeanwhile if the path now names another
    /// file, InvalidInput for a store opened for writing or without a path.
    [[nodiscard]] Result<void> takeSharedLock();
    /// Nothing to do if it is not held.
    void releaseSharedLock();
    /// For a store opened for writing, after the path came to name another file: lets go of the lock file for the whole
    /// process, readers of this file included, and keeps the lock on the file itself. Otherwise nothing to do.
    void releaseWriterLock();

    [[nodiscard]] PagerStats pagerStats() const { return m_paged.stats(); }
    /// All reads of the file through this store, those past the pager included.
    [[nodiscard]] ReadStats readStats() const { return m_raw.readStats(); }
    [[nodiscard]] Result<std::uint64_t> length() const override;
    [[nodiscard]] Result<void> readExactAt(Offset offset, std::span<std::byte> into) const override;
    [[nodiscard]] Result<void> writeAllAt(Offset offset, std::span<const std::byte> bytes) override;
    [[nodiscard]] Result<void> sync() override;
    [[nodiscard]] Result<void> truncate(std::uint64_t length) override;
    void invalidate(Offset from, Offset end = kEndOfOffsets) const override { m_paged.invalidate(from, end); }
    [[nodiscard]] const Store &uncached() const override { return m_paged.uncached(); }

private:
    FileStore(std::filesystem::path path, std::shared_ptr<const FileHandle> file, PagerOptions options);
    FileStore(std::filesystem::path path, std::shared_ptr<const FileHandle> file, std::unique_ptr<RawFileStore> raw,
              PagerOptions options);
    void checkInvariants() const;

    const std::filesystem::path m_path;
    const std::shared_ptr<const FileHandle> m_file;
    const RawFileStore &m_raw; // below the pager, which owns it
    PagedStore m_paged;
    // At most one of the two.
    std::optional<WriterLocks> m_writer;
    std::optional<SharedLock> m_shared;
};

} // namespace modelvault
