#include "utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace modelvault {
namespace {

TEST(Utf8, IsValidAsFarAsTheFirstByteThatIsNone)
{
    EXPECT_EQ(validUtf8Prefix(""), 0U);
    EXPECT_EQ(validUtf8Prefix("plain"), 5U);
    EXPECT_EQ(validUtf8Prefix("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"), 9U) << "two, three and four bytes";
    EXPECT_EQ(validUtf8Prefix("abc\xFF"), 3U);
    EXPECT_EQ(validUtf8Prefix("abc\xE2\x82"), 3U) << "cut";
    EXPECT_EQ(validUtf8Prefix("\xC0\x80"), 0U) << "overlong";
    EXPECT_EQ(validUtf8Prefix("\xED\xA0\x80"), 0U) << "a surrogate";
    EXPECT_EQ(validUtf8Prefix("\xF4\x90\x80\x80"), 0U) << "above U+10FFFF";
    EXPECT_EQ(validUtf8Prefix(std::string_view("a\0b", 3)), 3U);
}

TEST(Utf8, IsFoundWrongAtEveryPlaceOfALongText)
{
    for (std::size_t at = 0; at < 40; ++at) {
        std::string text(40, 'a');
        text[at] = '\x80';
        EXPECT_EQ(validUtf8Prefix(text), at);
    }
}

} // namespace
} // namespace modelvault
