#pragma once

#include "error.h"
#include "finding.h"
#include "log/log_walker.h"
#include "log/page_map.h"
#include "log/payload_checker.h"
#include "log/segment_index.h"
#include "progress.h"
#include "store/store.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace modelvault {

struct ScanOptions {
    /// Whether transaction markers mean anything: FileHeader::hasTransactions().
    bool framed = true;
    /// Threads lent for the checksums of long payloads: how to run a task on one, and how many there are.
    RunTask run;
    unsigned lentThreads = 0;
    /// Whether the file may grow, and LogScanner be asked for its state before the end: a copy of what was found until
    /// there is kept where the log does not end with a whole segment.
    bool follows = false;
};

/// Where the engine's walk of the log would stop.
struct LogFault {
    Offset segment; ///< where the segment begins that is not whole
    Error error;

    bool operator==(const LogFault &) const = default;
};

/// What a scan found out about the log of a file. A frozen value.
struct LogScan {
    std::shared_ptr<const SegmentIndex> index;
    std::shared_ptr<const PageMap> pages; ///< takes the head for whole: makeSnapshot() knows better
    std::vector<Finding> findings;        ///< in the order of the file
    std::uint64_t findingsDropped = 0;
    std::optional<LogFault> firstFault; ///< segments behind it are those that the scan found again
    /// The first marker that breaks the rules of transactions, not their lack of an end.
    std::optional<LogFault> firstWrongMarker;
    Offset covered; ///< how far the scan has come, exclusive
    bool complete = false;

    /// Where opens stop reading the log, exclusive: its first fault, or the first wrong transaction marker. What is
    /// committed counts only if it ends before that. FORMAT.md, "Transactions" and "Recovery".
    [[nodiscard]] Offset readEnd() const;
};

/// Of a file that is not scanned yet: no segments, every page unknown.
[[nodiscard]] LogScan emptyLogScan(std::uint64_t fileLength);

/// Walks the whole log once, checks every checksum and the framing of transactions, and builds the index. Never stops
/// at damage: that becomes findings. FORMAT.md, "Segment header" and "Transactions".
/// One thread at a time.
///
/// A scan can go on when the file has grown. What it found up to settledEnd() then stays as it is; what lies behind
/// that may be the beginning of what somebody is writing, and is looked at anew.
class LogScanner {
public:
    /// Borrows the store. `length`: of the file, as far as it is to be looked at.
    LogScanner(const Store &store, std::uint64_t length, ScanOptions options);
    /// Goes on behind settledEnd() of a scan that follows and has come to its end, which stays as it is. `length` is
    /// not below settledEnd(). What comes out is what a new scan finds. Reads what was appended; the page map is
    /// copied, two bytes a page, and so are findings.
    LogScanner(const LogScanner &before, const Store &store, std::uint64_t length);

    /// Up to the end. Fails only with Cancelled; `progress` may call result() for what is known so far.
    [[nodiscard]] Result<void> run(const Progress &progress = {});
    /// A copy of what was found so far. During run(): what was checked up to now, without waiting for the rest.
    [[nodiscard]] LogScan result() const;

    // Of a scan that follows, after run():

    /// The end of the last segment that is whole, where only what is not whole follows, or nothing; exclusive. The
    /// start of the log if there is none.
    [[nodiscard]] Offset settledEnd() const;
    /// As if the file ended there, and without a finding for a transaction that is open there.
    [[nodiscard]] LogScan settledResult() const;
    /// Of what lies before that: how many segments, and the transaction that no marker ended; or all of it.
    [[nodiscard]] std::uint64_t settledSegments() const { return settled().index.segmentCount(); }
    [[nodiscard]] SegmentIndex settledIndex() const { return settled().index.index(); }
    [[nodiscard]] std::optional<Transaction> settledOpen() const { return settled().index.openTransaction(); }

private:
    /// What is known at some point of the walk: a value.
    struct State {
        SegmentIndexBuilder index;
        PageMap pages;
        std::vector<LogGap> damagedPayloads; // those that are known only after their pages were counted
        FindingList findings;
        std::optional<LogFault> firstFault;
        std::optional<LogFault> firstWrongMarker;
    };

    [[nodiscard]] const State &settled() const { return m_settled ? *m_settled : m_state; }
    [[nodiscard]] static LogScan resultOf(const State &state, Offset covered, bool complete, bool judgesOpen);
    [[nodiscard]] bool mayGetWhole() const;
    [[nodiscard]] Result<void> keepSettled();
    [[nodiscard]] bool keepGoing(Offset reached);
    void addWhole(Offset offset, const SegmentHeader &header, std::span<const std::byte> payload);
    [[nodiscard]] Result<void> addUnread();
    void addFramingFault(Offset offset, const SegmentHeader &header, const Error &error);
    void addDamage();
    void addPayloadFault(const PayloadFault &fault);
    void collectPayloadFaults();
    void noteFault(Offset segment, const Error &error);

    const ScanOptions m_options;
    const std::uint64_t m_length;
    Progress m_progress;
    LogWalker m_walker;
    PayloadChecker m_checker;
    State m_state;
    std::optional<State> m_settled; // where it is not m_state
    Offset m_settledEnd;            // of m_settled
    Offset m_reached;
    bool m_complete = false;
};

/// LogScanner in one call.
[[nodiscard]] Result<LogScan> scanLog(const Store &store, std::uint64_t length, const ScanOptions &options = {},
                                      const Progress &progress = {});

} // namespace modelvault
