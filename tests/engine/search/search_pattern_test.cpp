#include "search/search_pattern.h"

#include "search/search.h"
#include "store/memory_store.h"
#include "support/results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <string>

namespace modelvault {
namespace {

using test::byteVector;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::string_literals;

std::vector<std::uint64_t> placesIn(const std::string &text, const SearchPattern::Made &pattern)
{
    if (!pattern) {
        ADD_FAILURE() << "no pattern: fault " << static_cast<int>(pattern.error().fault) << ' '
                      << pattern.error().detail;
        return {};
    }
    const MemoryStore store(byteVector(text));
    std::vector<std::uint64_t> places;
    const auto count = findAll(store, {{0}, {text.size()}}, *pattern, [&](std::span<const Hit> hits) {
        for (const auto &hit : hits)
            places.push_back(hit.offset.value);
    });
    EXPECT_EQ(count, places.size());
    return places;
}

bool isFound(const SearchPattern::Made &pattern, const std::string &text)
{
    const MemoryStore store(byteVector(text));
    return pattern && *findAll(store, {{0}, {text.size()}}, *pattern, {}) == 1;
}

PatternError faultOf(const SearchPattern::Made &pattern)
{
    EXPECT_FALSE(pattern);
    return pattern ? PatternError{} : pattern.error();
}

auto is(PatternFault fault, std::size_t at = 0)
{
    return PatternError{fault, at, {}};
}

TEST(SearchPattern, TextIsFoundInTheEncodingAskedFor)
{
    const std::string file = "caf\xC3\xA9|c\0a\0f\0\xE9\0|\0c\0a\0f\0\xE9"s;
    EXPECT_THAT(placesIn(file, SearchPattern::text("café")), ElementsAre(0));
    EXPECT_THAT(placesIn(file, SearchPattern::text("café", {.encoding = TextEncoding::Utf16Le})), ElementsAre(6));
    EXPECT_THAT(placesIn(file, SearchPattern::text("café", {.encoding = TextEncoding::Utf16Be})), ElementsAre(15));
    EXPECT_THAT(placesIn(file, SearchPattern::text("café", {.encoding = TextEncoding::Any})), ElementsAre(0, 6, 15));
}

TEST(SearchPattern, CharactersBeyondTheFirstPlaneAreSurrogatesInUtf16)
{
    EXPECT_TRUE(isFound(SearchPattern::text("\U0001F600"), "\xF0\x9F\x98\x80"));
    EXPECT_TRUE(isFound(SearchPattern::text("\U0001F600", {.encoding = TextEncoding::Utf16Le}), "\x3D\xD8\x00\xDE"s));
    EXPECT_TRUE(isFound(SearchPattern::text("\U0001F600", {.encoding = TextEncoding::Utf16Be}), "\xD8\x3D\xDE\x00"s));
}

TEST(SearchPattern, CaseIsFoldedForLettersOfTheScriptsNamed)
{
    const TextOptions anyCase{.matchCase = false};
    for (const auto &[one, other] : {std::pair("dune", "DuNE"),
                                     {"[x]1", "[X]1"},
                                     {"é", "É"},
                                     {"ÿ", "Ÿ"},
                                     {"ő", "Ő"},
                                     {"ž", "Ž"},
                                     {"ĺ", "Ĺ"},
                                     {"ω", "Ω"},
                                     {"ή", "Ή"},
                                     {"ό", "Ό"},
                                     {"ώ", "Ώ"},
                                     {"привет", "ПРИВЕТ"},
                                     {"ё", "Ё"}}) {
        EXPECT_TRUE(isFound(SearchPattern::text(one, anyCase), other)) << one;
        EXPECT_TRUE(isFound(SearchPattern::text(other, anyCase), one)) << other;
        EXPECT_TRUE(isFound(SearchPattern::text(one, anyCase), one)) << one;
        EXPECT_FALSE(isFound(SearchPattern::text(one), other)) << one;
    }
    // Neighbours in the tables that are no pairs; brackets and braces differ as letters do.
    for (const auto &[one, other] :
         {std::pair("[", "{"), {"@", "`"}, {"×", "÷"}, {"ß", "ÿ"}, {"ς", "Σ"}, {"ı", "İ"}, {"р", "Ѐ"}, {"1", "\x11"}}) {
        EXPECT_FALSE(isFound(SearchPattern::text(one, anyCase), other)) << one;
        EXPECT_FALSE(isFound(SearchPattern::text(other, anyCase), one)) << other;
    }
    EXPECT_TRUE(
        isFound(SearchPattern::text("Dune", {.encoding = TextEncoding::Utf16Le, .matchCase = false}), "d\0U\0N\0e\0"s));
}

TEST(SearchPattern, TextHasToBeUtf8)
{
    EXPECT_EQ(faultOf(SearchPattern::text("ab\xFFz")), is(PatternFault::NotUtf8, 2));
    EXPECT_EQ(faultOf(SearchPattern::text("")), is(PatternFault::Empty));
    EXPECT_EQ(faultOf(SearchPattern::text(std::string(SearchPattern::kLongest, 'x'))), is(PatternFault::TooLong));
}

TEST(SearchPattern, HexTakesPairsAndWildcards)
{
    const std::string file = "\xDE\xAD\xBE\xEF\xDE\xAD\x11\x1F\xDE\xAD\x22\x20";
    EXPECT_THAT(placesIn(file, SearchPattern::hex("de ad")), ElementsAre(0, 4, 8));
    EXPECT_THAT(placesIn(file, SearchPattern::hex("DEADBEEF")), ElementsAre(0));
    EXPECT_THAT(placesIn(file, SearchPattern::hex(" 0xde 0xAD\tbe ")), ElementsAre(0));
    EXPECT_THAT(placesIn(file, SearchPattern::hex("de ad ?? ?f")), ElementsAre(0, 4));
    EXPECT_THAT(placesIn(file, SearchPattern::hex("?? 2?")), ElementsAre(9));
}

TEST(SearchPattern, HexSaysWhatIsWrongWhere)
{
    EXPECT_EQ(faultOf(SearchPattern::hex("de xd")), is(PatternFault::NotHex, 3));
    EXPECT_EQ(faultOf(SearchPattern::hex("de dx")), is(PatternFault::NotHex, 4));
    EXPECT_EQ(faultOf(SearchPattern::hex("de a")), is(PatternFault::HalfByte, 3));
    EXPECT_EQ(faultOf(SearchPattern::hex("d ea")), is(PatternFault::HalfByte, 0));
    EXPECT_EQ(faultOf(SearchPattern::hex("de 0x")), is(PatternFault::HalfByte, 3));
    EXPECT_EQ(faultOf(SearchPattern::hex("?? ??")), is(PatternFault::OnlyWildcards));
    EXPECT_EQ(faultOf(SearchPattern::hex("  ")), is(PatternFault::Empty));
    std::string tooLong;
    for (std::size_t i = 0; i <= SearchPattern::kLongest; ++i)
        tooLong += "11";
    EXPECT_EQ(faultOf(SearchPattern::hex(tooLong)), is(PatternFault::TooLong));
}

TEST(SearchPattern, IntegersAreFoundInTheirWidthAndOrder)
{
    EXPECT_TRUE(isFound(SearchPattern::integer("1999", {.bytes = 2}), "\xCF\x07"s));
    EXPECT_TRUE(isFound(SearchPattern::integer("1999", {.bytes = 4, .order = NumberOrder::Big}), "\0\0\x07\xCF"s));
    EXPECT_TRUE(isFound(SearchPattern::integer("0x7cf", {.bytes = 3}), "\xCF\x07\0"s));
    EXPECT_TRUE(isFound(SearchPattern::integer(" -2 ", {.bytes = 8}), "\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF"));
    EXPECT_TRUE(isFound(SearchPattern::integer("+18446744073709551615", {.isSigned = false}),
                        "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"));
    EXPECT_THAT(placesIn("\1\2 \2\1 \1\2"s, SearchPattern::integer("0x0102", {.bytes = 2, .order = NumberOrder::Both})),
                ElementsAre(0, 3, 6));
    // The same in both orders: found once.
    EXPECT_THAT(placesIn("\1\1"s, SearchPattern::integer("257", {.bytes = 2, .order = NumberOrder::Both})),
                ElementsAre(0));
}

TEST(SearchPattern, IntegersHaveToFit)
{
    for (unsigned bytes = 1; bytes <= 8; ++bytes) {
        const auto most = (std::uint64_t{1} << (8 * bytes - 1)) - 1;
        const auto all = ~std::uint64_t{0} >> (64 - 8 * bytes);
        const IntegerOptions asSigned{.bytes = bytes};
        const IntegerOptions asUnsigned{.bytes = bytes, .isSigned = false};
        EXPECT_TRUE(SearchPattern::integer(std::to_string(most), asSigned)) << bytes;
        EXPECT_TRUE(SearchPattern::integer("-" + std::to_string(most + 1), asSigned)) << bytes;
        EXPECT_TRUE(SearchPattern::integer(std::to_string(all), asUnsigned)) << bytes;
        EXPECT_EQ(faultOf(SearchPattern::integer(std::to_string(most + 1), asSigned)), is(PatternFault::DoesNotFit));
        EXPECT_EQ(faultOf(SearchPattern::integer("-" + std::to_string(most + 2), asSigned)),
                  is(PatternFault::DoesNotFit));
        EXPECT_EQ(faultOf(SearchPattern::integer("-1", asUnsigned)), is(PatternFault::DoesNotFit));
        if (bytes < 8) {
            EXPECT_EQ(faultOf(SearchPattern::integer(std::to_string(all + 1), asUnsigned)),
                      is(PatternFault::DoesNotFit));
        }
    }
    EXPECT_EQ(faultOf(SearchPattern::integer("18446744073709551616", {.isSigned = false})),
              is(PatternFault::DoesNotFit));
}

TEST(SearchPattern, WhatIsNoNumberIsTold)
{
    for (const auto *typed : {"12x", "--1", "+-1", "0x", "0xg", "1 2", "-"})
        EXPECT_EQ(faultOf(SearchPattern::integer(typed)), is(PatternFault::NotANumber)) << typed;
    for (const auto *typed : {"1,5", "1.5.2", "e", "--1", "+"})
        EXPECT_EQ(faultOf(SearchPattern::real(typed)), is(PatternFault::NotANumber)) << typed;
    EXPECT_EQ(faultOf(SearchPattern::integer(" ")), is(PatternFault::Empty));
    EXPECT_EQ(faultOf(SearchPattern::real("")), is(PatternFault::Empty));
}

TEST(SearchPattern, RealsAreFoundByTheirBits)
{
    const auto bits = [](auto value) {
        std::string bytes(sizeof value, '\0');
        std::memcpy(bytes.data(), &value, sizeof value);
        if constexpr (std::endian::native == std::endian::big)
            std::ranges::reverse(bytes);
        return bytes;
    };
    EXPECT_TRUE(isFound(SearchPattern::real("0.1"), bits(0.1)));
    EXPECT_TRUE(isFound(SearchPattern::real("0.1", {.bytes = 4}), bits(0.1F)));
    EXPECT_TRUE(isFound(SearchPattern::real("+1e300"), bits(1e300)));
    EXPECT_TRUE(isFound(SearchPattern::real("-inf"), "\0\0\0\0\0\0\xF0\xFF"s));
    EXPECT_TRUE(isFound(SearchPattern::real("1", {.bytes = 4, .order = NumberOrder::Big}), "\x3F\x80\0\0"s));
    EXPECT_FALSE(isFound(SearchPattern::real("0"), bits(-0.0)));
    EXPECT_EQ(faultOf(SearchPattern::real("1e39", {.bytes = 4})), is(PatternFault::DoesNotFit));
}

TEST(SearchPattern, HalvesAreRoundedToTheNearestAndThenToEven)
{
    const std::pair<const char *, std::uint16_t> known[] = {{"0", 0x0000},
                                                            {"-0", 0x8000},
                                                            {"1", 0x3C00},
                                                            {"-2", 0xC000},
                                                            {"0.333251953125", 0x3555},
                                                            {"0.1", 0x2E66},
                                                            {"65504", 0x7BFF},
                                                            {"65519", 0x7BFF},
                                                            {"2049", 0x6800}, // between 2048 and 2050
                                                            {"2051", 0x6802},
                                                            {"4095.9", 0x6C00},
                                                            {"6.103515625e-05", 0x0400}, // the least with a leading bit
                                                            {"6.1e-05", 0x03FF},
                                                            {"5.9604645e-08", 0x0001},
                                                            {"inf", 0x7C00},
                                                            {"-inf", 0xFC00},
                                                            {"nan", 0x7E00}};
    for (const auto &[typed, bits] : known)
        EXPECT_TRUE(isFound(SearchPattern::real(typed, {.bytes = 2, .order = NumberOrder::Big}),
                            {static_cast<char>(bits >> 8U), static_cast<char>(bits & 0xFFU)}))
            << typed;
    for (const auto *typed : {"65520", "-1e5", "1e300", "2.9e-08"})
        EXPECT_EQ(faultOf(SearchPattern::real(typed, {.bytes = 2})), is(PatternFault::DoesNotFit)) << typed;
}

TEST(SearchPattern, ARegexIsOverBytes)
{
    EXPECT_THAT(placesIn("\xFF\xFE\x80 abc", SearchPattern::regex(R"([\x80-\xff]+)")), ElementsAre(0));
    EXPECT_THAT(placesIn("caf\xC3\xA9", SearchPattern::regex("é")), ElementsAre(3));
    EXPECT_THAT(placesIn("Dune dune", SearchPattern::regex("DUNE", {.matchCase = false})), ElementsAre(0, 5));
    EXPECT_THAT(placesIn("a\0b"s, SearchPattern::regex("a.b")), ElementsAre(0));
}

TEST(SearchPattern, WithinLinesNothingTakesALineFeed)
{
    const std::string file = "a\nb\nab";
    EXPECT_THAT(placesIn(file, SearchPattern::regex("a[^x]b")), IsEmpty());
    EXPECT_THAT(placesIn(file, SearchPattern::regex(R"(a\sb)")), IsEmpty());
    EXPECT_THAT(placesIn(file, SearchPattern::regex("(?s)a.b")), IsEmpty());
    EXPECT_THAT(placesIn(file, SearchPattern::regex(R"(a[\x00-\x20]b)")), IsEmpty());
    EXPECT_THAT(placesIn(file, SearchPattern::regex("^b")), ElementsAre(2));
    EXPECT_THAT(placesIn(file, SearchPattern::regex("b$|x")), ElementsAre(2, 5));
}

TEST(SearchPattern, AcrossLinesALineFeedIsAByteAsAnyOther)
{
    const std::string file = "a\nb\nab";
    const RegexOptions across{.acrossLines = true};
    EXPECT_THAT(placesIn(file, SearchPattern::regex("a[^x]b", across)), ElementsAre(0));
    EXPECT_THAT(placesIn(file, SearchPattern::regex("a.b", across)), ElementsAre(0));
    EXPECT_THAT(placesIn(file, SearchPattern::regex(R"(\x0a)", across)), ElementsAre(1, 3));
    EXPECT_THAT(placesIn(file, SearchPattern::regex("^b", across)), IsEmpty());
    EXPECT_THAT(placesIn(file, SearchPattern::regex("b$", across)), ElementsAre(5));
}

TEST(SearchPattern, NamingALineFeedIsToldWhereItCouldNotBeFound)
{
    const auto names = [](std::size_t at) { return is(PatternFault::NamesLineFeed, at); };
    EXPECT_EQ(faultOf(SearchPattern::regex(R"(a\nb)")), names(1));
    EXPECT_EQ(faultOf(SearchPattern::regex("a\nb")), names(1));
    EXPECT_EQ(faultOf(SearchPattern::regex(R"([\r\n]+)")), names(3));
    EXPECT_EQ(faultOf(SearchPattern::regex(R"(\x0a)")), names(0));
    EXPECT_EQ(faultOf(SearchPattern::regex(R"(\x0A)")), names(0));
    EXPECT_EQ(faultOf(SearchPattern::regex(R"(x\x{000a})")), names(1));
    EXPECT_EQ(faultOf(SearchPattern::regex(R"(\012)")), names(0));
    EXPECT_EQ(faultOf(SearchPattern::regex("\\Qa\nb\\E")), names(0));
    EXPECT_EQ(faultOf(SearchPattern::regex(R"([^a]\n)")), names(4));
    for (const auto *pattern : {R"([^\n]+)", R"([^\n\r])", R"(\\n)", R"(\Q\n\E)", R"([\x00-\x1f])", R"(\x0b)",
                                R"(\x{aa})", R"(\0112)", R"([]\]\\]n)", "[[:space:]]n"})
        EXPECT_TRUE(SearchPattern::regex(pattern)
                    || faultOf(SearchPattern::regex(pattern)).fault != PatternFault::NamesLineFeed)
            << pattern;
}

TEST(SearchPattern, WhiteSpaceIsWhatPcreTakesForIt)
{
    EXPECT_THAT(placesIn(" \t\v\f\rx\n", SearchPattern::regex(R"(\s)")), ElementsAre(0, 1, 2, 3, 4));
    EXPECT_THAT(placesIn("\vx", SearchPattern::regex(R"(\S)")), ElementsAre(1));
    EXPECT_THAT(placesIn("\vx-", SearchPattern::regex(R"([\sx])")), ElementsAre(0, 1));
    EXPECT_THAT(placesIn("\vx-", SearchPattern::regex(R"([^\S-])")), ElementsAre(0));
    EXPECT_THAT(placesIn("\\s", SearchPattern::regex(R"(\\s)")), ElementsAre(0));
}

TEST(SearchPattern, VerticalSpaceIsWhatPcreTakesForIt)
{
    const std::string file = "a\n\v\f\rb\x85 ";
    const RegexOptions across{.acrossLines = true};
    EXPECT_THAT(placesIn(file, SearchPattern::regex(R"(\v)")), ElementsAre(2, 3, 4, 6));
    EXPECT_THAT(placesIn(file, SearchPattern::regex(R"([\vb])")), ElementsAre(2, 3, 4, 5, 6));
    EXPECT_THAT(placesIn(file, SearchPattern::regex(R"([^\v])")), ElementsAre(0, 5, 7));
    EXPECT_THAT(placesIn(file, SearchPattern::regex(R"(\v)", across)), ElementsAre(1, 2, 3, 4, 6));
    EXPECT_THAT(placesIn("\\v", SearchPattern::regex(R"(\\v)")), ElementsAre(0)) << "a backslash before a v";
}

TEST(SearchPattern, ALineIsAllThereIsToWhatIsFoundWithinLines)
{
    const std::string file = "ab\nb\nab";
    EXPECT_THAT(placesIn(file, SearchPattern::regex(R"(b\z)")), ElementsAre(1, 3, 6));
    EXPECT_THAT(placesIn(file, SearchPattern::regex(R"(\Ab)")), ElementsAre(3));
    EXPECT_THAT(placesIn(file, SearchPattern::regex(R"(\A\Cb)")), ElementsAre(0, 5));
    const RegexOptions across{.acrossLines = true};
    EXPECT_THAT(placesIn(file, SearchPattern::regex(R"(b\z)", across)), ElementsAre(6));
    EXPECT_THAT(placesIn(file, SearchPattern::regex(R"(\Aa)", across)), ElementsAre(0));
    EXPECT_THAT(placesIn(file, SearchPattern::regex(R"(b\Cb)", across)), ElementsAre(1));
}

TEST(SearchPattern, ABadRegexIsToldInTheWordsOfRe2)
{
    const auto fault = faultOf(SearchPattern::regex("a(b"));
    EXPECT_EQ(fault.fault, PatternFault::BadRegex);
    EXPECT_THAT(fault.detail, HasSubstr("missing )"));
    EXPECT_THAT(fault.detail, HasSubstr("a(b"));
    for (const auto *pattern : {"a**b[", "(?<=a)b", R"((a)\1)", "x{2000}", "[z-a]", "*", R"(\y)"})
        EXPECT_EQ(faultOf(SearchPattern::regex(pattern)).fault, PatternFault::BadRegex) << pattern;
}

TEST(SearchPattern, ARegexThatWouldTakeTooMuchIsRefused)
{
    EXPECT_EQ(faultOf(SearchPattern::regex("[a-c].{1000}[d-f].{1000}[g-i].{1000}")).fault, PatternFault::TooComplex);
    EXPECT_EQ(faultOf(SearchPattern::regex(std::string(SearchPattern::kLongest + 1, 'a'))), is(PatternFault::TooLong));
    EXPECT_EQ(faultOf(SearchPattern::regex("")), is(PatternFault::Empty));
}

} // namespace
} // namespace modelvault
