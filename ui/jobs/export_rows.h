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

/// ExportPart with rows of its own.
struct RowsToExport {
    std::uint32_t collectionId = 0;
    std::optional<std::vector<RecordNo>> rows;
};

/// exportRows(), as writeInBackground() does it.
[[nodiscard]] QFuture<Result<ExportSummary>> exportInBackground(std::shared_ptr<const Store> store,
                                                                std::shared_ptr<const Snapshot> snapshot,
                                                                std::vector<RowsToExport> parts, ExportTarget target,
                                                                std::shared_ptr<const std::atomic<bool>> stop);

} // namespace modelvault::ui
