#include "database/snapshot.h"

#include "database/row_index.h"

#include <algorithm>
#include <utility>

namespace modelvault {
namespace {

Finding headFinding(const Error &error, Severity severity, Offset begin, std::uint64_t length, std::uint64_t fileLength)
{
    const Offset from{std::min(begin.value, fileLength)};
    return {.code = error.code,
            .severity = severity,
            .offset = from,
            .length = std::min(length, Offset{fileLength} - from),
            .expected = error.expected,
            .found = error.found};
}

/// The scan looks at the log alone: what the page map says of the head comes from those who decoded it.
void markHeadDamage(LogScan &log, const FileHead &head)
{
    std::shared_ptr<PageMap> pages;
    for (const auto &span : headSpans(head)) {
        if (span.decodes)
            continue;
        if (pages == nullptr)
            pages = std::make_shared<PageMap>(*log.pages);
        pages->markDamaged(span.begin, span.end);
    }
    if (pages != nullptr)
        log.pages = std::move(pages);
}

} // namespace

std::vector<Finding> headFindings(const FileHead &head)
{
    std::vector<Finding> findings;
    if (!head.header) {
        findings.push_back(
            headFinding(head.header.error(), Severity::Error, Offset{0}, FileHeader::kSize, head.fileLength));
    } else if (!head.header->hasSuperblocks()) {
        // A header alone, or a file that no open takes.
        if (head.fileLength > FileHeader::kSize)
            findings.push_back({.code = ErrorCode::UnsupportedVersion,
                                .offset = {FileHeader::kSize},
                                .length = head.fileLength - FileHeader::kSize,
                                .expected = FileHeader::kSize,
                                .found = head.fileLength});
        return findings;
    }
    if (head.fileLength < FileHeader::kSize)
        return findings; // that there are no superblocks either goes without saying
    for (const auto slot : {SuperblockSlot::A, SuperblockSlot::B}) {
        const auto &block = head.superblocks[static_cast<std::size_t>(slot)];
        // With one slot whole the engine opens the database from that one.
        const auto severity = head.selected && head.fileLength >= kLogStart.value ? Severity::Warning : Severity::Error;
        if (!block)
            findings.push_back(
                headFinding(block.error(), severity, Superblock::slotOffset(slot), Superblock::kSize, head.fileLength));
    }
    return findings;
}

std::vector<Finding> catalogFindings(const CatalogHistory &catalog)
{
    std::vector<Finding> findings;
    for (const auto &change : catalog.changes()) {
        if (change.counts && change.fault)
            findings.push_back({.code = change.fault->code,
                                .offset = change.place.segmentOffset(),
                                .length = SegmentHeader::kSize + change.payloadLength,
                                .expected = change.fault->expected,
                                .found = change.fault->found});
    }
    return findings;
}

std::uint64_t Snapshot::findingCount() const
{
    return findings.size() + log.findingsDropped + (rows != nullptr ? rows->findingsDropped() : 0);
}

std::shared_ptr<const Snapshot> makeSnapshot(FileIdentity identity, const FileHead &head, LogScan log,
                                             std::shared_ptr<const CatalogHistory> catalog,
                                             std::shared_ptr<const RowIndex> rows)
{
    if (log.covered > Offset{0})
        markHeadDamage(log, head);
    auto findings = headFindings(head);
    const auto add = [&findings](const std::vector<Finding> &more) {
        findings.insert(findings.end(), more.begin(), more.end());
    };
    add(log.findings);
    if (catalog != nullptr)
        add(catalogFindings(*catalog));
    if (rows != nullptr)
        add(rows->findings());
    std::ranges::stable_sort(findings, {}, &Finding::offset);
    return std::make_shared<const Snapshot>(Snapshot{.identity = identity,
                                                     .head = head,
                                                     .log = std::move(log),
                                                     .catalog = std::move(catalog),
                                                     .rows = std::move(rows),
                                                     .findings = std::move(findings)});
}

} // namespace modelvault
