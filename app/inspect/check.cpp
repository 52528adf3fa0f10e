#include "check.h"

#include "words.h"

#include "export/described_json.h"

#include <format>
#include <string_view>

namespace modelvault::inspect {
namespace {

std::string_view depthName(CheckDepth depth)
{
    return depth == CheckDepth::Quick ? "quick" : "full";
}

} // namespace

Json findingJson(const CheckFinding &finding)
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

void printFinding(const CheckFinding &finding, std::ostream &out)
{
    out << std::format("{:<8}{:#012x}  {:>12} B  {}: {}\n", severityName(finding.what.severity),
                       finding.what.offset.value, grouped(finding.what.length), errorName(finding.what.code),
                       words(finding));
}

namespace {

void printJson(const CheckReport &report, std::ostream &out)
{
    // One at a time: that is what a reader of many lines looks through.
    out << std::format("{{\n\"depth\": \"{}\",\n\"findings\": [", depthName(report.depth));
    const char *separator = "\n";
    for (const auto &finding : report.findings) {
        out << separator << compact(findingJson(finding));
        separator = ",\n";
    }
    out << std::format("],\n\"findings_dropped\": {}\n}}\n", report.dropped);
}

void printText(const CheckReport &report, std::ostream &out)
{
    for (const auto &finding : report.findings)
        printFinding(finding, out);
    if (report.dropped > 0)
        out << "and " << grouped(report.dropped) << " more\n";
    out << std::format("{} check: {}, {}, {} worth knowing\n", depthName(report.depth),
                       counted(report.count(Severity::Error), "error"),
                       counted(report.count(Severity::Warning), "warning"), grouped(report.count(Severity::Info)));
}

} // namespace

ExitCode check(const Options &options, CheckDepth depth, Output output)
{
    const auto inspected = inspectFile(options, Depth::Catalog);
    if (!inspected)
        return cannot(options, inspected.error(), output);
    noteBadHeader(options, inspected->snapshot->head, output.err);
    noteMissingLock(options, inspected->database, output.err);
    const auto report = modelvault::check(*inspected->database.store, *inspected->snapshot, depth);
    if (!report)
        return cannot(options, report.error(), output);
    if (options.json)
        printJson(*report, output.out);
    else
        printText(*report, output.out);
    return report->count(Severity::Info) == report->findings.size() ? kClean : kFindings;
}

} // namespace modelvault::inspect
