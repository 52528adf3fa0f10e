#pragma once

#include "inspected.h"

#include "check/check.h"

#include <ostream>

namespace modelvault::inspect {

/// What is wrong with the file, one finding a line.
[[nodiscard]] ExitCode check(const Options &options, CheckDepth depth, Output output);

/// A finding with all that is known of it, the same in all results.
[[nodiscard]] Json findingJson(const CheckFinding &finding);
void printFinding(const CheckFinding &finding, std::ostream &out);

} // namespace modelvault::inspect
