// What every store promises, FORMAT.md, "Storage contract": one suite, run on each of them.

#include "store/fault_store.h"
#include "store/file_store.h"
#include "store/memory_store.h"
#include "store/paged_store.h"
#include "store/raw_file_store.h"

#include "support/results.h"
#include "support/scratch_dir.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace modelvault {
namespace {

using test::byteVector;
using test::outcome;
using Bytes = std::vector<std::byte>;

constexpr PagerOptions kTinyPages{.pageSize = 512, .pages = 3};

FileHandle newFile(const test::ScratchDir &dir, const Bytes &bytes)
{
    return FileHandle::open(dir.write("store", bytes), OpenMode::ReadWrite).value();
}

struct Memory {
    static constexpr auto kName = "Memory";
    static std::unique_ptr<Store> make(const test::ScratchDir &, const Bytes &bytes)
    {
        return std::make_unique<MemoryStore>(bytes);
    }
};

struct RawFile {
    static constexpr auto kName = "RawFile";
    static std::unique_ptr<Store> make(const test::ScratchDir &dir, const Bytes &bytes)
    {
        return std::make_unique<RawFileStore>(newFile(dir, bytes));
    }
};

struct PagedMemory {
    static constexpr auto kName = "PagedMemory";
    static std::unique_ptr<Store> make(const test::ScratchDir &dir, const Bytes &bytes)
    {
        return std::make_unique<PagedStore>(Memory::make(dir, bytes), kTinyPages);
    }
};

struct PagedRawFile {
    static constexpr auto kName = "PagedRawFile";
    static std::unique_ptr<Store> make(const test::ScratchDir &dir, const Bytes &bytes)
    {
        return std::make_unique<PagedStore>(RawFile::make(dir, bytes), kTinyPages);
    }
};

struct PagedPaged {
    static constexpr auto kName = "PagedPaged";
    static std::unique_ptr<Store> make(const test::ScratchDir &dir, const Bytes &bytes)
    {
        return std::make_unique<PagedStore>(PagedMemory::make(dir, bytes), PagerOptions{.pageSize = 700, .pages = 1});
    }
};

struct LockedFile {
    static constexpr auto kName = "LockedFile";
    static std::unique_ptr<Store> make(const test::ScratchDir &dir, const Bytes &bytes)
    {
        return FileStore::openLocked(dir.write("store", bytes), FileMode::ReadWrite, kTinyPages).value();
    }
};

struct OpenFileStore {
    static constexpr auto kName = "OpenFile";
    static std::unique_ptr<Store> make(const test::ScratchDir &dir, const Bytes &bytes)
    {
        return FileStore::fromOpenFile(newFile(dir, bytes), kTinyPages);
    }
};

struct Faultless {
    static constexpr auto kName = "Faultless";
    static std::unique_ptr<Store> make(const test::ScratchDir &dir, const Bytes &bytes)
    {
        return std::make_unique<FaultStore>(Memory::make(dir, bytes));
    }
};

struct Names {
    template <class Kind>
    static std::string GetName(int)
    {
        return Kind::kName;
    }
};

template <class Kind>
class StoreContract : public testing::Test {
protected:
    void holds(const Bytes &bytes)
    {
        m_store.reset();
        m_store = Kind::make(m_dir, bytes);
    }

    Store &store() { return *m_store; }

    [[nodiscard]] Bytes read(std::uint64_t offset, std::size_t count)
    {
        Bytes bytes(count);
        EXPECT_TRUE(m_store->readExactAt({offset}, bytes)) << count << " at " << offset;
        return bytes;
    }

    [[nodiscard]] Bytes all() { return read(0, static_cast<std::size_t>(m_store->length().value())); }

    [[nodiscard]] std::string_view reading(std::uint64_t offset, std::size_t count)
    {
        Bytes bytes(count);
        return outcome(m_store->readExactAt({offset}, bytes));
    }

