#include "store/fault_store.h"
#include "store/memory_store.h"
#include "store/paged_store.h"
#include "store/raw_file_store.h"

#include "support/results.h"
#include "support/scratch_dir.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <latch>
#include <random>
#include <string>
#include <thread>

namespace modelvault {
namespace {

using test::byteVector;
using test::outcome;
using Bytes = std::vector<std::byte>;

constexpr std::size_t kPage = 512;

/// The byte at each offset tells which page it is on.
Bytes pages(std::size_t count)
{
    Bytes bytes(count * kPage);
    for (std::size_t offset = 0; offset < bytes.size(); ++offset)
        bytes[offset] = static_cast<std::byte>('A' + offset / kPage);
    return bytes;
}

/// Lets something happen in the middle of a read or a write, and can write a part and fail.
class InterruptedStore final : public Store {
public:
    explicit InterruptedStore(Bytes bytes) : m_memory(std::move(bytes)) { }

    std::function<void()> beforeRead = [] { };
    std::function<void()> afterRead = [] { };
    bool failsHalfway = false;

    MemoryStore &memory() { return m_memory; }

    [[nodiscard]] Result<std::uint64_t> length() const override { return m_memory.length(); }

    [[nodiscard]] Result<void> readExactAt(Offset offset, std::span<std::byte> into) const override
    {
        call(beforeRead);
        auto result = m_memory.readExactAt(offset, into);
        call(afterRead);
        return result;
    }

    [[nodiscard]] Result<void> writeAllAt(Offset offset, std::span<const std::byte> bytes) override
    {
        if (!failsHalfway)
            return m_memory.writeAllAt(offset, bytes);
        return m_memory.writeAllAt(offset, bytes.first(bytes.size() / 2)).and_then([&]() -> Result<void> {
            return failure(ErrorCode::NoSpace, offset);
        });
    }

    [[nodiscard]] Result<void> sync() override { return {}; }
    [[nodiscard]] Result<void> truncate(std::uint64_t length) override { return m_memory.truncate(length); }

private:
    /// By value: what happens may replace what happens next.
    static void call(std::function<void()> interruption) { interruption(); }

    MemoryStore m_memory;
};

class PagedStoreTest : public testing::Test {
protected:
    /// The store below is reachable as m_below, for what another process would do to it.
    void holds(Bytes bytes, std::size_t cachedPages = 4)
    {
        auto below = std::make_unique<InterruptedStore>(std::move(bytes));
        m_below = below.get();
        auto faulty = std::make_unique<FaultStore>(std::move(below));
        m_faults = faulty.get();
        m_paged =
            std::make_unique<PagedStore>(std::move(faulty), PagerOptions{.pageSize = kPage, .pages = cachedPages});
    }

    std::string read(std::uint64_t offset, std::size_t count)
    {
        Bytes bytes(count);
        const auto result = m_paged->readExactAt({offset}, bytes);
        if (!result)
            return std::string(outcome(result));
        return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
    }

    /// The first byte of each of these pages.
    std::string readPages(std::initializer_list<std::uint64_t> numbers)
    {
        std::string text;
        for (const auto number : numbers)
            text += read(number * kPage, 1);
        return text;
    }

    /// How many of the pages are read from below, not from memory.
    std::uint64_t missesOf(std::initializer_list<std::uint64_t> numbers)
    {
        const auto before = m_paged->stats().misses;
        readPages(numbers);
        return m_paged->stats().misses - before;
    }

