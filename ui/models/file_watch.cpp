#include "models/file_watch.h"

#include "jobs/pools.h"

#include <QtConcurrentRun>

#include <algorithm>
#include <utility>

namespace modelvault::ui {
namespace {

bool isByLength(FileFate::Kind kind)
{
    return kind == FileFate::Kind::Same || kind == FileFate::Kind::Grown || kind == FileFate::Kind::Shrunk;
}

} // namespace

FileWatch::FileWatch(QObject *parent, Look look, std::chrono::milliseconds interval)
    : QObject(parent),
      m_look(std::move(look))
{
    m_timer.setInterval(interval);
    connect(&m_timer, &QTimer::timeout, this, &FileWatch::look);
    connect(&m_seen, &QFutureWatcherBase::finished, this, [this] {
        if (m_seen.future().resultCount() == 0)
            return;
        const auto seen = m_seen.result();
        m_seen.setFuture(QFuture<Seen>()); // a result that is kept keeps the file, and with it its lock
        take(seen);
    });
}

void FileWatch::watch(std::shared_ptr<const FileStore> store, std::uint64_t lengthRead)
{
    const bool wasOverdue = isOverdue();
    m_store = std::move(store);
    m_lengthRead = lengthRead;
    m_leastLength = lengthRead;
    const auto before = std::exchange(m_fate, {.lengthRead = lengthRead, .lengthNow = lengthRead});
    if (before.kind != FileFate::Kind::Same || isOverdue() != wasOverdue)
        Q_EMIT changed();
}

void FileWatch::start()
{
    m_timer.start();
    look();
}

void FileWatch::stop()
{
    m_timer.stop();
}

void FileWatch::look()
{
    if (m_lookedAt) {
        if (++m_missed == kMissedUntilOverdue && isOverdue())
            Q_EMIT changed();
        return;
    }
    if (!m_store)
        return;
    m_lookedAt = m_store;
    m_seen.setFuture(QtConcurrent::run(&filePool(), [look = m_look, store = m_store, lengthRead = m_lengthRead] {
        const auto fate = look(*store, lengthRead);
        // What the pager has kept of the lost bytes is no longer in the file.
        if (fate.lengthNow < lengthRead)
            store->invalidate(Offset{fate.lengthNow});
        return Seen{store, fate};
    }));
}

void FileWatch::take(const Seen &seen)
{
    const bool wasOverdue = isOverdue();
    m_lookedAt.reset();
    m_missed = 0;
    auto fate = m_fate;
    if (seen.store == m_store && seen.fate.lengthRead == m_lengthRead) {
        fate = seen.fate;
        m_leastLength = std::min(m_leastLength, fate.lengthNow);
        if (m_leastLength < m_lengthRead && isByLength(fate.kind)) {
            fate.kind = FileFate::Kind::Shrunk;
            fate.lengthNow = m_leastLength;
        }
    }
    if (std::exchange(m_fate, fate) != fate || wasOverdue)
        Q_EMIT changed();
}

} // namespace modelvault::ui
