#pragma once

#include "error.h"
#include "position.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <span>

namespace modelvault {

/// The most that is asked of the system in one call: some refuse 2 GiB and more.
inline constexpr std::size_t kMaxTransfer = std::size_t{1} << 30U;

/// Moves `bytes` with as many calls of `some(offset, part) -> Result<std::size_t>` as it takes, repeating those that a
/// signal broke off. Returns how many bytes were moved: all of them, or those before a call that moved none.
template <class Byte, class Some>
[[nodiscard]] Result<std::size_t> transfer(Offset offset, std::span<Byte> bytes, Some some)
{
    std::size_t moved = 0;
    while (moved < bytes.size()) {
        const auto part = bytes.subspan(moved, std::min(bytes.size() - moved, kMaxTransfer));
        const Result<std::size_t> count = some(offset + moved, part);
        if (!count && count.error().system == EINTR)
            continue;
        if (!count)
            return count;
        if (*count == 0)
            break;
        moved += *count;
    }
    return moved;
}

} // namespace modelvault
