#include "log/log_writer.h"

#include "format/limits.h"
#include "log/file_head.h"
#include "log/log_scanner.h"
#include "support/file_builder.h"

#include <gtest/gtest.h>

#include <limits>

namespace modelvault {
namespace {

using test::FileBuilder;

ErrorCode refusal(FileBuilder &file)
{
    const auto opened = LogWriter::open(file.store());
    return opened ? ErrorCode::Cancelled : opened.error().code;
}

TEST(LogWriter, MakesAnEmptyDatabaseOfAnEmptyStore)
{
    auto made = LogWriter::create(std::make_unique<MemoryStore>());
    ASSERT_TRUE(made);
    const auto head = readFileHead(made->store());
    ASSERT_TRUE(head && head->selected);
    EXPECT_EQ(*head->selected, SuperblockSlot::B);
    EXPECT_EQ(head->superblocks[1]->generation, 2U);
    EXPECT_EQ(head->superblocks[1]->manifestOffset, kLogStart);
}

TEST(LogWriter, RefusesToMakeADatabaseOverBytes)
{
    FileBuilder file;
    EXPECT_EQ(LogWriter::create(file.store()).error().code, ErrorCode::InvalidInput);
}

TEST(LogWriter, GoesOnBehindTheLastByteAndUsesTheOtherSlot)
{
    FileBuilder file;
    file.transaction();
    const auto length = file.length();
    auto opened = LogWriter::open(file.store());
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->end(), Offset{length});
    ASSERT_TRUE(opened->begin(7) && opened->commit(7) && opened->publish());
    const auto head = readFileHead(opened->store());
    ASSERT_TRUE(head);
    EXPECT_EQ(head->selected, SuperblockSlot::A);
    const auto scan = scanLog(opened->store(), head->fileLength);
    ASSERT_TRUE(scan);
    EXPECT_TRUE(scan->findings.empty());
    EXPECT_EQ(scan->index->transactionCount(), 2U);
}

TEST(LogWriter, OpensNoFileThatEndsBeforeTheLogEvenIfASlotIsWhole)
{
    FileBuilder file;
    file.cut(kLogStart.value - 1);
    EXPECT_EQ(refusal(file), ErrorCode::TruncatedSuperblock);
}

TEST(LogWriter, OpensNoFileWithoutAValidSuperblock)
{
    FileBuilder file;
    file.flip({32 + 8}).flip({4128 + 8});
    EXPECT_EQ(refusal(file), ErrorCode::BadSuperblockChecksum);
}

TEST(LogWriter, OpensNoFileWhoseHeaderIsWrong)
{
    FileBuilder file;
    file.flip({0});
    EXPECT_EQ(refusal(file), ErrorCode::BadMagic);
}

TEST(LogWriter, AppendsNoPayloadThatTheEngineWouldNotRead)
{
    auto made = LogWriter::create(std::make_unique<MemoryStore>());
    ASSERT_TRUE(made);
    const auto end = made->end();
    const std::vector<std::byte> payload(kMaxPayload + 1);
    const auto refused = made->append(SegmentType::Record, payload);
    ASSERT_FALSE(refused);
    EXPECT_EQ(
        refused.error(),
        (Error{.code = ErrorCode::PayloadOverLimit, .offset = end, .expected = kMaxPayload, .found = kMaxPayload + 1}));
    EXPECT_EQ(made->end(), end);
    EXPECT_TRUE(made->append(SegmentType::Record, std::span(payload).first(kMaxPayload)));
}

TEST(LogWriter, PublishesNoGenerationBeyondTheLast)
{
    FileBuilder file;
    const Superblock last{.generation = std::numeric_limits<std::uint64_t>::max()};
    file.overwrite(Superblock::slotOffset(SuperblockSlot::A), last.encode());
    auto opened = LogWriter::open(file.store());
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->publish().error().code, ErrorCode::InvalidInput);
}

} // namespace
} // namespace modelvault
