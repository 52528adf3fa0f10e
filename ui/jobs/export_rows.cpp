#include "jobs/export_rows.h"

#include "jobs/background_write.h"

#include <utility>

namespace modelvault::ui {

QFuture<Result<ExportSummary>> exportInBackground(std::shared_ptr<const Store> store,
                                                  std::shared_ptr<const Snapshot> snapshot,
                                                  std::vector<RowsToExport> parts, ExportTarget target,
                                                  std::shared_ptr<const std::atomic<bool>> stop)
{
    return writeInBackground<ExportSummary>(
        std::move(stop),
        [store = std::move(store), snapshot = std::move(snapshot), parts = std::move(parts),
         target = std::move(target)](const Progress &progress) {
            std::vector<ExportPart> borrowed;
            for (const auto &part : parts)
                borrowed.push_back({.collectionId = part.collectionId, .rows = part.rows});
            return exportRows(*store, snapshot, borrowed, target, progress);
        });
}

} // namespace modelvault::ui
