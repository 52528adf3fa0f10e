#pragma once

#include "commands.h"

#include <cstdint>
#include <string>

namespace modelvault::inspect {

struct TailWish {
    std::uint64_t last = 10; ///< so many of the segments that are there come first
    bool what = false;       ///< what each of them says too
    std::string filter;      ///< only those that pass: see filter.h
};

/// Lists segments as their transactions end, until a signal comes. What becomes of the file goes to `err`, or as JSON
/// among the results.
[[nodiscard]] ExitCode tail(const Options &options, const TailWish &wish, Output output);

} // namespace modelvault::inspect
