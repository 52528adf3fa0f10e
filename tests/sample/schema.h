#pragma once

#include "format/field_type.h"
#include "format/value.h"

#include <string>
#include <utility>
#include <vector>

// Words in which schemas and rows are written down.

namespace modelvault::sample {

inline FieldType type(TypeTag tag)
{
    return {.tag = tag};
}
inline FieldType optional(TypeTag tag)
{
    return {.tag = TypeTag::Optional, .inner = {type(tag)}};
}
inline FieldType optional(FieldType inner)
{
    return {.tag = TypeTag::Optional, .inner = {std::move(inner)}};
}
inline FieldType listOf(FieldType inner)
{
    return {.tag = TypeTag::List, .inner = {std::move(inner)}};
}
inline FieldType oneOf(std::vector<std::string> variants)
{
    return {.tag = TypeTag::Enum, .variants = std::move(variants)};
}
inline FieldType object(std::vector<ObjectField> fields)
{
    return {.tag = TypeTag::Object, .fields = std::move(fields)};
}

inline FieldDefinition field(std::vector<SharedText> path, FieldType type, std::vector<Constraint> constraints = {})
{
    return {.path = {std::move(path)}, .type = std::move(type), .constraints = std::move(constraints)};
}
inline FieldDefinition field(std::vector<SharedText> path, TypeTag tag, std::vector<Constraint> constraints = {})
{
    return field(std::move(path), type(tag), std::move(constraints));
}

inline IndexDefinition unique(std::string name, std::vector<SharedText> path)
{
    return {.kind = IndexKind::Unique, .path = {std::move(path)}, .name = std::move(name)};
}
inline IndexDefinition index(std::string name, std::vector<SharedText> path)
{
    return {.kind = IndexKind::NonUnique, .path = {std::move(path)}, .name = std::move(name)};
}

inline Value none()
{
    return {OptionalValue{}};
}
inline Value some(Value value)
{
    return {OptionalValue{{std::move(value)}}};
}
inline Value text(std::string value)
{
    return {std::move(value)};
}

} // namespace modelvault::sample
