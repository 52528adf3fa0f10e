#include "check/rescue.h"

#include "check/check_findings.h"
#include "check/check_progress.h"
#include "check/recovery_plan.h"
#include "database/copy_target.h"
#include "database/database_writer.h"
#include "database/log_records.h"
#include "export/row_columns.h"
#include "out_of_memory.h"
#include "store/pending_file.h"
#include "store/raw_file_store.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

namespace modelvault {
namespace {

/// What a writer refuses because of the row; all else is a failure of the store.
bool isOfRow(ErrorCode code)
{
    switch (code) {
    case ErrorCode::RecordPayloadTypeMismatch:
    case ErrorCode::InvalidRecordUtf8:
    case ErrorCode::PayloadOverLimit:
    case ErrorCode::UniqueIndexViolation:
        return true;
    default:
        return false;
    }
}

/// The same of a collection.
bool isOfCollection(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidCatalogPayload:
    case ErrorCode::InvalidFieldPath:
    case ErrorCode::DuplicateCollectionName:
    case ErrorCode::PrimaryFieldNotFound:
        return true;
    default:
        return isOfRow(code);
    }
}

class Rescuer {
public:
    Rescuer(const Store &store, const std::shared_ptr<const Snapshot> &snapshot, RescueKeep keep,
            const Progress &progress)
        : m_store(store),
          m_snapshot(snapshot),
          m_progress(progress, snapshot->fileLength(), kPasses)
    {
        m_report.keep = keep;
    }

    Result<RescueReport> run(std::unique_ptr<Store> into)
    {
        auto plan = RecoveryPlan::make(m_store, m_snapshot, {}, m_progress.nextPass());
        if (!plan)
            return std::unexpected(plan.error());
        m_plan = *std::move(plan);
        addWhatIsWrong();
        auto writer = DatabaseWriter::create(std::move(into), DatabaseWriter::Memory::UniqueKeys);
        if (!writer)
            return std::unexpected(writer.error());
        m_writer = &*writer;
        const auto written = writeCollections()
                                 .and_then([this] { return m_writer->begin(); })
                                 .and_then([this] { return planChanges(); })
                                 .and_then([this] { return writeKept(); })
                                 .and_then([this] { return writeChanged(); })
                                 .and_then([this] { return keepsAll() ? writeUnframed() : Result<void>(); })
                                 .and_then([this] { return m_writer->commit(); });
        if (!written)
            return std::unexpected(written.error());
        if (!m_progress.finish())
            return failure(ErrorCode::Cancelled);
        for (auto &[id, target] : m_targets)
            m_report.collections.push_back(std::move(target.report));
        m_report.findingsDropped = m_findings.dropped();
        m_report.findings = std::move(m_findings).take();
        return std::move(m_report);
    }

private:
    struct Target {
        const Collection *collection = nullptr; // in the damaged file
        std::optional<std::uint32_t> id;        // in the new one; none: it could not be made
        std::optional<RowColumns> columns;
        RescuedCollection report;
    };
    /// A record outside of transactions: its values are read when they are written.
    struct Unframed {
        RowPlace place;
        SchemaMatch schema;
    };
    [[nodiscard]] bool keepsAll() const { return m_report.keep == RescueKeep::All; }

    static constexpr std::uint64_t kPasses = 5; // the plan, what it changes, rows kept, rows changed, rows outside

    // --- What is missing ---

    void addWhatIsWrong()
    {
        const auto addAll = [this](const std::vector<Finding> &findings) {
            std::ranges::for_each(findings, [this](const Finding &finding) { m_findings.add(finding); });
        };
        addAll(headFindings(m_snapshot->head));
        addAll(m_snapshot->log.findings);
        m_findings.addDropped(m_snapshot->log.findingsDropped);
        addAll(catalogFindings(*m_snapshot->catalog));
        if (const auto &replay = m_plan->opens().replay) {
            addAll(replay->findings);
            m_findings.addDropped(replay->findingsDropped);
        }
    }

    void addRefused(const Error &error, const Collection &collection, const Value &key, Offset at, std::uint64_t length,
                    std::string subject = {})
    {
        m_findings.add(
            {.what =
                 {.code = error.code, .offset = at, .length = length, .expected = error.expected, .found = error.found},
             .transaction = {},
             .collectionId = collection.id,
             .collection = collection.name,
             .key = key,
             .subject = std::move(subject)});
    }

