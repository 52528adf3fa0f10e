#pragma once

namespace modelvault::app {

/// Of both programs, as project() in CMakeLists.txt has it.
[[nodiscard]] const char *version();

/// The commit they were built from, in full; "unknown" if neither git nor the source archive said it. Changes that were
/// not committed don't show.
[[nodiscard]] const char *commit();

} // namespace modelvault::app
