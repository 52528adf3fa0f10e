#include "store/fault_store.h"
#include "store/memory_store.h"

#include "support/results.h"

#include <gtest/gtest.h>

namespace modelvault {
namespace {

using test::byteVector;
using test::outcome;

class FaultStoreTest : public testing::Test {
protected:
    std::string_view write() { return outcome(m_store.writeAllAt({0}, byteVector("X"))); }

    std::string_view read()
    {
        std::byte byte{};
        return outcome(m_store.readExactAt({0}, std::span(&byte, 1)));
    }

    FaultStore m_store{std::make_unique<MemoryStore>(byteVector("abc"))};
};

TEST_F(FaultStoreTest, CountsAttemptsFailedOnesToo)
{
    m_store.failWritesAfter(1);
    m_store.failReadsAfter(0);
    write();
    write();
    read();
    EXPECT_EQ(m_store.writeAttempts(), 2U);
    EXPECT_EQ(m_store.readAttempts(), 1U);
}

TEST_F(FaultStoreTest, LetsItsBudgetOfWritesPassAndNoneAfter)
{
    m_store.failWritesAfter(2);
    EXPECT_EQ(write(), "ok");
    EXPECT_EQ(write(), "ok");
    EXPECT_EQ(write(), "Io");
    EXPECT_EQ(write(), "Io");
    EXPECT_EQ(read(), "ok");
}

TEST_F(FaultStoreTest, FailsOnce)
{
    m_store.failOneWriteAfter(1);
    EXPECT_EQ(write(), "ok");
    EXPECT_EQ(write(), "Io");
    EXPECT_EQ(write(), "ok");
}

TEST_F(FaultStoreTest, FailsBeforeTheStoreBelowIsReached)
{
    m_store.failWritesAfter(0);
    EXPECT_EQ(outcome(m_store.writeAllAt({2}, byteVector("XYZ"))), "Io");
    EXPECT_EQ(m_store.length(), 3U);
    std::vector<std::byte> bytes(3);
    ASSERT_TRUE(m_store.readExactAt({0}, bytes));
    EXPECT_EQ(bytes, byteVector("abc"));
}

TEST_F(FaultStoreTest, FailsReadsAsItFailsWrites)
{
    m_store.failOneReadAfter(1);
    EXPECT_EQ(read(), "ok");
    EXPECT_EQ(read(), "Io");
    EXPECT_EQ(read(), "ok");
    m_store.failReadsAfter(0);
    EXPECT_EQ(read(), "Io");
    EXPECT_EQ(read(), "Io");
    EXPECT_EQ(write(), "ok");
}

TEST_F(FaultStoreTest, ReturnsTooFewBytes)
{
    m_store.failOneReadAfter(0, FaultStore::ReadFault::Short);
    std::vector<std::byte> bytes(3);
    const auto read = m_store.readExactAt({0}, bytes);
    EXPECT_EQ(outcome(read), "UnexpectedEof");
    EXPECT_EQ(read.error().found, 1U);
    EXPECT_EQ(m_store.length(), 3U);
    EXPECT_TRUE(m_store.readExactAt({0}, bytes));
}

TEST_F(FaultStoreTest, IsCutBetweenTwoReads)
{
    m_store.cutAfterReads(1, 2);
    std::vector<std::byte> bytes(3);
    EXPECT_EQ(m_store.length(), 3U);
    EXPECT_TRUE(m_store.readExactAt({0}, bytes));
    EXPECT_EQ(m_store.length(), 2U);
    EXPECT_EQ(outcome(m_store.readExactAt({0}, bytes)), "UnexpectedEof");
    EXPECT_TRUE(m_store.readExactAt({0}, std::span(bytes).first(2)));
    m_store.heal();
    EXPECT_EQ(m_store.length(), 3U);
}

TEST_F(FaultStoreTest, IsGoneBetweenTwoReads)
{
    m_store.vanishAfterReads(1);
    EXPECT_EQ(read(), "ok");
    EXPECT_EQ(outcome(m_store.length()), "Io");
    EXPECT_EQ(read(), "Io");
    m_store.heal();
    EXPECT_EQ(read(), "ok");
}

TEST_F(FaultStoreTest, HealsAndGoesOnCounting)
{
    m_store.failWritesAfter(0);
    EXPECT_EQ(write(), "Io");
    m_store.heal();
    EXPECT_EQ(write(), "ok");
    EXPECT_EQ(m_store.writeAttempts(), 2U);
}

} // namespace
} // namespace modelvault
