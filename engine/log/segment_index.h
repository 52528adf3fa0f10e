#pragma once

#include "error.h"
#include "format/segment.h"
#include "log/growing_array.h"
#include "log/log_walker.h"
#include "log/transactions.h"
#include "position.h"
#include "store/store.h"

#include <array>
#include <bitset>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace modelvault {

/// A segment as a lookup finds it.
struct Segment {
    SegmentNo no;
    Offset offset; ///< of its header
    SegmentHeader header;
    bool payloadDamaged = false; ///< the payload's checksum is wrong, or the payload can't be read
    std::optional<TransactionNo> transaction;

    [[nodiscard]] Offset payloadOffset() const { return offset + SegmentHeader::kSize; }
    [[nodiscard]] Offset end() const { return payloadOffset() + header.payloadLength; }
};

/// Where the segments of a log are: a checkpoint every kStride segments, less than a byte a segment. The segments in
/// between are found by walking from the checkpoint before them (LogReader). A value: frozen once built; that of a log
/// that grew shares what it has in common with the one before.
class SegmentIndex {
public:
    /// Segments from one checkpoint to the next.
    static constexpr std::uint64_t kStride = 512;

    [[nodiscard]] std::uint64_t segmentCount() const { return m_segments; }
    [[nodiscard]] std::uint64_t count(SegmentType type) const { return m_counts[typeIndex(type)]; }
    /// Of the payloads of a type, in all.
    [[nodiscard]] std::uint64_t payloadBytes(SegmentType type) const { return m_payloadBytes[typeIndex(type)]; }
    [[nodiscard]] std::uint64_t transactionCount() const { return m_transactions; }
    /// The transaction that no marker ended.
    [[nodiscard]] const std::optional<Transaction> &openTransaction() const { return m_open; }
    /// The stretch of the file that was walked; `end` is exclusive.
    [[nodiscard]] Offset begin() const { return m_begin; }
    [[nodiscard]] Offset end() const { return m_end; }
    /// What this index takes in memory.
    [[nodiscard]] std::uint64_t memoryBytes() const;

    /// What is known of the segments from one checkpoint to the next without a walk.
    struct Block {
        SegmentNo first;
        std::uint64_t count = 0;
        Offset begin;                     ///< of the first one
        Offset end;                       ///< exclusive, of the last one
        std::bitset<kSegmentTypes> types; ///< by typeIndex(): those that are there
        bool hasDamagedPayloads = false;
        /// The transactions that they lie in are in this range, `endTransaction` exclusive. Some may lie in none.
        TransactionNo firstTransaction;
        TransactionNo endTransaction;
    };
    [[nodiscard]] std::uint64_t blockCount() const { return m_checkpoints.size(); }
    [[nodiscard]] Block block(std::uint64_t number) const;

private:
    friend class SegmentIndexBuilder;
    friend class LogReader;

    static constexpr std::uint32_t kNoTransaction = UINT32_MAX;
    /// Shorter gaps are searched through again by a lookup that meets them.
    static constexpr std::uint64_t kGapWorthKeeping = 64 * 1024;

    using Counts = std::array<std::uint64_t, kSegmentTypes>;

    struct Checkpoint {
        Offset offset;              // of segment index * kStride
        Counts counts;              // of the segments before that one
        std::uint64_t transactions; // begun before it
        std::uint32_t open;         // the place in m_crossing of the transaction it lies in, or kNoTransaction
    };
    using DamagedPayloads = std::bitset<kStride>;

    GrowingArray<Checkpoint> m_checkpoints;
    GrowingArray<Transaction> m_crossing; // those that some checkpoint lies in, in order
    std::vector<LogGap> m_gaps;
    std::unordered_map<std::uint64_t, DamagedPayloads> m_damaged; // by checkpoint
    Counts m_counts{};
    Counts m_payloadBytes{};
    std::uint64_t m_segments = 0;
    std::uint64_t m_transactions = 0;
    std::optional<Transaction> m_open;
    Offset m_begin;
    Offset m_end;
    bool m_framed = true;
};

/// Makes a SegmentIndex from the steps of one walk. A value: a copy goes on by itself, and costs little.
class SegmentIndexBuilder {
public:
    SegmentIndexBuilder(Offset begin, bool framed);

    /// The walk's next segment; the payload is needed of markers only. Returns the rule of framing that it breaks, or
    /// null; valid until the next call.
    // A scan calls it for each segment: what lies amid a transaction costs a few instructions, the rest is out of line.
    [[gnu::always_inline]] const Error *add(Offset offset, const SegmentHeader &header,
                                            std::span<const std::byte> payload)
    {
        const SegmentNo no{m_index.m_segments};
        if (no.value % SegmentIndex::kStride == 0) [[unlikely]]
            addCheckpoint(offset);
        ++m_index.m_segments;
        ++m_index.m_counts[typeIndex(header.type)];
        m_index.m_payloadBytes[typeIndex(header.type)] += header.payloadLength;
        m_index.m_end = offset + SegmentHeader::kSize + header.payloadLength;
        return m_tracker.staysInside(header.type) ? nullptr : addAtEdge(no, offset, header, payload);
    }
    void addGap(LogGap gap);
    void markPayloadDamaged(SegmentNo no);

