#include "check.h"

#include "words.h"

#include "export/check_report.h"

#include <format>

namespace modelvault::inspect {

void printFinding(const CheckFinding &finding, std::ostream &out)
{
    out << std::format("{:<8}{:#012x}  {:>12} B  {}: {}\n", severityName(finding.what.severity),
                       finding.what.offset.value, grouped(finding.what.length), errorName(finding.what.code),
                       words(finding));
}

namespace {

void printText(const CheckReport &report, std::ostream &out)
{
    for (const auto &finding : report.findings)
        printFinding(finding, out);
    if (report.dropped > 0)
        out << "and " << grouped(report.dropped) << " more\n";
    out << std::format("{} check: {}, {}, {} worth knowing\n", report.depth == CheckDepth::Quick ? "quick" : "full",
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
        writeJson(*report, [](const CheckFinding &finding) { return words(finding); }, output.out);
    else
        printText(*report, output.out);
    return report->count(Severity::Info) == report->findings.size() ? kClean : kFindings;
}

} // namespace modelvault::inspect
