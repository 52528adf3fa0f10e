#include "export/schema_text.h"

#include "sample/schema.h"

#include <gmock/gmock.h>

#include <string>

namespace modelvault {
namespace {

using sample::listOf;
using sample::object;
using sample::oneOf;
using sample::optional;
using testing::EndsWith;
using testing::SizeIs;

TEST(SchemaText, OfATypeSaysWhatIsInside)
{
    EXPECT_EQ(typeText(sample::type(TypeTag::Int64)), "int64");
    EXPECT_EQ(typeText(optional(listOf(sample::type(TypeTag::String)))), "optional<list<string>>");
    EXPECT_EQ(typeText(oneOf({"novel", "poetry"})), "enum(novel, poetry)");
    EXPECT_EQ(typeText(object({{.path = {{"a", "b"}}, .type = sample::type(TypeTag::Bool)}})), "object{a.b: bool}");
}

TEST(SchemaText, OfALongTypeIsCut)
{
    const auto many = typeText(oneOf(std::vector<std::string>(1000, "variant")));
    EXPECT_LT(many.size(), 300U);
    EXPECT_THAT(many, EndsWith("…)"));
    EXPECT_LT(typeText(oneOf({std::string(10'000, 'x')})).size(), 100U);
    FieldType deep = sample::type(TypeTag::Bool);
    for (int i = 0; i < 32; ++i)
        deep = optional(std::move(deep));
    EXPECT_LT(typeText(deep).size(), 400U);
}

TEST(SchemaText, OfAConstraintHasItsLimit)
{
    EXPECT_EQ(constraintText({.kind = ConstraintKind::MinInt64, .value = std::int64_t{-4}}), "min_i64 -4");
    EXPECT_EQ(constraintText({.kind = ConstraintKind::MaxLength, .value = std::uint64_t{4}}), "max_length 4");
    EXPECT_EQ(constraintText({.kind = ConstraintKind::MinFloat64, .value = 0.5}), "min_f64 0.5");
    EXPECT_EQ(constraintText({.kind = ConstraintKind::NotEmpty, .value = {}}), "nonempty");
    EXPECT_EQ(constraintText({.kind = ConstraintKind::Regex, .value = "[a-z]+"}), "regex \"[a-z]+\"");
}

TEST(SchemaText, OfALongConstraintIsCutBetweenCharacters)
{
    std::string pattern(59, 'a');
    pattern += "é and more";
    EXPECT_EQ(constraintText({.kind = ConstraintKind::Regex, .value = pattern}),
              "regex \"" + std::string(59, 'a') + "\"…");
}

} // namespace
} // namespace modelvault
