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

void RowExport::start(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot,
                      std::vector<RowsToExport> parts, const ExportTarget &target)
{
    run(target.path, [&](auto stop) {
        return exportInBackground(std::move(store), std::move(snapshot), std::move(parts), target, std::move(stop));
    });
}

} // namespace modelvault::ui
