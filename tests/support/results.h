#pragma once

#include "error.h"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace modelvault::test {

/// The error's name, or "ok": reads well where a comparison fails.
template <class T>
[[nodiscard]] std::string_view outcome(const Result<T> &result)
{
    return result ? "ok" : errorName(result.error().code);
}

[[nodiscard]] inline std::vector<std::byte> byteVector(std::string_view text)
{
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

} // namespace modelvault::test
