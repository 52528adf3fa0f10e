#include "database/replay.h"

#include "format/checkpoint.h"
#include "format/limits.h"
#include "format/record.h"
#include "log/log_walker.h"
#include "log/transactions.h"
#include "out_of_memory.h"
#include "store/range.h"
#include "store/store_errors.h"

#include <array>
#include <map>
#include <utility>

namespace modelvault {
namespace {

// Where they lie in a record.
constexpr std::uint64_t kCollectionAt = 2;
constexpr std::uint64_t kSchemaVersionAt = 6;

/// Two answers about one record.
struct RecordFault {
    std::optional<Error> refusal; ///< the engine's, which knows the current fields only
    std::optional<Error> fault;   ///< a viewer's, which reads an older record by its own fields
};

/// Tells what is wrong with records. Borrows the catalog and the history; without one, schema versions are not looked
/// at, as in checkpoints.
class RecordJudge {
public:
    explicit RecordJudge(const Catalog &catalog, const CatalogHistory *history = nullptr)
        : m_catalog(catalog),
          m_history(history)
    { }

    [[nodiscard]] RecordFault judge(std::span<const std::byte> payload, Offset at)
    {
        // The engine looks for the collection before it looks at anything else.
        if (payload.size() < kSchemaVersionAt)
            return both({.code = ErrorCode::TruncatedRecordPayload,
                         .offset = at,
                         .expected = kSchemaVersionAt,
                         .found = payload.size()});
        const auto collectionId = ByteReader(payload.subspan(kCollectionAt), at).u32();
        const auto *collection = m_catalog.find(collectionId);
        if (collection == nullptr)
            return both({.code = ErrorCode::UnknownCollection, .offset = at + kCollectionAt});
        if (collection->primaryField.empty())
            return {};

        const SchemaMatch current{.collection = collection, .schema = &collection->current()};
        const auto refusal = check(current, payload, at);
        const auto outline = RecordOutline::peek(payload);
        if (m_history == nullptr || !outline || outline->schemaVersion == current.schema->number)
            return {refusal, refusal};

        const Error otherVersion{.code = ErrorCode::InvalidSchemaVersion,
                                 .offset = at + kSchemaVersionAt,
                                 .expected = current.schema->number,
                                 .found = outline->schemaVersion};
        const auto own = m_history->schemaFor(collectionId, outline->schemaVersion, std::nullopt);
        const auto fault = own && own->isOwnVersion ? check(*own, payload, at) : refusal;
        return {refusal ? refusal : otherVersion, fault ? fault : otherVersion};
    }

private:
    static RecordFault both(const Error &error) { return {error, error}; }

    std::optional<Error> check(const SchemaMatch &match, std::span<const std::byte> payload, Offset at)
    {
        const auto decoder = m_decoders.try_emplace(match.schema, match.layout()).first;
        const auto checked = decoder->second.check(payload, at);
        return checked ? std::nullopt : std::optional(checked.error());
    }

    const Catalog &m_catalog;
    const CatalogHistory *m_history;
    std::map<const SchemaVersion *, RecordDecoder> m_decoders;
};

// --- Checkpoints ---

/// What the payload says, or why an open can't start from it. In the engine's order: first all is decoded, then all
/// applied.
Result<CheckpointState> stateOf(const Checkpoint &checkpoint, const std::function<bool()> &keepGoing)
{
    std::vector<CatalogEntry> entries;
    entries.reserve(checkpoint.catalogEntries.size());
    for (const auto &part : checkpoint.catalogEntries) {
        auto entry = CatalogEntry::decode(part.bytes, part.at);
        if (!entry)
            return std::unexpected(entry.error());
        entries.push_back(*std::move(entry));
    }
    const auto changes = IndexChanges::decode(checkpoint.indexChanges.bytes, checkpoint.indexChanges.at);
    if (!changes)
        return std::unexpected(changes.error());

    CheckpointState state;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const CatalogPlace place{.segment = {}, .payload = checkpoint.catalogEntries[i].at, .transaction = {}};
        if (const auto applied = state.catalog.apply(entries[i], place); !applied)
            return std::unexpected(applied.error());
    }
    RecordJudge judge(state.catalog);
    for (const auto &part : checkpoint.records) {
        if (const auto found = judge.judge(part.bytes, part.at); found.refusal)
            return std::unexpected(*found.refusal);
        if (!keepGoing())
            return failure(ErrorCode::Cancelled);
    }
    for (const auto &change : changes->entries) {
        if (auto applied = state.indexes.apply(change); !applied) {
            applied.error().offset = checkpoint.indexChanges.at;
            return std::unexpected(applied.error());
        }
    }
    return state;
}

class StartFinder {
public:
    StartFinder(const Store &store, Offset end, const Progress &progress)
        : m_store(store),
          m_end(end),
          m_progress(progress)
    {
        m_start.source = {.checkpoint = {}, .from = kLogStart, .end = end};
    }

