#pragma once

#include "error.h"
#include "position.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace modelvault {

/// Behind every byte that a store can have.
inline constexpr Offset kEndOfOffsets{~std::uint64_t{0}};

/// Bytes that can be read and written at any place (FORMAT.md, "Storage contract").
/// Const members may be called from several threads at once; the others by one thread while no other uses the store.
class Store {
public:
    Store() = default;
    Store(const Store &) = delete;
    Store &operator=(const Store &) = delete;
    virtual ~Store() = default;

    /// In bytes. Asked anew each time: another process may change it.
    [[nodiscard]] virtual Result<std::uint64_t> length() const = 0;
    [[nodiscard]] Result<bool> isEmpty() const;

    /// Fills all of `into` from `offset` on. UnexpectedEof if the store ends before that, or if `offset` lies behind
    /// the end (even for no bytes); the content of `into` is then unspecified. The error tells how many bytes were
    /// asked for (expected) and how many are there (found).
    [[nodiscard]] virtual Result<void> readExactAt(Offset offset, std::span<std::byte> into) const = 0;
    /// Writes all of `bytes`, growing the store and zero-filling a gap; no bytes change nothing, wherever. InvalidInput
    /// if the end would not fit 64 bits; InvalidInput or NoSpace if the store can't grow that far. After a failure any
    /// part of the bytes may have been written.
    [[nodiscard]] virtual Result<void> writeAllAt(Offset offset, std::span<const std::byte> bytes) = 0;
    /// Returns when everything written so far would survive a loss of power.
    [[nodiscard]] virtual Result<void> sync() = 0;
    /// Shrinks, or grows with zeros, to `length` bytes.
    [[nodiscard]] virtual Result<void> truncate(std::uint64_t length) = 0;

    /// Drops what a cache keeps of the bytes in [from, end), because another process may have changed them.
    /// Const as the bytes don't change: may be called beside readers.
    virtual void invalidate([[maybe_unused]] Offset from, [[maybe_unused]] Offset end = kEndOfOffsets) const { }

    /// The same bytes without a cache between: for sequential reads that would only wash a cache out.
    [[nodiscard]] virtual const Store &uncached() const { return *this; }
};

} // namespace modelvault
