#include "store/rename_file.h"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

namespace modelvault {
namespace {

Result<void> outcomeOf(int result)
{
    return result == 0 ? Result<void>() : std::unexpected(systemError(errno));
}

/// link(2) never replaces anything, on any system.
Result<void> renameByLink(const char *from, const char *to)
{
    return outcomeOf(::link(from, to)).and_then([from] { return outcomeOf(::unlink(from)); });
}

} // namespace

Result<void> renameFile(const std::filesystem::path &from, const std::filesystem::path &to, Existing existing)
{
    if (existing == Existing::Replace)
        return outcomeOf(::rename(from.c_str(), to.c_str()));
#ifdef RENAME_NOREPLACE
    // Also for file systems without links, such as those of USB sticks; some network file systems know only links.
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return {};
    if (errno != EINVAL && errno != ENOSYS)
        return std::unexpected(systemError(errno));
#endif
    return renameByLink(from.c_str(), to.c_str());
}

Result<void> syncFolder(const std::filesystem::path &folder)
{
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return {}; // a folder may be written to and yet not be read
    const auto synced = outcomeOf(::fsync(descriptor));
    ::close(descriptor);
    const bool isUnable = !synced && (synced.error().system == EINVAL || synced.error().system == EROFS);
    return isUnable ? Result<void>() : synced;
}

} // namespace modelvault
