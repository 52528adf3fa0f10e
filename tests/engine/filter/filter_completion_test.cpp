#include "filter/filter_completion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace modelvault {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

const std::vector<std::string> kCollections = {"books", "Borrowers", "a \"b\""};

/// `|` is the cursor.
FilterCompletion complete(std::string text)
{
    const auto cursor = text.find('|');
    text.erase(cursor, 1);
    return completeFilter(text, cursor, kCollections);
}

std::vector<std::string> wordsAt(std::string text)
{
    return complete(std::move(text)).words;
}

TEST(FilterCompletion, OffersFieldsWhereOneMayStand)
{
    EXPECT_THAT(wordsAt("|"), Contains("collection"));
    EXPECT_THAT(wordsAt("|"), Contains("not"));
    EXPECT_THAT(wordsAt("co|"), ElementsAre("collection"));
    EXPECT_THAT(wordsAt("CO|"), ElementsAre("collection"));
    EXPECT_THAT(wordsAt("n|"), ElementsAre("number", "not"));
    EXPECT_THAT(wordsAt("key == 5 and t|"), ElementsAre("type", "transaction"));
    EXPECT_THAT(wordsAt("not (t|"), ElementsAre("type", "transaction"));
    EXPECT_THAT(wordsAt("type|"), IsEmpty());
}

TEST(FilterCompletion, OffersTheComparisonsOfTheField)
{
    EXPECT_THAT(wordsAt("type |"), ElementsAre("==", "!=", "in", "and", "or"));
    EXPECT_THAT(wordsAt("length |"), ElementsAre("==", "!=", "<", "<=", ">", ">=", "in", "and", "or"));
    EXPECT_THAT(wordsAt("collection |"), ElementsAre("==", "!=", "contains", "in", "and", "or"));
    EXPECT_THAT(wordsAt("length <|"), ElementsAre("<="));
    EXPECT_THAT(wordsAt("length =|"), ElementsAre("=="));
    EXPECT_THAT(wordsAt("length !|"), ElementsAre("!="));
    EXPECT_THAT(wordsAt("key c|"), ElementsAre("contains"));
}

TEST(FilterCompletion, OffersValuesThatAreKnown)
{
    EXPECT_THAT(wordsAt("type == c|"), ElementsAre("checkpoint", "commit"));
    EXPECT_THAT(wordsAt("type in |"), Contains("{"));
    EXPECT_THAT(wordsAt("type in {|"), Contains("record"));
    EXPECT_THAT(wordsAt("type in {|"), Not(Contains("{")));
    EXPECT_THAT(wordsAt("type in {record, s|"), ElementsAre("schema"));
    EXPECT_THAT(wordsAt("operation == |"), ElementsAre("insert", "replace", "delete"));
    EXPECT_THAT(wordsAt("crc != |"), ElementsAre("good", "bad"));
    EXPECT_THAT(wordsAt("number == |"), IsEmpty());
    EXPECT_THAT(wordsAt("collection == |"), ElementsAre("\"books\"", "\"Borrowers\"", R"("a \"b\"")"));
    EXPECT_THAT(wordsAt("collection == bo|"), ElementsAre("\"books\"", "\"Borrowers\""));
    EXPECT_THAT(wordsAt("collection == \"boo|"), ElementsAre("\"books\""));
}

TEST(FilterCompletion, OffersWhatJoinsBehindAComparison)
{
    EXPECT_THAT(wordsAt("type == record |"), ElementsAre("and", "or"));
    EXPECT_THAT(wordsAt("(type == record) a|"), ElementsAre("and"));
    EXPECT_THAT(wordsAt("type in {record} |"), ElementsAre("and", "or"));
    EXPECT_THAT(wordsAt("type in {record |"), IsEmpty());
    EXPECT_THAT(wordsAt("number == 5|"), IsEmpty());
    EXPECT_THAT(wordsAt("key == \"a\"|"), IsEmpty());
}

TEST(FilterCompletion, ReplacesTheWordAtTheCursor)
{
    const auto within = complete("key == 5 and t|yp == record");
    EXPECT_EQ(within.begin, 13U);
    EXPECT_EQ(within.end, 16U);
    EXPECT_THAT(within.words, ElementsAre("type", "transaction"));
    const auto open = complete("collection == \"b| and key");
    EXPECT_EQ(open.begin, 14U);
    EXPECT_EQ(open.end, 16U);
}

TEST(FilterCompletion, OffersNothingBehindAnError)
{
    EXPECT_THAT(wordsAt("colour |"), IsEmpty());
    EXPECT_THAT(wordsAt("type == record record |"), IsEmpty());
    EXPECT_THAT(wordsAt("# |"), IsEmpty());
    EXPECT_THAT(completeFilter(std::string(Filter::kMostBytes + 1, ' '), 0, {}).words, IsEmpty());
}

} // namespace
} // namespace modelvault
