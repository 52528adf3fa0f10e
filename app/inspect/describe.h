#pragma once

#include "commands.h"

namespace modelvault::inspect {

/// All that is in the file and what opening it would do, as one JSON document; with the rows after each commit, if
/// `states`.
[[nodiscard]] ExitCode describe(const Options &options, bool states, Output output);

} // namespace modelvault::inspect
