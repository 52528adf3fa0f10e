#include "store/file_handle.h"

#include "store/range.h"

#include <cerrno>
#include <limits>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace modelvault {
namespace {

using Stat = struct ::stat;

std::unexpected<Error> lastError(Offset offset = {})
{
    return std::unexpected(systemError(errno, offset));
}

/// The call's result, once no signal breaks it off.
template <class Call>
auto uninterrupted(Call call)
{
    auto result = call();
    while (result < 0 && errno == EINTR)
        result = call();
    return result;
}

int descriptor(FileHandle::Native native)
{
    return static_cast<int>(native);
}

FileIdentity identityIn(const Stat &status)
{
    return {.device = static_cast<std::uint64_t>(status.st_dev), .inode = static_cast<std::uint64_t>(status.st_ino)};
}

/// Nanoseconds since 1970.
std::optional<std::int64_t> birthOf([[maybe_unused]] int file, [[maybe_unused]] const Stat &status)
{
    constexpr std::int64_t kSecond = 1'000'000'000;
#if defined(STATX_BTIME)
    struct ::statx more{};
    if (::statx(file, "", AT_EMPTY_PATH, STATX_BTIME, &more) < 0 || (more.stx_mask & STATX_BTIME) == 0)
        return std::nullopt;
    return more.stx_btime.tv_sec * kSecond + more.stx_btime.tv_nsec;
#elif defined(__APPLE__)
    return status.st_birthtimespec.tv_sec * kSecond + status.st_birthtimespec.tv_nsec;
#else
    return std::nullopt;
#endif
}

FileKind kindOf(const Stat &status)
{
    if (S_ISFIFO(status.st_mode))
        return FileKind::Pipe;
    if (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode))
        return FileKind::Device;
    return S_ISSOCK(status.st_mode) ? FileKind::Socket : FileKind::Other;
}

Result<void> checkRegular(const Stat &status)
{
    if (S_ISDIR(status.st_mode))
        return failure(ErrorCode::IsDirectory);
    if (!S_ISREG(status.st_mode))
        return failure(ErrorCode::NotARegularFile, {}, 0, std::to_underlying(kindOf(status)));
    return {};
}

/// Nothing if the path names no file.
Result<std::optional<Stat>> statusOf(const std::filesystem::path &path)
{
    Stat status{};
    if (::stat(path.c_str(), &status) == 0)
        return status;
    if (errno == ENOENT)
        return std::nullopt;
    return lastError();
}

/// No file of this system is longer.
constexpr auto kMaxLength = static_cast<std::uint64_t>(std::numeric_limits<off_t>::max());

} // namespace

// The status is asked before opening because opening some devices does something, and creation is asked for only where
// it is needed because systems forbid it in shared folders even for files that exist (Linux: fs.protected_regular).
Result<FileHandle> FileHandle::open(const std::filesystem::path &path, OpenMode mode)
{
    const auto status = statusOf(path);
    if (!status)
        return std::unexpected(status.error());
    if (*status && mode == OpenMode::CreateNew)
        return failure(ErrorCode::AlreadyExists);
    if (*status) {
        if (const auto regular = checkRegular(**status); !regular)
            return std::unexpected(regular.error());
    }
    const bool create = mode == OpenMode::ReadWriteOrCreate && !*status;
    const int creation = mode == OpenMode::CreateNew ? O_CREAT | O_EXCL : create ? O_CREAT : 0;
    const int flags = (mode == OpenMode::Read ? O_RDONLY : O_RDWR) | creation | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
    const int native = uninterrupted([&] { return ::open(path.c_str(), flags, 0666); });
    if (native < 0 && errno == ENOENT && mode == OpenMode::ReadWriteOrCreate && *status)
        return open(path, mode); // it was removed in between
    if (native < 0)
        return lastError();
    return adopt(native);
}

Result<FileHandle> FileHandle::adopt(Native native)
{
    FileHandle file(native, {}, false);
    const int flags = ::fcntl(descriptor(native), F_GETFL);
    Stat status{};
    if (flags < 0 || ::fcntl(descriptor(native), F_SETFD, FD_CLOEXEC) < 0 || ::fstat(descriptor(native), &status) < 0)
        return lastError();
    if (const auto regular = checkRegular(status); !regular)
        return std::unexpected(regular.error());
    file.m_identity = identityIn(status);
    file.m_born = birthOf(descriptor(native), status);
    file.m_canWrite = (flags & O_ACCMODE) != O_RDONLY;
    return file;
}

FileHandle::~FileHandle()
{
    if (m_native != kNone)
        ::close(descriptor(m_native));
}

Result<std::uint64_t> FileHandle::length() const
{
    Stat status{};
    if (::fstat(descriptor(m_native), &status) < 0)
        return lastError();
    return static_cast<std::uint64_t>(status.st_size);
}

Result<std::size_t> FileHandle::readSome(Offset offset, std::span<std::byte> into) const
{
    const auto size = static_cast<std::size_t>(bytesThere(offset, into.size(), kMaxLength));
    if (size == 0)
        return std::size_t{0};
    const auto count = ::pread(descriptor(m_native), into.data(), size, static_cast<off_t>(offset.value));
    if (count < 0)
        return lastError(offset);
    return static_cast<std::size_t>(count);
}

Result<std::size_t> FileHandle::writeSome(Offset offset, std::span<const std::byte> bytes) const
{
    if (offset.value > kMaxLength)
        return std::unexpected(systemError(EFBIG, offset));
    const auto count = ::pwrite(descriptor(m_native), bytes.data(), bytes.size(), static_cast<off_t>(offset.value));
    if (count < 0)
        return lastError(offset);
    return static_cast<std::size_t>(count);
}

Result<void> FileHandle::truncate(std::uint64_t length) const
{
    if (length > kMaxLength)
        return std::unexpected(systemError(EFBIG, Offset{length}));
    if (uninterrupted([&] { return ::ftruncate(descriptor(m_native), static_cast<off_t>(length)); }) < 0)
        return lastError(Offset{length});
    return {};
}

Result<void> FileHandle::sync() const
{
#ifdef F_FULLFSYNC // macOS: fsync() leaves the bytes in the drive's own cache
    if (::fcntl(descriptor(m_native), F_FULLFSYNC) == 0)
        return {};
#endif
    if (uninterrupted([&] { return ::fsync(descriptor(m_native)); }) < 0)
        return lastError();
    return {};
}

Result<void> checkRegularFile(const std::filesystem::path &path)
{
    const auto status = statusOf(path);
    if (!status)
        return std::unexpected(status.error());
    return *status ? checkRegular(**status) : failure(ErrorCode::NotFound);
}

Result<FileIdentity> identityOf(const std::filesystem::path &path)
{
    const auto status = statusOf(path);
    if (!status)
        return std::unexpected(status.error());
    if (!*status)
        return failure(ErrorCode::NotFound);
    return identityIn(**status);
}

} // namespace modelvault
