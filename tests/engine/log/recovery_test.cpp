#include "log/recovery.h"

#include "support/file_builder.h"
#include "support/scanned.h"

#include <gtest/gtest.h>

namespace modelvault {
namespace {

using test::FileBuilder;
using test::Scanned;

std::string_view nameOf(const std::optional<Error> &error)
{
    return error ? errorName(error->code) : "ok";
}

std::string_view logRefusalOf(FileBuilder &builder)
{
    return nameOf(logRefusal(Scanned(builder.bytes()).snapshot->log));
}

LogCut cutOf(FileBuilder &builder)
{
    const Scanned file(builder.bytes());
    return findLogCut(*file.store, file.snapshot->log).value();
}

std::string_view causeOf(const LogCut &cut)
{
    return cut.cause ? errorName(cut.cause->error.code) : "clean";
}

// --- The head ---

std::string_view headRefusalOf(std::vector<std::byte> bytes)
{
    return nameOf(headRefusal(readFileHead(MemoryStore(std::move(bytes))).value()));
}

TEST(HeadRefusal, IsThatOfTheFirstStructureThatIsWrong)
{
    EXPECT_EQ(headRefusalOf(FileBuilder().bytes()), "ok");
    EXPECT_EQ(headRefusalOf(FileBuilder().cut(0).bytes()), "ok")
        << "an empty file is a database that nobody has written yet";
    EXPECT_EQ(headRefusalOf(FileBuilder().cut(31).bytes()), "TruncatedHeader");
    EXPECT_EQ(headRefusalOf(FileBuilder().flip(Offset{0}).cut(5000).bytes()), "BadMagic");
    EXPECT_EQ(headRefusalOf(FileBuilder().cut(kLogStart.value - 1).bytes()), "TruncatedSuperblock");
    EXPECT_EQ(headRefusalOf(FileBuilder().cut(kLogStart.value).bytes()), "ok");
}

TEST(HeadRefusal, AFileOfTheHeaderAloneMustEndThere)
{
    EXPECT_EQ(headRefusalOf(FileBuilder(2).bytes()), "ok");
    EXPECT_EQ(headRefusalOf(FileBuilder(2).appendZeros(1).bytes()), "UnsupportedVersion");
    EXPECT_EQ(headRefusalOf(FileBuilder(2).appendZeros(9000).bytes()), "UnsupportedVersion");
}

TEST(HeadRefusal, WithoutASuperblockIsAlwaysOfItsChecksum)
{
    FileBuilder builder;
    builder.flip(Superblock::slotOffset(SuperblockSlot::B) + 8);
    EXPECT_EQ(headRefusalOf(builder.bytes()), "ok") << "the other one is left";
    builder.flip(Superblock::slotOffset(SuperblockSlot::A));
    EXPECT_EQ(headRefusalOf(builder.bytes()), "BadSuperblockChecksum");
}

TEST(HeadRefusal, WithoutASuperblockHasTheSumsOfTheFirstThatHasAny)
{
    const auto refusal = [](FileBuilder &builder) {
        return *headRefusal(readFileHead(MemoryStore(builder.bytes())).value());
    };
    const auto a = Superblock::slotOffset(SuperblockSlot::A);
    const auto b = Superblock::slotOffset(SuperblockSlot::B);
    FileBuilder builder;
    builder.flip(a + 8).flip(b + 8);
    EXPECT_EQ(refusal(builder), readFileHead(MemoryStore(builder.bytes())).value().superblocks[0].error());
    EXPECT_NE(refusal(builder).expected, refusal(builder).found);
    builder.flip(a); // no longer a superblock
    EXPECT_EQ(refusal(builder), readFileHead(MemoryStore(builder.bytes())).value().superblocks[1].error());
    builder.flip(b);
    EXPECT_EQ(refusal(builder), (Error{.code = ErrorCode::BadSuperblockChecksum, .offset = a}));
}

// --- The manifest ---

/// Of a file with one manifest behind the other, where the second begins at kSecond.
class ManifestRefusal : public testing::Test {
protected:
    static constexpr Offset kSecond = kLogStart + (SegmentHeader::kSize + 18);

    ManifestRefusal() { m_builder.publish(); }

