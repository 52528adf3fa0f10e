#include "models/recovery.h"

#include "jobs/pools.h"

#include <QPromise>
#include <QtConcurrentRun>

#include <utility>

namespace modelvault::ui {

Recovery::Recovery(QObject *parent) : QObject(parent)
{
    connect(&m_making, &QFutureWatcherBase::finished, this, &Recovery::take);
}

Recovery::~Recovery()
{
    m_making.cancel();
}

void Recovery::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    if (m_store == store && m_snapshot == snapshot)
        return;
    drop();
    if (m_store != store)
        m_view = {};
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    m_isStale = true;
    m_plan.reset();
    m_error.reset();
    start();
    Q_EMIT changed();
}

void Recovery::setWanted(bool isWanted)
{
    m_isWanted = isWanted;
    if (isWanted)
        start();
    else
        drop();
}

/// The newest is made at once: an older one under way is stopped.
void Recovery::setView(const RecoveryView &view)
{
    if (m_view == view)
        return;
    drop();
    m_view = view;
    m_isStale = true;
    start();
    Q_EMIT changed();
}

void Recovery::start()
{
    const bool isScanned = m_store && m_snapshot && m_snapshot->log.complete && m_snapshot->catalog;
    if (!m_isWanted || !m_isStale || m_isBusy || !isScanned)
        return;
    m_isBusy = true;
    const auto job = [store = m_store, snapshot = m_snapshot,
                      view = m_view](QPromise<Result<std::shared_ptr<const RecoveryPlan>>> &promise) {
        promise.addResult(RecoveryPlan::make(*store, snapshot, view, [&promise](std::uint64_t, std::uint64_t) {
            return !promise.isCanceled();
        }));
    };
    m_making.setFuture(QtConcurrent::run(&checkPool(), job));
}

void Recovery::drop()
{
    m_making.cancel();
    m_making.setFuture(QFuture<Result<std::shared_ptr<const RecoveryPlan>>>());
    m_isBusy = false;
}

void Recovery::take()
{
    if (m_making.future().resultCount() == 0) // of drop()
        return;
    m_isBusy = false;
    m_isStale = false;
    const auto made = m_making.result();
    m_plan = made.value_or(nullptr);
    m_error = made ? std::nullopt : std::optional(made.error());
    Q_EMIT changed();
}

} // namespace modelvault::ui
