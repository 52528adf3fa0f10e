#pragma once

#include "database/snapshot.h"
#include "error.h"
#include "export/exporter.h"
#include "jobs/export_rows.h"
#include "models/writing_job.h"
#include "store/store.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace modelvault::ui {

class DataRowModel;

/// What is exported.
enum class ExportScope : std::uint8_t {
    VisibleRows, ///< those that filters let through, in the order that they are shown in
    Collection,  ///< all rows of the collection that is shown
    Everything,  ///< all rows of all collections
};
/// Nothing where there is no collection.
[[nodiscard]] std::vector<RowsToExport> rowsToExport(ExportScope scope, const DataRowModel &shown);

/// Rows on their way into a file of another kind.
class RowExport : public WritingJobOf<ExportSummary> {
    Q_OBJECT

public:
    explicit RowExport(QObject *parent = nullptr) : WritingJobOf(parent) { }

    /// Nothing while one is under way.
    void start(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot,
               std::vector<RowsToExport> parts, const ExportTarget &target);
};

} // namespace modelvault::ui
