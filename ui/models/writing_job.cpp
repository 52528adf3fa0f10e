#include "models/writing_job.h"

#include "jobs/told_progress.h"

namespace modelvault::ui {

void WritingJob::stop()
{
    if (m_stop)
        m_stop->store(true);
}

std::shared_ptr<const std::atomic<bool>> WritingJob::begin(const std::filesystem::path &path)
{
    m_isRunning = true;
    m_share = 0;
    m_path = path;
    m_stop = std::make_shared<std::atomic<bool>>(false);
    return m_stop;
}

void WritingJob::noteProgress(int steps)
{
    m_share = toldShare(steps);
    Q_EMIT progressed();
}

void WritingJob::end()
{
    m_isRunning = false;
    Q_EMIT changed();
}

} // namespace modelvault::ui
