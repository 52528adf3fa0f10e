#pragma once

#include "inspected.h"

#include "database/catalog.h"
#include "format/field_type.h"
#include "format/value.h"
#include "log/segment_index.h"

#include <cstdint>
#include <optional>
#include <string>

// What the commands of browse.h share.

namespace modelvault::inspect {

/// Opened and replayed, and people told what there is to tell; none if it could not be, which they are told too.
[[nodiscard]] std::optional<Inspected> inspectRows(const Options &options, Output output);

/// Which collections there are.
enum class Collections : std::uint8_t {
    Counted, ///< that opens have
    All,     ///< also those that only Schema segments speak of which no open looks at
};
/// None if there is none of that name; then people are told which there are.
[[nodiscard]] const Collection *collectionNamed(const Options &options, const Inspected &inspected,
                                                const std::string &name, Output output,
                                                Collections which = Collections::Counted);

/// "optional<list<string>>", "enum(novel, poetry)". Deep and long ones are cut.
[[nodiscard]] std::string typeText(const FieldType &type);
/// "min_i64 1450".
[[nodiscard]] std::string constraintText(const Constraint &constraint);
/// "unique by_mail (mail)".
[[nodiscard]] std::string indexText(const IndexDefinition &index);
[[nodiscard]] std::string pathText(const FieldPath &path);

/// Short enough for one of many on a line: text in quotes, "none" for none.
[[nodiscard]] std::string shortText(const Value *value);

/// "transaction 4 (id 11)"; "no transaction".
[[nodiscard]] Result<std::string> transactionText(const Inspected &inspected, const Segment &segment);

} // namespace modelvault::inspect
