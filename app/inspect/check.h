#pragma once

#include "commands.h"

#include "check/check.h"

namespace modelvault::inspect {

/// What is wrong with the file, one finding a line.
[[nodiscard]] ExitCode check(const Options &options, CheckDepth depth, Output output);

} // namespace modelvault::inspect
