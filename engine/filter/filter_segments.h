#pragma once

#include "filter/filter_matcher.h"
#include "filter/segment_hits.h"
#include "progress.h"

#include <functional>

namespace modelvault {

/// What a filter had to leave open.
struct FilterOutcome {
    std::uint64_t unreadable = 0; ///< segments that their payload would have decided about
};

/// Takes a block with hits; the same thread calls it, in the order of the log.
using HitsFound = std::function<void(const SegmentHits::Block &hits)>;

/// Finds the segments that pass, from the block of `first` on. Blocks that their place in the index decides about are
/// not walked. `progress` counts segments. `catalog` may be null. Fails with Cancelled, or with what LogReader fails
/// with; what was found until then counts.
[[nodiscard]] Result<FilterOutcome> filterSegments(const LogReader &log, const Store &store,
                                                   const CatalogHistory *catalog, const Filter &filter,
                                                   const HitsFound &found, const Progress &progress = {},
                                                   SegmentNo first = {});

} // namespace modelvault
