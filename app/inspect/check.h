#pragma once

#include "inspected.h"

#include "check/check.h"

#include <ostream>

namespace modelvault::inspect {

/// What is wrong with the file, one finding a line.
[[nodiscard]] ExitCode check(const Options &options, CheckDepth depth, Output output);

/// In one line, the same in all results.
void printFinding(const CheckFinding &finding, std::ostream &out);

} // namespace modelvault::inspect
