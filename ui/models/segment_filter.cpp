#include "models/segment_filter.h"

#include "filter/filter_segments.h"
#include "jobs/pools.h"

#include <QPromise>
#include <QtConcurrentRun>

#include <chrono>
#include <utility>

namespace modelvault::ui {
namespace {

using Clock = std::chrono::steady_clock;

// Behind the first hits, which are told at once.
constexpr auto kTellInterval = std::chrono::milliseconds(50);

} // namespace

SegmentFilter::SegmentFilter(QObject *parent) : QObject(parent)
{
    connect(&m_job, &QFutureWatcherBase::resultReadyAt, this, &SegmentFilter::takeBatch);
}

SegmentFilter::~SegmentFilter()
{
    m_job.cancel();
}

std::uint64_t SegmentFilter::totalCount() const
{
    return m_snapshot ? m_snapshot->log.index->segmentCount() : 0;
}

bool SegmentFilter::needsWholeScan() const
{
    return m_filter->asksForNames() || m_filter->asksForPayloadState();
}

void SegmentFilter::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot,
                              bool continues)
{
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    if (m_filter->passesAll())
        return;
    if (!continues || (needsWholeScan() && m_state != State::Waiting))
        restart();
    else if (m_state == State::Done || m_state == State::Waiting)
        goOn();
}

void SegmentFilter::setScanning(bool scanning)
{
    m_isScanning = scanning;
    if (m_state == State::Waiting)
        goOn();
}

void SegmentFilter::setFilter(Filter filter)
{
    m_filter = std::make_shared<const Filter>(std::move(filter));
    restart();
}

void SegmentFilter::restart()
{
    dropJob();
    m_hits = {};
    m_done = 0;
    m_unreadable = 0;
    m_state = m_filter->passesAll() ? State::Off : State::Waiting;
    Q_EMIT restarted();
    if (m_state == State::Off)
        Q_EMIT stateChanged();
    else
        goOn();
}

/// From where it has come.
void SegmentFilter::goOn()
{
    if (m_isScanning && needsWholeScan()) {
        setState(State::Waiting);
        return;
    }
    if (m_done >= totalCount()) {
        setState(State::Done);
        return;
    }
    const auto job = [store = m_store, snapshot = m_snapshot, filter = m_filter, first = m_done,
                      before = m_unreadable](QPromise<Batch> &promise) {
        Batch batch;
        Clock::time_point nextTold; // the first one at once
        const auto tell = [&](std::uint64_t done) {
            batch.done = done;
            promise.addResult(std::exchange(batch, {}));
            nextTold = Clock::now() + kTellInterval;
        };
        const auto outcome = filterSegments(
            LogReader(*store, snapshot->log.index), *store, snapshot->catalog.get(), *filter,
            [&batch](const SegmentHits::Block &hits) { batch.blocks.push_back(hits); },
            [&](std::uint64_t done, std::uint64_t) {
                if (Clock::now() >= nextTold && (!batch.blocks.empty() || nextTold != Clock::time_point()))
                    tell(done);
                return !promise.isCanceled();
            },
            {first});
        batch.ended = true;
        if (outcome)
            batch.unreadable = before + outcome->unreadable;
        else
            batch.error = outcome.error();
        tell(snapshot->log.index->segmentCount());
    };
    m_job.setFuture(QtConcurrent::run(&searchPool(), job));
    setState(State::Running);
}

void SegmentFilter::takeBatch(int index)
{
    const auto batch = m_job.resultAt(index);
    for (const auto &block : batch.blocks)
        m_hits.append(block);
    if (!batch.error)
        m_done = batch.done;
    if (!batch.blocks.empty())
        Q_EMIT hitsAdded();
    Q_EMIT progressed();
    if (!batch.ended)
        return;
    m_unreadable = batch.unreadable;
    dropJob(); // it keeps all that it has told
    if (batch.error) {
        m_error = *batch.error;
        setState(State::Failed);
    } else {
        m_state = State::Done;
        goOn(); // the log may have grown meanwhile
    }
}

void SegmentFilter::stop()
{
    if (m_state != State::Running && m_state != State::Waiting)
        return;
    dropJob();
    setState(State::Stopped);
}

void SegmentFilter::dropJob()
{
    m_job.cancel();
    m_job.setFuture(QFuture<Batch>());
}

void SegmentFilter::setState(State state)
{
    m_state = state;
    Q_EMIT stateChanged();
}

} // namespace modelvault::ui
