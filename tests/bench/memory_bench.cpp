// What the window takes at its peak for a very long file and for very many rows, beside an empty window from the same
// run.

#include "bench_folder.h"
#include "child.h"

#include "log/log_writer.h"
#include "measure.h"
#include "sample/bulk.h"
#include "store/raw_file_store.h"

#include <benchmark/benchmark.h>

#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace modelvault {
namespace {

constexpr std::uint64_t kLength = 10'000'000'000;

/// A small database with ten gigabytes of holes behind it.
std::filesystem::path sparseFile()
{
    const auto path = benchFolder() / "sparse.mv";
    auto file = FileHandle::open(path, OpenMode::ReadWriteOrCreate);
    if (!file)
        return {};
    auto writer = LogWriter::create(std::make_unique<RawFileStore>(*std::move(file)));
    if (!writer || !writer->begin(1) || !writer->commit(1) || !writer->publish() || !writer->store().truncate(kLength))
        return {};
    return path;
}

std::filesystem::path millionWrites()
{
    const auto path = benchFolder() / "million.mv";
    auto file = must(FileHandle::open(path, OpenMode::ReadWriteOrCreate));
    must(sample::writeBulk(std::make_unique<RawFileStore>(std::move(file)), {.rows = 1'000'000}));
    return path;
}

/// In bytes, of a viewer that shows these files and ends once all is there; 0 if it fails.
double peakOfViewer(const std::vector<std::string> &files)
{
    std::vector<std::string> words{
        MODELVAULT_VIEWER, "-platform", "offscreen", "--lock", "none", "--screenshot", benchFolder() / "pictures"};
    words.insert(words.end(), files.begin(), files.end());
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    const auto process = startChild(std::move(words), nowhere);
    ::close(nowhere);
    if (process == 0)
        return 0;
    int status = 0;
    ::rusage usage{};
    if (::wait4(process, &status, 0, &usage) != process || status != 0)
        return 0;
    return static_cast<double>(usage.ru_maxrss) * 1024;
}

void opening(benchmark::State &state, std::filesystem::path (*make)())
{
    const auto file = make();
    double empty = 0;
    double shown = 0;
    for (auto _ : state) {
        empty = peakOfViewer({});
        shown = peakOfViewer({file});
    }
    if (empty == 0 || shown == 0)
        state.SkipWithError("the viewer fails");
    constexpr double kMegabyte = 1e6;
    state.counters["empty_MB"] = empty / kMegabyte;
    state.counters["file_MB"] = shown / kMegabyte;
    state.counters["more_MB"] = (shown - empty) / kMegabyte;
}

BENCHMARK_CAPTURE(opening, millionWrites, millionWrites)
    ->Name("memory/window with a million writes (wanted: more_MB 120)")
    ->Iterations(1)
    ->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(opening, sparseFile, sparseFile)
    ->Name("memory/window with a sparse file of 10 GB (wanted: more_MB 64)")
    ->Iterations(1)
    ->Unit(benchmark::kSecond);

} // namespace
} // namespace modelvault
