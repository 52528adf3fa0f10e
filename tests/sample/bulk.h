#pragma once

#include "error.h"
#include "store/store.h"

#include <cstdint>
#include <memory>

namespace modelvault::sample {

struct BulkOptions {
    std::uint64_t rows = 0;     ///< how many are written
    std::uint64_t batch = 1000; ///< how many to a transaction
    std::uint64_t keys = 0;     ///< how many differ: rows beyond replace earlier ones, in turn; 0: all
    std::uint32_t fields = 4;   ///< of a row, 4 or more, the payload apart
    std::uint32_t payload = 0;  ///< bytes of a blob in each row; 0: no such field
};

/// Writes one collection, `items`, with an index over its years: with the defaults two segments and 180 bytes a row,
/// and from then on as wide and as long as asked for. Memory grows with `keys` if they repeat, else with nothing. The
/// same bytes on each run. InvalidInput for options that are none, or if the store holds bytes already.
[[nodiscard]] Result<void> writeBulk(std::unique_ptr<Store> store, const BulkOptions &options);

} // namespace modelvault::sample