    // --- Collections ---

    Result<void> writeCollections()
    {
        if (m_plan->kept() != nullptr) {
            for (const auto &[id, collection] : m_plan->kept()->catalog().collections()) {
                if (const auto made = writeCollection(collection); !made)
                    return made;
            }
        }
        return keepsAll() ? writeUnseenCollections() : Result<void>();
    }

    /// Those that only bytes behind the end speak of, or a transaction without commit.
    Result<void> writeUnseenCollections()
    {
        const auto &history = *m_snapshot->catalog;
        const LogReader log(m_store, m_snapshot->log.index);
        for (const auto &change : history.changes()) {
            if (change.fault || m_targets.contains(change.collectionId))
                continue;
            if (const auto transaction = change.place.transaction) {
                const auto found = log.transaction(*transaction);
                if (!found)
                    return std::unexpected(found.error());
                if (found->state == TransactionState::Aborted)
                    continue;
            }
            const auto *collection = history.collection(change.collectionId, change.place.transaction);
            if (collection == nullptr)
                continue;
            if (const auto made = writeCollection(*collection); !made)
                return made;
        }
        return {};
    }

    Result<void> writeCollection(const Collection &collection)
    {
        auto &target = m_targets[collection.id];
        target.collection = &collection;
        target.columns.emplace(collection);
        target.report.name = collection.name;
        const auto &schema = collection.current();
        const auto made =
            m_writer->createCollection(collection.name, schema.fields, schema.indexes, collection.primaryField);
        if (made) {
            target.id = *made;
            return {};
        }
        if (!isOfCollection(made.error().code))
            return std::unexpected(made.error());
        m_findings.add({.what = {.code = made.error().code,
                                 .offset = schema.place.segmentOffset(),
                                 .length = SegmentHeader::kSize,
                                 .expected = made.error().expected,
                                 .found = made.error().found},
                        .transaction = schema.place.transaction,
                        .collectionId = collection.id,
                        .collection = collection.name,
                        .key = {},
                        .subject = {}});
        return {};
    }

    // --- Rows ---

    /// Calls `visit` for each row that the plan says is changed.
    template <class Visit>
    Result<void> forEachChange(const Visit &visit)
    {
        const auto progress = m_progress.nextPass();
        for (std::uint64_t n = 0; n < m_plan->changeCount(); ++n) {
            if (progress && n % kRowsAReport == 0 && !progress(n, m_plan->changeCount()))
                return failure(ErrorCode::Cancelled);
            const auto change = m_plan->change(m_store, n);
            if (!change)
                return std::unexpected(change.error());
            if (const auto visited = visit(*change); !visited)
                return visited;
        }
        return {};
    }

    /// Which of the kept rows have newer values that are asked for.
    Result<void> planChanges()
    {
        const auto planned = forEachChange([this](const RowChange &change) -> Result<void> {
            if (!isAskedFor(change))
                ++targetOf(*change.collection).report.notAskedFor;
            else if (change.afterPayload)
                m_outdated.push_back(*change.afterPayload);
            return {};
        });
        std::ranges::sort(m_outdated);
        return planned;
    }

    /// Values that were never committed take no others' place, and nothing is deleted by what no open sees.
    [[nodiscard]] bool isAskedFor(const RowChange &change) const
    {
        return keepsAll() && change.now && (change.fate == RowFate::Lost || change.committed);
    }

    Target &targetOf(const Collection &collection)
    {
        auto &target = m_targets[collection.id];
        if (target.report.name.empty())
            target.report.name = collection.name;
        return target;
    }

