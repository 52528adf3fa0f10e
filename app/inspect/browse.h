#pragma once

#include "commands.h"

#include "export/exporter.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

// Commands that show what a database holds, not how it is written down.

namespace modelvault::inspect {

/// Collections, their current fields and indexes, and how many rows they have.
[[nodiscard]] ExitCode catalog(const Options &options, Output output);

/// Every schema version and what it changed, of one collection or, if that is empty, of all.
[[nodiscard]] ExitCode schema(const Options &options, const std::string &collection, Output output);

struct RowRange {
    std::string collection;
    std::uint64_t offset = 0; ///< in rows
    std::uint64_t limit = ~std::uint64_t{0};
    bool deleted = false; ///< those that are gone, with what they held last
    bool all = false;     ///< behind the rows, what other records say that no open shows
};
/// In the order of the log.
[[nodiscard]] ExitCode rows(const Options &options, const RowRange &range, Output output);

/// All versions of a row, the newest first. `key` as its type is written.
[[nodiscard]] ExitCode history(const Options &options, const std::string &collection, const std::string &key,
                               Output output);

/// All indexes, compared with the rows; with the entries of those of that name, if it is not empty.
[[nodiscard]] ExitCode indexes(const Options &options, const std::string &name, Output output);

struct ExportWish {
    std::filesystem::path to;
    std::optional<ExportFormat> format;   ///< none: by the target's extension
    std::vector<std::string> collections; ///< none: all
    bool overwrite = false;
};
[[nodiscard]] ExitCode exportTo(const Options &options, const ExportWish &wish, Output output);

} // namespace modelvault::inspect
