#include "export/check_report.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>
#include <string>

namespace modelvault {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string words(const CheckFinding &finding)
{
    return "what is wrong with " + finding.subject;
}

CheckReport report()
{
    return {.depth = CheckDepth::Full,
            .findings = {{.what = {.code = ErrorCode::BadSegmentPayloadChecksum,
                                   .severity = Severity::Error,
                                   .offset = {9724},
                                   .length = 100,
                                   .expected = 1,
                                   .found = 2,
                                   .count = 3}},
                         {.what = {.code = ErrorCode::ConstraintViolated,
                                   .severity = Severity::Warning,
                                   .offset = {9900},
                                   .length = 50},
                          .transaction = TransactionNo{4},
                          .collectionId = 7,
                          .collection = "books",
                          .key = Value{std::string("Dune")},
                          .subject = "year: min_i64"}},
            .dropped = 5};
}

std::string asJson(const CheckReport &report)
{
    std::ostringstream out;
    writeJson(report, words, out);
    return out.str();
}

std::string asMarkdown(const CheckReport &report, const std::string &title = "Check of a.mv")
{
    const CheckReportWords said{.title = title,
                                .summary = "All was checked.",
                                .headings = {"Severity", "Offset", "Length", "Code", "Finding"},
                                .severity = [](Severity severity) { return std::string(severityName(severity)); },
                                .finding = words,
                                .dropped = report.dropped > 0 ? "and more" : ""};
    std::ostringstream out;
    writeMarkdown(report, said, out);
    return out.str();
}

TEST(CheckReportJson, HasAllThatIsKnownOfAFinding)
{
    const auto said = json::parse(asJson(report()));
    EXPECT_EQ(said["depth"], "full");
    EXPECT_EQ(said["findings_dropped"], 5);
    ASSERT_EQ(said["findings"].size(), 2U);
    EXPECT_EQ(said["findings"][0],
              json::parse(R"({"code": "BadSegmentPayloadChecksum", "severity": "error", "offset": 9724, "length": 100,
                              "expected": 1, "found": 2, "count": 3, "message": "what is wrong with "})"));
    EXPECT_EQ(said["findings"][1],
              json::parse(R"({"code": "ConstraintViolated", "severity": "warning", "offset": 9900, "length": 50,
                              "expected": 0, "found": 0, "count": 1, "message": "what is wrong with year: min_i64",
                              "transaction": 4, "collection_id": 7, "collection": "books", "key": "Dune",
                              "subject": "year: min_i64"})"));
}

TEST(CheckReportJson, IsOneLineAFindingInAscii)
{
    auto some = report();
    some.findings[1].collection = "b\xc3\xbc"
                                  "cher";
    some.findings[1].subject = "\xff"; // no UTF-8
    const auto text = asJson(some);
    EXPECT_EQ(std::ranges::count(text, '\n'), 5 + 2);
    EXPECT_TRUE(std::ranges::all_of(text, [](unsigned char each) { return each < 0x80; })) << text;
    EXPECT_EQ(json::parse(text)["findings"][1]["collection"],
              "b\xc3\xbc"
              "cher");
}

TEST(CheckReportMarkdown, IsATable)
{
    EXPECT_EQ(asMarkdown(report()),
              "# Check of a.mv\n"
              "\n"
              "All was checked.\n"
              "\n"
              "| Severity | Offset | Length | Code | Finding |\n"
              "|---|---:|---:|---|---|\n"
              "| error | `0x000025fc` | 100 | `BadSegmentPayloadChecksum` | what is wrong with  |\n"
              "| warning | `0x000026ac` | 50 | `ConstraintViolated` | what is wrong with year: "
              "min\\_i64 |\n"
              "\n"
              "and more\n");
}

TEST(CheckReportMarkdown, HasNoTableWithoutFindings)
{
    EXPECT_EQ(asMarkdown({}), "# Check of a.mv\n\nAll was checked.\n");
}

TEST(CheckReportMarkdown, WhatAFileSaysStaysText)
{
    auto some = report();
    some.findings[1].subject = "a|b\n<script>[x](y)`*_\\";
    const auto text = asMarkdown(some, "*a*.mv");
    EXPECT_THAT(text, HasSubstr("# \\*a\\*.mv\n"));
    EXPECT_THAT(text, HasSubstr("with a\\|b \\<script\\>\\[x\\](y)\\`\\*\\_\\\\ |\n"));
}

} // namespace
} // namespace modelvault
