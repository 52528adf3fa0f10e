#include "log/page_map.h"

#include "log/log_scanner.h"
#include "support/file_builder.h"
#include "support/results.h"

#include <gtest/gtest.h>

#include <random>

namespace modelvault {
namespace {

using test::FileBuilder;
using enum ContentKind;

constexpr auto kPage = PageMap::kPageSize;

/// By looking at every page.
PageMap::Tally countedOneByOne(const PageMap &map, PageNo first, PageNo end)
{
    PageMap::Tally tally;
    for (auto page = first; page.value < std::min(end.value, map.pageCount()); ++page.value) {
        ++tally.dominated[static_cast<std::size_t>(map.dominant(page))];
        for (std::size_t kind = 0; kind < kContentKinds; ++kind)
            tally.holds[kind] = tally.holds[kind] || map.holds(page, static_cast<ContentKind>(kind));
    }
    return tally;
}

void expectTalliesToAgree(const PageMap &map, std::mt19937 &random)
{
    std::uniform_int_distribution<std::uint64_t> page(0, map.pageCount() + 10);
    for (int i = 0; i < 200; ++i) {
        const auto [first, end] = std::minmax({page(random), page(random)});
        const auto summed = map.tally({first}, {end});
        const auto counted = countedOneByOne(map, {first}, {end});
        EXPECT_EQ(summed.dominated, counted.dominated) << first << " to " << end;
        EXPECT_EQ(summed.holds, counted.holds) << first << " to " << end;
    }
}

TEST(PageMap, ShowsWhatEachPageHolds)
{
    FileBuilder file;
    file.transaction(1, 40'000).appendZeros(20'000);
    const auto store = file.store();
    const auto found = scanLog(*store, file.length());
    ASSERT_TRUE(found);
    const auto &pages = *found->pages;
    ASSERT_EQ(pages.pageCount(), 5U);
    EXPECT_EQ(pages.dominant({0}), Head);
    EXPECT_TRUE(pages.holds({0}, Record));
    EXPECT_TRUE(pages.holds({0}, Transaction));
    EXPECT_FALSE(pages.holds({0}, Damaged));
    EXPECT_EQ(pages.dominant({1}), Record);
    EXPECT_EQ(pages.dominant({4}), Damaged);
}

TEST(PageMap, IsUnknownWhereNothingWasAdded)
{
    PageMap map(3 * kPage);
    map.add({0}, Offset{kPage}, Head);
    map.finish();
    EXPECT_EQ(map.dominant({2}), NotScanned);
    EXPECT_EQ(map.tally({0}, {3}).dominated[static_cast<std::size_t>(NotScanned)], 2U);
    EXPECT_EQ(map.tally({1}, {3}).kind(), NotScanned);
    EXPECT_EQ(map.tally({0}, {3}).kind(), Head) << "of what is known";
}

TEST(PageMap, SumsUpStretchesAsIfItCountedEachPage)
{
    std::mt19937 random(7);
    std::uniform_int_distribution<std::uint64_t> length(1, 20 * kPage);
    std::uniform_int_distribution<int> kind(1, kContentKinds - 1);
    constexpr std::uint64_t kPages = 3000;
    PageMap map(kPages * kPage - 5);
    for (Offset at{0}; at.value < kPages * kPage - 30 * kPage;) { // the last pages stay unknown
        const auto end = at + length(random);
        map.add(at, end, static_cast<ContentKind>(kind(random)));
        at = end;
    }
    map.finish();
    expectTalliesToAgree(map, random);

    // What turns out to be damaged later is counted anew.
    map.markDamaged(Offset{700 * kPage + 3}, Offset{1400 * kPage});
    expectTalliesToAgree(map, random);
    EXPECT_EQ(map.tally({700}, {1400}).dominated[static_cast<std::size_t>(Damaged)], 700U);
}

TEST(PageMap, OfAnotherLengthIsAsIfItHadAlwaysBeenThatLong)
{
    std::mt19937 random(7);
    for (const std::uint64_t pages : {1U, 200U, 255U, 256U, 257U, 600U, 1024U}) {
        for (const std::uint64_t later : {200U, 256U, 300U, 512U, 1030U}) {
            const std::uint64_t filled = std::min(pages, later);
            PageMap grown(pages * kPage);
            PageMap whole(later * kPage);
            const auto add = [](PageMap &map, std::uint64_t page, ContentKind kind) {
                map.add({page * kPage}, {page * kPage + kPage - 7}, kind);
                map.add({page * kPage + kPage - 7}, {(page + 1) * kPage}, Manifest);
            };
            for (std::uint64_t page = 0; page < filled; ++page) {
                const auto kind = page % 3 == 0 ? Index : Record;
                add(grown, page, kind);
                add(whole, page, kind);
            }
            grown.resize(later * kPage);
            for (std::uint64_t page = filled; page + 1 < later; ++page) {
                add(grown, page, Schema);
                add(whole, page, Schema);
            }
            grown.finish();
            whole.finish();
            ASSERT_EQ(grown.pageCount(), whole.pageCount());
            EXPECT_EQ(grown.tally({0}, {later}).dominated, whole.tally({0}, {later}).dominated)
                << pages << ' ' << later;
            EXPECT_EQ(grown.tally({0}, {later}).holds, whole.tally({0}, {later}).holds) << pages << ' ' << later;
            expectTalliesToAgree(grown, random);
        }
    }
}

TEST(PageMap, FinishingTwiceChangesNothing)
{
    PageMap map(2 * kPage);
    map.add({0}, Offset{kPage + 10}, Record);
    map.finish();
    map.finish();
    EXPECT_EQ(map.dominant({0}), Record);
    EXPECT_EQ(map.dominant({1}), Record);
}

TEST(PageMap, StaysSmall)
{
    constexpr std::uint64_t kPages = 1'000'000;
    EXPECT_LE(PageMap(kPages * kPage).memoryBytes(), kPages * 21 / 10);
}

} // namespace
} // namespace modelvault
