#pragma once

#include "inspected.h"

#include "filter/filter_matcher.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace modelvault::inspect {

/// Above the lines of text.
inline constexpr std::string_view kSegmentColumns =
    "    number  offset        type         payload B       txn  crc-32c\n";

/// What lists of segments say of each.
class SegmentLines {
public:
    /// Borrows them all; `catalog` may be null where neither the filter nor `what` asks for names. `what`: also what
    /// each of them holds.
    SegmentLines(const Store &store, const Filter &filter, const CatalogHistory *catalog, bool what, bool json)
        : m_store(store),
          m_catalog(catalog),
          m_what(what),
          m_json(json),
          m_matcher(store, filter, catalog)
    { }

    struct Line {
        std::string text; ///< JSON on one line, without its end; or text with it
        bool isSound = true;
    };
    /// None for a segment that does not pass. The store's errors, if it can't be read to see that.
    [[nodiscard]] Result<std::optional<Line>> of(const Segment &segment, std::span<const std::byte> payload);

private:
    const Store &m_store;
    const CatalogHistory *m_catalog;
    const bool m_what;
    const bool m_json;
    FilterMatcher m_matcher;
};

} // namespace modelvault::inspect
