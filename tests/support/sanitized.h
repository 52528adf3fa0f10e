#pragma once

#include <algorithm>
#include <cstdint>

namespace modelvault::test {

/// Whether this build looks for errors of memory, which takes it some times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

/// How far apart the points of an exhaustive test lie: every one, or about `some` of them under sanitizers, so that
/// those end within the time of a CI run.
[[nodiscard]] constexpr std::uint64_t strideOver(std::uint64_t points, std::uint64_t some)
{
    return kSanitized ? std::max<std::uint64_t>(1, points / some) : 1;
}

} // namespace modelvault::test
