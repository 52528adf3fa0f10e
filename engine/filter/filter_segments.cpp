#include "filter/filter_segments.h"

#include "out_of_memory.h"

namespace modelvault {
namespace {

class Run {
public:
    Run(const LogReader &log, FilterMatcher &matcher, const HitsFound &found, const Progress &progress)
        : m_log(log),
          m_matcher(matcher),
          m_found(found),
          m_progress(progress)
    { }

    Result<FilterOutcome> from(SegmentNo first)
    {
        const auto end = m_log.index().blockCount();
        for (auto number = first.value / SegmentIndex::kStride; number < end;) {
            const auto block = m_log.index().block(number);
            if (!keepGoing(block.first))
                return failure(ErrorCode::Cancelled, block.begin);
            const auto truth = m_matcher.ofBlock(block);
            if (truth == Truth::Unknown) {
                if (const auto walked = walk(number); !walked)
                    return std::unexpected(walked.error());
            } else {
                if (truth == Truth::True)
                    m_found(SegmentHits::Block::allOf(number, block.count));
                ++number;
            }
        }
        keepGoing({m_log.index().segmentCount()});
        return m_outcome;
    }

private:
    bool keepGoing(SegmentNo reached) { return !m_progress || m_progress(reached.value, m_log.index().segmentCount()); }

    /// Segment by segment as long as blocks leave it open; `number` becomes that of the block behind.
    Result<void> walk(std::uint64_t &number)
    {
        SegmentHits::Block hits(number);
        bool wasStopped = false;
        bool reachedDecided = false;
        const auto endBlock = [&] {
            if (hits.count() > 0)
                m_found(hits);
            hits = SegmentHits::Block(++number);
        };
        const auto walked = m_log.forEachWithPayload(
            {number * SegmentIndex::kStride}, [&](const Segment &segment, std::span<const std::byte> payload) {
                const bool begins = segment.no.value / SegmentIndex::kStride != number;
                if (begins) {
                    endBlock();
                    reachedDecided = m_matcher.ofBlock(m_log.index().block(number)) != Truth::Unknown;
                }
                const bool isLong = segment.header.payloadLength > LogWalker::kInlinePayload;
                wasStopped = (begins || isLong) && !keepGoing(segment.no);
                if (reachedDecided || wasStopped)
                    return false;
                const auto passes = m_matcher.passes(segment, payload);
                if (!passes)
                    ++m_outcome.unreadable;
                else if (*passes)
                    hits.add(segment.no);
                return true;
            });
        if (!reachedDecided)
            endBlock();
        if (!walked)
            return walked;
        return wasStopped ? failure(ErrorCode::Cancelled) : Result<void>();
    }

    const LogReader &m_log;
    FilterMatcher &m_matcher;
    const HitsFound &m_found;
    const Progress &m_progress;
    FilterOutcome m_outcome;
};

} // namespace

Result<FilterOutcome> filterSegments(const LogReader &log, const Store &store, const CatalogHistory *catalog,
                                     const Filter &filter, const HitsFound &found, const Progress &progress,
                                     SegmentNo first)
try {
    FilterMatcher matcher(store, filter, catalog);
    return Run(log, matcher, found, progress).from(first);
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
