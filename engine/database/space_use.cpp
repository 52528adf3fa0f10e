#include "database/space_use.h"

#include "database/row_index.h"
#include "format/index_entry.h"
#include "format/record.h"
#include "format/superblock.h"
#include "out_of_memory.h"

#include <algorithm>

namespace modelvault {
namespace {

constexpr std::uint64_t kProgressStep = 1 << 20; // bytes

} // namespace

SpaceReader::SpaceReader(const Store &store, std::shared_ptr<const Snapshot> snapshot)
    : m_store(store),
      m_snapshot(std::move(snapshot)),
      m_log(store, m_snapshot->log.index),
      m_transactions(m_log)
{ }

Result<void> SpaceReader::forEach(Offset begin, Offset end, const std::function<bool(const SpacePiece &)> &visit)
try {
    end = std::min(end, Offset{m_snapshot->fileLength()});
    Offset at = begin;
    bool goesOn = true;
    const auto add = [&](SpacePiece piece) {
        piece.begin = std::max(piece.begin, at);
        piece.end = std::min(piece.end, end);
        if (!goesOn || piece.begin >= piece.end)
            return;
        at = piece.end;
        goesOn = visit(piece);
    };
    add({.begin = {}, .end = kLogStart, .liveness = Liveness::Overhead, .collectionId = {}});

    std::optional<SegmentNo> first;
    const auto found = m_log.forEachFrom(std::max(at, kLogStart), [&](const Segment &segment) {
        if (segment.offset < end)
            first = segment.no;
        return false;
    });
    if (!found)
        return found;
    Result<void> read;
    if (first && goesOn) {
        const auto before = m_log.countBefore(SegmentType::Record, *first);
        if (!before)
            return std::unexpected(before.error());
        RecordNo record{*before};
        const auto addSegment = [&](const Segment &segment, std::span<const std::byte> payload) {
            add({.begin = at, .end = segment.offset, .liveness = Liveness::Damaged, .collectionId = {}});
            if (segment.offset >= end || !goesOn)
                return false;
            const auto piece = pieceOf(segment, payload, record);
            if (!piece) {
                read = std::unexpected(piece.error());
                return false;
            }
            if (segment.header.type == SegmentType::Record)
                ++record.value;
            add(*piece);
            return goesOn && at < end;
        };
        const auto walked = m_log.forEachWithPayload(*first, addSegment);
        if (!walked || !read)
            return walked ? read : walked;
    }
    add({.begin = at, .end = end, .liveness = Liveness::Damaged, .collectionId = {}});
    return {};
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<SpacePiece> SpaceReader::pieceOf(const Segment &segment, std::span<const std::byte> payload, RecordNo record)
{
    SpacePiece piece{.begin = segment.offset, .end = segment.end(), .liveness = Liveness::Damaged, .collectionId = {}};
    if (segment.payloadDamaged)
        return piece;
    const auto type = segment.header.type;
    const bool hasCollection = type == SegmentType::Record || type == SegmentType::Index;
    if (hasCollection) {
        const auto bytes = beginning(segment, payload);
        if (!bytes)
            return std::unexpected(bytes.error());
        piece.collectionId = type == SegmentType::Record
            ? RecordOutline::peek(*bytes).transform([](const RecordOutline &it) { return it.collectionId; })
            : IndexChanges::peekCollection(*bytes);
        if (type == SegmentType::Record && piece.collectionId
            && m_snapshot->rows->collection(*piece.collectionId).live.contains(record)) {
            piece.liveness = Liveness::Live;
            return piece;
        }
    } else if (type != SegmentType::Schema && type != SegmentType::Checkpoint) {
        piece.liveness = Liveness::Overhead;
        return piece;
    }
    const auto counted = counts(segment);
    if (!counted)
        return std::unexpected(counted.error());
    piece.liveness = !*counted                        ? Liveness::Dropped
                   : type == SegmentType::Record     ? Liveness::Superseded
                   : type == SegmentType::Index      ? Liveness::Index
                   : type == SegmentType::Checkpoint ? Liveness::Checkpoint
                                                     : Liveness::Overhead;
    return piece;
}

/// As an open sees it. Checkpoints need no transaction.
Result<bool> SpaceReader::counts(const Segment &segment)
{
    const auto readEnd = m_snapshot->log.readEnd();
    if (!m_snapshot->head.hasTransactions() || segment.header.type == SegmentType::Checkpoint)
        return segment.end() <= readEnd;
    if (!segment.transaction)
        return false;
    return m_transactions.find(*segment.transaction).transform([readEnd](const Transaction &transaction) {
        return transaction.counts(readEnd);
    });
}

/// Of a payload that the walk left out for its length, as much as says of which collection it is.
Result<std::span<const std::byte>> SpaceReader::beginning(const Segment &segment, std::span<const std::byte> payload)
{
    if (!payload.empty())
        return payload;
    const auto bytes = std::span(m_beginning).first(std::min(m_beginning.size(), std::size_t{segment.header.payloadLength}));
    return m_store.readExactAt(segment.payloadOffset(), bytes).transform([&] { return std::span<const std::byte>(bytes); });
}

std::uint64_t SpaceUse::compactedLength() const
{
    std::uint64_t length = kLogStart.value + schemas;
    for (const auto &[id, bytes] : collections) {
        const auto live = of(bytes, Liveness::Live);
        const auto written = live + of(bytes, Liveness::Superseded);
        length += live;
        if (written > 0)
            length += static_cast<std::uint64_t>(static_cast<double>(of(bytes, Liveness::Index))
                                                 * (static_cast<double>(live) / static_cast<double>(written)));
    }
    return length;
}

Result<SpaceUse> measureSpace(const Store &store, const std::shared_ptr<const Snapshot> &snapshot,
                              const Progress &progress)
try {
    const auto &known = snapshot->catalog->catalog().collections();
    SpaceUse use;
    bool goesOn = true;
    Offset told;
    const Offset end{snapshot->fileLength()};
    const auto read = SpaceReader(store, snapshot).forEach({}, end, [&](const SpacePiece &piece) {
        const auto kind = static_cast<std::size_t>(piece.liveness);
        use.all[kind] += piece.end - piece.begin;
        if (piece.collectionId && known.contains(*piece.collectionId))
            use.collections[*piece.collectionId][kind] += piece.end - piece.begin;
        if (progress && piece.end - told >= kProgressStep) {
            told = piece.end;
            goesOn = progress(told.value, end.value);
        }
        return goesOn;
    });
    if (!read)
        return std::unexpected(read.error());
    if (!goesOn)
        return failure(ErrorCode::Cancelled);
    const auto &index = *snapshot->log.index;
    use.schemas = index.count(SegmentType::Schema) * SegmentHeader::kSize + index.payloadBytes(SegmentType::Schema);
    return use;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
