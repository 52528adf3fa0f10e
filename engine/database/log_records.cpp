#include "database/log_records.h"

#include "format/limits.h"
#include "out_of_memory.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace modelvault {
namespace {

class Walk {
public:
    Walk(const Store &store, const Snapshot &snapshot)
        : m_store(store),
          m_snapshot(snapshot),
          m_log(store, snapshot.log.index),
          m_readEnd(snapshot.log.readEnd()),
          m_framed(snapshot.head.hasTransactions()),
          m_transactions(m_log)
    { }

    Result<void> run(Offset from, const std::function<bool(const LogRecord &)> &visit, const Progress &progress)
    {
        constexpr std::uint64_t kSegmentsAReport = 4096;
        const auto first = m_log.firstBehind(from);
        if (!first)
            return std::unexpected(first.error());
        if (!*first)
            return {};
        std::optional<Error> error;
        const auto total = m_log.index().end() - from;
        const auto walked = m_log.forEachWithPayload((*first)->no, [&](const Segment &segment, auto payload) {
            if (progress && segment.no.value % kSegmentsAReport == 0 && !progress(segment.offset - from, total))
                error = Error{.code = ErrorCode::Cancelled, .offset = segment.offset};
            if (error || segment.header.type != SegmentType::Record)
                return !error;
            const auto goesOn = add(segment, payload, visit);
            if (!goesOn)
                error = goesOn.error();
            return goesOn.value_or(false);
        });
        return error ? std::unexpected(*error) : walked;
    }

private:
    Result<bool> add(const Segment &segment, std::span<const std::byte> payload,
                     const std::function<bool(const LogRecord &)> &visit)
    {
        const auto unseen = unseenBecause(segment);
        if (!unseen)
            return std::unexpected(unseen.error());
        const Offset at = segment.payloadOffset();
        LogRecord record{.segment = segment,
                         .payload = {},
                         .unseen = *unseen,
                         .schema = {},
                         .outline = failure(ErrorCode::BadSegmentPayloadChecksum, at)};
        if (segment.header.payloadLength > kMaxPayload) {
            record.outline = failure(ErrorCode::PayloadOverLimit, at, kMaxPayload, segment.header.payloadLength);
        } else if (!segment.payloadDamaged) {
            if (payload.size() != segment.header.payloadLength) {
                m_payload.resize(static_cast<std::size_t>(segment.header.payloadLength));
                if (const auto read = m_store.readExactAt(at, m_payload); !read)
                    return std::unexpected(read.error());
                payload = m_payload;
            }
            decode(payload, record);
        }
        return visit(record);
    }

    void decode(std::span<const std::byte> payload, LogRecord &record)
    {
        const Offset at = record.segment.payloadOffset();
        record.payload = payload;
        if (const auto outline = RecordOutline::peek(payload))
            record.schema = m_snapshot.catalog->schemaFor(outline->collectionId, outline->schemaVersion,
                                                          record.segment.transaction);
        if (!record.schema) { // the decoder tells what is wrong before that in the right order
            record.outline = std::unexpected(
                Record::decode(payload, at, [](std::uint32_t, std::uint32_t) { return std::nullopt; }).error());
            return;
        }
        record.decoder = &m_decoders.try_emplace(record.schema->schema, record.schema->layout()).first->second;
        record.outline = record.decoder->check(payload, at);
    }

    Result<std::optional<Unseen>> unseenBecause(const Segment &segment)
    {
        if (!m_framed)
            return segment.end() > m_readEnd ? std::optional(Unseen::BehindEnd) : std::nullopt;
        if (!segment.transaction)
            return Unseen::OutsideTransactions;
        const auto transaction = m_transactions.find(*segment.transaction);
        if (!transaction)
            return std::unexpected(transaction.error());
        if (transaction->state == TransactionState::Committed)
            return transaction->counts(m_readEnd) ? std::nullopt : std::optional(Unseen::BehindEnd);
        return transaction->state == TransactionState::Aborted ? Unseen::Aborted : Unseen::NeverCommitted;
    }

    const Store &m_store;
    const Snapshot &m_snapshot;
    const LogReader m_log;
    const Offset m_readEnd;
    const bool m_framed;
    RisingTransactions m_transactions;
    std::map<const SchemaVersion *, RecordDecoder> m_decoders;
    std::vector<std::byte> m_payload; // that did not come along with its segment
};

} // namespace

std::string_view unseenName(Unseen unseen)
{
    switch (unseen) {
    case Unseen::BehindEnd:
        return "behind_end";
    case Unseen::NeverCommitted:
        return "never_committed";
    case Unseen::Aborted:
        return "aborted";
    case Unseen::OutsideTransactions:
        break;
    }
    return "outside_transactions";
}

Result<void> forEachRecord(const Store &store, const Snapshot &snapshot, Offset from,
                           const std::function<bool(const LogRecord &)> &visit, const Progress &progress)
{
    return Walk(store, snapshot).run(from, visit, progress);
}

} // namespace modelvault
