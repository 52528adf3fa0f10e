#include "format/record.h"

#include "support/results.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <random>

namespace modelvault {
namespace {

using test::outcome;

constexpr Offset kAt{9000};

FieldType wrapped(TypeTag tag, FieldType inner)
{
    FieldType type{.tag = tag};
    type.inner.push_back(std::move(inner));
    return type;
}

FieldDefinition field(std::vector<SharedText> path, FieldType type)
{
    return {.path = {std::move(path)}, .type = std::move(type), .constraints = {}};
}

Value text(std::string value)
{
    return {std::move(value)};
}
Value number(std::int64_t value)
{
    return {value};
}
Value some(Value value)
{
    OptionalValue optional;
    optional.held.push_back(std::move(value));
    return {std::move(optional)};
}
Value none()
{
    return {OptionalValue{}};
}

/// A collection with id 3, and a record of it in each payload version.
class Records : public testing::Test {
protected:
    Records()
    {
        FieldType object{.tag = TypeTag::Object};
        object.fields.push_back({.path = {{"x"}}, .type = {.tag = TypeTag::Float64}});
        object.fields.push_back({.path = {{"y"}}, .type = wrapped(TypeTag::Optional, {.tag = TypeTag::Bool})});
        m_fields = {
            field({"year"}, {.tag = TypeTag::Int64}),
            field({"title"}, {.tag = TypeTag::String}),
            field({"place"}, object),
            field({"deep", "er"}, {.tag = TypeTag::Uint64}),
            field({"tags"}, wrapped(TypeTag::List, {.tag = TypeTag::Enum, .variants = {"a"}})),
            field({"when"}, wrapped(TypeTag::Optional, wrapped(TypeTag::Optional, {.tag = TypeTag::Timestamp})))};
    }

    Record record(std::uint16_t payloadVersion) const
    {
        Record made{.head = {.payloadVersion = payloadVersion,
                             .collectionId = 3,
                             .schemaVersion = 5,
                             .operation = RecordHead::Insert,
                             .key = text("Dune")},
                    .fields = {}};
        const Value place{ObjectValue{.members = {{"x", {0.5}}, {"y", some({true})}}}};
        made.fields.push_back({{{"year"}}, number(-1965)});
        made.fields.push_back({{{"place"}}, place});
        if (payloadVersion >= Record::kVersionPaths)
            made.fields.push_back({{{"deep", "er"}}, {std::uint64_t{8}}});
        made.fields.push_back({{{"tags"}}, {ListValue{.values = {text("a"), text("no variant")}}}});
        made.fields.push_back({{{"when"}}, some(none())});
        return made;
    }

    Result<Record> decode(std::span<const std::byte> payload) const
    {
        return Record::decode(payload, kAt, [this](std::uint32_t collection, std::uint32_t) {
            return collection == 3 ? std::optional(RecordLayout{m_fields, m_primary, 5}) : std::nullopt;
        });
    }

    /// Decodes the record after `change`.
    Error fault(Record record, const std::function<void(Record &)> &change) const
    {
        change(record);
        const auto decoded = decode(record.encode());
        return decoded ? Error{.code = ErrorCode::Cancelled} : decoded.error();
    }

