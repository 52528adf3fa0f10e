#include "log/log_scanner.h"

#include "format/superblock.h"
#include "store/fault_store.h"
#include "support/file_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <thread>
#include <utility>

namespace modelvault {
namespace {

using test::FileBuilder;
using testing::ElementsAre;
using testing::IsEmpty;

LogScan scan(const Store &store, ScanOptions options = {})
{
    auto result = scanLog(store, *store.length(), options);
    EXPECT_TRUE(result) << errorName(result.error().code);
    return *std::move(result);
}

std::vector<ErrorCode> codes(const LogScan &scan)
{
    std::vector<ErrorCode> found;
    for (const auto &finding : scan.findings)
        found.push_back(finding.code);
    return found;
}

TEST(LogScanner, CountsWhatASoundLogHolds)
{
    FileBuilder file;
    file.transaction(3).publish().transaction(2, 100).publish();
    const auto found = scan(*file.store());
    EXPECT_TRUE(found.complete);
    EXPECT_THAT(found.findings, IsEmpty());
    EXPECT_EQ(found.firstFault, std::nullopt);
    EXPECT_EQ(found.index->segmentCount(), 12U);
    EXPECT_EQ(found.index->count(SegmentType::Record), 5U);
    EXPECT_EQ(found.index->payloadBytes(SegmentType::Record), 3 * 16 + 2 * 100U);
    EXPECT_EQ(found.index->transactionCount(), 2U);
    EXPECT_EQ(found.covered, Offset{file.length()});
}

TEST(LogScanner, AWrongPayloadChecksumIsAFindingAndTheScanGoesOn)
{
    FileBuilder file;
    file.transaction(3);
    file.flip(file.offsets()[3] + 32);
    const auto found = scan(*file.store());
    EXPECT_THAT(codes(found), ElementsAre(ErrorCode::BadSegmentPayloadChecksum));
    EXPECT_EQ(found.findings[0].offset, file.offsets()[3]);
    EXPECT_EQ(found.findings[0].length, 48U);
    EXPECT_NE(found.findings[0].expected, found.findings[0].found);
    EXPECT_EQ(found.index->segmentCount(), 6U);
    ASSERT_TRUE(found.firstFault);
    EXPECT_EQ(found.firstFault->segment, file.offsets()[3]);
}

TEST(LogScanner, ABadCheckpointOrSpilledQueryIsShownAndDoesNotEndTheWalk)
{
    FileBuilder file;
    file.append(SegmentType::Checkpoint, "abc").append(SegmentType::Temp, "def");
    file.flip(file.offsets()[1] + 33).flip(file.offsets()[2] + 33);
    const auto found = scan(*file.store());
    EXPECT_EQ(found.firstFault, std::nullopt);
    ASSERT_THAT(codes(found), ElementsAre(ErrorCode::BadSegmentPayloadChecksum)) << "merged";
    EXPECT_EQ(found.findings[0].severity, Severity::Warning);
    EXPECT_EQ(found.findings[0].count, 2U);
}

TEST(LogScanner, FindsSegmentsAgainBehindDamage)
{
    FileBuilder file;
    file.transaction(1).transaction(2);
    file.flip(file.offsets()[2]);
    const auto found = scan(*file.store());
    EXPECT_THAT(codes(found), ElementsAre(ErrorCode::BadSegmentMagic));
    EXPECT_EQ(found.findings[0].length, 48U);
    EXPECT_EQ(found.index->segmentCount(), 7U);
    EXPECT_EQ(found.index->transactionCount(), 2U);
}

TEST(LogScanner, SaysWhichRulesOfFramingAreBroken)
{
    EXPECT_THAT(codes(scan(*FileBuilder().append(SegmentType::Record).append(SegmentType::Index).store())),
                ElementsAre(ErrorCode::UnframedSegment));
    EXPECT_THAT(codes(scan(*FileBuilder().commit().store())), ElementsAre(ErrorCode::InvalidTxnPayload));
    EXPECT_THAT(codes(scan(*FileBuilder().begin(1).commit(2).store())), ElementsAre(ErrorCode::InvalidTxnPayload));
    EXPECT_THAT(codes(scan(*FileBuilder().begin(1).begin(1).commit(1).store())),
                ElementsAre(ErrorCode::InvalidTxnPayload));
    EXPECT_THAT(codes(scan(*FileBuilder().begin().append(SegmentType::Record).store())),
                ElementsAre(ErrorCode::UncleanLogTail));
    EXPECT_THAT(codes(scan(*FileBuilder().abort().store())), IsEmpty()) << "an abort may stand alone";
    EXPECT_THAT(codes(scan(*FileBuilder().begin(1).abort(2).store())), IsEmpty()) << "its id is not compared";
    EXPECT_THAT(codes(scan(*FileBuilder().append(SegmentType::Temp).append(SegmentType::Checkpoint).store())),
                IsEmpty());
}

TEST(LogScanner, WithoutFramingMarkersMeanNothing)
{
    FileBuilder file(5);
    file.append(SegmentType::Record).commit().begin();
    const auto found = scan(*file.store(), {.framed = false});
    EXPECT_THAT(found.findings, IsEmpty());
    EXPECT_EQ(found.index->transactionCount(), 0U);
}

// One bad byte in each of several payloads that are read apart from the walk.
class LongPayloads : public testing::Test {
protected:
    LongPayloads()
    {
        m_file.begin();
        for (int i = 0; i < 20; ++i)
            m_file.append(SegmentType::Record, std::string(600'000, 'x'));
        m_file.commit();
        for (const std::size_t bad : {3U, 4U, 17U})
            m_file.flip(m_file.offsets()[bad] + 250'000);
    }

    void expectAllFound(const LogScan &found)
    {
        ASSERT_THAT(codes(found),
                    ElementsAre(ErrorCode::BadSegmentPayloadChecksum, ErrorCode::BadSegmentPayloadChecksum));
        EXPECT_EQ(found.findings[0].offset, m_file.offsets()[3]);
        EXPECT_EQ(found.findings[0].count, 2U);
        EXPECT_EQ(found.findings[1].offset, m_file.offsets()[17]);
        EXPECT_EQ(found.firstFault->segment, m_file.offsets()[3]);
        EXPECT_EQ(found.pages->dominant(PageMap::pageAt(m_file.offsets()[17] + 50'000)), ContentKind::Damaged);
        EXPECT_EQ(found.pages->dominant(PageMap::pageAt(m_file.offsets()[10] + 50'000)), ContentKind::Record);
    }

    FileBuilder m_file;
};

TEST_F(LongPayloads, AreCheckedOnTheScanningThreadIfNoneIsLent)
{
    expectAllFound(scan(*m_file.store()));
}

TEST_F(LongPayloads, AreCheckedOnLentThreads)
{
    std::vector<std::jthread> threads;
    expectAllFound(
        scan(*m_file.store(),
             {.run = [&](std::function<void()> task) { threads.emplace_back(std::move(task)); }, .lentThreads = 3}));
}

TEST_F(LongPayloads, AreCheckedEvenIfLentThreadsNeverRunOrRunTooLate)
{
    std::vector<std::function<void()>> late;
    expectAllFound(
        scan(*m_file.store(),
             {.run = [&](std::function<void()> task) { late.push_back(std::move(task)); }, .lentThreads = 2}));
    for (const auto &task : late)
        task();
}

TEST_F(LongPayloads, ThatCannotBeReadAreFindings)
{
    FaultStore store(m_file.store());
    store.failOneReadAfter(2); // the second piece of the first payload; the first read is the walk's
    const auto found = scan(store);
    EXPECT_THAT(codes(found), testing::Contains(ErrorCode::Io));
    EXPECT_EQ(found.firstFault->segment, m_file.offsets()[2]);
    EXPECT_EQ(found.index->segmentCount(), 23U);
}

/// Hears how far a scan reads between two times that it asks whether to go on.
class CountingStore final : public Store {
public:
    explicit CountingStore(const Store &base) : m_base(base) { }

    [[nodiscard]] Result<std::uint64_t> length() const override { return m_base.length(); }
    [[nodiscard]] Result<void> readExactAt(Offset offset, std::span<std::byte> into) const override
    {
        read += into.size();
        return m_base.readExactAt(offset, into);
    }
    [[nodiscard]] Result<void> writeAllAt(Offset, std::span<const std::byte>) override { return {}; }
    [[nodiscard]] Result<void> sync() override { return {}; }
    [[nodiscard]] Result<void> truncate(std::uint64_t) override { return {}; }

    mutable std::atomic<std::uint64_t> read = 0; // by whichever thread

private:
    const Store &m_base;
};

TEST(LogScanner, AsksBeforeEachMebibyteWhetherToGoOn) // which takes no more than some milliseconds
{
    FileBuilder file;
    file.transaction(2000, 1000).begin();
    for (const auto size : {std::size_t{5'000'000}, std::size_t{30'000}, std::size_t{2'000'000}})
        file.append(SegmentType::Record, std::string(size, 'x'));
    file.commit();
    file.flip(file.offsets()[1000]).flip(file.offsets()[2004]); // and searches
    const auto bytes = file.store();
    const CountingStore store(*bytes);
    std::uint64_t most = 0;
    std::uint64_t before = 0;
    const auto scanned = scanLog(store, file.length(), {}, [&](std::uint64_t, std::uint64_t) {
        most = std::max(most, store.read - std::exchange(before, store.read.load()));
        return true;
    });
    ASSERT_TRUE(scanned);
    EXPECT_GT(store.read, file.length() / 2);
    EXPECT_LE(most, 1024U * 1024);
}

TEST(LogScanner, ReadsNoMoreThanAFewMebibytesOnLentThreadsOnceItIsToldToStop) // which takes some milliseconds
{
    constexpr std::uint64_t kMebibyte = 1024 * 1024;
    FileBuilder file;
    file.begin();
    for (int i = 0; i < 40; ++i)
        file.append(SegmentType::Record, std::string(2 * kMebibyte, 'x'));
    file.commit();
    const auto bytes = file.store();
    const CountingStore store(*bytes);
    std::uint64_t readBefore = 0;
    std::vector<std::jthread> threads;
    const auto scanned = scanLog(
        store, file.length(),
        {.run = [&](std::function<void()> task) { threads.emplace_back(std::move(task)); }, .lentThreads = 3},
        [&](std::uint64_t done, std::uint64_t) {
            readBefore = store.read;
            return done < 10 * kMebibyte;
        });
    threads.clear(); // waits
    EXPECT_EQ(scanned ? "ok" : errorName(scanned.error().code), "Cancelled");
    EXPECT_LE(store.read - readBefore, 8 * kMebibyte);
    EXPECT_LT(store.read, file.length() / 2);
}

TEST(LogScanner, TellsItsProgressInBytesAndStopsWhenToldTo)
{
    FileBuilder file;
    file.transaction(2000, 1000);
    const auto store = file.store();
    std::uint64_t last = 0;
    int calls = 0;
    const auto whole = scanLog(*store, file.length(), {}, [&](std::uint64_t done, std::uint64_t total) {
        EXPECT_GE(done, last);
        EXPECT_EQ(total, file.length());
        last = done;
        ++calls;
        return true;
    });
    ASSERT_TRUE(whole);
    EXPECT_EQ(last, file.length());
    EXPECT_GT(calls, 5);

    int allowed = 3;
    const auto stopped =
        scanLog(*store, file.length(), {}, [&](std::uint64_t, std::uint64_t) { return --allowed > 0; });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
    EXPECT_EQ(allowed, 0) << "it asks no more once told to stop";
}

TEST(LogScanner, GivesWhatItHasWhileItRuns)
{
    FileBuilder file;
    file.transaction(5000, 1000);
    const auto store = file.store();
    LogScanner scanner(*store, file.length(), {});
    std::uint64_t seen = 0;
    const auto done = scanner.run([&](std::uint64_t reached, std::uint64_t) {
        const auto soFar = scanner.result();
        EXPECT_GE(soFar.index->segmentCount(), seen);
        seen = soFar.index->segmentCount();
        if (reached < file.length()) {
            EXPECT_FALSE(soFar.complete);
            const LogReader reader(*store, soFar.index);
            EXPECT_TRUE(seen == 0 || reader.segment({seen - 1}));
        }
        return true;
    });
    ASSERT_TRUE(done);
    EXPECT_EQ(seen, 5003U);
}

} // namespace
} // namespace modelvault
