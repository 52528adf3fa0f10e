#pragma once

#include "store/file_fate.h"
#include "store/file_store.h"

#include <QFutureWatcher>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace modelvault::ui {

/// Notices what becomes of an open file: looks at it every second, in the background. GUI thread.
class FileWatch : public QObject {
    Q_OBJECT

public:
    static constexpr std::chrono::seconds kInterval{1};
    using Look = std::function<FileFate(const FileStore &, std::uint64_t lengthRead)>;

    /// `look`: fateOf(), or a stand-in. Runs in the file pool, one at a time: where the file system does not answer,
    /// the next look waits for that, not another thread.
    explicit FileWatch(QObject *parent = nullptr, Look look = &fateOf, std::chrono::milliseconds interval = kInterval);

    /// From now on this file; what became of it before counts no more. `lengthRead`: of the file when it was read.
    /// Null for none.
    void watch(std::shared_ptr<const FileStore> store, std::uint64_t lengthRead);
    /// At once, then again and again until stop().
    void start();
    void stop();

    /// Same until a look found something else. A file that was shorter once stays so, with the least length seen: what
    /// has taken the place of the lost bytes since is not what was read.
    [[nodiscard]] const FileFate &fate() const { return m_fate; }
    /// A look at this file, not at one watched before, has not returned for several intervals.
    [[nodiscard]] bool isOverdue() const { return m_missed >= kMissedUntilOverdue && m_lookedAt == m_store; }

Q_SIGNALS:
    /// Of fate() or isOverdue().
    void changed();

private:
    static constexpr int kMissedUntilOverdue = 5;

    struct Seen {
        std::shared_ptr<const FileStore> store;
        FileFate fate;
    };

    void look();
    void take(const Seen &seen);

    const Look m_look;
    std::shared_ptr<const FileStore> m_store;
    std::uint64_t m_lengthRead = 0;
    std::uint64_t m_leastLength = 0; // since the file was read
    FileFate m_fate;
    std::shared_ptr<const FileStore> m_lookedAt; // null when no look is under way: its result has been taken over
    int m_missed = 0;                            // intervals that passed while the look under way did not return
    QTimer m_timer;
    QFutureWatcher<Seen> m_seen;
};

} // namespace modelvault::ui