    Result<ReplayStart> run(const Superblock &block)
    {
        const Offset at = block.checkpointOffset;
        if (at < kLogStart || at >= m_end || block.checkpointLength == 0)
            return std::move(m_start);
        if (const auto there = checkRead(at, SegmentHeader::kSize, m_end.value); !there)
            return passedOver(there.error());
        std::array<std::byte, SegmentHeader::kSize> bytes{};
        if (const auto read = m_store.readExactAt(at, bytes); !read)
            return std::unexpected(read.error());
        const auto header = SegmentHeader::decode(bytes, at);
        if (!header)
            return passedOver(header.error());
        if (header->type != SegmentType::Checkpoint)
            return std::move(m_start);
        return use({.segment = at, .payloadLength = header->payloadLength}, header->payloadCrc);
    }

private:
    Result<ReplayStart> use(const ReplaySource::CheckpointPart &part, std::uint32_t payloadCrc)
    {
        const Offset at = part.payload();
        if (part.payloadLength > kMaxPayload)
            return passedOver({.code = ErrorCode::PayloadOverLimit,
                               .offset = at,
                               .expected = kMaxPayload,
                               .found = part.payloadLength});
        if (const auto there = checkRead(at, part.payloadLength, m_end.value); !there)
            return passedOver(there.error());
        std::vector<std::byte> payload(static_cast<std::size_t>(part.payloadLength));
        if (const auto read = m_store.readExactAt(at, payload); !read)
            return std::unexpected(read.error());
        if (const auto crc = crc32c(payload); !isRightCrc(payloadCrc, crc))
            return passedOver(
                {.code = ErrorCode::BadSegmentPayloadChecksum, .offset = at, .expected = crc, .found = payloadCrc});

        const auto checkpoint = Checkpoint::decode(payload, at);
        if (!checkpoint)
            return passedOver(checkpoint.error());
        auto state = stateOf(*checkpoint, [this] { return !m_progress || m_progress(0, m_end.value); });
        if (!state)
            return state.error().code == ErrorCode::Cancelled ? std::unexpected(state.error())
                                                              : passedOver(state.error());
        m_start.checkpoint = *std::move(state);
        m_start.source.checkpoint = part;
        const Offset from = checkpoint->replayFrom;
        m_start.source.from = from < kLogStart || from > m_end ? m_end : from;
        return std::move(m_start);
    }

    Result<ReplayStart> passedOver(const Error &fault)
    {
        m_start.checkpointFault = fault;
        return std::move(m_start);
    }

    const Store &m_store;
    const Offset m_end;
    const Progress &m_progress;
    ReplayStart m_start;
};

// --- The log ---

/// What counts if its transaction does.
struct StagedChanges {
    Offset segment;
    std::uint64_t length; ///< of the whole segment
    Result<IndexChanges> changes;
};
struct StagedRecordFaults {
    FindingList findings;
    std::optional<Error> refusal; ///< the first
};

class Replayer {
public:
    Replayer(const Store &store, ReplayStart start, const std::shared_ptr<const CatalogHistory> &history, bool framed,
             const Progress &progress)
        : m_store(store),
          m_source(start.source),
          m_checkpointCatalog(std::move(start.checkpoint.catalog)),
          m_history(history),
          m_framed(framed),
          m_progress(progress)
    {
        m_replay.indexes = std::move(start.checkpoint.indexes);
    }

