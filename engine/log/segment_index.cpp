#include "log/segment_index.h"

#include "out_of_memory.h"
#include "store/store_errors.h"

#include <algorithm>
#include <utility>

namespace modelvault {

std::uint64_t SegmentIndex::memoryBytes() const
{
    constexpr std::uint64_t kMapNode = sizeof(std::pair<std::uint64_t, DamagedPayloads>) + 2 * sizeof(void *);
    return sizeof *this + m_checkpoints.memoryBytes() + m_crossing.memoryBytes() + m_gaps.capacity() * sizeof(LogGap)
        + m_damaged.size() * kMapNode + m_damaged.bucket_count() * sizeof(void *);
}

SegmentIndex::Block SegmentIndex::block(std::uint64_t number) const
{
    const auto &from = m_checkpoints[number];
    const bool isLast = number + 1 == m_checkpoints.size();
    const auto &counts = isLast ? m_counts : m_checkpoints[number + 1].counts;
    Block block{.first = {number * kStride},
                .count = std::min(kStride, m_segments - number * kStride),
                .begin = from.offset,
                .end = isLast ? m_end : m_checkpoints[number + 1].offset,
                .types = {},
                .hasDamagedPayloads = m_damaged.contains(number),
                .firstTransaction =
                    from.open == kNoTransaction ? TransactionNo{from.transactions} : m_crossing[from.open].no,
                .endTransaction = {isLast ? m_transactions : m_checkpoints[number + 1].transactions}};
    for (std::size_t type = 0; type < kSegmentTypes; ++type)
        block.types[type] = counts[type] > from.counts[type];
    return block;
}

SegmentIndexBuilder::SegmentIndexBuilder(Offset begin, bool framed) : m_tracker(framed)
{
    m_index.m_begin = m_index.m_end = begin;
    m_index.m_framed = framed;
}

/// A marker, or a segment outside of transactions.
const Error *SegmentIndexBuilder::addAtEdge(SegmentNo no, Offset offset, const SegmentHeader &header,
                                            std::span<const std::byte> payload)
{
    const auto *fault = m_tracker.add(no, offset, header, payload);
    if (m_openCrossing != SegmentIndex::kNoTransaction && m_tracker.ended()) [[unlikely]]
        endCrossing();
    return fault;
}

void SegmentIndexBuilder::addGap(LogGap gap)
{
    if (gap.end - gap.begin >= SegmentIndex::kGapWorthKeeping)
        m_index.m_gaps.push_back(gap);
}

void SegmentIndexBuilder::markPayloadDamaged(SegmentNo no)
{
    m_index.m_damaged[no.value / SegmentIndex::kStride].set(no.value % SegmentIndex::kStride);
}

std::optional<Transaction> SegmentIndexBuilder::openTransaction() const
{
    if (m_tracker.open() == nullptr)
        return std::nullopt;
    auto open = *m_tracker.open();
    open.lastSegment = {m_index.m_segments - 1};
    open.end = m_index.m_end;
    return open;
}

SegmentIndex SegmentIndexBuilder::index() const
{
    SegmentIndex index = m_index;
    index.m_transactions = m_tracker.begun();
    index.m_open = openTransaction();
    if (m_openCrossing != SegmentIndex::kNoTransaction)
        index.m_crossing.back() = *index.m_open;
    return index;
}

void SegmentIndexBuilder::addCheckpoint(Offset offset)
{
    if (m_tracker.open() && m_openCrossing == SegmentIndex::kNoTransaction) {
        m_openCrossing = static_cast<std::uint32_t>(m_index.m_crossing.size());
        m_index.m_crossing.push_back(*m_tracker.open());
    }
    m_index.m_checkpoints.push_back(
        {.offset = offset, .counts = m_index.m_counts, .transactions = m_tracker.begun(), .open = m_openCrossing});
}

void SegmentIndexBuilder::endCrossing()
{
    m_index.m_crossing.back() = *m_tracker.ended(); // the last that was added: there is one at a time
    m_openCrossing = SegmentIndex::kNoTransaction;
}

/// Repeats the scan's steps from a checkpoint on.
class LogReader::Walk {
public:
    Walk(const LogReader &reader, std::uint64_t checkpoint)
        : m_index(*reader.m_index),
          m_walker(reader.m_store, m_index.m_checkpoints[checkpoint].offset, m_index.m_end, {}, m_index.m_gaps),
          m_tracker(m_index.m_framed, m_index.m_checkpoints[checkpoint].transactions,
                    crossing(m_index, m_index.m_checkpoints[checkpoint])),
          m_next{checkpoint * SegmentIndex::kStride}
    { }

