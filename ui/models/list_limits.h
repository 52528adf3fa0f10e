#pragma once

#include <cstddef>

namespace modelvault::ui {

/// Collections in a list of widgets' own items: more than anybody reads, and a file may claim millions.
inline constexpr std::size_t kMostListedCollections = 10'000;

} // namespace modelvault::ui
