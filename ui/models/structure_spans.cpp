#include "models/structure_spans.h"

#include "format/superblock.h"
#include "log/file_head.h"
#include "log/segment_index.h"

#include <algorithm>

namespace modelvault::ui {
namespace {

void addHead(std::vector<StructureSpan> &spans, const Snapshot &snapshot)
{
    for (const auto &[begin, end, decodes] : headSpans(snapshot.head))
        spans.push_back({begin, end, decodes ? ContentKind::Head : ContentKind::Damaged, false});
}

/// What lies between segments that the scan has passed is damage.
void addGap(std::vector<StructureSpan> &spans, Offset begin, Offset end)
{
    if (begin < end)
        spans.push_back({begin, end, ContentKind::Damaged, false});
}

} // namespace

std::vector<StructureSpan> structureSpans(const Store &store, const Snapshot &snapshot, Offset begin, Offset end)
{
    std::vector<StructureSpan> spans;
    if (begin < kLogStart)
        addHead(spans, snapshot);
    const auto &index = snapshot.log.index;
    const auto segments = LogReader(store, index).segmentsIn(begin, end);
    if (!segments) // the file changed: what is known of it no longer holds
        return spans;
    Offset at = std::max(begin, kLogStart);
    for (const auto &segment : *segments) {
        addGap(spans, at, segment.offset);
        const auto kind = contentKind(segment.header.type);
        spans.push_back({segment.offset, segment.payloadOffset(), kind, true});
        spans.push_back(
            {segment.payloadOffset(), segment.end(), segment.payloadDamaged ? ContentKind::Damaged : kind, false});
        at = segment.end();
    }
    addGap(spans, at, std::min(end, snapshot.log.covered));
    return spans;
}

} // namespace modelvault::ui
