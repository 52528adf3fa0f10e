#include "database/row_reader.h"

#include "format/limits.h"
#include "log/log_walker.h"
#include "out_of_memory.h"

#include <algorithm>

namespace modelvault {

const Value *RowVersion::value(const FieldPath &path, std::size_t likely) const
{
    if (path.is(schema.collection->primaryField))
        return &record.head.key;
    // Without the key, which may come before.
    for (const auto place : {likely, likely - std::min<std::size_t>(likely, 1)}) {
        if (place < record.fields.size() && record.fields[place].path == path)
            return &record.fields[place].value;
    }
    const auto found = std::ranges::find(record.fields, path, &RecordField::path);
    return found != record.fields.end() ? &found->value : nullptr;
}

std::vector<FieldPath> changedFields(const RowVersion *before, const RowVersion &after)
{
    std::vector<FieldPath> changed;
    if (after.record.head.operation == RecordHead::Delete)
        return changed;
    const bool wasThere = before != nullptr && before->record.head.operation != RecordHead::Delete;
    for (std::size_t i = 0; i < after.record.fields.size(); ++i) {
        const auto &field = after.record.fields[i];
        const auto *old = wasThere ? before->value(field.path, i) : nullptr;
        if (old == nullptr || !isSameValue(*old, field.value))
            changed.push_back(field.path);
    }
    for (std::size_t i = 0; wasThere && i < before->record.fields.size(); ++i) {
        if (after.value(before->record.fields[i].path, i) == nullptr)
            changed.push_back(before->record.fields[i].path);
    }
    return changed;
}

RowReader::RowReader(const Store &store, std::shared_ptr<const Snapshot> snapshot)
    : m_store(store),
      m_snapshot(std::move(snapshot)),
      m_log(store, m_snapshot->log.index)
{ }

Result<RowVersion> RowReader::read(RecordNo record)
try {
    const auto segment = segmentOf(record);
    if (!segment)
        return std::unexpected(segment.error());
    const Offset at = segment->payloadOffset();
    if (const auto loaded = load(at, segment->header.payloadLength); !loaded)
        return std::unexpected(loaded.error());
    const auto *decoder = decoderFor(m_payload);
    if (decoder == nullptr) // says why, in the right order
        return std::unexpected(
            Record::decode(m_payload, at, [](std::uint32_t, std::uint32_t) { return std::nullopt; }).error());
    return decoder->decoder.decode(m_payload, at).transform([&](Record &&decoded) {
        return RowVersion{.no = record, .segment = *segment, .record = std::move(decoded), .schema = decoder->schema};
    });
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<std::vector<RowVersion>> RowReader::history(RecordNo last, std::size_t most)
try {
    std::vector<RowVersion> versions;
    for (auto next = std::optional(last); next && versions.size() < most; next = m_snapshot->rows->earlier(*next)) {
        auto version = read(*next);
        if (!version)
            return std::unexpected(version.error());
        versions.push_back(std::move(*version));
    }
    return versions;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<std::optional<RecordNo>> RowReader::versionBefore(RecordNo last, Offset end) const
try {
    for (auto next = std::optional(last); next; next = m_snapshot->rows->earlier(*next)) {
        const auto segment = segmentOf(*next);
        if (!segment)
            return std::unexpected(segment.error());
        if (segment->end() <= end)
            return next;
    }
    return std::nullopt;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<void> RowReader::scan(const RecordSet &records, const std::function<bool(const RowPayload &)> &visit,
                             const Progress &progress)
{
    if (records.size() == 0)
        return {};
    const auto wants = [&records](RecordNo no, std::span<const std::byte>) { return records.contains(no); };
    return walk(
        records.at(0), records.size(), wants,
        [&visit](const RowPayload &row, const SchemaMatch &) { return visit(row); }, progress);
}

Result<void> RowReader::scanAll(const std::function<bool(const RowPayload &, const SchemaMatch &)> &visit,
                                const Progress &progress)
{
    const auto rows = m_snapshot->rows->liveCount();
    if (rows == 0)
        return {};
    // Of which collection a record is stands in its payload.
    const auto wants = [this](RecordNo no, std::span<const std::byte> payload) {
        if (payload.empty())
            return true;
        const auto outline = RecordOutline::peek(payload);
        return outline && m_snapshot->rows->collection(outline->collectionId).live.contains(no);
    };
    return walk({0}, rows, wants, visit, progress);
}

/// Of the records from `first` on, calls `visit` for the `left` ones that `wants(no, payload)`. Where the walk left a
/// payload out for its length, that is asked without it, and once it is read again.
template <class Wants, class Visit>
Result<void> RowReader::walk(RecordNo first, std::uint64_t left, const Wants &wants, const Visit &visit,
                             const Progress &progress)
try {
    const auto begin = segmentOf(first);
    if (!begin)
        return std::unexpected(begin.error());
    const Offset end = m_snapshot->log.readEnd();
    const std::uint64_t total = end - begin->offset;
    LogWalker walker(m_store, begin->offset, end,
                     [&](Offset reached) { return !progress || progress(reached - begin->offset, total); });
    RecordNo next = first;
    std::optional<Error> failed;
    const auto add = [&](Offset offset, const SegmentHeader &header, std::span<const std::byte> payload) {
        if (header.type != SegmentType::Record || left == 0)
            return;
        const RecordNo no{next.value++};
        const Offset at = offset + SegmentHeader::kSize;
        const bool isWhole = payload.size() == header.payloadLength;
        const bool canBeRow = header.payloadLength > 0 && header.payloadLength <= kMaxPayload;
        if (!canBeRow || !wants(no, isWhole ? payload : std::span<const std::byte>()))
            return;
        if (!isWhole) {
            if (const auto loaded = load(at, header.payloadLength); !loaded) {
                failed = loaded.error();
                left = 0;
                return;
            }
            payload = m_payload;
            if (!wants(no, payload))
                return;
        }
        --left;
        const auto *decoder = decoderFor(payload);
        if (decoder == nullptr)
            failed = Error{.code = ErrorCode::ChangedMeanwhile, .offset = at};
        if (failed
            || !visit({.no = no, .at = at, .bytes = payload, .decoder = decoder->decoder}, decoder->schema))
            left = 0;
    };
    while (left > 0) {
        walker.visitResident(add);
        if (left == 0)
            break;
        const auto step = walker.next();
        if (!step)
            return std::unexpected(step.error());
        if (*step != LogWalker::Step::Segment) // the records are all there when nothing has changed
            return failure(ErrorCode::ChangedMeanwhile, walker.offset());
        add(walker.offset(), walker.header(), walker.payload());
    }
    return failed ? Result<void>(std::unexpected(*failed)) : Result<void>();
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<Segment> RowReader::segmentOf(RecordNo record) const
{
    const auto found = m_log.segmentsOfType(SegmentType::Record, record.value, 1);
    if (!found)
        return std::unexpected(found.error());
    if (found->empty())
        return failure(ErrorCode::InvalidInput, {}, m_log.index().count(SegmentType::Record), record.value);
    return found->front();
}

Result<void> RowReader::load(Offset at, std::uint64_t length)
{
    if (length > kMaxPayload)
        return failure(ErrorCode::PayloadOverLimit, at, kMaxPayload, length);
    m_payload.resize(static_cast<std::size_t>(length));
    return m_store.readExactAt(at, m_payload);
}

const RowReader::Decoder *RowReader::decoderFor(std::span<const std::byte> payload)
{
    const auto outline = RecordOutline::peek(payload);
    const auto match = outline
        ? matchSchema(m_snapshot->catalog->catalog(), outline->collectionId, outline->schemaVersion)
        : std::nullopt;
    if (!match)
        return nullptr;
    return &m_decoders.try_emplace(match->schema, *match, RecordDecoder(match->layout())).first->second;
}

} // namespace modelvault
