// A field of the tree as other programs read it.

#include "explain/decoded_json.h"

#include "explain/explainer.h"
#include "support/corpus.h"
#include "support/scanned.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace modelvault {
namespace {

using Json = nlohmann::ordered_json;
using test::Scanned;

/// The first record of a file, as JSON.
Json recordOf(const std::string &name, std::size_t nth = 0)
{
    const Scanned file(test::corpusFile(name).bytes());
    const Explainer explainer(*file.store, file.snapshot);
    for (const auto &segment : file.segments()) {
        if (segment.header.type == SegmentType::Record && nth-- == 0)
            return decodedJson(explainer.explain(segment).children.back());
    }
    return {};
}

TEST(DecodedJson, OfARecordHasItsValuesByName)
{
    const auto json = recordOf("valid-books");
    EXPECT_EQ(json.at("operation"), "insert");
    EXPECT_TRUE(json.at("primary key").is_string());
    EXPECT_TRUE(json.at("values").at("year").is_number_integer());
    EXPECT_FALSE(json.contains("reserved"));
}

TEST(DecodedJson, HasEveryTypeInAFormThatOtherProgramsRead)
{
    const auto json = recordOf("valid-all-types");
    for (const auto &[name, value] : json.items())
        EXPECT_FALSE(value.is_discarded()) << name;
    EXPECT_NE(json.dump().find("T00:"), std::string::npos) << "a time";
    EXPECT_EQ(Json::parse(json.dump()), json);
}

TEST(DecodedJson, OfTheHeaderNamesItsFields)
{
    const Scanned file(test::corpusFile("valid-empty").bytes());
    const auto json = decodedJson(Explainer(*file.store, file.snapshot).at({0}).value());
    EXPECT_EQ(json.at("magic"), "TDB0");
    EXPECT_FALSE(json.contains("reserved")) << "padding says nothing";
}

FieldNode field(std::string_view name, FieldValue value, FieldKind kind = FieldKind::Number)
{
    return {.role = FieldNode::Role::Field, .kind = kind, .name = name, .value = std::move(value)};
}

FieldNode structure(std::string_view name, std::string label, std::vector<FieldNode> children)
{
    return {.name = name, .label = std::move(label), .children = std::move(children)};
}

TEST(DecodedJson, GathersFieldsOfOneNameInAnArray)
{
    const auto node = structure(
        "record", {},
        {field("a", std::uint64_t{1}), field("b", true), field("a", std::uint64_t{2}), field("a", std::uint64_t{3})});
    EXPECT_EQ(decodedJson(node).dump(), R"({"a":[1,2,3],"b":true})");
}

TEST(DecodedJson, KeepsValuesApartFromFieldsOfTheFormat)
{
    auto value = structure("value", "count", {field("value", std::uint64_t{7})});
    value.value = std::uint64_t{7};
    const auto node = structure("record", {}, {field("count", std::uint64_t{1}), std::move(value)});
    EXPECT_EQ(decodedJson(node).dump(), R"({"count":1,"values":{"count":7}})");
}

TEST(DecodedJson, OfListsAndObjectsIsArraysAndObjects)
{
    const auto value = [](std::string label, std::string text) {
        auto node = structure("value", std::move(label), {field("text", text, FieldKind::Text)});
        node.kind = FieldKind::Text;
        node.value = text;
        return node;
    };
    auto list = structure("value", "tags", {field("count", std::uint64_t{2}), value("0", "x"), value("1", "y")});
    list.kind = FieldKind::Count;
    list.value = std::uint64_t{2};
    auto empty = structure("value", "none", {field("present", std::uint64_t{0})});
    empty.kind = FieldKind::None;
    const auto object =
        structure("value", "place", {field("present", std::uint64_t{1}), value("city", "Ulm"), list, empty});
    EXPECT_EQ(decodedJson(object).dump(), R"({"city":"Ulm","tags":["x","y"],"none":null})");
}

TEST(DecodedJson, OfBytesIsHexDigitsOrHowTheyBegin)
{
    auto bytes = std::vector<std::byte>(FirstBytes::kMost, std::byte{0xAB});
    EXPECT_EQ(decodedJson(field("bytes", FirstBytes::of(std::span(bytes).first(2)), FieldKind::Bytes)), "abab");
    EXPECT_EQ(decodedJson(field("bytes", FirstBytes::of({}), FieldKind::Bytes)), "");
    bytes.push_back({});
    const auto json = decodedJson(field("bytes", FirstBytes::of(bytes), FieldKind::Bytes));
    EXPECT_EQ(json.at("what"), "bytes");
    EXPECT_EQ(json.at("begins").get<std::string>().size(), 2 * FirstBytes::kMost);
}

TEST(DecodedJson, OfEveryFileOfTheCorpusIsJson)
{
    for (const auto &name : test::corpusNames()) {
        const Scanned file(test::corpusFile(name).bytes());
        const Explainer explainer(*file.store, file.snapshot);
        ASSERT_TRUE(explainer.forEach({0}, {file.snapshot->fileLength()}, [](const FieldNode &piece) {
            const auto text = decodedJson(piece).dump(-1, ' ', false, Json::error_handler_t::replace);
            EXPECT_FALSE(Json::parse(text, nullptr, false).is_discarded());
            return true;
        })) << name;
    }
}

} // namespace
} // namespace modelvault
