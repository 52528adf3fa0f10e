#include "check/log_check.h"

#include "format/limits.h"
#include "format/manifest.h"
#include "format/record.h"
#include "log/recovery.h"
#include "log/segment_index.h"
#include "store/range.h"

#include <algorithm>
#include <array>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace modelvault {
namespace {

// Where they lie in a superblock.
constexpr std::uint64_t kManifestAt = 16;
constexpr std::uint64_t kManifestLengthAt = 24;
constexpr std::uint64_t kCheckpointAt = 36;
constexpr std::uint64_t kCheckpointLengthAt = 44;
constexpr std::uint64_t kPointerBytes = 8 + 4;

constexpr std::array kSlots = {SuperblockSlot::A, SuperblockSlot::B};

Finding segmentFinding(ErrorCode code, Severity severity, const Segment &segment, std::uint64_t expected = 0,
                       std::uint64_t found = 0)
{
    return {.code = code,
            .severity = severity,
            .offset = segment.offset,
            .length = segment.end() - segment.offset,
            .expected = expected,
            .found = found};
}

/// Whether the scan says so of a place where it found none.
bool isNoSegment(ErrorCode code)
{
    return code == ErrorCode::TruncatedSegmentHeader || code == ErrorCode::BadSegmentMagic
        || code == ErrorCode::UnsupportedVersion || code == ErrorCode::BadSegmentHeaderChecksum
        || code == ErrorCode::SegmentPayloadPastEof;
}

/// Collects what decoders read without minding: reserved bytes that are not zero, and fields that break a rule which
/// the engine does not enforce.
class UncheckedRules final : public FieldTrace {
public:
    /// `code`: of the fields.
    explicit UncheckedRules(CheckFindings &into, ErrorCode code = ErrorCode::UncheckedFieldWrong)
        : m_into(into),
          m_code(code)
    { }

    void field(const Field &field, Offset begin, Offset end, FieldValue value) override
    {
        const auto *number = std::get_if<std::uint64_t>(&value);
        if (field.rule.isChecked || number == nullptr || field.rule.allows(*number))
            return;
        m_into.add(Finding{.code = m_code,
                           .severity = Severity::Warning,
                           .offset = begin,
                           .length = end - begin,
                           .expected = field.rule.lowest,
                           .found = *number});
    }
    void padding(const Field & /*field*/, Offset begin, Offset end, std::span<const std::byte> bytes) override
    {
        if (const auto nonZero = nonZeroBytes(bytes); nonZero > 0)
            m_into.add(Finding{.code = ErrorCode::ReservedNotZero,
                               .severity = Severity::Info,
                               .offset = begin,
                               .length = end - begin,
                               .found = nonZero});
    }
    void missing(const Field & /*field*/, Offset /*begin*/, std::uint64_t /*wanted*/, std::uint64_t /*there*/) override
    { }
    void judge(const Rule & /*rule*/) override { }
    void open(std::string_view /*name*/) override { }
    void close() override { }
    void label(std::string_view /*text*/) override { }
    void value(FieldKind /*kind*/, FieldValue /*value*/) override { }
    void fault(const Error & /*error*/) override { }

private:
    CheckFindings &m_into;
    const ErrorCode m_code;
};

class HeadChecker {
public:
    HeadChecker(const Store &store, const Snapshot &snapshot, CheckProgress &progress, CheckFindings &into)
        : m_store(store),
          m_head(snapshot.head),
          m_log(snapshot.log),
          m_progress(progress),
          m_into(into)
    { }

    Result<void> run()
    {
        for (const auto &finding : headFindings(m_head))
            m_into.add(finding);
        if (const auto checked = checkUncheckedFields(); !checked)
            return checked;
        if (m_head.header && !m_head.header->hasSuperblocks())
            return {};
        for (const auto slot : kSlots) {
            if (!m_head.superblocks[static_cast<std::size_t>(slot)] || m_head.fileLength < kLogStart.value)
                continue;
            if (const auto checked = checkManifestPointer(slot); !checked)
                return checked;
            if (const auto checked = checkCheckpointPointer(slot); !checked)
                return checked;
        }
        return {};
    }

private:
    Result<void> checkUncheckedFields()
    {
        std::vector<std::byte> bytes(static_cast<std::size_t>(std::min(m_head.fileLength, kLogStart.value)));
        if (const auto read = m_store.readExactAt(Offset{0}, bytes); !read)
            return read;
        const std::span<const std::byte> all = bytes;
        UncheckedRules rules(m_into);
        // What does not decode is told already, and so is what lies behind the place where it stopped.
        if (m_head.header && !FileHeader::decode(all, &rules))
            return failure(ErrorCode::ChangedMeanwhile);
        if (m_head.header && !m_head.header->hasSuperblocks())
            return {};
        for (const auto slot : kSlots) {
            const Offset at = Superblock::slotOffset(slot);
            if (m_head.superblocks[static_cast<std::size_t>(slot)]
                && !Superblock::decode(all.subspan(at.value), at, &rules))
                return failure(ErrorCode::ChangedMeanwhile, at);
        }
        return {};
    }

