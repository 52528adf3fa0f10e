#pragma once

#include "commands.h"

namespace modelvault::inspect {

/// What a strict open would say of the file, and what the open of a writer would cut off: bytes, transactions, rows.
/// Nothing is changed.
[[nodiscard]] ExitCode recoverPreview(const Options &options, Output output);

} // namespace modelvault::inspect
