#include "browse.h"
#include "browsing.h"
#include "words.h"

#include "database/row_index.h"
#include "printable.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

namespace modelvault::inspect {
namespace {

volatile std::sig_atomic_t s_isStopped = 0;

/// While it lives, what would end the program only asks it to stop, so that it can tidy up.
class StopOnSignal {
public:
    StopOnSignal()
    {
        s_isStopped = 0;
        std::ranges::transform(kSignals, m_before.begin(), [](int signal) {
            const auto before = std::signal(signal, stop);
            if (before == SIG_IGN) // by whoever started us, nohup say
                std::signal(signal, SIG_IGN);
            return before;
        });
    }
    StopOnSignal(const StopOnSignal &) = delete;
    StopOnSignal &operator=(const StopOnSignal &) = delete;
    ~StopOnSignal()
    {
        for (std::size_t i = 0; i < kSignals.size(); ++i)
            std::signal(kSignals[i], m_before[i]);
    }

private:
#ifdef SIGHUP
    static constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};
#else
    static constexpr std::array kSignals{SIGINT, SIGTERM};
#endif
    static void stop(int /*signal*/) { s_isStopped = 1; }

    std::array<decltype(std::signal(0, nullptr)), kSignals.size()> m_before{};
};

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
    const auto summary = exportRows(*inspected->database.store, inspected->snapshot, parts, target,
                                    [](std::uint64_t, std::uint64_t) { return s_isStopped == 0; });
    if (!summary)
        return failed(wish.to, summary.error(), output);
    printSummary(options, *summary, output);
    return inspected->exitCode();
}

} // namespace modelvault::inspect
