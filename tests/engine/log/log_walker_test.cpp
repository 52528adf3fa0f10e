#include "log/log_walker.h"

#include "format/superblock.h"
#include "store/fault_store.h"
#include "support/file_builder.h"

#include <gtest/gtest.h>

#include <string>

namespace modelvault {
namespace {

using test::FileBuilder;
using Step = LogWalker::Step;

struct Seen {
    Step step;
    Offset offset;
    std::uint64_t length;
    ErrorCode fault;
};

std::vector<Seen> walk(const Store &store)
{
    LogWalker walker(store, kLogStart, Offset{*store.length()});
    std::vector<Seen> seen;
    for (;;) {
        const auto step = walker.next();
        if (!step || *step == Step::End)
            return seen;
        const bool damage = *step == Step::Damage;
        const Offset end = damage ? walker.damage().end : walker.segmentEnd();
        seen.push_back(
            {*step, walker.offset(), end - walker.offset(), damage ? walker.fault().code : ErrorCode::Cancelled});
    }
}

TEST(LogWalker, GoesFromSegmentToSegment)
{
    FileBuilder file;
    file.append(SegmentType::Record, "hello").append(SegmentType::Temp);
    const auto seen = walk(*file.store());
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen[1].offset, file.offsets()[1]);
    EXPECT_EQ(seen[1].length, 37U);
    EXPECT_EQ(seen[2].length, 32U) << "a payload may be empty";
}

TEST(LogWalker, ShortPayloadsComeAlongLongOnesDoNot)
{
    FileBuilder file;
    file.append(SegmentType::Record, std::string(LogWalker::kInlinePayload, 'x'))
        .append(SegmentType::Record, std::string(LogWalker::kInlinePayload + 1, 'y'))
        .append(SegmentType::Record, "z");
    const auto store = file.store();
    LogWalker walker(*store, file.offsets()[1], Offset{file.length()});
    ASSERT_EQ(walker.next(), Step::Segment);
    EXPECT_EQ(walker.payload().size(), LogWalker::kInlinePayload);
    ASSERT_EQ(walker.next(), Step::Segment);
    EXPECT_TRUE(walker.payload().empty());
    ASSERT_EQ(walker.next(), Step::Segment);
    EXPECT_EQ(walker.payload()[0], std::byte{'z'});
}

TEST(LogWalker, DamageCloseToDamageIsNotReadAgain)
{
    constexpr std::size_t kTimes = 1000;
    const std::string junk("TSG0TSTSG0T"); // as if headers began
    FileBuilder file;
    for (std::size_t i = 0; i < kTimes; ++i)
        file.append(SegmentType::Record, junk).append(SegmentType::Record, "x");
    for (std::size_t i = 0; i < kTimes; ++i)
        file.flip(file.offsets()[1 + 2 * i]);
    FaultStore store(file.store());
    const auto seen = walk(store);
    ASSERT_EQ(seen.size(), 1 + 2 * kTimes);
    for (std::size_t i = 1; i < seen.size(); i += 2) {
        EXPECT_EQ(seen[i].step, Step::Damage);
        EXPECT_EQ(seen[i].length, SegmentHeader::kSize + junk.size());
    }
    EXPECT_LT(store.readAttempts(), 10U);
}

TEST(LogWalker, BehindABrokenHeaderTheNextWholeOneIsFoundAtAnyAlignment)
{
    for (std::size_t junk = 0; junk < 9; ++junk) {
        FileBuilder file;
        file.append(SegmentType::Record, std::string(100 + junk, 'x')).append(SegmentType::Index, "found");
        file.flip(file.offsets()[1] + 12);
        const auto seen = walk(*file.store());
        ASSERT_EQ(seen.size(), 3U);
        EXPECT_EQ(seen[1].step, Step::Damage);
        EXPECT_EQ(seen[1].fault, ErrorCode::BadSegmentHeaderChecksum);
        EXPECT_EQ(seen[1].length, 132 + junk);
        EXPECT_EQ(seen[2].offset, file.offsets()[2]);
    }
}

TEST(LogWalker, AHeaderAcrossTheEndOfASearchedStretchIsFound)
{
    for (std::size_t junk = 256 * 1024 - 40; junk < 256 * 1024 + 8; ++junk) {
        FileBuilder file;
        file.append(SegmentType::Record, std::string(junk, 'T')).append(SegmentType::Index, "found");
        file.flip(file.offsets()[1]);
        const auto seen = walk(*file.store());
        ASSERT_EQ(seen.size(), 3U) << junk;
        EXPECT_EQ(seen[2].offset, file.offsets()[2]);
    }
}

TEST(LogWalker, MagicsWithoutAHeaderDoNotStopTheSearch)
{
    FileBuilder file;
    std::string junk;
    for (int i = 0; i < 1000; ++i)
        junk += "TSG0TSG";
    file.append(SegmentType::Record, junk).append(SegmentType::Index, "found").flip(file.offsets()[1]);
    EXPECT_EQ(walk(*file.store()).back().offset, file.last());
}

TEST(LogWalker, APayloadPastTheEndIsDamageToTheEnd)
{
    FileBuilder file;
    file.append(SegmentType::Record, "hello").cut(file.length() - 1);
    const auto seen = walk(*file.store());
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[1].fault, ErrorCode::SegmentPayloadPastEof);
    EXPECT_EQ(seen[1].length, 36U);
}

