// How soon the rows of a database are there, and how fast they are filtered and sorted: a million writes, two million
// segments. Ratios compare with a reference of the same run.

#include "bench_folder.h"
#include "measure.h"

#include "database/catalog_history.h"
#include "database/row_index.h"
#include "database/row_query.h"
#include "database/row_reader.h"
#include "database/snapshot.h"
#include "log/file_head.h"
#include "log/log_scanner.h"
#include "sample/bulk.h"
#include "store/raw_file_store.h"

#include <benchmark/benchmark.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

namespace modelvault {
namespace {

constexpr std::uint64_t kWrites = 1'000'000;
constexpr std::uint32_t kItems = 1;

/// With an earlier version for nine rows of ten where `keys` repeat.
const std::filesystem::path &database(std::uint64_t keys)
{
    static std::filesystem::path made[2];
    auto &path = made[keys == 0 ? 0 : 1];
    if (path.empty()) {
        path = benchFolder() / (keys == 0 ? "rows.mv" : "versions.mv");
        auto file = must(FileHandle::open(path, OpenMode::CreateNew));
        must(sample::writeBulk(std::make_unique<RawFileStore>(std::move(file)), {.rows = kWrites, .keys = keys}));
    }
    return path;
}

struct Opened {
    explicit Opened(const std::filesystem::path &path)
        : store(must(FileHandle::open(path, OpenMode::Read))),
          head(must(readFileHead(store)))
    { }

    RawFileStore store;
    FileHead head;
    std::shared_ptr<const Snapshot> snapshot;
    std::optional<double> firstRows; // seconds until 100 rows can be shown
};

/// As an open does: scan, catalog, replay.
void read(Opened &file)
{
    const auto start = std::chrono::steady_clock::now();
    auto log = must(scanLog(file.store, file.head.fileLength, {.framed = file.head.hasTransactions()}));
    auto catalog = must(CatalogHistory::read(file.store, log, file.head.hasTransactions()));
    RowIndexBuilder builder(file.store, log, catalog, file.head.hasTransactions());
    must(builder.run([&](std::uint64_t, std::uint64_t) {
        if (!file.firstRows && builder.result()->collection(kItems).live.size() >= 100)
            file.firstRows = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        return true;
    }));
    file.snapshot = makeSnapshot({}, file.head, std::move(log), std::move(catalog), builder.result());
}

void opening(benchmark::State &state, std::uint64_t keys)
{
    const auto &path = database(keys);
    std::vector<double> whole;
    std::vector<double> first;
    double bytes = 0;
    for (auto _ : state) {
        Opened file(path);
        whole.push_back(secondsOf([&] { read(file); }));
        first.push_back(file.firstRows.value_or(whole.back()));
        state.SetIterationTime(whole.back());
        bytes = static_cast<double>(file.snapshot->rows->memoryBytes());
        state.counters["keys"] = static_cast<double>(file.snapshot->rows->keyCount());
        state.counters["earlier"] = static_cast<double>(file.snapshot->rows->earlierVersionCount());
    }
    state.counters["first_ms"] = median(first) * 1000;
    state.counters["index_MB"] = bytes / 1e6;
}

void filtering(benchmark::State &state)
{
    Opened file(database(0));
    read(file);
    const auto &schema = file.snapshot->catalog->catalog().find(kItems)->current();
    const auto &rows = file.snapshot->rows->collection(kItems).live;
    RowReader reader(file.store, file.snapshot);
    std::vector<double> filtered;
    std::vector<double> plain;
    for (auto _ : state) {
        auto filter = *RowFilter::make(schema, {*parseCondition(1, "7")});
        std::uint64_t found = 0;
        filtered.push_back(secondsOf([&] {
            must(filterRows(reader, rows, filter, [&found](std::span<const RecordNo> more) {
                found += more.size();
                return true;
            }));
        }));
        plain.push_back(secondsOf([&] {
            must(reader.scan(rows, [](const RowPayload &row) {
                benchmark::DoNotOptimize(must(row.decoder.decode(row.bytes, row.at)));
                return true;
            }));
        }));
        benchmark::DoNotOptimize(found);
        state.SetIterationTime(filtered.back());
    }
    state.counters["ratio"] = medianRatio(filtered, plain);
}

void sorting(benchmark::State &state)
{
    Opened file(database(0));
    read(file);
    const auto &schema = file.snapshot->catalog->catalog().find(kItems)->current();
    const auto &rows = file.snapshot->rows->collection(kItems).live;
    RowReader reader(file.store, file.snapshot);
    for (auto _ : state)
        state.SetIterationTime(secondsOf([&] {
            benchmark::DoNotOptimize(must(sortRows(reader, rows, schema, 0, RowOrder::Falling)));
        }));
}

BENCHMARK_CAPTURE(opening, new_rows, 0)
    ->Name("rows/open a million writes (wanted: 1 s, first_ms 300)")
    ->UseManualTime()
    ->Iterations(5)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(opening, versions, 100'000)
    ->Name("rows/open a million writes over 100 000 keys")
    ->UseManualTime()
    ->Iterations(5)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(filtering)
    ->Name("rows/filter (wanted: ratio 2 over a decoding loop)")
    ->UseManualTime()
    ->Iterations(5)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(sorting)
    ->Name("rows/sort a million rows by an integer")
    ->UseManualTime()
    ->Iterations(5)
    ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace modelvault
