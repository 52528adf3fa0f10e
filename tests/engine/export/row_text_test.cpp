// Rows as other programs take them from a clipboard.

#include "export/row_text.h"

#include "export/json_row.h"
#include "sample/schema.h"
#include "support/results.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace modelvault {
namespace {

using nlohmann::json;
using sample::field;
using sample::none;
using sample::optional;
using sample::text;

std::vector<FieldDefinition> fields()
{
    return {field({"title"}, TypeTag::String), field({"author", "name"}, optional(TypeTag::String)),
            field({"year"}, TypeTag::Int64)};
}

std::string copied(RowTextFormat format, const std::vector<std::vector<Value>> &rows)
{
    RowText made(format, fields());
    for (const auto &row : rows) {
        std::vector<const Value *> values;
        for (const auto &value : row)
            values.push_back(&value);
        made.add(values);
    }
    return std::move(made).take();
}

const std::vector<std::vector<Value>> kRows{
    {text("Dune"), sample::some(text("Herbert, Frank")), {std::int64_t{1965}}},
    {text("a\tb\n\"c\""), none(), {std::int64_t{-1}}},
};

TEST(IndentedJson, HasALineForEachMemberAndElement)
{
    EXPECT_EQ(indentedJson(R"({"a": [1, -2.5], "b": {"c": null}, "d": [], "e": {}, "f": "x, {\" \\"})"),
              "{\n"
              "  \"a\": [\n"
              "    1,\n"
              "    -2.5\n"
              "  ],\n"
              "  \"b\": {\n"
              "    \"c\": null\n"
              "  },\n"
              "  \"d\": [],\n"
              "  \"e\": {},\n"
              "  \"f\": \"x, {\\\" \\\\\"\n"
              "}");
    EXPECT_EQ(indentedJson("{}"), "{}");
    EXPECT_EQ(indentedJson("\"a [b\""), "\"a [b\"");
}

TEST(RowText, CsvHasLineFeeds)
{
    EXPECT_EQ(copied(RowTextFormat::Csv, kRows),
              "title,author.name,year\n"
              "Dune,\"Herbert, Frank\",1965\n"
              "\"a\tb\n\"\"c\"\"\",,-1\n");
}

TEST(RowText, TabsPartValuesAndAreQuotedWithinThem)
{
    EXPECT_EQ(copied(RowTextFormat::Tsv, kRows),
              "title\tauthor.name\tyear\n"
              "Dune\tHerbert, Frank\t1965\n"
              "\"a\tb\n\"\"c\"\"\"\t\t-1\n");
}

TEST(RowText, JsonNestsAndHasNullForNone)
{
    const json dune{{"title", "Dune"}, {"author", {{"name", "Herbert, Frank"}}}, {"year", 1965}};
    const json other{{"title", "a\tb\n\"c\""}, {"author", {{"name", nullptr}}}, {"year", -1}};
    const auto lines = copied(RowTextFormat::JsonLines, kRows);
    const auto end = lines.find('\n');
    EXPECT_EQ(json::parse(lines.substr(0, end)), dune);
    EXPECT_EQ(json::parse(lines.substr(end + 1)), other);
    EXPECT_EQ(json::parse(copied(RowTextFormat::JsonArray, kRows)), json::array({dune, other}));
}

TEST(RowText, NoRowsAreAnEmptyArrayAndOnlyNames)
{
    EXPECT_EQ(json::parse(copied(RowTextFormat::JsonArray, {})), json::array());
    EXPECT_EQ(copied(RowTextFormat::JsonLines, {}), "");
    EXPECT_EQ(copied(RowTextFormat::Csv, {}), "title,author.name,year\n");
}

TEST(RowText, MarkdownIsATableInWhichNothingElseIsMarkup)
{
    const std::vector<std::vector<Value>> rows{{text("a|b\r\n*c* <i> \\"), none(), {std::int64_t{7}}}};
    EXPECT_EQ(copied(RowTextFormat::Markdown, rows),
              "| title | author.name | year |\n"
              "| --- | --- | ---: |\n"
              "| a\\|b<br>\\*c\\* \\<i\\> \\\\ |  | 7 |\n");
}

TEST(RowText, WhatARowDoesNotSayIsLikeNone)
{
    const Value title = text("x");
    const std::vector<const Value *> row{&title, nullptr, nullptr};
    for (const auto &[format, expected] :
         {std::pair{RowTextFormat::Csv, "title,author.name,year\nx,,\n"},
          std::pair{RowTextFormat::JsonLines, "{\"title\": \"x\", \"author\": {\"name\": null}, \"year\": null}\n"},
          std::pair{RowTextFormat::Markdown, "| title | author.name | year |\n| --- | --- | ---: |\n| x |  |  |\n"}}) {
        RowText made(format, fields());
        made.add(row);
        EXPECT_EQ(made.size(), std::string(expected).size());
        EXPECT_EQ(std::move(made).take(), expected);
    }
}

TEST(RowText, NamesThatAreTheSameGetNumbers)
{
    RowText made(RowTextFormat::Csv, {field({"a", "b"}, TypeTag::Bool), field({"a.b"}, TypeTag::Bool)});
    EXPECT_EQ(std::move(made).take(), "a.b,a.b (2)\n");
}

} // namespace
} // namespace modelvault