    /// False behind the last segment.
    Result<bool> next()
    {
        if (m_next.value >= m_index.m_segments)
            return false;
        for (;;) {
            const auto step = m_walker.next();
            if (!step)
                return std::unexpected(step.error());
            if (*step == LogWalker::Step::Segment)
                break;
            if (const auto &fault = m_walker.fault(); *step == LogWalker::Step::Damage && isOfStore(fault.code))
                return fault.code == ErrorCode::UnexpectedEof ? failure(ErrorCode::ChangedMeanwhile, fault.offset)
                                                              : std::unexpected(fault);
            if (*step == LogWalker::Step::End)
                return failure(ErrorCode::ChangedMeanwhile, m_walker.offset());
        }
        const std::uint64_t checkpoint = m_next.value / SegmentIndex::kStride;
        if (m_next.value % SegmentIndex::kStride == 0 && m_index.m_checkpoints[checkpoint].offset != m_walker.offset())
            return failure(ErrorCode::ChangedMeanwhile, m_walker.offset());

        std::ignore = m_tracker.add(m_next, m_walker.offset(), m_walker.header(), m_walker.payload());
        m_segment = {.no = m_next,
                     .offset = m_walker.offset(),
                     .header = m_walker.header(),
                     .payloadDamaged = isPayloadDamaged(),
                     .transaction = transactionHere()};
        ++m_next.value;
        return true;
    }

    [[nodiscard]] const Segment &segment() const { return m_segment; }
    [[nodiscard]] std::span<const std::byte> payload() const { return m_walker.payload(); }
    [[nodiscard]] const TransactionTracker &tracker() const { return m_tracker; }

    /// The transaction open at a checkpoint, as it ended further on.
    static std::optional<Transaction> crossing(const SegmentIndex &index, const SegmentIndex::Checkpoint &checkpoint)
    {
        if (checkpoint.open == SegmentIndex::kNoTransaction)
            return std::nullopt;
        return index.m_crossing[checkpoint.open];
    }

private:
    [[nodiscard]] bool isPayloadDamaged() const
    {
        const auto damaged = m_index.m_damaged.find(m_next.value / SegmentIndex::kStride);
        return damaged != m_index.m_damaged.end() && damaged->second.test(m_next.value % SegmentIndex::kStride);
    }

    [[nodiscard]] std::optional<TransactionNo> transactionHere() const
    {
        if (m_tracker.open())
            return m_tracker.open()->no;
        if (m_tracker.ended())
            return m_tracker.ended()->no;
        return std::nullopt;
    }

