#include "export/described_json.h"

#include "database/schema_diff.h"
#include "export/value_text.h"

#include <bit>
#include <format>
#include <span>
#include <string>
#include <utility>

namespace modelvault {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

std::string digitsOf(const std::string &bytes)
{
    return hexDigits(std::as_bytes(std::span(bytes)));
}

std::string bitDigits(double number)
{
    return std::format("{:016x}", std::bit_cast<std::uint64_t>(number));
}

ordered_json segmentsOf(const FieldPath &path)
{
    auto segments = ordered_json::array();
    for (const auto &segment : path.segments)
        segments.push_back(segment.str());
    return segments;
}

template <class Parts>
ordered_json allOf(const Parts &parts)
{
    auto all = ordered_json::array();
    for (const auto &part : parts)
        all.push_back(described(part));
    return all;
}

ordered_json changeOf(const SchemaChange &change)
{
    ordered_json told = {{"change", schemaChangeName(change.kind)}, {"class", changeRiskName(change.risk)}};
    told["before"] = change.before != nullptr ? described(*change.before) : ordered_json();
    told["after"] = change.after != nullptr ? described(*change.after) : ordered_json();
    told["index"] = change.index != nullptr ? described(*change.index) : ordered_json();
    return told;
}

struct ConstraintValue {
    ordered_json operator()(std::monostate) const { return true; }
    ordered_json operator()(std::int64_t limit) const { return std::to_string(limit); }
    ordered_json operator()(double limit) const { return bitDigits(limit); }
    ordered_json operator()(const std::string &pattern) const { return pattern; }
    ordered_json operator()(std::uint64_t limit) const
    {
        const bool isLength = kind == ConstraintKind::MinLength || kind == ConstraintKind::MaxLength;
        return isLength ? ordered_json(limit) : ordered_json(std::to_string(limit));
    }

    ConstraintKind kind;
};

struct ValueText {
    json operator()(bool value) const { return value; }
    json operator()(std::int64_t value) const { return {{"$i64", std::to_string(value)}}; }
    json operator()(std::uint64_t value) const { return {{"$u64", std::to_string(value)}}; }
    json operator()(double value) const { return {{"$f64", bitDigits(value)}}; }
    json operator()(const std::string &value) const { return value; }
    json operator()(const Value::Bytes &value) const { return {{"$bytes", hexDigits(value)}}; }
    json operator()(const UuidBytes &value) const { return {{"$uuid", uuidText(value)}}; }
    json operator()(Timestamp value) const { return {{"$ts", std::to_string(value.microseconds)}}; }
    json operator()(const OptionalValue &value) const
    {
        return value.held.empty() ? json() : described(value.held.front());
    }
    json operator()(const ListValue &value) const
    {
        auto list = json::array();
        for (const auto &one : value.values)
            list.push_back(described(one));
        return list;
    }
    json operator()(const ObjectValue &value) const
    {
        auto object = json::object();
        for (const auto &member : value.members)
            object[member.name.str()] = described(member.value);
        return object;
    }
};

} // namespace

ordered_json described(const FieldType &type)
{
    switch (type.tag) {
    case TypeTag::Optional:
        return {{"optional", described(type.inner.front())}};
    case TypeTag::List:
        return {{"list", described(type.inner.front())}};
    case TypeTag::Object: {
        auto fields = ordered_json::array();
        for (const auto &field : type.fields)
            fields.push_back({{"path", segmentsOf(field.path)}, {"type", described(field.type)}});
        return {{"object", std::move(fields)}};
    }
    case TypeTag::Enum:
        return {{"enum", type.variants}};
    default:
        return typeTagName(std::to_underlying(type.tag));
    }
}

ordered_json described(const Constraint &constraint)
{
    const std::string name(constraintName(std::to_underlying(constraint.kind)));
    return {{name, std::visit(ConstraintValue{constraint.kind}, constraint.value)}};
}

ordered_json described(const FieldDefinition &field)
{
    return {
        {"path", segmentsOf(field.path)}, {"type", described(field.type)}, {"constraints", allOf(field.constraints)}};
}

ordered_json described(const IndexDefinition &index)
{
    return {{"name", index.name},
            {"kind", indexKindName(std::to_underlying(index.kind))},
            {"path", segmentsOf(index.path)}};
}

ordered_json described(const SchemaVersion &version, const SchemaVersion *before)
{
    ordered_json told = {{"version", version.number},
                         {"segment", version.place.segment.value},
                         {"offset", version.place.segmentOffset().value}};
    told["transaction"] = version.place.transaction ? ordered_json(version.place.transaction->value) : ordered_json();
    told["fields"] = allOf(version.fields);
    told["indexes"] = allOf(version.indexes);
    if (before == nullptr)
        return told;
    const auto changes = schemaChanges(*before, version);
    told["class"] = changeRiskName(riskOf(changes));
    told["changes"] = ordered_json::array();
    for (const auto &change : changes)
        told["changes"].push_back(changeOf(change));
    return told;
}

ordered_json described(const Collection &collection)
{
    const auto &schema = collection.current();
    return {{"id", collection.id},
            {"name", collection.name},
            {"schema_version", schema.number},
            {"primary_field", collection.primaryField.empty() ? ordered_json() : ordered_json(collection.primaryField)},
            {"fields", allOf(schema.fields)},
            {"indexes", allOf(schema.indexes)}};
}

ordered_json described(const IndexState::IndexId &index, const IndexState::Entry &entry)
{
    return {{"collection_id", index.collectionId},
            {"index", index.name},
            {"kind", indexKindName(std::to_underlying(index.kind))},
            {"key", digitsOf(entry.key)},
            {"pk", digitsOf(entry.primaryKey)}};
}

json described(const Value &value)
{
    return std::visit(ValueText{}, value.data);
}

json describedRow(const std::string &primaryField, const Record &record)
{
    auto row = json::object();
    row[primaryField] = described(record.head.key);
    for (const auto &field : record.fields) {
        // No path of a schema is the beginning of another: what is there already is an object.
        auto *into = &row;
        for (const auto &segment : field.path.segments)
            into = &(*into)[segment.str()];
        *into = described(field.value);
    }
    return row;
}

} // namespace modelvault
