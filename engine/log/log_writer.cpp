#include "log/log_writer.h"

#include "format/crc32c.h"
#include "format/limits.h"
#include "format/manifest.h"
#include "format/transaction_marker.h"
#include "log/file_head.h"

#include <limits>

namespace modelvault {
namespace {

constexpr std::size_t kFlushFrom = 1024 * 1024;

} // namespace

Result<LogWriter> LogWriter::create(std::unique_ptr<Store> store, std::uint16_t minor)
{
    const auto length = store->length();
    if (!length)
        return std::unexpected(length.error());
    if (*length != 0)
        return failure(ErrorCode::InvalidInput, {}, 0, *length);

    const FileHeader header{.minor = minor};
    const Superblock first{.generation = 1};
    LogWriter writer(std::move(store), kLogStart);
    if (const auto written = writer.m_store->writeAllAt(Offset{0}, header.encode()); !written)
        return std::unexpected(written.error());
    if (!header.hasSuperblocks())
        return writer;
    const Offset at = Superblock::slotOffset(SuperblockSlot::A);
    if (const auto written = writer.m_store->writeAllAt(at, first.encode()); !written)
        return std::unexpected(written.error());
    writer.m_current = first;
    return writer.publish().transform([&writer] { return std::move(writer); });
}

Result<LogWriter> LogWriter::open(std::unique_ptr<Store> store)
{
    const auto head = readFileHead(*store);
    if (!head)
        return std::unexpected(head.error());
    if (!head->header)
        return std::unexpected(head->header.error());
    if (head->fileLength < kLogStart.value)
        return failure(ErrorCode::TruncatedSuperblock, {head->fileLength}, kLogStart.value, head->fileLength);
    if (!head->selected)
        return failure(ErrorCode::BadSuperblockChecksum, Superblock::slotOffset(SuperblockSlot::A));
    LogWriter writer(std::move(store), Offset{head->fileLength});
    writer.m_currentSlot = *head->selected;
    writer.m_current = *head->superblocks[static_cast<std::size_t>(*head->selected)];
    return writer;
}

Result<Offset> LogWriter::append(SegmentType type, std::span<const std::byte> payload)
{
    const Offset at = end();
    if (payload.size() > kMaxPayload)
        return failure(ErrorCode::PayloadOverLimit, at, kMaxPayload, payload.size());
    const SegmentHeader header{.type = type, .payloadLength = payload.size(), .payloadCrc = crc32c(payload)};
    const auto encoded = header.encode();
    m_pending.insert(m_pending.end(), encoded.begin(), encoded.end());
    m_pending.insert(m_pending.end(), payload.begin(), payload.end());
    if (m_pending.size() >= kFlushFrom) {
        if (const auto flushed = flush(); !flushed)
            return std::unexpected(flushed.error());
    }
    return at;
}

Result<Offset> LogWriter::appendMarker(SegmentType type, std::uint64_t id)
{
    return append(type, TransactionMarker{.id = id}.encode());
}

Result<void> LogWriter::publish(Offset checkpoint, std::uint32_t checkpointLength)
{
    if (m_current.generation == std::numeric_limits<std::uint64_t>::max())
        return failure(ErrorCode::InvalidInput); // the next would lose against this one
    const Manifest manifest{.segmentOffset = end(), .segmentLength = SegmentHeader::kSize + Manifest::kSize};
    if (const auto appended = append(SegmentType::Manifest, manifest.encode()); !appended)
        return std::unexpected(appended.error());
    if (const auto flushed = flush(); !flushed)
        return flushed;

    Superblock next = m_current;
    next.version = Superblock::kVersionHighest;
    next.generation = m_current.generation + 1;
    next.manifestOffset = manifest.segmentOffset;
    next.manifestLength = static_cast<std::uint32_t>(Manifest::kSize);
    if (checkpoint.value != 0) {
        next.checkpointOffset = checkpoint;
        next.checkpointLength = checkpointLength;
    }
    const auto slot = m_currentSlot == SuperblockSlot::A ? SuperblockSlot::B : SuperblockSlot::A;
    if (const auto written = m_store->writeAllAt(Superblock::slotOffset(slot), next.encode()); !written)
        return written;
    m_current = next;
    m_currentSlot = slot;
    return {};
}

Result<void> LogWriter::flush()
{
    if (m_pending.empty())
        return {};
    if (const auto written = m_store->writeAllAt(m_flushed, m_pending); !written)
        return written;
    m_flushed += m_pending.size();
    m_pending.clear();
    return {};
}

} // namespace modelvault