    Result<void> writeKept()
    {
        const auto progress = m_progress.nextPass();
        if (m_plan->kept() == nullptr)
            return {};
        const auto &kept = *m_plan->kept();
        std::uint64_t done = 0;
        std::uint64_t total = 0;
        for (const auto &[id, counts] : m_plan->counts())
            total += counts.kept;
        for (const auto &[id, collection] : kept.catalog().collections()) {
            auto &target = m_targets[id];
            for (const auto &place : kept.places(id)) {
                if (progress && done++ % kRowsAReport == 0 && !progress(done, total))
                    return failure(ErrorCode::Cancelled);
                if (std::ranges::binary_search(m_outdated, place.payload))
                    continue;
                const auto row = kept.row(m_store, place);
                if (!row)
                    return std::unexpected(row.error());
                if (const auto written = write(target, row->record, place.payload, place.length, false); !written)
                    return std::unexpected(written.error());
            }
        }
        return {};
    }

    /// Behind the kept rows that stay as they are, so that none of those meets a unique key that is taken.
    Result<void> writeChanged()
    {
        if (!keepsAll())
            return {};
        return forEachChange([this](const RowChange &change) -> Result<void> {
            if (!isAskedFor(change))
                return {};
            if (!change.after)
                remember(*change.now);
            auto &target = targetOf(*change.collection);
            const auto written = write(target, *change.now, change.payload, 0, true);
            if (written && !*written && change.after)
                return write(target, *change.after, *change.afterPayload, 0, false).transform([](bool) { });
            return written.transform([](bool) { });
        });
    }

    /// Records before the cut that stand outside of transactions, and what does not decode anywhere.
    Result<void> writeUnframed()
    {
        const Offset cut = m_plan->lossBegin();
        std::map<std::pair<std::uint32_t, std::string>, Unframed> rows; // the last of each key
        const auto visit = [&](const LogRecord &record) {
            if (!record.unseen || record.unseen == Unseen::Aborted)
                return true;
            if (!record.outline) {
                addUndecoded(record);
                return true;
            }
            if (record.segment.offset >= cut || record.unseen != Unseen::OutsideTransactions || !record.isOfRow()
                || record.outline->operation == RecordHead::Delete)
                return true;
            const auto &key = record.outline->keyBytes;
            const RowPlace place{.payload = record.segment.payloadOffset(),
                                 .length = static_cast<std::uint32_t>(record.payload.size())};
            rows.insert_or_assign(
                {record.outline->collectionId, std::string(reinterpret_cast<const char *>(key.data()), key.size())},
                Unframed{place, *record.schema});
            return true;
        };
        const auto walked = forEachRecord(m_store, *m_snapshot, kLogStart, visit, m_progress.nextPass());
        if (!walked)
            return walked;
        for (const auto &[key, row] : rows) {
            const auto bytes = std::as_bytes(std::span(key.second));
            const auto *kept = m_plan->kept();
            const bool isThere =
                m_beyond.contains(key) || (kept != nullptr && kept->find(key.first, bytes).has_value());
            const auto target = m_targets.find(key.first);
            if (isThere || target == m_targets.end())
                continue;
            const auto record = readRow(m_store, row.place, row.schema);
            if (!record)
                return std::unexpected(record.error());
            if (const auto written = write(target->second, *record, row.place.payload, row.place.length, true);
                !written)
                return std::unexpected(written.error());
        }
        return {};
    }

    void addUndecoded(const LogRecord &record)
    {
        const auto &error = record.outline.error();
        if (error.code == ErrorCode::BadSegmentPayloadChecksum)
            return; // the scan told it
        CheckFinding finding{.what = {.code = error.code,
                                      .offset = record.segment.offset,
                                      .length = SegmentHeader::kSize + record.segment.header.payloadLength,
                                      .expected = error.expected,
                                      .found = error.found},
                             .transaction = record.segment.transaction,
                             .collectionId = {},
                             .collection = {},
                             .key = {},
                             .subject = {}};
        if (record.schema) {
            finding.collectionId = record.schema->collection->id;
            finding.collection = record.schema->collection->name;
        }
        m_findings.add(std::move(finding));
    }

    void remember(const Record &record)
    {
        const auto bytes = *keyBytes(record.head.key); // a decoded key is a scalar
        m_beyond.insert({record.head.collectionId, {reinterpret_cast<const char *>(bytes.data()), bytes.size()}});
    }

