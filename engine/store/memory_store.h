#pragma once

#include "store/store.h"

#include <vector>

namespace modelvault {

/// Bytes in memory behave as those of a file. NoSpace if there is not enough memory to grow.
class MemoryStore final : public Store {
public:
    MemoryStore() = default;
    explicit MemoryStore(std::vector<std::byte> bytes);

    /// All bytes; valid until the store is written to, truncated or destroyed.
    [[nodiscard]] std::span<const std::byte> view() const { return m_bytes; }
    /// All bytes, moved out.
    [[nodiscard]] std::vector<std::byte> intoBytes() && { return std::move(m_bytes); }

    [[nodiscard]] Result<std::uint64_t> length() const override;
    [[nodiscard]] Result<void> readExactAt(Offset offset, std::span<std::byte> into) const override;
    [[nodiscard]] Result<void> writeAllAt(Offset offset, std::span<const std::byte> bytes) override;
    [[nodiscard]] Result<void> sync() override;
    [[nodiscard]] Result<void> truncate(std::uint64_t length) override;

private:
    std::vector<std::byte> m_bytes;
};

} // namespace modelvault
