#pragma once

#include "format/byte_writer.h"
#include "format/payload_reader.h"
#include "format/shared_text.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace modelvault {

/// What a field of a collection can hold. FORMAT.md, "Catalog entry".
enum class TypeTag : std::uint8_t {
    Bool = 0,
    Int64 = 1,
    Uint64 = 2,
    Float64 = 3,
    String = 4,
    Bytes = 5,
    Uuid = 6,
    Timestamp = 7,
    Optional = 8,
    List = 9,
    Object = 10,
    Enum = 11,
};
inline constexpr std::uint8_t kHighestTypeTag = 11;

/// Whether values of the type are tagged scalars: what keys are, and what records of version 1 hold.
[[nodiscard]] constexpr bool isScalar(TypeTag tag)
{
    return tag <= TypeTag::Timestamp;
}
/// "int64": stable, never translated; empty for a number that is none.
[[nodiscard]] std::string_view typeTagName(std::uint64_t tag);

/// Where a field lies in a row: ["author", "name"]. Decoded ones have one segment or more, none of them empty.
struct FieldPath {
    std::vector<SharedText> segments;

    /// With dots between the segments; as they may hold dots themselves, for people only. Cut after `most` bytes.
    [[nodiscard]] std::string text(std::size_t most = std::string::npos) const;
    /// Whether it is that name alone: keys have a field of one segment.
    [[nodiscard]] bool is(std::string_view name) const
    {
        return segments.size() == 1 && segments.front().str() == name;
    }
    /// Whether this is the other path, or the beginning of it.
    [[nodiscard]] bool isPrefixOf(const FieldPath &other) const;

    auto operator<=>(const FieldPath &) const = default;
};

struct ObjectField;

struct FieldType {
    TypeTag tag = TypeTag::Bool;
    std::vector<FieldType> inner;      ///< of an optional or a list: one
    std::vector<ObjectField> fields;   ///< of an object
    std::vector<std::string> variants; ///< of an enum

    bool operator==(const FieldType &) const;
};

struct ObjectField {
    FieldPath path;
    FieldType type;

    bool operator==(const ObjectField &) const;
};

/// What an optional is of, however deep; other types are themselves.
[[nodiscard]] const FieldType &heldType(const FieldType &type);

/// The numbers are those of the file; the comment says what the value is.
enum class ConstraintKind : std::uint8_t {
    MinInt64 = 1,   // int64
    MaxInt64 = 2,   // int64
    MinUint64 = 3,  // uint64
    MaxUint64 = 4,  // uint64
    MinFloat64 = 5, // double
    MaxFloat64 = 6, // double
    MinLength = 7,  // uint64
    MaxLength = 8,  // uint64
    Regex = 9,      // text
    Email = 10,     // nothing, like those below
    Url = 11,
    NotEmpty = 12,
};
/// "min_i64": stable, never translated; empty for a number that is none.
[[nodiscard]] std::string_view constraintName(std::uint64_t kind);

struct Constraint {
    using Value = std::variant<std::monostate, std::int64_t, std::uint64_t, double, std::string>;

    ConstraintKind kind = ConstraintKind::NotEmpty;
    Value value;

    /// Floats bit by bit: a limit that is no number is the same limit.
    bool operator==(const Constraint &other) const;
};

/// A field of a collection, as one schema version has it.
struct FieldDefinition {
    FieldPath path;
    FieldType type;
    std::vector<Constraint> constraints;

    bool operator==(const FieldDefinition &) const = default;
};

enum class IndexKind : std::uint8_t { Unique = 1, NonUnique = 2 };
/// "unique", "non_unique"; empty for a number that is none.
[[nodiscard]] std::string_view indexKindName(std::uint64_t kind);

struct IndexDefinition {
    IndexKind kind = IndexKind::NonUnique;
    FieldPath path; ///< need not be a field
    std::string name;

    bool operator==(const IndexDefinition &) const = default;
};

// Parts of catalog entries: their decoders leave errors with the reader.

[[nodiscard]] FieldPath readPath(PayloadReader &reader);
[[nodiscard]] FieldType readType(PayloadReader &reader);
/// `withConstraints`: whether this payload version has them.
[[nodiscard]] FieldDefinition readFieldDefinition(PayloadReader &reader, bool withConstraints);
[[nodiscard]] IndexDefinition readIndexDefinition(PayloadReader &reader);

void write(ByteWriter &writer, const FieldPath &path);
void write(ByteWriter &writer, const FieldType &type);
void write(ByteWriter &writer, const FieldDefinition &field, bool withConstraints);
void write(ByteWriter &writer, const IndexDefinition &index);

} // namespace modelvault
