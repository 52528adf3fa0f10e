#pragma once

#include "lock/file_lock.h"

#include <memory>
#include <mutex>
#include <optional>

namespace modelvault {

/// The lock file's exclusive lock of a database that this process writes; at most one per database and process, shared
/// by the handles that use it and given back with the last of them, or by release(). Any member from any thread.
class WriterLock {
public:
    explicit WriterLock(FileLock lockFile);

    [[nodiscard]] bool isHeld() const;
    /// For all who share it: the process is no longer the database's writer.
    void release();

private:
    mutable std::mutex m_mutex; // guards the lock
    std::optional<FileLock> m_lockFile;
};

/// While it lives no other thread of this process opens this database under locks: what it finds in the process-wide
/// table of writers stays true until the table is changed through it.
class WriterTurn {
public:
    /// Waits for the turns of other threads on the same database, and for no others.
    explicit WriterTurn(FileIdentity database);
    WriterTurn(const WriterTurn &) = delete;
    WriterTurn &operator=(const WriterTurn &) = delete;
    ~WriterTurn();

    /// Null if this process is not the database's writer.
    [[nodiscard]] std::shared_ptr<WriterLock> writer() const;
    /// Makes this process the writer; it must not be it yet.
    [[nodiscard]] std::shared_ptr<WriterLock> enter(FileLock lockFile);

private:
    struct Slot;
    class Table;

    Slot &m_slot; // kept by the table as long as there are turns
    std::unique_lock<std::mutex> m_turn;
};

} // namespace modelvault
