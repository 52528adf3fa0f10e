#include "filter/filter_value.h"

#include <gtest/gtest.h>

#include <limits>

namespace modelvault {
namespace {

using Order = std::partial_ordering;

TEST(FilterValue, ComparesNumbersExactly)
{
    constexpr std::uint64_t kOddBeyondDoubles = (std::uint64_t{1} << 53U) + 1;
    EXPECT_EQ(compare(kOddBeyondDoubles, 0x1p53), Order::greater);
    EXPECT_EQ(compare(kOddBeyondDoubles - 1, 0x1p53), Order::equivalent);
    EXPECT_EQ(compare(std::uint64_t{UINT64_MAX}, 0x1p64), Order::less);
    EXPECT_EQ(compare(std::int64_t{INT64_MIN}, -0x1p63), Order::equivalent);
    EXPECT_EQ(compare(std::int64_t{INT64_MIN}, -0x1.0000000000001p63), Order::greater);
    EXPECT_EQ(compare(std::int64_t{-1}, std::uint64_t{UINT64_MAX}), Order::less);
    EXPECT_EQ(compare(std::uint64_t{0}, -0.5), Order::greater);
    EXPECT_EQ(compare(std::uint64_t{2}, 2.5), Order::less);
    EXPECT_EQ(compare(std::int64_t{-2}, -2.5), Order::greater);
    EXPECT_EQ(compare(2.5, std::uint64_t{2}), Order::greater);
    EXPECT_EQ(compare(std::uint64_t{2}, std::numeric_limits<double>::quiet_NaN()), Order::unordered);
    EXPECT_EQ(compare(std::uint64_t{2}, std::numeric_limits<double>::infinity()), Order::less);
}

TEST(FilterValue, ComparesTextByteByByte)
{
    EXPECT_EQ(compare("a", "b"), Order::less);
    EXPECT_EQ(compare("a", "a"), Order::equivalent);
    EXPECT_EQ(compare("\xff", "a"), Order::greater);
}

TEST(FilterValue, OfOtherKindsIsUnordered)
{
    EXPECT_EQ(compare("1", std::uint64_t{1}), Order::unordered);
    EXPECT_EQ(compare(true, std::uint64_t{1}), Order::unordered);
    EXPECT_EQ(compare(true, false), Order::unordered);
    EXPECT_EQ(compare(true, true), Order::equivalent);
    EXPECT_EQ(compare(PayloadState::Bad, PayloadState::Bad), Order::equivalent);
}

TEST(FilterValue, OfKeysIsWhatTheLanguageCanWrite)
{
    EXPECT_EQ(filterValueOf({std::int64_t{-5}}), FilterValue(std::int64_t{-5}));
    EXPECT_EQ(filterValueOf({std::int64_t{5}}), FilterValue(std::uint64_t{5}));
    EXPECT_EQ(filterValueOf({Timestamp{7}}), FilterValue(std::uint64_t{7}));
    EXPECT_EQ(filterValueOf({Timestamp{-7}}), FilterValue(std::int64_t{-7}));
    EXPECT_EQ(filterValueOf({Value::Bytes{std::byte{0}, std::byte{0xFF}}}), FilterValue(std::string("\0\xff", 2)));
    UuidBytes uuid{};
    uuid[0] = std::byte{0xAB};
    EXPECT_EQ(filterValueOf({uuid}), FilterValue("ab000000-0000-0000-0000-000000000000"));
    EXPECT_EQ(filterValueOf({ListValue{}}), std::nullopt);
}

} // namespace
} // namespace modelvault
