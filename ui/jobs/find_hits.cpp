#include "jobs/find_hits.h"

#include "jobs/pools.h"
#include "log/segment_index.h"

#include <QElapsedTimer>
#include <QPromise>
#include <QtConcurrentRun>

#include <algorithm>
#include <utility>

namespace modelvault::ui {
namespace {

constexpr qint64 kBetweenUpdates = 50; // milliseconds
constexpr std::size_t kHitsInUpdate = 256 * 1024;

Result<SearchRange> rangeOf(const Store &store, const Snapshot &snapshot, const FindWhere &where)
{
    if (!where.isSegment)
        return where.range;
    const auto segment = LogReader(store, snapshot.log.index).segmentAt(where.range.begin);
    if (!segment)
        return std::unexpected(segment.error());
    if (!*segment)
        return failure(ErrorCode::NotFound, where.range.begin);
    return SearchRange{(*segment)->offset, (*segment)->end()};
}

/// Collects what is found, and tells of it often enough to look lively, and not more often.
class Teller {
public:
    explicit Teller(QPromise<FindUpdate> &promise) : m_promise(promise) { m_sinceUpdate.start(); }

    void add(std::span<const Hit> hits)
    {
        const auto room = std::min<std::uint64_t>(hits.size(), kMostHits - std::min(kMostHits, m_update.count));
        m_hits.insert(m_hits.end(), hits.begin(), hits.begin() + static_cast<std::ptrdiff_t>(room));
        m_update.count += hits.size();
    }

    void reach(std::uint64_t done, std::uint64_t total)
    {
        m_update.done = done;
        m_update.total = total;
        const bool hasFirst = !m_hasHits && !m_hits.empty();
        if (hasFirst || m_hits.size() >= kHitsInUpdate || m_sinceUpdate.elapsed() >= kBetweenUpdates)
            tell();
    }

    void end(std::optional<Error> error)
    {
        m_update.error = error;
        tell();
    }

private:
    void tell()
    {
        m_hasHits |= !m_hits.empty();
        m_update.hits = m_hits.empty() ? nullptr : std::make_shared<const std::vector<Hit>>(std::exchange(m_hits, {}));
        m_promise.addResult(m_update);
        m_sinceUpdate.restart();
    }

    QPromise<FindUpdate> &m_promise;
    FindUpdate m_update;
    std::vector<Hit> m_hits;
    bool m_hasHits = false; // told of some
    QElapsedTimer m_sinceUpdate;
};

FoundStep step(const Store &store, SearchRange range, const SearchPattern &pattern, Offset from, int step,
               const Progress &progress)
{
    const auto find = [&](Offset at) {
        return step > 0 ? findNext(store, range, pattern, at, progress)
                        : findPrevious(store, range, pattern, at, progress);
    };
    auto hit = find(from);
    const bool isWrapped = hit && !*hit;
    if (isWrapped)
        hit = find(step > 0 ? range.begin : range.end);
    return {.hit = hit.value_or(std::nullopt),
            .isWrapped = isWrapped,
            .error = hit ? std::nullopt : std::optional(hit.error())};
}

} // namespace

QFuture<FindUpdate> findHits(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot,
                             FindWhere where, SearchPattern pattern, std::shared_ptr<const std::atomic<bool>> stop)
{
    return QtConcurrent::run(&searchPool(),
                             [store = std::move(store), snapshot = std::move(snapshot), where,
                              pattern = std::move(pattern), stop = std::move(stop)](QPromise<FindUpdate> &promise) {
                                 Teller teller(promise);
                                 const auto range = rangeOf(*store, *snapshot, where);
                                 if (!range) {
                                     teller.end(range.error());
                                     return;
                                 }
                                 const auto found = findAll(
                                     *store, *range, pattern,
                                     [&teller](std::span<const Hit> hits) { teller.add(hits); },
                                     [&](std::uint64_t done, std::uint64_t total) {
                                         teller.reach(done, total);
                                         return !promise.isCanceled() && !*stop;
                                     });
                                 teller.end(found ? std::nullopt : std::optional(found.error()));
                             });
}

QFuture<FoundStep> stepToHit(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot,
                             FindWhere where, SearchPattern pattern, Offset from, int direction)
{
    return QtConcurrent::run(&searchPool(),
                             [store = std::move(store), snapshot = std::move(snapshot), where,
                              pattern = std::move(pattern), from, direction](QPromise<FoundStep> &promise) {
                                 const auto range = rangeOf(*store, *snapshot, where);
                                 if (!range) {
                                     promise.addResult(FoundStep{.error = range.error()});
                                     return;
                                 }
                                 promise.addResult(
                                     step(*store, *range, pattern, from, direction,
                                          [&promise](std::uint64_t, std::uint64_t) { return !promise.isCanceled(); }));
                             });
}

} // namespace modelvault::ui
