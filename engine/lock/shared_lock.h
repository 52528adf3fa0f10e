#pragma once

#include "lock/file_lock.h"
#include "lock/writer_lock.h"

#include <memory>
#include <variant>

namespace modelvault {

/// A reader's hold on a database: a shared lock on its lock file or, where this process is the database's own writer,
/// a share in the writer's lock (a second lock could weaken that one).
class SharedLock {
public:
    explicit SharedLock(FileLock lockFile);
    explicit SharedLock(std::shared_ptr<WriterLock> writer);

    [[nodiscard]] bool isWithWriter() const { return std::holds_alternative<std::shared_ptr<WriterLock>>(m_hold); }
    /// False only after the writer whose lock is shared has released it early.
    [[nodiscard]] bool isHeld() const;

private:
    std::variant<FileLock, std::shared_ptr<WriterLock>> m_hold;
};

} // namespace modelvault
