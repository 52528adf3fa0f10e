#include "export/exporter.h"

#include "database/copy_target.h"
#include "database/record_set.h"
#include "database/row_reader.h"
#include "export/csv_sink.h"
#include "export/json_lines_sink.h"
#include "export/row_columns.h"
#include "export/sqlite_sink.h"
#include "export/unique_names.h"
#include "out_of_memory.h"
#include "store/pending_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string>
#include <system_error>
#include <utility>

namespace modelvault {
namespace {

/// A folder that goes with the object, unless it is kept or something lies in it.
class NewFolder {
public:
    /// Nothing to do if it is there.
    [[nodiscard]] Result<void> make(const std::filesystem::path &path)
    {
        std::error_code error;
        if (std::filesystem::create_directory(path, error))
            m_made = path;
        return error ? std::unexpected(systemError(error.value())) : Result<void>();
    }
    void keep() { m_made.clear(); }

    NewFolder() = default;
    NewFolder(const NewFolder &) = delete;
    NewFolder &operator=(const NewFolder &) = delete;
    ~NewFolder()
    {
        std::error_code ignored; // nobody is left to be told
        if (!m_made.empty())
            std::filesystem::remove(m_made, ignored);
    }

private:
    std::filesystem::path m_made;
};

Result<std::unique_ptr<ExportSink>> makeSink(ExportFormat format, const PendingFile &file)
{
    switch (format) {
    case ExportFormat::Csv:
        return std::make_unique<CsvSink>(file.file());
    case ExportFormat::JsonLines:
        return std::make_unique<JsonLinesSink>(file.file());
    case ExportFormat::Sqlite:
        break;
    }
    return SqliteSink::open(file.temporaryPath());
}

class Export {
public:
    Export(const Store &store, const std::shared_ptr<const Snapshot> &snapshot, std::span<const ExportPart> parts,
           const ExportTarget &target, const Progress &progress)
        : m_snapshot(*snapshot),
          m_reader(store, snapshot),
          m_parts(parts),
          m_target(target),
          m_progress(progress),
          m_logLength(m_snapshot.log.readEnd() - m_snapshot.log.index->begin())
    { }

    Result<ExportSummary> run()
    {
        if (const auto made = m_target.isFolder ? writeFolder() : writeFile(); !made)
            return std::unexpected(made.error());
        for (auto &file : m_files) {
            if (const auto placed = file.place(); !placed)
                return std::unexpected(placed.error());
            m_summary.files.push_back(file.target());
        }
        m_folder.keep();
        return std::move(m_summary);
    }

private:
    Result<void> writeFile()
    {
        if (m_target.format != ExportFormat::Sqlite && m_parts.size() != 1)
            return failure(ErrorCode::InvalidInput);
        if (const auto free = checkCopyTarget(m_target.path, m_target.existing, m_snapshot.identity); !free)
            return free;
        return writeParts(m_target.path, m_parts);
    }

    Result<void> writeFolder()
    {
        if (m_target.format == ExportFormat::Sqlite)
            return failure(ErrorCode::InvalidInput);
        if (const auto made = m_folder.make(m_target.path); !made)
            return made;
        // All of them, before the first is written.
        std::vector<std::filesystem::path> paths;
        UniqueNames names(UniqueNames::Letters::Fold);
        for (const auto &part : m_parts) {
            const auto *collection = m_snapshot.catalog->catalog().find(part.collectionId);
            if (collection == nullptr)
                return failure(ErrorCode::UnknownCollection, {}, 0, part.collectionId);
            auto path = m_target.path / names.take(fileNameFor(collection->name));
            path += fileExtension(m_target.format);
            if (const auto free = checkCopyTarget(path, m_target.existing, m_snapshot.identity); !free)
                return free;
            paths.push_back(std::move(path));
        }
        for (std::size_t i = 0; i < m_parts.size(); ++i) {
            if (const auto written = writeParts(paths[i], m_parts.subspan(i, 1)); !written)
                return written;
        }
        return {};
    }

    Result<void> writeParts(const std::filesystem::path &path, std::span<const ExportPart> parts)
    {
        auto file = PendingFile::create(path, m_target.existing);
        if (!file)
            return std::unexpected(file.error());
        m_files.push_back(*std::move(file));
        const auto sink = makeSink(m_target.format, m_files.back());
        if (!sink)
            return std::unexpected(sink.error());
        for (const auto &part : parts) {
            if (const auto written = writePart(part, **sink); !written)
                return written;
        }
        return (*sink)->finish().and_then([this] { return m_files.back().seal(); });
    }

