#pragma once

#include "error.h"

#include <new>

namespace modelvault {

/// What std::bad_alloc becomes at the edge of the engine. Functions that read a store on behalf of a caller have their
/// whole body in a function-try-block:
///
///     Result<FileHead> readFileHead(const Store &store)
///     try {
///         …
///     } catch (const std::bad_alloc &) {
///         return outOfMemory();
///     }
///
/// Within the engine it goes the way of exceptions, out of it comes an error as any other, and the next call works.
/// Functions that make small values only (names, texts, copies) have no such block and may throw it.
[[nodiscard]] constexpr std::unexpected<Error> outOfMemory()
{
    return failure(ErrorCode::OutOfMemory);
}

} // namespace modelvault
