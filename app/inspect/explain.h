#pragma once

#include "commands.h"

#include <optional>

namespace modelvault::inspect {

/// What each byte of the file means; only the one at `offset`, if there is one.
[[nodiscard]] ExitCode explain(const Options &options, std::optional<Offset> offset, Output output);
/// How many bytes are known by name.
[[nodiscard]] ExitCode coverage(const Options &options, Output output);

} // namespace modelvault::inspect
