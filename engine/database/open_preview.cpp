#include "database/open_preview.h"

#include "out_of_memory.h"

#include <utility>

namespace modelvault {
namespace {

/// Whether there is a log at all; a broken header does not keep a viewer from it.
bool hasLog(const FileHead &head)
{
    return head.fileLength >= kLogStart.value && (!head.header || head.header->hasSuperblocks());
}

} // namespace

Result<OpenPreview> previewOpens(const Store &store, const FileHead &head, const LogScan &log,
                                 const std::shared_ptr<const CatalogHistory> &history, const Progress &progress)
try {
    OpenPreview preview;
    preview.strict = preview.autoTruncate.refusal = headRefusal(head);
    preview.autoTruncate.makesNewDatabase = head.fileLength == 0;
    if (!hasLog(head))
        return preview;

    const auto manifest = manifestRefusal(store, head);
    if (!manifest)
        return std::unexpected(manifest.error());
    const auto cut = findLogCut(store, log);
    if (!cut)
        return std::unexpected(cut.error());
    auto start = findReplayStart(store, head, cut->safeEnd, progress);
    if (!start)
        return std::unexpected(start.error());
    preview.source = start->source;
    const auto checkpoint = start->checkpointFault;
    auto replayed = replay(store, *std::move(start), history, head.hasTransactions(), progress);
    if (!replayed)
        return std::unexpected(replayed.error());

    // Up to replay, a strict open has more to complain about; where it gets that far, there was nothing to cut, and
    // both read the same.
    const auto note = [](std::optional<Error> &first, const std::optional<Error> &error) {
        if (!first)
            first = error;
    };
    if (!preview.autoTruncate.refusal)
        preview.autoTruncate.cut = *cut;
    for (const auto &error : {*manifest, logRefusal(log), checkpoint, replayed->refusal})
        note(preview.strict, error);
    note(preview.autoTruncate.refusal, replayed->refusal);
    preview.replay = std::make_shared<const Replay>(*std::move(replayed));
    return preview;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
