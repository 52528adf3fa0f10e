#include "log/transactions.h"

namespace modelvault {
namespace {

bool needsTransaction(SegmentType type)
{
    return type == SegmentType::Schema || type == SegmentType::Record || type == SegmentType::Index;
}

} // namespace

TransactionTracker::TransactionTracker(bool framed, std::uint64_t begun, const std::optional<Transaction> &open)
    : m_framed(framed),
      m_current(open ? Current::Open : Current::None),
      m_begun(begun),
      m_transaction(open.value_or(Transaction()))
{ }

/// A marker, or a segment outside of transactions.
const Error *TransactionTracker::addAtEdge(SegmentNo no, Offset offset, const SegmentHeader &header,
                                           std::span<const std::byte> payload)
{
    if (m_current == Current::JustEnded)
        m_current = Current::None;
    else if (m_current == Current::JustBegunInside)
        m_current = Current::Open;
    if (!isTransactionMarker(header.type)) {
        if (m_current == Current::None && needsTransaction(header.type))
            return broken(ErrorCode::UnframedSegment, offset);
        return nullptr;
    }

    TransactionMarker marker;
    Error fault;
    const bool whole = TransactionMarker::decodeInto(marker, fault, payload, offset + SegmentHeader::kSize);
    const auto *known = whole ? &marker : nullptr;
    const auto *rule =
        header.type == SegmentType::TxnBegin ? addBegin(no, offset, known) : addEnd(no, offset, header, known);
    if (whole) [[likely]]
        return rule;
    m_fault = fault;
    return &m_fault;
}

const Error *TransactionTracker::addBegin(SegmentNo no, Offset offset, const TransactionMarker *marker)
{
    const bool nested = m_current == Current::Open;
    if (nested) [[unlikely]] {
        m_brokenOff = m_transaction;
        m_brokenOff.lastSegment = {no.value - 1};
        m_brokenOff.end = offset;
        m_brokenOff.state = TransactionState::Broken;
    }
    // Member by member: a whole built aside and copied would wait for its own stores, in each small transaction.
    m_transaction.no = {m_begun};
    m_transaction.id = marker != nullptr ? marker->id : 0;
    m_transaction.firstSegment = no;
    m_transaction.lastSegment = no;
    m_transaction.begin = offset;
    m_transaction.end = offset;
    m_transaction.state = TransactionState::Open;
    m_current = nested ? Current::JustBegunInside : Current::Open;
    ++m_begun;
    return nested ? broken(ErrorCode::InvalidTxnPayload, offset) : nullptr;
}

const Error *TransactionTracker::addEnd(SegmentNo no, Offset offset, const SegmentHeader &header,
                                        const TransactionMarker *marker)
{
    const bool commits = header.type == SegmentType::TxnCommit;
    if (m_current != Current::Open) {
        // An abort may stand alone.
        return commits ? broken(ErrorCode::InvalidTxnPayload, offset) : nullptr;
    }
    // The id of an abort is not compared.
    const bool otherId = commits && marker != nullptr && marker->id != m_transaction.id;
    m_transaction.lastSegment = no;
    m_transaction.end = offset + SegmentHeader::kSize + header.payloadLength;
    m_transaction.state = marker == nullptr || otherId ? TransactionState::Broken
        : commits                                      ? TransactionState::Committed
                                                       : TransactionState::Aborted;
    m_current = Current::JustEnded;
    if (otherId)
        return broken(ErrorCode::InvalidTxnPayload, offset, m_transaction.id, marker->id);
    return nullptr;
}

const Error *TransactionTracker::broken(ErrorCode code, Offset offset, std::uint64_t expected, std::uint64_t found)
{
    m_fault = {.code = code, .offset = offset, .expected = expected, .found = found};
    return &m_fault;
}

} // namespace modelvault
