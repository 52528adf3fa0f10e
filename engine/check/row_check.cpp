#include "check/row_check.h"

#include "check/value_rules.h"
#include "database/row_encoder.h"
#include "format/checkpoint.h"
#include "format/limits.h"
#include "log/segment_index.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace modelvault {
namespace {

using RowKey = std::pair<std::uint32_t, std::string>; // collection and key bytes

std::string textOf(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

RowKey rowKey(const RecordHead &head)
{
    return {head.collectionId, textOf(*keyBytes(head.key))}; // a decoded key is a scalar
}

/// A record and where it lies.
struct PlacedRecord {
    const Record &record;
    const SchemaMatch &schema;
    Offset begin; ///< of its segment, or of its part of a checkpoint
    Offset end;
};

CheckFinding rowFinding(ErrorCode code, const PlacedRecord &row, std::string subject = {})
{
    return {.what = {.code = code, .severity = Severity::Warning, .offset = row.begin, .length = row.end - row.begin},
            .transaction = {},
            .collectionId = row.record.head.collectionId,
            .collection = row.schema.collection->name,
            .key = row.record.head.key,
            .subject = std::move(subject)};
}

// --- The rules of rows ---

/// Holds rows that are live against the rules of their fields, and against the entries of their indexes.
class RowJudge {
public:
    RowJudge(const IndexState &indexes, bool comparesIndexes, CheckFindings &into)
        : m_indexes(indexes),
          m_comparesIndexes(comparesIndexes),
          m_into(into)
    { }

    void judge(const PlacedRecord &row)
    {
        auto &schema = prepared(row);
        for (auto &breach : schema.rules.breaches(row.record))
            m_into.add(rowFinding(breach.code, row, std::move(breach.subject)));
        if (m_comparesIndexes && schema.encoder)
            compareIndexes(row, *schema.encoder);
    }

    /// Whether a row has it, once all were judged.
    [[nodiscard]] bool isWanted(const IndexState::Entry &entry) const { return m_wanted.contains(&entry); }

private:
    struct Prepared {
        ValueRules rules;
        std::optional<RowEncoder> encoder; // none where rows of this schema can't be written, and have no entries
    };

    Prepared &prepared(const PlacedRecord &row)
    {
        const auto &[collection, schema, isOwnVersion] = row.schema;
        if (const auto found = m_prepared.find(schema); found != m_prepared.end())
            return found->second;
        Prepared made{.rules = ValueRules(schema->fields, collection->primaryField, m_regexBudget), .encoder = {}};
        for (const auto &rule : made.rules.unchecked())
            m_into.add({.what = {.code = rule.code,
                                 .severity = Severity::Info,
                                 .offset = schema->place.segmentOffset(),
                                 .length = SegmentHeader::kSize},
                        .transaction = {},
                        .collectionId = collection->id,
                        .collection = collection->name,
                        .key = {},
                        .subject = rule.subject});
        if (auto encoder = RowEncoder::make(collection->id, schema->number, schema->fields, collection->primaryField,
                                            schema->indexes);
            encoder && !schema->indexes.empty())
            made.encoder = std::move(*encoder);
        return m_prepared.emplace(schema, std::move(made)).first->second;
    }

    void compareIndexes(const PlacedRecord &row, const RowEncoder &encoder)
    {
        m_values.clear();
        const auto &collection = *row.schema.collection;
        for (const auto &field : row.schema.schema->fields) {
            const bool isKey = field.path.is(collection.primaryField);
            const auto given = std::ranges::find(row.record.fields, field.path, &RecordField::path);
            m_values.push_back(isKey                                  ? row.record.head.key
                                   : given != row.record.fields.end() ? given->value
                                                                      : Value{OptionalValue{}});
        }
        m_entries.clear();
        encoder.addIndexEntries(IndexOperation::Insert, m_values, m_entries);
        for (const auto &entry : m_entries)
            look(row, entry);
    }

    void look(const PlacedRecord &row, const IndexEntry &wanted)
    {
        const auto index = m_indexes.indexes().find(
            {.collectionId = wanted.collectionId, .name = wanted.indexName, .kind = wanted.kind});
        const IndexState::Entry entry{.key = textOf(wanted.indexKey), .primaryKey = textOf(wanted.primaryKey)};
        if (index != m_indexes.indexes().end()) {
            if (const auto found = index->second.find(entry); found != index->second.end()) {
                m_wanted.insert(&*found);
                return;
            }
            const auto other = index->second.lower_bound({.key = entry.key, .primaryKey = {}});
            if (wanted.kind == IndexKind::Unique && other != index->second.end() && other->key == entry.key) {
                m_into.add(rowFinding(ErrorCode::UniqueIndexViolation, row, wanted.indexName));
                return;
            }
        }
        m_into.add(rowFinding(ErrorCode::IndexEntryMissing, row, wanted.indexName));
    }

    const IndexState &m_indexes;
    const bool m_comparesIndexes;
    CheckFindings &m_into;
    std::map<const SchemaVersion *, Prepared> m_prepared;
    std::size_t m_regexBudget = ValueRules::kMostRegexes;
    std::unordered_set<const IndexState::Entry *> m_wanted;
    RowValues m_values;
    std::vector<IndexEntry> m_entries;
};

// --- Comparing a checkpoint with the log ---

/// What a row says, field by field, whatever the form of its record: none is nothing, what an optional holds is what it
/// says, and objects are their members.
using FlatRow = std::map<std::string, std::vector<std::byte>>;

void flatten(const std::string &path, const Value &value, FlatRow &into)
{
    const auto inside = [&path](const SharedText &name) {
        auto text = path;
        text.push_back('\0'); // no name has one as its end
        return text + name.str();
    };
    if (const auto *optional = std::get_if<OptionalValue>(&value.data)) {
        for (const auto &held : optional->held)
            flatten(path, held, into);
        return;
    }
    if (const auto *object = std::get_if<ObjectValue>(&value.data)) {
        for (const auto &member : object->members)
            flatten(inside(member.name), member.value, into);
        return;
    }
    ByteWriter writer;
    write(writer, value);
    into[path] = std::move(writer).take();
}

FlatRow flattened(const Record &record, const SchemaVersion &schema)
{
    FlatRow row;
    for (const auto &field : record.fields) {
        // What a later schema has no place for is not in its rows.
        if (std::ranges::none_of(schema.fields, [&field](const FieldDefinition &definition) {
                return definition.path.isPrefixOf(field.path) || field.path.isPrefixOf(definition.path);
            }))
            continue;
        std::string path;
        for (const auto &segment : field.path.segments)
            path.append(1, '\0').append(segment.str());
        flatten(path, field.value, row);
    }
    return row;
}

bool saySame(const Collection &a, const Collection &b)
{
    return a.id == b.id && a.name == b.name && a.primaryField == b.primaryField
        && a.current().number == b.current().number && a.current().fields == b.current().fields
        && a.current().indexes == b.current().indexes;
}

class RowChecker {
public:
    RowChecker(const Store &store, const Snapshot &snapshot, std::shared_ptr<const CatalogHistory> history,
               const ReplayStart &start, CheckProgress &progress, CheckFindings &into)
        : m_store(store),
          m_snapshot(snapshot),
          m_history(std::move(history)),
          m_start(start),
          m_framed(snapshot.head.hasTransactions()),
          m_progress(progress),
          m_into(into)
    { }

    Result<void> run()
    {
        auto replayed = replay(m_store, m_start, m_history, m_framed, m_progress.nextPass());
        if (!replayed)
            return std::unexpected(replayed.error());
        for (const auto &finding : replayed->findings)
            m_into.add(finding);
        m_into.addDropped(replayed->findingsDropped);

        if (const auto loaded = loadCheckpoint(); !loaded)
            return loaded;
        if (m_checkpoint) {
            if (const auto compared = compareCheckpoint(replayed->refusesLog); !compared)
                return compared;
        }
        return judgeRows(*replayed);
    }

private:
    struct Part {
        Offset at;
        std::span<const std::byte> bytes;
        bool isMet = false;
    };

    Result<void> loadCheckpoint()
    {
        if (!m_start.source.checkpoint)
            return {};
        const auto &part = *m_start.source.checkpoint;
        m_payload.resize(static_cast<std::size_t>(part.payloadLength));
        if (const auto read = m_store.readExactAt(part.payload(), m_payload); !read)
            return read;
        auto decoded = Checkpoint::decode(m_payload, part.payload());
        if (!decoded)
            return failure(ErrorCode::ChangedMeanwhile, part.payload());
        m_checkpoint = std::move(*decoded);
        for (const auto &record : m_checkpoint->records) {
            const auto head = RecordHead::decode(record.bytes, record.at);
            if (head) // its last record is the one that counts
                m_parts[rowKey(*head)] = {.at = record.at, .bytes = record.bytes};
        }
        return {};
    }

    [[nodiscard]] Offset checkpointEnd() const
    {
        const auto &part = *m_start.source.checkpoint;
        return part.payload() + part.payloadLength;
    }

    // --- The checkpoint ---

    Result<void> compareCheckpoint(bool refusesLog)
    {
        if (const auto checked = checkReplayFrom(refusesLog); !checked)
            return checked;
        const Offset end = m_start.source.checkpoint->segment;
        if (m_start.source.from < end)
            return {}; // what is between them counts twice, or begins amid a segment: told already
        const ReplayStart before{
            .source = {.checkpoint = {}, .from = kLogStart, .end = end}, .checkpoint = {}, .checkpointFault = {}};
        const auto replayed = replay(m_store, before, m_history, m_framed, m_progress.nextPass());
        if (!replayed)
            return std::unexpected(replayed.error());
        bool isSound = true;
        for (auto finding : replayed->findings) {
            // Records that a checkpoint has converted keep the schema that they were written with.
            if (finding.code == ErrorCode::InvalidSchemaVersion || finding.offset >= end)
                continue;
            finding.severity = Severity::Warning;
            m_into.add(finding);
            isSound = false;
        }
        if (!isSound) // what differs then is told already
            return {};
        compareCatalog(end);
        compareIndexes(replayed->indexes);
        return compareRows(end);
    }

    /// The engine writes the offset behind the checkpoint's own segment, and goes on at any other all the same.
    Result<void> checkReplayFrom(bool refusesLog)
    {
        constexpr std::uint64_t kReplayFromAt = 2;
        const Offset from = m_checkpoint->replayFrom;
        if (from == checkpointEnd())
            return {};
        const auto segment = LogReader(m_store, m_snapshot.log.index).segmentAt(from);
        if (!segment)
            return std::unexpected(segment.error());
        // It may be where a segment begins, and still lie in a transaction.
        const bool isUsable =
            !refusesLog && (from < kLogStart || from >= m_start.source.end || (*segment && (*segment)->offset == from));
        m_into.add(Finding{.code = isUsable ? ErrorCode::UncheckedFieldWrong : ErrorCode::InvalidCheckpointPayload,
                           .severity = isUsable ? Severity::Warning : Severity::Error,
                           .offset = m_start.source.checkpoint->payload() + kReplayFromAt,
                           .length = sizeof from.value,
                           .expected = checkpointEnd().value,
                           .found = from.value});
        return {};
    }

    void addDiffering(Offset at, std::uint64_t length, std::string subject, std::uint64_t expected = 0,
                      std::uint64_t found = 0)
    {
        m_into.add({.what = {.code = ErrorCode::CheckpointDiffers,
                             .severity = Severity::Warning,
                             .offset = at,
                             .length = length,
                             .expected = expected,
                             .found = found},
                    .transaction = {},
                    .collectionId = {},
                    .collection = {},
                    .key = {},
                    .subject = std::move(subject)});
    }

    void compareCatalog(Offset end)
    {
        const auto &stored = m_start.checkpoint.catalog.collections();
        const auto &part = *m_start.source.checkpoint;
        std::size_t inLog = 0;
        for (const auto &[id, collection] : m_history->catalog().collections()) {
            auto then = collection;
            std::erase_if(then.versions, [end](const SchemaVersion &version) { return version.place.payload >= end; });
            if (then.versions.empty())
                continue;
            ++inLog;
            const auto found = stored.find(id);
            if (found == stored.end())
                addDiffering(part.segment, SegmentHeader::kSize + part.payloadLength, collection.name);
            else if (!saySame(then, found->second))
                addDiffering(found->second.current().place.payload, 0, collection.name);
        }
        if (stored.size() > inLog)
            addDiffering(part.segment, SegmentHeader::kSize + part.payloadLength, "collections", inLog, stored.size());
    }

    void compareIndexes(const IndexState &log)
    {
        const auto &stored = m_start.checkpoint.indexes.indexes();
        std::set<IndexState::IndexId> ids;
        for (const auto *indexes : {&stored, &log.indexes()})
            for (const auto &[id, entries] : *indexes)
                ids.insert(id);
        const auto entriesOf = [](const auto &indexes, const IndexState::IndexId &id) {
            const auto found = indexes.find(id);
            return found != indexes.end() ? &found->second : nullptr;
        };
        for (const auto &id : ids) {
            const auto *inLog = entriesOf(log.indexes(), id);
            const auto *inCheckpoint = entriesOf(stored, id);
            if (inLog == nullptr || inCheckpoint == nullptr || *inLog != *inCheckpoint)
                addDiffering(m_checkpoint->indexChanges.at, m_checkpoint->indexChanges.bytes.size(), id.name,
                             inLog != nullptr ? inLog->size() : 0, inCheckpoint != nullptr ? inCheckpoint->size() : 0);
        }
    }

    Result<void> compareRows(Offset end)
    {
        auto log = m_snapshot.log;
        log.covered = end;
        RowIndexBuilder builder(m_store, log, m_history, m_framed);
        if (const auto built = builder.run(m_progress.nextPass()); !built)
            return built;
        if (const auto scanned = scanLive(*builder.result(), end, [this](const PlacedRecord &row) { compareRow(row); });
            !scanned)
            return scanned;
        for (const auto &[key, part] : m_parts) {
            if (part.isMet)
                continue;
            const auto match = checkpointMatch(part);
            const auto record = match ? RecordDecoder(match->layout()).decode(part.bytes, part.at)
                                      : failure(ErrorCode::UnknownCollection, part.at);
            if (record && record->head.operation != RecordHead::Delete && !match->collection->primaryField.empty())
                m_into.add(rowFinding(ErrorCode::CheckpointDiffers, placed(*record, *match, part)));
        }
        return {};
    }

    void compareRow(const PlacedRecord &row)
    {
        const auto found = m_parts.find(rowKey(row.record.head));
        if (found == m_parts.end()) {
            m_into.add(rowFinding(ErrorCode::CheckpointDiffers, row));
            return;
        }
        auto &part = found->second;
        part.isMet = true;
        const auto match = checkpointMatch(part);
        const auto record = match ? RecordDecoder(match->layout()).decode(part.bytes, part.at)
                                  : failure(ErrorCode::UnknownCollection, part.at);
        if (!record)
            return; // such a checkpoint is not used
        if (flattened(row.record, *match->schema) != flattened(*record, *match->schema))
            m_into.add(rowFinding(ErrorCode::CheckpointDiffers, placed(*record, *match, part)));
    }

    [[nodiscard]] std::optional<SchemaMatch> checkpointMatch(const Part &part) const
    {
        const auto outline = RecordOutline::peek(part.bytes);
        return outline ? matchSchema(m_start.checkpoint.catalog, outline->collectionId, outline->schemaVersion)
                       : std::nullopt;
    }

    static PlacedRecord placed(const Record &record, const SchemaMatch &schema, const Part &part)
    {
        return {.record = record, .schema = schema, .begin = part.at, .end = part.at + part.bytes.size()};
    }

    // --- Rows ---

    Result<void> judgeRows(const Replay &replayed)
    {
        const auto rows = wholeRows();
        if (!rows)
            return std::unexpected(rows.error());
        // Where something is not applied, rows and entries differ for that reason.
        const bool comparesIndexes = !replayed.refusal;
        RowJudge judge(replayed.indexes, comparesIndexes, m_into);
        // What lies before the checkpoint is judged as the checkpoint has it.
        const auto scanned = scanLive(**rows, m_snapshot.log.readEnd(), [&](const PlacedRecord &row) {
            if (row.begin >= m_start.source.from)
                judge.judge(row);
        });
        if (!scanned)
            return scanned;
        if (m_checkpoint) {
            if (const auto judged = judgeCheckpointRows(**rows, judge); !judged)
                return judged;
        }
        return comparesIndexes ? addStaleEntries(replayed, judge) : Result<void>();
    }

    /// Of the whole log, without a look at the checkpoint.
    Result<std::shared_ptr<const RowIndex>> wholeRows()
    {
        if (m_snapshot.rows != nullptr && m_snapshot.rows->isComplete())
            return m_snapshot.rows;
        RowIndexBuilder builder(m_store, m_snapshot.log, m_history, m_framed);
        return builder.run(m_progress.nextPass()).transform([&builder] { return builder.result(); });
    }

    Result<void> judgeCheckpointRows(const RowIndex &rows, RowJudge &judge)
    {
        const auto before = recordsBefore(m_start.source.from);
        if (!before)
            return std::unexpected(before.error());
        for (const auto &[key, part] : m_parts) {
            const auto match = checkpointMatch(part);
            if (!match || match->collection->primaryField.empty())
                continue;
            const auto last = rows.last(key.first, std::as_bytes(std::span(key.second)));
            if (last && last->value >= *before)
                continue; // written or deleted since
            const auto record = RecordDecoder(match->layout()).decode(part.bytes, part.at);
            if (record && record->head.operation != RecordHead::Delete)
                judge.judge(placed(*record, *match, part));
        }
        return {};
    }

    /// How many records of the log begin before that place.
    Result<std::uint64_t> recordsBefore(Offset end) const
    {
        const LogReader log(m_store, m_snapshot.log.index);
        // By halves, as segments are found by number.
        std::uint64_t low = 0;
        std::uint64_t high = m_snapshot.log.index->count(SegmentType::Record);
        while (low < high) {
            const auto middle = low + (high - low) / 2;
            const auto segment = log.segmentsOfType(SegmentType::Record, middle, 1);
            if (!segment)
                return std::unexpected(segment.error());
            if (segment->empty())
                return failure(ErrorCode::ChangedMeanwhile);
            if (segment->front().offset < end)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    /// Goes through the log once, up to `end`, and decodes the rows that are live in the index.
    template <class Visit>
    Result<void> scanLive(const RowIndex &rows, Offset end, const Visit &visit)
    {
        if (m_snapshot.log.index->segmentCount() == 0)
            return {};
        Result<void> scanned;
        std::uint64_t records = 0;
        const auto progress = m_progress.nextPass();
        const auto walked =
            LogReader(m_store, m_snapshot.log.index).forEachWithPayload({0}, [&](const Segment &segment, auto payload) {
                if (segment.end() > end)
                    return false;
                if (progress && segment.no.value % SegmentIndex::kStride == 0
                    && !progress(segment.offset.value, m_snapshot.fileLength()))
                    scanned = failure(ErrorCode::Cancelled);
                if (segment.header.type == SegmentType::Record && scanned)
                    scanned = visitLive(rows, {records++}, segment, payload, visit);
                return scanned.has_value();
            });
        return walked ? scanned : walked;
    }

    template <class Visit>
    Result<void> visitLive(const RowIndex &rows, RecordNo no, const Segment &segment,
                           std::span<const std::byte> payload, const Visit &visit)
    {
        if (segment.payloadDamaged || segment.header.payloadLength > kMaxPayload)
            return {};
        const Offset at = segment.payloadOffset();
        if (payload.size() != segment.header.payloadLength) {
            m_longPayload.resize(static_cast<std::size_t>(segment.header.payloadLength));
            if (const auto read = m_store.readExactAt(at, m_longPayload); !read)
                return read;
            payload = m_longPayload;
        }
        const auto outline = RecordOutline::peek(payload);
        if (!outline || !rows.collection(outline->collectionId).live.contains(no))
            return {};
        const auto match = matchSchema(m_history->catalog(), outline->collectionId, outline->schemaVersion);
        if (!match)
            return failure(ErrorCode::ChangedMeanwhile, at);
        const auto &decoder = m_decoders.try_emplace(match->schema, match->layout()).first->second;
        const auto record = decoder.decode(payload, at);
        if (!record) // the index has none that does not decode
            return failure(ErrorCode::ChangedMeanwhile, at);
        visit(PlacedRecord{.record = *record, .schema = *match, .begin = segment.offset, .end = segment.end()});
        return {};
    }

    // --- Index entries that no row has ---

    Result<void> addStaleEntries(const Replay &replayed, const RowJudge &judge)
    {
        using Unwanted = std::set<IndexState::Entry>;
        std::map<IndexState::IndexId, Unwanted> unwanted;
        std::size_t count = 0;
        for (const auto &[id, entries] : replayed.indexes.indexes()) {
            for (const auto &entry : entries) {
                if (judge.isWanted(entry))
                    continue;
                if (count == FindingList::kMost)
                    m_into.addDropped(1);
                else if (unwanted[id].insert(entry).second)
                    ++count;
            }
        }
        if (unwanted.empty())
            return {};
        if (m_checkpoint)
            addStaleFrom(*replayed.catalog, m_checkpoint->indexChanges.bytes, m_checkpoint->indexChanges.at,
                         {m_checkpoint->indexChanges.at, m_checkpoint->indexChanges.bytes.size()}, unwanted);
        return addStaleFromLog(*replayed.catalog, unwanted);
    }

    struct Place {
        Offset begin;
        std::uint64_t length;
    };

    /// Where an entry that nobody wants was made: told once, of the first place.
    void addStaleFrom(const Catalog &catalog, std::span<const std::byte> payload, Offset at, Place place,
                      std::map<IndexState::IndexId, std::set<IndexState::Entry>> &unwanted)
    {
        const auto changes = IndexChanges::decode(payload, at);
        if (!changes)
            return;
        for (const auto &change : changes->entries) {
            if (change.operation != IndexOperation::Insert)
                continue;
            const IndexState::IndexId id{
                .collectionId = change.collectionId, .name = change.indexName, .kind = change.kind};
            const auto index = unwanted.find(id);
            if (index == unwanted.end()
                || index->second.erase({.key = textOf(change.indexKey), .primaryKey = textOf(change.primaryKey)}) == 0)
                continue;
            const auto *collection = catalog.find(id.collectionId);
            const bool isKnown = collection != nullptr
                && std::ranges::any_of(collection->current().indexes, [&id](const IndexDefinition &definition) {
                                     return definition.name == id.name && definition.kind == id.kind;
                                 });
            m_into.add({.what = {.code = isKnown ? ErrorCode::IndexEntryStale : ErrorCode::IndexEntryUnknown,
                                 .severity = isKnown ? Severity::Warning : Severity::Info,
                                 .offset = place.begin,
                                 .length = place.length},
                        .transaction = {},
                        .collectionId = id.collectionId,
                        .collection = collection != nullptr ? collection->name : std::string(),
                        .key = {},
                        .subject = id.name});
        }
    }

    Result<void> addStaleFromLog(const Catalog &catalog,
                                 std::map<IndexState::IndexId, std::set<IndexState::Entry>> &unwanted)
    {
        Result<void> read;
        std::vector<std::byte> payload;
        const LogReader log(m_store, m_snapshot.log.index);
        const auto progress = m_progress.nextPass();
        const auto walked = log.forEachFrom(m_start.source.from, [&](const Segment &segment) {
            if (segment.end() > m_start.source.end)
                return false;
            if (segment.header.type != SegmentType::Index || segment.header.payloadLength > kMaxPayload
                || segment.payloadDamaged)
                return true;
            if (progress && !progress(segment.offset.value, m_snapshot.fileLength())) {
                read = failure(ErrorCode::Cancelled);
                return false;
            }
            payload.resize(static_cast<std::size_t>(segment.header.payloadLength));
            read = m_store.readExactAt(segment.payloadOffset(), payload);
            if (read)
                addStaleFrom(catalog, payload, segment.payloadOffset(),
                             {segment.offset, segment.end() - segment.offset}, unwanted);
            return read.has_value();
        });
        return walked ? read : walked;
    }

    const Store &m_store;
    const Snapshot &m_snapshot;
    const std::shared_ptr<const CatalogHistory> m_history;
    const ReplayStart &m_start;
    const bool m_framed;
    CheckProgress &m_progress;
    CheckFindings &m_into;
    std::vector<std::byte> m_payload; // of the checkpoint, which the parts lie in
    std::optional<Checkpoint> m_checkpoint;
    std::map<RowKey, Part> m_parts;
    std::map<const SchemaVersion *, RecordDecoder> m_decoders;
    std::vector<std::byte> m_longPayload;
};

} // namespace

Result<void> checkRows(const Store &store, const Snapshot &snapshot,
                       const std::shared_ptr<const CatalogHistory> &history, const ReplayStart &start,
                       CheckProgress &progress, CheckFindings &into)
{
    return RowChecker(store, snapshot, history, start, progress, into).run();
}

} // namespace modelvault
