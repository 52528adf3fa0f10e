#include "explain/explainer.h"

#include "explain/payload_tree.h"
#include "format/crc32c.h"
#include "format/limits.h"
#include "log/recovery.h"
#include "out_of_memory.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace modelvault {
namespace {

/// Of what the next writer cuts off. FORMAT.md, "Recovery".
constexpr std::string_view kBehindSafeEnd = "behind the safe end";

/// As many bytes as are there, or the store's error.
Result<std::vector<std::byte>> readBytes(const Store &store, Offset begin, Offset end)
{
    std::vector<std::byte> bytes(static_cast<std::size_t>(end - begin));
    return store.readExactAt(begin, bytes).transform([&bytes] { return std::move(bytes); });
}

/// A structure of which nothing can be said, and why.
FieldNode unexplained(std::string_view name, Offset begin, Offset end, const std::optional<Error> &error)
{
    std::size_t budget = 1;
    auto node = FieldTreeBuilder(name, begin, {}, budget).finish(end);
    if (error) {
        node.error = error->code;
        for (auto &child : node.children) {
            child.verdict = Verdict::Wrong;
            child.expected = error->expected;
            child.found = error->found;
            child.error = error->code;
        }
    }
    return node;
}

/// Of header and superblocks: the decoder's own rules say which field is wrong.
template <class Decode>
FieldNode fixedStructure(std::string_view name, Offset begin, Offset end, const Decode &decode)
{
    std::size_t budget = ExplainFocus{}.nodes;
    FieldTreeBuilder builder(name, begin, {}, budget);
    const std::optional<Error> error = decode(builder);
    auto node = std::move(builder).finish(end);
    if (!error)
        return node;
    if (node.children.size() == 1)
        return unexplained(name, begin, end, error);
    node.error = error->code;
    return node;
}

template <class T>
std::optional<Error> errorOf(const Result<T> &result)
{
    return result ? std::nullopt : std::optional(result.error());
}

FieldNode &childNamed(FieldNode &node, std::string_view name)
{
    return *std::ranges::find(node.children, name, &FieldNode::name);
}

FieldNode segmentHeader(std::span<const std::byte> bytes, Offset at, std::optional<Error> &error)
{
    return fixedStructure("segment header", at, at + bytes.size(),
                          [&](FieldTrace &trace) { return error = errorOf(SegmentHeader::decode(bytes, at, &trace)); });
}

void judgePayloadCrc(FieldNode &header, const Segment &segment, std::optional<std::uint32_t> computed)
{
    auto &field = childNamed(header, "payload CRC");
    field.rule = checksumOf(segment.payloadOffset(), segment.end(), computed.value_or(segment.header.payloadCrc));
    field.rule.isChecked = segment.header.type != SegmentType::Temp;
    const bool right = computed ? isRightCrc(segment.header.payloadCrc, *computed) : !segment.payloadDamaged;
    if (!right) {
        field.expected = computed.value_or(0);
        field.found = segment.header.payloadCrc;
        field.error = header.error = ErrorCode::BadSegmentPayloadChecksum;
    }
    field.verdict = !field.rule.isChecked ? Verdict::NotChecked : right ? Verdict::Right : Verdict::Wrong;
}

} // namespace

Explainer::Explainer(const Store &store, std::shared_ptr<const Snapshot> snapshot)
    : m_store(store),
      m_snapshot(std::move(snapshot))
{
    std::ranges::copy_if(m_snapshot->log.findings, std::back_inserter(m_framing), [](const Finding &it) {
        return it.code == ErrorCode::InvalidTxnPayload || it.code == ErrorCode::UnframedSegment;
    });
    // Nothing is read for a sound log. Where it can't be found out, nothing is said of it.
    if (const auto cut = m_snapshot->log.complete ? findLogCut(store, m_snapshot->log) : LogCut{}; cut)
        m_safeEnd = cut->safeEnd;
}

