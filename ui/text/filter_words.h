#pragma once

#include "filter/filter.h"

#include <QString>

// Words for filters. Any thread.

namespace modelvault::ui {

/// What is wrong with a filter, in a sentence without its end and its place.
[[nodiscard]] QString filterErrorText(const FilterError &error);

} // namespace modelvault::ui
