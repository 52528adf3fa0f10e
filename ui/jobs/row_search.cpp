#include "jobs/row_search.h"

#include "database/row_index.h"
#include "database/row_reader.h"
#include "jobs/pools.h"

#include <QPromise>
#include <QtConcurrentRun>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <span>

namespace modelvault::ui {
namespace {

using Clock = std::chrono::steady_clock;
using Update = std::shared_ptr<const RowSearchUpdate>;

constexpr auto kTellInterval = std::chrono::milliseconds(50);

class Job {
public:
    Job(const Store &store, const std::shared_ptr<const Snapshot> &snapshot, const RowSearch &search,
        QPromise<Update> &promise)
        : m_search(search),
          m_rows(snapshot->rows->collection(search.collectionId).live),
          m_reader(store, snapshot),
          m_promise(promise)
    { }

    void run()
    {
        RowSearchUpdate last{.rows = {}, .share = 1, .ended = true, .error = {}};
        if (const auto done = m_search.sorting ? sort(last.rows) : filter(); !done)
            last.error = done.error();
        tell(std::move(last));
    }

private:
    Result<void> filter()
    {
        return filtered(
            [this](std::span<const RecordNo> rows) { tell({.rows = {rows.begin(), rows.end()}, .share = m_share}); });
    }

    Result<void> sort(std::vector<RecordNo> &into)
    {
        std::optional<std::vector<RecordNo>> among;
        if (!m_search.conditions.empty()) {
            m_part = m_search.sorted ? 1 : 0.5; // it goes through the rows once, or twice
            among.emplace();
            const auto done = filtered(
                [&among](std::span<const RecordNo> rows) { among->insert(among->end(), rows.begin(), rows.end()); });
            if (!done)
                return done;
            m_from = m_part;
            if (m_search.sorted) {
                std::ranges::copy_if(*m_search.sorted, std::back_inserter(into),
                                     [&among](RecordNo row) { return std::ranges::binary_search(*among, row); });
                return {};
            }
        }
        auto sorted = sortRows(m_reader, m_rows, *m_search.schema, m_search.sorting->first, m_search.sorting->second,
                               among, telling());
        if (!sorted)
            return std::unexpected(sorted.error());
        into = *std::move(sorted);
        return {};
    }

    template <class Take>
    Result<void> filtered(const Take &take)
    {
        auto filter = RowFilter::make(*m_search.schema, m_search.conditions);
        if (!filter)
            return failure(ErrorCode::InvalidInput);
        const auto found = [&](std::span<const RecordNo> rows) {
            take(rows);
            return !m_promise.isCanceled();
        };
        return filterRows(m_reader, m_rows, *filter, found, telling());
    }

    Progress telling()
    {
        return [this](std::uint64_t done, std::uint64_t total) {
            m_share = m_from + m_part * shareOf(done, total);
            if (Clock::now() >= m_nextTold) {
                tell({.rows = {}, .share = m_share});
                m_nextTold = Clock::now() + kTellInterval;
            }
            return !m_promise.isCanceled();
        };
    }

    void tell(RowSearchUpdate update)
    {
        m_promise.addResult(std::make_shared<const RowSearchUpdate>(std::move(update)));
    }

    const RowSearch &m_search;
    const RecordSet &m_rows;
    RowReader m_reader;
    QPromise<Update> &m_promise;
    double m_from = 0;
    double m_part = 1;
    double m_share = 0;
    Clock::time_point m_nextTold;
};

} // namespace

QFuture<Update> searchRows(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot,
                           RowSearch search)
{
    return QtConcurrent::run(&searchPool(),
                             [store = std::move(store), snapshot = std::move(snapshot), search = std::move(search)](
                                 QPromise<Update> &promise) { Job(*store, snapshot, search, promise).run(); });
}

} // namespace modelvault::ui
