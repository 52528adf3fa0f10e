// How fast databases are written to a file, each row with its index entry: what tests and benchmarks wait for.

#include "bench_folder.h"
#include "measure.h"

#include "sample/bulk.h"
#include "store/raw_file_store.h"

#include <benchmark/benchmark.h>

#include <filesystem>
#include <memory>
#include <vector>

namespace modelvault {
namespace {

void write(benchmark::State &state, const sample::BulkOptions &options)
{
    const auto path = benchFolder() / "written.mv";
    std::vector<double> times;
    for (auto _ : state) {
        std::filesystem::remove(path);
        auto store = std::make_unique<RawFileStore>(must(FileHandle::open(path, OpenMode::CreateNew)));
        times.push_back(secondsOf([&] { must(sample::writeBulk(std::move(store), options)); }));
        state.SetIterationTime(times.back());
    }
    state.counters["rows/s"] = static_cast<double>(options.rows) / median(times);
    state.counters["B/row"] = static_cast<double>(std::filesystem::file_size(path)) / static_cast<double>(options.rows);
    std::filesystem::remove(path);
}

void inLargeTransactions(benchmark::State &state)
{
    write(state, {.rows = 200'000});
}
void eachPublished(benchmark::State &state)
{
    write(state, {.rows = 50'000, .batch = 1});
}

BENCHMARK(inLargeTransactions)
    ->Name("write/in large transactions (wanted: rows/s 200000)")
    ->UseManualTime()
    ->Iterations(11)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(eachPublished)
    ->Name("write/each row published (wanted: rows/s 1000)")
    ->UseManualTime()
    ->Iterations(11)
    ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace modelvault
