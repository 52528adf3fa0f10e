#include "check/check.h"

#include "check/check_findings.h"
#include "check/check_progress.h"
#include "check/log_check.h"
#include "check/row_check.h"
#include "database/payload_loader.h"
#include "format/record.h"
#include "log/recovery.h"
#include "log/segment_index.h"
#include "out_of_memory.h"

#include <algorithm>
#include <utility>

namespace modelvault {
namespace {

bool hasLog(const FileHead &head)
{
    return head.fileLength > kLogStart.value && (!head.header || head.header->hasSuperblocks());
}

/// Says what findings touch that were found without a look at what lies there.
class Toucher {
public:
    Toucher(const Store &store, const Snapshot &snapshot, const CatalogHistory &history)
        : m_log(store, snapshot.log.index),
          m_history(history),
          m_loader(store)
    { }

    Result<void> touch(CheckFinding &finding)
    {
        if (finding.what.offset < kLogStart || m_log.index().segmentCount() == 0)
            return {};
        const auto found = m_log.segmentAt(finding.what.offset);
        if (!found)
            return std::unexpected(found.error());
        if (!*found)
            return {};
        const auto &segment = **found;
        finding.transaction = segment.transaction;
        if (finding.collectionId || finding.what.count > 1)
            return {};
        if (segment.header.type == SegmentType::Schema)
            touchSchema(segment, finding);
        else if (segment.header.type == SegmentType::Record && !segment.payloadDamaged)
            touchRecord(segment, finding);
        return {};
    }

private:
    void touchSchema(const Segment &segment, CheckFinding &finding) const
    {
        const auto *change = m_history.change(segment.no);
        if (change != nullptr && change->collectionId != 0)
            name(change->collectionId, finding);
    }

    void touchRecord(const Segment &segment, CheckFinding &finding)
    {
        const auto payload = m_loader.beginning(segment);
        const auto head =
            payload.and_then([&segment](auto bytes) { return RecordHead::decode(bytes, segment.payloadOffset()); });
        if (!head)
            return; // what can't be read there is what is told
        name(head->collectionId, finding);
        finding.key = head->key;
    }

    void name(std::uint32_t collectionId, CheckFinding &finding) const
    {
        finding.collectionId = collectionId;
        if (const auto *collection = m_history.collection(collectionId, finding.transaction))
            finding.collection = collection->name;
    }

    const LogReader m_log;
    const CatalogHistory &m_history;
    PayloadLoader m_loader;
};

class Checker {
public:
    Checker(const Store &store, const Snapshot &snapshot, CheckDepth depth, const Progress &progress)
        : m_store(store),
          m_snapshot(snapshot),
          m_depth(depth),
          m_progress(progress, snapshot.fileLength(), depth == CheckDepth::Quick ? kQuickPasses : kFullPasses)
    { }

    Result<CheckReport> run()
    {
        auto history = historyOf();
        if (!history)
            return std::unexpected(history.error());
        const auto checked = checkHead(m_store, m_snapshot, m_progress, m_findings).and_then([&] {
            return hasLog(m_snapshot.head) ? checkLog(*history) : Result<void>();
        });
        if (!checked)
            return std::unexpected(checked.error());
        CheckReport report{.depth = m_depth, .findings = {}, .dropped = m_findings.dropped()};
        report.findings = std::move(m_findings).take();
        Toucher toucher(m_store, m_snapshot, **history);
        for (auto &finding : report.findings) {
            if (const auto touched = toucher.touch(finding); !touched)
                return std::unexpected(touched.error());
        }
        if (!m_progress.finish())
            return failure(ErrorCode::Cancelled);
        return report;
    }

private:
    // About so many, each as long as it takes to read the file.
    static constexpr std::uint64_t kQuickPasses = 2;
    static constexpr std::uint64_t kFullPasses = 6;

    Result<std::shared_ptr<const CatalogHistory>> historyOf()
    {
        if (m_snapshot.catalog != nullptr)
            return m_snapshot.catalog;
        return CatalogHistory::read(m_store, m_snapshot.log, m_snapshot.head.hasTransactions(), m_progress.nextPass());
    }

    Result<void> checkLog(const std::shared_ptr<const CatalogHistory> &history)
    {
        const auto cut = findLogCut(m_store, m_snapshot.log);
        if (!cut)
            return std::unexpected(cut.error());
        const auto start = findReplayStart(m_store, m_snapshot.head, cut->safeEnd, m_progress.nextPass());
        if (!start)
            return std::unexpected(start.error());
        const bool isFull = m_depth == CheckDepth::Full;
        if (const auto checked = checkSegments(m_store, m_snapshot, start->source, isFull, m_progress, m_findings);
            !checked)
            return checked;
        if (const auto checked = checkCatalog(m_store, *history, *start, m_findings); !checked)
            return checked;
        return isFull ? checkRows(m_store, m_snapshot, history, *start, m_progress, m_findings) : Result<void>();
    }

    const Store &m_store;
    const Snapshot &m_snapshot;
    const CheckDepth m_depth;
    CheckProgress m_progress;
    CheckFindings m_findings;
};

} // namespace

std::uint64_t CheckReport::count(Severity severity) const
{
    return static_cast<std::uint64_t>(
        std::ranges::count(findings, severity, [](const CheckFinding &finding) { return finding.what.severity; }));
}

Result<CheckReport> check(const Store &store, const Snapshot &snapshot, CheckDepth depth, const Progress &progress)
try {
    return Checker(store, snapshot, depth, progress).run();
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
