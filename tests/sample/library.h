#pragma once

#include "error.h"
#include "store/store.h"

#include <memory>

namespace modelvault::sample {

/// Writes the database that the viewer shows when it is first started: a small public library, 2,000 rows that are what
/// became of it in its first year. The same bytes on each run. InvalidInput if the store holds bytes already.
[[nodiscard]] Result<std::unique_ptr<Store>> writeLibrary(std::unique_ptr<Store> store);

} // namespace modelvault::sample
