#include "log/log_scanner.h"

#include "format/superblock.h"
#include "out_of_memory.h"

#include <algorithm>

namespace modelvault {

LogScanner::LogScanner(const Store &store, std::uint64_t length, ScanOptions options)
    : m_options(std::move(options)),
      m_length(length),
      m_walker(store, kLogStart, Offset{length}, [this](Offset reached) { return keepGoing(reached); }),
      m_checker(store, m_options.run, m_options.lentThreads, [this] { return keepGoing(m_reached); }),
      m_state{.index = SegmentIndexBuilder(kLogStart, m_options.framed),
              .pages = PageMap(length),
              .damagedPayloads = {},
              .findings = {},
              .firstFault = {},
              .firstWrongMarker = {}},
      m_reached(std::min(kLogStart, Offset{length}))
{
    m_state.pages.add(Offset{0}, m_reached, ContentKind::Head);
}

LogScanner::LogScanner(const LogScanner &before, const Store &store, std::uint64_t length)
    : m_options(before.m_options),
      m_length(length),
      m_walker(store, before.settledEnd(), Offset{length}, [this](Offset reached) { return keepGoing(reached); }),
      m_checker(store, m_options.run, m_options.lentThreads, [this] { return keepGoing(m_reached); }),
      m_state(before.settled()),
      m_reached(before.settledEnd())
{
    m_state.pages.resize(length);
}

Result<void> LogScanner::run(const Progress &progress)
try {
    m_progress = progress;
    for (;;) {
        m_walker.visitResident([this](Offset offset, const SegmentHeader &header, std::span<const std::byte> payload) {
            addWhole(offset, header, payload);
        });
        const auto step = m_walker.next();
        if (!step)
            return std::unexpected(step.error());
        if (*step == LogWalker::Step::End)
            break;
        if (*step == LogWalker::Step::Damage) {
            if (m_options.follows && !m_settled && mayGetWhole()) {
                if (const auto kept = keepSettled(); !kept)
                    return kept;
            }
            addDamage();
        } else if (m_walker.payload().size() == m_walker.header().payloadLength) {
            addWhole(m_walker.offset(), m_walker.header(), m_walker.payload());
        } else if (const auto added = addUnread(); !added) {
            return added;
        }
    }
    if (const auto drained = m_checker.drain(); !drained)
        return drained;
    collectPayloadFaults();
    m_reached = Offset{std::max(m_length, kLogStart.value)};
    m_complete = true;
    if (m_progress)
        m_progress(m_length, m_length);
    return {};
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

/// Whether the damage that the walk is at looks different once the file is longer.
bool LogScanner::mayGetWhole() const
{
    const auto code = m_walker.fault().code;
    return code == ErrorCode::TruncatedSegmentHeader || code == ErrorCode::SegmentPayloadPastEof
        || m_walker.damage().end >= Offset{m_length};
}

Result<void> LogScanner::keepSettled()
{
    if (const auto drained = m_checker.drain(); !drained)
        return drained;
    collectPayloadFaults();
    m_settled = m_state;
    m_settledEnd = m_walker.offset();
    return {};
}

bool LogScanner::keepGoing(Offset reached)
{
    m_reached = std::max(m_reached, reached);
    if (!m_progress)
        return true;
    const std::uint64_t pending = std::min(m_checker.pendingBytes(), m_reached.value);
    return m_progress(m_reached.value - pending, m_length);
}

// Runs once a segment: what is rare is out of line.
[[gnu::always_inline]] inline void LogScanner::addWhole(Offset offset, const SegmentHeader &header,
                                                        std::span<const std::byte> payload)
{
    const auto *broken = m_state.index.add(offset, header, payload);
    const Offset end = offset + SegmentHeader::kSize + header.payloadLength;
    const auto crc = crc32c(payload);
    const bool right = isRightCrc(header.payloadCrc, crc);
    m_state.pages.add(offset, end, right ? contentKind(header.type) : ContentKind::Damaged);
    // A marker with a wrong checksum breaks the rules of framing too: said once.
    if (!right) [[unlikely]]
        addPayloadFault({{{m_state.index.segmentCount() - 1}, offset, header},
                         {.code = ErrorCode::BadSegmentPayloadChecksum,
                          .offset = offset + SegmentHeader::kSize,
                          .expected = crc,
                          .found = header.payloadCrc}});
    else if (broken != nullptr) [[unlikely]]
        addFramingFault(offset, header, *broken);
}

/// A long payload, or one that could not be read: left to the checker.
Result<void> LogScanner::addUnread()
{
    const SegmentNo no{m_state.index.segmentCount()};
    const Offset offset = m_walker.offset();
    const SegmentHeader header = m_walker.header();
    if (const auto *broken = m_state.index.add(offset, header, {}))
        addFramingFault(offset, header, *broken);
    m_reached = m_walker.segmentEnd();
    m_state.pages.add(offset, m_reached, contentKind(header.type));
    const auto checked = m_checker.add({no, offset, header});
    collectPayloadFaults();
    return checked;
}

void LogScanner::addFramingFault(Offset offset, const SegmentHeader &header, const Error &error)
{
    m_state.findings.add({.code = error.code,
                          .offset = offset,
                          .length = SegmentHeader::kSize + header.payloadLength,
                          .expected = error.expected,
                          .found = error.found});
    if (error.code == ErrorCode::InvalidTxnPayload && !m_state.firstWrongMarker)
        m_state.firstWrongMarker = {offset, error};
}

void LogScanner::addDamage()
{
    const auto gap = m_walker.damage();
    const auto &fault = m_walker.fault();
    m_state.index.addGap(gap);
    m_state.pages.add(gap.begin, gap.end, ContentKind::Damaged);
    m_state.findings.add({.code = fault.code,
                          .offset = gap.begin,
                          .length = gap.end - gap.begin,
                          .expected = fault.expected,
                          .found = fault.found});
    noteFault(gap.begin, fault);
}

void LogScanner::collectPayloadFaults()
{
    for (const auto &fault : m_checker.takeFaults()) {
        addPayloadFault(fault);
        m_state.damagedPayloads.push_back(
            {fault.check.segment, fault.check.payloadOffset() + fault.check.header.payloadLength});
    }
}

void LogScanner::addPayloadFault(const PayloadFault &fault)
{
    const auto &[check, error] = fault;
    const bool endsWalk = payloadChecksumEndsWalk(check.header.type);
    m_state.index.markPayloadDamaged(check.no);
    m_state.findings.add({.code = error.code,
                          .severity = endsWalk ? Severity::Error : Severity::Warning,
                          .offset = check.segment,
                          .length = SegmentHeader::kSize + check.header.payloadLength,
                          .expected = error.expected,
                          .found = error.found});
    if (endsWalk)
        noteFault(check.segment, error);
}

void LogScanner::noteFault(Offset segment, const Error &error)
{
    if (!m_state.firstFault || segment < m_state.firstFault->segment)
        m_state.firstFault = {segment, error};
}

LogScan LogScanner::result() const
{
    return resultOf(m_state, m_reached, m_complete, m_complete);
}

Offset LogScanner::settledEnd() const
{
    return m_settled ? m_settledEnd : std::max(kLogStart, Offset{m_length});
}

LogScan LogScanner::settledResult() const
{
    if (!m_settled)
        return resultOf(m_state, m_reached, m_complete, false);
    auto state = *m_settled;
    state.pages.resize(m_settledEnd.value);
    return resultOf(state, m_settledEnd, m_complete, false);
}

LogScan LogScanner::resultOf(const State &state, Offset covered, bool complete, bool judgesOpen)
{
    auto pages = std::make_shared<PageMap>(state.pages);
    pages->finish();
    for (const auto &damaged : state.damagedPayloads)
        pages->markDamaged(damaged.begin, damaged.end);
    auto index = std::make_shared<const SegmentIndex>(state.index.index());
    auto findings = state.findings;
    if (const auto &open = index->openTransaction(); judgesOpen && open)
        findings.add({.code = ErrorCode::UncleanLogTail, .offset = open->begin, .length = open->end - open->begin});
    return {.index = std::move(index),
            .pages = std::move(pages),
            .findings = findings.toVector(),
            .findingsDropped = findings.dropped(),
            .firstFault = state.firstFault,
            .firstWrongMarker = state.firstWrongMarker,
            .covered = covered,
            .complete = complete};
}

Offset LogScan::readEnd() const
{
    const Offset end = firstFault ? std::min(firstFault->segment, covered) : covered;
    return firstWrongMarker ? std::min(end, firstWrongMarker->segment) : end;
}

LogScan emptyLogScan(std::uint64_t fileLength)
{
    return {.index = std::make_shared<const SegmentIndex>(), .pages = std::make_shared<const PageMap>(fileLength)};
}

Result<LogScan> scanLog(const Store &store, std::uint64_t length, const ScanOptions &options, const Progress &progress)
try {
    LogScanner scanner(store, length, options);
    return scanner.run(progress).transform([&scanner] { return scanner.result(); });
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
