#pragma once

#include "commands.h"

#include "check/recovery_plan.h"

namespace modelvault::inspect {

/// What a strict open would say of the file, and what the open of a writer would cut off: bytes, transactions, rows;
/// of the file as the view has it. Nothing is changed.
[[nodiscard]] ExitCode recoverPreview(const Options &options, const RecoveryView &view, Output output);

} // namespace modelvault::inspect
