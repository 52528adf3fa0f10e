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
    EXPECT_EQ(nameOf("SQLite format 3"), "");
    EXPECT_EQ(nameOf("TDB0"), "");
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