    test::ScratchDir m_dir;
    std::unique_ptr<Store> m_store;
};

using Kinds =
    testing::Types<Memory, RawFile, PagedMemory, PagedRawFile, PagedPaged, LockedFile, OpenFileStore, Faultless>;
TYPED_TEST_SUITE(StoreContract, Kinds, Names);

TYPED_TEST(StoreContract, KnowsItsLengthAndWhetherItIsEmpty)
{
    this->holds({});
    EXPECT_EQ(this->store().length(), 0U);
    EXPECT_EQ(this->store().isEmpty(), true);
    ASSERT_TRUE(this->store().writeAllAt({0}, byteVector("abc")));
    EXPECT_EQ(this->store().length(), 3U);
    EXPECT_EQ(this->store().isEmpty(), false);
}

TYPED_TEST(StoreContract, ReadsWhatLiesAnywhereInside)
{
    this->holds(byteVector("abcdef"));
    EXPECT_EQ(this->read(0, 6), byteVector("abcdef"));
    EXPECT_EQ(this->read(2, 3), byteVector("cde"));
    EXPECT_EQ(this->read(5, 1), byteVector("f"));
}

TYPED_TEST(StoreContract, ReadsNoBytesAtAndBeforeTheEnd)
{
    this->holds(byteVector("abc"));
    EXPECT_EQ(this->read(0, 0), Bytes());
    EXPECT_EQ(this->read(3, 0), Bytes());
}

TYPED_TEST(StoreContract, ReadsNothingBehindTheEndNotEvenNoBytes)
{
    this->holds(byteVector("abc"));
    EXPECT_EQ(this->reading(0, 4), "UnexpectedEof");
    EXPECT_EQ(this->reading(3, 1), "UnexpectedEof");
    EXPECT_EQ(this->reading(4, 0), "UnexpectedEof");
    EXPECT_EQ(this->reading(1'000'000, 1), "UnexpectedEof");
}

TYPED_TEST(StoreContract, SaysHowManyBytesWereThere)
{
    this->holds(Bytes(1000));
    Bytes into(2000);
    EXPECT_EQ(this->store().readExactAt({300}, into).error(),
              (Error{.code = ErrorCode::UnexpectedEof, .offset = {300}, .expected = 2000, .found = 700, .system = 0}));
}

TYPED_TEST(StoreContract, ReadsNothingAtTheLastOffsets)
{
    this->holds(byteVector("abc"));
    constexpr auto kLast = std::numeric_limits<std::uint64_t>::max();
    for (const auto offset : {kLast, kLast - 1, kLast / 2, kLast / 2 + 1}) {
        EXPECT_EQ(this->reading(offset, 0), "UnexpectedEof");
        EXPECT_EQ(this->reading(offset, 1), "UnexpectedEof");
        Bytes into(100);
        EXPECT_EQ(
            this->store().readExactAt({offset}, into).error(),
            (Error{.code = ErrorCode::UnexpectedEof, .offset = {offset}, .expected = 100, .found = 0, .system = 0}));
    }
}

TYPED_TEST(StoreContract, WritesOverWhatIsThere)
{
    this->holds(byteVector("abcdef"));
    ASSERT_TRUE(this->store().writeAllAt({2}, byteVector("XY")));
    EXPECT_EQ(this->all(), byteVector("abXYef"));
}

TYPED_TEST(StoreContract, GrowsByAWriteAcrossTheEnd)
{
    this->holds(byteVector("abc"));
    ASSERT_TRUE(this->store().writeAllAt({2}, byteVector("XYZ")));
    EXPECT_EQ(this->all(), byteVector("abXYZ"));
}

TYPED_TEST(StoreContract, FillsAGapWithZeros)
{
    this->holds(byteVector("abc"));
    EXPECT_EQ(this->all(), byteVector("abc"));
    ASSERT_TRUE(this->store().writeAllAt({2000}, byteVector("Z")));
    Bytes expected = byteVector("abc");
    expected.resize(2000);
    expected.push_back(std::byte{'Z'});
    EXPECT_EQ(this->all(), expected);
}

TYPED_TEST(StoreContract, IsNotChangedByWritingNoBytes)
{
    this->holds(byteVector("abc"));
    EXPECT_TRUE(this->store().writeAllAt({1}, {}));
    EXPECT_TRUE(this->store().writeAllAt({2000}, {}));
    EXPECT_TRUE(this->store().writeAllAt({std::numeric_limits<std::uint64_t>::max()}, {}));
    EXPECT_EQ(this->all(), byteVector("abc"));
}

TYPED_TEST(StoreContract, RefusesToEndBeyondTheLastOffset)
{
    this->holds(byteVector("abc"));
    constexpr auto kLast = std::numeric_limits<std::uint64_t>::max();
    for (const auto offset : {kLast, kLast - 1})
        EXPECT_EQ(outcome(this->store().writeAllAt({offset}, byteVector("XY"))), "InvalidInput");
    EXPECT_EQ(this->all(), byteVector("abc"));
}

TYPED_TEST(StoreContract, ShrinksAndGrowsWithZeros)
{
    this->holds(byteVector("abcdef"));
    EXPECT_EQ(this->all(), byteVector("abcdef"));
    ASSERT_TRUE(this->store().truncate(2));
    EXPECT_EQ(this->all(), byteVector("ab"));
    EXPECT_EQ(this->reading(2, 1), "UnexpectedEof");
    ASSERT_TRUE(this->store().truncate(1500));
    Bytes expected = byteVector("ab");
    expected.resize(1500);
    EXPECT_EQ(this->all(), expected);
    ASSERT_TRUE(this->store().truncate(0));
    EXPECT_EQ(this->store().isEmpty(), true);
}

TYPED_TEST(StoreContract, Syncs)
{
    this->holds(byteVector("abc"));
    ASSERT_TRUE(this->store().writeAllAt({0}, byteVector("X")));
    EXPECT_TRUE(this->store().sync());
    EXPECT_EQ(this->all(), byteVector("Xbc"));
}

TYPED_TEST(StoreContract, HasTheSameBytesUncached)
{
    this->holds(byteVector("abc"));
    EXPECT_EQ(this->all(), byteVector("abc"));
    ASSERT_TRUE(this->store().writeAllAt({1}, byteVector("XYZ")));
    Bytes bytes(4);
    ASSERT_TRUE(this->store().uncached().readExactAt({0}, bytes));
    EXPECT_EQ(bytes, byteVector("aXYZ"));
}

/// Random operations on a store and on a plain vector, which must agree after each.
class Walk {
public:
    Walk(Store &store, Bytes bytes, std::uint64_t seed) : m_store(store), m_model(std::move(bytes)), m_random(seed) { }

