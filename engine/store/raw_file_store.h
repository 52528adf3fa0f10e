#pragma once

#include "store/file_handle.h"
#include "store/store.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace modelvault {

/// What was asked of the system so far.
struct ReadStats {
    std::uint64_t calls = 0; ///< failed ones and those that met the end included
    std::uint64_t bytes = 0; ///< that came
    bool operator==(const ReadStats &) const = default;
};

/// A file through positioned reads and writes, nothing kept in memory: what another process writes is seen by the next
/// read. Writes through a handle that was opened for reading are PermissionDenied; its sync() has nothing to do.
class RawFileStore final : public Store {
public:
    explicit RawFileStore(FileHandle file);
    /// A lock on the same open file may share the handle.
    explicit RawFileStore(std::shared_ptr<const FileHandle> file);

    /// Calls of other threads that are under way count or don't.
    [[nodiscard]] ReadStats readStats() const;

    [[nodiscard]] Result<std::uint64_t> length() const override;
    [[nodiscard]] Result<void> readExactAt(Offset offset, std::span<std::byte> into) const override;
    [[nodiscard]] Result<void> writeAllAt(Offset offset, std::span<const std::byte> bytes) override;
    [[nodiscard]] Result<void> sync() override;
    [[nodiscard]] Result<void> truncate(std::uint64_t length) override;

private:
    [[nodiscard]] Result<void> checkCanWrite(Offset offset) const;

    std::shared_ptr<const FileHandle> m_file;
    mutable std::atomic<std::uint64_t> m_readCalls = 0;
    mutable std::atomic<std::uint64_t> m_readBytes = 0;
};

} // namespace modelvault