    [[nodiscard]] Severity severityOf(SuperblockSlot slot) const
    {
        return m_head.selected == slot ? Severity::Error : Severity::Warning;
    }

    /// The head as if that slot were the one that counts.
    [[nodiscard]] FileHead seenBy(SuperblockSlot slot) const
    {
        auto head = m_head;
        head.selected = slot;
        return head;
    }

    Result<void> checkManifestPointer(SuperblockSlot slot)
    {
        const auto &block = *m_head.superblocks[static_cast<std::size_t>(slot)];
        const auto refusal = manifestRefusal(m_store, seenBy(slot));
        if (!refusal)
            return std::unexpected(refusal.error());
        const Offset at = Superblock::slotOffset(slot) + kManifestAt;
        if (*refusal) {
            if (!isTold(block.manifestOffset))
                addPointer(ErrorCode::BadManifestPointer, severityOf(slot), at, block.manifestOffset);
            return {};
        }
        if (block.manifestOffset == Offset{0})
            return {};
        return checkLength(block.manifestOffset, block.manifestLength,
                           Superblock::slotOffset(slot) + kManifestLengthAt);
    }

    Result<void> checkCheckpointPointer(SuperblockSlot slot)
    {
        const auto &block = *m_head.superblocks[static_cast<std::size_t>(slot)];
        if (block.checkpointOffset == Offset{0} && block.checkpointLength == 0)
            return {};
        const Offset at = Superblock::slotOffset(slot) + kCheckpointAt;
        // Of the whole file: that the log ends before it is no fault of the pointer.
        const auto start = findReplayStart(m_store, seenBy(slot), {m_head.fileLength}, m_progress.nextPass());
        if (!start)
            return std::unexpected(start.error());
        if (start->source.checkpoint)
            return checkLength(block.checkpointOffset, block.checkpointLength,
                               Superblock::slotOffset(slot) + kCheckpointLengthAt);
        if (!start->checkpointFault) {
            addPointer(ErrorCode::BadCheckpointPointer, Severity::Warning, at, block.checkpointOffset);
            return {};
        }

        const auto segment = wholeSegmentAt(block.checkpointOffset);
        if (!segment)
            return std::unexpected(segment.error());
        const auto &fault = *start->checkpointFault;
        if (*segment)
            m_into.add(segmentFinding(fault.code, severityOf(slot), **segment, fault.expected, fault.found));
        else if (!isTold(block.checkpointOffset))
            addPointer(ErrorCode::BadCheckpointPointer, severityOf(slot), at, block.checkpointOffset);
        return {};
    }

    void addPointer(ErrorCode code, Severity severity, Offset at, Offset target)
    {
        m_into.add(
            Finding{.code = code, .severity = severity, .offset = at, .length = kPointerBytes, .found = target.value});
    }

    /// Nobody compares the length that a superblock gives with that of the segment.
    Result<void> checkLength(Offset target, std::uint32_t given, Offset field)
    {
        const auto segment = wholeSegmentAt(target);
        if (!segment)
            return std::unexpected(segment.error());
        if (*segment && (*segment)->header.payloadLength != given)
            m_into.add(Finding{.code = ErrorCode::UncheckedFieldWrong,
                               .severity = Severity::Warning,
                               .offset = field,
                               .length = sizeof given,
                               .expected = (*segment)->header.payloadLength,
                               .found = given});
        return {};
    }

    /// None unless one begins there.
    Result<std::optional<Segment>> wholeSegmentAt(Offset at) const
    {
        return LogReader(m_store, m_log.index).segmentAt(at).transform([at](std::optional<Segment> segment) {
            return segment && segment->offset == at ? segment : std::nullopt;
        });
    }

    /// Whether the scan says that no segment is whole where one should begin: that is then no fault of the pointer.
    [[nodiscard]] bool isTold(Offset target) const
    {
        return std::ranges::any_of(m_log.findings, [target](const Finding &finding) {
            return finding.offset == target && isNoSegment(finding.code);
        });
    }

