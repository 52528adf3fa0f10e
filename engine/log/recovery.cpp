#include "log/recovery.h"

#include "format/segment.h"
#include "log/segment_index.h"
#include "out_of_memory.h"
#include "store/range.h"

#include <array>

namespace modelvault {
namespace {

/// Ends the log without more to say: a write that did not get done.
bool isTornTail(ErrorCode code)
{
    return code == ErrorCode::TruncatedSegmentHeader || code == ErrorCode::SegmentPayloadPastEof;
}

/// The first wrong marker that a walk of the log comes to.
std::optional<LogFault> markerFault(const LogScan &log)
{
    const auto &marker = log.firstWrongMarker;
    return marker && (!log.firstFault || marker->segment < log.firstFault->segment) ? marker : std::nullopt;
}

LogFault uncleanTail(const Transaction &open)
{
    return {.segment = open.begin, .error = {.code = ErrorCode::UncleanLogTail, .offset = open.begin}};
}

/// The transaction that a walk is in when it has come to `end`, where a segment should begin.
Result<std::optional<Transaction>> openAt(const LogReader &log, Offset end)
{
    if (end <= kLogStart)
        return std::nullopt;
    const auto last = log.segmentAt({end.value - 1});
    if (!last)
        return std::unexpected(last.error());
    if (!*last || !(*last)->transaction)
        return std::nullopt;
    const auto type = (*last)->header.type;
    if (type == SegmentType::TxnCommit || type == SegmentType::TxnAbort)
        return std::nullopt; // was its last
    return log.transaction(*(*last)->transaction).transform([](const Transaction &open) {
        return std::optional(open);
    });
}

} // namespace

std::optional<Error> headRefusal(const FileHead &head)
{
    if (head.fileLength == 0)
        return std::nullopt;
    if (!head.header)
        return head.header.error();
    if (!head.header->hasSuperblocks()) {
        if (head.fileLength == FileHeader::kSize)
            return std::nullopt;
        return Error{.code = ErrorCode::UnsupportedVersion,
                     .offset = Offset{4},
                     .expected = FileHeader::kMinorHighest,
                     .found = std::uint64_t{head.header->major} << 16U | head.header->minor};
    }
    if (head.fileLength < kLogStart.value)
        return Error{.code = ErrorCode::TruncatedSuperblock,
                     .offset = Offset{FileHeader::kSize},
                     .expected = kLogStart.value,
                     .found = head.fileLength};
    if (!head.selected)
        return Error{.code = ErrorCode::BadSuperblockChecksum, .offset = Superblock::slotOffset(SuperblockSlot::A)};
    return std::nullopt;
}

Result<std::optional<Error>> manifestRefusal(const Store &store, const FileHead &head)
{
    if (!head.selected)
        return std::nullopt;
    const Offset at = head.superblocks[static_cast<std::size_t>(*head.selected)]->manifestOffset;
    if (at == Offset{0})
        return std::nullopt;
    if (const auto there = checkRead(at, SegmentHeader::kSize, head.fileLength); !there)
        return there.error();
    std::array<std::byte, SegmentHeader::kSize> bytes{};
    if (const auto read = store.readExactAt(at, bytes); !read)
        return std::unexpected(read.error());
    const auto header = SegmentHeader::decode(bytes, at);
    if (!header)
        return header.error();
    if (header->type != SegmentType::Manifest)
        return Error{.code = ErrorCode::UnsupportedVersion,
                     .offset = at + 6,
                     .expected = static_cast<std::uint64_t>(SegmentType::Manifest),
                     .found = static_cast<std::uint64_t>(header->type)};
    if (const auto there = checkRead(at + SegmentHeader::kSize, header->payloadLength, head.fileLength); !there)
        return there.error();
    return std::nullopt;
}

std::optional<Error> logRefusal(const LogScan &log)
{
    // An open walks the whole log first, and looks at the markers then.
    if (log.firstFault && !isTornTail(log.firstFault->error.code))
        return log.firstFault->error;
    if (const auto marker = markerFault(log))
        return marker->error;
    if (log.firstFault) {
        auto error = log.firstFault->error;
        error.code = ErrorCode::UncleanLogTail;
        return error;
    }
    if (const auto &open = log.index->openTransaction())
        return uncleanTail(*open).error;
    return std::nullopt;
}

Result<LogCut> findLogCut(const Store &store, const LogScan &log)
try {
    auto cause = markerFault(log);
    if (!cause)
        cause = log.firstFault;
    if (!cause) {
        const auto &open = log.index->openTransaction();
        return open ? LogCut{.safeEnd = open->begin, .cause = uncleanTail(*open)} : LogCut{.safeEnd = log.covered};
    }
    return openAt(LogReader(store, log.index), cause->segment).transform([&cause](const auto &open) {
        return LogCut{.safeEnd = open ? open->begin : cause->segment, .cause = cause};
    });
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
