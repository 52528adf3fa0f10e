#include "printable.h"

#include <gtest/gtest.h>

namespace modelvault {
namespace {

TEST(Printable, OrdinaryTextStaysAsItIs)
{
    EXPECT_EQ(printable("books, 1999"), "books, 1999");
    EXPECT_EQ(printable("Füße 書 🙂"), "Füße 書 🙂");
}

TEST(Printable, ControlCharactersNeverReachATerminal)
{
    EXPECT_EQ(printable("a\x1b[31mb\nc\td\r\x7f"), "a\\u{1b}[31mb\\nc\\td\\r\\u{7f}");
    EXPECT_EQ(printable(std::string_view("\0x", 2)), "\\u{0}x");
    EXPECT_EQ(printable("\xc2\x9b"), "\\u{9b}") << "the 8-bit form of the escape sequence";
}

TEST(Printable, BidirectionalControlsAreShown)
{
    EXPECT_EQ(printable("a\u202eb\u2066"), "a\\u{202e}b\\u{2066}");
}

TEST(Printable, WhatIsNoUtf8IsShownByteByByte)
{
    EXPECT_EQ(printable("\xff\xfe"), "\\xff\\xfe");
    EXPECT_EQ(printable("\xc3"), "\\xc3") << "cut off";
    EXPECT_EQ(printable("\xc0\x80"), "\\xc0\\x80") << "overlong";
    EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
    EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "above the last character";
}

TEST(Printable, ABackslashIsEscapedSoThatNothingIsAmbiguous)
{
    EXPECT_EQ(printable("\\n"), "\\\\n");
}

TEST(Pictured, ControlCharactersBecomeTheirPictures)
{
    EXPECT_EQ(pictured("a\nb\t\x1b[31m\x7f"), "a␊b␉␛[31m␡");
    EXPECT_EQ(pictured(std::string_view("\0x", 2)), "␀x");
}

TEST(Pictured, WhatHasNoShapeIsNamed)
{
    EXPECT_EQ(pictured("a\u202eb\u2066"), "a⟨U+202E⟩b⟨U+2066⟩");
    EXPECT_EQ(pictured("\xc2\x9b"), "⟨U+009B⟩");
    EXPECT_EQ(pictured("\xffx\xc0"), "⟨FF⟩x⟨C0⟩");
}

TEST(Pictured, OrdinaryTextAndBackslashesStayAsTheyAre)
{
    EXPECT_EQ(pictured("Füße 書 🙂 C:\\new"), "Füße 書 🙂 C:\\new");
}

} // namespace
} // namespace modelvault
