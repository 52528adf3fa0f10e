#include "models/piece_lookup.h"

#include "explain/explainer.h"

#include <QtConcurrentRun>

#include <utility>

namespace modelvault::ui {
namespace {

/// Whether a piece of the first snapshot may look different in the second.
bool knowsMore(const Snapshot &before, const Snapshot &now, const FieldPiece &piece)
{
    if (before.identity != now.identity || before.catalog != now.catalog || before.fileLength() != now.fileLength())
        return true;
    return piece.root().begin >= kLogStart && !piece.segment(); // segments may have been found there
}

} // namespace

PieceLookup::PieceLookup(QObject *parent) : QObject(parent)
{
    connect(&m_load, &QFutureWatcherBase::finished, this, [this] {
        m_loading.reset();
        if (m_load.future().resultCount() == 0)
            return;
        const auto wanted = std::exchange(m_wanted, std::nullopt);
        if (wanted)
            start(*wanted);
        else
            take(m_load.result());
    });
}

void PieceLookup::setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
{
    drop();
    const bool isOther = m_store != store;
    const bool isOutdated = m_piece && !isOther && snapshot && knowsMore(*m_snapshot, *snapshot, *m_piece);
    m_stale = m_stale || isOutdated;
    m_store = std::move(store);
    m_snapshot = std::move(snapshot);
    if (isOther)
        take({});
}

void PieceLookup::drop()
{
    m_wanted.reset();
    m_loading.reset();
    m_load.setFuture(QFuture<Loaded>());
}

bool PieceLookup::shows(Offset offset) const
{
    if (!m_piece || m_stale)
        return false;
    const auto path = m_piece->pathTo(offset);
    return !path.empty() && path.back()->role != FieldNode::Role::More;
}

bool PieceLookup::isScanned(Offset offset) const
{
    return offset < kLogStart || (m_snapshot && (m_snapshot->log.complete || offset < m_snapshot->log.index->end()));
}

void PieceLookup::want(Offset offset)
{
    if (!m_store || offset.value >= m_snapshot->fileLength())
        return;
    if (!isScanned(offset)) {
        drop();
        if (m_piece)
            take({});
        return;
    }
    if (shows(offset))
        drop(); // it would take the place of what is wanted now
    else if (m_loading == offset)
        m_wanted.reset();
    else if (m_loading)
        m_wanted = offset;
    else
        start(offset);
}

void PieceLookup::start(Offset offset)
{
    m_loading = offset;
    m_load.setFuture(
        QtConcurrent::run([store = m_store, snapshot = m_snapshot, offset] { return load(store, snapshot, offset); }));
}

PieceLookup::Loaded PieceLookup::load(const std::shared_ptr<const Store> &store,
                                      const std::shared_ptr<const Snapshot> &snapshot, Offset offset)
{
    auto root = Explainer(*store, snapshot).at(offset);
    if (!root)
        return {.piece = {}, .error = root.error()};
    const auto segment = LogReader(*store, snapshot->log.index).segmentAt(offset);
    const auto no = segment && *segment ? std::optional((*segment)->no) : std::nullopt;
    return {.piece = std::make_shared<const FieldPiece>(std::move(*root), no), .error = {}};
}

void PieceLookup::take(Loaded loaded)
{
    Q_EMIT aboutToChange();
    m_piece = std::move(loaded.piece);
    m_error = loaded.error;
    m_stale = false;
    Q_EMIT changed();
}

} // namespace modelvault::ui
