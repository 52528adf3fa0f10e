#include "finding.h"

#include <gtest/gtest.h>

namespace modelvault {
namespace {

Finding at(std::uint64_t offset, std::uint64_t length, ErrorCode code = ErrorCode::BadSegmentPayloadChecksum)
{
    return {.code = code, .offset = {offset}, .length = length};
}

TEST(FindingList, LikeFindingsSideBySideMergeInWhateverOrderTheyCome)
{
    FindingList list;
    list.add(at(30, 10));
    list.add(at(10, 10));
    list.add(at(20, 10));
    const auto findings = list.toVector();
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].offset, Offset{10});
    EXPECT_EQ(findings[0].length, 30U);
    EXPECT_EQ(findings[0].count, 3U);
}

TEST(FindingList, OthersStayApartInTheOrderOfTheFile)
{
    FindingList list;
    list.add(at(20, 10, ErrorCode::BadSegmentMagic));
    list.add(at(10, 10));
    list.add(at(31, 10, ErrorCode::BadSegmentMagic));
    const auto findings = list.toVector();
    ASSERT_EQ(findings.size(), 3U);
    EXPECT_EQ(findings[0].offset, Offset{10});
    EXPECT_EQ(findings[2].offset, Offset{31});
}

TEST(FindingList, TheSeveritiesOfMergedFindingsAreEqual)
{
    FindingList list;
    list.add(at(10, 10));
    auto mild = at(20, 10);
    mild.severity = Severity::Warning;
    list.add(mild);
    EXPECT_EQ(list.toVector().size(), 2U);
}

TEST(FindingList, ItsSizeIsBoundedAndWhatIsLeftOutIsCounted)
{
    FindingList list;
    for (std::uint64_t i = 0; i < FindingList::kMost + 5; ++i)
        list.add(at(i * 100, 10));
    EXPECT_EQ(list.toVector().size(), FindingList::kMost);
    EXPECT_EQ(list.dropped(), 5U);
}

} // namespace
} // namespace modelvault
