#include "format/foreign_format.h"

#include "log/file_head.h"
#include "support/file_builder.h"

#include <gtest/gtest.h>

namespace modelvault {
namespace {

using namespace std::string_view_literals;

std::string_view nameOf(std::string_view text)
{
    return foreignFormatName(foreignFormat(test::bytesOf(text)));
}

TEST(ForeignFormat, IsToldByTheFirstBytes)
{
    EXPECT_EQ(nameOf("SQLite format 3\0and more"sv), "SQLite database");
    EXPECT_EQ(nameOf("\x89PNG\r\n\x1a\n\0\0"sv), "PNG image");
    EXPECT_EQ(nameOf("\x7f"
                     "ELF\2"sv),
              "ELF program");
    EXPECT_EQ(nameOf("PK\x03\x04"sv), "ZIP archive");
}

TEST(ForeignFormat, IsNoneForWhatIsTooShortOrUnknown)
{
    EXPECT_EQ(foreignFormat({}), ForeignFormat::None);
    EXPECT_EQ(nameOf("\x89PNG"), "");
    EXPECT_EQ(nameOf("TDB0"), "");
}

TEST(ForeignFormat, TextIsWhatPeopleCanRead)
{
    EXPECT_EQ(nameOf("# Notes\r\n\tfor later\n"), "text");
    EXPECT_EQ(nameOf("{\"json\": true}"), "text");
    EXPECT_EQ(nameOf("z\xc3\xbcrich"), "text");
    EXPECT_EQ(nameOf("cut within z\xc3"), "text");
    EXPECT_EQ(nameOf("Latin-1 is z\xfcrich or anything else"), "");
    EXPECT_EQ(nameOf("ends with a zero\0"sv), "");
    EXPECT_EQ(nameOf("rings a bell\a"), "");
}

TEST(ForeignFormat, WhatCouldBeADatabaseIsNoText)
{
    for (const auto begin : {"T", "TD", "TDB", "TDB0", "TDB0 and text behind it"})
        EXPECT_EQ(nameOf(begin), "") << begin;
    EXPECT_EQ(nameOf("TDB1"), "text");
}

TEST(ForeignFormat, OfADatabaseIsNone)
{
    test::FileBuilder file;
    const auto head = readFileHead(*file.store());
    ASSERT_TRUE(head);
    EXPECT_EQ(head->foreign, ForeignFormat::None);
}

TEST(ForeignFormat, IsInTheHeadOfAForeignFile)
{
    test::FileBuilder file;
    file.overwrite({0}, test::bytesOf("SQLite format 3\0"sv));
    const auto head = readFileHead(*file.store());
    ASSERT_TRUE(head);
    EXPECT_EQ(head->foreign, ForeignFormat::Sqlite);
    EXPECT_EQ(head->header.error().code, ErrorCode::BadMagic);
}

} // namespace
} // namespace modelvault