    std::vector<FieldDefinition> m_fields;
    std::string m_primary = "title";
};

TEST_F(Records, DecodeAsTheyEncodeInVersionsTwoAndThree)
{
    for (const auto version : {Record::kVersionValues, Record::kVersionPaths})
        EXPECT_EQ(decode(record(version).encode()), record(version)) << version;
}

TEST_F(Records, OfVersionOneHoldTheScalarsOfSingleSegmentFields)
{
    m_fields = {field({"title"}, {.tag = TypeTag::String}), field({"a", "b"}, {.tag = TypeTag::Int64}),
                field({"id"}, {.tag = TypeTag::Uuid}), field({"data"}, {.tag = TypeTag::Bytes})};
    auto old = record(Record::kVersionScalars);
    old.fields = {{{{"id"}}, {UuidBytes{std::byte{7}}}}, {{{"data"}}, {Value::Bytes{std::byte{1}, std::byte{0}}}}};
    EXPECT_EQ(decode(old.encode()), old);

    m_fields[2].type = wrapped(TypeTag::Optional, {.tag = TypeTag::Uuid});
    EXPECT_EQ(outcome(decode(old.encode())), "RecordPayloadUnsupportedType");
}

TEST_F(Records, OfVersionThreeMayHaveTheirFieldsInAnyOrder)
{
    auto shuffled = record(Record::kVersionPaths);
    std::ranges::reverse(shuffled.fields);
    EXPECT_EQ(decode(shuffled.encode()), shuffled);
}

TEST_F(Records, OfVersionThreeHaveEachFieldOnceAndOnlyFieldsOfTheSchema)
{
    const auto whole = record(Record::kVersionPaths);
    EXPECT_EQ(fault(whole, [](Record &it) { it.fields[0].path = {{"year", "x"}}; }).code,
              ErrorCode::RecordPayloadTypeMismatch);
    EXPECT_EQ(fault(whole, [](Record &it) { it.fields[1] = it.fields[0]; }).code, ErrorCode::RecordPayloadTypeMismatch);
    EXPECT_EQ(fault(whole, [](Record &it) { it.fields[0].path = {{"title"}}; }).code,
              ErrorCode::RecordPayloadTypeMismatch)
        << "the key is no value";
    EXPECT_EQ(fault(whole, [](Record &it) { it.fields.pop_back(); }).code, ErrorCode::RecordPayloadTypeMismatch);
}

TEST_F(Records, OfVersionThreeHaveSoundPaths)
{
    const auto whole = record(Record::kVersionPaths);
    EXPECT_EQ(fault(whole, [](Record &it) { it.fields[0].path.segments.clear(); }).code, ErrorCode::InvalidFieldPath);
    EXPECT_EQ(fault(whole, [](Record &it) { it.fields[0].path = {{""}}; }).code, ErrorCode::InvalidFieldPath);
    EXPECT_EQ(fault(whole, [](Record &it) { it.fields[0].path = {{"\xFF"}}; }).code, ErrorCode::InvalidRecordUtf8);
}

TEST_F(Records, DoNotCopyTheNamesOfTheSchema)
{
    FieldType point{.tag = TypeTag::Object};
    point.fields.push_back({.path = {{std::string(1'000'000, 'x')}}, .type = {.tag = TypeTag::Bool}});
    m_fields = {field({"title"}, {.tag = TypeTag::String}), field({"points"}, wrapped(TypeTag::List, point))};
    auto made = record(Record::kVersionValues);
    const Value one{ObjectValue{.members = {{"", {true}}}}};
    made.fields = {{{{"points"}}, {ListValue{.values = std::vector<Value>(1000, one)}}}};

    const auto decoded = decode(made.encode());
    ASSERT_TRUE(decoded);
    EXPECT_EQ(&decoded->fields[0].path.segments[0].str(), &m_fields[1].path.segments[0].str());
    const auto *name = &m_fields[1].type.inner[0].fields[0].path.segments[0].str();
    for (const auto &value : std::get<ListValue>(decoded->fields[0].value.data).values)
        ASSERT_EQ(&std::get<ObjectValue>(value.data).members[0].name.str(), name);
}

TEST_F(Records, OfADeleteHaveNoValues)
{
    auto deleted = record(Record::kVersionValues);
    deleted.head.operation = RecordHead::Delete;
    EXPECT_EQ(outcome(decode(deleted.encode())), "RecordPayloadTypeMismatch");
    deleted.fields.clear();
    EXPECT_EQ(decode(deleted.encode()), deleted);
}

TEST_F(Records, OfAnyOtherOperationAreInserts)
{
    auto odd = record(Record::kVersionValues);
    odd.head.operation = 9;
    EXPECT_EQ(decode(odd.encode()), odd);
}

TEST_F(Records, AreOfAKnownVersionAndCollectionWhichIsSaidInThisOrder)
{
    auto bytes = record(Record::kVersionValues).encode();
    for (const int version : {0, 4}) {
        bytes[0] = static_cast<std::byte>(version);
        const auto decoded = decode(bytes);
        ASSERT_FALSE(decoded);
        EXPECT_EQ(decoded.error().code, ErrorCode::UnknownRecordPayloadVersion);
        EXPECT_EQ(decoded.error().found, static_cast<std::uint64_t>(version));
    }
    bytes[2] = std::byte{9};
    EXPECT_EQ(outcome(decode(bytes)), "UnknownRecordPayloadVersion");
    EXPECT_EQ(outcome(decode(std::span(bytes).first(5))), "TruncatedRecordPayload");
    bytes[0] = std::byte{2};
    const auto decoded = decode(std::span(bytes).first(6));
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error(),
              (Error{.code = ErrorCode::UnknownCollection, .offset = kAt + 2}));
}

TEST_F(Records, HaveAKeyOfThePrimaryFieldsType)
{
    const auto error = fault(record(Record::kVersionValues), [](Record &it) { it.head.key = number(1); });
    EXPECT_EQ(error,
              (Error{.code = ErrorCode::RecordPayloadTypeMismatch, .offset = kAt + 11, .expected = 4, .found = 1}));
    m_fields[1].type = wrapped(TypeTag::Optional, {.tag = TypeTag::String});
    EXPECT_EQ(outcome(decode(record(Record::kVersionValues).encode())), "RecordPayloadTypeMismatch")
        << "a key is a scalar, whatever the schema says";
}

TEST_F(Records, OfACollectionWithoutPrimaryFieldAreReadByTheirOwnTag)
{
    m_primary.clear();
    m_fields.resize(1);
    auto odd = record(Record::kVersionValues);
    odd.fields.resize(1);
    EXPECT_EQ(decode(odd.encode()), odd);
    odd.head.key = {OptionalValue{}};
    EXPECT_NE(outcome(decode(odd.encode())), "ok");
}

TEST_F(Records, HaveValuesOfTheTypesOfTheSchema)
{
    const auto whole = record(Record::kVersionValues);
    EXPECT_EQ(fault(whole, [](Record &it) { it.fields[0].value = {std::uint64_t{1}}; }).code,
              ErrorCode::RecordPayloadTypeMismatch);
    EXPECT_EQ(fault(whole, [](Record &it) { it.fields[2].value = {ListValue{.values = {number(1)}}}; }).code,
              ErrorCode::RecordPayloadTypeMismatch)
        << "an enum is a string";
    EXPECT_EQ(fault(whole, [](Record &it) { it.fields.pop_back(); }).code, ErrorCode::RecordPayloadTypeMismatch);
}

TEST_F(Records, HaveOptionalsThatAreThereOrNot)
{
    m_fields = {field({"title"}, {.tag = TypeTag::String}),
                field({"maybe"}, wrapped(TypeTag::Optional, {.tag = TypeTag::Bool}))};
    auto made = record(Record::kVersionValues);
    made.fields = {{{{"maybe"}}, none()}};
    auto bytes = made.encode();
    bytes.back() = std::byte{2};
    const auto decoded = decode(bytes);
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, ErrorCode::RecordPayloadTypeMismatch);
    EXPECT_EQ(decoded.error().offset, kAt + (bytes.size() - 1));
}

