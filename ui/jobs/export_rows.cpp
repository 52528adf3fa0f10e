#include "jobs/export_rows.h"

#include "jobs/pools.h"

#include <QPromise>
#include <QtConcurrentRun>

#include <algorithm>
#include <utility>

namespace modelvault::ui {

QFuture<Result<ExportSummary>> exportInBackground(std::shared_ptr<const Store> store,
                                                  std::shared_ptr<const Snapshot> snapshot,
                                                  std::vector<RowsToExport> parts, ExportTarget target,
                                                  std::shared_ptr<const std::atomic<bool>> stop)
{
    return QtConcurrent::run(
        &filePool(),
        [store = std::move(store), snapshot = std::move(snapshot), parts = std::move(parts), target = std::move(target),
         stop = std::move(stop)](QPromise<Result<ExportSummary>> &promise) {
            promise.setProgressRange(0, kExportSteps);
            std::vector<ExportPart> borrowed;
            for (const auto &part : parts)
                borrowed.push_back({.collectionId = part.collectionId, .rows = part.rows});
            promise.addResult(
                exportRows(*store, snapshot, borrowed, target, [&](std::uint64_t done, std::uint64_t total) {
                    promise.setProgressValue(static_cast<int>(shareOf(done, total) * kExportSteps));
                    return !stop->load();
                }));
        });
}

} // namespace modelvault::ui
