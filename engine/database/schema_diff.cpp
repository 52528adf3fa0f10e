#include "database/schema_diff.h"

#include <algorithm>
#include <map>

namespace modelvault {
namespace {

using Kind = SchemaChange::Kind;

using FieldsByPath = std::map<FieldPath, const FieldDefinition *>;

FieldsByPath byPath(const std::vector<FieldDefinition> &fields)
{
    FieldsByPath sorted;
    for (const auto &field : fields)
        sorted.emplace(field.path, &field);
    return sorted;
}

const FieldDefinition *find(const FieldsByPath &fields, const FieldPath &path)
{
    const auto found = fields.find(path);
    return found != fields.end() ? found->second : nullptr;
}

bool isIn(const std::vector<IndexDefinition> &indexes, const IndexDefinition &index)
{
    return std::ranges::find(indexes, index) != indexes.end();
}

} // namespace

std::string_view changeRiskName(ChangeRisk risk)
{
    switch (risk) {
    case ChangeRisk::Safe:
        return "safe";
    case ChangeRisk::NeedsMigration:
        return "needs_migration";
    case ChangeRisk::Breaking:
        return "breaking";
    }
    return {};
}

std::string_view schemaChangeName(Kind kind)
{
    switch (kind) {
    case Kind::FieldRemoved:
        return "field_removed";
    case Kind::FieldAdded:
        return "field_added";
    case Kind::TypeChanged:
        return "type_changed";
    case Kind::ConstraintsChanged:
        return "constraints_changed";
    case Kind::IndexRemoved:
        return "index_removed";
    case Kind::IndexAdded:
        return "index_added";
    }
    return {};
}

std::vector<SchemaChange> schemaChanges(const SchemaVersion &before, const SchemaVersion &after)
{
    std::vector<SchemaChange> changes;
    const auto old = byPath(before.fields);
    const auto now = byPath(after.fields);
    for (const auto &field : before.fields) {
        if (find(now, field.path) == nullptr)
            changes.push_back({.kind = Kind::FieldRemoved, .risk = ChangeRisk::Breaking, .before = &field});
    }
    for (const auto &field : after.fields) {
        const auto *same = find(old, field.path);
        if (same == nullptr) {
            const bool isOptional = field.type.tag == TypeTag::Optional;
            changes.push_back({.kind = Kind::FieldAdded,
                               .risk = isOptional ? ChangeRisk::Safe : ChangeRisk::NeedsMigration,
                               .after = &field});
            continue;
        }
        if (same->type != field.type)
            changes.push_back(
                {.kind = Kind::TypeChanged, .risk = ChangeRisk::Breaking, .before = same, .after = &field});
        if (same->constraints != field.constraints)
            changes.push_back(
                {.kind = Kind::ConstraintsChanged, .risk = ChangeRisk::Breaking, .before = same, .after = &field});
    }
    for (const auto &index : before.indexes) {
        if (!isIn(after.indexes, index))
            changes.push_back({.kind = Kind::IndexRemoved, .risk = ChangeRisk::Safe, .index = &index});
    }
    for (const auto &index : after.indexes) {
        const bool isUnique = index.kind == IndexKind::Unique;
        if (!isIn(before.indexes, index))
            changes.push_back({.kind = Kind::IndexAdded,
                               .risk = isUnique ? ChangeRisk::NeedsMigration : ChangeRisk::Safe,
                               .index = &index});
    }
    return changes;
}

ChangeRisk riskOf(const std::vector<SchemaChange> &changes)
{
    const auto highest = std::ranges::max_element(changes, {}, &SchemaChange::risk);
    return highest != changes.end() ? highest->risk : ChangeRisk::Safe;
}

} // namespace modelvault
