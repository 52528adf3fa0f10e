#pragma once

#include "database/snapshot.h"
#include "error.h"
#include "export/exporter.h"
#include "position.h"
#include "store/store.h"

#include <QFuture>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace modelvault::ui {

/// What the progress of exportInBackground() runs to.
inline constexpr int kExportSteps = 1000;

/// ExportPart with rows of its own.
struct RowsToExport {
    std::uint32_t collectionId = 0;
    std::optional<std::vector<RecordNo>> rows;
};

/// exportRows(), in the background. Tells its progress in kExportSteps. `stop` ends it soon, with Cancelled if it was
/// not done by then.
[[nodiscard]] QFuture<Result<ExportSummary>> exportInBackground(std::shared_ptr<const Store> store,
                                                                std::shared_ptr<const Snapshot> snapshot,
                                                                std::vector<RowsToExport> parts, ExportTarget target,
                                                                std::shared_ptr<const std::atomic<bool>> stop);

} // namespace modelvault::ui
