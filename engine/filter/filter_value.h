#pragma once

#include "filter/filter.h"
#include "format/value.h"

#include <compare>
#include <optional>
#include <string>

namespace modelvault {

/// Numbers by their value, exactly, whatever they are written as; text byte by byte; true and false, and states of
/// payloads, are equal or not. Unordered if they are of different kinds.
[[nodiscard]] std::partial_ordering compare(const FilterValue &one, const FilterValue &other);
[[nodiscard]] bool isNumber(const FilterValue &value);
/// What "contains" looks into and for: numbers in decimal, true or false; of states of payloads nothing.
[[nodiscard]] std::string filterText(const FilterValue &value);

/// A key as the language sees it; none for what is no scalar.
[[nodiscard]] std::optional<FilterValue> filterValueOf(const Value &key);

} // namespace modelvault
