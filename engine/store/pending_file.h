#pragma once

#include "error.h"
#include "store/file_handle.h"
#include "store/rename_file.h"

#include <filesystem>
#include <optional>

namespace modelvault {

/// A new file that gets its name only once it is whole. Until then it lies beside that under a name of its own, which
/// nobody else has, and goes with the object.
class PendingFile {
public:
    /// What can be told before any work: AlreadyExists if the name is taken and that is to be kept, IsDirectory if it
    /// is a folder's, NotARegularFile for pipes, devices, sockets and symlinks, which are never replaced: whoever made
    /// them did not mean a file. place() looks again.
    [[nodiscard]] static Result<void> check(const std::filesystem::path &target, Existing existing);
    /// `target` is the name that it is to have. As check(), and the errors of FileHandle::open().
    [[nodiscard]] static Result<PendingFile> create(std::filesystem::path target, Existing existing);

    PendingFile(PendingFile &&other) noexcept;
    ~PendingFile();

    [[nodiscard]] const std::filesystem::path &target() const { return m_target; }
    /// Absolute. Empty once it is placed.
    [[nodiscard]] const std::filesystem::path &temporaryPath() const { return m_temporary; }
    /// For writing, until it is sealed.
    [[nodiscard]] const FileHandle &file() const { return *m_file; }

    /// Closes it, once all that was written is safe from a loss of power: many may wait for their names.
    [[nodiscard]] Result<void> seal();
    /// Gives it its name, sealed. After a failure it still has none, or a crash may take it away again.
    [[nodiscard]] Result<void> place();

private:
    PendingFile(std::filesystem::path target, std::filesystem::path temporary, Existing existing, FileHandle file);

    std::filesystem::path m_target;
    std::filesystem::path m_temporary; // empty: nothing to remove
    Existing m_existing;
    std::optional<FileHandle> m_file; // until it is sealed
};

} // namespace modelvault
