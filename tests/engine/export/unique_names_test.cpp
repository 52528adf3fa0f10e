#include "export/unique_names.h"

#include "utf8.h"

#include <gtest/gtest.h>

namespace modelvault {
namespace {

TEST(UniqueNames, NumberWhatIsTaken)
{
    UniqueNames names(UniqueNames::Letters::Differ);
    EXPECT_EQ(names.take("a"), "a");
    EXPECT_EQ(names.take("a (2)"), "a (2)");
    EXPECT_EQ(names.take("a"), "a (3)");
    EXPECT_EQ(names.take("A"), "A");
    EXPECT_EQ(names.take("a (2)"), "a (2) (2)");
}

TEST(UniqueNames, FoldLettersOfAsciiIfAsked)
{
    UniqueNames names(UniqueNames::Letters::Fold);
    EXPECT_EQ(names.take("Name"), "Name");
    EXPECT_EQ(names.take("NAME"), "NAME (2)");
    EXPECT_EQ(names.take("name"), "name (3)");
    EXPECT_EQ(names.take("É"), "É");
    EXPECT_EQ(names.take("é"), "é") << "as SQLite has it";
}

TEST(UniqueNames, ManyAlikeAreNotSearchedThroughEachTime)
{
    UniqueNames names(UniqueNames::Letters::Fold);
    for (int i = 1; i < 100'000; ++i)
        (void)names.take("same");
    EXPECT_EQ(names.take("same"), "same (100000)");
}

TEST(FileNameFor, HasNothingThatLeadsElsewhere)
{
    EXPECT_EQ(fileNameFor("books"), "books");
    EXPECT_EQ(fileNameFor("../a/b\\c"), "_._a_b_c");
    EXPECT_EQ(fileNameFor(".."), "_.");
    EXPECT_EQ(fileNameFor(std::string("a\0b\n\x7F", 5)), "a_b__");
    EXPECT_EQ(fileNameFor("C:*?\"<>|"), "C_______");
}

TEST(FileNameFor, IsCutBetweenCharacters)
{
    std::string name = "a";
    for (int i = 0; i < 300; ++i)
        name += "é";
    EXPECT_EQ(fileNameFor(name), name.substr(0, 199));
    EXPECT_EQ(validUtf8Prefix(fileNameFor(name)), 199U);
}

} // namespace
} // namespace modelvault