    [[nodiscard]] std::string_view refusal()
    {
        const auto store = m_builder.store();
        return nameOf(manifestRefusal(*store, readFileHead(*store).value()).value());
    }

    FileBuilder m_builder;
};

TEST_F(ManifestRefusal, WhereTheSuperblockLeadsToAManifestThereIsNone)
{
    EXPECT_EQ(refusal(), "ok");
    m_builder.flip(kSecond + SegmentHeader::kSize);
    EXPECT_EQ(refusal(), "ok") << "its payload's checksum is not looked at";
}

TEST_F(ManifestRefusal, IsWhatIsWrongWithItsHeader)
{
    m_builder.flip(kSecond);
    EXPECT_EQ(refusal(), "BadSegmentMagic");
    m_builder.flip(kSecond).flip(kSecond + 29);
    EXPECT_EQ(refusal(), "BadSegmentHeaderChecksum");
}

TEST_F(ManifestRefusal, IsTheEndOfTheFileWhereThatComesTooEarly)
{
    m_builder.cut(m_builder.length() - 1);
    EXPECT_EQ(refusal(), "UnexpectedEof");
    m_builder.cut(kSecond.value + 31);
    EXPECT_EQ(refusal(), "UnexpectedEof");
    m_builder.cut(kSecond.value);
    EXPECT_EQ(refusal(), "UnexpectedEof");
    m_builder.cut(kSecond.value - 1);
    EXPECT_EQ(refusal(), "UnexpectedEof");
}

TEST_F(ManifestRefusal, IsItsTypeWhereThatIsAnother)
{
    m_builder.overwrite(kSecond + 6, test::bytesOf("\x09"));
    m_builder.repairChecksums(kSecond);
    EXPECT_EQ(refusal(), "UnsupportedVersion");
    m_builder.cut(kSecond.value + 40);
    EXPECT_EQ(refusal(), "UnsupportedVersion") << "looked at before the payload";
}

TEST_F(ManifestRefusal, LengthsOfAnySizeAreOnlyTooLong)
{
    m_builder.overwrite(kSecond + 12, test::bytesOf("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"));
    m_builder.repairChecksums(kSecond, false);
    EXPECT_EQ(refusal(), "UnexpectedEof");
}

// --- The log ---

TEST(LogRefusal, OfACleanLogThereIsNone)
{
    FileBuilder builder;
    builder.transaction(2).publish().abort();
    EXPECT_EQ(logRefusalOf(builder), "ok");
    EXPECT_EQ(cutOf(builder), (LogCut{.safeEnd = {builder.length()}, .cause = {}}));
}

TEST(LogRefusal, ATornTailIsCalledUncleanAndCutBehindTheLastSegment)
{
    for (const std::uint64_t missing : {1U, 16U, 17U, 40U}) {
        FileBuilder builder;
        builder.transaction().append(SegmentType::Temp, std::string(16, 't'));
        const Offset torn = builder.last();
        builder.cut(builder.length() - missing);
        EXPECT_EQ(logRefusalOf(builder), "UncleanLogTail") << missing;
        EXPECT_EQ(cutOf(builder).safeEnd, torn) << missing;
    }
}

TEST(LogRefusal, DamageKeepsItsNameAndCutsAllThatFollows)
{
    FileBuilder builder;
    builder.transaction().transaction(2).transaction();
    const auto &offsets = builder.offsets();
    builder.flip(offsets[6] + SegmentHeader::kSize); // the second record of the second transaction
    EXPECT_EQ(logRefusalOf(builder), "BadSegmentPayloadChecksum");
    auto cut = cutOf(builder);
    EXPECT_EQ(cut.safeEnd, offsets[4]) << "where that transaction begins";
    EXPECT_EQ(cut.cause->segment, offsets[6]);

    builder.flip(offsets[3]); // the first transaction's end
    EXPECT_EQ(logRefusalOf(builder), "BadSegmentMagic");
    EXPECT_EQ(cutOf(builder).safeEnd, offsets[1]);
}

TEST(LogRefusal, DamageBetweenTransactionsCutsRightThere)
{
    FileBuilder builder;
    builder.transaction().transaction();
    const Offset second = builder.offsets()[4];
    builder.flip(second + 29);
    EXPECT_EQ(logRefusalOf(builder), "BadSegmentHeaderChecksum");
    EXPECT_EQ(cutOf(builder).safeEnd, second);
}

TEST(LogRefusal, ATransactionWithoutEndIsUncleanAndCutAtItsBegin)
{
    FileBuilder builder;
    builder.transaction().begin(7).append(SegmentType::Record, "lost").publish();
    EXPECT_EQ(logRefusalOf(builder), "UncleanLogTail");
    const auto cut = cutOf(builder);
    EXPECT_EQ(cut.safeEnd, builder.offsets()[4]);
    EXPECT_EQ(causeOf(cut), "UncleanLogTail");
}

TEST(LogRefusal, WrongMarkersCutWhereTheyStandOrWhereTheirTransactionBegins)
{
    FileBuilder stray;
    stray.transaction().commit(1).transaction();
    EXPECT_EQ(logRefusalOf(stray), "InvalidTxnPayload");
    EXPECT_EQ(cutOf(stray).safeEnd, stray.offsets()[4]);

    FileBuilder otherId;
    otherId.transaction().begin(1).append(SegmentType::Record, "r").commit(2);
    EXPECT_EQ(logRefusalOf(otherId), "InvalidTxnPayload");
    EXPECT_EQ(cutOf(otherId).safeEnd, otherId.offsets()[4]);

    FileBuilder nested;
    nested.transaction().begin(1).begin(2).commit(2);
    EXPECT_EQ(logRefusalOf(nested), "InvalidTxnPayload");
    EXPECT_EQ(cutOf(nested).safeEnd, nested.offsets()[4]);

    FileBuilder broken;
    broken.transaction().append(SegmentType::TxnBegin, "no marker").commit(1);
    EXPECT_EQ(logRefusalOf(broken), "InvalidTxnPayload");
    EXPECT_EQ(cutOf(broken).safeEnd, broken.offsets()[4]);
}

TEST(LogRefusal, DamageIsMetBeforeMarkersAreLookedAtAndATornTailAfter)
{
    FileBuilder builder;
    builder.commit(1).transaction();
    builder.flip(builder.offsets()[3] + SegmentHeader::kSize);
    EXPECT_EQ(logRefusalOf(builder), "BadSegmentPayloadChecksum") << "although it stands behind";
    EXPECT_EQ(causeOf(cutOf(builder)), "InvalidTxnPayload") << "what is cut is all that follows the first";
    EXPECT_EQ(cutOf(builder).safeEnd, builder.offsets()[1]);

    FileBuilder torn;
    torn.commit(1).transaction().cut(torn.length() - 1);
    EXPECT_EQ(logRefusalOf(torn), "InvalidTxnPayload");
}

TEST(LogRefusal, AMarkerBehindTheFirstDamageIsNotMet)
{
    FileBuilder builder;
    builder.transaction().transaction().commit(9);
    builder.flip(builder.offsets()[4]);
    EXPECT_EQ(causeOf(cutOf(builder)), "BadSegmentMagic");
    EXPECT_EQ(logRefusalOf(builder), "BadSegmentMagic");
}

TEST(LogRefusal, ManyOtherFindingsHideNoMarker)
{
    FileBuilder builder;
    for (std::size_t i = 0; i < FindingList::kMost + 5; ++i)
        builder.append(SegmentType::Record).publish(); // outside of transactions, and none beside the other
    builder.commit(1);
    EXPECT_EQ(logRefusalOf(builder), "InvalidTxnPayload");
    EXPECT_EQ(cutOf(builder).safeEnd, builder.last());
}

TEST(LogRefusal, BeforeMinorSixMarkersMeanNothing)
{
    FileBuilder builder(5);
    builder.commit(1).begin(1).begin(2).append(SegmentType::TxnAbort, "no marker");
    EXPECT_EQ(logRefusalOf(builder), "ok");
    EXPECT_EQ(cutOf(builder).safeEnd, Offset{builder.length()});
}

TEST(LogRefusal, WhatLiesOutsideOfTransactionsCutsNothing)
{
    FileBuilder builder;
    builder.append(SegmentType::Record, "loose").transaction();
    EXPECT_EQ(logRefusalOf(builder), "ok") << "only replay meets it";
    EXPECT_EQ(cutOf(builder).safeEnd, Offset{builder.length()});
}

} // namespace
} // namespace modelvault
