#include "models/space_measure.h"

#include "database/row_index.h"
#include "jobs/pools.h"

#include <QPromise>
#include <QtConcurrentRun>

#include <utility>

namespace modelvault::ui {

SpaceMeasure::SpaceMeasure(QObject *parent) : QObject(parent)
{
    connect(&m_measuring, &QFutureWatcherBase::finished, this, &SpaceMeasure::take);
}

SpaceMeasure::~SpaceMeasure()
{
    m_measuring.cancel();
}

void SpaceMeasure::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    if (m_store == store && m_snapshot == snapshot)
        return;
    stop();
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    m_use.reset();
    m_error.reset();
    start();
    Q_EMIT changed();
}

void SpaceMeasure::setWanted(bool isWanted)
{
    m_isWanted = isWanted;
    if (isWanted)
        start();
    else
        stop();
}

void SpaceMeasure::start()
{
    const bool isKnown = m_snapshot && m_snapshot->rows && m_snapshot->rows->isComplete();
    if (!m_isWanted || m_isMeasuring || m_use || m_error || !m_store || !isKnown)
        return;
    m_isMeasuring = true;
    const auto job = [store = m_store, snapshot = m_snapshot](QPromise<Result<SpaceUse>> &promise) {
        promise.addResult(measureSpace(*store, snapshot, [&promise](std::uint64_t, std::uint64_t) {
            return !promise.isCanceled();
        }));
    };
    m_measuring.setFuture(QtConcurrent::run(&searchPool(), job));
}

void SpaceMeasure::stop()
{
    m_measuring.cancel();
    m_measuring.setFuture(QFuture<Result<SpaceUse>>());
    m_isMeasuring = false;
}

void SpaceMeasure::take()
{
    if (m_measuring.future().resultCount() == 0) // of stop()
        return;
    m_isMeasuring = false;
    const auto measured = m_measuring.result();
    if (measured)
        m_use = *measured;
    else
        m_error = measured.error();
    Q_EMIT changed();
}

} // namespace modelvault::ui
