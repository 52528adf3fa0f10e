#include "log/log_walker.h"

#include "format/superblock.h"
#include "search/needle.h"

#include <algorithm>

namespace modelvault {
namespace {

// The first read at a place is small, those behind it grow: a hop over long payloads costs little, a run of small
// segments gets long reads that still fit a core's second-level cache.
constexpr std::size_t kFirstRead = 4 * 1024;
constexpr std::size_t kLongestRead = 256 * 1024;
constexpr std::size_t kReadGrowth = 4;
static_assert(LogWalker::kInlinePayload + SegmentHeader::kSize <= kLongestRead);

// What is given up at a time where the medium can't be read.
constexpr std::uint64_t kUnreadableBlock = 4 * 1024;

/// What every segment header begins with.
const Needle &magic()
{
    static const Needle kNeedle({std::byte{'T'}, std::byte{'S'}, std::byte{'G'}, std::byte{'0'}});
    return kNeedle;
}

} // namespace

LogWalker::LogWalker(const Store &store, Offset begin, Offset end, std::function<bool(Offset)> keepGoing,
                     std::span<const LogGap> knownGaps)
    : m_store(store.uncached()),
      m_keepGoing(std::move(keepGoing)),
      m_knownGaps(knownGaps),
      m_wantedEnd(std::max(begin, end)),
      m_buffer(std::make_unique_for_overwrite<std::byte[]>(kLongestRead)),
      m_bufferStart(begin),
      m_readAhead(kFirstRead),
      m_at(begin),
      m_next(begin),
      m_end(m_wantedEnd)
{ }

Result<LogWalker::Step> LogWalker::nextBeyondBuffer()
{
    if (stopped(m_at))
        return failure(ErrorCode::Cancelled, m_at);
    if (m_at >= m_end)
        return atEnd();

    const bool hopped = m_at > m_bufferStart + m_bufferLength;
    m_readAhead = hopped ? kFirstRead : std::min(m_readAhead * kReadGrowth, kLongestRead);
    if (const auto loaded = load(m_at, SegmentHeader::kSize, m_readAhead); !loaded)
        return m_at >= m_end ? atEnd() : damaged(loaded.error());
    return decodeHere();
}

Result<LogWalker::Step> LogWalker::atEnd()
{
    if (m_end == m_wantedEnd)
        return Step::End;
    m_fault = {.code = ErrorCode::UnexpectedEof,
               .offset = m_at,
               .expected = m_wantedEnd.value,
               .found = m_end.value,
               .system = 0};
    m_next = m_end = m_wantedEnd;
    return Step::Damage;
}

Result<LogWalker::Step> LogWalker::damaged(const Error &fault)
{
    m_fault = fault;
    m_payload = {};
    const auto known = std::ranges::lower_bound(m_knownGaps, m_at, {}, &LogGap::begin);
    if (known != m_knownGaps.end() && known->begin == m_at) {
        m_next = std::min(known->end, m_wantedEnd);
        return Step::Damage;
    }
    const auto resumed = findSegment(m_at + 1);
    if (!resumed)
        return std::unexpected(resumed.error());
    m_next = *resumed;
    return Step::Damage;
}

void LogWalker::loadPayload()
{
    m_payload = {};
    if (m_header.payloadLength > kInlinePayload)
        return;
    const auto whole = static_cast<std::size_t>(SegmentHeader::kSize + m_header.payloadLength);
    m_readAhead = std::min(m_readAhead * kReadGrowth, kLongestRead);
    if (load(m_at, whole, std::max(m_readAhead, whole)) && resident().size() >= whole)
        m_payload = resident().subspan(SegmentHeader::kSize, static_cast<std::size_t>(m_header.payloadLength));
}

/// Fills the buffer from `at` on with at most `atMost` bytes. Where the file has shrunk, with those that are left;
/// fails if these are none.
Result<void> LogWalker::load(Offset at, std::uint64_t atLeast, std::uint64_t atMost)
{
    m_bufferStart = at;
    m_bufferLength = 0;
    for (;;) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(atMost, m_end - at));
        const auto read = m_store.readExactAt(at, {m_buffer.get(), size});
        if (read) {
            m_bufferLength = size;
            return {};
        }
        if (read.error().code != ErrorCode::UnexpectedEof) {
            if (size <= atLeast)
                return read;
            atMost = atLeast; // the unreadable part may lie behind what is needed
            continue;
        }
        const auto length = m_store.length();
        if (!length || Offset{*length} >= m_end)
            return read;
        m_end = std::max(at, Offset{*length});
        if (m_end == at)
            return read;
    }
}

/// The place of the next whole segment header at or behind `from`, or the end.
Result<Offset> LogWalker::findSegment(Offset from)
{
    const auto residentFrom = [this](Offset begin) {
        const std::uint64_t into = begin - m_bufferStart;
        return into < m_bufferLength ? std::span<const std::byte>(m_buffer.get() + into, m_bufferLength - into)
                                     : std::span<const std::byte>();
    };
    Offset at = from;
    while (at < m_end && m_end - at >= SegmentHeader::kSize) {
        if (stopped(at))
            return failure(ErrorCode::Cancelled, at);
        // Where damage lies close to damage, the bytes are there already.
        if (residentFrom(at).size() < SegmentHeader::kSize && !loadForSearch(at)) {
            at = std::min(m_end, Offset{(at.value / kUnreadableBlock + 1) * kUnreadableBlock});
            continue;
        }
        const auto bytes = residentFrom(at);
        for (auto hit = magic().find(bytes, 0, bytes.size()); hit; hit = magic().find(bytes, *hit + 1, bytes.size())) {
            if (bytes.size() - *hit < SegmentHeader::kSize)
                break;
            if (SegmentHeader::decode(bytes.subspan(*hit), at + *hit))
                return at + *hit;
        }
        constexpr std::size_t kOverlap = SegmentHeader::kSize - 1; // a header may begin in the last bytes
        at += bytes.size() > kOverlap ? bytes.size() - kOverlap : bytes.size();
    }
    return m_end;
}

/// Loads a long stretch at `at`; where the medium does not allow that, up to the end of the readable block.
Result<void> LogWalker::loadForSearch(Offset at)
{
    const std::uint64_t block = kUnreadableBlock - at.value % kUnreadableBlock;
    return load(at, block, kLongestRead);
}

} // namespace modelvault
