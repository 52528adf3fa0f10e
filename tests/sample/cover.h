#pragma once

#include "format/value.h"
#include "sample/random.h"

namespace modelvault::sample {

/// A small picture of a book's cover, as a PNG of 400 bytes or so.
[[nodiscard]] Value::Bytes makeCover(Random &random);

} // namespace modelvault::sample
