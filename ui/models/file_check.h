#pragma once

#include "models/finding_marks.h"

#include "check/check.h"
#include "database/snapshot.h"
#include "error.h"
#include "store/store.h"

#include <QFutureWatcher>
#include <QObject>

#include <cstdint>
#include <memory>
#include <optional>

namespace modelvault::ui {

/// What is wrong with a file: what its scan found, until run() has held it against every rule of the format.
/// Lives on the GUI thread; the check is a job.
class FileCheck : public QObject {
    Q_OBJECT

public:
    enum class State {
        Scan,    ///< findings() are those of the scan
        Waiting, ///< for the scan's end
        Running, ///< findings() are those from before
        Done,    ///< findings() are those of the full check
        Stopped,
        Failed, ///< error() says why
    };
    /// Files that are checked without a wish: it takes no longer than people take to read what the scan found.
    static constexpr std::uint64_t kMostUnasked = 32 * 1024 * 1024;

    explicit FileCheck(QObject *parent = nullptr);
    /// Tells a check under way to stop; does not wait for it.
    ~FileCheck() override;

    /// Null for nothing. `isScanned`: to its end. Another snapshot has its own findings; one that run() was called for
    /// is checked anew.
    void setSource(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot, bool isScanned);
    /// Once the file is scanned, now and after each reload.
    void run();
    /// The same if the file is small.
    void runIfSmall();
    void stop();

    [[nodiscard]] State state() const { return m_state; }
    /// How much of the check is done, 0 to 1.
    [[nodiscard]] double share() const { return m_share; }
    [[nodiscard]] const std::optional<Error> &error() const { return m_error; }
    /// Never null.
    [[nodiscard]] const std::shared_ptr<const FindingMarks> &findings() const { return m_findings; }
    /// What was checked; null for nothing.
    [[nodiscard]] const std::shared_ptr<const Snapshot> &snapshot() const { return m_snapshot; }
    [[nodiscard]] bool isSettled() const { return m_state != State::Running; }

Q_SIGNALS:
    void findingsChanged();
    /// State or share.
    void progressed();

private:
    struct Outcome {
        std::shared_ptr<const FindingMarks> findings; ///< null if there is an error
        std::optional<Error> error;
    };

    void takeScan();
    void startIfWanted();
    void take(const Outcome &outcome);
    void drop();
    void setState(State state);

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    bool m_isScanned = false;
    bool m_isWanted = false;
    bool m_isWantedIfSmall = false;
    State m_state = State::Scan;
    double m_share = 0;
    std::optional<Error> m_error;
    std::shared_ptr<const FindingMarks> m_findings;
    QFutureWatcher<Outcome> m_check;
};

} // namespace modelvault::ui
