#include "export/described_json.h"

#include <gtest/gtest.h>

namespace modelvault {
namespace {

std::string text(const Value &value)
{
    return described(value).dump();
}

TEST(DescribedValue, WhatJsonHasIsAsItIs)
{
    EXPECT_EQ(text({true}), "true");
    EXPECT_EQ(text({std::string("Dune")}), R"("Dune")");
    EXPECT_EQ(text({OptionalValue{}}), "null");
    EXPECT_EQ(text({OptionalValue{{{false}}}}), "false");
    EXPECT_EQ(text({ListValue{{{std::string("a")}, {std::string("b")}}}}), R"(["a","b"])");
    EXPECT_EQ(text({ListValue{}}), "[]");
    EXPECT_EQ(text({ObjectValue{}}), "{}");
    EXPECT_EQ(text({ObjectValue{{{.name = "k", .value = {true}}}}}), R"({"k":true})");
}

TEST(DescribedValue, WhatJsonLacksLosesNothing)
{
    EXPECT_EQ(text({std::int64_t{INT64_MIN}}), R"({"$i64":"-9223372036854775808"})");
    EXPECT_EQ(text({std::uint64_t{UINT64_MAX}}), R"({"$u64":"18446744073709551615"})");
    EXPECT_EQ(text({Timestamp{-1}}), R"({"$ts":"-1"})");
    EXPECT_EQ(text({-0.0}), R"({"$f64":"8000000000000000"})");
    EXPECT_EQ(text({Value::Bytes{std::byte{0x00}, std::byte{0xAB}}}), R"({"$bytes":"00ab"})");
    UuidBytes uuid{};
    for (std::size_t i = 0; i < uuid.size(); ++i)
        uuid[i] = static_cast<std::byte>(i);
    EXPECT_EQ(text({uuid}), R"({"$uuid":"00010203-0405-0607-0809-0a0b0c0d0e0f"})");
}

TEST(DescribedRow, NestsWhatHasLongerPathsAndSortsItsKeys)
{
    const Record record{.head = {.key = {std::uint64_t{1}}},
                        .fields = {{.path = {{"z"}}, .value = {true}},
                                   {.path = {{"a", "c"}}, .value = {true}},
                                   {.path = {{"a", "b", "x"}}, .value = {false}}}};
    EXPECT_EQ(describedRow("id", record).dump(), R"({"a":{"b":{"x":false},"c":true},"id":{"$u64":"1"},"z":true})");
}

TEST(DescribedType, SaysWhatIsInside)
{
    const FieldType list{.tag = TypeTag::List, .inner = {{.tag = TypeTag::Timestamp}}};
    EXPECT_EQ(described(list).dump(), R"({"list":"timestamp"})");
    const FieldType optional{.tag = TypeTag::Optional, .inner = {{.tag = TypeTag::Enum, .variants = {"a", "b"}}}};
    EXPECT_EQ(described(optional).dump(), R"({"optional":{"enum":["a","b"]}})");
    const FieldType nested{.tag = TypeTag::Object, .fields = {{{{"p", "q"}}, {.tag = TypeTag::Bool}}}};
    EXPECT_EQ(described(nested).dump(), R"({"object":[{"path":["p","q"],"type":"bool"}]})");
    EXPECT_EQ(described(FieldType{.tag = TypeTag::Object}).dump(), R"({"object":[]})");
    EXPECT_EQ(described(FieldType{.tag = TypeTag::Enum}).dump(), R"({"enum":[]})");
}

TEST(DescribedConstraint, HasItsLimit)
{
    const auto constraint = [](ConstraintKind kind, Constraint::Value value) {
        return described(Constraint{.kind = kind, .value = std::move(value)}).dump();
    };
    EXPECT_EQ(constraint(ConstraintKind::MinInt64, std::int64_t{-4}), R"({"min_i64":"-4"})");
    EXPECT_EQ(constraint(ConstraintKind::MaxUint64, std::uint64_t{4}), R"({"max_u64":"4"})");
    EXPECT_EQ(constraint(ConstraintKind::MaxFloat64, 1.0), R"({"max_f64":"3ff0000000000000"})");
    EXPECT_EQ(constraint(ConstraintKind::MinLength, std::uint64_t{1}), R"({"min_length":1})");
    EXPECT_EQ(constraint(ConstraintKind::Regex, "^a"), R"({"regex":"^a"})");
    EXPECT_EQ(constraint(ConstraintKind::Url, {}), R"({"url":true})");
}

TEST(DescribedCollection, HasItsKeysInAFixedOrder)
{
    const Collection collection{.id = 3,
                                .name = "c",
                                .primaryField = "",
                                .versions = {{.number = 1,
                                              .fields = {{{{"f"}}, {.tag = TypeTag::Bool}, {}}},
                                              .indexes = {{IndexKind::Unique, {{"f"}}, "i"}}}}};
    EXPECT_EQ(described(collection).dump(),
              R"({"id":3,"name":"c","schema_version":1,"primary_field":null,)"
              R"("fields":[{"path":["f"],"type":"bool","constraints":[]}],)"
              R"("indexes":[{"name":"i","kind":"unique","path":["f"]}]})");
}

TEST(DescribedSchema, SaysWhatItChanged)
{
    const SchemaVersion first{.number = 1,
                              .fields = {{.path = {{"id"}}, .type = {.tag = TypeTag::Int64}}},
                              .place = {.segment = {3}, .payload = {0x2100}, .transaction = TransactionNo{1}}};
    auto second = first;
    second.number = 2;
    second.indexes = {{.kind = IndexKind::Unique, .path = {{"id"}}, .name = "by_id"}};
    EXPECT_EQ(described(first, nullptr).dump(),
              R"({"version":1,"segment":3,"offset":8416,"transaction":1,)"
              R"("fields":[{"path":["id"],"type":"int64","constraints":[]}],"indexes":[]})");
    const auto told = described(second, &first);
    EXPECT_EQ(told["class"], "needs_migration");
    EXPECT_EQ(told["changes"].dump(),
              R"([{"change":"index_added","class":"needs_migration","before":null,)"
              R"("after":null,"index":{"name":"by_id","kind":"unique","path":["id"]}}])");
}

} // namespace
} // namespace modelvault
