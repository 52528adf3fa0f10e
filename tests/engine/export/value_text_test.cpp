#include "export/value_text.h"

#include "support/results.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace modelvault {
namespace {

using test::byteVector;

Value some(Value value)
{
    OptionalValue optional;
    optional.held.push_back(std::move(value));
    return {std::move(optional)};
}

TEST(ValueText, OfScalarsIsWhatTheySay)
{
    EXPECT_EQ(valueText({true}), "true");
    EXPECT_EQ(valueText({std::int64_t{-5}}), "-5");
    EXPECT_EQ(valueText({std::numeric_limits<std::uint64_t>::max()}), "18446744073709551615");
    EXPECT_EQ(valueText({std::string("a \"b\"\n")}), "a \"b\"\n");
    EXPECT_EQ(valueText({byteVector("\x01\xab")}), "01ab");
    EXPECT_EQ(valueText({UuidBytes{std::byte{0x12}, std::byte{0x3e}}}), "123e0000-0000-0000-0000-000000000000");
    EXPECT_EQ(valueText({OptionalValue{}}), "");
    EXPECT_EQ(valueText(some(some({std::string("x")}))), "x");
}

TEST(ValueText, OfFloatsHasTheDigitsTheyNeedAndIsNoInteger)
{
    EXPECT_EQ(valueText({0.1}), "0.1");
    EXPECT_EQ(valueText({3.0}), "3.0");
    EXPECT_EQ(valueText({-0.0}), "-0.0");
    EXPECT_EQ(valueText({1e300}), "1e+300");
    EXPECT_EQ(valueText({std::numeric_limits<double>::quiet_NaN()}), "NaN");
    EXPECT_EQ(valueText({-std::numeric_limits<double>::infinity()}), "-Infinity");
}

TEST(ValueText, OfListsAndObjectsIsJson)
{
    const Value nested{ListValue{{{std::string("a\"\\\x01")}, {OptionalValue{}}, some({std::int64_t{1}})}}};
    const Value object{ObjectValue{{{"x", nested}, {"y", {byteVector("\xff")}}, {"z", {Timestamp{0}}}}}};
    EXPECT_EQ(valueText(object), R"({"x": ["a\"\\\u0001", null, 1], "y": "ff", "z": "1970-01-01T00:00:00Z"})");
}

TEST(ValueText, WithinJsonWhatAnOptionalHoldsIsQuotedLikeAnythingElse)
{
    const Value list{ListValue{{some({byteVector("\x89P")}), some({Timestamp{0}}), some(some({std::string("x")}))}}};
    EXPECT_EQ(valueText(list), R"(["8950", "1970-01-01T00:00:00Z", "x"])");
}

TEST(JsonText, IsJsonForEveryValue)
{
    EXPECT_EQ(jsonText({std::string("a\n\"")}), R"("a\u000a\"")");
    EXPECT_EQ(jsonText({byteVector("\x01")}), R"("01")");
    EXPECT_EQ(jsonText({std::numeric_limits<double>::infinity()}), R"("Infinity")");
    EXPECT_EQ(jsonText({std::numeric_limits<std::uint64_t>::max()}), "18446744073709551615");
    EXPECT_EQ(jsonText({OptionalValue{}}), "null");
    EXPECT_EQ(jsonText(some({UuidBytes{}})), R"("00000000-0000-0000-0000-000000000000")");
    EXPECT_EQ(jsonText({false}), "false");
}

TEST(ValueText, StopsSoonBehindItsLimitAndLeavesNoHalfCharacter)
{
    EXPECT_EQ(valueText({std::string("aäö")}, 2), "a");
    EXPECT_EQ(valueText({std::string(1'000'000, 'x')}, 10).size(), 10U);
    EXPECT_LE(valueText({Value::Bytes(1'000'000)}, 10).size(), 12U);
    const Value list{ListValue{std::vector<Value>(100'000, Value{std::int64_t{7}})}};
    EXPECT_LE(valueText(list, 100).size(), 110U);
}

TEST(TimestampText, IsIso8601InUtc)
{
    EXPECT_EQ(timestampText({0}), "1970-01-01T00:00:00Z");
    EXPECT_EQ(timestampText({-1}), "1969-12-31T23:59:59.999999Z");
    EXPECT_EQ(timestampText({1'709'164'800'000'000}), "2024-02-29T00:00:00Z");
    EXPECT_EQ(timestampText({-62'135'596'800'000'000}), "0001-01-01T00:00:00Z");
    EXPECT_EQ(timestampText({std::numeric_limits<std::int64_t>::max()}), "+294247-01-10T04:00:54.775807Z");
    EXPECT_EQ(timestampText({std::numeric_limits<std::int64_t>::min()}), "-290308-12-21T19:59:05.224192Z");
}

TEST(TimestampText, ReadsBackAsTheSame)
{
    std::mt19937_64 random(1);
    for (int i = 0; i < 20'000; ++i) {
        const Timestamp time{static_cast<std::int64_t>(random()) >> random() % 60};
        ASSERT_EQ(parseTimestamp(timestampText(time)), time) << timestampText(time);
    }
    EXPECT_EQ(parseTimestamp(timestampText({std::numeric_limits<std::int64_t>::max()})),
              Timestamp{std::numeric_limits<std::int64_t>::max()});
    EXPECT_EQ(parseTimestamp(timestampText({std::numeric_limits<std::int64_t>::min()})),
              Timestamp{std::numeric_limits<std::int64_t>::min()});
}

TEST(TimestampText, IsReadInTheFormsThatPeopleType)
{
    EXPECT_EQ(parseTimestamp("2024-02-29"), Timestamp{1'709'164'800'000'000});
    EXPECT_EQ(parseTimestamp("2024-02-29 00:00"), Timestamp{1'709'164'800'000'000});
    EXPECT_EQ(parseTimestamp("2024-02-29T00:00:00.5"), Timestamp{1'709'164'800'500'000});
    EXPECT_EQ(parseTimestamp("-17"), Timestamp{-17});
    for (const auto *wrong : {"", "x", "2023-02-29", "2024-13-01", "2024-1-1", "2024-02-29T24:00", "2024-02-29 ",
                              "2024-02-29T00:00:00.", "2024-02-29T00:00ZZ", "+999999-01-01"})
        EXPECT_FALSE(parseTimestamp(wrong)) << wrong;
}

TEST(ValueText, OfUuidsAndBytesReadsBack)
{
    UuidBytes uuid{};
    uuid[15] = std::byte{0xfe};
    EXPECT_EQ(parseUuid(uuidText(uuid)), uuid);
    EXPECT_EQ(parseUuid("000000000000000000000000000000FE"), uuid);
    EXPECT_FALSE(parseUuid("0000"));
    EXPECT_EQ(parseHexDigits("00fF"), byteVector(std::string_view("\0\xff", 2)));
    EXPECT_EQ(parseHexDigits(""), Value::Bytes());
    for (const auto *wrong : {"0", "0g", "0x00"})
        EXPECT_FALSE(parseHexDigits(wrong)) << wrong;
}

} // namespace
} // namespace modelvault
