#pragma once

#include "commands.h"

#include "check/rescue.h"

#include <filesystem>

namespace modelvault::inspect {

struct RescueWish {
    std::filesystem::path to; ///< must not be there
    RescueKeep keep = RescueKeep::Engine;
};
/// Writes a new database of what is readable in this one. kFindings if not all of it is in there.
[[nodiscard]] ExitCode rescueTo(const Options &options, const RescueWish &wish, Output output);

} // namespace modelvault::inspect
