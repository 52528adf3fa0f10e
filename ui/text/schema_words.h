#pragma once

#include "database/schema_diff.h"
#include "format/field_type.h"

#include <QString>

#include <string>
#include <vector>

// Parts of schemas in a line each, harmless and cut where they are long. Any thread.

namespace modelvault::ui {

/// "address.city".
[[nodiscard]] QString pathName(const FieldPath &path);
/// "optional<list<string>>".
[[nodiscard]] QString typeName(const FieldType &type);
/// "min_i64 1450, nonempty"; empty for none.
[[nodiscard]] QString constraintsName(const std::vector<Constraint> &constraints);
/// Both.
[[nodiscard]] QString definitionName(const FieldDefinition &field);
/// Of an enum.
[[nodiscard]] QString variantName(const std::string &variant);
/// "unique", "not unique".
[[nodiscard]] QString uniqueName(IndexKind kind);
/// "unique, of mail": without its name.
[[nodiscard]] QString indexName(const IndexDefinition &index);
/// "needs migration".
[[nodiscard]] QString riskName(ChangeRisk risk);

} // namespace modelvault::ui
