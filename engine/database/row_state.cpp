#include "database/row_state.h"

#include "format/checkpoint.h"
#include "format/limits.h"
#include "out_of_memory.h"

#include <algorithm>
#include <string>
#include <utility>

namespace modelvault {
namespace {

Result<std::vector<std::byte>> readBytes(const Store &store, Offset at, std::uint64_t length)
{
    std::vector<std::byte> bytes(static_cast<std::size_t>(length));
    return store.readExactAt(at, bytes).transform([&bytes] { return std::move(bytes); });
}

Result<Record> decodedRow(std::span<const std::byte> payload, const RowPlace &place, const SchemaMatch &schema)
{
    return RecordDecoder(schema.layout()).decode(payload, place.payload).or_else([&place](const Error &) {
        return Result<Record>(failure(ErrorCode::ChangedMeanwhile, place.payload));
    });
}

} // namespace

Result<Record> readRow(const Store &store, const RowPlace &place, const SchemaMatch &schema)
try {
    return readBytes(store, place.payload, place.length).and_then([&](const std::vector<std::byte> &payload) {
        return decodedRow(payload, place, schema);
    });
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<PlacedRow> readRow(const Store &store, const RowPlace &place,
                          const std::function<std::optional<SchemaMatch>(const RecordOutline &)> &schemaFor)
try {
    const auto payload = readBytes(store, place.payload, place.length);
    if (!payload)
        return std::unexpected(payload.error());
    const auto outline = RecordOutline::peek(*payload);
    const auto schema = outline ? schemaFor(*outline) : std::nullopt;
    if (!schema)
        return failure(ErrorCode::ChangedMeanwhile, place.payload);
    return decodedRow(*payload, place, *schema).transform([&schema](Record &&record) {
        return PlacedRow{.record = std::move(record), .schema = *schema};
    });
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

class RowState::Reader {
public:
    Reader(const Store &store, const LogScan &log, const ReplaySource &source, bool framed, RowState &into)
        : m_store(store),
          m_log(store, log.index),
          m_source(source),
          m_framed(framed),
          m_into(into)
    { }

    Result<void> run(const Progress &progress, const AtCommit &atCommit)
    {
        if (m_source.checkpoint) {
            if (const auto read = readCheckpoint(*m_source.checkpoint); !read)
                return read;
        }
        const auto first = m_log.firstBehind(m_source.from);
        if (!first)
            return std::unexpected(first.error());
        return *first ? readLog((*first)->no, progress, atCommit) : Result<void>();
    }

private:
    struct Staged {
        KeyFingerprint key;
        Row row;
        bool deletes;
    };

    Result<void> readCheckpoint(const ReplaySource::CheckpointPart &part)
    {
        const auto payload = readBytes(m_store, part.payload(), part.payloadLength);
        if (!payload)
            return std::unexpected(payload.error());
        const auto checkpoint = Checkpoint::decode(*payload, part.payload());
        if (!checkpoint)
            return failure(ErrorCode::ChangedMeanwhile, part.payload());
        for (const auto &record : checkpoint->records) {
            if (const auto staged = stage(record.bytes, record.at))
                apply(*staged);
        }
        return {};
    }

    Result<void> readLog(SegmentNo first, const Progress &progress, const AtCommit &atCommit)
    {
        constexpr std::uint64_t kSegmentsAReport = 4096;
        std::optional<Error> error;
        const std::uint64_t total = m_source.end - std::min(m_source.from, m_source.end);
        const auto visit = [&](const Segment &segment, std::span<const std::byte> payload) {
            if (segment.end() > m_source.end)
                return false;
            if (progress && segment.no.value % kSegmentsAReport == 0
                && !progress(segment.offset - m_source.from, total)) {
                error = Error{.code = ErrorCode::Cancelled, .offset = segment.offset};
                return false;
            }
            if (const auto added = add(segment, payload); !added) {
                error = added.error();
                return false;
            }
            const bool commits = m_framed && segment.header.type == SegmentType::TxnCommit;
            return !commits || !atCommit || atCommit(m_into, segment);
        };
        const auto done = m_log.forEachWithPayload(first, visit);
        return error ? std::unexpected(*error) : done;
    }

    Result<void> add(const Segment &segment, std::span<const std::byte> payload)
    {
        // Up to where the source ends, no marker is wrong.
        if (m_framed && isTransactionMarker(segment.header.type)) {
            if (segment.header.type == SegmentType::TxnCommit && m_isOpen)
                std::ranges::for_each(m_staged, [this](const Staged &staged) { apply(staged); });
            m_staged.clear();
            m_isOpen = segment.header.type == SegmentType::TxnBegin;
            return {};
        }
        if (segment.header.type != SegmentType::Record || segment.header.payloadLength > kMaxPayload
            || (m_framed && !m_isOpen))
            return {};
        if (payload.size() != segment.header.payloadLength) {
            auto longer = readBytes(m_store, segment.payloadOffset(), segment.header.payloadLength);
            if (!longer)
                return std::unexpected(longer.error());
            m_longPayload = *std::move(longer);
            payload = m_longPayload;
        }
        const auto staged = stage(payload, segment.payloadOffset());
        if (!staged)
            return {};
        if (m_framed)
            m_staged.push_back(*staged);
        else
            apply(*staged);
        return {};
    }

    /// None if it does not decode, or can be no row.
    std::optional<Staged> stage(std::span<const std::byte> payload, Offset at)
    {
        const auto outline = RecordOutline::peek(payload);
        const auto *decoder = outline ? decoderFor(*outline) : nullptr;
        if (decoder == nullptr)
            return std::nullopt;
        const auto checked = decoder->check(payload, at);
        if (!checked)
            return std::nullopt;
        return Staged{.key = m_into.m_hasher(checked->collectionId, checked->keyBytes),
                      .row = {.place = {.payload = at, .length = static_cast<std::uint32_t>(payload.size())},
                              .collectionId = checked->collectionId},
                      .deletes = checked->operation == RecordHead::Delete};
    }

    const RecordDecoder *decoderFor(const RecordOutline &outline)
    {
        const std::pair version(outline.collectionId, outline.schemaVersion);
        if (const auto found = m_decoders.find(version); found != m_decoders.end())
            return &found->second;
        const auto schema = m_into.schemaFor(outline);
        return schema ? &m_decoders.emplace(version, schema->layout()).first->second : nullptr;
    }

    void apply(const Staged &staged)
    {
        auto &count = m_into.m_counts[staged.row.collectionId];
        const auto known = m_into.m_keys.find(staged.key);
        if (!known) {
            if (staged.deletes)
                return;
            m_into.m_keys.exchange(staged.key, {m_into.m_rows.size()}, 0);
            m_into.m_rows.push_back(staged.row);
            ++count;
            return;
        }
        auto &row = m_into.m_rows[known->value];
        const bool wasThere = row.collectionId != 0;
        row = staged.deletes ? Row{} : staged.row;
        count += staged.deletes ? 0 : 1;
        count -= wasThere ? 1 : 0;
    }

    const Store &m_store;
    const LogReader m_log;
    const ReplaySource &m_source;
    const bool m_framed;
    RowState &m_into;
    std::map<std::pair<std::uint32_t, std::uint32_t>, RecordDecoder> m_decoders; // by collection and schema version
    std::vector<Staged> m_staged; // of the transaction that is not ended yet
    std::vector<std::byte> m_longPayload;
    bool m_isOpen = false;
};

Result<RowState> RowState::read(const Store &store, const LogScan &log, const ReplaySource &source,
                                std::shared_ptr<const Catalog> catalog, std::shared_ptr<const CatalogHistory> history,
                                bool framed, const Progress &progress, const AtCommit &atCommit)
try {
    RowState state(std::move(catalog), std::move(history));
    return Reader(store, log, source, framed, state).run(progress, atCommit).transform([&state] {
        return std::move(state);
    });
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

std::uint64_t RowState::count(std::uint32_t collectionId) const
{
    const auto found = m_counts.find(collectionId);
    return found != m_counts.end() ? found->second : 0;
}

std::vector<RowPlace> RowState::places(std::uint32_t collectionId) const
{
    std::vector<RowPlace> places;
    for (const auto &row : m_rows) {
        if (row.collectionId == collectionId)
            places.push_back(row.place);
    }
    std::ranges::sort(places, {}, &RowPlace::payload);
    return places;
}

Result<std::vector<RowPlace>> RowState::placesByKey(const Store &store, std::uint32_t collectionId) const
try {
    std::vector<std::pair<std::string, RowPlace>> keyed;
    for (const auto &place : places(collectionId)) {
        const auto read = row(store, place);
        if (!read)
            return std::unexpected(read.error());
        const auto key = *keyBytes(read->record.head.key); // a decoded key is a scalar
        keyed.emplace_back(std::string(reinterpret_cast<const char *>(key.data()), key.size()), place);
    }
    std::ranges::sort(keyed, {}, [](const auto &it) -> const std::string & { return it.first; });
    std::vector<RowPlace> sorted;
    sorted.reserve(keyed.size());
    for (const auto &[key, place] : keyed)
        sorted.push_back(place);
    return sorted;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

std::optional<RowPlace> RowState::find(std::uint32_t collectionId, std::span<const std::byte> keyBytes) const
{
    const auto known = m_keys.find(m_hasher(collectionId, keyBytes));
    if (!known || m_rows[known->value].collectionId == 0)
        return std::nullopt;
    return m_rows[known->value].place;
}

Result<PlacedRow> RowState::row(const Store &store, const RowPlace &place) const
{
    return readRow(store, place, [this](const RecordOutline &outline) { return schemaFor(outline); });
}

std::optional<SchemaMatch> RowState::schemaFor(const RecordOutline &outline) const
{
    auto match = matchSchema(*m_catalog, outline.collectionId, outline.schemaVersion);
    if (!match || match->collection->primaryField.empty())
        return std::nullopt;
    if (outline.schemaVersion == match->collection->current().number)
        return match;
    // A checkpoint has the current field list for all versions: only the log has the older ones.
    const auto own = m_history->schemaFor(outline.collectionId, outline.schemaVersion, std::nullopt);
    return own && own->isOwnVersion && own->collection->primaryField == match->collection->primaryField ? own : match;
}

} // namespace modelvault
