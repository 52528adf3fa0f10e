#include "database/schema_diff.h"

#include "sample/schema.h"

#include <gmock/gmock.h>

#include <limits>
#include <string>

namespace modelvault {
namespace {

using sample::field;
using sample::index;
using sample::optional;
using sample::unique;
using testing::ElementsAre;
using testing::IsEmpty;

SchemaVersion version(std::vector<FieldDefinition> fields, std::vector<IndexDefinition> indexes = {})
{
    return {.fields = std::move(fields), .indexes = std::move(indexes), .place = {}};
}

/// "field_added year: safe"
std::vector<std::string> told(const SchemaVersion &before, const SchemaVersion &after)
{
    std::vector<std::string> lines;
    for (const auto &change : schemaChanges(before, after)) {
        const auto *field = change.after != nullptr ? change.after : change.before;
        lines.push_back(std::string(schemaChangeName(change.kind)) + ' '
                        + (field != nullptr ? field->path.text() : change.index->name) + ": "
                        + std::string(changeRiskName(change.risk)));
    }
    return lines;
}

const FieldDefinition kTitle = field({"title"}, TypeTag::String);
const FieldDefinition kYear = field({"year"}, TypeTag::Int64);

TEST(SchemaDiff, OfTheSameIsNothing)
{
    const auto schema = version({kTitle, kYear}, {index("by_year", {"year"})});
    EXPECT_THAT(told(schema, schema), IsEmpty());
    EXPECT_EQ(riskOf(schemaChanges(schema, schema)), ChangeRisk::Safe);
    EXPECT_THAT(told(version({kTitle, kYear}), version({kYear, kTitle})), IsEmpty()) << "order is no difference";
}

TEST(SchemaDiff, NewOptionalFieldsAreSafeAndOthersNeedValues)
{
    EXPECT_THAT(told(version({kTitle}), version({kTitle, field({"note"}, optional(TypeTag::String)), kYear})),
                ElementsAre("field_added note: safe", "field_added year: needs_migration"));
}

TEST(SchemaDiff, WhatIsGoneOrOtherBreaks)
{
    auto limited = kYear;
    limited.constraints = {{.kind = ConstraintKind::MinInt64, .value = std::int64_t{1450}}};
    EXPECT_THAT(told(version({kTitle, kYear}), version({kTitle})), ElementsAre("field_removed year: breaking"));
    EXPECT_THAT(told(version({kYear}), version({limited})), ElementsAre("constraints_changed year: breaking"));
    EXPECT_THAT(told(version({limited}), version({field({"year"}, optional(TypeTag::Int64))})),
                ElementsAre("type_changed year: breaking", "constraints_changed year: breaking"));
    EXPECT_THAT(told(version({field({"a", "b"}, TypeTag::Bool)}), version({field({"a.b"}, TypeTag::Bool)})),
                ElementsAre("field_removed a.b: breaking", "field_added a.b: needs_migration"));
}

TEST(SchemaDiff, ALimitThatIsNoNumberIsStillTheSame)
{
    const auto limited =
        field({"x"}, TypeTag::Float64,
              {{.kind = ConstraintKind::MinFloat64, .value = std::numeric_limits<double>::quiet_NaN()}});
    EXPECT_THAT(told(version({limited}), version({limited})), IsEmpty());
    const auto zero = field({"x"}, TypeTag::Float64, {{.kind = ConstraintKind::MinFloat64, .value = 0.0}});
    const auto other = field({"x"}, TypeTag::Float64, {{.kind = ConstraintKind::MaxFloat64, .value = 0.0}});
    EXPECT_THAT(told(version({zero}), version({other})), ElementsAre("constraints_changed x: breaking"));
}

TEST(SchemaDiff, OnlyNewUniqueIndexesNeedMigration)
{
    const auto before = version({kTitle, kYear}, {index("old", {"year"}), index("both", {"title"})});
    const auto after =
        version({kTitle, kYear}, {index("both", {"title"}), index("plain", {"year"}), unique("one", {"title"})});
    EXPECT_THAT(told(before, after),
                ElementsAre("index_removed old: safe", "index_added plain: safe", "index_added one: needs_migration"));
    EXPECT_EQ(riskOf(schemaChanges(before, after)), ChangeRisk::NeedsMigration);
    EXPECT_THAT(told(version({kYear}, {index("by", {"year"})}), version({kYear}, {unique("by", {"year"})})),
                ElementsAre("index_removed by: safe", "index_added by: needs_migration"));
}

} // namespace
} // namespace modelvault
