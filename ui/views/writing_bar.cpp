#include "views/writing_bar.h"

#include "jobs/told_progress.h"
#include "text/words.h"
#include "views/elided_label.h"
#include "views/open_with_system.h"

#include <QCoreApplication>
#include <QFocusEvent>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QToolButton>

#include <utility>

namespace modelvault::ui {
namespace {

QString exportedText(const ExportSummary &summary, const std::filesystem::path &path)
{
    const auto rows =
        summary.rows == 1 ? WritingBar::tr("1 row") : WritingBar::tr("%1 rows").arg(groupedText(summary.rows));
    auto text = summary.files.size() == 1
        ? WritingBar::tr("%1 exported to %2.").arg(rows, pathText(path))
        : WritingBar::tr("%1 exported to %2 files in %3.").arg(rows, groupedText(summary.files.size()), pathText(path));
    if (summary.rowsOfOtherVersions > 0)
        text += QLatin1Char(' ')
            + WritingBar::tr("%1 of them are of older schemas: fields that are no more are left out.")
                  .arg(groupedText(summary.rowsOfOtherVersions));
    return text;
}

QString rescuedText(const RescueReport &report, const std::filesystem::path &path, bool isListed)
{
    const auto rows =
        report.rows() == 1 ? WritingBar::tr("1 row") : WritingBar::tr("%1 rows").arg(groupedText(report.rows()));
    auto text = WritingBar::tr("%1 rescued to %2.").arg(rows, pathText(path));
    if (report.isComplete())
        return text + QLatin1Char(' ') + WritingBar::tr("That is all that the file speaks of.");
    std::uint64_t leftOut = 0;
    std::uint64_t notAskedFor = 0;
    for (const auto &collection : report.collections) {
        leftOut += collection.leftOut;
        notAskedFor += collection.notAskedFor;
    }
    if (leftOut > 0)
        text += QLatin1Char(' ') + WritingBar::tr("Left out, in whole or in part: %1.").arg(groupedText(leftOut));
    if (!report.findings.empty())
        text += QLatin1Char(' ')
            + (isListed ? WritingBar::tr("What is damaged and missing is listed in the Recovery tab.")
                        : WritingBar::tr("Damage was found; the file has been reloaded since."));
    if (notAskedFor > 0)
        text +=
            QLatin1Char(' ') + WritingBar::tr("Behind the cut, and not asked for: %1.").arg(groupedText(notAskedFor));
    return text;
}

/// `stopped` and `failed` have a place for the path, `failed` one for the reason too.
NoticeBar::Notice unwrittenNotice(const WritingJob &job, const Error &error, const QString &id, const QString &stopped,
                                  const QString &failed)
{
    const auto path = pathText(job.path());
    if (error.code == ErrorCode::Cancelled)
        return {.id = id, .text = stopped.arg(path)};
    return {.id = id, .severity = Severity::Error, .text = failed.arg(path, errorText(error))};
}

} // namespace

WritingBar::WritingBar(WritingJob &job, Words words, QWidget *parent)
    : QWidget(parent),
      m_job(job),
      m_words(std::move(words)),
      m_text(new ElidedLabel(this)),
      m_progress(new QProgressBar(this)),
      m_stop(new QToolButton(this))
{
    setAccessibleName(m_words.name);
    m_progress->setRange(0, kProgressSteps);
    m_progress->setAccessibleName(tr("Progress"));
    m_progress->setMaximumWidth(fontMetrics().averageCharWidth() * 30);
    m_stop->setObjectName(QStringLiteral("stopWriting"));
    m_stop->setText(tr("Stop"));
    m_stop->setAccessibleName(m_words.stop);
    m_stop->setFocusPolicy(Qt::StrongFocus);
    const int unit = fontMetrics().averageCharWidth();
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(unit * 2, unit / 2, unit, unit / 2);
    layout->setSpacing(unit);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_progress);
    layout->addWidget(m_stop);
    connect(m_stop, &QToolButton::clicked, &job, &WritingJob::stop);
    connect(&job, &WritingJob::changed, this, &WritingBar::showJob);
    connect(&job, &WritingJob::progressed, this,
            [this] { m_progress->setValue(static_cast<int>(m_job.share() * kProgressSteps)); });
    showJob();
}

void WritingBar::showJob()
{
    m_text->setText(m_words.doing.arg(pathText(m_job.path().filename())));
    m_text->setToolTip(toolTipText(pathText(m_job.path())));
    m_progress->setValue(0);
    setVisible(m_job.isRunning());
}

void WritingBar::focusInEvent(QFocusEvent *event)
{
    m_stop->setFocus(event->reason());
}

std::optional<NoticeBar::Notice> exportNotice(const RowExport &job, const QString &id)
{
    const auto &outcome = job.outcome();
    if (!outcome)
        return std::nullopt;
    if (outcome->has_value()) {
        NoticeBar::Notice notice{.id = id, .text = exportedText(**outcome, job.path())};
        if (!(*outcome)->files.empty()) {
            notice.actionText = WritingBar::tr("Open Folder");
            notice.action = [file = (*outcome)->files.front()] { openWithSystem(file.parent_path()); };
        }
        return notice;
    }
    return unwrittenNotice(job, outcome->error(), id,
                           WritingBar::tr("The export was stopped: nothing was written to %1."),
                           WritingBar::tr("Not exported to %1: %2."));
}

std::optional<NoticeBar::Notice> rescueNotice(const FileRescue &job, const QString &id, bool isListed,
                                              const std::function<void(const std::filesystem::path &)> &open)
{
    const auto &outcome = job.outcome();
    if (!outcome)
        return std::nullopt;
    if (outcome->has_value())
        return NoticeBar::Notice{.id = id,
                                 .severity = (*outcome)->isComplete() ? Severity::Info : Severity::Warning,
                                 .text = rescuedText(**outcome, job.path(), isListed),
                                 .actionText = WritingBar::tr("Open It"),
                                 .action = [open, path = job.path()] { open(path); }};
    return unwrittenNotice(job, outcome->error(), id,
                           WritingBar::tr("The rescue was stopped: nothing was written to %1."),
                           WritingBar::tr("Not rescued to %1: %2."));
}

} // namespace modelvault::ui
