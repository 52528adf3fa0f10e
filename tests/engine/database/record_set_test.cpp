#include "database/record_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace modelvault {
namespace {

void expectSame(RecordSet set, const std::set<std::uint64_t> &plain)
{
    set.index();
    ASSERT_EQ(set.size(), plain.size());
    std::uint64_t n = 0;
    std::vector<std::uint64_t> visited;
    set.forEach([&visited](RecordNo record) { visited.push_back(record.value); });
    EXPECT_TRUE(std::ranges::equal(visited, plain));
    for (const auto record : plain) {
        if (n % 7 == 0) {
            ASSERT_EQ(set.at(n).value, record);
            ASSERT_EQ(set.countBelow({record}), n);
            ASSERT_EQ(set.countBelow({record + 1}), n + 1);
        }
        ASSERT_TRUE(set.contains({record}));
        ASSERT_EQ(set.contains({record + 1}), plain.contains(record + 1));
        ++n;
    }
}

TEST(RecordSet, HoldsWhatWasAddedAndNotRemoved)
{
    // Far apart, close together, and from the one to the other.
    for (const unsigned step : {100'000U, 40U, 3U, 1U}) {
        std::minstd_rand random(step);
        RecordSet set;
        std::set<std::uint64_t> plain;
        std::uint64_t next = 0;
        for (int i = 0; i < 30'000; ++i) {
            next += 1 + random() % step;
            set.add({next}, 0);
            plain.insert(next);
            if (random() % 3 != 0)
                continue;
            const auto gone = plain.lower_bound(random() % (next + 1));
            if (gone == plain.end())
                continue;
            set.remove({*gone}, 0);
            plain.erase(gone);
        }
        expectSame(set, plain);
    }
}

TEST(RecordSet, OfAnEarlierEpochStaysAsItWas)
{
    RecordSet set;
    std::set<std::uint64_t> plain;
    Epoch epoch = 0;
    std::vector<std::pair<RecordSet, std::set<std::uint64_t>>> copies;
    for (std::uint64_t i = 0; i < 20'000; ++i) {
        set.add({i}, epoch);
        plain.insert(i);
        if (i % 5 == 0) {
            set.remove({i / 2}, epoch);
            plain.erase(i / 2);
            set.add({++i}, epoch);
            plain.insert(i);
        }
        if (i % 4'000 < 2) {
            copies.emplace_back(set, plain);
            ++epoch;
        }
        if (!plain.contains((i + 1) / 2) && (i + 1) % 5 == 0)
            ++i;
    }
    ASSERT_GE(copies.size(), 4U);
    for (const auto &[copy, then] : copies)
        expectSame(copy, then);
}

TEST(RecordSet, HoldsNumbersUpToTheHighest)
{
    RecordSet set;
    const std::set<std::uint64_t> plain{0, 65'535, 65'536, (std::uint64_t{1} << 40) - 2};
    for (const auto record : plain)
        set.add({record}, 0);
    expectSame(set, plain);
    set.index();
    EXPECT_EQ(set.countBelow({65'536}), 2U);
    EXPECT_EQ(set.countBelow({std::uint64_t{1} << 41}), 4U);
}

} // namespace
} // namespace modelvault
