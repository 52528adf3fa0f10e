#include "check/check_findings.h"

#include <gmock/gmock.h>

namespace modelvault {
namespace {

using testing::SizeIs;

Finding fault(std::uint64_t offset, Severity severity = Severity::Error, ErrorCode code = ErrorCode::InvalidRecordUtf8)
{
    return {.code = code, .severity = severity, .offset = {offset}, .length = 10};
}

CheckFinding ofRow(std::uint64_t offset, const char *key, std::string subject = {})
{
    return {.what = fault(offset),
            .transaction = {},
            .collectionId = 1,
            .collection = {},
            .key = Value{key},
            .subject = std::move(subject)};
}

TEST(CheckFindings, TheSameIsToldOnceAsTheGravest)
{
    CheckFindings findings;
    findings.add(fault(20, Severity::Warning));
    findings.add(fault(20, Severity::Error));
    findings.add(fault(20, Severity::Info));
    findings.add(fault(10, Severity::Info, ErrorCode::ReservedNotZero));
    EXPECT_TRUE(findings.has(ErrorCode::InvalidRecordUtf8, {20}));
    EXPECT_FALSE(findings.has(ErrorCode::InvalidRecordUtf8, {10}));
    const auto all = std::move(findings).take();
    ASSERT_THAT(all, SizeIs(2));
    EXPECT_EQ(all[0].what.offset, Offset{10}) << "in the order of the file";
    EXPECT_EQ(all[1].what.severity, Severity::Error);
}

TEST(CheckFindings, AnotherRowOrSubjectIsAnotherFault)
{
    CheckFindings findings;
    findings.add(ofRow(20, "a"));
    findings.add(ofRow(20, "b"));
    findings.add(ofRow(20, "b", "field"));
    findings.add(ofRow(20, "b", "field"));
    EXPECT_THAT(std::move(findings).take(), SizeIs(3));
}

TEST(CheckFindings, WhatLiesInAMergedOneIsTold)
{
    CheckFindings findings;
    auto merged = fault(20);
    merged.length = 30;
    merged.count = 3;
    findings.add(merged);
    findings.add(fault(30));
    findings.add(fault(30, Severity::Error, ErrorCode::TrailingRecordPayload));
    findings.add(fault(50));
    EXPECT_THAT(std::move(findings).take(), SizeIs(3));
}

TEST(CheckFindings, TheirNumberIsBounded)
{
    CheckFindings findings;
    for (std::uint64_t i = 0; i < FindingList::kMost + 7; ++i)
        findings.add(fault(i * 20));
    EXPECT_EQ(findings.dropped(), 7U);
    EXPECT_THAT(std::move(findings).take(), SizeIs(FindingList::kMost));
}

} // namespace
} // namespace modelvault
