#pragma once

#include "jobs/find_hits.h"
#include "models/document.h"
#include "models/hit_row_model.h"
#include "search/search.h"
#include "text/find_request.h"

#include <QElapsedTimer>
#include <QFutureWatcher>
#include <QObject>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace modelvault::ui {

/// Looks for bytes in a document: for all, and for the next one. GUI thread; the work is done by jobs, and a newer wish
/// replaces an older one of its kind.
class Finder : public QObject {
    Q_OBJECT

public:
    enum class State {
        Idle, ///< nothing was looked for in this file
        Searching,
        Stopped, ///< by the user
        Failed,  ///< error() says why; what was found before counts
        Done,
    };

    /// Borrows the document.
    explicit Finder(Document &document, QObject *parent = nullptr);
    /// Tells the jobs to stop; does not wait for them.
    ~Finder() override;

    /// Forgets the hits there were. `request`: what was typed, to be asked for again.
    void findAll(const SearchPattern &pattern, const FindWhere &where, const FindRequest &request = {});
    /// That the hits are of.
    [[nodiscard]] const FindRequest &request() const { return m_request; }
    void stop();
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const Error &error() const { return *m_update.error; }
    /// How many there are so far; more than hits() has rows where it holds kMostHits.
    [[nodiscard]] std::uint64_t hitCount() const { return m_update.count; }
    [[nodiscard]] std::uint64_t doneBytes() const { return m_update.done; }
    [[nodiscard]] std::uint64_t totalBytes() const { return m_update.total; }
    /// So far, or in all.
    [[nodiscard]] double seconds() const { return m_seconds; }
    [[nodiscard]] HitRowModel &hits() { return m_hits; }

    /// Selects the next hit behind the selection (1), or the one before it (-1); stepped() tells. Asked for once more
    /// in the same direction while it is under way, it goes on.
    void step(const SearchPattern &pattern, const FindWhere &where, int direction);
    /// Something else is to be looked for: a step under way leads nowhere, and the next begins with the selection.
    void dropStep();
    /// Selects it in the document; a step then goes on behind it.
    void select(const Hit &hit);
    [[nodiscard]] bool isStepping() const { return m_direction != 0; }
    /// No job is under way.
    [[nodiscard]] bool isSettled() const
    {
        return m_state != State::Searching && m_direction == 0 && m_hits.isSettled();
    }

Q_SIGNALS:
    void changed();
    void stepped(const modelvault::ui::FoundStep &step);

private:
    void takeUpdates(int begin, int end);
    void takeStep();
    void followFile();
    void dropSearch();
    void cancelStep();

    Document &m_document;
    HitRowModel m_hits;
    std::shared_ptr<const Store> m_store; // that was looked in

    State m_state = State::Idle;
    FindRequest m_request; // that was looked for
    FindUpdate m_update;   // the last, without its hits
    double m_seconds = 0;
    QElapsedTimer m_elapsed;
    std::shared_ptr<std::atomic<bool>> m_stop;
    QFutureWatcher<FindUpdate> m_search;

    int m_direction = 0;          // of the step under way
    std::optional<Hit> m_current; // that was selected last; a step goes on behind it
    QFutureWatcher<FoundStep> m_step;
};

} // namespace modelvault::ui
