// How fast the log is scanned, each figure beside its reference from the same run. Read the `ratio` column: it is the
// scan's speed over the reference's, measured alternately, so that a noisy machine slows both.

#include "bench_folder.h"
#include "measure.h"

#include "format/crc32c.h"
#include "format/segment.h"
#include "format/superblock.h"
#include "format/transaction_marker.h"
#include "log/log_scanner.h"
#include "log/log_writer.h"
#include "store/file_store.h"
#include "store/raw_file_store.h"

#include <benchmark/benchmark.h>

#include <condition_variable>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <mutex>
#include <thread>
#include <unistd.h>
#include <vector>

namespace modelvault {
namespace {

enum class Shape { LargeTransactions, Autocommit, LongPayloads };

constexpr std::uint64_t kSmallSegments = 2'000'000;
constexpr std::uint64_t kPerLargeTransaction = 100'000;
constexpr std::uint64_t kLongPayloads = 1024;
constexpr std::size_t kLongPayload = 1024 * 1024;

void writeSegments(LogWriter &writer, Shape shape)
{
    const std::vector<std::byte> small(shape == Shape::LargeTransactions ? 58 : 200, std::byte{'r'});
    const std::vector<std::byte> large(kLongPayload, std::byte{'R'});
    switch (shape) {
    case Shape::LargeTransactions: // 90 bytes a segment
        for (std::uint64_t i = 0; i < kSmallSegments; ++i) {
            if (i % kPerLargeTransaction == 0)
                must(writer.begin(i / kPerLargeTransaction));
            must(writer.append(SegmentType::Record, small));
            if (i % kPerLargeTransaction == kPerLargeTransaction - 1)
                must(writer.commit(i / kPerLargeTransaction));
        }
        break;
    case Shape::Autocommit: // begin, record, commit, manifest: 98 bytes a segment on average
        for (std::uint64_t i = 0; i < kSmallSegments / 4; ++i) {
            must(writer.begin(i));
            must(writer.append(SegmentType::Record, small));
            must(writer.commit(i));
            must(writer.append(SegmentType::Manifest, std::span(small).first(18)));
        }
        break;
    case Shape::LongPayloads:
        must(writer.begin(1));
        for (std::uint64_t i = 0; i < kLongPayloads; ++i)
            must(writer.append(SegmentType::Record, large));
        must(writer.commit(1));
        break;
    }
}

/// A database of that shape, made once, in the page cache from then on.
const std::filesystem::path &database(Shape shape)
{
    static std::filesystem::path made[3];
    auto &path = made[static_cast<std::size_t>(shape)];
    if (path.empty()) {
        path = benchFolder() / std::to_string(static_cast<int>(shape));
        auto file = must(FileHandle::open(path, OpenMode::ReadWriteOrCreate));
        auto writer = must(LogWriter::create(std::make_unique<RawFileStore>(std::move(file))));
        writeSegments(writer, shape);
        must(writer.publish());
    }
    return path;
}

/// The least that has to be done: reads, steps over headers and the same checksums, trusting every length.
std::uint64_t bareLoop(int file, std::uint64_t length)
{
    constexpr std::size_t kBuffer = 256 * 1024;
    static std::vector<std::byte> buffer(kBuffer);
    std::uint64_t wrong = 0;
    std::uint64_t at = kLogStart.value;
    std::uint64_t start = at;
    std::size_t have = 0;
    const auto need = [&](std::size_t count) {
        if (at - start + count <= have)
            return;
        start = at;
        have = static_cast<std::size_t>(::pread(file, buffer.data(), kBuffer, static_cast<off_t>(at)));
    };
    while (at < length) {
        need(SegmentHeader::kSize);
        const std::byte *header = buffer.data() + (at - start);
        std::uint64_t payload = 0;
        std::memcpy(&payload, header + 12, sizeof payload);
        need(static_cast<std::size_t>(SegmentHeader::kSize + payload));
        header = buffer.data() + (at - start);
        std::uint16_t type = 0;
        std::uint32_t payloadCrc = 0;
        std::uint32_t headerCrc = 0;
        std::memcpy(&type, header + 6, sizeof type);
        std::memcpy(&payloadCrc, header + 20, sizeof payloadCrc);
        std::memcpy(&headerCrc, header + 28, sizeof headerCrc);
        const std::span body(header + SegmentHeader::kSize, static_cast<std::size_t>(payload));
        wrong += crc32c({header, SegmentHeader::kChecksumAt}) != headerCrc;
        wrong += crc32c(body) != payloadCrc;
        if (type >= 6 && type <= 8) {
            std::uint32_t markerCrc = 0;
            std::memcpy(&markerCrc, body.data() + TransactionMarker::kChecksumAt, sizeof markerCrc);
            wrong += crc32c(body.first(TransactionMarker::kChecksumAt)) != markerCrc;
        }
        at += SegmentHeader::kSize + payload;
    }
    return wrong;
}

std::uint64_t bareReads(int file, std::uint64_t length)
{
    constexpr std::size_t kBuffer = 1024 * 1024;
    static std::vector<std::byte> buffer(kBuffer);
    std::uint64_t sum = 0;
    for (std::uint64_t at = 0; at < length; at += kBuffer)
        sum += static_cast<std::uint64_t>(::pread(file, buffer.data(), kBuffer, static_cast<off_t>(at)));
    return sum;
}

/// Threads that wait for tasks, as an application's pool would lend them.
class Pool {
public:
    explicit Pool(unsigned threads)
    {
        for (unsigned i = 0; i < threads; ++i)
            m_threads.emplace_back([this](const std::stop_token &stop) { work(stop); });
    }
    ~Pool()
    {
        for (auto &thread : m_threads)
            thread.request_stop();
    }
    void run(std::function<void()> task)
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_tasks.push_back(std::move(task));
        }
        m_changed.notify_one();
    }

private:
    void work(const std::stop_token &stop)
    {
        for (;;) {
            std::unique_lock lock(m_mutex);
            if (!m_changed.wait(lock, stop, [this] { return !m_tasks.empty(); }))
                return;
            const auto task = std::move(m_tasks.front());
            m_tasks.pop_front();
            lock.unlock();
            task();
        }
    }

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<std::function<void()>> m_tasks;
    std::vector<std::jthread> m_threads; // last: they use the others
};

