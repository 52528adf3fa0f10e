#include "views/export_bar.h"

#include "text/words.h"
#include "views/elided_label.h"
#include "views/open_with_system.h"

#include <QCoreApplication>
#include <QFocusEvent>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QToolButton>

namespace modelvault::ui {
namespace {

QString exportedText(const ExportSummary &summary, const std::filesystem::path &path)
{
    const auto rows =
        summary.rows == 1 ? ExportBar::tr("1 row") : ExportBar::tr("%1 rows").arg(groupedText(summary.rows));
    auto text = summary.files.size() == 1
        ? ExportBar::tr("%1 exported to %2.").arg(rows, pathText(path))
        : ExportBar::tr("%1 exported to %2 files in %3.").arg(rows, groupedText(summary.files.size()), pathText(path));
    if (summary.rowsOfOtherVersions > 0)
        text += QLatin1Char(' ')
            + ExportBar::tr("%1 of them are of older schemas: fields that are no more are left out.")
                  .arg(groupedText(summary.rowsOfOtherVersions));
    return text;
}

} // namespace

ExportBar::ExportBar(RowExport &job, QWidget *parent)
    : QWidget(parent),
      m_job(job),
      m_text(new ElidedLabel(this)),
      m_progress(new QProgressBar(this)),
      m_stop(new QToolButton(this))
{
    setObjectName(QStringLiteral("exportBar"));
    setAccessibleName(tr("Export"));
    m_progress->setRange(0, kExportSteps);
    m_progress->setAccessibleName(tr("Progress of the export"));
    m_progress->setMaximumWidth(fontMetrics().averageCharWidth() * 30);
    m_stop->setObjectName(QStringLiteral("stopExport"));
    m_stop->setText(tr("Stop"));
    m_stop->setAccessibleName(tr("Stop the export"));
    m_stop->setFocusPolicy(Qt::StrongFocus);
    const int unit = fontMetrics().averageCharWidth();
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(unit * 2, unit / 2, unit, unit / 2);
    layout->setSpacing(unit);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_progress);
    layout->addWidget(m_stop);
    connect(m_stop, &QToolButton::clicked, &job, &RowExport::stop);
    connect(&job, &RowExport::changed, this, &ExportBar::showJob);
    connect(&job, &RowExport::progressed, this,
            [this] { m_progress->setValue(static_cast<int>(m_job.share() * kExportSteps)); });
    showJob();
}

void ExportBar::showJob()
{
    m_text->setText(tr("Exporting to %1").arg(pathText(m_job.path().filename())));
    m_text->setToolTip(toolTipText(pathText(m_job.path())));
    m_progress->setValue(0);
    setVisible(m_job.isRunning());
}

void ExportBar::focusInEvent(QFocusEvent *event)
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
            notice.actionText = ExportBar::tr("Open Folder");
            notice.action = [file = (*outcome)->files.front()] { openWithSystem(file.parent_path()); };
        }
        return notice;
    }
    const auto &error = outcome->error();
    if (error.code == ErrorCode::Cancelled)
        return NoticeBar::Notice{
            .id = id,
            .text = ExportBar::tr("The export was stopped: nothing was written to %1.").arg(pathText(job.path()))};
    return NoticeBar::Notice{.id = id,
                             .severity = Severity::Error,
                             .text =
                                 ExportBar::tr("Not exported to %1: %2.").arg(pathText(job.path()), errorText(error))};
}

} // namespace modelvault::ui
