#include "browse.h"
#include "browsing.h"
#include "stop_on_signal.h"
#include "words.h"

#include "database/row_index.h"
#include "printable.h"

#include <utility>

namespace modelvault::inspect {
namespace {

ExitCode failed(const std::filesystem::path &target, const Error &error, Output output)
{
    output.err << "mvinspect: " << printable(target.native()) << ": " << words(error);
    if (error.code == ErrorCode::AlreadyExists)
        output.err << "; --overwrite replaces it";
    if (error.code == ErrorCode::TooManyColumns)
        output.err << ": " << error.found << " and " << error.expected;
    output.err << '\n';
    return kCannot;
}

void printSummary(const Options &options, const ExportSummary &summary, Output output)
{
    if (options.json) {
        Json json = {{"rows", summary.rows}, {"rows_of_other_versions", summary.rowsOfOtherVersions}};
        json["files"] = Json::array();
        for (const auto &file : summary.files)
            json["files"].push_back(file.string());
        output.out << print(json);
        return;
    }
    output.out << counted(summary.rows, "row") << " to " << counted(summary.files.size(), "file") << '\n';
    for (const auto &file : summary.files)
        output.out << "  " << printable(file.native()) << '\n';
    if (summary.rowsOfOtherVersions > 0)
        output.err << "mvinspect: " << printable(options.file.native()) << ": "
                   << counted(summary.rowsOfOtherVersions, "row")
                   << " of older schemas: fields that are no more are left out\n";
}

} // namespace

ExitCode exportTo(const Options &options, const ExportWish &wish, Output output)
{
    const auto format = wish.format ? wish.format : formatByExtension(wish.to);
    if (!format)
        return cannot(options, "which format? " + inQuotes(wish.to.native()) + " does not tell; choose one by --format",
                      output);
    const auto inspected = inspectRows(options, output);
    if (!inspected)
        return kCannot;
    std::vector<ExportPart> parts;
    for (const auto &name : wish.collections) {
        const auto *collection = collectionNamed(options, *inspected, name, output);
        if (collection == nullptr)
            return kCannot;
        if (std::ranges::find(parts, collection->id, &ExportPart::collectionId) == parts.end())
            parts.push_back({.collectionId = collection->id});
    }
    if (wish.collections.empty()) {
        for (const auto &[id, collection] : inspected->snapshot->catalog->catalog().collections())
            parts.push_back({.collectionId = id});
    }
    const bool isFolder = *format != ExportFormat::Sqlite && parts.size() != 1;
    if (isFolder && !wish.format)
        return cannot(options,
                      "such a file holds one collection: choose it by --collection, or a folder for all by --format",
                      output);

    const StopOnSignal stopOnSignal;
    const ExportTarget target{.path = wish.to,
                              .format = *format,
                              .isFolder = isFolder,
                              .existing = wish.overwrite ? Existing::Replace : Existing::Keep};
    const auto summary =
        exportRows(*inspected->database.store, inspected->snapshot, parts, target, StopOnSignal::progress());
    if (!summary)
        return failed(wish.to, summary.error(), output);
    printSummary(options, *summary, output);
    return inspected->exitCode();
}

} // namespace modelvault::inspect
