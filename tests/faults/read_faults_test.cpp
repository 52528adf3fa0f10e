// The n-th read of a job fails, returns too little, or finds the file cut or gone, for every n. Either nothing comes of
// it, or the job fails, or a finding tells of it: never are there just fewer rows. Then all works again.

#include "check/check.h"
#include "database/open_preview.h"
#include "database/row_index.h"
#include "database/row_reader.h"
#include "explain/explainer.h"
#include "export/exporter.h"
#include "search/search.h"
#include "store/fault_store.h"
#include "store/memory_store.h"
#include "store/paged_store.h"
#include "support/corpus.h"
#include "support/file_builder.h"
#include "support/sample_rows.h"
#include "support/sanitized.h"
#include "support/scratch_dir.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <format>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace modelvault {
namespace {

/// What a job says: a line for each thing that it found, and what it finds wrong.
struct Told {
    std::vector<std::string> lines;
    std::set<std::tuple<std::uint64_t, std::uint64_t, std::string_view>>
        complaints; // where it begins and ends, and what

    bool operator==(const Told &) const = default;

    void complain(const Finding &finding)
    {
        complaints.emplace(finding.offset.value, finding.end().value, errorName(finding.code));
    }
    void complain(const std::optional<Error> &error)
    {
        if (error)
            complaints.emplace(error->offset.value, error->offset.value, errorName(error->code));
    }
    [[nodiscard]] bool complainsOfMoreThan(const Told &other) const
    {
        return !std::ranges::includes(other.complaints, complaints);
    }
};

using Job = std::function<Result<void>(const Store &, Told &)>;

/// As mvinspect does it.
Result<std::shared_ptr<const Snapshot>> open(const Store &store, Told &told)
{
    const auto head = readFileHead(store);
    if (!head)
        return std::unexpected(head.error());
    auto log = scanLog(store, head->fileLength, {.framed = head->hasTransactions()});
    if (!log)
        return std::unexpected(log.error());
    auto catalog = CatalogHistory::read(store, *log, head->hasTransactions());
    if (!catalog)
        return std::unexpected(catalog.error());
    const auto start = findReplayStart(store, *head, log->readEnd());
    if (!start)
        return std::unexpected(start.error());
    auto rows = indexRows(store, *log, *catalog, head->hasTransactions(), start->source.from);
    if (!rows)
        return std::unexpected(rows.error());
    auto snapshot = makeSnapshot({}, *head, *std::move(log), *std::move(catalog), *std::move(rows));
    told.complain(start->checkpointFault);
    for (const auto &finding : snapshot->findings)
        told.complain(finding);
    told.lines.push_back(std::format("{} segments, {} transactions, {} rows", snapshot->log.index->segmentCount(),
                                     snapshot->log.index->transactionCount(), snapshot->rows->keyCount()));
    return snapshot;
}

Result<void> browse(const Store &store, Told &told)
{
    const auto snapshot = open(store, told);
    if (!snapshot)
        return std::unexpected(snapshot.error());
    const LogReader log(store, (*snapshot)->log.index);
    const auto listed = log.forEach({0}, [&](const Segment &segment) {
        told.lines.push_back(std::format("{} {}", segment.offset.value, segmentTypeName(segment.header.type)));
        return true;
    });
    if (!listed)
        return listed;
    RowReader reader(store, *snapshot);
    for (const auto &[id, rows] : (*snapshot)->rows->collections()) {
        Result<void> read;
        const auto scanned = reader.scan(rows.live, [&](const RowPayload &row) {
            const auto record = row.decoder.decode(row.bytes, row.at);
            if (!record)
                read = std::unexpected(record.error());
            told.lines.push_back(std::format("row {} at {}", row.no.value, row.at.value));
            return read.has_value();
        });
        if (!scanned || !read)
            return scanned ? read : scanned;
        for (std::uint64_t i = 0; i < std::min<std::uint64_t>(rows.live.size(), 4); ++i) {
            const auto history = reader.history(rows.live.at(i), 100);
            if (!history)
                return std::unexpected(history.error());
            for (const auto &version : *history)
                told.lines.push_back(std::format("version {} at {}", version.no.value, version.segment.offset.value));
        }
    }
    return {};
}

Result<void> checkAll(const Store &store, Told &told)
{
    const auto snapshot = open(store, told);
    if (!snapshot)
        return std::unexpected(snapshot.error());
    const auto report = check(store, **snapshot, CheckDepth::Full);
    if (!report)
        return std::unexpected(report.error());
    for (const auto &finding : report->findings)
        told.complain(finding.what);
    const auto &s = **snapshot;
    const auto preview = previewOpens(store, s.head, s.log, s.catalog);
    if (!preview)
        return std::unexpected(preview.error());
    told.complain(preview->strict);
    told.complain(preview->autoTruncate.refusal);
    if (preview->replay)
        told.lines.push_back(std::format("{} index entries", preview->replay->indexes.entryCount()));
    return {};
}

Result<void> explainAll(const Store &store, Told &told)
{
    const auto snapshot = open(store, told);
    if (!snapshot)
        return std::unexpected(snapshot.error());
    const Explainer explainer(store, *snapshot);
    const std::function<void(const FieldNode &)> tell = [&](const FieldNode &node) {
        told.lines.push_back(std::format("{} {}", node.begin.value, node.name));
        if (node.error)
            told.complaints.emplace(node.begin.value, node.end.value, errorName(*node.error));
        for (const auto &child : node.children)
            tell(child);
    };
    return explainer.forEach(Offset{0}, Offset{(*snapshot)->fileLength()}, [&](const FieldNode &node) {
        tell(node);
        return true;
    });
}

Result<void> search(const Store &store, Told &told)
{
    const auto pattern = SearchPattern::text("e").value();
    const auto length = store.length();
    if (!length)
        return std::unexpected(length.error());
    const auto found = findAll(store, {{0}, {*length}}, pattern, [&](std::span<const Hit> hits) {
        for (const auto &hit : hits)
            told.lines.push_back(std::format("hit at {}", hit.offset.value));
    });
    return found ? Result<void>() : std::unexpected(found.error());
}

Job exportAs(ExportFormat format, const std::filesystem::path &target)
{
    return [format, target](const Store &store, Told &told) -> Result<void> {
        std::filesystem::remove_all(target);
        const auto snapshot = open(store, told);
        if (!snapshot)
            return std::unexpected(snapshot.error());
        std::vector<ExportPart> parts;
        for (const auto &[id, collection] : (*snapshot)->catalog->catalog().collections())
            parts.push_back({.collectionId = id});
        const auto summary = exportRows(
            store, *snapshot, parts,
            {.path = target, .format = format, .isFolder = format != ExportFormat::Sqlite, .existing = Existing::Keep});
        if (!summary) {
            EXPECT_FALSE(std::filesystem::exists(target)) << "half an export";
            return std::unexpected(summary.error());
        }
        told.lines.push_back(std::format("{} rows to {} files", summary->rows, summary->files.size()));
        for (const auto &[name, contents] : test::contentsOf(target.parent_path()))
            told.lines.push_back(name + ' ' + contents);
        return {};
    };
}

/// A log of several checkpoints of its index, with a payload that does not come along with its header.
std::vector<std::byte> longFile()
{
    test::FileBuilder builder;
    builder.begin().append(SegmentType::Schema, test::createWords().encode()).commit();
    for (int i = 0; i < 400; ++i)
        builder.begin().append(SegmentType::Record, test::word(std::format("word {}", i % 150)).encode()).commit();
    builder.begin()
        .append(SegmentType::Record, test::word(std::string(LogWalker::kInlinePayload + 100, 'w')).encode())
        .commit();
    builder.begin().append(SegmentType::Record, test::word("last").encode()).commit().publish();
    return builder.bytes();
}

std::vector<std::byte> fileNamed(const std::string &name)
{
    return name == "long" ? longFile() : test::corpusFile(name).bytes();
}

class ReadFaults : public testing::TestWithParam<std::string> {
protected:
    static std::filesystem::path quickFolder()
    {
        return std::filesystem::is_directory("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path();
    }

    ReadFaults()
    {
        auto faults = std::make_unique<FaultStore>(std::make_unique<MemoryStore>(fileNamed(GetParam())));
        m_faults = faults.get();
        m_store = std::make_unique<PagedStore>(std::move(faults), PagerOptions{.pageSize = 4096, .pages = 8});
        m_length = m_store->length().value();
    }

    /// As after an open: nothing is cached.
    Result<void> run(const Job &job, Told &told)
    {
        m_store->invalidate({0});
        return job(*m_store, told);
    }

    void failEachReadOf(const char *name, const Job &job)
    {
        Told clean;
        const auto before = m_faults->readAttempts();
        const auto sound = run(job, clean);
        ASSERT_TRUE(sound) << name << ": " << errorName(sound.error().code) << " at " << sound.error().offset.value;
        const auto reads = m_faults->readAttempts() - before;

        using Fault = FaultStore::ReadFault;
        const std::vector<std::function<void(std::uint64_t)>> faults = {
            [this](std::uint64_t n) { m_faults->failOneReadAfter(n); },
            [this](std::uint64_t n) { m_faults->failReadsAfter(n); },
            [this](std::uint64_t n) { m_faults->failOneReadAfter(n, Fault::Short); },
            [this](std::uint64_t n) { m_faults->failReadsAfter(n, Fault::Short); },
            [this](std::uint64_t n) { m_faults->cutAfterReads(n + 1, 0); },
            [this](std::uint64_t n) { m_faults->cutAfterReads(n + 1, m_length * 3 / 4); },
            [this](std::uint64_t n) { m_faults->cutAfterReads(n + 1, m_length - 1); },
            [this](std::uint64_t n) { m_faults->vanishAfterReads(n); },
        };
        std::uint64_t failed = 0;
        std::uint64_t told = 0;
        const auto stride = test::strideOver(reads, 12);
        for (std::uint64_t n = 0; n < reads; n += stride) {
            for (std::size_t kind = 0; kind < faults.size(); ++kind) {
                SCOPED_TRACE(std::format("{}: read {} of {}, fault {}", name, n, reads, kind));
                faults[kind](n);
                Told faulty;
                const auto outcome = run(job, faulty);
                m_faults->heal();
                if (!outcome) {
                    ++failed;
                } else if (faulty != clean) {
                    ++told;
                    EXPECT_TRUE(faulty.complainsOfMoreThan(clean)) << "silently something else";
                }
                ++m_points;
                Told again;
                EXPECT_TRUE(run(job, again));
                EXPECT_EQ(again.lines, clean.lines);
                if (HasFailure())
                    return;
            }
        }
        m_failed += failed;
        m_told += told;
    }

    const test::ScratchDir m_dir{quickFolder()};
    FaultStore *m_faults = nullptr;
    std::unique_ptr<PagedStore> m_store;
    std::uint64_t m_length = 0;
    std::uint64_t m_points = 0;
    std::uint64_t m_failed = 0;
    std::uint64_t m_told = 0;
};

TEST_P(ReadFaults, AreNeverSilent)
{
    failEachReadOf("browse", browse);
    failEachReadOf("check", checkAll);
    failEachReadOf("explain", explainAll);
    failEachReadOf("search", search);
    failEachReadOf("csv", exportAs(ExportFormat::Csv, m_dir / "exported"));
    failEachReadOf("json lines", exportAs(ExportFormat::JsonLines, m_dir / "exported"));
    failEachReadOf("sqlite", exportAs(ExportFormat::Sqlite, m_dir / "exported.sqlite"));
    RecordProperty("points", static_cast<int>(m_points));
    std::printf("%llu points: %llu failed, %llu told by findings, the others harmless\n",
                static_cast<unsigned long long>(m_points), static_cast<unsigned long long>(m_failed),
                static_cast<unsigned long long>(m_told));
}

INSTANTIATE_TEST_SUITE_P(, ReadFaults,
                         testing::Values("valid-books", "valid-checkpoint", "valid-history", "valid-indexes",
                                         "valid-schema-versions", "valid-all-types", "valid-large-record",
                                         "legacy-minor5-record-v1-index-v1", "damaged-segment-magic",
                                         "damaged-record-payload-bit", "long"),
                         [](const auto &it) {
                             std::string name = it.param;
                             std::ranges::replace(name, '-', '_');
                             return name;
                         });

} // namespace
} // namespace modelvault
