#include "jobs/database_scan.h"

#include "database/replay.h"
#include "database/row_index.h"
#include "jobs/pools.h"

#include <QPromise>
#include <QtConcurrentRun>

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

namespace modelvault::ui {
namespace {

using Clock = std::chrono::steady_clock;
using Update = std::shared_ptr<const ScanUpdate>;

constexpr auto kProgressInterval = std::chrono::milliseconds(50);
// The two passes over the log, scan and replay, count the same.
constexpr double kScanShare = 0.5;

ScanOptions scanOptions(const FileHead &head)
{
    return {.framed = head.hasTransactions(),
            .run = [](std::function<void()> task) { lentPool().start(std::move(task)); },
            .lentThreads = static_cast<unsigned>(lentPool().maxThreadCount())};
}

/// What is found so far is shown at once, then at growing intervals: each time much of it is copied.
class Interval {
public:
    [[nodiscard]] bool isOver()
    {
        if (Clock::now() < m_next)
            return false;
        m_length *= 2;
        m_next = Clock::now() + m_length;
        return true;
    }

private:
    std::chrono::milliseconds m_length{100};
    Clock::time_point m_next = Clock::now() + m_length;
};

class DatabaseScan {
public:
    DatabaseScan(std::shared_ptr<const FileStore> store, std::shared_ptr<const std::atomic<bool>> stop,
                 QPromise<Update> &promise)
        : m_store(std::move(store)),
          m_stop(std::move(stop)),
          m_promise(promise)
    { }

    void run(const std::optional<FileHead> &known)
    {
        const auto head = known ? Result<FileHead>(*known) : readFileHead(*m_store);
        if (head) {
            m_head = *head;
            scan();
        } else {
            m_error = head.error();
        }
        m_promise.addResult(std::make_shared<const ScanUpdate>(
            ScanUpdate{.snapshot = head ? snapshot() : nullptr, .share = m_share, .ended = true, .error = m_error}));
    }

private:
    void scan()
    {
        LogScanner scanner(*m_store, m_head.fileLength, scanOptions(m_head));
        // Fails only by being stopped; what was found until then counts.
        std::ignore = scanner.run(telling(0, [&] { m_log = scanner.result(); }));
        m_log = scanner.result();
        if (!m_log.complete)
            return;
        show(); // schemas that many segments are between take a while
        auto catalog = CatalogHistory::read(*m_store, m_log, m_head.hasTransactions(),
                                            [this](std::uint64_t, std::uint64_t) { return goesOn(); });
        if (!catalog)
            return note(catalog.error());
        m_catalog = *std::move(catalog);
        const auto start = findReplayStart(*m_store, m_head, m_log.readEnd(),
                                           [this](std::uint64_t, std::uint64_t) { return goesOn(); });
        if (!start)
            return note(start.error());
        RowIndexBuilder rows(*m_store, m_log, m_catalog, m_head.hasTransactions(), start->source.from);
        const auto replayed = rows.run(telling(kScanShare, [&] { m_rows = rows.result(); }));
        if (!replayed)
            note(replayed.error());
        m_rows = rows.result();
    }

    /// `take` takes over what is known, before it is shown.
    template <class Take>
    Progress telling(double from, const Take &take)
    {
        return [this, from, take, shown = Interval(), told = Clock::time_point()](std::uint64_t done,
                                                                                  std::uint64_t total) mutable {
            m_share = from + kScanShare * shareOf(done, total);
            if (shown.isOver()) {
                take();
                show();
            } else if (Clock::now() >= told) {
                m_promise.addResult(std::make_shared<const ScanUpdate>(ScanUpdate{.share = m_share}));
                told = Clock::now() + kProgressInterval;
            }
            return goesOn();
        };
    }

    [[nodiscard]] bool goesOn() const { return !*m_stop && !m_promise.isCanceled(); }

    void note(const Error &error)
    {
        if (error.code != ErrorCode::Cancelled)
            m_error = error;
    }

    void show()
    {
        m_promise.addResult(std::make_shared<const ScanUpdate>(ScanUpdate{.snapshot = snapshot(), .share = m_share}));
    }

    [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const
    {
        return makeSnapshot(m_store->identity(), m_head, m_log, m_catalog, m_rows);
    }

    const std::shared_ptr<const FileStore> m_store;
    const std::shared_ptr<const std::atomic<bool>> m_stop;
    QPromise<Update> &m_promise;
    FileHead m_head;
    LogScan m_log;
    std::shared_ptr<const CatalogHistory> m_catalog;
    std::shared_ptr<const RowIndex> m_rows;
    double m_share = 0;
    std::optional<Error> m_error;
};

} // namespace

QFuture<Update> scanDatabase(std::shared_ptr<const FileStore> store, std::optional<FileHead> known,
                             std::shared_ptr<const std::atomic<bool>> stop)
{
    return QtConcurrent::run(&scanPool(),
                             [store = std::move(store), known = std::move(known), stop = std::move(stop)](
                                 QPromise<Update> &promise) { DatabaseScan(store, stop, promise).run(known); });
}

} // namespace modelvault::ui
