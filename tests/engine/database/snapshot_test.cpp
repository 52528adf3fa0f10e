#include "database/snapshot.h"

#include "store/memory_store.h"
#include "support/file_builder.h"
#include "support/scanned.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace modelvault {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

auto finding(ErrorCode code, Severity severity, std::uint64_t offset, std::uint64_t length)
{
    return testing::AllOf(Field("code", &Finding::code, code), Field("severity", &Finding::severity, severity),
                          Field("offset", &Finding::offset, Offset{offset}), Field("length", &Finding::length, length));
}

/// Of the first bytes of a sound database.
std::vector<Finding> findingsOfFirst(std::uint64_t length)
{
    return headFindings(readFileHead(*test::FileBuilder().cut(length).store()).value());
}

TEST(HeadFindings, ASoundHeadHasNone)
{
    EXPECT_THAT(findingsOfFirst(kLogStart.value), IsEmpty());
}

TEST(HeadFindings, WhereNotEvenTheHeaderFitsItIsTheOnlyOne)
{
    EXPECT_THAT(findingsOfFirst(0), ElementsAre(finding(ErrorCode::TruncatedHeader, Severity::Error, 0, 0)));
    EXPECT_THAT(findingsOfFirst(17), ElementsAre(finding(ErrorCode::TruncatedHeader, Severity::Error, 0, 17)));
    EXPECT_THAT(findingsOfFirst(31), ElementsAre(finding(ErrorCode::TruncatedHeader, Severity::Error, 0, 31)));
}

TEST(HeadFindings, BehindAHeaderEachSuperblockThatIsCutShortIsOne)
{
    EXPECT_THAT(findingsOfFirst(32),
                ElementsAre(finding(ErrorCode::TruncatedSuperblock, Severity::Error, 32, 0),
                            finding(ErrorCode::TruncatedSuperblock, Severity::Error, 32, 0)));
    EXPECT_THAT(findingsOfFirst(kLogStart.value - 1),
                ElementsAre(finding(ErrorCode::TruncatedSuperblock, Severity::Error, 0x1020, 4095)));
}

TEST(HeadFindings, ADamagedSuperblockBesideAWholeOneIsAWarning)
{
    test::FileBuilder file;
    file.flip(Offset{0x1020 + 8});
    const auto found = headFindings(readFileHead(*file.store()).value());
    EXPECT_THAT(found, ElementsAre(finding(ErrorCode::BadSuperblockChecksum, Severity::Warning, 0x1020, 4096)));
}

TEST(HeadFindings, BytesBehindAHeaderOfMinor2KeepAnyOpenFromTheFile)
{
    auto bytes = FileHeader{.minor = 2}.encode();
    EXPECT_THAT(headFindings(readFileHead(MemoryStore(bytes)).value()), testing::IsEmpty());
    bytes.resize(100);
    EXPECT_THAT(headFindings(readFileHead(MemoryStore(bytes)).value()),
                ElementsAre(finding(ErrorCode::UnsupportedVersion, Severity::Error, 32, 68)));
}

/// Of a scanned file, the page map says what it holds at the beginning.
bool showsDamage(test::FileBuilder &file)
{
    const test::Scanned scanned(file.bytes());
    return scanned.snapshot->log.pages->holds({0}, ContentKind::Damaged);
}

TEST(SnapshotPages, WhatDoesNotDecodeBeforeTheLogIsDamage)
{
    test::FileBuilder sound;
    EXPECT_FALSE(showsDamage(sound));
    EXPECT_TRUE(showsDamage(test::FileBuilder().flip(Offset{0})));
    EXPECT_TRUE(showsDamage(test::FileBuilder().flip(Superblock::slotOffset(SuperblockSlot::A))));
    EXPECT_TRUE(showsDamage(test::FileBuilder().flip(Superblock::slotOffset(SuperblockSlot::B))));
    EXPECT_TRUE(showsDamage(test::FileBuilder().cut(17)));
    EXPECT_TRUE(showsDamage(test::FileBuilder().cut(kLogStart.value - 1)));
    EXPECT_FALSE(showsDamage(test::FileBuilder(2).cut(FileHeader::kSize))) << "that is all there is of minor 2";
}

TEST(SnapshotPages, AreUnknownBeforeTheScan)
{
    const auto head = readFileHead(*test::FileBuilder().flip(Offset{0}).store()).value();
    const auto snapshot = makeSnapshot({}, head, emptyLogScan(head.fileLength));
    EXPECT_EQ(snapshot->log.pages->dominant({0}), ContentKind::NotScanned);
}

TEST(HeadSpans, EndWhereTheFileDoes)
{
    const auto spans = [](test::FileBuilder &file) { return headSpans(readFileHead(*file.store()).value()); };
    EXPECT_THAT(spans(test::FileBuilder().cut(0)), IsEmpty());
    EXPECT_THAT(spans(test::FileBuilder().cut(17)), ElementsAre(HeadSpan{Offset{0}, Offset{17}, false}));
    EXPECT_THAT(spans(test::FileBuilder().cut(32)), ElementsAre(HeadSpan{Offset{0}, Offset{32}, true}));
    EXPECT_THAT(spans(test::FileBuilder().cut(5000)),
                ElementsAre(HeadSpan{Offset{0}, Offset{32}, true}, HeadSpan{Offset{32}, Offset{4128}, true},
                            HeadSpan{Offset{4128}, Offset{5000}, false}));
}

TEST(Snapshot, CountsTheFindingsThatWereDroppedToo)
{
    auto log = emptyLogScan(0);
    log.findings.resize(3);
    log.findingsDropped = 4;
    const auto head = readFileHead(*test::FileBuilder().store()).value();
    EXPECT_EQ(makeSnapshot({}, head, std::move(log))->findingCount(), 7U);
}

} // namespace
} // namespace modelvault
