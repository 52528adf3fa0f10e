#pragma once

#include "error.h"

#include <QFuture>
#include <QFutureWatcher>
#include <QObject>

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

namespace modelvault::ui {

/// Something on its way from a document into another file, one at a time. Lives on the GUI thread and never waits
/// there; what it goes through is a snapshot, whatever the document shows by then.
class WritingJob : public QObject {
    Q_OBJECT

public:
    /// Stops it; does not wait.
    ~WritingJob() override { stop(); }

    void stop();
    [[nodiscard]] bool isRunning() const { return m_isRunning; }
    /// Of the work, 0 to 1.
    [[nodiscard]] double share() const { return m_share; }
    /// Of the one that runs, or that ran last.
    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }

Q_SIGNALS:
    void progressed();
    /// It began, or has ended.
    void changed();

protected:
    using QObject::QObject;

    std::shared_ptr<const std::atomic<bool>> begin(const std::filesystem::path &path);
    void noteProgress(int steps);
    void end();

private:
    std::filesystem::path m_path;
    bool m_isRunning = false; // until the outcome was taken over
    double m_share = 0;
    std::shared_ptr<std::atomic<bool>> m_stop;
};

/// The same with what comes of it.
template <class Outcome>
class WritingJobOf : public WritingJob {
public:
    /// Of the one that ran last: Cancelled if it was stopped.
    [[nodiscard]] const std::optional<Result<Outcome>> &outcome() const { return m_outcome; }

protected:
    explicit WritingJobOf(QObject *parent) : WritingJob(parent)
    {
        connect(&m_job, &QFutureWatcherBase::progressValueChanged, this, [this](int steps) { noteProgress(steps); });
        connect(&m_job, &QFutureWatcherBase::finished, this, [this] {
            m_outcome = m_job.result();
            end();
        });
    }

    /// `start(stop)` begins it, by writeInBackground(); nothing while one is under way.
    template <class Start>
    void run(const std::filesystem::path &path, const Start &start)
    {
        if (isRunning())
            return;
        m_outcome.reset();
        m_job.setFuture(start(begin(path)));
        Q_EMIT changed();
    }

private:
    std::optional<Result<Outcome>> m_outcome;
    QFutureWatcher<Result<Outcome>> m_job;
};

} // namespace modelvault::ui
