#pragma once

#include "filter/filter.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace modelvault {

/// What may stand at a place in the text of a filter.
struct FilterCompletion {
    // The word that is being typed, which a choice takes the place of; `end` is exclusive.
    std::size_t begin = 0;
    std::size_t end = 0;
    std::vector<std::string> words; ///< that begin as that word does; none where only the user knows
};

/// `cursor`: in bytes, at most the length of the text. `collections`: names that are known.
[[nodiscard]] FilterCompletion completeFilter(std::string_view text, std::size_t cursor,
                                              std::span<const std::string> collections);

} // namespace modelvault