TEST(LogWalker, AHugePayloadLengthDoesNotOverflow)
{
    FileBuilder file;
    file.append(SegmentType::Record, "hello");
    for (Offset at = file.last() + 12; at < file.last() + 20; at += 1)
        file.flip(at, 0xFF);
    file.repairChecksums(file.last(), false);
    const auto seen = walk(*file.store());
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[1].fault, ErrorCode::SegmentPayloadPastEof);
}

TEST(LogWalker, FewerBytesThanAHeaderAreATruncatedOne)
{
    FileBuilder file;
    file.appendZeros(31);
    const auto seen = walk(*file.store());
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[1].fault, ErrorCode::TruncatedSegmentHeader);
}

TEST(LogWalker, AFileThatEndsBeforeTheLogHasNoSegmentsAndNoFault)
{
    EXPECT_TRUE(walk(*FileBuilder().cut(8224).store()).empty());
    EXPECT_TRUE(walk(*FileBuilder().cut(100).store()).empty());
    EXPECT_TRUE(walk(*FileBuilder().cut(0).store()).empty());
}

TEST(LogWalker, StopsWhenToldTo)
{
    FileBuilder file;
    file.append(SegmentType::Record, "hello");
    const auto store = file.store();
    LogWalker walker(*store, kLogStart, Offset{file.length()}, [](Offset) { return false; });
    EXPECT_EQ(walker.next().error().code, ErrorCode::Cancelled);
}

TEST(LogWalker, WhatCannotBeReadIsDamageAndTheWalkGoesOnBehindIt)
{
    FileBuilder file;
    file.append(SegmentType::Record, std::string(10'000, 'x')).append(SegmentType::Index, "found");
    FaultStore store(file.store());
    store.failOneReadAfter(0);
    // The one read that fails is repeated in a smaller piece: nothing is lost.
    EXPECT_EQ(walk(store).size(), 3U);

    store.failReadsAfter(0);
    const auto seen = walk(store);
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].fault, ErrorCode::Io);
    EXPECT_EQ(seen[0].length, file.length() - kLogStart.value);
}

TEST(LogWalker, AFileThatShrinksMeanwhileEndsTheWalkWithDamage)
{
    FileBuilder file;
    for (int i = 0; i < 10; ++i)
        file.append(SegmentType::Record, std::string(100'000, 'x'));
    const auto store = file.store();
    LogWalker walker(*store, kLogStart, Offset{file.length()});
    ASSERT_EQ(walker.next(), Step::Segment);
    ASSERT_EQ(walker.next(), Step::Segment);
    ASSERT_TRUE(store->truncate(file.offsets()[3].value));
    ASSERT_EQ(walker.next(), Step::Segment);
    ASSERT_EQ(walker.next(), Step::Damage);
    EXPECT_EQ(walker.fault().code, ErrorCode::UnexpectedEof);
    EXPECT_EQ(walker.damage().begin, file.offsets()[3]);
    EXPECT_EQ(walker.next(), Step::End);
}

} // namespace
} // namespace modelvault
