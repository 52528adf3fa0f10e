#include "export/check_report.h"

#include "export/described_json.h"

#include <nlohmann/json.hpp>

#include <format>
#include <string_view>

namespace modelvault {
namespace {

using Json = nlohmann::ordered_json;

std::string_view depthName(CheckDepth depth)
{
    return depth == CheckDepth::Quick ? "quick" : "full";
}

/// Text that stays what it is, also within a table.
std::string markdownText(std::string_view text)
{
    constexpr std::string_view kMeaningful = "\\`*_[]<>|&~#";
    std::string escaped;
    for (const char character : text) {
        if (kMeaningful.contains(character))
            escaped += '\\';
        escaped += character == '\n' || character == '\r' ? ' ' : character;
    }
    return escaped;
}

} // namespace

Json findingJson(const CheckFinding &finding, const FindingWords &words)
{
    const auto &what = finding.what;
    Json json = {{"code", errorName(what.code)}, {"severity", severityName(what.severity)},
                 {"offset", what.offset.value},  {"length", what.length},
                 {"expected", what.expected},    {"found", what.found},
                 {"count", what.count},          {"message", words(finding)}};
    if (finding.transaction)
        json["transaction"] = finding.transaction->value;
    if (finding.collectionId) {
        json["collection_id"] = *finding.collectionId;
        if (!finding.collection.empty())
            json["collection"] = finding.collection;
    }
    if (finding.key)
        json["key"] = described(*finding.key);
    if (!finding.subject.empty())
        json["subject"] = finding.subject;
    return json;
}

void writeJson(const CheckReport &report, const FindingWords &words, std::ostream &out)
{
    // One at a time: that is what a reader of many lines looks through.
    out << std::format("{{\n\"depth\": \"{}\",\n\"findings\": [", depthName(report.depth));
    const char *separator = "\n";
    for (const auto &finding : report.findings) {
        out << separator << findingJson(finding, words).dump(-1, ' ', true, Json::error_handler_t::replace);
        separator = ",\n";
    }
    out << std::format("],\n\"findings_dropped\": {}\n}}\n", report.dropped);
}

void writeMarkdown(const CheckReport &report, const CheckReportWords &words, std::ostream &out)
{
    out << "# " << markdownText(words.title) << "\n\n" << markdownText(words.summary) << '\n';
    if (!report.findings.empty()) {
        out << '\n';
        for (const auto &heading : words.headings)
            out << "| " << markdownText(heading) << ' ';
        out << "|\n|---|---:|---:|---|---|\n";
    }
    for (const auto &finding : report.findings) {
        const auto &what = finding.what;
        out << std::format("| {} | `{:#010x}` | {} | `{}` | {} |\n", markdownText(words.severity(what.severity)),
                           what.offset.value, what.length, errorName(what.code), markdownText(words.finding(finding)));
    }
    if (!words.dropped.empty())
        out << '\n' << markdownText(words.dropped) << '\n';
}

} // namespace modelvault
