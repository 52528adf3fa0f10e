#include "format/catalog_entry.h"

#include "support/results.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>

namespace modelvault {
namespace {

using test::outcome;

constexpr Offset kAt{9000};

FieldType scalar(TypeTag tag)
{
    return {.tag = tag};
}

FieldType wrapped(TypeTag tag, FieldType inner)
{
    FieldType type{.tag = tag};
    type.inner.push_back(std::move(inner));
    return type;
}

/// Everything that an entry can hold.
CatalogEntry rich()
{
    FieldType object{.tag = TypeTag::Object};
    object.fields.push_back({.path = {{"street"}}, .type = scalar(TypeTag::String)});
    object.fields.push_back({.path = {{"street"}}, .type = wrapped(TypeTag::Optional, scalar(TypeTag::Uuid))});
    const FieldType level{.tag = TypeTag::Enum, .variants = {"low", "high"}};
    const std::vector<Constraint> constraints{
        {ConstraintKind::MinInt64, std::int64_t{-5}},
        {ConstraintKind::MaxInt64, std::numeric_limits<std::int64_t>::max()},
        {ConstraintKind::MinUint64, std::uint64_t{1}},
        {ConstraintKind::MaxUint64, std::numeric_limits<std::uint64_t>::max()},
        {ConstraintKind::MinFloat64, -0.5},
        {ConstraintKind::MaxFloat64, 1e300},
        {ConstraintKind::MinLength, std::uint64_t{0}},
        {ConstraintKind::MaxLength, std::uint64_t{200}},
        {ConstraintKind::Regex, std::string("^a+$")},
        {ConstraintKind::Email, {}},
        {ConstraintKind::Url, {}},
        {ConstraintKind::NotEmpty, {}},
    };
    return {.collectionId = 7,
            .name = "people",
            .schemaVersion = 1,
            .fields = {{{{"id"}}, scalar(TypeTag::Int64), {}},
                       {{{"home", "address"}}, object, {}},
                       {{{"levels"}}, wrapped(TypeTag::List, level), constraints},
                       {{{"nothing"}}, {.tag = TypeTag::Object}, {}},
                       {{{"never"}}, {.tag = TypeTag::Enum}, {}}},
            .indexes = {{IndexKind::Unique, {{"id"}}, "by_id"}, {IndexKind::NonUnique, {{"no", "field"}}, "by_id"}},
            .primaryField = "id"};
}

/// What refuses the entry's bytes once `change` was done to them.
Error fault(const std::function<void(std::vector<std::byte> &)> &change, const CatalogEntry &entry = rich())
{
    auto bytes = entry.encode();
    change(bytes);
    const auto decoded = CatalogEntry::decode(bytes, kAt);
    return decoded ? Error{.code = ErrorCode::Cancelled} : decoded.error();
}

auto setting(std::size_t at, int value)
{
    return [at, value](std::vector<std::byte> &bytes) { bytes.at(at) = static_cast<std::byte>(value); };
}

TEST(CatalogEntry, DecodesWhatItEncodesInEveryPayloadVersionAndKind)
{
    EXPECT_EQ(CatalogEntry::decode(rich().encode(), kAt), rich());

    auto entry = rich();
    entry.kind = CatalogEntry::Kind::NewSchemaVersion;
    entry.schemaVersion = 2;
    entry.name.clear();
    entry.primaryField.clear();
    EXPECT_EQ(CatalogEntry::decode(entry.encode(), kAt), entry);

    entry = rich();
    entry.payloadVersion = 3;
    entry.indexes.clear();
    EXPECT_EQ(CatalogEntry::decode(entry.encode(), kAt), entry);
    entry.payloadVersion = 2;
    for (auto &field : entry.fields)
        field.constraints.clear();
    EXPECT_EQ(CatalogEntry::decode(entry.encode(), kAt), entry);
    entry.payloadVersion = 1;
    entry.primaryField.clear();
    EXPECT_EQ(CatalogEntry::decode(entry.encode(), kAt), entry);
}

TEST(CatalogEntry, WhatAnOlderPayloadVersionHasNoPlaceForIsLeftOut)
{
    auto entry = rich();
    entry.payloadVersion = 1;
    const auto decoded = CatalogEntry::decode(entry.encode(), kAt);
    ASSERT_TRUE(decoded);
    EXPECT_TRUE(decoded->indexes.empty());
    EXPECT_TRUE(decoded->primaryField.empty());
    EXPECT_TRUE(decoded->fields[2].constraints.empty());
}

TEST(CatalogEntry, PayloadVersionsOneToFourAreKnown)
{
    for (const int version : {0, 5}) {
        const auto error = fault(setting(0, version));
        EXPECT_EQ(error,
                  (Error{.code = ErrorCode::InvalidCatalogPayload,
                         .offset = kAt,
                         .expected = version == 0 ? 1U : 4U,
                         .found = static_cast<std::uint64_t>(version)}));
    }
}

TEST(CatalogEntry, KindsOneAndTwoAreKnown)
{
    for (const int kind : {0, 3}) {
        const auto error = fault(setting(2, kind));
        EXPECT_EQ(error.code, ErrorCode::InvalidCatalogPayload);
        EXPECT_EQ(error.offset, kAt + 2);
    }
}

TEST(CatalogEntry, ANameHasOneTo1023Bytes)
{
    auto entry = rich();
    entry.name = std::string(1023, 'n');
    EXPECT_TRUE(CatalogEntry::decode(entry.encode(), kAt));
    for (const std::size_t size : {0U, 1024U}) {
        entry.name = std::string(size, 'n');
        const auto decoded = CatalogEntry::decode(entry.encode(), kAt);
        ASSERT_FALSE(decoded);
        EXPECT_EQ(decoded.error().code, ErrorCode::InvalidCatalogPayload);
        EXPECT_EQ(decoded.error().offset, CatalogEntry::nameAt(kAt));
        EXPECT_EQ(decoded.error().found, size);
    }
}

TEST(CatalogEntry, SoHaveIndexesAndPrimaryFieldsButTheLatterMayBeNone)
{
    auto entry = rich();
    entry.primaryField.clear();
    EXPECT_TRUE(CatalogEntry::decode(entry.encode(), kAt));
    entry.primaryField = std::string(1024, 'p');
    EXPECT_EQ(outcome(CatalogEntry::decode(entry.encode(), kAt)), "InvalidCatalogPayload");
    for (const std::size_t size : {0U, 1024U}) {
        entry = rich();
        entry.indexes.front().name = std::string(size, 'i');
        EXPECT_EQ(outcome(CatalogEntry::decode(entry.encode(), kAt)), "InvalidCatalogPayload");
    }
}

TEST(CatalogEntry, ATextIsUtf8)
{
    auto entry = rich();
    entry.name = "\xC3\x28";
    const auto decoded = CatalogEntry::decode(entry.encode(), kAt);
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, ErrorCode::InvalidCatalogPayload);
    EXPECT_EQ(decoded.error().offset, CatalogEntry::nameAt(kAt) + 4);
}

TEST(CatalogEntry, APathHasSegmentsAndNoneIsEmpty)
{
    auto entry = rich();
    entry.fields.front().path.segments.clear();
    EXPECT_EQ(outcome(CatalogEntry::decode(entry.encode(), kAt)), "InvalidFieldPath");
    entry.fields.front().path.segments = {"a", ""};
    EXPECT_EQ(outcome(CatalogEntry::decode(entry.encode(), kAt)), "InvalidFieldPath");
    entry = rich();
    entry.indexes.back().path.segments.clear();
    EXPECT_EQ(outcome(CatalogEntry::decode(entry.encode(), kAt)), "InvalidFieldPath");
}

TEST(CatalogEntry, TagsOfTypesConstraintsAndIndexesAreKnown)
{
    CatalogEntry entry{.collectionId = 1, .name = "c", .fields = {{{{"f"}}, scalar(TypeTag::Bool), {}}}};
    entry.fields.front().constraints.push_back({ConstraintKind::Email, {}});
    entry.indexes.push_back({IndexKind::Unique, {{"f"}}, "i"});
    const auto bytes = entry.encode();
    // version, kind, id, name, schema version, field count, path
    const std::size_t type = 2 + 2 + 4 + 5 + 4 + 4 + 9;
    const std::size_t constraint = type + 1 + 4;
    const std::size_t index = constraint + 1 + 4;
    ASSERT_EQ(bytes[constraint], std::byte{10});
    ASSERT_EQ(bytes[index], std::byte{1});
    for (const auto &[at, value] : {std::pair{type, 12}, {constraint, 0}, {constraint, 13}, {index, 0}, {index, 3}}) {
        const auto error = fault(setting(at, value), entry);
        EXPECT_EQ(error.code, ErrorCode::InvalidCatalogPayload) << at;
        EXPECT_EQ(error.offset, kAt + at);
        EXPECT_EQ(error.found, static_cast<std::uint64_t>(value));
    }
}

TEST(CatalogEntry, TypesNestUpToDepth32)
{
    auto entry = rich();
    FieldType type = scalar(TypeTag::Bool);
    for (std::uint32_t depth = 0; depth < kMaxTypeDepth; ++depth)
        type = wrapped(TypeTag::List, std::move(type));
    entry.fields.front().type = type;
    EXPECT_TRUE(CatalogEntry::decode(entry.encode(), kAt));
    entry.fields.front().type = wrapped(TypeTag::Optional, std::move(type));
    EXPECT_EQ(outcome(CatalogEntry::decode(entry.encode(), kAt)), "InvalidCatalogPayload");
}

TEST(CatalogEntry, ASchemaHasAtMost4096Fields)
{
    CatalogEntry entry{.collectionId = 1, .name = "c"};
    for (std::uint32_t i = 0; i < kMaxFields; ++i)
        entry.fields.push_back({{{std::to_string(i)}}, scalar(TypeTag::Bool), {}});
    EXPECT_TRUE(CatalogEntry::decode(entry.encode(), kAt));
    entry.fields.push_back({{{"one more"}}, scalar(TypeTag::Bool), {}});
    const auto decoded = CatalogEntry::decode(entry.encode(), kAt);
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, ErrorCode::InvalidCatalogPayload);
    EXPECT_EQ(decoded.error().expected, kMaxFields);
}