Result<void> Explainer::forEach(Offset begin, Offset end, const std::function<bool(FieldNode)> &visit) const
try {
    return forEachPiece(begin, end, {}, visit);
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<FieldNode> Explainer::at(Offset offset) const
try {
    if (offset.value >= m_snapshot->fileLength())
        return failure(ErrorCode::InvalidInput, offset, m_snapshot->fileLength(), offset.value);
    Result<FieldNode> found = failure(ErrorCode::ChangedMeanwhile, offset);
    const auto done = forEachPiece(offset, offset + 1, {.begin = offset, .end = offset + 1}, [&found](FieldNode node) {
        found = std::move(node);
        return false;
    });
    if (!done)
        return std::unexpected(done.error());
    return found;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<void> Explainer::forEachPiece(Offset begin, Offset end, const ExplainFocus &focus, const Visit &visit) const
{
    end = std::min(end, Offset{m_snapshot->fileLength()});
    if (begin >= end)
        return {};
    if (begin.value < FileHeader::kSize && !visit(fileHeader()))
        return {};
    for (const auto slot : {SuperblockSlot::A, SuperblockSlot::B}) {
        const Offset at = Superblock::slotOffset(slot);
        if (begin < at + Superblock::kSize && at < end && !visit(superblock(slot)))
            return {};
    }
    return end > kLogStart ? forEachInLog(std::max(begin, kLogStart), end, focus, visit) : Result<void>();
}

Result<void> Explainer::forEachInLog(Offset begin, Offset end, const ExplainFocus &focus, const Visit &visit) const
{
    const LogReader log(m_store, m_snapshot->log.index);
    const auto endOf = [&log](std::uint64_t segments) {
        return segments == 0 ? Result<Offset>(kLogStart)
                             : log.segment({segments - 1}).transform([](const Segment &it) { return it.end(); });
    };
    bool goesOn = true;
    std::optional<Offset> reached; // the end of the segment before
    Result<void> looked;
    const auto walked = log.forEachFrom(begin, [&](const Segment &segment) {
        if (!reached) {
            const auto before = segment.offset <= begin ? Result<Offset>(segment.offset) : endOf(segment.no.value);
            if (!before) {
                looked = std::unexpected(before.error());
                return false;
            }
            reached = *before;
        }
        if (*reached < segment.offset && *reached < end)
            goesOn = visit(damage(*reached, segment.offset));
        reached = segment.offset;
        if (!goesOn || segment.offset >= end)
            return false;
        goesOn = visit(explain(segment, focus));
        reached = segment.end();
        return goesOn && segment.end() < end;
    });
    if (!walked || !looked)
        return walked ? looked : walked;
    if (!goesOn)
        return {};
    if (!reached) {
        const auto last = endOf(log.index().segmentCount());
        if (!last)
            return std::unexpected(last.error());
        reached = *last;
    }
    if (*reached < end)
        visit(damage(*reached, Offset{m_snapshot->fileLength()}));
    return {};
}

FieldNode Explainer::fileHeader() const
{
    const Offset end{std::min(FileHeader::kSize, m_snapshot->fileLength())};
    const auto bytes = readBytes(m_store, Offset{0}, end);
    if (!bytes)
        return unexplained("file header", Offset{0}, end, bytes.error());
    return fixedStructure("file header", Offset{0}, end,
                          [&](FieldTrace &trace) { return errorOf(FileHeader::decode(*bytes, &trace)); });
}

FieldNode Explainer::superblock(SuperblockSlot slot) const
{
    const Offset at = Superblock::slotOffset(slot);
    const Offset end = std::min(at + Superblock::kSize, Offset{m_snapshot->fileLength()});
    const auto bytes = readBytes(m_store, at, end);
    auto node = bytes
        ? fixedStructure("superblock", at, end,
                         [&](FieldTrace &trace) { return errorOf(Superblock::decode(*bytes, at, &trace)); })
        : unexplained("superblock", at, end, bytes.error());
    node.label = slot == SuperblockSlot::A ? "A" : "B";
    if (bytes && !node.error) {
        judgePointer(node, slot, "manifest offset", SegmentType::Manifest, ErrorCode::BadManifestPointer);
        judgePointer(node, slot, "checkpoint offset", SegmentType::Checkpoint, ErrorCode::BadCheckpointPointer);
    }
    return node;
}

/// Opens follow the pointers of the chosen slot only. Where a scan found that the log is broken at the very place, the
/// pointer is not to blame.
void Explainer::judgePointer(FieldNode &superblock, SuperblockSlot slot, std::string_view field, SegmentType type,
                             ErrorCode code) const
{
    const auto pointer = std::ranges::find(superblock.children, field, &FieldNode::name);
    const auto target = pointer != superblock.children.end() ? pointer->target() : std::nullopt;
    const auto isToldAt = [&target](const Finding &finding) { return finding.offset == *target; };
    if (!target)
        return;
    pointer->rule = {.kind = Rule::Kind::SegmentAt,
                     .isChecked = m_snapshot->head.selected == slot,
                     .lowest = std::to_underlying(type)};
    const auto found = segmentBeginningAt(*target);
    if (found == type) {
        pointer->verdict = pointer->rule.isChecked ? Verdict::Right : Verdict::NotChecked;
    } else if (found || std::ranges::none_of(m_snapshot->log.findings, isToldAt)) {
        pointer->expected = pointer->rule.lowest;
        pointer->found = found ? std::to_underlying(*found) : 0;
        if (pointer->rule.isChecked) {
            pointer->verdict = Verdict::Wrong;
            pointer->error = superblock.error = code;
        }
    }
}

/// As opens see it: whatever looks like a header is one, wherever it lies.
std::optional<SegmentType> Explainer::segmentBeginningAt(Offset offset) const
{
    const auto length = m_snapshot->fileLength();
    if (offset < kLogStart || offset.value > length || length - offset.value < SegmentHeader::kSize)
        return std::nullopt;
    const auto bytes = readBytes(m_store, offset, offset + SegmentHeader::kSize);
    const auto header = bytes ? SegmentHeader::decode(*bytes, offset) : std::unexpected(bytes.error());
    if (!header || header->payloadLength > length - offset.value - SegmentHeader::kSize)
        return std::nullopt;
    return header->type;
}

FieldNode Explainer::explain(const Segment &segment, ExplainFocus focus) const
{
    std::optional<Error> error;
    const auto headerBytes = readBytes(m_store, segment.offset, segment.payloadOffset());
    auto header = headerBytes
        ? segmentHeader(*headerBytes, segment.offset, error)
        : unexplained("segment header", segment.offset, segment.payloadOffset(), headerBytes.error());
    const auto name = payloadName(segment.header.type);
    FieldNode payload;
    std::optional<std::uint32_t> computed;
    if (segment.header.type == SegmentType::Temp) {
        payload = spilledData(segment);
    } else if (segment.header.payloadLength > kMaxPayload) {
        payload = unexplained(name, segment.payloadOffset(), segment.end(),
                              Error{.code = ErrorCode::PayloadOverLimit,
                                    .offset = segment.payloadOffset(),
                                    .expected = kMaxPayload,
                                    .found = segment.header.payloadLength});
    } else if (const auto bytes = readBytes(m_store, segment.payloadOffset(), segment.end()); bytes) {
        computed = crc32c(*bytes);
        payload = explainPayload(segment, *bytes, m_snapshot->catalog.get(), focus, focus.nodes);
    } else {
        payload = unexplained(name, segment.payloadOffset(), segment.end(), bytes.error());
    }
    if (headerBytes && !error)
        judgePayloadCrc(header, segment, computed);

    FieldNode node{.name = "segment",
                   .label = std::string(segmentTypeName(segment.header.type)),
                   .begin = segment.offset,
                   .end = segment.end(),
                   .valueName = isBehindSafeEnd(segment.offset) ? kBehindSafeEnd : std::string_view(),
                   .error = header.error ? header.error : payload.error};
    node.children.push_back(std::move(header));
    node.children.push_back(std::move(payload));
    if (!node.error)
        judgeFraming(node, segment.header.type);
    return node;
}

bool Explainer::isBehindSafeEnd(Offset offset) const
{
    return m_safeEnd > Offset{0} && offset >= m_safeEnd;
}

/// Segments that are right in themselves may be out of place. FORMAT.md, "Transactions".
void Explainer::judgeFraming(FieldNode &segment, SegmentType type) const
{
    const auto behind = std::ranges::upper_bound(m_framing, segment.begin, {}, &Finding::offset);
    if (behind == m_framing.begin() || std::prev(behind)->end() <= segment.begin)
        return;
    const auto &finding = *std::prev(behind);
    const bool hasOtherId = finding.expected != finding.found && finding.offset == segment.begin;
    auto &part = segment.children[hasOtherId ? 1 : 0];
    auto &field = childNamed(part, hasOtherId ? "transaction id" : "type");
    if (hasOtherId)
        field.rule = mustBe(finding.expected);
    else
        field.rule = {.kind = type == SegmentType::TxnBegin ? Rule::Kind::NoTransaction : Rule::Kind::InTransaction};
    field.verdict = Verdict::Wrong;
    field.expected = finding.expected;
    field.found = finding.found;
    field.error = part.error = segment.error = finding.code;
}

/// Only its beginning is read: nobody knows what it means, and it may be long.
FieldNode Explainer::spilledData(const Segment &segment) const
{
    const Offset begin = segment.payloadOffset();
    const auto name = payloadName(segment.header.type);
    const auto first = readBytes(m_store, begin, std::min(begin + FirstBytes::kMost, segment.end()));
    if (!first)
        return unexplained(name, begin, segment.end(), first.error());
    FieldNode payload{.name = name, .begin = begin, .end = segment.end()};
    payload.children.push_back({.role = FieldNode::Role::Field,
                                .kind = FieldKind::Bytes,
                                .name = "spilled data",
                                .begin = begin,
                                .end = segment.end(),
                                .value = FirstBytes{.bytes = *first, .length = segment.header.payloadLength}});
    return payload;
}

/// Where no whole segment is. A header that is whole itself, or nearly, is shown to its last field.
FieldNode Explainer::damage(Offset begin, Offset end) const
{
    if (!m_snapshot->log.complete && end.value == m_snapshot->fileLength())
        return unexplained("not scanned", begin, end, std::nullopt);
    const Offset headerEnd = std::min(begin + SegmentHeader::kSize, end);
    const auto bytes = readBytes(m_store, begin, headerEnd);
    if (!bytes)
        return unexplained("damage", begin, end, bytes.error());
    std::optional<Error> error;
    auto header = segmentHeader(*bytes, begin, error);
    if (error && header.children.size() <= 2) // too short, or no header at all
        return unexplained("damage", begin, end, error);
    if (!error) {
        const auto whole = *SegmentHeader::decode(*bytes, begin);
        const auto room = m_snapshot->fileLength() - headerEnd.value;
        error = {.code = whole.payloadLength > room ? ErrorCode::SegmentPayloadPastEof : ErrorCode::ChangedMeanwhile,
                 .offset = begin,
                 .expected = room,
                 .found = whole.payloadLength};
        header.error = error->code;
        auto &length = childNamed(header, "payload length");
        length.verdict = Verdict::Wrong;
        length.expected = error->expected;
        length.found = error->found;
        length.error = error->code;
    }
    FieldNode node{.name = "damage",
                   .begin = begin,
                   .end = end,
                   .valueName = isBehindSafeEnd(begin) ? kBehindSafeEnd : std::string_view(),
                   .error = error->code};
    node.children.push_back(std::move(header));
    if (headerEnd < end)
        node.children.push_back(
            {.role = FieldNode::Role::Unexplained, .name = "unexplained", .begin = headerEnd, .end = end});
    return node;
}

void Coverage::addStructure(const FieldNode &node)
{
    add(node);
    faults += node.error ? 1U : 0U;
}

void Coverage::add(const FieldNode &node)
{
    switch (node.role) {
    case FieldNode::Role::Structure:
        for (const auto &child : node.children)
            add(child);
        break;
    case FieldNode::Role::Field:
    case FieldNode::Role::More:
        named += node.length();
        break;
    case FieldNode::Role::Padding:
        padding += node.length();
        break;
    case FieldNode::Role::Unexplained:
        unexplained += node.length();
        break;
    }
}

Result<CoverageByStructure> coverage(const Explainer &explainer, const Progress &progress)
try {
    CoverageByStructure structures;
    bool stopped = false;
    const auto length = explainer.snapshot().fileLength();
    const auto done = explainer.forEach(Offset{0}, Offset{length}, [&](const FieldNode &node) {
        if (node.name == "segment") {
            for (const auto &child : node.children)
                structures[child.name].addStructure(child);
        } else {
            structures[node.name].addStructure(node);
        }
        stopped = progress && !progress(node.end.value, length);
        return !stopped;
    });
    if (!done)
        return std::unexpected(done.error());
    if (stopped)
        return failure(ErrorCode::Cancelled);
    return structures;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