TEST_F(Records, HaveTrueInEveryByteButZero)
{
    m_fields = {field({"title"}, {.tag = TypeTag::String}), field({"flag"}, {.tag = TypeTag::Bool})};
    auto made = record(Record::kVersionValues);
    made.fields = {{{{"flag"}}, {true}}};
    auto bytes = made.encode();
    bytes.back() = std::byte{0x80};
    EXPECT_EQ(decode(bytes), made);
}

TEST_F(Records, HaveTextInUtf8)
{
    const auto error = fault(record(Record::kVersionValues), [](Record &it) { it.head.key = text("a\xC0\x80"); });
    EXPECT_EQ(error, (Error{.code = ErrorCode::InvalidRecordUtf8, .offset = kAt + 16, .expected = 0, .found = 1}));
}

TEST_F(Records, NeedEveryByteAndNoMore)
{
    for (const auto version : {Record::kVersionValues, Record::kVersionPaths}) {
        auto bytes = record(version).encode();
        for (std::size_t size = 0; size < bytes.size(); ++size)
            EXPECT_EQ(outcome(decode(std::span(bytes).first(size))), "TruncatedRecordPayload") << size;
        bytes.push_back(std::byte{0});
        EXPECT_EQ(outcome(decode(bytes)), "TrailingRecordPayload");
    }
}

TEST_F(Records, WithALengthBeyondThePayloadAreTruncated)
{
    auto bytes = record(Record::kVersionValues).encode();
    for (std::size_t at = 12; at < 16; ++at) // of the key
        bytes[at] = std::byte{0xFF};
    EXPECT_EQ(outcome(decode(bytes)), "TruncatedRecordPayload");
}

TEST_F(Records, DecodeToNoMoreThanAMillionValuesEvenOfNoBytes)
{
    m_fields = {field({"title"}, {.tag = TypeTag::String}),
                field({"list"}, wrapped(TypeTag::List, {.tag = TypeTag::Object}))};
    auto made = record(Record::kVersionValues);
    made.fields = {{{{"list"}}, {ListValue{}}}};
    const auto withCount = [&](std::uint32_t count) {
        auto bytes = made.encode();
        ByteWriter writer;
        writer.u32(count);
        std::ranges::copy(writer.written(), bytes.end() - 4);
        return decode(bytes);
    };
    EXPECT_TRUE(withCount(1000));
    EXPECT_TRUE(withCount(kMaxListEntries - 1)) << "the list itself is the last one allowed";
    EXPECT_EQ(outcome(withCount(kMaxListEntries)), "TruncatedRecordPayload");
    EXPECT_EQ(outcome(withCount(0xFFFFFFFF)), "TruncatedRecordPayload");
}