TEST(CatalogEntry, ACountThatLiesReservesNothing)
{
    CatalogEntry entry{.collectionId = 1, .name = "c"};
    auto bytes = entry.encode();
    const auto count = CatalogEntry::nameAt(kAt) - kAt + 5 + 4;
    std::ranges::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(count), 4, std::byte{0xFF});
    // What follows is taken for the first field's path, whose count of segments is that of the indexes: none.
    EXPECT_EQ(outcome(CatalogEntry::decode(bytes, kAt)), "InvalidFieldPath");
}

TEST(CatalogEntry, NoByteIsMissingAndNoneFollows)
{
    const auto whole = rich().encode();
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(CatalogEntry::decode(std::span(whole).first(size), kAt)) << size;
    const auto error = fault([](auto &bytes) { bytes.push_back(std::byte{0}); });
    EXPECT_EQ(
        error,
        (Error{.code = ErrorCode::InvalidCatalogPayload, .offset = kAt + whole.size(), .expected = 0, .found = 1}));
}

TEST(CatalogEntry, OnePayloadHoldsNoMoreThanAMillionOfTypesAndTexts)
{
    CatalogEntry entry{.collectionId = 1, .name = "c"};
    FieldType type{.tag = TypeTag::Enum};
    type.variants.resize(kMaxValues - 2); // the field and its path's segment are the others
    entry.fields.push_back({{{"f"}}, type, {}});
    EXPECT_TRUE(CatalogEntry::decode(entry.encode(), kAt));
    entry.fields.front().type.variants.emplace_back();
    const auto decoded = CatalogEntry::decode(entry.encode(), kAt);
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, ErrorCode::InvalidCatalogPayload);
    EXPECT_EQ(decoded.error().expected, kMaxValues);
}

TEST(FieldPath, IsAPrefixOfItselfAndOfLongerOnes)
{
    const FieldPath home{{"home"}};
    const FieldPath street{{"home", "street"}};
    EXPECT_TRUE(home.isPrefixOf(home));
    EXPECT_TRUE(home.isPrefixOf(street));
    EXPECT_FALSE(street.isPrefixOf(home));
    EXPECT_FALSE(FieldPath{{"hom"}}.isPrefixOf(home));
    EXPECT_EQ(street.text(), "home.street");
}

} // namespace
} // namespace modelvault