    [[nodiscard]] std::uint64_t segmentCount() const { return m_index.m_segments; }
    /// The transaction that no marker has ended yet.
    [[nodiscard]] std::optional<Transaction> openTransaction() const;
    /// The index of what was added so far.
    [[nodiscard]] SegmentIndex index() const;

private:
    const Error *addAtEdge(SegmentNo no, Offset offset, const SegmentHeader &header,
                           std::span<const std::byte> payload);
    void addCheckpoint(Offset offset);
    void endCrossing();

    SegmentIndex m_index;
    TransactionTracker m_tracker;
    std::uint32_t m_openCrossing = SegmentIndex::kNoTransaction; // where the open transaction stands in m_crossing
};

/// Looks segments and transactions up: by number, by place, by type. Reads the store, so never on a GUI thread.
/// Const and without state: any number of threads. Errors: the store's; ChangedMeanwhile if the log is no longer
/// what the index was made from; InvalidInput for numbers beyond the last.
class LogReader {
public:
    /// Shares the index, borrows the store.
    LogReader(const Store &store, std::shared_ptr<const SegmentIndex> index) : m_store(store), m_index(std::move(index))
    { }

    [[nodiscard]] const SegmentIndex &index() const { return *m_index; }

    /// Called with each segment from `first` on, until it returns false or the log ends.
    [[nodiscard]] Result<void> forEach(SegmentNo first, const std::function<bool(const Segment &)> &visit) const;
    /// The same from the segment on that the byte at `begin` belongs to, or else the next one behind it.
    [[nodiscard]] Result<void> forEachFrom(Offset begin, const std::function<bool(const Segment &)> &visit) const;
    /// forEach() with the payloads as far as they come along, else empty: see LogWalker. Valid during the call.
    [[nodiscard]] Result<void>
    forEachWithPayload(SegmentNo first,
                       const std::function<bool(const Segment &, std::span<const std::byte>)> &visit) const;
    /// The first segment that begins at `place` or behind it; none if there is none.
    [[nodiscard]] Result<std::optional<Segment>> firstBehind(Offset place) const;
    [[nodiscard]] Result<Segment> segment(SegmentNo no) const;
    /// Called with each of these segments, whose numbers must ascend.
    [[nodiscard]] Result<void> forEachOf(std::span<const SegmentNo> numbers,
                                         const std::function<void(const Segment &)> &visit) const;
    /// At most `count` from `first` on.
    [[nodiscard]] Result<std::vector<Segment>> segments(SegmentNo first, std::uint64_t count) const;
    /// The segment that the byte at `offset` belongs to; none if it belongs to no whole one.
    [[nodiscard]] Result<std::optional<Segment>> segmentAt(Offset offset) const;
    /// All that have a byte in [begin, end), in order.
    [[nodiscard]] Result<std::vector<Segment>> segmentsIn(Offset begin, Offset end) const;
    /// At most `count` segments of a type, from the n-th of that type on (counted from 0).
    [[nodiscard]] Result<std::vector<Segment>> segmentsOfType(SegmentType type, std::uint64_t nth,
                                                              std::uint64_t count) const;

    /// How many segments of a type come before that one; all of them for a number beyond the last.
    [[nodiscard]] Result<std::uint64_t> countBefore(SegmentType type, SegmentNo no) const;
    /// The first segment of a type at or behind `from`; none if there is none.
    [[nodiscard]] Result<std::optional<Segment>> firstOfType(SegmentType type, SegmentNo from) const;

    [[nodiscard]] Result<Transaction> transaction(TransactionNo no) const;
    /// At most `count` from `first` on.
    [[nodiscard]] Result<std::vector<Transaction>> transactions(TransactionNo first, std::uint64_t count) const;
    /// None for a segment that lies in none.
    [[nodiscard]] Result<std::optional<Transaction>> transactionOf(SegmentNo no) const;

private:
    class Walk;

    template <class Visit>
    [[nodiscard]] Result<void> walk(SegmentNo first, const Visit &visit) const;

    const Store &m_store;
    std::shared_ptr<const SegmentIndex> m_index;
};

/// Looks up transactions that are asked for in rising order, many at a time. One thread at a time.
class RisingTransactions {
public:
    /// Borrows the log.
    explicit RisingTransactions(const LogReader &log) : m_log(log) { }

    /// Of any number, quickly if it is higher than the one before. The errors of LogReader::transaction().
    [[nodiscard]] Result<Transaction> find(TransactionNo no);

private:
    const LogReader &m_log;
    std::vector<Transaction> m_known; // some that follow each other
};

} // namespace modelvault
