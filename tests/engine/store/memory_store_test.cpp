#include "store/memory_store.h"

#include "support/results.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace modelvault {
namespace {

using test::byteVector;
using test::outcome;

TEST(MemoryStore, ShowsAllItsBytesAndGivesThemAway)
{
    MemoryStore store(byteVector("abc"));
    ASSERT_TRUE(store.writeAllAt({3}, byteVector("def")));
    EXPECT_TRUE(std::ranges::equal(store.view(), byteVector("abcdef")));
    EXPECT_EQ(std::move(store).intoBytes(), byteVector("abcdef"));
}

TEST(MemoryStore, SaysThatThereIsNoSpaceForWhatNoMemoryHolds)
{
    MemoryStore store(byteVector("abc"));
    constexpr auto kLast = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(outcome(store.truncate(kLast)), "NoSpace");
    EXPECT_EQ(outcome(store.writeAllAt({kLast - 1}, byteVector("X"))), "NoSpace");
    EXPECT_TRUE(std::ranges::equal(store.view(), byteVector("abc")));
}

} // namespace
} // namespace modelvault
