#pragma once

#include "database/snapshot.h"
#include "error.h"
#include "export/exporter.h"
#include "jobs/export_rows.h"
#include "store/store.h"

#include <QFutureWatcher>
#include <QObject>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
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

/// Rows on their way into a file of another kind, one export at a time. Lives on the GUI thread and never waits there;
/// what it goes through is a snapshot, whatever the document shows by then.
class RowExport : public QObject {
    Q_OBJECT

public:
    explicit RowExport(QObject *parent = nullptr);
    /// Stops it; does not wait.
    ~RowExport() override;

    /// Nothing while one is under way.
    void start(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot,
               std::vector<RowsToExport> parts, const ExportTarget &target);
    void stop();

    [[nodiscard]] bool isRunning() const { return m_isRunning; }
    /// Of the work, 0 to 1.
    [[nodiscard]] double share() const;
    /// Of the one that runs, or that ran last.
    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }
    /// Of the one that ran last: Cancelled if it was stopped.
    [[nodiscard]] const std::optional<Result<ExportSummary>> &outcome() const { return m_outcome; }

Q_SIGNALS:
    void progressed();
    /// It began, or has ended.
    void changed();

private:
    std::filesystem::path m_path;
    bool m_isRunning = false; // until the outcome was taken over
    std::optional<Result<ExportSummary>> m_outcome;
    std::shared_ptr<std::atomic<bool>> m_stop;
    QFutureWatcher<Result<ExportSummary>> m_job;
};

} // namespace modelvault::ui
