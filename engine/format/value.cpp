#include "format/value.h"

#include "format/byte_reader.h"
#include "utf8.h"

#include <algorithm>
#include <format>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace modelvault {
namespace {

constexpr auto kMismatch = ErrorCode::RecordPayloadTypeMismatch;

/// What becomes of the values that are read: each becomes one of ours.
struct Build {
    using Made = Value;
    using List = ListValue;
    using Object = ObjectValue;

    template <class Data>
    static Value of(Data &&data)
    {
        return {std::forward<Data>(data)};
    }
    static Value of(std::string_view text) { return {std::string(text)}; }
    static Value of(std::span<const std::byte> bytes) { return {Value::Bytes(bytes.begin(), bytes.end())}; }
    static Value of(std::optional<Value> held)
    {
        OptionalValue value;
        if (held)
            value.held.push_back(std::move(*held));
        return {std::move(value)};
    }
    static void add(ListValue &list, Value &&value) { list.values.push_back(std::move(value)); }
    static void add(ObjectValue &object, const SharedText &name, Value &&value)
    {
        object.members.push_back({.name = name, .value = std::move(value)});
    }
};

/// Nothing: only the rules are checked.
struct Check {
    struct Made { };
    struct List { };
    struct Object { };

    template <class Data>
    static Made of(const Data & /*data*/)
    {
        return {};
    }
    static void add(List & /*list*/, Made /*value*/) { }
    static void add(Object & /*object*/, const SharedText & /*name*/, Made /*value*/) { }
};

std::uint32_t readLength(PayloadReader &reader)
{
    return reader.u32({"length", between(0, kMaxValueBytes), FieldKind::Length}, ErrorCode::TruncatedRecordPayload);
}

template <class M>
typename M::Made readTagged(PayloadReader &reader, TypeTag tag, const PayloadReader::Group &group)
{
    switch (tag) {
    case TypeTag::Bool: {
        const bool value = reader.u8({"value", {}, FieldKind::Bool}) != 0;
        group.value(FieldKind::Bool, value);
        return M::of(value);
    }
    case TypeTag::Int64: {
        const auto value = reader.i64({"value"});
        group.value(FieldKind::Number, value);
        return M::of(value);
    }
    case TypeTag::Uint64: {
        const auto value = reader.u64({"value"});
        group.value(FieldKind::Number, value);
        return M::of(value);
    }
    case TypeTag::Float64: {
        const auto value = reader.f64({"value", {}, FieldKind::Float});
        group.value(FieldKind::Float, value);
        return M::of(value);
    }
    case TypeTag::String: {
        const auto value = reader.view(readLength(reader),
                                       {.name = "text", .rule = {.kind = Rule::Kind::Utf8}, .kind = FieldKind::Text});
        if (reader.ok())
            group.value(FieldKind::Text, value);
        return M::of(value);
    }
    case TypeTag::Bytes: {
        const auto bytes = reader.bytes(readLength(reader), {"bytes", {}, FieldKind::Bytes});
        group.value(FieldKind::Bytes, bytes);
        return M::of(bytes);
    }
    case TypeTag::Uuid: {
        UuidBytes uuid{};
        if (const auto bytes = reader.bytes(uuid.size(), {"value", {}, FieldKind::Uuid}); reader.ok())
            std::ranges::copy(bytes, uuid.begin());
        group.value(FieldKind::Uuid, uuid);
        return M::of(uuid);
    }
    case TypeTag::Timestamp: {
        const auto value = reader.i64({"value", {}, FieldKind::Timestamp});
        group.value(FieldKind::Timestamp, value);
        return M::of(Timestamp{value});
    }
    case TypeTag::Optional:
    case TypeTag::List:
    case TypeTag::Object:
    case TypeTag::Enum:
        break;
    }
    return {};
}

template <class M>
typename M::Made readScalarAs(PayloadReader &reader, std::optional<TypeTag> tag, const PayloadReader::Group &group)
{
    const auto number = static_cast<std::uint8_t>(tag.value_or(TypeTag::Bool));
    const Rule rule = tag ? mustBe(number) : between(number, static_cast<std::uint8_t>(TypeTag::Timestamp));
    const auto found = reader.u8({"type tag", rule, FieldKind::Number, typeTagName}, kMismatch);
    if (reader.ok()
        && found > static_cast<std::uint8_t>(TypeTag::Timestamp)) // a schema may want a key that is no scalar
        reader.reject(kMismatch, reader.lastField(), static_cast<std::uint8_t>(TypeTag::Timestamp), found);
    if (!reader.ok())
        return {};
    return readTagged<M>(reader, static_cast<TypeTag>(found), group);
}

template <class M>
typename M::Made readValueAs(PayloadReader &reader, const FieldType &type, const PayloadReader::Group &group);

template <class M>
typename M::Made readOptional(PayloadReader &reader, const FieldType &type, const PayloadReader::Group &group)
{
    std::optional<typename M::Made> held;
    const bool present = reader.u8({"present", between(0, 1), FieldKind::Bool}, kMismatch) == 1;
    if (reader.ok() && present)
        held = readValueAs<M>(reader, type.inner.front(), group);
    else if (reader.ok())
        group.value(FieldKind::None, std::monostate());
    return M::of(std::move(held));
}

template <class M>
typename M::Made readList(PayloadReader &reader, const FieldType &type, const PayloadReader::Group &group)
{
    typename M::List list;
    const auto count = reader.u32({"count", {}, FieldKind::Count});
    reader.forEach(count, kMaxListEntries, [&](std::uint32_t i) {
        const PayloadReader::Entry entry(reader, "value", i);
        if (auto value = readValueAs<M>(reader, type.inner.front(), entry); reader.ok())
            M::add(list, std::move(value));
    });
    if (reader.ok())
        group.value(FieldKind::Count, std::uint64_t{count});
    return M::of(std::move(list));
}

template <class M>
typename M::Made readObject(PayloadReader &reader, const FieldType &type)
{
    typename M::Object object;
    for (const auto &field : type.fields) {
        if (!reader.takeValue())
            break;
        const PayloadReader::Group member(reader, "value");
        const auto &name = field.path.segments.front();
        member.label([&name]() -> std::string_view { return name.str(); });
        if (auto value = readValueAs<M>(reader, field.type, member); reader.ok())
            M::add(object, name, std::move(value));
    }
    return M::of(std::move(object));
}

template <class M>
typename M::Made readValueAs(PayloadReader &reader, const FieldType &type, const PayloadReader::Group &group)
{
    switch (type.tag) {
    case TypeTag::Optional:
        return readOptional<M>(reader, type, group);
    case TypeTag::List:
        return readList<M>(reader, type, group);
    case TypeTag::Object:
        return readObject<M>(reader, type);
    case TypeTag::Enum:
        return readScalarAs<M>(reader, TypeTag::String, group);
    default:
        return readScalarAs<M>(reader, type.tag, group);
    }
}

} // namespace