    Result<Replay> run()
    {
        if (const auto read = readCatalog(); !read)
            return std::unexpected(read.error());
        if (const auto read = readLog(); !read)
            return std::unexpected(read.error());
        for (const auto &error : {m_walkRefusal, m_catalogRefusal, m_indexRefusal, m_recordRefusal}) {
            if (error && !m_replay.refusal)
                m_replay.refusal = error;
        }
        m_replay.refusesLog = m_walkRefusal.has_value();
        m_replay.findings = m_findings.toVector();
        m_replay.findingsDropped += m_findings.dropped();
        return std::move(m_replay);
    }

private:
    /// Whatever the source, the changes of the log are those of the history.
    Result<void> readCatalog()
    {
        for (const auto &change : m_history->changes()) {
            if (!change.counts || change.place.payload < m_source.from)
                continue;
            if (!change.fault && !m_source.checkpoint)
                continue;
            // What breaks a rule of the whole log's catalog may be right on top of the checkpoint's.
            const auto fault =
                m_source.checkpoint ? applyToCheckpoint(change) : Result<std::optional<Error>>(change.fault);
            if (!fault)
                return std::unexpected(fault.error());
            if (*fault) {
                note(m_catalogRefusal, **fault);
                add(m_findings, change.place.segmentOffset(), SegmentHeader::kSize + change.payloadLength, **fault);
            }
        }
        if (m_source.checkpoint)
            m_replay.catalog = std::make_shared<const Catalog>(std::move(m_checkpointCatalog));
        else
            m_replay.catalog = {m_history, &m_history->catalog()};
        m_judge.emplace(*m_replay.catalog, m_history.get());
        return {};
    }

    Result<std::optional<Error>> applyToCheckpoint(const CatalogChange &change)
    {
        if (change.payloadLength > kMaxPayload)
            return change.fault;
        const Offset at = change.place.payload;
        const auto payload = read(at, change.payloadLength);
        if (!payload)
            return std::unexpected(payload.error());
        const auto applied = CatalogEntry::decode(*payload, at).and_then([&](const CatalogEntry &entry) {
            return m_checkpointCatalog.apply(entry, change.place);
        });
        return applied ? std::nullopt : std::optional(applied.error());
    }

    Result<void> readLog()
    {
        LogWalker walker(m_store, m_source.from, m_source.end, [this](Offset reached) {
            return !m_progress || m_progress(reached - m_source.from, m_source.end - m_source.from);
        });
        TransactionTracker tracker(m_framed);
        for (SegmentNo no;; ++no.value) {
            const auto step = walker.next();
            if (!step)
                return std::unexpected(step.error());
            if (*step == LogWalker::Step::End)
                break;
            if (*step == LogWalker::Step::Damage) {
                if (isOfStore(walker.fault().code))
                    return std::unexpected(walker.fault());
                note(m_walkRefusal, walker.fault());
                break;
            }
            const auto *broken = tracker.add(no, walker.offset(), walker.header(), walker.payload());
            if (broken != nullptr)
                note(m_walkRefusal,
                     {.code = ErrorCode::InvalidTxnPayload,
                      .offset = broken->offset,
                      .expected = broken->expected,
                      .found = broken->found});
            if (const auto *ended = tracker.ended())
                end(ended->state == TransactionState::Committed);
            if (m_framed && tracker.open() == nullptr)
                continue;
            if (const auto staged = stage(walker); !staged)
                return staged;
            if (!m_framed)
                end(true);
        }
        if (m_progress && !m_progress(m_source.end - m_source.from, m_source.end - m_source.from))
            return failure(ErrorCode::Cancelled);
        return {};
    }

    Result<void> stage(const LogWalker &walker)
    {
        const auto &header = walker.header();
        if (header.type != SegmentType::Index && header.type != SegmentType::Record)
            return {};
        const Offset at = walker.payloadOffset();
        if (header.payloadLength > kMaxPayload) {
            stage(walker, failure(ErrorCode::PayloadOverLimit, at, kMaxPayload, header.payloadLength));
            return {};
        }
        auto payload = walker.payload();
        if (payload.size() != header.payloadLength) {
            const auto longer = read(at, header.payloadLength);
            if (!longer)
                return std::unexpected(longer.error());
            payload = *longer;
        }
        // A scan has not seen what begins where it found no segment.
        if (const auto crc = crc32c(payload); !isRightCrc(header.payloadCrc, crc))
            note(m_walkRefusal,
                 {.code = ErrorCode::BadSegmentPayloadChecksum,
                  .offset = at,
                  .expected = crc,
                  .found = header.payloadCrc});
        else
            stage(walker, payload);
        return {};
    }

