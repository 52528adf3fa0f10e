#include "format/byte_reader.h"

#include "format/byte_writer.h"

#include <gtest/gtest.h>

namespace modelvault {
namespace {

TEST(ByteReader, GivesBackWhatAWriterWrote)
{
    ByteWriter writer;
    writer.u8(0x12);
    writer.u16(0x3456);
    writer.u32(0x789ABCDE);
    writer.u64(0x0123456789ABCDEF);
    writer.zeros(3);

    ByteReader reader(writer.written(), Offset{100});
    EXPECT_EQ(reader.u8(), 0x12);
    EXPECT_EQ(reader.u16(), 0x3456);
    EXPECT_EQ(reader.u32(), 0x789ABCDEU);
    EXPECT_EQ(reader.u64(), 0x0123456789ABCDEFU);
    EXPECT_EQ(reader.position(), Offset{115});
    EXPECT_EQ(reader.bytes(3).size(), 3U);
    EXPECT_EQ(reader.remaining(), 0U);
    EXPECT_FALSE(reader.failed());
}

TEST(ByteReader, IntegersAreLittleEndian)
{
    ByteWriter writer;
    writer.u32(0x01020304);
    EXPECT_EQ(writer.written()[0], std::byte{4});
}

TEST(ByteReader, AFieldPastTheEndFailsAndStaysAtItsPlace)
{
    const std::byte three[3] = {std::byte{1}, std::byte{2}, std::byte{3}};
    ByteReader reader(three, Offset{10});
    EXPECT_EQ(reader.u8(), 1);
    EXPECT_EQ(reader.u32(), 0U);
    EXPECT_TRUE(reader.failed());
    EXPECT_EQ(reader.position(), Offset{11});
    EXPECT_EQ(reader.u8(), 0) << "after a failure nothing is read any more";
}

TEST(ByteReader, AHugeLengthIsRefusedWithoutOverflow)
{
    const std::byte one[1] = {};
    ByteReader reader(one, Offset{0});
    EXPECT_TRUE(reader.bytes(~std::uint64_t{0}).empty());
    EXPECT_TRUE(reader.failed());
}

} // namespace
} // namespace modelvault