    /// False if it can't be written, which is told.
    Result<bool> write(Target &target, const Record &record, Offset at, std::uint64_t length, bool isUnseen)
    {
        if (!target.id) {
            ++target.report.leftOut;
            return false;
        }
        if (const auto begun = beginAnew(); !begun)
            return std::unexpected(begun.error());
        const auto row = target.columns->of(record);
        m_values.clear();
        std::size_t placed = 1; // the key
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (row[i] != nullptr && row[i] != &record.head.key)
                ++placed;
            // What an older schema version had no field for is none.
            m_values.push_back(row[i] != nullptr ? *row[i] : Value{OptionalValue{}});
        }
        const auto written = m_writer->write(*target.id, m_values);
        if (!written && !isOfRow(written.error().code))
            return std::unexpected(written.error());
        if (!written) {
            ++target.report.leftOut;
            addRefused(written.error(), *target.collection, record.head.key, at, length);
            return false;
        }
        ++target.report.rows;
        target.report.unseen += isUnseen ? 1 : 0;
        if (placed < 1 + record.fields.size()) { // a later schema version has fields that are not kept
            ++target.report.leftOut;
            addRefused({.code = ErrorCode::InvalidSchemaVersion,
                        .offset = at,
                        .expected = target.collection->current().number,
                        .found = record.head.schemaVersion},
                       *target.collection, record.head.key, at, length);
        }
        return true;
    }

    /// Transactions of a size that neither the writer nor those who look at the file later have trouble with.
    Result<void> beginAnew()
    {
        constexpr std::uint64_t kMostRows = 1000;
        constexpr std::uint64_t kMostBytes = 4 * 1024 * 1024;
        if (++m_rowsOfTransaction <= kMostRows && m_writer->end() - m_transactionBegin < kMostBytes)
            return {};
        m_rowsOfTransaction = 1;
        m_transactionBegin = m_writer->end();
        return m_writer->commit().and_then([this] { return m_writer->begin(); });
    }

    static constexpr std::uint64_t kRowsAReport = 256;

    const Store &m_store;
    const std::shared_ptr<const Snapshot> &m_snapshot;
    CheckProgress m_progress;
    std::shared_ptr<const RecoveryPlan> m_plan;
    DatabaseWriter *m_writer = nullptr;
    std::map<std::uint32_t, Target> m_targets;                // by id in the damaged file
    std::vector<Offset> m_outdated;                           // kept rows that have newer values; sorted
    std::set<std::pair<std::uint32_t, std::string>> m_beyond; // rows that are not kept and were written
    RowValues m_values;
    std::uint64_t m_rowsOfTransaction = 0;
    Offset m_transactionBegin;
    CheckFindings m_findings;
    RescueReport m_report;
};

} // namespace

std::string_view rescueKeepName(RescueKeep keep)
{
    return keep == RescueKeep::Engine ? "engine" : "all";
}

std::uint64_t RescueReport::rows() const
{
    std::uint64_t sum = 0;
    for (const auto &collection : collections)
        sum += collection.rows;
    return sum;
}

bool RescueReport::isComplete() const
{
    const auto isWhole = [](const RescuedCollection &it) { return it.leftOut == 0 && it.notAskedFor == 0; };
    return findings.empty() && findingsDropped == 0 && std::ranges::all_of(collections, isWhole);
}

Result<RescueReport> rescueInto(std::unique_ptr<Store> into, const Store &store,
                                const std::shared_ptr<const Snapshot> &snapshot, RescueKeep keep,
                                const Progress &progress)
try {
    return Rescuer(store, snapshot, keep, progress).run(std::move(into));
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<RescueReport> rescue(const Store &store, const std::shared_ptr<const Snapshot> &snapshot, RescueKeep keep,
                            const std::filesystem::path &target, const Progress &progress)
try {
    if (const auto free = checkCopyTarget(target, Existing::Keep, snapshot->identity); !free)
        return std::unexpected(free.error());
    auto file = PendingFile::create(target, Existing::Keep);
    if (!file)
        return std::unexpected(file.error());
    // The file is the pending one's; the store only borrows it.
    const std::shared_ptr<const FileHandle> borrowed(std::shared_ptr<void>(), &file->file());
    auto report = rescueInto(std::make_unique<RawFileStore>(borrowed), store, snapshot, keep, progress);
    if (!report)
        return report;
    if (const auto placed = file->place(); !placed)
        return std::unexpected(placed.error());
    return report;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