    const SegmentIndex &m_index;
    LogWalker m_walker;
    TransactionTracker m_tracker;
    SegmentNo m_next;
    Segment m_segment;
};

/// Calls `visit(const Walk &)` with each segment from `first` on, until it returns false.
template <class Visit>
Result<void> LogReader::walk(SegmentNo first, const Visit &visit) const
{
    if (first.value >= m_index->m_segments)
        return first.value == m_index->m_segments ? Result<void>() : failure(ErrorCode::InvalidInput);
    Walk walk(*this, first.value / SegmentIndex::kStride);
    for (;;) {
        const auto more = walk.next();
        if (!more)
            return std::unexpected(more.error());
        if (!*more || (walk.segment().no >= first && !visit(walk)))
            return {};
    }
}

Result<void> LogReader::forEach(SegmentNo first, const std::function<bool(const Segment &)> &visit) const
try {
    return walk(first, [&visit](const Walk &at) { return visit(at.segment()); });
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<void>
LogReader::forEachWithPayload(SegmentNo first,
                              const std::function<bool(const Segment &, std::span<const std::byte>)> &visit) const
try {
    return walk(first, [&visit](const Walk &at) { return visit(at.segment(), at.payload()); });
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<void> LogReader::forEachOf(std::span<const SegmentNo> numbers,
                                  const std::function<void(const Segment &)> &visit) const
try {
    const auto group = [](SegmentNo no) { return no.value / SegmentIndex::kStride; };
    while (!numbers.empty()) {
        const auto done = walk(numbers.front(), [&](const Walk &at) {
            if (at.segment().no == numbers.front()) {
                visit(at.segment());
                numbers = numbers.subspan(1);
            }
            // Farther ones are reached from a checkpoint of their own.
            return !numbers.empty() && group(numbers.front()) <= group(at.segment().no) + 1;
        });
        if (!done)
            return done;
    }
    return {};
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<Segment> LogReader::segment(SegmentNo no) const
{
    if (no.value >= m_index->m_segments)
        return failure(ErrorCode::InvalidInput, {}, m_index->m_segments, no.value);
    return segments(no, 1).transform([](const std::vector<Segment> &found) { return found.front(); });
}

Result<std::vector<Segment>> LogReader::segments(SegmentNo first, std::uint64_t count) const
try {
    std::vector<Segment> found;
    if (count == 0)
        return found;
    const auto done = forEach(first, [&](const Segment &segment) {
        found.push_back(segment);
        return found.size() < count;
    });
    if (!done)
        return std::unexpected(done.error());
    return found;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<void> LogReader::forEachFrom(Offset begin, const std::function<bool(const Segment &)> &visit) const
try {
    const auto &checkpoints = m_index->m_checkpoints;
    if (checkpoints.empty() || begin >= m_index->m_end)
        return {};
    const auto behind = checkpoints.firstBehind([begin](const auto &point) { return point.offset > begin; });
    const std::uint64_t group = std::max<std::size_t>(behind, 1) - 1;
    return forEach({group * SegmentIndex::kStride},
                   [&](const Segment &segment) { return segment.end() <= begin || visit(segment); });
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<std::optional<Segment>> LogReader::firstBehind(Offset place) const
{
    std::optional<Segment> first;
    const auto done = forEachFrom(place, [&](const Segment &segment) {
        if (segment.offset >= place)
            first = segment;
        return !first;
    });
    if (!done)
        return std::unexpected(done.error());
    return first;
}

Result<std::optional<Segment>> LogReader::segmentAt(Offset offset) const
{
    std::optional<Segment> found;
    const auto done = forEachFrom(offset, [&](const Segment &segment) {
        if (segment.offset <= offset)
            found = segment;
        return false;
    });
    if (!done)
        return std::unexpected(done.error());
    return found;
}

Result<std::vector<Segment>> LogReader::segmentsIn(Offset begin, Offset end) const
try {
    std::vector<Segment> found;
    const auto done = forEachFrom(begin, [&](const Segment &segment) {
        if (segment.offset >= end)
            return false;
        found.push_back(segment);
        return true;
    });
    if (!done)
        return std::unexpected(done.error());
    return found;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<std::vector<Segment>> LogReader::segmentsOfType(SegmentType type, std::uint64_t nth, std::uint64_t count) const
try {
    std::vector<Segment> found;
    const auto before = [type](const SegmentIndex::Checkpoint &point) { return point.counts[typeIndex(type)]; };
    const std::uint64_t end = nth + std::min(count, m_index->count(type) - std::min(nth, m_index->count(type)));
    while (nth < end) {
        // The last checkpoint that still has the n-th before it; those without any of this type are never walked.
        const auto &points = m_index->m_checkpoints;
        const auto behind = points.firstBehind([&](const auto &point) { return before(point) > nth; });
        const std::uint64_t group = behind - 1;
        std::uint64_t here = before(points[group]);
        const auto done = forEach({group * SegmentIndex::kStride}, [&](const Segment &segment) {
            if (segment.no.value >= (group + 1) * SegmentIndex::kStride)
                return false;
            if (segment.header.type == type && here++ >= nth) {
                found.push_back(segment);
                ++nth;
            }
            return nth < end;
        });
        if (!done)
            return std::unexpected(done.error());
        if (nth < end && nth < (behind == points.size() ? m_index->count(type) : before(points[behind])))
            return failure(ErrorCode::ChangedMeanwhile);
    }
    return found;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<std::uint64_t> LogReader::countBefore(SegmentType type, SegmentNo no) const
{
    if (no.value >= m_index->m_segments)
        return m_index->count(type);
    const auto group = no.value / SegmentIndex::kStride;
    auto before = m_index->m_checkpoints[group].counts[typeIndex(type)];
    const auto counted = forEach({group * SegmentIndex::kStride}, [&](const Segment &segment) {
        if (segment.no >= no)
            return false;
        before += segment.header.type == type ? 1 : 0;
        return true;
    });
    return counted.transform([before] { return before; });
}

Result<std::optional<Segment>> LogReader::firstOfType(SegmentType type, SegmentNo from) const
{
    const auto before = countBefore(type, from);
    if (!before)
        return std::unexpected(before.error());
    return segmentsOfType(type, *before, 1).transform([](const std::vector<Segment> &found) {
        return found.empty() ? std::nullopt : std::optional(found.front());
    });
}

Result<Transaction> LogReader::transaction(TransactionNo no) const
{
    const auto found = transactions(no, 1);
    if (!found)
        return std::unexpected(found.error());
    if (found->empty())
        return failure(ErrorCode::InvalidInput, {}, m_index->m_transactions, no.value);
    return found->front();
}

Result<std::vector<Transaction>> LogReader::transactions(TransactionNo first, std::uint64_t count) const
try {
    std::vector<Transaction> found;
    const std::uint64_t total = m_index->m_transactions;
    std::uint64_t next = first.value;
    const std::uint64_t end = next + std::min(count, total - std::min(next, total));
    const auto take = [&](const std::optional<Transaction> &transaction) {
        if (transaction && transaction->no.value == next && next < end) {
            found.push_back(*transaction);
            ++next;
        }
    };

    while (next < end) {
        // The last checkpoint before which the transaction had not begun: it begins behind that one.
        const auto &points = m_index->m_checkpoints;
        const auto behind = points.firstBehind([next](const auto &point) { return point.transactions > next; });
        const std::uint64_t group = behind - 1;
        const std::uint64_t before = next;
        Walk walk(*this, group);
        for (std::uint64_t i = 0; i < SegmentIndex::kStride && next < end; ++i) {
            const auto more = walk.next();
            if (!more)
                return std::unexpected(more.error());
            if (!*more)
                break;
            if (const auto *ended = walk.tracker().ended())
                take(*ended);
        }
        // What is open now ends in a later group, or nowhere.
        take(group + 1 < points.size() ? Walk::crossing(*m_index, points[group + 1]) : m_index->m_open);
        if (next == before)
            return failure(ErrorCode::ChangedMeanwhile);
    }
    return found;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<std::optional<Transaction>> LogReader::transactionOf(SegmentNo no) const
{
    const auto found = segment(no);
    if (!found)
        return std::unexpected(found.error());
    if (!found->transaction)
        return std::nullopt;
    return transaction(*found->transaction).transform([](const Transaction &it) { return std::optional(it); });
}

Result<Transaction> RisingTransactions::find(TransactionNo no)
{
    constexpr std::uint64_t kAtATime = 1024;
    if (m_known.empty() || no < m_known.front().no || no > m_known.back().no) {
        auto next = m_log.transactions(no, kAtATime);
        if (!next)
            return std::unexpected(next.error());
        if (next->empty())
            return failure(ErrorCode::InvalidInput, {}, m_log.index().transactionCount(), no.value);
        m_known = *std::move(next);
    }
    return m_known[static_cast<std::size_t>(no.value - m_known.front().no.value)];
}

} // namespace modelvault