    const Store &m_store;
    const FileHead &m_head;
    const LogScan &m_log;
    CheckProgress &m_progress;
    CheckFindings &m_into;
};

/// Segment headers in the order of the log, read ahead: a walk does not hand out their bytes.
class HeaderBytes {
public:
    explicit HeaderBytes(const Store &store, std::uint64_t fileLength)
        : m_store(store.uncached()),
          m_fileLength(fileLength)
    { }

    Result<std::span<const std::byte>> at(Offset offset)
    {
        constexpr std::size_t kSize = SegmentHeader::kSize;
        if (offset < m_begin || offset + kSize > m_begin + m_bytes.size()) {
            m_begin = offset;
            m_bytes.resize(static_cast<std::size_t>(bytesThere(offset, kWindow, m_fileLength)));
            if (const auto read = m_store.readExactAt(offset, m_bytes); !read)
                return std::unexpected(read.error());
        }
        if (m_bytes.size() < kSize)
            return failure(ErrorCode::ChangedMeanwhile, offset);
        return std::span<const std::byte>(m_bytes).subspan(static_cast<std::size_t>(offset - m_begin), kSize);
    }

private:
    static constexpr std::uint64_t kWindow = 16 * 1024;

    const Store &m_store;
    const std::uint64_t m_fileLength;
    Offset m_begin;
    std::vector<std::byte> m_bytes;
};

class SegmentChecker {
public:
    SegmentChecker(const Store &store, const Snapshot &snapshot, bool operations, CheckFindings &into)
        : m_store(store),
          m_snapshot(snapshot),
          m_reader(store, snapshot.log.index),
          m_headers(store, snapshot.fileLength()),
          m_operations(operations),
          m_rules(into),
          m_manifestRules(into, ErrorCode::InvalidManifestPayload),
          m_into(into)
    { }

    Result<void> run(const Progress &progress)
    {
        if (m_snapshot.log.index->segmentCount() == 0)
            return {};
        Result<void> checked;
        const auto walked =
            m_reader.forEachWithPayload({0}, [&](const Segment &segment, std::span<const std::byte> payload) {
                if (segment.no.value % SegmentIndex::kStride == 0 && progress
                    && !progress(segment.offset.value, m_snapshot.fileLength()))
                    checked = failure(ErrorCode::Cancelled);
                if (checked)
                    checked = check(segment, payload);
                return checked.has_value();
            });
        return walked ? checked : walked;
    }

private:
    Result<void> check(const Segment &segment, std::span<const std::byte> payload)
    {
        const auto header = m_headers.at(segment.offset);
        if (!header)
            return std::unexpected(header.error());
        if (!SegmentHeader::decode(*header, segment.offset, &m_rules))
            return failure(ErrorCode::ChangedMeanwhile, segment.offset);
        if (segment.header.type != SegmentType::Temp && segment.header.payloadLength > kMaxPayload)
            return addOverLimit(segment);
        if (segment.payloadDamaged)
            return {};
        switch (segment.header.type) {
        case SegmentType::Manifest:
            checkManifest(segment, payload);
            return {};
        case SegmentType::TxnBegin:
        case SegmentType::TxnCommit:
        case SegmentType::TxnAbort:
            // Wrong ones are told by the scan.
            if (m_snapshot.head.hasTransactions())
                std::ignore = TransactionMarker::decode(payload, segment.payloadOffset(), &m_rules);
            return {};
        case SegmentType::Record:
            return m_operations ? checkOperation(segment, payload) : Result<void>();
        default:
            return {};
        }
    }

    Result<void> addOverLimit(const Segment &segment)
    {
        const bool isData = segment.header.type == SegmentType::Schema || segment.header.type == SegmentType::Record
            || segment.header.type == SegmentType::Index;
        const auto counted = isData ? counts(segment) : Result<bool>(false);
        if (!counted)
            return std::unexpected(counted.error());
        m_into.add(segmentFinding(ErrorCode::PayloadOverLimit, *counted ? Severity::Error : Severity::Warning, segment,
                                  kMaxPayload, segment.header.payloadLength));
        return {};
    }

    /// Whether opens look at it.
    [[nodiscard]] Result<bool> counts(const Segment &segment)
    {
        const Offset end = m_snapshot.log.readEnd();
        if (!m_snapshot.head.hasTransactions())
            return segment.end() <= end;
        if (!segment.transaction)
            return false;
        // One that many segments share is looked up once.
        if (!m_transaction || m_transaction->no != *segment.transaction) {
            const auto found = m_reader.transaction(*segment.transaction);
            if (!found)
                return std::unexpected(found.error());
            m_transaction = *found;
        }
        return m_transaction->counts(end);
    }

