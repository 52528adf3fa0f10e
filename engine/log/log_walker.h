#pragma once

#include "error.h"
#include "format/segment.h"
#include "position.h"
#include "store/store.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace modelvault {

/// A stretch of the log that holds no whole segment; `end` is exclusive.
struct LogGap {
    Offset begin;
    Offset end;
};

/// Goes through the log from segment to segment, each found behind the one before it. Where none is, it says why,
/// looks for the next whole header at any alignment, and goes on there: the same bytes always give the same steps.
/// Reads positioned and ahead, past any cache; borrows the store. One thread at a time.
class LogWalker {
public:
    /// Payloads up to this size come along with the header; longer ones are stepped over unread.
    static constexpr std::uint64_t kInlinePayload = 64 * 1024;

    enum class Step {
        Segment, ///< offset(), header(), payload()
        Damage,  ///< fault(), damage()
        End,
    };

    /// Walks from `begin`, where a segment should start, to `end` (exclusive). `keepGoing` is asked now and then with
    /// the place reached; false makes next() return Cancelled. `knownGaps` spares searches done before: sorted, and
    /// alive as long as the walker.
    LogWalker(const Store &store, Offset begin, Offset end, std::function<bool(Offset)> keepGoing = {},
              std::span<const LogGap> knownGaps = {});

    /// Fails only with Cancelled. What can't be read, or is no longer there, is damage with the store's error.
    [[nodiscard]] Result<Step> next();

    /// Goes over the segments that come next as long as they are whole in what was read already, and calls
    /// `visit(Offset, const SegmentHeader &, std::span<const std::byte> payload)` for each; next() goes on behind them.
    template <class Visit>
    void visitResident(const Visit &visit);

    [[nodiscard]] Offset offset() const { return m_at; }
    [[nodiscard]] const SegmentHeader &header() const { return m_header; }
    [[nodiscard]] Offset payloadOffset() const { return m_at + SegmentHeader::kSize; }
    [[nodiscard]] Offset segmentEnd() const { return m_next; }
    /// Whole; or empty where it is longer than kInlinePayload or could not be read. Valid until next().
    [[nodiscard]] std::span<const std::byte> payload() const { return m_payload; }

    [[nodiscard]] const Error &fault() const { return m_fault; }
    [[nodiscard]] LogGap damage() const { return {m_at, m_next}; }

private:
    /// Bytes from m_at on that are in the buffer.
    [[nodiscard]] std::span<const std::byte> resident() const
    {
        const std::uint64_t into = m_at - m_bufferStart;
        return into < m_bufferLength ? std::span(m_buffer.get() + into, m_bufferLength - into)
                                     : std::span<const std::byte>();
    }

    Result<Step> nextBeyondBuffer();
    Result<Step> decodeHere();
    Result<Step> damaged(const Error &fault);
    Result<Step> atEnd();
    void loadPayload();

    Result<void> load(Offset at, std::uint64_t atLeast, std::uint64_t atMost);
    Result<Offset> findSegment(Offset from);
    Result<void> loadForSearch(Offset at);
    [[nodiscard]] bool stopped(Offset at) const { return m_keepGoing && !m_keepGoing(at); }

    const Store &m_store;
    const std::function<bool(Offset)> m_keepGoing;
    const std::span<const LogGap> m_knownGaps;
    const Offset m_wantedEnd;
    const std::unique_ptr<std::byte[]> m_buffer;

    Offset m_bufferStart;
    std::size_t m_bufferLength = 0;
    std::size_t m_readAhead;

    Offset m_at;   // of this step
    Offset m_next; // of the step behind it
    Offset m_end;  // before m_wantedEnd once the file has shrunk
    SegmentHeader m_header;
    std::span<const std::byte> m_payload;
    Error m_fault;
};

[[gnu::always_inline]] inline Result<LogWalker::Step> LogWalker::next()
{
    m_at = m_next;
    if (resident().size() < SegmentHeader::kSize) [[unlikely]]
        return nextBeyondBuffer();
    return decodeHere();
}

[[gnu::always_inline]] inline Result<LogWalker::Step> LogWalker::decodeHere()
{
    const auto bytes = resident();
    SegmentHeader header;
    if (!SegmentHeader::decodeInto(header, m_fault, bytes, m_at)) [[unlikely]]
        return damaged(m_fault);
    m_header = header;

    const std::uint64_t room = m_end - payloadOffset();
    if (header.payloadLength > room) [[unlikely]]
        return damaged({.code = ErrorCode::SegmentPayloadPastEof,
                        .offset = m_at,
                        .expected = room,
                        .found = header.payloadLength});
    m_next = payloadOffset() + header.payloadLength;

    if (header.payloadLength <= std::min<std::uint64_t>(kInlinePayload, bytes.size() - SegmentHeader::kSize)) [[likely]]
        m_payload = bytes.subspan(SegmentHeader::kSize, static_cast<std::size_t>(header.payloadLength));
    else
        loadPayload();
    return Step::Segment;
}

// A loop of its own: place and limits stay in registers, where next() would go through memory for each segment.
template <class Visit>
void LogWalker::visitResident(const Visit &visit)
{
    m_at = m_next;
    auto bytes = resident();
    Offset at = m_at;
    SegmentHeader header;
    Error fault;
    while (SegmentHeader::decodeInto(header, fault, bytes, at)) {
        if (header.payloadLength > std::min<std::uint64_t>(kInlinePayload, bytes.size() - SegmentHeader::kSize))
            break;
        const auto size = static_cast<std::size_t>(SegmentHeader::kSize + header.payloadLength);
        visit(at, header, bytes.first(size).subspan(SegmentHeader::kSize));
        bytes = bytes.subspan(size);
        at += size;
    }
    m_next = at;
}

} // namespace modelvault
