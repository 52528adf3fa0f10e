#include "lock/file_lock.h"

#include <cerrno>
#include <utility>

#include <sys/file.h>

namespace modelvault {
namespace {

int flockUninterrupted(const FileHandle &file, int operation)
{
    const int descriptor = static_cast<int>(file.native());
    int result = ::flock(descriptor, operation);
    while (result < 0 && errno == EINTR)
        result = ::flock(descriptor, operation);
    return result;
}

} // namespace

Result<FileLock> FileLock::take(std::shared_ptr<const FileHandle> file, LockMode mode)
{
    const int operation = (mode == LockMode::Exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB;
    if (flockUninterrupted(*file, operation) < 0)
        return std::unexpected(systemError(errno));
    return FileLock(std::move(file), mode);
}

// Not left to close(): a child that another thread has just forked may have a copy of the descriptor.
void FileLock::release()
{
    flockUninterrupted(*m_file, LOCK_UN);
}

} // namespace modelvault
