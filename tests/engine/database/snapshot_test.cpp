#include "database/snapshot.h"

#include "support/file_builder.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace modelvault {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

auto finding(ErrorCode code, Severity severity, std::uint64_t offset, std::uint64_t length)
{
    return testing::AllOf(Field("code", &Finding::code, code), Field("severity", &Finding::severity, severity),
                          Field("offset", &Finding::offset, Offset{offset}), Field("length", &Finding::length, length));
}

/// Of the first bytes of a sound database.
std::vector<Finding> findingsOfFirst(std::uint64_t length)
{
    return headFindings(readFileHead(*test::FileBuilder().cut(length).store()).value());
}

TEST(HeadFindings, ASoundHeadHasNone)
{
    EXPECT_THAT(findingsOfFirst(kLogStart.value), IsEmpty());
}

TEST(HeadFindings, WhereNotEvenTheHeaderFitsItIsTheOnlyOne)
{
    EXPECT_THAT(findingsOfFirst(0), ElementsAre(finding(ErrorCode::TruncatedHeader, Severity::Error, 0, 0)));
    EXPECT_THAT(findingsOfFirst(17), ElementsAre(finding(ErrorCode::TruncatedHeader, Severity::Error, 0, 17)));
    EXPECT_THAT(findingsOfFirst(31), ElementsAre(finding(ErrorCode::TruncatedHeader, Severity::Error, 0, 31)));
}

TEST(HeadFindings, BehindAHeaderEachSuperblockThatIsCutShortIsOne)
{
    EXPECT_THAT(findingsOfFirst(32),
                ElementsAre(finding(ErrorCode::TruncatedSuperblock, Severity::Error, 32, 0),
                            finding(ErrorCode::TruncatedSuperblock, Severity::Error, 32, 0)));
    EXPECT_THAT(findingsOfFirst(kLogStart.value - 1),
                ElementsAre(finding(ErrorCode::TruncatedSuperblock, Severity::Error, 0x1020, 4095)));
}

TEST(HeadFindings, ADamagedSuperblockBesideAWholeOneIsAWarning)
{
    test::FileBuilder file;
    file.flip(Offset{0x1020 + 8});
    const auto found = headFindings(readFileHead(*file.store()).value());
    EXPECT_THAT(found, ElementsAre(finding(ErrorCode::BadSuperblockChecksum, Severity::Warning, 0x1020, 4096)));
}

} // namespace
} // namespace modelvault
