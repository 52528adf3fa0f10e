#pragma once

#include "database/row_reader.h"
#include "error.h"
#include "format/value.h"
#include "position.h"
#include "progress.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace modelvault {

/// A value of a row that holds what was looked for.
struct ValueHit {
    static constexpr std::size_t kMostText = 256;

    std::uint32_t collectionId = 0;
    RecordNo record;
    Value key; ///< of the row
    FieldPath path;
    std::string text; ///< of the value, its first kMostText bytes
};

/// Looks for text in the values of all rows that are there, of all collections, in the order of the log: in the text
/// of each value as valueText() makes it, in either case. Calls `found` until it returns false. A long job: never on a
/// GUI thread. The errors of RowReader::scanAll().
[[nodiscard]] Result<void> findValues(RowReader &reader, std::string_view text,
                                      const std::function<bool(ValueHit &&)> &found, const Progress &progress = {});

} // namespace modelvault
