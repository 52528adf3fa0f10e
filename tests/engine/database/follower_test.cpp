// A follower's snapshots are those of a new scan, whatever happens to the file between two looks.

#include "database/follower.h"

#include "format/checkpoint.h"
#include "store/paged_store.h"
#include "support/file_builder.h"
#include "support/sample_rows.h"
#include "support/scanned.h"
#include "support/snapshot_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <format>
#include <random>
#include <string>

namespace modelvault {
namespace {

using namespace std::chrono_literals;
using test::FileBuilder;
using Kind = Follower::Update::Kind;

constexpr FileIdentity kThis{.device = 1, .inode = 2};
constexpr FileIdentity kOther{.device = 1, .inode = 3};

/// Counts what is read of another store.
class CountingStore final : public Store {
public:
    explicit CountingStore(Store &base) : m_base(base) { }

    mutable std::uint64_t bytes = 0;

    [[nodiscard]] Result<std::uint64_t> length() const override { return m_base.length(); }
    [[nodiscard]] Result<void> readExactAt(Offset offset, std::span<std::byte> into) const override
    {
        bytes += into.size();
        return m_base.readExactAt(offset, into);
    }
    [[nodiscard]] Result<void> writeAllAt(Offset, std::span<const std::byte>) override { return {}; }
    [[nodiscard]] Result<void> sync() override { return {}; }
    [[nodiscard]] Result<void> truncate(std::uint64_t) override { return {}; }

private:
    Store &m_base;
};

/// A file that somebody writes, a clock, and a follower.
class Followed : public testing::Test {
protected:
    // Kept as another process would find it: behind the pager's back.
    void put(std::span<const std::byte> bytes)
    {
        ASSERT_TRUE(m_file->truncate(bytes.size()));
        ASSERT_TRUE(m_file->writeAllAt({0}, bytes));
    }
    void put(FileBuilder &builder) { put(builder.bytes()); }
    void cut(std::uint64_t length) { ASSERT_TRUE(m_file->truncate(length)); }

    void start(FollowerOptions options = {})
    {
        auto started = Follower::start(m_store, kThis, std::move(options), m_now);
        ASSERT_TRUE(started) << errorName(started.error().code);
        m_follower.emplace(*std::move(started));
    }

    Follower::Update look(Result<FileIdentity> byPath = kThis)
    {
        m_now += 10ms;
        auto update = m_follower->refresh({.byHandle = kThis, .byPath = byPath}, m_now);
        EXPECT_TRUE(update) << errorName(update.error().code);
        return update.value_or(Follower::Update{});
    }
    Follower::Update lookAfter(std::chrono::milliseconds wait)
    {
        m_now += wait;
        return look();
    }

    [[nodiscard]] std::vector<std::byte> seen() const
    {
        const auto all = m_file->view();
        const auto length = m_follower->snapshot()->fileLength();
        return {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(length, all.size()))};
    }

    [[nodiscard]] ::testing::AssertionResult isAsNewScan() const
    {
        const test::Scanned fresh(seen());
        const bool judges = !m_follower->beingWritten();
        const auto wanted = test::snapshotText(*fresh.store, *fresh.snapshot, judges);
        const auto found = test::snapshotText(*m_store, *m_follower->snapshot());
        if (wanted == found)
            return ::testing::AssertionSuccess();
        return ::testing::AssertionFailure() << test::firstDifference(wanted, found);
    }

