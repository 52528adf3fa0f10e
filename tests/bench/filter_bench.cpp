// How fast ten million segments are filtered. `ratio` is the time of a filter over that of a plain walk over the same
// segments, in the same run and in alternation; below 1 the index spared some of the walk.

#include "bench_folder.h"
#include "measure.h"

#include "filter/filter_segments.h"
#include "format/record.h"
#include "log/log_scanner.h"
#include "log/log_writer.h"
#include "store/file_store.h"
#include "store/raw_file_store.h"

#include <benchmark/benchmark.h>

#include <filesystem>
#include <optional>

namespace modelvault {
namespace {

constexpr std::uint64_t kSegments = 10'000'000;
constexpr std::uint64_t kInTransaction = 1000;

std::vector<std::byte> row(std::int64_t key)
{
    return Record{.head = {.payloadVersion = 2,
                           .collectionId = static_cast<std::uint32_t>(1 + key % 7),
                           .schemaVersion = 1,
                           .operation = RecordHead::Insert,
                           .key = {key}},
                  .fields = {}}
        .encode();
}

/// Made once, in the page cache from then on.
const std::filesystem::path &database()
{
    static const auto path = [] {
        auto made = benchFolder() / "filtered";
        auto writer = must(LogWriter::create(
            std::make_unique<RawFileStore>(must(FileHandle::open(made, OpenMode::ReadWriteOrCreate)))));
        for (std::uint64_t i = 0; i < kSegments; ++i) {
            const auto id = i / kInTransaction;
            if (i % kInTransaction == 0)
                must(writer.begin(id));
            else if (i % kInTransaction == kInTransaction - 1)
                must(writer.commit(id));
            else
                must(writer.append(SegmentType::Record, row(static_cast<std::int64_t>(i))));
        }
        must(writer.publish());
        return made;
    }();
    return path;
}

void filter(benchmark::State &state, const char *text, std::uint64_t expected)
{
    const auto store = must(FileStore::openUnlocked(database()));
    const auto length = must(store->length());
    const auto parsed = Filter::parse(text).value();
    const auto scan = must(scanLog(*store, length));
    const LogReader log(*store, scan.index);
    std::vector<double> filters;
    std::vector<double> references;
    std::vector<double> firsts;
    SegmentHits hits;
    for (auto _ : state) {
        std::uint64_t walked = 0;
        references.push_back(secondsOf([&] {
            must(log.forEach({0}, [&walked](const Segment &) {
                ++walked;
                return true;
            }));
        }));
        if (walked != scan.index->segmentCount())
            state.SkipWithError("the walk does not see the database that was written");
        hits = {};
        const auto start = std::chrono::steady_clock::now();
        std::optional<double> first;
        filters.push_back(secondsOf([&] {
            must(filterSegments(log, *store, nullptr, parsed, [&](const SegmentHits::Block &block) {
                if (!first)
                    first = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
                hits.append(block);
            }));
        }));
        state.SetIterationTime(filters.back());
        firsts.push_back(first.value_or(filters.back()));
        if (hits.count() != expected)
            state.SkipWithError("other segments pass");
    }
    constexpr double kMillisecond = 1e-3;
    state.counters["M/s"] = static_cast<double>(kSegments) / median(filters) / 1e6;
    state.counters["ratio"] = medianRatio(filters, references);
    state.counters["first_ms"] = median(firsts) / kMillisecond;
    state.counters["hits_B/seg"] = static_cast<double>(hits.memoryBytes()) / static_cast<double>(kSegments);
}

void registerFilter(const char *name, const char *text, std::uint64_t expected)
{
    benchmark::RegisterBenchmark(name, filter, text, expected)
        ->UseManualTime()
        ->Iterations(11)
        ->Unit(benchmark::kMillisecond);
}

[[maybe_unused]] const bool kRegistered = [] {
    constexpr auto kMarkers = 2 * kSegments / kInTransaction;
    registerFilter("filter/header of each (wanted: ratio 1.5)", "length < 30 and type == record", kSegments - kMarkers);
    registerFilter("filter/index alone (wanted: ms 5)", "number >= 512 and not type == checkpoint and crc == good",
                   kSegments + 2 - 512);
    registerFilter("filter/one transaction (wanted: ms 5)", "transaction == 7777", kInTransaction);
    registerFilter("filter/key of each (wanted: ratio 6)", "key in 5000000..5000999", kInTransaction - 2);
    return true;
}();

} // namespace
} // namespace modelvault