    Result<void> writePart(const ExportPart &part, ExportSink &sink)
    {
        const auto *collection = m_snapshot.catalog->catalog().find(part.collectionId);
        if (collection == nullptr)
            return failure(ErrorCode::UnknownCollection, {}, 0, part.collectionId);
        if (const auto begun = sink.begin(*collection); !begun)
            return begun;
        RowColumns columns(*collection);
        const auto add = [&](const Record &record) -> Result<void> {
            if (record.head.collectionId != part.collectionId)
                return failure(ErrorCode::InvalidInput, {}, part.collectionId, record.head.collectionId);
            ++m_summary.rows;
            if (record.head.schemaVersion != collection->current().number)
                ++m_summary.rowsOfOtherVersions;
            return sink.add(columns.of(record));
        };
        if (!report(0, 1))
            return failure(ErrorCode::Cancelled);
        const auto written = !part.rows ? addSet(m_snapshot.rows->collection(part.collectionId).live, add)
            : isMostlyAll(*part.rows)   ? addSet(setOf(*part.rows), add)
                                        : addListed(*part.rows, add);
        ++m_partsDone;
        return written;
    }

    /// Whether to go through the log is quicker than to look for each: that goes through some hundred segments too.
    [[nodiscard]] bool isMostlyAll(std::span<const RecordNo> rows) const
    {
        constexpr std::uint64_t kSegmentsARead = 256;
        const bool isRising = std::ranges::adjacent_find(rows, std::ranges::greater_equal()) == rows.end();
        return isRising && rows.size() >= m_snapshot.log.index->segmentCount() / kSegmentsARead;
    }

    static RecordSet setOf(std::span<const RecordNo> rising)
    {
        RecordSet set;
        for (const auto row : rising)
            set.add(row, {});
        set.index();
        return set;
    }

    template <class Add>
    Result<void> addSet(const RecordSet &rows, const Add &add)
    {
        Result<void> added;
        const auto scanned = m_reader.scan(
            rows,
            [&](const RowPayload &row) {
                added = row.decoder.decode(row.bytes, row.at).and_then(add);
                return added.has_value();
            },
            [this](std::uint64_t done, std::uint64_t total) { return report(done, total); });
        return added ? scanned : added;
    }

    template <class Add>
    Result<void> addListed(std::span<const RecordNo> rows, const Add &add)
    {
        constexpr std::size_t kRowsAReport = 256;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (i % kRowsAReport == 0 && !report(i, rows.size()))
                return failure(ErrorCode::Cancelled);
            const auto row = m_reader.read(rows[i]);
            if (!row)
                return std::unexpected(row.error());
            if (const auto added = add(row->record); !added)
                return added;
        }
        return {};
    }

    /// So much of the part that is being written.
    bool report(std::uint64_t done, std::uint64_t total) const
    {
        if (!m_progress)
            return true;
        const auto share = total == 0 ? 0.0 : static_cast<double>(done) / static_cast<double>(total);
        const auto ofPart = static_cast<std::uint64_t>(std::llround(share * static_cast<double>(m_logLength)));
        return m_progress(m_partsDone * m_logLength + ofPart, m_parts.size() * m_logLength);
    }

    const Snapshot &m_snapshot;
    RowReader m_reader;
    const std::span<const ExportPart> m_parts;
    const ExportTarget &m_target;
    const Progress &m_progress;
    const std::uint64_t m_logLength;
    std::uint64_t m_partsDone = 0;
    ExportSummary m_summary;
    NewFolder m_folder;               // outlives the files in it
    std::vector<PendingFile> m_files; // written, or being written
};

} // namespace

std::string_view fileExtension(ExportFormat format)
{
    switch (format) {
    case ExportFormat::Csv:
        return ".csv";
    case ExportFormat::JsonLines:
        return ".jsonl";
    case ExportFormat::Sqlite:
        break;
    }
    return ".sqlite";
}

std::optional<ExportFormat> formatByExtension(const std::filesystem::path &path)
{
    constexpr std::array<std::pair<std::string_view, ExportFormat>, 6> kExtensions{{
        {".csv", ExportFormat::Csv},
        {".jsonl", ExportFormat::JsonLines},
        {".ndjson", ExportFormat::JsonLines},
        {".sqlite", ExportFormat::Sqlite},
        {".sqlite3", ExportFormat::Sqlite},
        {".db", ExportFormat::Sqlite},
    }};
    const auto extension = path.extension().native();
    const auto found = std::ranges::find(kExtensions, extension, [](const auto &it) { return it.first; });
    return found != kExtensions.end() ? std::optional(found->second) : std::nullopt;
}

Result<ExportSummary> exportRows(const Store &store, const std::shared_ptr<const Snapshot> &snapshot,
                                 std::span<const ExportPart> parts, const ExportTarget &target,
                                 const Progress &progress)
try {
    return Export(store, snapshot, parts, target, progress).run();
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