bool OptionalValue::operator==(const OptionalValue &) const = default;
bool ListValue::operator==(const ListValue &) const = default;
bool ObjectValue::operator==(const ObjectValue &) const = default;
bool Value::operator==(const Value &) const = default;
bool ObjectMember::operator==(const ObjectMember &) const = default;

Value readScalar(PayloadReader &reader, std::optional<TypeTag> tag, const PayloadReader::Group &group)
{
    return readScalarAs<Build>(reader, tag, group);
}

Value readValue(PayloadReader &reader, const FieldType &type, const PayloadReader::Group &group)
{
    return readValueAs<Build>(reader, type, group);
}

void checkScalar(PayloadReader &reader, std::optional<TypeTag> tag)
{
    readScalarAs<Check>(reader, tag, {reader, {}});
}

void checkValue(PayloadReader &reader, const FieldType &type)
{
    readValueAs<Check>(reader, type, {reader, {}});
}

std::string uuidText(const UuidBytes &uuid)
{
    std::string text;
    for (std::size_t i = 0; i < uuid.size(); ++i)
        text += std::format("{}{:02x}", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
                            std::to_integer<unsigned>(uuid[i]));
    return text;
}

const Value *heldValue(const Value &value)
{
    const auto *held = &value;
    while (const auto *optional = std::get_if<OptionalValue>(&held->data)) {
        if (optional->held.empty())
            return nullptr;
        held = &optional->held.front();
    }
    return held;
}

bool isSameValue(const Value &a, const Value &b)
{
    ByteWriter first;
    ByteWriter second;
    write(first, a);
    write(second, b);
    // What a list or an object writes does not say which of them it is.
    return a.data.index() == b.data.index() && std::move(first).take() == std::move(second).take();
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

std::optional<Value> valueOfKey(TypeTag type, std::span<const std::byte> key)
{
    ByteReader reader(key, {});
    const auto read = [&]() -> std::optional<Value> {
        switch (type) {
        case TypeTag::Bool: {
            const auto zero = reader.u8();
            const auto bit = reader.u8();
            return zero == 0 && bit <= 1 ? std::optional<Value>({bit == 1}) : std::nullopt;
        }
        case TypeTag::Int64:
            return {{reader.i64()}};
        case TypeTag::Uint64:
            return {{reader.u64()}};
        case TypeTag::Float64:
            return {{reader.f64()}};
        case TypeTag::Timestamp:
            return {{Timestamp{reader.i64()}}};
        case TypeTag::String:
        case TypeTag::Enum: {
            const auto text = reader.text(key.size());
            return validUtf8Prefix(text) == text.size() ? std::optional<Value>({std::string(text)}) : std::nullopt;
        }
        case TypeTag::Bytes:
            (void)reader.bytes(key.size());
            return {{Value::Bytes(key.begin(), key.end())}};
        case TypeTag::Uuid: {
            UuidBytes uuid{};
            std::ranges::copy(reader.bytes(uuid.size()), uuid.begin());
            return {{uuid}};
        }
        case TypeTag::Optional:
        case TypeTag::List:
        case TypeTag::Object:
            break;
        }
        return std::nullopt;
    };
    auto value = read();
    return !reader.failed() && reader.remaining() == 0 ? std::move(value) : std::nullopt;
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