TEST_F(Records, ShowTheirHeadToWhoDoesNotKnowTheCollection)
{
    const auto whole = record(Record::kVersionPaths);
    const auto bytes = whole.encode();
    EXPECT_EQ(RecordHead::decode(bytes, kAt), whole.head);
    EXPECT_EQ(RecordHead::decode(std::span(bytes).first(20), kAt), whole.head) << "the rest need not be there";
    EXPECT_EQ(outcome(RecordHead::decode(std::span(bytes).first(19), kAt)), "TruncatedRecordPayload");
}

TEST_F(Records, OfACollectionWhoseKeyCanBeNoScalarNeverDecode)
{
    m_primary = "when";
    auto payload = record(Record::kVersionValues);
    auto bytes = payload.encode();
    bytes[11] = static_cast<std::byte>(TypeTag::Optional); // the key's tag: what the schema asks for
    EXPECT_EQ(outcome(decode(bytes)), "RecordPayloadTypeMismatch");
}

TEST_F(Records, AreCheckedAndPickedFromAsTheyAreDecoded)
{
    const RecordLayout layout{m_fields, m_primary, 5};
    const RecordDecoder decoder(layout);
    const auto valueOf = [this](const Record &decoded, const FieldDefinition &field) -> std::optional<Value> {
        if (field.path.text() == m_primary)
            return decoded.head.key;
        const auto found = std::ranges::find(decoded.fields, field.path, &RecordField::path);
        return found != decoded.fields.end() ? std::optional(found->value) : std::nullopt;
    };
    std::minstd_rand random(7);
    int sound = 0;
    for (const auto version : {Record::kVersionValues, Record::kVersionPaths}) {
        const auto whole = record(version).encode();
        for (int round = 0; round < 2'000; ++round) {
            auto payload = whole;
            for (int flips = 0; flips < round % 4; ++flips)
                payload[random() % payload.size()] ^= static_cast<std::byte>(1U << random() % 8);
            if (round % 5 == 4)
                payload.resize(random() % payload.size());

            const auto decoded =
                Record::decode(payload, kAt, [&](std::uint32_t, std::uint32_t) { return std::optional(layout); });
            EXPECT_EQ(outcome(decoder.decode(payload, kAt)), outcome(decoded));
            const auto checked = decoder.check(payload, kAt);
            ASSERT_EQ(outcome(checked), outcome(decoded));
            for (std::size_t field = 0; field < layout.fields.size(); ++field) {
                const auto picked = decoder.value(payload, kAt, field);
                ASSERT_EQ(outcome(picked), outcome(decoded));
                if (picked) {
                    EXPECT_EQ(*picked, valueOf(*decoded, layout.fields[field]));
                }
            }
            if (!decoded)
                continue;
            ++sound;
            EXPECT_EQ(decoder.decode(payload, kAt), decoded);
            EXPECT_EQ(checked->operation, decoded->head.operation);
            EXPECT_TRUE(std::ranges::equal(checked->keyBytes, keyBytes(decoded->head.key).value()));
        }
    }
    EXPECT_GT(sound, 1'000);
}

TEST(Value, IsTheSameBitByBit)
{
    const double nan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_TRUE(isSameValue({nan}, {nan}));
    EXPECT_FALSE(isSameValue({0.0}, {-0.0}));
    EXPECT_TRUE(isSameValue(some(text("a")), some(text("a"))));
    EXPECT_FALSE(isSameValue(some(text("a")), text("a")));
    EXPECT_FALSE(isSameValue({std::int64_t{5}}, {std::uint64_t{5}}));
}

TEST(Value, KeyBytesAreThoseOfTheFormatPage)
{
    const auto bytes = [](const Value &value) { return keyBytes(value).value_or(Value::Bytes{std::byte{0xEE}}); };
    using Bytes = Value::Bytes;
    EXPECT_EQ(bytes({true}), (Bytes{std::byte{0}, std::byte{1}}));
    EXPECT_EQ(bytes({false}), (Bytes{std::byte{0}, std::byte{0}}));
    EXPECT_EQ(bytes(number(-2)).front(), std::byte{0xFE});
    EXPECT_EQ(bytes(number(-2)).size(), 8U);
    EXPECT_EQ(bytes({std::uint64_t{258}})[1], std::byte{1});
    EXPECT_EQ(bytes({1.0})[7], std::byte{0x3F});
    EXPECT_EQ(bytes({Timestamp{3}})[0], std::byte{3});
    EXPECT_EQ(bytes(text("ab")), test::byteVector("ab"));
    EXPECT_EQ(bytes({Bytes{}}), Bytes());
    EXPECT_EQ(bytes({UuidBytes{}}).size(), 16U);
    for (const Value &value : {none(), Value{ListValue{}}, Value{ObjectValue{}}})
        EXPECT_FALSE(keyBytes(value));
}

} // namespace
} // namespace modelvault
