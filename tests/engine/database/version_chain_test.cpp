#include "database/version_chain.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace modelvault {
namespace {

TEST(VersionChain, LeadsFromEachVersionToTheOneBefore)
{
    std::minstd_rand random(3);
    VersionChain chain;
    std::vector<std::optional<RecordNo>> plain;
    for (std::uint64_t record = 0; record < 40'000; ++record) {
        std::optional<RecordNo> earlier;
        if (record > 0 && random() % 2 == 0)
            earlier = RecordNo{random() % record};
        plain.push_back(earlier);
        if (earlier || random() % 2 == 0) // records that don't count are never added
            chain.add({record}, earlier, record / 1'000);
    }
    for (std::uint64_t record = 0; record < plain.size(); ++record)
        ASSERT_EQ(chain.earlier({record}), plain[record]) << record;
    EXPECT_FALSE(chain.earlier({plain.size()}));
    EXPECT_FALSE(chain.earlier({std::uint64_t{1} << 40}));
}

TEST(VersionChain, SpansDistancesBeyond32Bits)
{
    VersionChain chain;
    // The bits before it are no more than a gigabyte; the links are what matters here.
    constexpr std::uint64_t kFar = std::uint64_t{1} << 32;
    chain.add({3}, RecordNo{1}, 0);
    chain.add({kFar + 5}, RecordNo{2}, 0);
    chain.add({kFar + 6}, RecordNo{kFar + 5}, 0);
    EXPECT_EQ(chain.earlier({kFar + 5}), RecordNo{2});
    EXPECT_EQ(chain.earlier({kFar + 6}), RecordNo{kFar + 5});
    EXPECT_EQ(chain.earlier({3}), RecordNo{1});
}

} // namespace
} // namespace modelvault