    void stage(const LogWalker &walker, const Result<std::span<const std::byte>> &payload)
    {
        const Offset segment = walker.offset();
        const auto length = walker.segmentEnd() - segment;
        if (walker.header().type == SegmentType::Index) {
            m_stagedChanges.push_back({segment, length, payload.and_then([&](auto bytes) {
                                           return IndexChanges::decode(bytes, walker.payloadOffset());
                                       })});
            return;
        }
        const auto found =
            payload ? m_judge->judge(*payload, walker.payloadOffset()) : RecordFault{payload.error(), payload.error()};
        if (!found.fault)
            return;
        if (!m_stagedFaults.refusal)
            m_stagedFaults.refusal = found.refusal;
        add(m_stagedFaults.findings, segment, length, *found.fault);
    }

    /// What is staged counts, or nothing of it.
    void end(bool counts)
    {
        if (counts) {
            for (const auto &staged : m_stagedChanges) {
                if (const auto fault = apply(staged)) {
                    note(m_indexRefusal, *fault);
                    add(m_findings, staged.segment, staged.length, *fault);
                }
            }
        }
        m_stagedChanges.clear();
        if (!m_stagedFaults.refusal)
            return;
        if (counts) {
            note(m_recordRefusal, *m_stagedFaults.refusal);
            for (const auto &finding : m_stagedFaults.findings.toVector())
                m_findings.add(finding);
            m_replay.findingsDropped += m_stagedFaults.findings.dropped();
        }
        m_stagedFaults = {};
    }

    /// The first error; what is right is applied all the same.
    std::optional<Error> apply(const StagedChanges &staged)
    {
        if (!staged.changes)
            return staged.changes.error();
        std::optional<Error> fault;
        for (const auto &change : staged.changes->entries) {
            if (auto applied = m_replay.indexes.apply(change); !applied && !fault) {
                fault = applied.error();
                fault->offset = staged.segment + SegmentHeader::kSize;
            }
        }
        return fault;
    }

    static void note(std::optional<Error> &first, const Error &error)
    {
        if (!first)
            first = error;
    }

    static void add(FindingList &findings, Offset segment, std::uint64_t length, const Error &fault)
    {
        findings.add({.code = fault.code,
                      .offset = segment,
                      .length = length,
                      .expected = fault.expected,
                      .found = fault.found});
    }

    /// Valid until the next call.
    Result<std::span<const std::byte>> read(Offset at, std::uint64_t length)
    {
        m_payload.resize(static_cast<std::size_t>(length));
        return m_store.readExactAt(at, m_payload).transform([this] { return std::span<const std::byte>(m_payload); });
    }

    const Store &m_store;
    const ReplaySource m_source;
    Catalog m_checkpointCatalog;
    const std::shared_ptr<const CatalogHistory> m_history;
    const bool m_framed;
    const Progress &m_progress;

    std::optional<RecordJudge> m_judge; // once the catalog is known
    std::vector<std::byte> m_payload;
    std::vector<StagedChanges> m_stagedChanges;
    StagedRecordFaults m_stagedFaults;
    FindingList m_findings;
    Replay m_replay;
    std::optional<Error> m_walkRefusal;
    std::optional<Error> m_catalogRefusal;
    std::optional<Error> m_indexRefusal;
    std::optional<Error> m_recordRefusal;
};

} // namespace

Result<ReplayStart> findReplayStart(const Store &store, const FileHead &head, Offset end, const Progress &progress)
try {
    const auto block = head.selected ? *head.superblocks[static_cast<std::size_t>(*head.selected)] : Superblock{};
    return StartFinder(store, end, progress).run(block);
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<Replay> replay(const Store &store, ReplayStart start, const std::shared_ptr<const CatalogHistory> &history,
                      bool framed, const Progress &progress)
try {
    return Replayer(store, std::move(start), history, framed, progress).run();
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
