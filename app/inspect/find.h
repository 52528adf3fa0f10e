#pragma once

#include "commands.h"

#include "search/search.h"

#include <optional>
#include <string>

namespace modelvault::inspect {

struct FindOptions {
    enum class Kind { Text, Hex, Integer, Real, Regex };

    Kind kind = Kind::Text;
    std::string pattern;
    bool matchCase = true;
    TextEncoding encoding = TextEncoding::Utf8;
    unsigned bytes = 8; ///< of a number
    bool isSigned = true;
    NumberOrder order = NumberOrder::Little;
    bool acrossLines = false;

    std::optional<SearchRange> in; ///< the end may lie behind that of the file
    std::optional<SegmentNo> segment;
    bool countOnly = false;
};

/// Where bytes of that kind lie, each as soon as it is found.
[[nodiscard]] ExitCode find(const Options &options, const FindOptions &wanted, Output output);

} // namespace modelvault::inspect
