#include "database/row_index.h"

#include "format/limits.h"
#include "format/superblock.h"
#include "log/log_walker.h"
#include "out_of_memory.h"

#include <algorithm>
#include <utility>

namespace modelvault {

const CollectionRows &RowIndex::collection(std::uint32_t id) const
{
    static const CollectionRows kNone;
    const auto found = m_collections.find(id);
    return found != m_collections.end() ? found->second : kNone;
}

std::uint64_t RowIndex::liveCount() const
{
    std::uint64_t count = 0;
    for (const auto &[id, rows] : m_collections)
        count += rows.live.size();
    return count;
}

std::uint64_t RowIndex::memoryBytes() const
{
    std::uint64_t bytes = m_keys.memoryBytes() + m_chain.memoryBytes();
    for (const auto &[id, rows] : m_collections)
        bytes += rows.live.memoryBytes() + rows.deleted.memoryBytes();
    return bytes;
}

RowIndexBuilder::RowIndexBuilder(const Store &store, const LogScan &log, std::shared_ptr<const CatalogHistory> catalog,
                                 bool framed, Offset judgedFrom)
    : m_store(store),
      m_log(std::in_place, store, log.index),
      m_catalog(std::move(catalog)),
      m_end(log.readEnd()),
      m_framed(framed),
      m_judgedFrom(judgedFrom),
      m_begin(kLogStart),
      m_tracker(framed),
      m_fate(framed ? Fate::Dropped : Fate::Counts)
{ }

Result<void> RowIndexBuilder::run(const Progress &progress)
try {
    const auto keepGoing = [&](Offset reached) {
        return !m_failure && (!progress || progress(reached.value, m_end.value));
    };
    LogWalker walker(m_store, m_begin, std::max(m_end, m_begin), keepGoing);
    for (;;) {
        walker.visitResident([this](Offset offset, const SegmentHeader &header, std::span<const std::byte> payload) {
            addSegment(offset, header, payload);
        });
        const auto step = walker.next();
        if (m_failure)
            return std::unexpected(*m_failure);
        if (!step)
            return std::unexpected(step.error());
        if (*step == LogWalker::Step::End)
            break;
        if (*step == LogWalker::Step::Damage) // up to here the scan found none
            return failure(ErrorCode::ChangedMeanwhile, walker.offset());
        addSegment(walker.offset(), walker.header(), walker.payload());
    }
    m_begin = std::max(m_end, m_begin);
    m_index.m_complete = true;
    return {};
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

std::shared_ptr<const RowIndex> RowIndexBuilder::result()
{
    m_index.m_findings = m_findings.toVector();
    m_index.m_findingsDropped = m_findings.dropped();
    for (auto &[id, rows] : m_index.m_collections) {
        rows.live.index();
        rows.deleted.index();
    }
    auto copy = std::make_shared<const RowIndex>(m_index);
    ++m_index.m_epoch;
    return copy;
}

bool RowIndexBuilder::canGoOn(const CatalogHistory &catalog, Offset judgedFrom) const
{
    if (!m_index.m_complete)
        return false;
    const bool isSame = &catalog == m_catalog.get();
    if (isSame && judgedFrom == m_judgedFrom)
        return true;
    // Where nothing is wrong, less of it would still be right; more would not.
    if (judgedFrom < m_judgedFrom || !m_findings.toVector().empty())
        return false;
    // Of a collection that is new there are no records yet, or they would have been found to be of none.
    const auto &now = catalog.catalog().collections();
    return isSame || std::ranges::all_of(m_catalog->catalog().collections(), [&now](const auto &before) {
               const auto found = now.find(before.first);
               return found != now.end() && found->second == before.second;
           });
}

Result<void> RowIndexBuilder::goOn(const LogScan &log, std::shared_ptr<const CatalogHistory> catalog, Offset judgedFrom)
try {
    m_log.emplace(m_store, log.index);
    m_end = std::max(log.readEnd(), m_begin);
    const bool isSame = catalog == m_catalog && judgedFrom == m_judgedFrom;
    if (!isSame) {
        m_catalog = std::move(catalog);
        m_judgedFrom = judgedFrom;
        m_decoders.clear(); // they borrow from the catalog
        m_lastDecoder = nullptr;
    }
    const auto *open = m_tracker.open();
    if (open == nullptr || (isSame && !m_isOpenDropped))
        return {};
    // What was found out about its records does not hold any more.
    const auto transaction = m_log->transaction(open->no);
    if (!transaction)
        return std::unexpected(transaction.error());
    if (isSame && !transaction->counts(m_end))
        return {}; // they were dropped, and rightly so up to now
    return goBackTo(*transaction);
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

/// So that run() meets its begin marker next.
Result<void> RowIndexBuilder::goBackTo(const Transaction &transaction)
{
    const auto records = m_log->countBefore(SegmentType::Record, transaction.firstSegment);
    if (!records)
        return std::unexpected(records.error());
    m_begin = transaction.begin;
    m_records = *records;
    m_segments = transaction.firstSegment.value;
    m_tracker = TransactionTracker(m_framed, transaction.no.value, std::nullopt);
    m_staged.clear();
    m_stagedFaults.clear();
    m_fate = Fate::Dropped;
    m_isOpenDropped = false;
    return {};
}

inline void RowIndexBuilder::addSegment(Offset offset, const SegmentHeader &header, std::span<const std::byte> payload)
{
    m_tracker.add({m_segments++}, offset, header, payload);
    if (header.type == SegmentType::Record)
        addRecord(offset, header, payload);
    else if (m_framed && isTransactionMarker(header.type))
        addMarker();
}

void RowIndexBuilder::addMarker()
{
    if (const auto *ended = m_tracker.ended())
        settle(ended->state == TransactionState::Committed);
    m_fate = m_tracker.open() != nullptr ? Fate::Unknown : Fate::Dropped;
    m_isOpenDropped = false;
}

void RowIndexBuilder::addRecord(Offset offset, const SegmentHeader &header, std::span<const std::byte> payload)
{
    const RecordNo record{m_records++};
    if (m_fate == Fate::Dropped || m_failure)
        return;
    payload = whole(offset, header, payload);
    if (m_failure)
        return;
    if (header.payloadLength > kMaxPayload)
        return addFault(offset, header,
                        {.code = ErrorCode::PayloadOverLimit, .expected = kMaxPayload, .found = header.payloadLength});
    const Offset at = offset + SegmentHeader::kSize;
    const auto outline = RecordOutline::peek(payload);
    auto *decoder = outline ? decoderFor(*outline) : nullptr;
    if (decoder == nullptr) {
        // What is wrong before the collection is known, the decoder tells in the right order.
        const auto decoded = Record::decode(payload, at, [](std::uint32_t, std::uint32_t) { return std::nullopt; });
        return addFault(offset, header, decoded.error());
    }
    if (decoder->rows == nullptr)
        return;
    const auto checked = decoder->decoder.check(payload, at);
    if (!checked)
        return addFault(offset, header, checked.error());
    if (checked->schemaVersion != decoder->current && offset >= m_judgedFrom)
        addFault(
            offset, header,
            {.code = ErrorCode::InvalidSchemaVersion, .expected = decoder->current, .found = checked->schemaVersion});
    stageOrApply({.record = record,
                  .key = m_index.m_hasher(checked->collectionId, checked->keyBytes),
                  .rows = decoder->rows,
                  .deletes = checked->operation == RecordHead::Delete});
}

/// The payload, read if the walk left it out for its length.
std::span<const std::byte> RowIndexBuilder::whole(Offset offset, const SegmentHeader &header,
                                                  std::span<const std::byte> payload)
{
    if (payload.size() == header.payloadLength || header.payloadLength > kMaxPayload)
        return payload;
    m_payload.resize(static_cast<std::size_t>(header.payloadLength));
    if (const auto read = m_store.readExactAt(offset + SegmentHeader::kSize, m_payload); !read)
        m_failure = read.error();
    return m_payload;
}

RowIndexBuilder::Decoder *RowIndexBuilder::decoderFor(const RecordOutline &outline)
{
    if (m_lastDecoder != nullptr && outline.collectionId == m_lastOutline.collectionId
        && outline.schemaVersion == m_lastOutline.schemaVersion)
        return m_lastDecoder;
    const auto match = matchSchema(m_catalog->catalog(), outline.collectionId, outline.schemaVersion);
    if (!match)
        return nullptr;
    auto found = m_decoders.find(match->schema);
    if (found == m_decoders.end()) {
        const bool holdsRows = !match->collection->primaryField.empty();
        found = m_decoders
                    .emplace(match->schema,
                             Decoder{.decoder = RecordDecoder(match->layout()),
                                     .rows = holdsRows ? &m_index.m_collections[outline.collectionId] : nullptr,
                                     .current = match->collection->current().number})
                    .first;
    }
    m_lastOutline = outline;
    m_lastDecoder = &found->second;
    return m_lastDecoder;
}

void RowIndexBuilder::addFault(Offset offset, const SegmentHeader &header, const Error &error)
{
    const Finding finding{.code = error.code,
                          .severity = offset < m_judgedFrom ? Severity::Warning : Severity::Error,
                          .offset = offset,
                          .length = SegmentHeader::kSize + header.payloadLength,
                          .expected = error.expected,
                          .found = error.found};
    if (m_fate == Fate::Counts)
        m_findings.add(finding);
    else if (m_stagedFaults.size() < FindingList::kMost)
        m_stagedFaults.push_back(finding);
}

void RowIndexBuilder::stageOrApply(const Staged &record)
{
    if (m_fate == Fate::Unknown && m_staged.size() == kMostStaged)
        learnFate();
    if (m_fate == Fate::Counts)
        apply(record);
    else if (m_fate == Fate::Unknown)
        m_staged.push_back(record);
}

void RowIndexBuilder::apply(const Staged &record)
{
    auto &rows = *record.rows;
    const auto epoch = m_index.m_epoch;
    const auto earlier = m_index.m_keys.exchange(record.key, record.record, epoch);
    m_index.m_chain.add(record.record, earlier, epoch);
    ++rows.versions;
    if (earlier)
        (rows.live.contains(*earlier) ? rows.live : rows.deleted).remove(*earlier, epoch);
    (record.deletes ? rows.deleted : rows.live).add(record.record, epoch);
}

void RowIndexBuilder::settle(bool counts)
{
    if (counts) {
        for (const auto &record : m_staged)
            apply(record);
        for (const auto &finding : m_stagedFaults)
            m_findings.add(finding);
    }
    m_staged.clear();
    m_stagedFaults.clear();
}

/// Long transactions would take memory until their end is met; how they end, the index of the log knows.
void RowIndexBuilder::learnFate()
{
    const auto transaction = m_log->transaction(m_tracker.open()->no);
    if (!transaction) {
        m_failure = transaction.error();
        return;
    }
    const bool counts = transaction->counts(m_end);
    settle(counts);
    m_fate = counts ? Fate::Counts : Fate::Dropped;
    // Where it reaches beyond what is read, it may still end well.
    m_isOpenDropped = !counts && (transaction->state == TransactionState::Open || transaction->end > m_end);
}

Result<std::shared_ptr<const RowIndex>> indexRows(const Store &store, const LogScan &log,
                                                  std::shared_ptr<const CatalogHistory> catalog, bool framed,
                                                  Offset judgedFrom, const Progress &progress)
try {
    RowIndexBuilder builder(store, log, std::move(catalog), framed, judgedFrom);
    return builder.run(progress).transform([&builder] { return builder.result(); });
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