    void step()
    {
        switch (below(8)) {
        case 0:
            return truncate(below(kReach));
        case 1:
        case 2:
            return write(below(kReach), below(1500));
        case 3:
            return write(m_model.size(), below(100));
        default:
            return read(below(kReach), below(2000));
        }
    }

private:
    static constexpr std::size_t kReach = 6000;

    std::size_t below(std::size_t end) { return static_cast<std::size_t>(m_random() % end); }

    void truncate(std::size_t length)
    {
        ASSERT_TRUE(m_store.truncate(length));
        m_model.resize(length);
        ASSERT_EQ(m_store.length(), m_model.size());
    }

    void write(std::size_t offset, std::size_t count)
    {
        Bytes bytes(count);
        for (auto &byte : bytes)
            byte = static_cast<std::byte>(m_random());
        ASSERT_TRUE(m_store.writeAllAt({offset}, bytes));
        if (count > 0 && offset + count > m_model.size())
            m_model.resize(offset + count);
        std::ranges::copy(bytes, m_model.begin() + static_cast<std::ptrdiff_t>(count > 0 ? offset : 0));
        ASSERT_EQ(m_store.length(), m_model.size());
    }

    void read(std::size_t offset, std::size_t count)
    {
        Bytes bytes(count);
        const auto result = m_store.readExactAt({offset}, bytes);
        ASSERT_EQ(outcome(result), offset + count <= m_model.size() ? "ok" : "UnexpectedEof");
        if (!result)
            return;
        ASSERT_TRUE(std::ranges::equal(bytes, std::span(m_model).subspan(offset, count)));
    }

    Store &m_store;
    Bytes m_model;
    std::mt19937_64 m_random;
};

TYPED_TEST(StoreContract, BehavesAsAVectorOfBytesUnderRandomOperations)
{
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const Bytes start(static_cast<std::size_t>(seed) * 300, std::byte{0x5a});
        this->holds(start);
        Walk walk(this->store(), start, seed);
        for (int step = 0; step < 1000 && !this->HasFatalFailure(); ++step)
            walk.step();
    }
}

} // namespace
} // namespace modelvault
