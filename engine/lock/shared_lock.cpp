#include "lock/shared_lock.h"

#include <utility>

namespace modelvault {

SharedLock::SharedLock(FileLock lockFile) : m_hold(std::move(lockFile)) { }

SharedLock::SharedLock(std::shared_ptr<WriterLock> writer) : m_hold(std::move(writer)) { }

bool SharedLock::isHeld() const
{
    const auto *writer = std::get_if<std::shared_ptr<WriterLock>>(&m_hold);
    return !writer || (*writer)->isHeld();
}

} // namespace modelvault