    InterruptedStore *m_below = nullptr;
    FaultStore *m_faults = nullptr;
    std::unique_ptr<PagedStore> m_paged;
};

TEST_F(PagedStoreTest, HasTheFormatsDefaults)
{
    const PagedStore store(std::make_unique<MemoryStore>());
    EXPECT_EQ(store.options().pageSize, 16384U);
    EXPECT_EQ(store.options().pages, 512U);
}

TEST_F(PagedStoreTest, RaisesOptionsThatAreTooSmall)
{
    const PagedStore store(std::make_unique<MemoryStore>(), {.pageSize = 511, .pages = 0});
    EXPECT_EQ(store.options().pageSize, 512U);
    EXPECT_EQ(store.options().pages, 1U);
}

TEST_F(PagedStoreTest, ReadsEachPageOnce)
{
    holds(pages(3));
    EXPECT_EQ(read(kPage - 1, 3), "ABB");
    EXPECT_EQ(read(0, 2), "AA");
    EXPECT_EQ(m_faults->readAttempts(), 2U);
    EXPECT_EQ(m_paged->stats(), (PagerStats{.hits = 1, .misses = 2, .evictions = 0, .residentBytes = 2 * kPage}));
}

TEST_F(PagedStoreTest, EvictsWhatWasUsedLeastRecently)
{
    holds(pages(6), 3);
    EXPECT_EQ(readPages({0, 1, 2, 0}), "ABCA");
    EXPECT_EQ(readPages({3}), "D");
    EXPECT_EQ(m_paged->stats().evictions, 1U);
    EXPECT_EQ(missesOf({0, 2, 3}), 0U);
    EXPECT_EQ(missesOf({1}), 1U);
}

TEST_F(PagedStoreTest, NeverHoldsMoreThanItsPages)
{
    holds(pages(20), 4);
    for (std::uint64_t number = 0; number < 20; ++number)
        readPages({number});
    EXPECT_EQ(m_paged->stats(), (PagerStats{.hits = 0, .misses = 20, .evictions = 16, .residentBytes = 4 * kPage}));
}

TEST_F(PagedStoreTest, CountsTheBytesOfAShortLastPageAsTheyAre)
{
    auto bytes = pages(2);
    bytes.resize(kPage + 100);
    holds(bytes);
    readPages({0, 1});
    EXPECT_EQ(m_paged->stats().residentBytes, kPage + 100);
}

TEST_F(PagedStoreTest, KeepsNothingBehindTheEnd)
{
    holds(pages(2));
    EXPECT_EQ(read(2 * kPage, 1), "UnexpectedEof");
    EXPECT_EQ(read(9 * kPage, 1), "UnexpectedEof");
    EXPECT_EQ(m_paged->stats().residentBytes, 0U);
}

TEST_F(PagedStoreTest, KeepsNothingOfAFailedLoad)
{
    holds(pages(2));
    m_faults->failOneReadAfter(0);
    EXPECT_EQ(read(0, 1), "Io");
    EXPECT_EQ(m_paged->stats().residentBytes, 0U);
    EXPECT_EQ(read(0, 1), "A");
    EXPECT_EQ(m_paged->stats(), (PagerStats{.hits = 0, .misses = 2, .evictions = 0, .residentBytes = kPage}));
}

TEST_F(PagedStoreTest, ForgetsAnOutdatedShortPageThoughLoadingItAnewFailed)
{
    holds(byteVector("abc"));
    EXPECT_EQ(read(0, 3), "abc");
    ASSERT_TRUE(m_below->memory().writeAllAt({0}, byteVector("ABCDEF")));
    m_faults->failOneReadAfter(0);
    EXPECT_EQ(read(0, 3), "Io");
    EXPECT_EQ(m_paged->stats().residentBytes, 0U);
    ASSERT_TRUE(m_below->memory().truncate(3));
    EXPECT_EQ(read(0, 3), "ABC");
}

TEST_F(PagedStoreTest, ReadsAnewWhenTheStoreShrankWhileItsLastPageWasRead)
{
    holds(pages(1));
    m_below->beforeRead = [this] {
        m_below->beforeRead = [] { };
        ASSERT_TRUE(m_below->memory().truncate(100));
    };
    EXPECT_EQ(read(0, 3), "AAA");
    EXPECT_EQ(m_paged->stats().residentBytes, 100U);
}

TEST_F(PagedStoreTest, GivesUpOnAStoreThatKeepsShrinking)
{
    holds(pages(1));
    m_below->beforeRead = [this] { ASSERT_TRUE(m_below->memory().truncate(*m_below->length() - 1)); };
    EXPECT_EQ(read(0, 3), "UnexpectedEof");
    EXPECT_EQ(m_paged->stats().residentBytes, 0U);
}

TEST_F(PagedStoreTest, DropsOnlyThePagesThatAWriteTouches)
{
    holds(pages(4));
    readPages({0, 1, 2, 3});
    ASSERT_TRUE(m_paged->writeAllAt({2 * kPage - 1}, byteVector("xy")));
    EXPECT_EQ(missesOf({0, 3}), 0U);
    EXPECT_EQ(missesOf({1, 2}), 2U);
    EXPECT_EQ(read(2 * kPage - 2, 4), "BxyC");
}

TEST_F(PagedStoreTest, DropsOnlyThePagesFromANewEndOn)
{
    holds(pages(4));
    readPages({0, 1, 2, 3});
    ASSERT_TRUE(m_paged->truncate(kPage + 10));
    EXPECT_EQ(missesOf({0}), 0U);
    EXPECT_EQ(m_paged->stats().residentBytes, kPage);
    EXPECT_EQ(read(kPage + 9, 1), "B");
    EXPECT_EQ(read(kPage + 9, 2), "UnexpectedEof");
}

TEST_F(PagedStoreTest, DropsThePagesOfAWriteThatFailed)
{
    holds(pages(2));
    readPages({0, 1});
    m_below->failsHalfway = true;
    EXPECT_EQ(outcome(m_paged->writeAllAt({0}, byteVector("xxxx"))), "NoSpace");
    EXPECT_EQ(read(0, 4), "xxAA");
    EXPECT_EQ(missesOf({1}), 0U);
}

TEST_F(PagedStoreTest, SeesThatTheFileGrewBehindAShortLastPage)
{
    holds(byteVector("abc"));
    EXPECT_EQ(read(0, 3), "abc");
    ASSERT_TRUE(m_below->memory().writeAllAt({3}, byteVector("def")));
    EXPECT_EQ(read(0, 6), "abcdef");
}

TEST_F(PagedStoreTest, ServesNothingOfAShortPageOnceTheFileGrew)
{
    holds(byteVector("abc"));
    EXPECT_EQ(read(0, 1), "a");
    ASSERT_TRUE(m_below->memory().writeAllAt({0}, byteVector("ABCDEF")));
    EXPECT_EQ(read(0, 1), "A");
}

TEST_F(PagedStoreTest, SeesThatTheFileShrankInsideAShortLastPage)
{
    holds(byteVector("abc"));
    EXPECT_EQ(read(0, 3), "abc");
    ASSERT_TRUE(m_below->memory().truncate(2));
    EXPECT_EQ(read(0, 3), "UnexpectedEof");
    ASSERT_TRUE(m_below->memory().truncate(0));
    EXPECT_EQ(read(0, 1), "UnexpectedEof");
    EXPECT_EQ(m_paged->stats().residentBytes, 0U);
}

TEST_F(PagedStoreTest, ServesAShortLastPageFromMemoryWhileTheLengthStays)
{
    holds(byteVector("abc"));
    readPages({0, 0, 0});
    EXPECT_EQ(m_paged->stats().hits, 2U);
    EXPECT_EQ(m_faults->readAttempts(), 1U);
}

TEST_F(PagedStoreTest, IsToldOfForeignChangesByInvalidation)
{
    holds(pages(4));
    readPages({0, 1, 2, 3});
    for (std::uint64_t number = 0; number < 4; ++number)
        ASSERT_TRUE(m_below->memory().writeAllAt({number * kPage}, byteVector("z")));
    EXPECT_EQ(readPages({0, 1, 2, 3}), "ABCD");
    m_paged->invalidate({2 * kPage + 5});
    EXPECT_EQ(readPages({0, 1, 2, 3}), "ABzz");
    m_paged->invalidate({0});
    EXPECT_EQ(readPages({0, 1, 2, 3}), "zzzz");
}

TEST_F(PagedStoreTest, DoesNotKeepWhatWasReadBeforeAnInvalidation)
{
    holds(pages(2));
    m_below->afterRead = [this] {
        m_below->afterRead = [] { };
        ASSERT_TRUE(m_below->memory().writeAllAt({0}, byteVector("z")));
        m_paged->invalidate({0});
    };
    EXPECT_EQ(read(0, 1), "A");
    EXPECT_EQ(m_paged->stats().residentBytes, 0U);
    EXPECT_EQ(read(0, 1), "z");
}

TEST_F(PagedStoreTest, DoesNotKeepWhatWasReadBeforeAWriteOrATruncation)
{
    holds(pages(2));
    const auto duringTheNextRead = [this](std::function<void()> change) {
        m_below->afterRead = [this, change] {
            m_below->afterRead = [] { };
            change();
        };
    };
    duringTheNextRead([this] { ASSERT_TRUE(m_paged->writeAllAt({0}, byteVector("z"))); });
    EXPECT_EQ(read(0, 1), "A");
    EXPECT_EQ(read(0, 1), "z");
    duringTheNextRead([this] { ASSERT_TRUE(m_paged->truncate(kPage)); });
    EXPECT_EQ(read(kPage, 1), "B");
    EXPECT_EQ(read(kPage, 1), "UnexpectedEof");
}

TEST_F(PagedStoreTest, LeavesItsPagesAloneWhenReadUncached)
{
    auto raw = std::make_unique<MemoryStore>(pages(2));
    const Store *below = raw.get();
    const PagedStore inner(std::move(raw), {.pageSize = kPage, .pages = 2});
    EXPECT_EQ(&inner.uncached(), below);
    std::byte byte{};
    ASSERT_TRUE(inner.uncached().readExactAt({0}, std::span(&byte, 1)));
    EXPECT_EQ(inner.stats(), PagerStats());
}

/// The byte that belongs at each offset, so that any reader can tell whether it was given the right one.
std::byte rightByte(std::uint64_t offset)
{
    return static_cast<std::byte>((offset * 0x9e3779b97f4a7c15U) >> 56U);
}

Bytes rightBytes(std::uint64_t offset, std::size_t count)
{
    Bytes bytes(count);
    for (auto &byte : bytes)
        byte = rightByte(offset++);
    return bytes;
}

void readAtRandom(const Store &store, std::uint64_t length, std::uint64_t seed, int reads)
{
    std::mt19937_64 random(seed);
    for (int i = 0; i < reads; ++i) {
        const auto offset = random() % length;
        Bytes bytes(static_cast<std::size_t>(std::min<std::uint64_t>(random() % 2000, length - offset)));
        ASSERT_EQ(outcome(store.readExactAt({offset}, bytes)), "ok");
        ASSERT_EQ(bytes, rightBytes(offset, bytes.size()));
    }
}

TEST(PagedStoreThreads, ReadersGetTheRightBytesWhilePagesAreEvictedAndInvalidated)
{
    constexpr std::size_t kLength = 40 * kPage + 77;
    const PagedStore store(std::make_unique<MemoryStore>(rightBytes(0, kLength)), {.pageSize = kPage, .pages = 8});
    std::atomic<bool> done = false;
    std::jthread invalidator([&] {
        for (std::uint64_t offset = 0; !done; offset = (offset + 3 * kPage) % kLength)
            store.invalidate({offset});
    });
    {
        std::vector<std::jthread> readers;
        for (std::uint64_t seed = 1; seed <= 4; ++seed)
            readers.emplace_back([&store, seed] { readAtRandom(store, kLength, seed, 3000); });
    }
    done = true;
    invalidator.join();
    const auto stats = store.stats();
    EXPECT_LE(stats.residentBytes, 8 * kPage);
    EXPECT_GT(stats.misses, 0U);
}

TEST(PagedStoreThreads, ReadersOfAFileThatGrowsSeeAllThatWasAppended)
{
    constexpr std::uint64_t kEnd = 300'000;
    const test::ScratchDir dir;
    const auto path = dir.write("growing", rightBytes(0, 10));
    const PagedStore store(std::make_unique<RawFileStore>(FileHandle::open(path, OpenMode::Read).value()),
                           {.pageSize = kPage, .pages = 16});
    std::atomic<std::uint64_t> length = 10;
    std::latch started(3);
    std::vector<std::jthread> readers;
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        readers.emplace_back([&, seed] {
            started.arrive_and_wait();
            for (std::uint64_t round = seed; length < kEnd && !testing::Test::HasFatalFailure(); ++round)
                readAtRandom(store, length, round, 20);
            readAtRandom(store, kEnd, seed, 200);
        });
    }
    RawFileStore writer(FileHandle::open(path, OpenMode::ReadWrite).value());
    started.arrive_and_wait();
    while (length < kEnd) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kEnd - length, 611));
        ASSERT_TRUE(writer.writeAllAt({length}, rightBytes(length, count)));
        length += count;
    }
}

TEST(PagedStoreThreads, ReadersWaitForNoOtherReadersInput)
{
    auto below = std::make_unique<InterruptedStore>(pages(2));
    std::latch bothAreReading(2);
    below->beforeRead = [&] { bothAreReading.arrive_and_wait(); };
    const PagedStore store(std::move(below), {.pageSize = kPage, .pages = 2});
    const auto readPage = [&store](std::uint64_t number) {
        std::byte byte{};
        EXPECT_EQ(outcome(store.readExactAt({number * kPage}, std::span(&byte, 1))), "ok");
    };
    const std::jthread other([&] { readPage(1); });
    readPage(0);
}

} // namespace
} // namespace modelvault
