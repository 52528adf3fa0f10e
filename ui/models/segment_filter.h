#pragma once

#include "database/snapshot.h"
#include "filter/filter.h"
#include "filter/segment_hits.h"
#include "store/store.h"

#include <QFutureWatcher>
#include <QObject>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace modelvault::ui {

/// The segments that pass a filter, looked for in the background: the first are known at once, and a log that grows is
/// followed. Lives on the GUI thread.
class SegmentFilter : public QObject {
    Q_OBJECT

public:
    enum class State : std::uint8_t {
        Off,     ///< every segment passes
        Waiting, ///< for the end of the scan: only then is known what the filter asks for
        Running,
        Done,
        Stopped, ///< by stop()
        Failed,  ///< error() says why
    };

    explicit SegmentFilter(QObject *parent = nullptr);
    /// Tells the job to stop; does not wait for it.
    ~SegmentFilter() override;

    /// `continues`: what was found before stays true of this longer log. Null for nothing.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot, bool continues);
    /// Whether a scan is under way that will bring another snapshot.
    void setScanning(bool scanning);
    /// Takes the place of the one before.
    void setFilter(Filter filter);
    void stop();

    [[nodiscard]] const Filter &filter() const { return *m_filter; }
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool isOff() const { return m_state == State::Off; }
    [[nodiscard]] const SegmentHits &hits() const { return m_hits; }
    /// Segments that were asked, of totalCount().
    [[nodiscard]] std::uint64_t doneCount() const { return m_done; }
    [[nodiscard]] std::uint64_t totalCount() const;
    /// Segments that may pass or not: their payload can't be read.
    [[nodiscard]] std::uint64_t unreadableCount() const { return m_unreadable; }
    [[nodiscard]] const Error &error() const { return m_error; }

Q_SIGNALS:
    /// Another filter, or another log: there are no hits yet.
    void restarted();
    /// Behind those that were there.
    void hitsAdded();
    void stateChanged();
    void progressed();

private:
    struct Batch {
        std::vector<SegmentHits::Block> blocks;
        std::uint64_t done = 0;
        bool ended = false;
        std::uint64_t unreadable = 0;
        std::optional<Error> error;
    };

    /// Of a log that is still scanned not all that the filter asks for is known.
    [[nodiscard]] bool needsWholeScan() const;
    void restart();
    void goOn();
    void dropJob();
    void takeBatch(int index);
    void setState(State state);

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::shared_ptr<const Filter> m_filter = std::make_shared<const Filter>();
    State m_state = State::Off;
    bool m_isScanning = false;
    SegmentHits m_hits;
    std::uint64_t m_done = 0;
    std::uint64_t m_unreadable = 0;
    Error m_error;
    QFutureWatcher<Batch> m_job;
};

} // namespace modelvault::ui
