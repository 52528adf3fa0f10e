#include "models/row_export.h"

#include "models/data_row_model.h"

#include <ranges>
#include <utility>

namespace modelvault::ui {

std::vector<RowsToExport> rowsToExport(ExportScope scope, const DataRowModel &shown)
{
    std::vector<RowsToExport> parts;
    if (!shown.collectionId())
        return parts;
    switch (scope) {
    case ExportScope::VisibleRows:
        parts.push_back({.collectionId = *shown.collectionId(), .rows = shown.found()});
        break;
    case ExportScope::Collection:
        parts.push_back({.collectionId = *shown.collectionId(), .rows = {}});
        break;
    case ExportScope::Everything:
        for (const auto id : shown.snapshot()->catalog->catalog().collections() | std::views::keys)
            parts.push_back({.collectionId = id, .rows = {}});
        break;
    }
    return parts;
}

RowExport::RowExport(QObject *parent) : QObject(parent)
{
    connect(&m_job, &QFutureWatcherBase::progressValueChanged, this, &RowExport::progressed);
    connect(&m_job, &QFutureWatcherBase::finished, this, [this] {
        m_isRunning = false;
        m_outcome = m_job.result();
        Q_EMIT changed();
    });
}

RowExport::~RowExport()
{
    stop();
}

void RowExport::start(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot,
                      std::vector<RowsToExport> parts, const ExportTarget &target)
{
    if (m_isRunning)
        return;
    m_isRunning = true;
    m_outcome.reset();
    m_path = target.path;
    m_stop = std::make_shared<std::atomic<bool>>(false);
    m_job.setFuture(exportInBackground(std::move(store), std::move(snapshot), std::move(parts), target, m_stop));
    Q_EMIT changed();
}

void RowExport::stop()
{
    if (m_stop)
        m_stop->store(true);
}

double RowExport::share() const
{
    return static_cast<double>(m_job.progressValue()) / kExportSteps;
}

} // namespace modelvault::ui
