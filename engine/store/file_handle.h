#pragma once

#include "error.h"
#include "position.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>

namespace modelvault {

/// Which file it is, whatever its path: device and inode (Windows: volume and file id). Two files that are open at
/// the same time never share one; after the last close the system may give it to another file.
struct FileIdentity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    constexpr auto operator<=>(const FileIdentity &) const = default;
};

/// Tells a file from those that had its identity before or will have it, where the file system knows when it was made.
struct FileOrigin {
    FileIdentity identity;
    std::optional<std::int64_t> born; ///< nanoseconds since 1970

    // NOLINTNEXTLINE(google-explicit-constructor): an identity is as much as some file systems know
    FileOrigin(FileIdentity of, std::optional<std::int64_t> at = {}) : identity(of), born(at) { }
    bool operator==(const FileOrigin &) const = default;
};

enum class OpenMode : std::uint8_t {
    Read,
    ReadWrite,
    ReadWriteOrCreate,
    CreateNew, ///< for writing; AlreadyExists if the path names anything
};

/// What is found in place of a regular file: NotARegularFile has it in Error::found.
enum class FileKind : std::uint8_t {
    Other,
    Pipe,
    Device,
    Socket,
    Symlink, ///< only where links are not followed
};

/// An open regular file, closed with the object and never handed to programs that this process starts. Thin: each
/// call is one of the system's, repeated only if a signal broke it off. Const members may be called from several
/// threads at once.
class FileHandle {
public:
    /// A file descriptor, or a HANDLE.
    using Native = std::intptr_t;

    /// Never waits and never truncates. IsDirectory, or NotARegularFile for pipes, devices and sockets, which are not
    /// opened at all; NotFound, PermissionDenied, ReadOnlyFileSystem as the system says.
    [[nodiscard]] static Result<FileHandle> open(const std::filesystem::path &path, OpenMode mode);
    /// Takes over what another library opened, and closes it also on failure. Errors as for open().
    [[nodiscard]] static Result<FileHandle> adopt(Native native);

    FileHandle(FileHandle &&other) noexcept;
    ~FileHandle();

    [[nodiscard]] Native native() const { return m_native; }
    [[nodiscard]] FileIdentity identity() const { return m_identity; }
    [[nodiscard]] FileOrigin origin() const { return {m_identity, m_born}; }
    [[nodiscard]] bool canWrite() const { return m_canWrite; }

    /// In bytes.
    [[nodiscard]] Result<std::uint64_t> length() const;
    /// How many bytes were read: perhaps fewer than asked for, 0 only at the end of the file (or for an empty span).
    [[nodiscard]] Result<std::size_t> readSome(Offset offset, std::span<std::byte> into) const;
    /// How many bytes were written: perhaps fewer than asked for.
    [[nodiscard]] Result<std::size_t> writeSome(Offset offset, std::span<const std::byte> bytes) const;
    [[nodiscard]] Result<void> truncate(std::uint64_t length) const;
    /// Returns when data and length would survive a loss of power.
    [[nodiscard]] Result<void> sync() const;

private:
    FileHandle(Native native, FileIdentity identity, bool canWrite);

    static constexpr Native kNone = -1;
    Native m_native; // kNone after a move
    FileIdentity m_identity;
    std::optional<std::int64_t> m_born;
    bool m_canWrite;
};

/// Whether the path names a regular file, symlinks followed; opens nothing. Errors as for FileHandle::open(), as far as
/// they can be told without opening.
[[nodiscard]] Result<void> checkRegularFile(const std::filesystem::path &path);

/// Which file the path names now, symlinks followed; opens nothing. NotFound if there is none.
[[nodiscard]] Result<FileIdentity> identityOf(const std::filesystem::path &path);

} // namespace modelvault
