#pragma once

#include "database/segment_summary.h"
#include "filter/filter.h"
#include "log/segment_index.h"

#include <vector>

namespace modelvault {

// What a list shows of a segment, as filters that find the like.

/// Of what the header says; none for the fields of payloads. The first is what the list shows.
[[nodiscard]] std::vector<Filter> filtersLike(const Segment &segment, FilterField field);
/// Of what the payload says. Keys too long to be typed are left out.
[[nodiscard]] std::vector<Filter> filtersLike(const SegmentSummary &summary);

/// `other` alone, or joined to `base`.
enum class FilterJoin : std::uint8_t { Only, OnlyNot, And, AndNot, Or };
[[nodiscard]] Filter joined(const Filter &base, FilterJoin how, const Filter &other);

} // namespace modelvault
