#pragma once

#include "format/field_type.h"

#include <string>

// Parts of schemas, a line each. Names are as they are in the file: who shows them makes them harmless.

namespace modelvault {

/// "optional<list<string>>", "enum(novel, poetry)". Deep and long ones are cut.
[[nodiscard]] std::string typeText(const FieldType &type);
/// "min_i64 1450", "regex "[a-z]+"". Long ones are cut.
[[nodiscard]] std::string constraintText(const Constraint &constraint);

} // namespace modelvault
