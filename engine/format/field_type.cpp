#include "format/field_type.h"

#include <algorithm>
#include <bit>
#include <array>

namespace modelvault {
namespace {

constexpr auto kBroken = ErrorCode::InvalidCatalogPayload;

constexpr std::array<std::string_view, 12> kTypeNames{"bool", "int64",     "uint64",   "float64", "string", "bytes",
                                                      "uuid", "timestamp", "optional", "list",    "object", "enum"};
static_assert(kTypeNames.size() == kHighestTypeTag + 1U);

constexpr std::array<std::string_view, 13> kConstraintNames{"",        "min_i64", "max_i64",    "min_u64",    "max_u64",
                                                            "min_f64", "max_f64", "min_length", "max_length", "regex",
                                                            "email",   "url",     "nonempty"};

FieldType readType(PayloadReader &reader, std::uint32_t depth)
{
    FieldType type;
    const PayloadReader::Group group(reader, "type");
    if (depth > kMaxTypeDepth) {
        reader.reject(kBroken, reader.position(), kMaxTypeDepth, depth);
        return type;
    }
    const auto tag = reader.u8({"type tag", between(0, kHighestTypeTag), FieldKind::Number, typeTagName}, kBroken);
    if (!reader.ok())
        return type;
    group.value(FieldKind::Text, std::string(typeTagName(tag)));
    type.tag = static_cast<TypeTag>(tag);
    switch (type.tag) {
    case TypeTag::Optional:
    case TypeTag::List:
        if (reader.takeValue())
            type.inner.push_back(readType(reader, depth + 1));
        break;
    case TypeTag::Object: {
        const auto count = reader.u32({"count", {}, FieldKind::Count});
        reader.forEach(count, kMaxListEntries, [&](std::uint32_t i) {
            const PayloadReader::Entry entry(reader, "field", i);
            auto path = readPath(reader);
            entry.label([&path] { return path.text(kMostLabel); });
            if (reader.ok())
                type.fields.push_back({.path = std::move(path), .type = readType(reader, depth + 1)});
        });
        break;
    }
    case TypeTag::Enum: {
        const auto count = reader.u32({"count", {}, FieldKind::Count});
        reader.forEach(count, kMaxListEntries, [&](std::uint32_t) {
            if (auto variant = reader.text32("variant"); reader.ok())
                type.variants.push_back(std::move(variant));
        });
        break;
    }
    default:
        break;
    }
    return type;
}

Constraint readConstraint(PayloadReader &reader)
{
    const PayloadReader::Group group(reader, "constraint");
    const auto tag = reader.u8(
        {"constraint tag", between(1, kConstraintNames.size() - 1), FieldKind::Number, constraintName}, kBroken);
    if (!reader.ok())
        return {};
    group.label([tag] { return std::string(constraintName(tag)); });
    Constraint constraint{.kind = static_cast<ConstraintKind>(tag), .value = {}};
    switch (constraint.kind) {
    case ConstraintKind::MinInt64:
    case ConstraintKind::MaxInt64:
        constraint.value = reader.i64({"value"});
        break;
    case ConstraintKind::MinUint64:
    case ConstraintKind::MaxUint64:
    case ConstraintKind::MinLength:
    case ConstraintKind::MaxLength:
        constraint.value = reader.u64({"value"});
        break;
    case ConstraintKind::MinFloat64:
    case ConstraintKind::MaxFloat64:
        constraint.value = reader.f64({"value", {}, FieldKind::Float});
        break;
    case ConstraintKind::Regex:
        constraint.value = reader.text32("value");
        break;
    case ConstraintKind::Email:
    case ConstraintKind::Url:
    case ConstraintKind::NotEmpty:
        break;
    }
    return constraint;
}

void write(ByteWriter &writer, const Constraint &constraint)
{
    writer.u8(static_cast<std::uint8_t>(constraint.kind));
    struct Writer {
        ByteWriter &into;
        void operator()(std::monostate) const { }
        void operator()(std::int64_t value) const { into.i64(value); }
        void operator()(std::uint64_t value) const { into.u64(value); }
        void operator()(double value) const { into.f64(value); }
        void operator()(const std::string &value) const { into.text32(value); }
    };
    std::visit(Writer{writer}, constraint.value);
}

void writeCount(ByteWriter &writer, std::size_t count)
{
    writer.u32(static_cast<std::uint32_t>(count));
}

} // namespace

std::string_view typeTagName(std::uint64_t tag)
{
    return tag < kTypeNames.size() ? kTypeNames[tag] : std::string_view();
}

std::string_view constraintName(std::uint64_t kind)
{
    return kind < kConstraintNames.size() ? kConstraintNames[kind] : std::string_view();
}

std::string_view indexKindName(std::uint64_t kind)
{
    return kind == 1 ? "unique" : kind == 2 ? "non_unique" : "";
}

std::string FieldPath::text(std::size_t most) const
{
    std::string text;
    for (const auto &segment : segments) {
        if (text.size() >= most)
            break;
        if (!text.empty())
            text += '.';
        text.append(segment.str(), 0, most - text.size());
    }
    return text;
}

const FieldType &heldType(const FieldType &type)
{
    const auto *held = &type;
    while (held->tag == TypeTag::Optional)
        held = &held->inner.front();
    return *held;
}

bool FieldPath::isPrefixOf(const FieldPath &other) const
{
    return segments.size() <= other.segments.size()
        && std::equal(segments.begin(), segments.end(), other.segments.begin());
}

bool Constraint::operator==(const Constraint &other) const
{
    const auto *limit = std::get_if<double>(&value);
    const auto *otherLimit = std::get_if<double>(&other.value);
    if (limit != nullptr && otherLimit != nullptr)
        return kind == other.kind
            && std::bit_cast<std::uint64_t>(*limit) == std::bit_cast<std::uint64_t>(*otherLimit);
    return kind == other.kind && value == other.value;
}

bool FieldType::operator==(const FieldType &) const = default;
bool ObjectField::operator==(const ObjectField &) const = default;

FieldPath readPath(PayloadReader &reader)
{
    FieldPath path;
    const PayloadReader::Group group(reader, "path");
    const auto count = reader.u32({"count", between(1, kMaxListEntries), FieldKind::Count});
    if (reader.ok() && count == 0)
        reader.reject(ErrorCode::InvalidFieldPath, reader.lastField(), 1, 0);
    reader.forEach(count, kMaxListEntries, [&](std::uint32_t) {
        if (auto segment = reader.text32("segment", 1, kMaxValueBytes, ErrorCode::InvalidFieldPath); reader.ok())
            path.segments.push_back(std::move(segment));
    });
    if (reader.ok() && reader.trace() != nullptr)
        group.value(FieldKind::Text, path.text());
    return path;
}

FieldType readType(PayloadReader &reader)
{
    return readType(reader, 0);
}

FieldDefinition readFieldDefinition(PayloadReader &reader, bool withConstraints)
{
    FieldDefinition field{.path = readPath(reader), .type = {}, .constraints = {}};
    field.type = readType(reader);
    if (!withConstraints)
        return field;
    const PayloadReader::Group group(reader, "constraints");
    const auto count = reader.u32({"count", {}, FieldKind::Count});
    reader.forEach(count, kMaxListEntries, [&](std::uint32_t) {
        if (auto constraint = readConstraint(reader); reader.ok())
            field.constraints.push_back(std::move(constraint));
    });
    return field;
}

IndexDefinition readIndexDefinition(PayloadReader &reader)
{
    IndexDefinition index;
    index.kind = static_cast<IndexKind>(reader.u8({"kind", between(1, 2), FieldKind::Number, indexKindName}, kBroken));
    index.path = readPath(reader);
    index.name = reader.text32("name", 1, kMaxNameBytes, kBroken);
    return index;
}

void write(ByteWriter &writer, const FieldPath &path)
{
    writeCount(writer, path.segments.size());
    for (const auto &segment : path.segments)
        writer.text32(segment.str());
}

void write(ByteWriter &writer, const FieldType &type)
{
    writer.u8(static_cast<std::uint8_t>(type.tag));
    for (const auto &inner : type.inner)
        write(writer, inner);
    if (type.tag == TypeTag::Object) {
        writeCount(writer, type.fields.size());
        for (const auto &field : type.fields) {
            write(writer, field.path);
            write(writer, field.type);
        }
    }
    if (type.tag == TypeTag::Enum) {
        writeCount(writer, type.variants.size());
        for (const auto &variant : type.variants)
            writer.text32(variant);
    }
}

void write(ByteWriter &writer, const FieldDefinition &field, bool withConstraints)
{
    write(writer, field.path);
    write(writer, field.type);
    if (!withConstraints)
        return;
    writeCount(writer, field.constraints.size());
    for (const auto &constraint : field.constraints)
        write(writer, constraint);
}

void write(ByteWriter &writer, const IndexDefinition &index)
{
    writer.u8(static_cast<std::uint8_t>(index.kind));
    write(writer, index.path);
    writer.text32(index.name);
}

} // namespace modelvault
