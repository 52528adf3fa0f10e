#pragma once

#include "database/snapshot.h"
#include "error.h"
#include "position.h"
#include "progress.h"
#include "store/rename_file.h"
#include "store/store.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace modelvault {

enum class ExportFormat : std::uint8_t {
    Csv,       ///< CsvSink
    JsonLines, ///< JsonLinesSink
    Sqlite,    ///< SqliteSink
};
/// With its dot, of the files that are made in a folder.
[[nodiscard]] std::string_view fileExtension(ExportFormat format);
/// What a file of that name usually is; none for other names.
[[nodiscard]] std::optional<ExportFormat> formatByExtension(const std::filesystem::path &path);

/// Which rows of a collection are exported.
struct ExportPart {
    std::uint32_t collectionId = 0;
    /// Records of that collection, in the order wanted, no key twice; none: all rows that live, in the order of the
    /// log.
    std::optional<std::span<const RecordNo>> rows;
};

struct ExportTarget {
    std::filesystem::path path;
    ExportFormat format = ExportFormat::Csv;
    /// A file for each collection, named after it, in a folder of this path, which is made if there is none. For what
    /// holds only one collection: not for SQLite.
    bool isFolder = false;
    Existing existing = Existing::Keep;
};

struct ExportSummary {
    std::uint64_t rows = 0;
    /// Rows that were written under other schema versions than today's: they may lack fields, and have values of other
    /// types.
    std::uint64_t rowsOfOtherVersions = 0;
    std::vector<std::filesystem::path> files;
};

/// Writes rows to new files, each under a temporary name until all are whole (PendingFile); whatever fails, or is
/// stopped, leaves none behind. Only a failure while several get their names leaves those that have theirs. Needs a
/// snapshot with rows; memory is that of a few rows. `progress` counts bytes of the log, once for each part.
///
/// Cancelled; UnknownCollection; InvalidInput for a text file of more or less than one collection; TooManyColumns;
/// AlreadyExists if a target is there and shall stay; NotARegularFile if it is none, whatever is wished;
/// OverwritesDatabase, whatever is wished, if it is the database itself or a lock file; the errors of RowReader, and of
/// the system for the files that are written.
[[nodiscard]] Result<ExportSummary> exportRows(const Store &store, const std::shared_ptr<const Snapshot> &snapshot,
                                               std::span<const ExportPart> parts, const ExportTarget &target,
                                               const Progress &progress = {});

} // namespace modelvault
