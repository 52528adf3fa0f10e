#pragma once

#include "database/catalog.h"
#include "format/field_type.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace modelvault {

/// What a change of a schema asks of the rows that are there, in the engine's classes.
enum class ChangeRisk : std::uint8_t {
    Safe,           ///< they stay as they are
    NeedsMigration, ///< they need values, or index entries, that they do not have
    Breaking,       ///< what they hold may not be what the new schema wants
};
/// "safe", "needs_migration", "breaking": stable, never translated.
[[nodiscard]] std::string_view changeRiskName(ChangeRisk risk);

/// One difference between two versions of a schema. Borrowed from them.
struct SchemaChange {
    enum class Kind : std::uint8_t {
        FieldRemoved,
        FieldAdded,
        TypeChanged,
        ConstraintsChanged,
        IndexRemoved,
        IndexAdded,
    };

    Kind kind = Kind::FieldAdded;
    ChangeRisk risk = ChangeRisk::Safe;
    const FieldDefinition *before = nullptr; ///< of fields that were there
    const FieldDefinition *after = nullptr;  ///< of fields that are there now
    const IndexDefinition *index = nullptr;  ///< of indexes
};
/// "field_removed", …: stable, never translated.
[[nodiscard]] std::string_view schemaChangeName(SchemaChange::Kind kind);

/// What is gone, in the old order, then what is new or other, in the new one; fields before indexes. Fields are the
/// same if their paths are, indexes only if all of them is. Order alone is no difference. Valid as long as both
/// versions.
[[nodiscard]] std::vector<SchemaChange> schemaChanges(const SchemaVersion &before, const SchemaVersion &after);

/// The highest of all; Safe for none.
[[nodiscard]] ChangeRisk riskOf(const std::vector<SchemaChange> &changes);

} // namespace modelvault
