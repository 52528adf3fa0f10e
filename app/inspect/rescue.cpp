#include "rescue.h"

#include "check.h"
#include "inspected.h"
#include "stop_on_signal.h"
#include "words.h"

#include "export/check_report.h"
#include "printable.h"

#include <format>

namespace modelvault::inspect {
namespace {

void printJson(const RescueReport &report, const RescueWish &wish, std::ostream &out)
{
    Json json = {{"file", wish.to.string()},
                 {"keep", rescueKeepName(report.keep)},
                 {"complete", report.isComplete()},
                 {"rows", report.rows()}};
    json["collections"] = Json::array();
    for (const auto &collection : report.collections)
        json["collections"].push_back({{"name", collection.name},
                                       {"rows", collection.rows},
                                       {"unseen", collection.unseen},
                                       {"left_out", collection.leftOut},
                                       {"not_asked_for", collection.notAskedFor}});
    json["findings"] = Json::array();
    for (const auto &finding : report.findings)
        json["findings"].push_back(findingJson(finding, [](const CheckFinding &it) { return words(it); }));
    json["findings_dropped"] = report.findingsDropped;
    out << print(json);
}

void printText(const RescueReport &report, const RescueWish &wish, std::ostream &out)
{
    for (const auto &finding : report.findings)
        printFinding(finding, out);
    if (report.findingsDropped > 0)
        out << "and " << grouped(report.findingsDropped) << " more\n";
    for (const auto &collection : report.collections) {
        out << counted(collection.rows, "row") << " of " << printable(collection.name);
        if (collection.unseen > 0)
            out << std::format(", {} of them with what no open shows", grouped(collection.unseen));
        if (collection.leftOut > 0)
            out << std::format(", {} left out in whole or in part", grouped(collection.leftOut));
        if (collection.notAskedFor > 0)
            out << std::format(", {} not as the bytes behind the cut have them", grouped(collection.notAskedFor));
        out << '\n';
    }
    out << printable(wish.to.native()) << " has " << counted(report.rows(), "row")
        << (report.isComplete() ? ", all that there is\n" : "\n");
}

} // namespace

ExitCode rescueTo(const Options &options, const RescueWish &wish, Output output)
{
    const auto inspected = inspectFile(options, Depth::Catalog);
    if (!inspected)
        return cannot(options, inspected.error(), output);
    noteBadHeader(options, inspected->snapshot->head, output.err);
    noteMissingLock(options, inspected->database, output.err);
    const StopOnSignal stopOnSignal;
    const auto report =
        rescue(*inspected->database.store, inspected->snapshot, wish.keep, wish.to, StopOnSignal::progress());
    if (!report) {
        output.err << "mvinspect: " << printable(wish.to.native()) << ": " << words(report.error()) << '\n';
        return kCannot;
    }
    if (options.json)
        printJson(*report, wish, output.out);
    else
        printText(*report, wish, output.out);
    return report->isComplete() ? kClean : kFindings;
}

} // namespace modelvault::inspect
