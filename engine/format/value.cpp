#include "format/value.h"

#include <format>
#include <span>

namespace modelvault {
namespace {

constexpr auto kMismatch = ErrorCode::RecordPayloadTypeMismatch;

Value readTagged(PayloadReader &reader, TypeTag tag, const PayloadReader::Group &group)
{
    switch (tag) {
    case TypeTag::Bool: {
        const bool value = reader.u8({"value", {}, FieldKind::Bool}) != 0;
        group.value(FieldKind::Bool, value);
        return {value};
    }
    case TypeTag::Int64: {
        const auto value = reader.i64({"value"});
        group.value(FieldKind::Number, value);
        return {value};
    }
    case TypeTag::Uint64: {
        const auto value = reader.u64({"value"});
        group.value(FieldKind::Number, value);
        return {value};
    }
    case TypeTag::Float64: {
        const auto value = reader.f64({"value", {}, FieldKind::Float});
        group.value(FieldKind::Float, value);
        return {value};
    }
    case TypeTag::String: {
        const auto length =
            reader.u32({"length", between(0, kMaxValueBytes), FieldKind::Length}, ErrorCode::TruncatedRecordPayload);
        auto value = reader.text(length, {.name = "text", .rule = {.kind = Rule::Kind::Utf8}, .kind = FieldKind::Text});
        if (reader.ok())
            group.value(FieldKind::Text, value);
        return {std::move(value)};
    }
    case TypeTag::Bytes: {
        const auto length =
            reader.u32({"length", between(0, kMaxValueBytes), FieldKind::Length}, ErrorCode::TruncatedRecordPayload);
        const auto bytes = reader.bytes(length, {"bytes", {}, FieldKind::Bytes});
        group.value(FieldKind::Bytes, std::monostate());
        return {Value::Bytes(bytes.begin(), bytes.end())};
    }
    case TypeTag::Uuid: {
        UuidBytes uuid{};
        if (const auto bytes = reader.bytes(uuid.size(), {"value", {}, FieldKind::Uuid}); reader.ok())
            std::ranges::copy(bytes, uuid.begin());
        group.value(FieldKind::Uuid, uuid);
        return {uuid};
    }
    case TypeTag::Timestamp: {
        const auto value = reader.i64({"value", {}, FieldKind::Timestamp});
        group.value(FieldKind::Timestamp, value);
        return {Timestamp{value}};
    }
    case TypeTag::Optional:
    case TypeTag::List:
    case TypeTag::Object:
    case TypeTag::Enum:
        break;
    }
    return {};
}

Value readOptional(PayloadReader &reader, const FieldType &type, const PayloadReader::Group &group)
{
    OptionalValue value;
    const bool present = reader.u8({"present", between(0, 1), FieldKind::Bool}, kMismatch) == 1;
    if (reader.ok() && present)
        value.held.push_back(readValue(reader, type.inner.front(), group));
    else if (reader.ok())
        group.value(FieldKind::None, std::monostate());
    return {std::move(value)};
}

Value readList(PayloadReader &reader, const FieldType &type, const PayloadReader::Group &group)
{
    ListValue list;
    const auto count = reader.u32({"count", {}, FieldKind::Count});
    reader.forEach(count, kMaxListEntries, [&](std::uint32_t i) {
        const PayloadReader::Entry entry(reader, "value", i);
        if (auto value = readValue(reader, type.inner.front(), entry); reader.ok())
            list.values.push_back(std::move(value));
    });
    if (reader.ok())
        group.value(FieldKind::Count, std::uint64_t{list.values.size()});
    return {std::move(list)};
}

Value readObject(PayloadReader &reader, const FieldType &type)
{
    ObjectValue object;
    for (const auto &field : type.fields) {
        if (!reader.takeValue())
            break;
        const PayloadReader::Group member(reader, "value");
        const auto &name = field.path.segments.front();
        member.label([&name]() -> std::string_view { return name.str(); });
        if (auto value = readValue(reader, field.type, member); reader.ok())
            object.members.push_back({.name = name, .value = std::move(value)});
    }
    return {std::move(object)};
}

} // namespace

bool OptionalValue::operator==(const OptionalValue &) const = default;
bool ListValue::operator==(const ListValue &) const = default;
bool ObjectValue::operator==(const ObjectValue &) const = default;
bool Value::operator==(const Value &) const = default;
bool ObjectMember::operator==(const ObjectMember &) const = default;

Value readScalar(PayloadReader &reader, std::optional<TypeTag> tag, const PayloadReader::Group &group)
{
    const auto number = static_cast<std::uint8_t>(tag.value_or(TypeTag::Bool));
    const Rule rule = tag ? mustBe(number) : between(number, static_cast<std::uint8_t>(TypeTag::Timestamp));
    const auto found = reader.u8({"type tag", rule, FieldKind::Number, typeTagName}, kMismatch);
    if (!reader.ok())
        return {};
    return readTagged(reader, static_cast<TypeTag>(found), group);
}

Value readValue(PayloadReader &reader, const FieldType &type, const PayloadReader::Group &group)
{
    switch (type.tag) {
    case TypeTag::Optional:
        return readOptional(reader, type, group);
    case TypeTag::List:
        return readList(reader, type, group);
    case TypeTag::Object:
        return readObject(reader, type);
    case TypeTag::Enum:
        return readScalar(reader, TypeTag::String, group);
    default:
        return readScalar(reader, type.tag, group);
    }
}

std::string uuidText(const UuidBytes &uuid)
{
    std::string text;
    for (std::size_t i = 0; i < uuid.size(); ++i)
        text += std::format("{}{:02x}", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
                            std::to_integer<unsigned>(uuid[i]));
    return text;
}

std::optional<std::vector<std::byte>> keyBytes(const Value &value)
{
    ByteWriter writer;
    struct Writer {
        ByteWriter &into;
        bool operator()(bool key) const
        {
            into.u8(0);
            into.u8(key ? 1 : 0);
            return true;
        }
        bool operator()(std::int64_t key) const { return into.i64(key), true; }
        bool operator()(std::uint64_t key) const { return into.u64(key), true; }
        bool operator()(double key) const { return into.f64(key), true; }
        bool operator()(const std::string &key) const { return into.text(key), true; }
        bool operator()(const Value::Bytes &key) const { return into.bytes(key), true; }
        bool operator()(const UuidBytes &key) const { return into.bytes(key), true; }
        bool operator()(Timestamp key) const { return into.i64(key.microseconds), true; }
        bool operator()(const OptionalValue &) const { return false; }
        bool operator()(const ListValue &) const { return false; }
        bool operator()(const ObjectValue &) const { return false; }
    };
    if (!std::visit(Writer{writer}, value.data))
        return std::nullopt;
    return std::move(writer).take();
}

void write(ByteWriter &writer, const Value &value)
{
    struct Writer {
        ByteWriter &into;
        void operator()(bool it) const { into.u8(it ? 1 : 0); }
        void operator()(std::int64_t it) const { into.i64(it); }
        void operator()(std::uint64_t it) const { into.u64(it); }
        void operator()(double it) const { into.f64(it); }
        void operator()(const std::string &it) const { into.text32(it); }
        void operator()(const Value::Bytes &it) const { into.bytes32(it); }
        void operator()(const UuidBytes &it) const { into.bytes(it); }
        void operator()(Timestamp it) const { into.i64(it.microseconds); }
        void operator()(const OptionalValue &it) const
        {
            into.u8(it.held.empty() ? 0 : 1);
            for (const auto &held : it.held)
                write(into, held);
        }
        void operator()(const ListValue &it) const
        {
            into.u32(static_cast<std::uint32_t>(it.values.size()));
            for (const auto &one : it.values)
                write(into, one);
        }
        void operator()(const ObjectValue &it) const
        {
            for (const auto &member : it.members)
                write(into, member.value);
        }
    };
    if (const auto tag = value.scalarTag())
        writer.u8(static_cast<std::uint8_t>(*tag));
    std::visit(Writer{writer}, value.data);
}

} // namespace modelvault
