#include "filter/filter.h"

#include "engine/filter/random_filter.h"

#include <gtest/gtest.h>

#include <string>

namespace modelvault {
namespace {

using Code = FilterError::Code;

FilterNode comparison(FilterField field, FilterOperator operation, FilterValue value)
{
    return {.kind = FilterNode::Kind::Comparison,
            .field = field,
            .operation = operation,
            .values = {{.first = value, .last = value}},
            .parts = {}};
}

std::string canonical(std::string_view text)
{
    const auto filter = Filter::parse(text);
    return filter ? filter->text() : "error " + std::to_string(static_cast<int>(filter.error().code));
}

struct Refusal {
    Code code;
    std::string_view where; // the part of the text that is wrong

    bool operator==(const Refusal &) const = default;
    friend void PrintTo(const Refusal &it, std::ostream *out)
    {
        *out << static_cast<int>(it.code) << " at \"" << it.where << '"';
    }
};

Refusal refusal(std::string_view text)
{
    const auto filter = Filter::parse(text);
    if (filter)
        return {Code::UnexpectedCharacter, "none"};
    const auto &error = filter.error();
    EXPECT_LE(error.begin, error.end);
    EXPECT_LE(error.end, text.size());
    return {error.code, text.substr(error.begin, error.end - error.begin)};
}

TEST(Filter, UnderstandsComparisonsOfEachField)
{
    const auto filter = Filter::parse(R"(type == record and collection == "books")");
    ASSERT_TRUE(filter);
    EXPECT_EQ(filter->root(),
              (FilterNode{.kind = FilterNode::Kind::And,
                          .parts = {comparison(FilterField::Type, FilterOperator::Equal, std::uint64_t{2}),
                                    comparison(FilterField::Collection, FilterOperator::Equal, "books")}}));
    EXPECT_EQ(canonical("NUMBER >= 0x10"), "number >= 16");
    EXPECT_EQ(canonical("offset<8224"), "offset < 0x2020");
    EXPECT_EQ(canonical("txn = 3"), "transaction == 3");
    EXPECT_EQ(canonical("type == TXN_BEGIN"), "type == begin");
    EXPECT_EQ(canonical("type != 2"), "type != record");
    EXPECT_EQ(canonical("operation == 2 || operation == 77"), "operation == replace or operation == 77");
    EXPECT_EQ(canonical("collection == 7"), "collection == 7");
    EXPECT_EQ(canonical("collection contains boo"), "collection contains \"boo\"");
    EXPECT_EQ(canonical("key contains 99"), "key contains \"99\"");
    EXPECT_EQ(canonical("key contains 0x10"), "key contains \"16\"") << "in decimal, as keys are shown";
    EXPECT_EQ(canonical("key contains -1.5"), "key contains \"-1.5\"");
    EXPECT_EQ(canonical("key == true"), "key == true");
    EXPECT_EQ(canonical("key == \"true\""), "key == \"true\"");
    EXPECT_EQ(canonical("key < -5"), "key < -5");
    EXPECT_EQ(canonical("key == 1.50"), "key == 1.5");
    EXPECT_EQ(canonical("key == 5.0"), "key == 5.0");
    EXPECT_EQ(canonical("key == 1e300"), "key == 1e+300");
    EXPECT_EQ(canonical("key == -0"), "key == 0");
    EXPECT_EQ(canonical("crc == damaged or crc == ok"), "crc == bad or crc == good");
    EXPECT_EQ(canonical("crc == 3735928559"), "crc == 0xdeadbeef");
    EXPECT_EQ(canonical("key == bücher"), "key == \"bücher\"");
}

TEST(Filter, TakesSetsAndRanges)
{
    EXPECT_EQ(canonical("type in {record,begin}"), "type in {record, begin}");
    EXPECT_EQ(canonical("number in 1..5"), "number in {1..5}");
    EXPECT_EQ(canonical("number in { 1 .. 5 , 9 }"), "number in {1..5, 9}");
    EXPECT_EQ(canonical("key in a..b"), "key in {\"a\"..\"b\"}");
    EXPECT_EQ(canonical("key in -1.5..3"), "key in {-1.5..3}");
    EXPECT_EQ(canonical("key in {5..5}"), "key in {5}");
    EXPECT_EQ(canonical("crc in {bad, 0x10..0x20}"), "crc in {bad, 0x10..0x20}");
}

TEST(Filter, KnowsWhatBindsTighter)
{
    EXPECT_EQ(canonical("key or txn and not number"), "key or transaction and not number");
    EXPECT_EQ(Filter::parse("key or txn and number"), Filter::parse("key || (txn && number)"));
    EXPECT_NE(Filter::parse("key or txn and number"), Filter::parse("(key or txn) and number"));
    EXPECT_EQ(canonical("(key or txn) and number"), "(key or transaction) and number");
    EXPECT_EQ(canonical("!(key and !txn)"), "not (key and not transaction)");
    EXPECT_EQ(canonical("not not key"), "not not key");
    EXPECT_EQ(canonical("((key))"), "key");
    EXPECT_EQ(canonical("key==1and txn"), "error " + std::to_string(static_cast<int>(Code::BadNumber)));
    EXPECT_EQ(canonical("key==\"1\"and txn"), "key == \"1\" and transaction");
}

TEST(Filter, OfNothingPassesAll)
{
    for (const auto *text : {"", "   ", "\t\n"}) {
        const auto filter = Filter::parse(text);
        ASSERT_TRUE(filter);
        EXPECT_TRUE(filter->passesAll());
        EXPECT_EQ(filter->text(), "");
    }
    EXPECT_EQ(Filter::parse(""), Filter());
    EXPECT_FALSE(Filter::parse("key")->passesAll());
}

TEST(Filter, TakesAnyBytesInQuotes)
{
    const std::string all = [] {
        std::string text;
        for (int byte = 0; byte < 256; ++byte)
            text += static_cast<char>(byte);
        return text + "\"\\ü\u202e";
    }();
    const auto filter = Filter::parse("key == " + quotedForFilter(all));
    ASSERT_TRUE(filter);
    EXPECT_EQ(std::get<std::string>(filter->root().values.front().first), all);
    EXPECT_EQ(std::get<std::string>(Filter::parse(R"(key == "\"\\\n\r\t\x00\u{1F600}")")->root().values[0].first),
              std::string("\"\\\n\r\t\0😀", 10));
}

TEST(Filter, SaysWhatIsWrongAndWhere)
{
    EXPECT_EQ(refusal("colour == red"), (Refusal{Code::UnknownField, "colour"}));
    EXPECT_EQ(refusal("== 5"), (Refusal{Code::FieldExpected, "=="}));
    EXPECT_EQ(refusal("and"), (Refusal{Code::FieldExpected, "and"}));
    EXPECT_EQ(refusal("number and"), (Refusal{Code::FieldExpected, ""}));
    EXPECT_EQ(refusal("()"), (Refusal{Code::FieldExpected, ")"}));
    EXPECT_EQ(refusal("number 5"), (Refusal{Code::ComparisonExpected, "5"}));
    EXPECT_EQ(refusal("number == 5 6"), (Refusal{Code::AndOrExpected, "6"}));
    EXPECT_EQ(refusal("(number 5)"), (Refusal{Code::ComparisonExpected, "5"}));
    EXPECT_EQ(refusal("(number == 5 key)"), (Refusal{Code::AndOrExpected, "key"}));
    EXPECT_EQ(refusal("number =="), (Refusal{Code::ValueExpected, ""}));
    EXPECT_EQ(refusal("number == and"), (Refusal{Code::ValueExpected, "and"}));
    EXPECT_EQ(refusal("number in {}"), (Refusal{Code::ValueExpected, "}"}));
    EXPECT_EQ(refusal("number in {1, }"), (Refusal{Code::ValueExpected, "}"}));
    EXPECT_EQ(refusal("number in {1 2}"), (Refusal{Code::CommaOrBraceExpected, "2"}));
    EXPECT_EQ(refusal("number in {1"), (Refusal{Code::CommaOrBraceExpected, ""}));
    EXPECT_EQ(refusal("(number"), (Refusal{Code::ParenthesisExpected, ""}));
    EXPECT_EQ(refusal("number)"), (Refusal{Code::ParenthesisUnexpected, ")"}));
    EXPECT_EQ(refusal("number == 5x"), (Refusal{Code::BadNumber, "5x"}));
    EXPECT_EQ(refusal("number == 0x"), (Refusal{Code::BadNumber, "0x"}));
    EXPECT_EQ(refusal("number == 18446744073709551616"), (Refusal{Code::NumberTooLarge, "18446744073709551616"}));
    EXPECT_EQ(refusal("key == -9223372036854775809"), (Refusal{Code::NumberTooLarge, "-9223372036854775809"}));
    EXPECT_EQ(refusal("key == 1e999"), (Refusal{Code::NumberTooLarge, "1e999"}));
    EXPECT_EQ(refusal("number # 5"), (Refusal{Code::UnexpectedCharacter, "#"}));
    EXPECT_EQ(refusal("key == \"abc"), (Refusal{Code::UnterminatedText, "\"abc"}));
    EXPECT_EQ(refusal(R"(key == "a\q")"), (Refusal{Code::BadEscape, "\\q"}));
    EXPECT_EQ(refusal(R"(key == "a\x1")"), (Refusal{Code::BadEscape, "\\x1"}));
    EXPECT_EQ(refusal(R"(key == "a\u{110000}")"), (Refusal{Code::BadEscape, R"(\u{110000)"}));
    EXPECT_EQ(refusal(R"(key == "a\u{d800}")"), (Refusal{Code::BadEscape, R"(\u{d800)"}));
    EXPECT_EQ(refusal("key == \"a\\"), (Refusal{Code::BadEscape, "\\"}));
}

TEST(Filter, FindsErrorsOfTypeWhileTyped)
{
    EXPECT_EQ(refusal("type < 3"), (Refusal{Code::NoOrder, "<"}));
    EXPECT_EQ(refusal("collection >= books"), (Refusal{Code::NoOrder, ">="}));
    EXPECT_EQ(refusal("type in record..begin"), (Refusal{Code::NoOrder, ".."}));
    EXPECT_EQ(refusal("crc < bad"), (Refusal{Code::NoOrder, "<"}));
    EXPECT_EQ(refusal("key > true"), (Refusal{Code::NoOrder, ">"}));
    EXPECT_EQ(refusal("key in {false..true}"), (Refusal{Code::NoOrder, ".."}));
    EXPECT_EQ(refusal("length contains 3"), (Refusal{Code::NotText, "contains"}));
    EXPECT_EQ(refusal("collection contains 3"), (Refusal{Code::TextExpected, "3"}));
    EXPECT_EQ(refusal("length == \"abc\""), (Refusal{Code::WholeNumberExpected, "\"abc\""}));
    EXPECT_EQ(refusal("length == -1"), (Refusal{Code::WholeNumberExpected, "-1"}));
    EXPECT_EQ(refusal("length == 1.5"), (Refusal{Code::WholeNumberExpected, "1.5"}));
    EXPECT_EQ(refusal("type == recrod and key"), (Refusal{Code::UnknownType, "recrod"}));
    EXPECT_EQ(refusal("type == 10"), (Refusal{Code::UnknownType, "10"}));
    EXPECT_EQ(refusal("operation == update"), (Refusal{Code::UnknownOperation, "update"}));
    EXPECT_EQ(refusal("operation == 256"), (Refusal{Code::UnknownOperation, "256"}));
    EXPECT_EQ(refusal("crc == broken"), (Refusal{Code::UnknownCrc, "broken"}));
    EXPECT_EQ(refusal("collection == 1.5"), (Refusal{Code::TextOrIdExpected, "1.5"}));
    EXPECT_EQ(refusal("number in 5..3"), (Refusal{Code::RangeBackwards, "5..3"}));
    EXPECT_EQ(refusal("key in \"b\"..\"a\""), (Refusal{Code::RangeBackwards, "\"b\"..\"a\""}));
    EXPECT_EQ(refusal("key in 1..\"a\""), (Refusal{Code::RangeOfTwoKinds, "1..\"a\""}));
    // The first mistake counts, whatever stands behind it.
    EXPECT_EQ(refusal("type == nothing #"), (Refusal{Code::UnknownType, "nothing"}));
    EXPECT_EQ(Filter::parse("type < 3").error().field, FilterField::Type);
}

TEST(Filter, KnowsWhatItTakesToAnswer)
{
    EXPECT_TRUE(Filter::parse("not (number or collection == books)")->asksForNames());
    EXPECT_FALSE(Filter::parse("collection == 3")->asksForNames());
    EXPECT_TRUE(Filter::parse("number and crc in {5, bad}")->asksForPayloadState());
    EXPECT_FALSE(Filter::parse("crc == 5")->asksForPayloadState());
}

TEST(Filter, RefusesWhatIsNestedTooDeep)
{
    const auto nested = [](int depth, std::string_view open, std::string_view close) {
        std::string text;
        for (int i = 0; i < depth; ++i)
            text += open;
        text += "key";
        for (int i = 0; i < depth; ++i)
            text += close;
        return text;
    };
    EXPECT_TRUE(Filter::parse(nested(Filter::kMostNested, "(", ")")));
    EXPECT_TRUE(Filter::parse(nested(Filter::kMostNested, "not ", "")));
    EXPECT_EQ(Filter::parse(nested(Filter::kMostNested + 1, "(", ")")).error(),
              (FilterError{.code = Code::TooDeep, .begin = Filter::kMostNested, .end = Filter::kMostNested + 1}));
    EXPECT_EQ(Filter::parse(nested(5000, "!", "")).error().code, Code::TooDeep);
    EXPECT_EQ(Filter::parse(std::string(Filter::kMostBytes + 1, ' ')).error().code, Code::TooLong);
    std::string wide = "key";
    while (wide.size() + 8 < Filter::kMostBytes)
        wide += " or key";
    EXPECT_EQ(Filter::parse(wide)->text(), wide);
}

// --- Whatever comes ---

TEST(Filter, ReadsBackWhatItWrites)
{
    test::RandomFilter random(1);
    for (int i = 0; i < 5000; ++i) {
        const Filter filter(random.node(5));
        const auto text = filter.text();
        const auto parsed = Filter::parse(text);
        ASSERT_TRUE(parsed) << text << "\nat " << parsed.error().begin << " code "
                            << static_cast<int>(parsed.error().code);
        ASSERT_EQ(parsed->root(), filter.root()) << text;
    }
}

TEST(Filter, AnyBytesAreAFilterOrAnError)
{
    test::RandomFilter random(2);
    const std::string_view words[] = {
        "key", "type", " ",  "(",  ")",  "not", "and", "or", "==", "!",    "in", "{",        "}",
        ",",   "..",   "\"", "\\", "0x", "1",   "-",   ".",  "e",  "\xff", "\0", "contains", "record"};
    for (int i = 0; i < 20'000; ++i) {
        std::string text;
        for (auto left = random.below(20); left > 0; --left)
            text += random.chance(8) ? std::string(1, static_cast<char>(random.below(256)))
                                     : std::string(words[random.below(std::size(words))]);
        if (const auto filter = Filter::parse(text)) {
            EXPECT_EQ(Filter::parse(filter->text()), filter) << text;
        } else {
            EXPECT_LE(filter.error().begin, filter.error().end) << text;
            EXPECT_LE(filter.error().end, text.size()) << text;
        }
    }
}

} // namespace
} // namespace modelvault
