#include "check/value_rules.h"

#include <gmock/gmock.h>

#include <limits>

namespace modelvault {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

FieldType optional(FieldType inner)
{
    return {.tag = TypeTag::Optional, .inner = {std::move(inner)}};
}

class ValueRule : public testing::Test {
protected:
    /// Whether a value of a field with that one constraint keeps it.
    static bool keeps(Constraint constraint, Value value, FieldType type = {.tag = TypeTag::String})
    {
        const std::vector<FieldDefinition> fields{
            {.path = {{"f"}}, .type = std::move(type), .constraints = {std::move(constraint)}}};
        return subjects(fields, std::move(value)).empty();
    }
    static std::vector<std::string> subjects(const std::vector<FieldDefinition> &fields, Value value)
    {
        std::size_t budget = 9;
        const ValueRules rules(fields, "key", budget);
        Record record;
        record.fields.push_back({.path = {{"f"}}, .value = std::move(value)});
        std::vector<std::string> found;
        for (const auto &breach : rules.breaches(record))
            found.push_back(breach.subject);
        return found;
    }
};

TEST_F(ValueRule, LimitsOfNumbersAreAllowedThemselves)
{
    const Constraint least{ConstraintKind::MinInt64, std::int64_t{-3}};
    EXPECT_TRUE(keeps(least, {std::int64_t{-3}}));
    EXPECT_FALSE(keeps(least, {std::int64_t{-4}}));
    const Constraint most{ConstraintKind::MaxUint64, std::uint64_t{9}};
    EXPECT_TRUE(keeps(most, {std::uint64_t{9}}));
    EXPECT_FALSE(keeps(most, {std::uint64_t{10}}));
    const Constraint small{ConstraintKind::MaxFloat64, 0.5};
    EXPECT_TRUE(keeps(small, {0.5}));
    EXPECT_FALSE(keeps(small, {0.75}));
    EXPECT_TRUE(keeps(small, {std::numeric_limits<double>::quiet_NaN()})) << "is not more";
    EXPECT_TRUE(keeps(most, {std::int64_t{10}})) << "of another type";
}

TEST_F(ValueRule, LengthsAreWrongOnlyInBytesAndInCharacters)
{
    const Constraint most{ConstraintKind::MaxLength, std::uint64_t{2}};
    EXPECT_TRUE(keeps(most, {"\u00E4\u00E4"}));
    EXPECT_FALSE(keeps(most, {"abc"}));
    const Constraint least{ConstraintKind::MinLength, std::uint64_t{3}};
    EXPECT_TRUE(keeps(least, {"\u00E4\u00E4"}));
    EXPECT_FALSE(keeps(least, {"ab"}));
    EXPECT_FALSE(keeps(least, {Value::Bytes(2)}));
    EXPECT_FALSE(keeps({ConstraintKind::NotEmpty, {}}, {ListValue{}}));
    EXPECT_TRUE(keeps({ConstraintKind::NotEmpty, {}}, {"x"}));
}

TEST_F(ValueRule, FormsOfText)
{
    const Constraint regex{ConstraintKind::Regex, std::string("^[a-z]+$")};
    EXPECT_TRUE(keeps(regex, {"abc"}));
    EXPECT_FALSE(keeps(regex, {"aBc"}));
    const Constraint email{ConstraintKind::Email, {}};
    EXPECT_TRUE(keeps(email, {"a@b.co"}));
    for (const auto *wrong : {"", "@", "a@", "@b", "ab"})
        EXPECT_FALSE(keeps(email, {wrong})) << wrong;
    const Constraint url{ConstraintKind::Url, {}};
    EXPECT_TRUE(keeps(url, {"https://example.com"}));
    EXPECT_TRUE(keeps(url, {"mailto:a@b"}));
    for (const auto *wrong : {"", "example.com", "://x", "1a:x", "https:"})
        EXPECT_FALSE(keeps(url, {wrong})) << wrong;
}

TEST_F(ValueRule, NoneKeepsAllOfThem)
{
    const Constraint least{ConstraintKind::MinLength, std::uint64_t{3}};
    EXPECT_TRUE(keeps(least, {OptionalValue{}}, optional({.tag = TypeTag::String})));
    EXPECT_FALSE(keeps(least, {OptionalValue{{{"ab"}}}}, optional({.tag = TypeTag::String})));
}

TEST_F(ValueRule, EnumsAreLookedForInsideOfValues)
{
    const FieldType color{.tag = TypeTag::Enum, .inner = {}, .fields = {}, .variants = {"red", "blue"}};
    FieldType object{.tag = TypeTag::Object};
    object.fields = {{.path = {{"colors"}}, .type = {.tag = TypeTag::List, .inner = {optional(color)}}}};
    const std::vector<FieldDefinition> fields{{.path = {{"f"}}, .type = object, .constraints = {}}};
    const auto valueOf = [](const char *last) {
        const ListValue list{{{OptionalValue{}}, {OptionalValue{{{"red"}}}}, {OptionalValue{{{last}}}}}};
        return Value{ObjectValue{{{.name = "colors", .value = {list}}}}};
    };
    EXPECT_THAT(subjects(fields, valueOf("blue")), IsEmpty());
    EXPECT_THAT(subjects(fields, valueOf("green")), ElementsAre("f"));
}

TEST_F(ValueRule, RegexesThatCantBeCheckedAreSaid)
{
    const auto regex = [](std::string pattern) { return Constraint{ConstraintKind::Regex, std::move(pattern)}; };
    const std::vector<FieldDefinition> fields{
        {.path = {{"f"}},
         .type = {.tag = TypeTag::String},
         .constraints = {regex("(?=x)"), regex("((a{100}){100}){100}"), regex("b"), regex("c")}}};
    std::size_t budget = 3;
    const ValueRules rules(fields, "key", budget);
    EXPECT_THAT(rules.unchecked(),
                ElementsAre(RuleBreach{ErrorCode::ConstraintNotChecked, "f: (?=x)", {{"f"}}, ConstraintKind::Regex},
                            RuleBreach{ErrorCode::ConstraintNotChecked,
                                       "f: ((a{100}){100}){100}",
                                       {{"f"}},
                                       ConstraintKind::Regex},
                            RuleBreach{ErrorCode::ConstraintNotChecked, "f: c", {{"f"}}, ConstraintKind::Regex}));
    Record record;
    record.fields.push_back({.path = {{"f"}}, .value = {"a"}});
    EXPECT_THAT(rules.breaches(record), SizeIs(1)) << "of the one that can";
}

TEST_F(ValueRule, TheKeyHasItsRulesToo)
{
    const std::vector<FieldDefinition> fields{{.path = {{"key"}},
                                               .type = {.tag = TypeTag::Int64},
                                               .constraints = {{ConstraintKind::MaxInt64, std::int64_t{5}}}}};
    std::size_t budget = 0;
    const ValueRules rules(fields, "key", budget);
    Record record;
    record.head.key = {std::int64_t{6}};
    EXPECT_THAT(rules.breaches(record), ElementsAre(RuleBreach{ErrorCode::ConstraintViolated, "key: max_i64", {{"key"}}, ConstraintKind::MaxInt64}));
}

} // namespace
} // namespace modelvault
