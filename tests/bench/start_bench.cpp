// How long the viewer takes from the start of its process until it has painted the bytes of a file, beside an empty
// window, started alternately; and what it has read of the file by then.

#include "bench_folder.h"
#include "child.h"
#include "measure.h"

#include "log/file_head.h"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace modelvault {
namespace {

constexpr int kStarts = 20;
constexpr std::uint64_t kMostReads = 8;
constexpr std::uint64_t kMostBytesRead = 64 * 1024;

struct Start {
    double seconds;    ///< until the program wrote
    double cpuSeconds; ///< of the whole process, on all cores: what a busy machine leaves as it is
    std::string said;
};

double inSeconds(::timeval time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

/// None if the program fails.
std::optional<Start> start(const std::vector<std::string> &words)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return std::nullopt;
    std::string said(1, '\0');
    ::pid_t process = 0;
    bool hasSaid = false;
    const auto seconds = secondsOf([&] {
        process = startChild(words, ends[1]);
        ::close(ends[1]);
        hasSaid = process != 0 && ::read(ends[0], said.data(), 1) == 1;
    });
    char more = 0;
    while (hasSaid && ::read(ends[0], &more, 1) == 1)
        said += more;
    ::close(ends[0]);
    int status = 0;
    ::rusage usage{};
    const bool ended = process != 0 && ::wait4(process, &status, 0, &usage) == process && status == 0;
    const auto cpuSeconds = inSeconds(usage.ru_utime) + inSeconds(usage.ru_stime);
    return hasSaid && ended ? std::optional(Start{seconds, cpuSeconds, said}) : std::nullopt;
}

std::vector<std::string> emptyWindow()
{
    return {MODELVAULT_START_EMPTY, "-platform", "offscreen"};
}

std::vector<std::string> viewerOf(const std::filesystem::path &file)
{
    return {MODELVAULT_START_VIEWER, "--new-window", "-platform", "offscreen", file};
}

/// A copy of the sample, for its lock file to land beside. What the viewer remembers lands there too.
std::filesystem::path sample(const char *name)
{
    ::setenv("XDG_CONFIG_HOME", (benchFolder() / "config").c_str(), 1);
    const auto file = benchFolder() / name;
    std::filesystem::copy_file(MODELVAULT_SAMPLE, file, std::filesystem::copy_options::overwrite_existing);
    return file;
}

void toFirstPaint(benchmark::State &state)
{
    const auto file = sample("library.mv");
    // Programs and fonts into the page cache.
    bool works = start(emptyWindow()) && start(viewerOf(file));
    std::vector<double> references;
    std::vector<double> referenceCpu;
    std::vector<double> starts;
    std::vector<double> startCpu;
    for (auto _ : state) {
        const auto reference = start(emptyWindow());
        const auto viewer = start(viewerOf(file));
        if (!reference || !viewer) {
            works = false;
            break;
        }
        references.push_back(reference->seconds);
        referenceCpu.push_back(reference->cpuSeconds);
        starts.push_back(viewer->seconds);
        startCpu.push_back(viewer->cpuSeconds);
        state.SetIterationTime(viewer->seconds);
    }
    if (!works) {
        state.SkipWithError("a program does not come to its first paint");
        return;
    }
    constexpr double kMillisecond = 1e-3;
    state.counters["ms"] = median(starts) / kMillisecond;
    state.counters["ref_ms"] = median(references) / kMillisecond;
    state.counters["ratio"] = medianRatio(starts, references);
    state.counters["cpu_ms"] = median(startCpu) / kMillisecond;
    state.counters["ref_cpu_ms"] = median(referenceCpu) / kMillisecond;
}

/// Of files that end within the head, behind it, and far behind the segments.
void readsUntilFirstPaint(benchmark::State &state)
{
    std::uint64_t mostReads = 0;
    std::uint64_t mostBytes = 0;
    for (auto _ : state) {
        for (const std::uint64_t length : {std::uint64_t{0}, std::uint64_t{10}, kLogStart.value, std::uint64_t{100'000},
                                           std::uint64_t{100'000'000'000}}) {
            const auto file = sample("resized.mv");
            std::filesystem::resize_file(file, length); // grows by a hole
            const auto viewer = start(viewerOf(file));
            std::istringstream said(viewer ? viewer->said : std::string());
            std::uint64_t reads = 0;
            std::uint64_t bytes = 0;
            if (!(said >> reads >> bytes)) {
                state.SkipWithError("the viewer does not come to its first paint");
                return;
            }
            mostReads = std::max(mostReads, reads);
            mostBytes = std::max(mostBytes, bytes);
        }
    }
    state.counters["reads"] = static_cast<double>(mostReads);
    state.counters["bytes"] = static_cast<double>(mostBytes);
    if (mostReads > kMostReads || mostBytes > kMostBytesRead)
        state.SkipWithError("more is read than is needed");
}

BENCHMARK(toFirstPaint)
    ->Name("start/to the first paint of a file's bytes (wanted: ms 100, ratio 3)")
    ->UseManualTime()
    ->Iterations(kStarts)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(readsUntilFirstPaint)
    ->Name("start/reads before the first paint, 0 to 100 GB (wanted: reads 8, bytes 65536)")
    ->Iterations(1)
    ->Unit(benchmark::kSecond);

} // namespace
} // namespace modelvault
