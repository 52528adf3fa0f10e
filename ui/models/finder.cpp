#include "models/finder.h"

#include <utility>

namespace modelvault::ui {

Finder::Finder(Document &document, QObject *parent) : QObject(parent), m_document(document)
{
    connect(&m_search, &QFutureWatcherBase::resultsReadyAt, this, &Finder::takeUpdates);
    connect(&m_search, &QFutureWatcherBase::finished, this, [this] {
        if (m_state != State::Searching)
            return;
        m_state = !m_update.error                          ? State::Done
            : m_update.error->code == ErrorCode::Cancelled ? State::Stopped
                                                           : State::Failed;
        Q_EMIT changed();
    });
    connect(&m_step, &QFutureWatcherBase::finished, this, &Finder::takeStep);
    connect(&m_document, &Document::opened, this, &Finder::followFile);
    connect(&m_document, &Document::stateChanged, this, &Finder::followFile);
    connect(&m_document, &Document::snapshotChanged, this,
            [this] { m_hits.setSource(m_document.store(), m_document.snapshot()); });
}

Finder::~Finder()
{
    m_search.cancel();
    m_step.cancel();
}

/// What was found in another file, or in this one before it was read anew, is nowhere.
void Finder::followFile()
{
    if (m_store == m_document.store() && m_document.state() != Document::State::Failed)
        return;
    m_store = m_document.store();
    dropStep();
    dropSearch();
    m_hits.clear();
    Q_EMIT changed();
}

void Finder::dropSearch()
{
    m_search.cancel();
    m_search.setFuture(QFuture<FindUpdate>());
    m_state = State::Idle;
    m_update = {};
}

void Finder::findAll(const SearchPattern &pattern, const FindWhere &where, const FindRequest &request)
{
    m_request = request;
    if (!m_document.snapshot())
        return;
    dropSearch();
    m_hits.clear();
    m_hits.setSource(m_document.store(), m_document.snapshot());
    m_store = m_document.store();
    m_state = State::Searching;
    m_seconds = 0;
    m_elapsed.start();
    m_stop = std::make_shared<std::atomic<bool>>(false);
    m_search.setFuture(findHits(m_document.store(), m_document.snapshot(), where, pattern, m_stop));
    Q_EMIT changed();
}

void Finder::stop()
{
    if (m_state == State::Searching)
        *m_stop = true;
}

void Finder::takeUpdates(int begin, int end)
{
    for (int i = begin; i < end; ++i) {
        m_update = m_search.resultAt(i);
        m_hits.append(std::exchange(m_update.hits, nullptr));
    }
    m_seconds = static_cast<double>(m_elapsed.nsecsElapsed()) / 1e9;
    Q_EMIT changed();
}

void Finder::step(const SearchPattern &pattern, const FindWhere &where, int direction)
{
    if (!m_document.snapshot() || m_direction == direction)
        return;
    cancelStep();
    m_direction = direction;
    const auto selection = m_document.selection();
    const bool isAtHit = m_current && m_current->offset == selection.begin && m_current->end() == selection.end;
    const auto from = direction > 0 && isAtHit ? selection.end : selection.begin;
    m_step.setFuture(stepToHit(m_document.store(), m_document.snapshot(), where, pattern, from, direction));
}

void Finder::dropStep()
{
    cancelStep();
    m_current.reset();
}

void Finder::cancelStep()
{
    m_direction = 0;
    m_step.cancel();
    m_step.setFuture(QFuture<FoundStep>());
}

void Finder::takeStep()
{
    if (m_step.future().resultCount() == 0)
        return;
    m_direction = 0;
    const auto step = m_step.result();
    if (step.hit)
        select(*step.hit);
    Q_EMIT stepped(step);
}

void Finder::select(const Hit &hit)
{
    m_current = hit;
    m_document.select({hit.offset, hit.end()});
}

} // namespace modelvault::ui
