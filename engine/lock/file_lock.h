#pragma once

#include "error.h"
#include "store/file_handle.h"

#include <filesystem>
#include <memory>

namespace modelvault {

enum class LockMode : std::uint8_t {
    Shared,    ///< others may hold shared locks too, nobody an exclusive one
    Exclusive, ///< nobody else holds any
};

/// An advisory lock on a whole file, given back with the object (FORMAT.md, "Locks"). It belongs to the open file, not
/// to the process: two handles on one file exclude each other within a process too.
class FileLock {
public:
    /// Without waiting: WouldBlock if a lock of another open file is in the way. Other errors as the system says.
    /// The handle must not hold a lock already, or that one would be changed.
    [[nodiscard]] static Result<FileLock> take(std::shared_ptr<const FileHandle> file, LockMode mode);

    FileLock(FileLock &&other) noexcept = default;
    ~FileLock();

    [[nodiscard]] LockMode mode() const { return m_mode; }

private:
    FileLock(std::shared_ptr<const FileHandle> file, LockMode mode);
    void release();

    std::shared_ptr<const FileHandle> m_file; // null after a move
    LockMode m_mode;
};

/// The database's path as given, with `.writer.lock` after its last byte.
[[nodiscard]] std::filesystem::path lockFilePath(const std::filesystem::path &database);

} // namespace modelvault
