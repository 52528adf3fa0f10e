#pragma once

#include "error.h"
#include "position.h"

#include <algorithm>
#include <cstdint>
#include <limits>

// The bounds of reads and writes, the same for every store (FORMAT.md, "Storage contract").

namespace modelvault {

/// How many of `wanted` bytes from `offset` on there are in a store of `length` bytes.
[[nodiscard]] constexpr std::uint64_t bytesThere(Offset offset, std::uint64_t wanted, std::uint64_t length)
{
    return offset.value < length ? std::min(wanted, length - offset.value) : 0;
}

/// UnexpectedEof unless all of the bytes lie in a store of `length` bytes; no bytes may also lie right at its end.
[[nodiscard]] constexpr Result<void> checkRead(Offset offset, std::uint64_t wanted, std::uint64_t length)
{
    const auto there = bytesThere(offset, wanted, length);
    if (offset.value > length || there < wanted)
        return failure(ErrorCode::UnexpectedEof, offset, wanted, there);
    return {};
}

/// InvalidInput if the end of the bytes does not fit 64 bits.
[[nodiscard]] constexpr Result<void> checkWrite(Offset offset, std::uint64_t count)
{
    const auto room = std::numeric_limits<std::uint64_t>::max() - offset.value;
    if (count > room)
        return failure(ErrorCode::InvalidInput, offset, room, count);
    return {};
}

} // namespace modelvault
