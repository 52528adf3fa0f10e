#pragma once

#include "database/catalog_history.h"
#include "explain/field_tree.h"
#include "log/segment_index.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace modelvault {

/// "record": what the payloads of a type are, as in FORMAT.md.
[[nodiscard]] std::string_view payloadName(SegmentType type);

/// The payload of a segment, whole, to the last field. `catalog` may be null: then records are unexplained, and the
/// keys of index entries are bytes.
[[nodiscard]] FieldNode explainPayload(const Segment &segment, std::span<const std::byte> payload,
                                       const CatalogHistory *catalog, const ExplainFocus &focus, std::size_t &budget);

} // namespace modelvault
