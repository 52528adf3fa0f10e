#pragma once

#include "error.h"

namespace modelvault {

/// Whether it is the store that fails; else it is the bytes that are wrong.
[[nodiscard]] constexpr bool isOfStore(ErrorCode code)
{
    return code >= ErrorCode::UnexpectedEof && code <= ErrorCode::Io;
}

} // namespace modelvault
