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

/// The two markers of each small transaction, as long as they keep the rules; all else is left to addByRules().
const Error *TransactionTracker::addAtEdge(SegmentNo no, Offset offset, const SegmentHeader &header,
                                           std::span<const std::byte> payload)
{
    TransactionMarker marker;
    if (isTransactionMarker(header.type) && decodeMarker(marker, offset, payload)) [[likely]] {
        if (header.type == SegmentType::TxnBegin && !isOpen()) [[likely]] {
            open(no, offset, marker.id);
            return nullptr;
        }
        if (header.type == SegmentType::TxnCommit && m_current == Current::Open && marker.id == m_transaction.id)
            [[likely]] {
            end(no, offset, header, TransactionState::Committed);
            return nullptr;
        }
    }
    return addByRules(no, offset, header, payload);
}

const Error *TransactionTracker::addByRules(SegmentNo no, Offset offset, const SegmentHeader &header,
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
    const bool whole = decodeMarker(marker, offset, payload);
    const Error fault = m_fault;
    const auto *known = whole ? &marker : nullptr;
    const auto *rule =
        header.type == SegmentType::TxnBegin ? addBegin(no, offset, known) : addEnd(no, offset, header, known);
    if (whole)
        return rule;
    m_fault = fault;
    return &m_fault;
}

const Error *TransactionTracker::addBegin(SegmentNo no, Offset offset, const TransactionMarker *marker)
{
    const bool nested = m_current == Current::Open;
    if (nested) {
        m_brokenOff = m_transaction;
        m_brokenOff.lastSegment = {no.value - 1};
        m_brokenOff.end = offset;
        m_brokenOff.state = TransactionState::Broken;
    }
    open(no, offset, marker != nullptr ? marker->id : 0);
    if (!nested)
        return nullptr;
    m_current = Current::JustBegunInside;
    return broken(ErrorCode::InvalidTxnPayload, offset);
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
    end(no, offset, header,
        marker == nullptr || otherId ? TransactionState::Broken
            : commits                ? TransactionState::Committed
                                     : TransactionState::Aborted);
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
