// How long the viewer takes from the start of its process until it has painted the bytes of a file, beside an empty
// window, started alternately.

#include "bench_folder.h"
#include "child.h"
#include "measure.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace modelvault {
namespace {

constexpr int kStarts = 20;

/// In seconds, from now to the byte that the program writes; 0 if it fails.
double timeToPaint(const std::vector<std::string> &words)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return 0;
    bool painted = false;
    ::pid_t process = 0;
    const auto seconds = secondsOf([&] {
        process = startChild(words, ends[1]);
        ::close(ends[1]);
        char byte = 0;
        painted = process != 0 && ::read(ends[0], &byte, 1) == 1;
    });
    ::close(ends[0]);
    int status = 0;
    const bool ended = process != 0 && ::waitpid(process, &status, 0) == process && status == 0;
    return painted && ended ? seconds : 0;
}

void start(benchmark::State &state)
{
    // The lock file lands beside it, and what the viewer remembers too.
    const auto file = benchFolder() / "library.mv";
    std::filesystem::copy_file(MODELVAULT_SAMPLE, file, std::filesystem::copy_options::overwrite_existing);
    ::setenv("XDG_CONFIG_HOME", (benchFolder() / "config").c_str(), 1);

    const std::vector<std::string> empty{MODELVAULT_START_EMPTY, "-platform", "offscreen"};
    const std::vector<std::string> viewer{MODELVAULT_START_VIEWER, "-platform", "offscreen", file};
    // Programs and fonts into the page cache.
    bool works = timeToPaint(empty) > 0 && timeToPaint(viewer) > 0;
    std::vector<double> references;
    std::vector<double> starts;
    for (auto _ : state) {
        references.push_back(timeToPaint(empty));
        starts.push_back(timeToPaint(viewer));
        state.SetIterationTime(starts.back());
        works = works && references.back() > 0 && starts.back() > 0;
    }
    if (!works) {
        state.SkipWithError("a program does not come to its first paint");
        return;
    }
    constexpr double kMillisecond = 1e-3;
    state.counters["ms"] = median(starts) / kMillisecond;
    state.counters["ref_ms"] = median(references) / kMillisecond;
    state.counters["ratio"] = medianRatio(starts, references);
}

BENCHMARK(start)
    ->Name("start/to the first paint of a file's bytes (wanted: ms 100, ratio 3)")
    ->UseManualTime()
    ->Iterations(kStarts)
    ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace modelvault
