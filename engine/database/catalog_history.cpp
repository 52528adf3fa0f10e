#include "database/catalog_history.h"

#include "format/limits.h"
#include "out_of_memory.h"

#include <algorithm>
#include <array>

namespace modelvault {
namespace {

constexpr std::uint64_t kAtATime = 64;

} // namespace

class CatalogHistory::Reader {
public:
    Reader(const Store &store, const LogScan &log, bool framed, CatalogHistory &into)
        : m_store(store),
          m_log(store, log.index),
          m_readEnd(log.readEnd()),
          m_framed(framed),
          m_into(into)
    { }

    Result<void> run(const Progress &progress)
    {
        const auto total = m_log.index().count(SegmentType::Schema);
        for (std::uint64_t done = 0; done < total;) {
            if (progress && !progress(done, total))
                return failure(ErrorCode::Cancelled);
            const auto segments = m_log.segmentsOfType(SegmentType::Schema, done, kAtATime);
            if (!segments)
                return std::unexpected(segments.error());
            for (const auto &segment : *segments) {
                if (const auto added = add(segment); !added)
                    return added;
            }
            done += segments->size();
        }
        return {};
    }

private:
    Result<void> add(const Segment &segment)
    {
        const auto transaction = transactionOf(segment);
        if (!transaction)
            return std::unexpected(transaction.error());
        CatalogChange change{
            .place = {.segment = segment.no, .payload = segment.payloadOffset(), .transaction = segment.transaction},
            .payloadLength = segment.header.payloadLength,
            .counts = counts(segment, *transaction),
            .fault = {}};
        if (const auto entry = decode(segment); entry) {
            change.kind = entry->kind;
            change.collectionId = entry->collectionId;
            change.schemaVersion = entry->schemaVersion;
            if (const auto applied = catalogFor(change, *transaction).apply(*entry, change.place); !applied)
                change.fault = applied.error();
        } else {
            change.fault = entry.error();
        }
        m_into.m_changes.push_back(std::move(change));
        return {};
    }

    Result<CatalogEntry> decode(const Segment &segment)
    {
        const Offset at = segment.payloadOffset();
        if (segment.header.payloadLength > kMaxPayload)
            return failure(ErrorCode::PayloadOverLimit, at, kMaxPayload, segment.header.payloadLength);
        if (segment.payloadDamaged)
            return failure(ErrorCode::BadSegmentPayloadChecksum, at);
        m_payload.resize(static_cast<std::size_t>(segment.header.payloadLength));
        if (const auto read = m_store.readExactAt(at, m_payload); !read)
            return std::unexpected(read.error());
        return CatalogEntry::decode(m_payload, at);
    }

    /// Of one that many entries share, say, only once.
    Result<std::optional<Transaction>> transactionOf(const Segment &segment)
    {
        if (!segment.transaction)
            return std::nullopt;
        if (!m_transaction || m_transaction->no != *segment.transaction) {
            const auto found = m_log.transaction(*segment.transaction);
            if (!found)
                return std::unexpected(found.error());
            m_transaction = *found;
        }
        return m_transaction;
    }

    [[nodiscard]] bool counts(const Segment &segment, const std::optional<Transaction> &transaction) const
    {
        if (!m_framed)
            return segment.end() <= m_readEnd;
        return transaction && transaction->counts(m_readEnd);
    }

    Catalog &catalogFor(const CatalogChange &change, const std::optional<Transaction> &transaction)
    {
        if (change.counts)
            return m_into.m_counted;
        if (!transaction || transaction->state == TransactionState::Committed)
            return m_into.m_uncounted;
        return m_into.m_uncommitted.try_emplace(transaction->no, &m_into.m_uncounted).first->second;
    }

    const Store &m_store;
    const LogReader m_log;
    const Offset m_readEnd;
    const bool m_framed;
    CatalogHistory &m_into;
    std::vector<std::byte> m_payload;
    std::optional<Transaction> m_transaction; // of the segment before
};

Result<std::shared_ptr<const CatalogHistory>> CatalogHistory::read(const Store &store, const LogScan &log, bool framed,
                                                                   const Progress &progress)
try {
    auto history = std::make_shared<CatalogHistory>();
    return Reader(store, log, framed, *history).run(progress).transform([&history] {
        return std::shared_ptr<const CatalogHistory>(std::move(history));
    });
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

const CatalogChange *CatalogHistory::change(SegmentNo segment) const
{
    const auto found = std::ranges::lower_bound(m_changes, segment, {},
                                                [](const CatalogChange &change) { return change.place.segment; });
    return found != m_changes.end() && found->place.segment == segment ? &*found : nullptr;
}

std::optional<SchemaMatch> CatalogHistory::schemaFor(std::uint32_t collectionId, std::uint32_t schemaVersion,
                                                     std::optional<TransactionNo> transaction) const
{
    std::optional<SchemaMatch> best;
    for (const auto *catalog : std::array{ofTransaction(transaction), &m_counted, &m_uncounted}) {
        if (catalog == nullptr)
            continue;
        const auto match = matchSchema(*catalog, collectionId, schemaVersion);
        if (match && match->isOwnVersion)
            return match;
        if (!best)
            best = match;
    }
    return best;
}

const Collection *CatalogHistory::collection(std::uint32_t collectionId, std::optional<TransactionNo> transaction) const
{
    const auto match = schemaFor(collectionId, 1, transaction);
    return match ? match->collection : nullptr;
}

const Catalog *CatalogHistory::ofTransaction(std::optional<TransactionNo> transaction) const
{
    if (!transaction)
        return nullptr;
    const auto found = m_uncommitted.find(*transaction);
    return found != m_uncommitted.end() ? &found->second : nullptr;
}

} // namespace modelvault
