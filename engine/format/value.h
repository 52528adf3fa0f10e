#pragma once

#include "format/byte_writer.h"
#include "format/field_type.h"
#include "format/payload_reader.h"
#include "format/shared_text.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace modelvault {

struct Timestamp {
    std::int64_t microseconds = 0; ///< since 1970-01-01 00:00 UTC

    auto operator<=>(const Timestamp &) const = default;
};

struct Value;

struct OptionalValue {
    std::vector<Value> held; ///< none or one

    bool operator==(const OptionalValue &) const;
};

struct ListValue {
    std::vector<Value> values;

    bool operator==(const ListValue &) const;
};

struct ObjectMember;

struct ObjectValue {
    std::vector<ObjectMember> members; ///< in the order of the type's fields; names may repeat

    bool operator==(const ObjectValue &) const;
};

/// What a row holds in one field. An enum's value is its text. FORMAT.md, "Record".
struct Value {
    using Bytes = std::vector<std::byte>;
    /// The first eight in the order of the type tags.
    using Data = std::variant<bool, std::int64_t, std::uint64_t, double, std::string, Bytes, UuidBytes, Timestamp,
                              OptionalValue, ListValue, ObjectValue>;

    Data data;

    /// The type's tag if it is a scalar; enums are strings here.
    [[nodiscard]] std::optional<TypeTag> scalarTag() const
    {
        if (data.index() > static_cast<std::size_t>(TypeTag::Timestamp))
            return std::nullopt;
        return static_cast<TypeTag>(data.index());
    }

    bool operator==(const Value &) const;
};

struct ObjectMember {
    SharedText name; ///< the first segment of the field's path; shared with the type
    Value value;

    bool operator==(const ObjectMember &) const;
};

/// In lower case, "8-4-4-4-12" digits.
[[nodiscard]] std::string uuidText(const UuidBytes &uuid);

/// What an optional holds, however deep; null for none. Other values are themselves.
[[nodiscard]] const Value *heldValue(const Value &value);

/// Bit by bit: a float that is no number is the same as itself, and 0 is not -0.
[[nodiscard]] bool isSameValue(const Value &a, const Value &b);

/// The bytes that a row is known by, and that index entries hold; none for what is no scalar.
/// FORMAT.md, "Record".
[[nodiscard]] std::optional<std::vector<std::byte>> keyBytes(const Value &value);
/// The value of a type (enums too) whose key bytes these are; none if they are those of no such value.
[[nodiscard]] std::optional<Value> valueOfKey(TypeTag type, std::span<const std::byte> key);

// Parts of records: their decoders leave errors with the reader.

/// A tag and a scalar of that type; `tag` says which one it must be (RecordPayloadTypeMismatch), none: any.
/// What it says becomes the value of `group` in a trace.
[[nodiscard]] Value readScalar(PayloadReader &reader, std::optional<TypeTag> tag, const PayloadReader::Group &group);
[[nodiscard]] Value readValue(PayloadReader &reader, const FieldType &type, const PayloadReader::Group &group);
/// The same rules and errors, and nothing is made: for loops over many records. Without a trace.
void checkScalar(PayloadReader &reader, std::optional<TypeTag> tag);
void checkValue(PayloadReader &reader, const FieldType &type);
/// Needs no type: a value says itself what it is.
void write(ByteWriter &writer, const Value &value);

} // namespace modelvault