    MemoryStore *m_file = nullptr;
    std::shared_ptr<PagedStore> m_store = [this] {
        auto file = std::make_unique<MemoryStore>();
        m_file = file.get();
        return std::make_shared<PagedStore>(std::move(file), PagerOptions{.pageSize = 512, .pages = 64});
    }();
    Follower::Time m_now{};
    std::optional<Follower> m_follower;
};

void append(FileBuilder &file, const Record &record)
{
    file.append(SegmentType::Record, record.encode());
}

FileBuilder withWords()
{
    FileBuilder file;
    file.begin(1).append(SegmentType::Schema, test::createWords().encode()).commit(1).publish();
    return file;
}

// --- One thing at a time ---

TEST_F(Followed, NothingNewIsTheSameSnapshot)
{
    auto file = withWords();
    put(file);
    start();
    const auto before = m_follower->snapshot();
    const auto update = look();
    EXPECT_EQ(update.kind, Kind::Same);
    EXPECT_EQ(update.snapshot, before);
    EXPECT_TRUE(isAsNewScan());
}

TEST_F(Followed, WhatIsAppendedIsInTheNextOneAndTheLastStaysAsItIs)
{
    auto file = withWords();
    file.begin(2);
    append(file, test::word("first"));
    file.commit(2).publish();
    put(file);
    start();
    const auto before = m_follower->snapshot();
    const auto text = test::snapshotText(*m_store, *before);

    file.begin(3);
    append(file, test::word("second"));
    append(file, test::word("first", RecordHead::Delete));
    file.commit(3).publish();
    put(file);
    const auto update = look();
    EXPECT_EQ(update.kind, Kind::Next);
    EXPECT_EQ(update.keptSegments, before->log.index->segmentCount());
    EXPECT_EQ(update.snapshot->log.index->segmentCount(), update.keptSegments + 5);
    EXPECT_EQ(update.snapshot->catalog, before->catalog) << "nothing new to read";
    EXPECT_TRUE(isAsNewScan());
    EXPECT_EQ(test::snapshotText(*m_store, *before).substr(60), text.substr(60));
}

TEST_F(Followed, ReadsLittleMoreThanWhatWasAppended)
{
    auto file = withWords();
    for (std::uint64_t i = 2; i < 3000; ++i) {
        file.begin(i);
        append(file, test::word(std::format("word {}", i)));
        file.commit(i);
    }
    put(file);
    const auto counting = std::make_shared<CountingStore>(*m_file);
    auto follower = Follower::start(counting, kThis, {}, m_now);
    ASSERT_TRUE(follower);
    ASSERT_GT(counting->bytes, file.length()) << "all of it was read";
    for (std::uint64_t i = 3000; i < 3010; ++i) {
        file.begin(i);
        append(file, test::word("new"));
        file.commit(i);
        put(file);
        counting->bytes = 0;
        const auto update = follower->refresh({kThis, kThis}, m_now);
        ASSERT_TRUE(update);
        EXPECT_EQ(update->kind, Kind::Next);
        EXPECT_LT(counting->bytes, 32'000U) << "of " << file.length();
        counting->bytes = 0;
        EXPECT_EQ(follower->refresh({kThis, kThis}, m_now)->kind, Kind::Same);
        EXPECT_LT(counting->bytes, 14'000U);
    }
}

TEST_F(Followed, ACutSegmentIsBeingWrittenForASecondAndThenDamage)
{
    auto file = withWords();
    put(file);
    start();
    const auto whole = file.length();
    file.begin(2);
    append(file, test::word("a word of some length"));
    const auto all = file.bytes();
    put(std::span(all).first(whole + 40)); // within the begin marker
    EXPECT_EQ(look().kind, Kind::Same);
    EXPECT_EQ(m_follower->beingWritten(), (Follower::BeingWritten{{whole}, {whole + 40}}));
    EXPECT_EQ(m_follower->snapshot()->fileLength(), whole);
    EXPECT_EQ(lookAfter(900ms).kind, Kind::Same);
    EXPECT_TRUE(isAsNewScan());

    put(std::span(all).first(whole + 41)); // goes on, so it is not over yet
    EXPECT_EQ(lookAfter(200ms).kind, Kind::Same);
    EXPECT_EQ(lookAfter(900ms).kind, Kind::Same);

    const auto update = lookAfter(200ms);
    EXPECT_EQ(update.kind, Kind::Next);
    EXPECT_FALSE(update.beingWritten);
    ASSERT_EQ(update.snapshot->findings.size(), 1U);
    EXPECT_EQ(update.snapshot->findings[0].code, ErrorCode::SegmentPayloadPastEof);
    EXPECT_TRUE(isAsNewScan());
    EXPECT_EQ(lookAfter(2s).kind, Kind::Same);

    put(all);
    EXPECT_EQ(look().kind, Kind::Next);
    EXPECT_TRUE(m_follower->snapshot()->findings.empty()) << "it was only slow";
    EXPECT_TRUE(isAsNewScan());
}

TEST_F(Followed, AnEndThatChangesInPlaceIsStillBeingWritten)
{
    auto file = withWords();
    put(file);
    start();
    const auto whole = file.length();
    file.transaction();
    auto zeros = file.bytes();
    std::fill(zeros.begin() + static_cast<std::ptrdiff_t>(whole), zeros.end(), std::byte{0});
    put(zeros); // as where a file grows before its bytes are there
    EXPECT_EQ(look().kind, Kind::Same);
    EXPECT_TRUE(m_follower->beingWritten());
    zeros[whole + 3] = std::byte{1};
    put(zeros);
    EXPECT_EQ(lookAfter(990ms).kind, Kind::Same);
    EXPECT_EQ(lookAfter(500ms).kind, Kind::Same);
    put(file);
    EXPECT_EQ(look().kind, Kind::Next);
    EXPECT_FALSE(m_follower->beingWritten());
    EXPECT_TRUE(isAsNewScan());
}

TEST_F(Followed, AnOpenTransactionIsBeingWrittenForASecond)
{
    auto file = withWords();
    file.begin(2);
    append(file, test::word("open"));
    put(file);
    start();
    EXPECT_TRUE(m_follower->beingWritten());
    EXPECT_TRUE(m_follower->snapshot()->findings.empty());
    EXPECT_TRUE(isAsNewScan());
    const auto update = lookAfter(1s);
    EXPECT_EQ(update.kind, Kind::Next);
    ASSERT_EQ(update.snapshot->findings.size(), 1U);
    EXPECT_EQ(update.snapshot->findings[0].code, ErrorCode::UncleanLogTail);
    EXPECT_TRUE(isAsNewScan());
    file.commit(2);
    put(file);
    EXPECT_EQ(look().snapshot->rows->liveCount(), 1U);
    EXPECT_TRUE(isAsNewScan());
}

TEST_F(Followed, WithoutPatienceTheEndIsDamageAtOnce)
{
    auto file = withWords();
    file.begin(2);
    put(file);
    start({.patience = 0s});
    EXPECT_FALSE(m_follower->beingWritten());
    EXPECT_EQ(m_follower->snapshot()->findings.size(), 1U);
    EXPECT_TRUE(isAsNewScan());
}

TEST_F(Followed, ASuperblockThatIsBeingWrittenCountsWhenItsChecksumHolds)
{
    auto file = withWords();
    put(file);
    start();
    const auto before = file.bytes();
    file.publish();
    auto after = file.bytes();
    const auto slots = m_follower->snapshot()->head.superblocks;
    // Of the slot that is written anew, only the first half has arrived.
    const auto slot = slots[0]->generation < slots[1]->generation ? SuperblockSlot::A : SuperblockSlot::B;
    auto half = after;
    std::copy_n(before.begin() + static_cast<std::ptrdiff_t>(Superblock::slotOffset(slot).value + 16), 100,
                half.begin() + static_cast<std::ptrdiff_t>(Superblock::slotOffset(slot).value + 16));
    put(half);
    auto update = look();
    EXPECT_EQ(update.kind, Kind::Next) << "the manifest is there";
    EXPECT_TRUE(update.snapshot->findings.empty());
    EXPECT_EQ(lookAfter(500ms).kind, Kind::Same);
    put(after);
    update = look();
    EXPECT_EQ(update.kind, Kind::Next);
    EXPECT_TRUE(isAsNewScan());

    put(half);
    EXPECT_EQ(look().kind, Kind::Same);
    update = lookAfter(1s);
    EXPECT_EQ(update.kind, Kind::Next) << "it stayed so";
    EXPECT_EQ(update.snapshot->findings.size(), 1U);
    EXPECT_TRUE(isAsNewScan());
}

TEST_F(Followed, StartsOverWhenThePathNamesAnotherFile)
{
    auto file = withWords();
    put(file);
    start();
    EXPECT_TRUE(look(failure(ErrorCode::NotFound)).isPathGone) << "for a moment";
    EXPECT_EQ(look(failure(ErrorCode::NotFound)).kind, Kind::Same);
    file.transaction();
    put(file);
    const auto gone = look(failure(ErrorCode::NotFound));
    EXPECT_EQ(gone.kind, Kind::Next) << "the file that is open is followed still";
    EXPECT_TRUE(gone.isPathGone);
    EXPECT_FALSE(look(failure(ErrorCode::PermissionDenied)).isPathGone);
    for (int i = 0; i < 2; ++i) {
        const auto update = look(kOther);
        EXPECT_EQ(update.kind, Kind::StartOver);
        EXPECT_EQ(update.reason, StartOverReason::Replaced);
    }
    EXPECT_EQ(look().kind, Kind::StartOver) << "and that's it";
}

TEST_F(Followed, StartsOverWhenTheFileEndsEarlier)
{
    auto file = withWords();
    file.transaction().begin(3);
    put(file);
    start();
    cut(file.last().value);
    const auto update = look();
    EXPECT_EQ(update.kind, Kind::StartOver);
    EXPECT_EQ(update.reason, StartOverReason::Shrank);
}

TEST_F(Followed, ACutEndThatATransactionComesInPlaceOfIsNoReasonToStartOver)
{
    auto file = withWords();
    put(file);
    start();
    const auto whole = file.length();
    auto torn = file.bytes();
    torn.resize(whole + 500, std::byte{0x55});
    put(torn);
    EXPECT_EQ(look().kind, Kind::Same);
    cut(whole); // nothing of it was shown
    EXPECT_EQ(look().kind, Kind::Same);
    file.transaction();
    put(file);
    EXPECT_EQ(look().kind, Kind::Next);
    EXPECT_TRUE(isAsNewScan());
}

TEST_F(Followed, NoticesThatTheFileWasCutAndGrewAgainBetweenTwoLooks)
{
    auto file = withWords();
    const auto before = file.bytes();
    file.begin(2);
    append(file, test::word("one"));
    put(file);
    start();
    for (const auto *other : {"two", "another word, of a length that is different"}) {
        FileBuilder again = withWords();
        again.begin(2);
        append(again, test::word(other));
        again.commit(2);
        put(file);
        start();
        put(again);
        const auto update = look();
        EXPECT_EQ(update.kind, Kind::StartOver) << other;
        EXPECT_EQ(update.reason, StartOverReason::Rewritten) << other;
    }
}

TEST_F(Followed, NoticesASuperblockThatWentBack)
{
    auto file = withWords();
    const auto old = file.bytes();
    file.publish().publish();
    put(file);
    start();
    auto bytes = file.bytes();
    std::copy_n(old.begin(), kLogStart.value, bytes.begin());
    put(bytes);
    EXPECT_EQ(look().reason, StartOverReason::Rewritten);
    EXPECT_EQ(look().kind, Kind::StartOver);
}

TEST_F(Followed, AFormatInWhichTransactionsCountIsAnother)
{
    FileBuilder file(5);
    file.append(SegmentType::Schema, test::createWords().encode());
    put(file);
    start();
    auto bytes = file.bytes();
    bytes[6] = std::byte{6};
    put(bytes);
    EXPECT_EQ(look().reason, StartOverReason::FormatChanged);
}

TEST_F(Followed, AFileIsFollowedFromItsFirstByteOn)
{
    auto file = withWords();
    const auto bytes = file.bytes();
    start();
    for (const std::size_t length : {0U, 1U, 31U, 32U, 4000U, 4128U, 8223U, 8224U, 8240U, 8300U}) {
        put(std::span(bytes).first(length));
        std::ignore = look();
        EXPECT_TRUE(isAsNewScan()) << length;
    }
    put(bytes);
    EXPECT_EQ(look().kind, Kind::Next);
    EXPECT_TRUE(isAsNewScan());
}

TEST_F(Followed, ATransactionThatIsTooLongToKeepCountsOnceItIsCommitted)
{
    auto file = withWords();
    file.begin(2);
    for (int i = 0; i < 5000; ++i)
        append(file, test::word(std::format("word {}", i)));
    put(file);
    start();
    EXPECT_EQ(m_follower->snapshot()->rows->liveCount(), 0U);
    append(file, test::word("one more"));
    put(file);
    EXPECT_EQ(look().snapshot->rows->liveCount(), 0U);
    file.commit(2);
    put(file);
    EXPECT_EQ(look().snapshot->rows->liveCount(), 5001U);
    EXPECT_TRUE(isAsNewScan());

    file.begin(3);
    for (int i = 0; i < 5000; ++i)
        append(file, test::word(std::format("word {}", i), RecordHead::Delete));
    put(file);
    EXPECT_EQ(look().snapshot->rows->liveCount(), 5001U);
    file.abort(3);
    put(file);
    EXPECT_EQ(look().snapshot->rows->liveCount(), 5001U);
    EXPECT_TRUE(isAsNewScan());
}

TEST_F(Followed, GoesOnFromAScanThatSomebodyElseMade)
{
    auto file = withWords();
    file.begin(2);
    append(file, test::word("open"));
    put(file);
    const auto head = readFileHead(*m_store).value();
    auto log = std::make_unique<LogScanner>(*m_store, head.fileLength, ScanOptions{.follows = true});
    ASSERT_TRUE(log->run());
    const auto catalog = CatalogHistory::read(*m_store, log->result(), true).value();
    auto rows = std::make_unique<RowIndexBuilder>(*m_store, log->result(), catalog, true, kLogStart);
    ASSERT_TRUE(rows->run());
    auto snapshot = makeSnapshot(kThis, head, log->result(), catalog, rows->result());
    auto follower = Follower::goOn(m_store, {}, {.log = std::move(log), .rows = std::move(rows), .snapshot = snapshot});
    ASSERT_TRUE(follower);
    m_follower.emplace(*std::move(follower));
    EXPECT_EQ(look().snapshot, snapshot);
    append(file, test::word("second"));
    put(file);
    EXPECT_EQ(look().kind, Kind::Next);
    EXPECT_TRUE(isAsNewScan());
    file.commit(2);
    put(file);
    EXPECT_EQ(look().snapshot->rows->liveCount(), 2U);
    EXPECT_TRUE(isAsNewScan());
}

// --- All at once ---

/// Writes at random what a writer may write, and, if told to, what none should.
class RandomWriter {
public:
    RandomWriter(unsigned seed, bool isHostile, std::uint16_t minor)
        : m_random(seed),
          m_isHostile(isHostile),
          m_file(minor)
    { }

    FileBuilder &file() { return m_file; }
    unsigned below(unsigned end) { return static_cast<unsigned>(m_random() % end); }

    void step()
    {
        switch (below(m_isHostile ? 14 : 9)) {
        case 0:
            return addSchema(true);
        case 1:
            return checkpoint();
        case 2:
            return transaction(below(6), SegmentType::TxnAbort);
        case 3:
            m_file.publish();
            return;
        case 4:
            m_file.append(SegmentType::Temp, std::string(below(200), 't'));
            return;
        default:
            return transaction(1 + below(5), SegmentType::TxnCommit);
        case 9: // broken off by the next begin
            return transaction(below(3), SegmentType::Temp);
        case 10:
            return writeRecord();
        case 11:
            m_file.commit(77);
            return;
        case 12: // longer than what comes along with its header
            m_file.begin(7).append(SegmentType::Record, std::string(70'000, 'x')).commit(7);
            return;
        case 13:
            m_file.append(SegmentType::Checkpoint, "not one");
            return;
        }
    }

private:
    void transaction(unsigned records, SegmentType end)
    {
        const auto id = m_nextId++;
        m_file.begin(id);
        if (below(8) == 0)
            addSchema(false);
        for (unsigned i = 0; i < records; ++i)
            writeRecord();
        if (end == SegmentType::TxnCommit)
            m_file.commit(id);
        else if (end == SegmentType::TxnAbort)
            m_file.abort(id);
        if (below(2) == 0)
            m_file.publish();
    }

    void addSchema(bool inTransaction)
    {
        if (inTransaction)
            m_file.begin(m_nextId);
        const auto entry = below(3) != 0 && m_collections > 0
            ? test::extendWords(++m_version, 1)
            : test::createWords(m_collections + 1, std::format("words {}", m_collections + 1));
        m_collections += entry.kind == CatalogEntry::Kind::CreateCollection ? 1 : 0;
        m_file.append(SegmentType::Schema, entry.encode());
        if (inTransaction)
            m_file.commit(m_nextId++);
    }

    void writeRecord()
    {
        auto key = std::format("key {}", below(12));
        if (m_isHostile && below(6) == 0) {
            m_file.append(SegmentType::Record, "no record at all");
            return;
        }
        const auto version = m_isHostile && below(4) == 0 ? 1 + below(m_version) : m_version;
        auto record = below(4) == 0 ? test::word(std::move(key), RecordHead::Delete)
            : version == 1          ? test::word(std::move(key))
                                    : test::countedWord(std::move(key), below(1000), version);
        record.head.schemaVersion = version;
        record.head.collectionId = 1 + (below(5) == 0 ? below(m_collections + 1) : 0);
        append(m_file, record);
    }

    void checkpoint()
    {
        const auto changes = IndexChanges{}.encode();
        Checkpoint made;
        made.indexChanges.bytes = changes;
        const auto size = made.encode().size();
        made.replayFrom = Offset{m_file.length()} + SegmentHeader::kSize + size;
        const auto at = Offset{m_file.length()};
        m_file.append(SegmentType::Checkpoint, made.encode());
        m_file.publish(at, static_cast<std::uint32_t>(size));
    }

    std::mt19937 m_random;
    const bool m_isHostile;
    FileBuilder m_file;
    std::uint64_t m_nextId = 1;
    std::uint32_t m_version = 1;
    std::uint32_t m_collections = 0;
};

class FollowedAtRandom : public Followed, public testing::WithParamInterface<unsigned> {
protected:
    /// What the file becomes, in a few writes: the log first, in parts that end anywhere, then the head.
    template <class Each>
    void grow(std::span<const std::byte> to, RandomWriter &random, bool byteByByte, const Each &each)
    {
        const auto from = m_file->view().size();
        for (auto at = from; at < to.size();) {
            const auto size = byteByByte
                ? 1
                : std::min<std::size_t>(to.size() - at, 1 + random.below(static_cast<unsigned>(to.size() - from)));
            ASSERT_TRUE(m_file->writeAllAt({at}, to.subspan(at, size)));
            at += size;
            each();
            if (HasFatalFailure())
                return;
        }
        ASSERT_TRUE(m_file->writeAllAt({0}, to.first(kLogStart.value)));
        each();
    }

    void follow(bool isHostile, std::uint16_t minor, int steps, bool byteByByte)
    {
        RandomWriter writer(GetParam(), isHostile, minor);
        put(writer.file());
        start();
        for (int step = 0; step < steps; ++step) {
            writer.step();
            auto bytes = writer.file().bytes();
            const auto before = m_file->view().size();
            if (isHostile && bytes.size() > before && writer.below(8) == 0) // something is damaged for good
                flipped.emplace_back(before + writer.below(static_cast<unsigned>(bytes.size() - before)));
            for (const auto at : flipped)
                bytes[at] ^= std::byte{0x10};
            grow(bytes, writer, byteByByte && bytes.size() - before < 2000, [&] {
                const auto update = writer.below(5) == 0 ? lookAfter(1s) : look();
                ASSERT_NE(update.kind, Kind::StartOver) << startOverName(update.reason) << " in step " << step;
                ASSERT_TRUE(isAsNewScan()) << "in step " << step << " at " << m_file->view().size();
            });
            if (HasFatalFailure())
                return;
        }
        // Who has stopped writing has nothing left to write.
        std::ignore = lookAfter(2s);
        EXPECT_EQ(m_follower->snapshot()->fileLength(), m_file->view().size());
        EXPECT_TRUE(isAsNewScan());
    }

private:
    std::vector<std::uint64_t> flipped;
};

TEST_P(FollowedAtRandom, ByteByByteEachSnapshotIsThatOfANewScan)
{
    follow(false, 6, 6, true);
}

TEST_P(FollowedAtRandom, EachSnapshotIsThatOfANewScan)
{
    follow(false, 6, 40, false);
}

TEST_P(FollowedAtRandom, AlsoWhereTheLogBreaksAllRules)
{
    follow(true, 6, 40, false);
}

TEST_P(FollowedAtRandom, AlsoWhereThereAreNoTransactions)
{
    follow(true, 5, 30, false);
}

INSTANTIATE_TEST_SUITE_P(Seeds, FollowedAtRandom, testing::Range(1U, 25U));

} // namespace
} // namespace modelvault