    void checkManifest(const Segment &segment, std::span<const std::byte> payload)
    {
        // Longer than all of those that are right, it does not come along.
        const auto decoded = payload.size() == segment.header.payloadLength
            ? Manifest::decode(payload, segment.payloadOffset(), &m_manifestRules)
            : failure(ErrorCode::InvalidManifestPayload, segment.payloadOffset(), Manifest::kSize,
                      segment.header.payloadLength);
        if (!decoded)
            m_into.add(segmentFinding(decoded.error().code, Severity::Warning, segment, decoded.error().expected,
                                      decoded.error().found));
    }

    Result<void> checkOperation(const Segment &segment, std::span<const std::byte> payload)
    {
        constexpr auto kAt = RecordHead::kOperationAt;
        if (segment.header.payloadLength <= kAt)
            return {};
        std::array<std::byte, 1> operation{};
        if (payload.size() > kAt)
            operation = {payload[kAt]};
        else if (const auto read = m_store.readExactAt(segment.payloadOffset() + kAt, operation); !read)
            return read;
        const auto found = std::to_integer<std::uint8_t>(operation.front());
        if (!recordOperationName(found).empty())
            return {};
        const auto counted = counts(segment);
        if (!counted)
            return std::unexpected(counted.error());
        if (*counted)
            m_into.add(Finding{.code = ErrorCode::UnknownRecordOperation,
                               .severity = Severity::Warning,
                               .offset = segment.payloadOffset() + kAt,
                               .length = 1,
                               .expected = RecordHead::Insert,
                               .found = found});
        return {};
    }

    const Store &m_store;
    const Snapshot &m_snapshot;
    const LogReader m_reader;
    HeaderBytes m_headers;
    const bool m_operations;
    std::optional<Transaction> m_transaction; // looked up last
    UncheckedRules m_rules;
    UncheckedRules m_manifestRules;
    CheckFindings &m_into;
};

} // namespace

Result<void> checkHead(const Store &store, const Snapshot &snapshot, CheckProgress &progress, CheckFindings &into)
{
    return HeadChecker(store, snapshot, progress, into).run();
}

Result<void> checkSegments(const Store &store, const Snapshot &snapshot, const ReplaySource &start, bool operations,
                           CheckProgress &progress, CheckFindings &into)
{
    for (auto finding : snapshot.log.findings) {
        // A begin that is wrong itself has no end either: told once.
        if (finding.code == ErrorCode::UncleanLogTail && snapshot.log.firstWrongMarker
            && snapshot.log.firstWrongMarker->segment == finding.offset)
            continue;
        // Opens look for those only where they read.
        if (finding.code == ErrorCode::UnframedSegment && finding.end() <= start.from)
            finding.severity = Severity::Warning;
        into.add(finding);
    }
    into.addDropped(snapshot.log.findingsDropped);
    return SegmentChecker(store, snapshot, operations, into).run(progress.nextPass());
}

Result<void> checkCatalog(const Store &store, const CatalogHistory &history, const ReplayStart &start,
                          CheckFindings &into)
{
    // On top of a checkpoint another entry may be right than on top of the whole log.
    auto catalog = start.checkpoint.catalog;
    for (const auto &change : history.changes()) {
        if (!change.counts)
            continue;
        const bool isRead = change.place.payload >= start.source.from;
        auto fault = change.fault;
        if (isRead && start.source.checkpoint && change.payloadLength <= kMaxPayload) {
            std::vector<std::byte> payload(static_cast<std::size_t>(change.payloadLength));
            if (const auto read = store.readExactAt(change.place.payload, payload); !read)
                return read;
            const auto applied =
                CatalogEntry::decode(payload, change.place.payload).and_then([&](const CatalogEntry &entry) {
                    return catalog.apply(entry, change.place);
                });
            fault = applied ? std::nullopt : std::optional(applied.error());
        }
        if (fault)
            into.add(Finding{.code = fault->code,
                             .severity = isRead ? Severity::Error : Severity::Warning,
                             .offset = change.place.segmentOffset(),
                             .length = SegmentHeader::kSize + change.payloadLength,
                             .expected = fault->expected,
                             .found = fault->found});
    }
    return {};
}

} // namespace modelvault
