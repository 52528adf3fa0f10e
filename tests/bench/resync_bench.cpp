// How fast a scan finds segments again behind damage: a log of which the first segment is not whole, then 256 MB in
// which no segment begins, then one that does. `GB/s` is what is wanted: 2 or more; beside it, in alternation, the same
// bytes only read, and read and searched by memchr() for the first letter. All in seconds of the processor, so that a
// busy machine says the same.

#include "bench_folder.h"
#include "measure.h"

#include "format/segment.h"
#include "format/superblock.h"
#include "log/log_scanner.h"
#include "log/log_writer.h"
#include "store/file_store.h"
#include "store/raw_file_store.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

namespace modelvault {
namespace {

enum class Filling { Random, Zeros, FirstLetters, Magics, SmallDamage };

constexpr std::size_t kDamage = 256 * 1024 * 1024;

/// What lies where segments should. Small damage: whole segments of 90 bytes between headers that are not.
std::vector<std::byte> filled(Filling filling)
{
    std::vector<std::byte> bytes(kDamage);
    std::mt19937_64 random(1);
    SegmentHeader whole{.type = SegmentType::Record, .payloadLength = 26};
    whole.payloadCrc = crc32c(std::span(bytes).first(26));
    const auto header = whole.encode();
    switch (filling) {
    case Filling::Random:
        for (std::size_t i = 0; i + sizeof(std::uint64_t) <= bytes.size(); i += sizeof(std::uint64_t)) {
            const auto word = random();
            std::memcpy(bytes.data() + i, &word, sizeof word);
        }
        break;
    case Filling::Zeros:
        break;
    case Filling::FirstLetters:
        std::ranges::fill(bytes, std::byte{'T'});
        break;
    case Filling::Magics:
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<std::byte>("TSG0"[i % 4]);
        break;
    case Filling::SmallDamage:
        for (std::size_t i = 0; i + 128 <= bytes.size(); i += 128)
            std::ranges::copy(header, bytes.begin() + static_cast<std::ptrdiff_t>(i));
        break;
    }
    return bytes;
}

const std::filesystem::path &damaged(Filling filling)
{
    static std::filesystem::path made[5];
    auto &path = made[static_cast<std::size_t>(filling)];
    if (path.empty()) {
        path = benchFolder() / ("resync" + std::to_string(static_cast<int>(filling)));
        auto file = must(FileHandle::open(path, OpenMode::ReadWriteOrCreate));
        auto writer = must(LogWriter::create(std::make_unique<RawFileStore>(std::move(file))));
        const Offset end = writer.end();
        auto store = std::move(writer).takeStore();
        must(store->writeAllAt(end, filled(filling)));
        must(store->writeAllAt(end + kDamage, SegmentHeader{.type = SegmentType::Temp}.encode()));
    }
    return path;
}

template <class Look>
std::uint64_t readAll(int file, std::uint64_t length, const Look &look)
{
    static std::vector<std::byte> buffer(256 * 1024);
    std::uint64_t sum = 0;
    for (std::uint64_t at = kLogStart.value; at < length;) {
        const auto count = ::pread(file, buffer.data(), buffer.size(), static_cast<off_t>(at));
        if (count <= 0)
            break;
        sum += look(std::span<const std::byte>(buffer).first(static_cast<std::size_t>(count)));
        at += static_cast<std::uint64_t>(count);
    }
    return sum;
}

void resync(benchmark::State &state, Filling filling)
{
    const auto &path = damaged(filling);
    const auto store = must(FileStore::openUnlocked(path));
    const auto length = must(store->length());
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const auto onlyRead = [](std::span<const std::byte> bytes) { return std::to_integer<std::uint64_t>(bytes[0]); };
    const auto searched = [](std::span<const std::byte> bytes) {
        std::uint64_t hits = 0;
        const auto *at = bytes.data();
        const auto *end = at + bytes.size();
        while (at != end) {
            const auto *hit = static_cast<const std::byte *>(std::memchr(at, 'T', static_cast<std::size_t>(end - at)));
            if (hit == nullptr)
                break;
            ++hits;
            at = hit + 1;
        }
        return hits;
    };
    readAll(file, length, onlyRead); // into the page cache
    std::vector<double> scans;
    std::vector<double> reads;
    std::vector<double> searches;
    for (auto _ : state) {
        reads.push_back(cpuSecondsOf([&] { benchmark::DoNotOptimize(readAll(file, length, onlyRead)); }));
        searches.push_back(cpuSecondsOf([&] { benchmark::DoNotOptimize(readAll(file, length, searched)); }));
        std::optional<LogScan> scan;
        scans.push_back(cpuSecondsOf([&] { scan = must(scanLog(*store, length)); }));
        state.SetIterationTime(scans.back());
        if (scan->index->count(SegmentType::Temp) != 1 || scan->covered.value != length)
            state.SkipWithError("the segment behind the damage was not found");
    }
    ::close(file);
    const auto gigabytes = static_cast<double>(length) / 1e9;
    state.counters["GB/s"] = gigabytes / median(scans);
    state.counters["read_GB/s"] = gigabytes / median(reads);
    state.counters["memchr_GB/s"] = gigabytes / median(searches);
    state.counters["ratio"] = medianRatio(reads, scans); // of speeds
}

void add(const char *name, Filling filling)
{
    benchmark::RegisterBenchmark(name, resync, filling)->UseManualTime()->Iterations(11)->Unit(benchmark::kMillisecond);
}

[[maybe_unused]] const bool kIsAdded = [] {
    add("resync/random bytes (wanted: 2 GB/s)", Filling::Random);
    add("resync/zeros (wanted: 2 GB/s)", Filling::Zeros);
    add("resync/all T (wanted: 2 GB/s)", Filling::FirstLetters);
    add("resync/magics that no header follows", Filling::Magics);
    add("resync/a damaged header every 128 bytes", Filling::SmallDamage);
    return true;
}();

} // namespace
} // namespace modelvault