void compare(benchmark::State &state, Shape shape, unsigned lent, std::uint64_t (*reference)(int, std::uint64_t))
{
    const auto &path = database(shape);
    const auto store = must(FileStore::openUnlocked(path));
    const auto length = must(store->length());
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    Pool pool(lent);
    const ScanOptions options{
        .framed = true, .run = [&pool](std::function<void()> task) { pool.run(std::move(task)); }, .lentThreads = lent};

    bareReads(file, length); // into the page cache
    std::vector<double> scans;
    std::vector<double> references;
    double bytesPerSegment = 0;
    for (auto _ : state) {
        references.push_back(secondsOf([&] { benchmark::DoNotOptimize(reference(file, length)); }));
        std::optional<LogScan> scan;
        scans.push_back(secondsOf([&] { scan = must(scanLog(*store, length, options)); }));
        state.SetIterationTime(scans.back());
        if (!scan->findings.empty() || scan->covered.value != length)
            state.SkipWithError("the scan does not see the database that was written");
        bytesPerSegment =
            static_cast<double>(scan->index->memoryBytes()) / static_cast<double>(scan->index->segmentCount());
    }
    ::close(file);
    state.counters["GB/s"] = static_cast<double>(length) / median(scans) / 1e9;
    state.counters["ref_GB/s"] = static_cast<double>(length) / median(references) / 1e9;
    state.counters["ratio"] = medianRatio(references, scans); // of speeds
    state.counters["index_B/seg"] = bytesPerSegment;
}

void smallSegmentsInLargeTransactions(benchmark::State &state)
{
    compare(state, Shape::LargeTransactions, 0, bareLoop);
}
void smallSegmentsInAutocommit(benchmark::State &state)
{
    compare(state, Shape::Autocommit, 0, bareLoop);
}
void longPayloadsOnOneThread(benchmark::State &state)
{
    compare(state, Shape::LongPayloads, 0, bareReads);
}
void longPayloadsOnTwoThreads(benchmark::State &state)
{
    compare(state, Shape::LongPayloads, 1, bareReads);
}

BENCHMARK(smallSegmentsInLargeTransactions)
    ->Name("scan/small/large transactions (wanted: ratio 0.8, index 1)")
    ->UseManualTime()
    ->Iterations(41)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(smallSegmentsInAutocommit)
    ->Name("scan/small/autocommit (wanted: ratio 0.8, index 1)")
    ->UseManualTime()
    ->Iterations(41)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(longPayloadsOnOneThread)
    ->Name("scan/1 MiB payloads/one thread (wanted: ratio 0.6)")
    ->UseManualTime()
    ->Iterations(41)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(longPayloadsOnTwoThreads)
    ->Name("scan/1 MiB payloads/two threads (wanted: ratio 1.0)")
    ->UseManualTime()
    ->Iterations(41)
    ->Unit(benchmark::kMillisecond);

} // namespace
} // namespace modelvault
