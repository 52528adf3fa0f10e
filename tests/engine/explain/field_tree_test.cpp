#include "explain/field_tree.h"

#include "format/byte_reader.h"
#include "format/byte_writer.h"

#include <gtest/gtest.h>

#include <format>
#include <functional>

namespace modelvault {
namespace {

/// What `read` reads of so many bytes 0, 1, 2, …, and the tree that it makes.
FieldNode tree(std::size_t size, const std::function<void(ByteReader &, FieldTreeBuilder &)> &read,
               ExplainFocus focus = {})
{
    ByteWriter writer;
    for (std::size_t i = 0; i < size; ++i)
        writer.u8(static_cast<std::uint8_t>(i));
    auto budget = focus.nodes;
    FieldTreeBuilder builder("all", Offset{100}, focus, budget);
    ByteReader reader(writer.written(), Offset{100}, &builder);
    read(reader, builder);
    return std::move(builder).finish(Offset{100 + size});
}

/// "all[a:2 b[c:1]]": names and lengths.
std::string shape(const FieldNode &node)
{
    if (node.isLeaf())
        return std::format("{}:{}", node.name, node.length());
    std::string text = std::string(node.name) + "[";
    for (const auto &child : node.children)
        text += (text.back() == '[' ? "" : " ") + shape(child);
    return text + "]";
}

TEST(FieldTree, HasTheFieldsThatWereReadAndTheBytesThatWereNot)
{
    const auto root = tree(10, [](ByteReader &reader, FieldTreeBuilder &builder) {
        (void)reader.u16({"a"});
        builder.open("b");
        (void)reader.u8({"c"});
        reader.skip(2);
        builder.close();
    });
    EXPECT_EQ(shape(root), "all[a:2 b[c:1 reserved:2] unexplained:5]");
    EXPECT_EQ(std::get<std::uint64_t>(root.children[0].value), 0x0100U);
    EXPECT_EQ(root.children[1].children[1].role, FieldNode::Role::Padding);
    EXPECT_EQ(root.children[1].children[1].found, 2U) << "bytes that are not zero";
    EXPECT_EQ(root.children[2].role, FieldNode::Role::Unexplained);
}

TEST(FieldTree, CutsLongLabelsBetweenCharacters)
{
    constexpr auto kMost = FieldTreeBuilder::kLabelBytes;
    const auto labelled = [](const std::string &label) {
        return tree(0, [&label](ByteReader &, FieldTreeBuilder &builder) { builder.label(label); }).label;
    };
    EXPECT_EQ(labelled(std::string(kMost, 'x')), std::string(kMost, 'x'));
    EXPECT_EQ(labelled(std::string(1'000'000, 'x')), std::string(kMost, 'x') + "…");
    EXPECT_EQ(labelled(std::string(kMost - 1, 'x') + "ü"), std::string(kMost - 1, 'x') + "…");
}

TEST(FieldTree, JudgesFieldsByTheirRules)
{
    const auto root = tree(8, [](ByteReader &reader, FieldTreeBuilder &builder) {
        (void)reader.u8({"right", mustBe(0)});
        (void)reader.u8({"low", between(5, 9)});
        (void)reader.u8({"high", mustBe(1)});
        (void)reader.u8({"ignored", unchecked(mustBe(9))});
        (void)reader.u8({"free"});
        (void)reader.u8({"late"});
        builder.judge(checksumOf(Offset{100}, Offset{105}, 77));
        (void)reader.text(2, {.name = "text", .rule = {.kind = Rule::Kind::Utf8}});
    });
    const auto at = [&root](std::size_t i) -> const FieldNode & { return root.children[i]; };
    EXPECT_EQ(at(0).verdict, Verdict::Right);
    EXPECT_EQ(at(1).verdict, Verdict::Wrong);
    EXPECT_EQ(at(1).expected, 5U);
    EXPECT_EQ(at(1).found, 1U);
    EXPECT_EQ(at(2).expected, 1U);
    EXPECT_EQ(at(2).found, 2U);
    EXPECT_EQ(at(3).verdict, Verdict::NotChecked);
    EXPECT_EQ(at(3).expected, 9U);
    EXPECT_EQ(at(4).verdict, Verdict::NotChecked);
    EXPECT_EQ(at(5).verdict, Verdict::Wrong);
    EXPECT_EQ(at(5).rule.coversEnd, Offset{105});
    EXPECT_EQ(at(6).verdict, Verdict::Right);
}

TEST(FieldTree, AFieldThatDoesNotFitGetsWhatIsLeftAndIsToldOnce)
{
    const auto root = tree(3, [](ByteReader &reader, FieldTreeBuilder &) {
        (void)reader.u16({"a"});
        (void)reader.u32({"b"});
        (void)reader.u8({"c"});
    });
    EXPECT_EQ(shape(root), "all[a:2 b:1]");
    EXPECT_EQ(root.children[1].role, FieldNode::Role::Unexplained);
    EXPECT_EQ(root.children[1].expected, 4U);
    EXPECT_EQ(root.children[1].found, 1U);
}

TEST(FieldTree, AFaultMarksTheFieldAtItsPlaceAndAllAroundIt)
{
    auto root = tree(6, [](ByteReader &reader, FieldTreeBuilder &builder) {
        (void)reader.u8({"a"});
        builder.open("b");
        (void)reader.u8({"c"});
        (void)reader.u8({"d"});
        builder.close();
        builder.fault({.code = ErrorCode::InvalidCatalogPayload, .offset = Offset{102}, .expected = 8, .found = 2});
    });
    const auto &inner = root.children[1];
    EXPECT_EQ(root.error, ErrorCode::InvalidCatalogPayload);
    EXPECT_EQ(inner.error, ErrorCode::InvalidCatalogPayload);
    EXPECT_EQ(inner.verdict, Verdict::NotChecked);
    EXPECT_FALSE(inner.children[0].error);
    EXPECT_EQ(inner.children[1].verdict, Verdict::Wrong);
    EXPECT_EQ(inner.children[1].expected, 8U);

    markFault(root, {.code = ErrorCode::InvalidFieldPath, .offset = Offset{101}});
    EXPECT_EQ(root.children[1].verdict, Verdict::Wrong) << "where a structure begins, all of it is meant";
    EXPECT_EQ(root.children[1].error, ErrorCode::InvalidFieldPath);
    EXPECT_FALSE(root.children[1].children[0].error) << "but not its first field for itself";
}

TEST(FieldTree, APathLeadsFromTheWholeToTheLeaf)
{
    const auto root = tree(4, [](ByteReader &reader, FieldTreeBuilder &builder) {
        builder.open("b");
        (void)reader.bytes(0, {"empty"});
        (void)reader.u16({"c"});
        builder.close();
    });
    const auto names = [&root](Offset offset) {
        std::string text;
        for (const auto *node : pathTo(root, offset))
            text += std::string(node->name) + ' ';
        return text;
    };
    EXPECT_EQ(names(Offset{100}), "all b c ");
    EXPECT_EQ(names(Offset{101}), "all b c ");
    EXPECT_EQ(names(Offset{103}), "all unexplained ");
    EXPECT_EQ(names(Offset{104}), "");
    EXPECT_EQ(names(Offset{99}), "");
}

void readPairs(ByteReader &reader, FieldTreeBuilder &builder)
{
    (void)reader.u8({"count"});
    for (int i = 0; i < 4; ++i) {
        builder.open("pair");
        (void)reader.u8({"x"});
        (void)reader.u8({"y", i == 2 ? mustBe(0) : Rule{}});
        builder.close();
    }
}

TEST(FieldTree, BeyondTheBudgetFieldsAreGathered)
{
    EXPECT_EQ(shape(tree(9, readPairs, {.nodes = 100})),
              "all[count:1 pair[x:1 y:1] pair[x:1 y:1] pair[x:1 y:1] pair[x:1 y:1]]");
    const auto root = tree(9, readPairs, {.nodes = 4});
    EXPECT_EQ(shape(root), "all[count:1 pair[x:1 y:1] more:2 pair[more:1 y:1] more:2]") << "the wrong one is shown";
    EXPECT_EQ(root.children[2].role, FieldNode::Role::More);
}

TEST(FieldTree, WhatIsInTheFocusIsShown)
{
    const ExplainFocus focus{.begin = Offset{107}, .end = Offset{108}, .nodes = 1};
    EXPECT_EQ(shape(tree(9, readPairs, focus)), "all[count:1 more:4 pair[more:1 y:1] pair[x:1 more:1]]");
}

TEST(FieldTree, AMillionStructuresWithoutBytesTakeNoRoom)
{
    const auto root = tree(1,
                           [](ByteReader &reader, FieldTreeBuilder &builder) {
                               for (int i = 0; i < 1'000'000; ++i) {
                                   builder.open("object");
                                   builder.close();
                               }
                               (void)reader.u8({"last", mustBe(1)});
                           },
                           {.nodes = 10});
    EXPECT_EQ(root.children.size(), 11U);
}

} // namespace
} // namespace modelvault
