#pragma once

#include "error.h"
#include "position.h"
#include "store/store.h"

#include <QFuture>

#include <cstdint>
#include <memory>

namespace modelvault::ui {

/// What the progress of rangeChecksum() runs to.
inline constexpr int kChecksumSteps = 1000;

/// CRC-32C of the bytes [begin, end) of a file, in the background. Tells its progress in kChecksumSteps; cancelled, it
/// ends after the chunk that is being read, without a result.
[[nodiscard]] QFuture<Result<std::uint32_t>> rangeChecksum(std::shared_ptr<const Store> store, Offset begin,
                                                           Offset end);

} // namespace modelvault::ui
