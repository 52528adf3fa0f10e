#pragma once

#include "error.h"
#include "format/segment.h"
#include "format/transaction_marker.h"
#include "position.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace modelvault {

enum class TransactionState : std::uint8_t {
    Open,      ///< no end marker up to where the log was read
    Committed, ///< the only ones that count
    Aborted,
    Broken, ///< ended by a wrong marker, by the marker of another id or by the begin of the next
};

/// One transaction of the log: the segments from its begin marker to its end marker. FORMAT.md, "Transactions".
struct Transaction {
    TransactionNo no;
    std::uint64_t id = 0; ///< as in its begin marker; may repeat in one log. 0 if that marker is wrong.
    SegmentNo firstSegment;
    SegmentNo lastSegment; ///< inclusive; the last one seen while Open
    Offset begin;
    Offset end; ///< exclusive
    TransactionState state = TransactionState::Open;

    /// Whether opens that stop reading at `readEnd` (LogScan::readEnd()) look at it.
    [[nodiscard]] bool counts(Offset readEnd) const { return state == TransactionState::Committed && end <= readEnd; }

    bool operator==(const Transaction &) const = default;
};

/// Follows the markers of a log from segment to segment: the one place that knows the rules of framing.
class TransactionTracker {
public:
    /// `framed`: whether markers mean anything (FileHeader::hasTransactions()).
    explicit TransactionTracker(bool framed) : m_framed(framed) { }
    /// Goes on where another tracker stood: `begun` transactions begun, `open` the one not yet ended.
    TransactionTracker(bool framed, std::uint64_t begun, const std::optional<Transaction> &open);

    /// The next segment; `payload` is used for markers only. Returns null, or what breaks a rule: InvalidTxnPayload or
    /// UnframedSegment, valid until the next call.
    const Error *add(SegmentNo no, Offset offset, const SegmentHeader &header, std::span<const std::byte> payload)
    {
        if (staysInside(header.type) || !m_framed)
            return nullptr;
        if (header.type == SegmentType::Manifest && m_current == Current::JustEnded) { // behind each small transaction
            m_current = Current::None;
            return nullptr;
        }
        return addAtEdge(no, offset, header, payload);
    }

    /// Whether a segment of that type, coming next, lies amid the open transaction: add() would change nothing.
    [[nodiscard]] bool staysInside(SegmentType type) const
    {
        return m_current == Current::Open && !isTransactionMarker(type);
    }

    [[nodiscard]] std::uint64_t begun() const { return m_begun; }
    /// The transaction that the last segment lies in and did not end, or null. Its lastSegment and end are not kept up
    /// to date. Valid until add().
    [[nodiscard]] const Transaction *open() const { return isOpen() ? &m_transaction : nullptr; }
    /// The transaction that the last segment ended, or null. Valid until add().
    [[nodiscard]] const Transaction *ended() const
    {
        if (m_current == Current::JustEnded)
            return &m_transaction;
        return m_current == Current::JustBegunInside ? &m_brokenOff : nullptr;
    }

private:
    enum class Current : std::uint8_t {
        None,
        Open,
        JustBegunInside, // open, and the last segment broke m_brokenOff off
        JustEnded,
    };
    [[nodiscard]] bool isOpen() const { return m_current == Current::Open || m_current == Current::JustBegunInside; }

    [[gnu::always_inline]] bool decodeMarker(TransactionMarker &marker, Offset segment,
                                             std::span<const std::byte> payload)
    {
        return TransactionMarker::decodeInto(marker, m_fault, payload, segment + SegmentHeader::kSize);
    }

    void open(SegmentNo no, Offset offset, std::uint64_t id)
    {
        // Member by member: a whole built aside and copied would wait for its own stores, in each small transaction.
        m_transaction.no = {m_begun};
        m_transaction.id = id;
        m_transaction.firstSegment = no;
        m_transaction.lastSegment = no;
        m_transaction.begin = offset;
        m_transaction.end = offset;
        m_transaction.state = TransactionState::Open;
        m_current = Current::Open;
        ++m_begun;
    }

    void end(SegmentNo no, Offset offset, const SegmentHeader &header, TransactionState state)
    {
        m_transaction.lastSegment = no;
        m_transaction.end = offset + SegmentHeader::kSize + header.payloadLength;
        m_transaction.state = state;
        m_current = Current::JustEnded;
    }

    const Error *addAtEdge(SegmentNo no, Offset offset, const SegmentHeader &header,
                           std::span<const std::byte> payload);
    const Error *addByRules(SegmentNo no, Offset offset, const SegmentHeader &header,
                            std::span<const std::byte> payload);
    const Error *addBegin(SegmentNo no, Offset offset, const TransactionMarker *marker);
    const Error *addEnd(SegmentNo no, Offset offset, const SegmentHeader &header, const TransactionMarker *marker);
    const Error *broken(ErrorCode code, Offset offset, std::uint64_t expected = 0, std::uint64_t found = 0);

    bool m_framed;
    Current m_current = Current::None; // what m_transaction is
    std::uint64_t m_begun = 0;
    Transaction m_transaction;
    Transaction m_brokenOff;
    Error m_fault;
};

} // namespace modelvault
