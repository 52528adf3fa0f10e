#include "database/follower.h"

#include "database/replay.h"
#include "format/crc32c.h"
#include "log/log_walker.h"
#include "out_of_memory.h"

#include <algorithm>
#include <utility>

namespace modelvault {
namespace {

constexpr std::uint64_t kAnchor = 4 * 1024;
/// Of a torn end so much is compared where it begins, and where it ends.
constexpr std::uint64_t kTailCompared = 64 * 1024;
/// How often a head is read anew that was just being written.
constexpr int kHeadAttempts = 4;

Result<std::vector<std::byte>> readBytes(const Store &store, Offset at, std::uint64_t length)
{
    std::vector<std::byte> bytes(static_cast<std::size_t>(length));
    return store.readExactAt(at, bytes).transform([&bytes] { return std::move(bytes); });
}

} // namespace

FileLook lookAt(const FileStore &store)
{
    return {.byHandle = store.identity(),
            .byPath = store.path().empty() ? Result<FileIdentity>(store.identity()) : identityOf(store.path())};
}

std::string_view startOverName(StartOverReason reason)
{
    switch (reason) {
    case StartOverReason::Replaced:
        return "replaced";
    case StartOverReason::Shrank:
        return "shrank";
    case StartOverReason::Rewritten:
        return "rewritten";
    case StartOverReason::FormatChanged:
        break;
    }
    return "format_changed";
}

Result<Follower> Follower::start(std::shared_ptr<const Store> store, FileIdentity identity, FollowerOptions options,
                                 Time now, const Progress &progress)
try {
    Follower follower(std::move(store), identity, std::move(options));
    return follower.look(now, progress).transform([&follower](const Update &) { return std::move(follower); });
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Result<Follower> Follower::goOn(std::shared_ptr<const Store> store, FollowerOptions options, Begun begun)
try {
    Follower follower(std::move(store), begun.snapshot->identity, std::move(options));
    follower.m_head.decoded = begun.snapshot->head;
    follower.m_length = begun.snapshot->fileLength();
    follower.m_scanner = std::move(begun.log);
    follower.m_rows = std::move(begun.rows);
    follower.m_snapshot = std::move(begun.snapshot);
    follower.m_isJudged = true;
    if (const auto kept = follower.keepAnchor(kLogStart); !kept)
        return std::unexpected(kept.error());
    if (follower.isTorn()) {
        const auto tail = follower.tailCrc(follower.m_scanner->settledEnd(), follower.m_length);
        if (!tail)
            return std::unexpected(tail.error());
        follower.m_tail = *tail;
    }
    const auto open = follower.m_scanner->settledOpen();
    follower.m_shown = Shown{.settledEnd = follower.m_scanner->settledEnd(),
                             .settledSegments = follower.m_scanner->settledSegments(),
                             .settledOpen = open ? std::optional(open->no) : std::nullopt,
                             .isJudged = true,
                             .judgedLength = follower.m_length,
                             .judgedTail = follower.m_tail};
    return follower;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

std::optional<Follower::BeingWritten> Follower::beingWritten() const
{
    if (m_isJudged || endsWhole())
        return std::nullopt;
    const auto open = m_scanner->settledOpen();
    return BeingWritten{.begin = open ? open->begin : m_scanner->settledEnd(), .end = {m_length}};
}

Result<Follower::Update> Follower::refresh(const FileLook &look, Time now, const Progress &progress)
try {
    if (m_ended)
        return startOver(*m_ended);
    if (look.byHandle != m_identity || (look.byPath && *look.byPath != m_identity))
        return startOver(StartOverReason::Replaced);
    return this->look(now, progress).transform([&look](Update &&update) {
        update.isPathGone = !look.byPath && look.byPath.error().code == ErrorCode::NotFound;
        return std::move(update);
    });
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

Follower::Update Follower::startOver(StartOverReason reason)
{
    m_ended = reason;
    return {.kind = Update::Kind::StartOver, .reason = reason, .snapshot = m_snapshot, .beingWritten = {}};
}

Result<Follower::Update> Follower::look(Time now, const Progress &progress)
{
    auto head = readHead();
    // Asked behind the head: what that points to was appended before.
    auto length = m_store->length();
    if (head && length && head->bytes.size() < std::min(*length, kLogStart.value)) {
        head = readHead();
        length = m_store->length();
    }
    if (!head || !length)
        return std::unexpected(head ? length.error() : head.error());
    if (m_snapshot != nullptr && *length < m_snapshot->fileLength())
        return startOver(StartOverReason::Shrank);
    if (m_scanner != nullptr && hasLog() && *length < m_scanner->settledEnd().value)
        return startOver(StartOverReason::Shrank);

    bool isHeadNew = m_scanner == nullptr
        || (m_head.bytes.empty() ? !(head->decoded == m_head.decoded) : head->bytes != m_head.bytes);
    if (isHeadNew && lost(head->decoded)) {
        // Just being written, unless it stays so.
        if (!m_headLostSince)
            m_headLostSince = now;
        isHeadNew = now - *m_headLostSince >= m_options.patience;
    } else {
        m_headLostSince.reset();
    }
    const auto framed = isHeadNew ? head->decoded.hasTransactions() : m_head.decoded.hasTransactions();
    if (isHeadNew && m_scanner != nullptr) {
        if (contradicts(head->decoded))
            return startOver(StartOverReason::Rewritten);
        if (framed != m_head.decoded.hasTransactions())
            return startOver(StartOverReason::FormatChanged);
    }
    if (m_scanner != nullptr) {
        const auto isThere = isAnchorThere();
        if (!isThere)
            return isThere.error().code == ErrorCode::UnexpectedEof ? Result<Update>(startOver(StartOverReason::Shrank))
                                                                    : std::unexpected(isThere.error());
        if (!*isThere)
            return startOver(StartOverReason::Rewritten);
    }

    bool isChanged = m_scanner == nullptr || *length != m_length;
    if (!isChanged && isTorn()) {
        const auto tail = tailCrc(m_scanner->settledEnd(), m_length);
        if (!tail)
            return std::unexpected(tail.error());
        isChanged = *tail != m_tail;
    }
    const bool isOver = !isChanged && !m_isJudged && !endsWhole() && now - m_tailSince >= m_options.patience;
    if (isChanged || isOver) {
        const Offset settled = m_scanner != nullptr && hasLog() ? m_scanner->settledEnd() : Offset{0};
        m_store->invalidate(settled);
        // Also where nothing seems to have changed since: it may have while it was scanned.
        if (const auto scanned = scan(*length, framed, progress); !scanned)
            return scanned.error().code == ErrorCode::ChangedMeanwhile
                ? Result<Update>(startOver(StartOverReason::Rewritten))
                : std::unexpected(scanned.error());
        const bool isMoved = settled != m_scanner->settledEnd();
        if (isChanged || isMoved) {
            m_tailSince = now;
            m_isJudged = m_options.patience == FollowerOptions::Duration::zero();
        } else {
            m_isJudged = true;
        }
    }
    if (isHeadNew) {
        m_store->invalidate(Offset{0}, kLogStart);
        m_head = *head;
    }

    Update update{.beingWritten = beingWritten()};
    if (isHeadNew || !isShown()) {
        update.kind = Update::Kind::Next;
        update.keptSegments = m_shown ? m_shown->settledSegments : 0;
        if (const auto shown = show(progress); !shown)
            return shown.error().code == ErrorCode::ChangedMeanwhile
                ? Result<Update>(startOver(StartOverReason::Rewritten))
                : std::unexpected(shown.error());
    }
    update.snapshot = m_snapshot;
    return update;
}

// --- The head ---

/// Again if a slot that was whole is not: a writer may be at it.
Result<Follower::Head> Follower::readHead() const
{
    const auto &store = m_store->uncached();
    for (int attempt = 1;; ++attempt) {
        const auto length = store.length();
        if (!length)
            return std::unexpected(length.error());
        auto bytes = readBytes(store, Offset{0}, std::min(*length, kLogStart.value));
        if (!bytes && bytes.error().code == ErrorCode::UnexpectedEof && attempt < kHeadAttempts)
            continue;
        if (!bytes)
            return std::unexpected(bytes.error());
        const auto decoded = decodeFileHead(*bytes, *length);
        if (!lost(decoded) || attempt == kHeadAttempts)
            return Head{.bytes = *std::move(bytes), .decoded = decoded};
    }
}

/// Whether a superblock that could be read can't be now.
bool Follower::lost(const FileHead &now) const
{
    for (std::size_t slot = 0; slot < now.superblocks.size(); ++slot) {
        if (m_head.decoded.superblocks[slot] && !now.superblocks[slot])
            return true;
    }
    return false;
}

/// Writers only ever count up.
bool Follower::contradicts(const FileHead &now) const
{
    for (std::size_t slot = 0; slot < now.superblocks.size(); ++slot) {
        const auto &before = m_head.decoded.superblocks[slot];
        const auto &after = now.superblocks[slot];
        if (before && after
            && (after->generation < before->generation
                || (after->generation == before->generation && *after != *before)))
            return true;
    }
    return false;
}

// --- The log ---

Result<void> Follower::scan(std::uint64_t length, bool framed, const Progress &progress)
{
    const bool goesOn = m_scanner != nullptr && hasLog();
    const Offset before = goesOn ? m_scanner->settledEnd() : kLogStart;
    auto scanner = goesOn
        ? std::make_unique<LogScanner>(*m_scanner, *m_store, length)
        : std::make_unique<LogScanner>(
              *m_store, length,
              ScanOptions{
                  .framed = framed, .run = m_options.run, .lentThreads = m_options.lentThreads, .follows = true});
    if (const auto scanned = scanner->run(progress); !scanned)
        return scanned;
    auto beforeLog = std::exchange(m_scanner, std::move(scanner));
    const auto lengthBefore = std::exchange(m_length, length);
    const auto giveBack = [&](const Error &error) {
        m_scanner = std::move(beforeLog);
        m_length = lengthBefore;
        return std::unexpected(error);
    };
    if (m_scanner->settledEnd() != before || !goesOn) {
        if (const auto kept = keepAnchor(goesOn ? before : kLogStart); !kept)
            return giveBack(kept.error());
    }
    const auto tail = isTorn() ? tailCrc(m_scanner->settledEnd(), m_length) : Result<std::uint32_t>(0U);
    if (!tail)
        return giveBack(tail.error());
    m_tail = *tail;
    return {};
}

/// Of what lies before the settled end. What lies before `from` has an anchor already.
Result<void> Follower::keepAnchor(Offset from)
{
    if (!hasLog())
        return {};
    if (const auto index = m_scanner->settledIndex(); index.blockCount() > 0)
        from = std::max(from, index.block(index.blockCount() - 1).begin);
    const auto &store = m_store->uncached();
    const Offset end = m_scanner->settledEnd();
    Anchor anchor{.lastSegment = m_anchor.lastSegment, .lastHeader = m_anchor.lastHeader, .begin = {}, .bytes = {}};
    std::optional<std::pair<Offset, SegmentHeader>> last;
    LogWalker walker(store, from, end);
    for (;;) {
        walker.visitResident(
            [&last](Offset at, const SegmentHeader &header, std::span<const std::byte>) { last.emplace(at, header); });
        const auto step = walker.next();
        if (!step)
            return std::unexpected(step.error());
        if (*step == LogWalker::Step::End)
            break;
        if (*step == LogWalker::Step::Segment)
            last.emplace(walker.offset(), walker.header());
    }
    if (last) {
        anchor.lastSegment = last->first;
        anchor.lastHeader = last->second.encode();
    }
    anchor.begin = std::max(kLogStart, Offset{end.value - std::min(end.value, kAnchor)});
    auto bytes = readBytes(store, anchor.begin, end - anchor.begin);
    if (!bytes)
        return std::unexpected(bytes.error());
    anchor.bytes = *std::move(bytes);
    m_anchor = std::move(anchor);
    return {};
}

Result<bool> Follower::isAnchorThere() const
{
    const auto isThere = [this](Offset at, const std::vector<std::byte> &wanted) {
        return readBytes(m_store->uncached(), at, wanted.size()).transform([&wanted](const auto &found) {
            return std::ranges::equal(found, wanted);
        });
    };
    if (!m_anchor.bytes.empty()) {
        const auto same = isThere(m_anchor.begin, m_anchor.bytes);
        if (!same || !*same)
            return same;
    }
    return m_anchor.lastHeader.empty() ? Result<bool>(true) : isThere(m_anchor.lastSegment, m_anchor.lastHeader);
}

Result<std::uint32_t> Follower::tailCrc(Offset begin, std::uint64_t length) const
{
    const auto &store = m_store->uncached();
    const auto first = std::min(length - begin.value, kTailCompared);
    const auto last = std::min(length - begin.value - first, kTailCompared);
    Crc32c crc;
    for (const auto &[at, size] : {std::pair(begin, first), std::pair(Offset{length - last}, last)}) {
        const auto bytes = readBytes(store, at, size);
        if (!bytes)
            return std::unexpected(bytes.error());
        crc.add(*bytes);
    }
    return crc.value();
}

// --- The snapshot ---

/// Whether the snapshot is of what was read last.
bool Follower::isShown() const
{
    if (!m_shown || !m_snapshot)
        return false;
    if (!hasLog())
        return m_snapshot->fileLength() == m_length;
    if (m_shown->settledEnd != m_scanner->settledEnd())
        return false;
    if (endsWhole())
        return m_snapshot->fileLength() == m_length;
    if (m_shown->isJudged != m_isJudged)
        return false;
    return !m_isJudged || (m_shown->judgedLength == m_length && m_shown->judgedTail == m_tail);
}

Result<void> Follower::show(const Progress &progress)
{
    const bool isWhole = m_isJudged || endsWhole();
    auto log = isWhole ? m_scanner->result() : m_scanner->settledResult();
    auto head = m_head.decoded;
    head.fileLength = isTorn() && !isWhole ? m_scanner->settledEnd().value : m_length;
    const bool framed = head.hasTransactions();
    const auto catalog = catalogOf(log, framed, progress);
    if (!catalog)
        return std::unexpected(catalog.error());
    std::shared_ptr<const RowIndex> rows;
    if (m_options.withRows) {
        auto replayed = rowsOf(head, log, *catalog, progress);
        if (!replayed) {
            m_rows.reset();
            return std::unexpected(replayed.error());
        }
        rows = *std::move(replayed);
    }
    m_snapshot = makeSnapshot(m_identity, head, std::move(log), *catalog, std::move(rows));
    const auto open = hasLog() ? m_scanner->settledOpen() : std::nullopt;
    m_shown = Shown{.settledEnd = m_scanner->settledEnd(),
                    .settledSegments = m_scanner->settledSegments(),
                    .settledOpen = open ? std::optional(open->no) : std::nullopt,
                    .isJudged = m_isJudged,
                    .judgedLength = m_length,
                    .judgedTail = m_tail};
    return {};
}

/// That of the last snapshot, if nothing was appended that it is made of.
Result<std::shared_ptr<const CatalogHistory>> Follower::catalogOf(const LogScan &log, bool framed,
                                                                  const Progress &progress) const
{
    const bool isKept = m_snapshot != nullptr && m_shown && m_snapshot->catalog != nullptr
        && m_snapshot->log.index->count(SegmentType::Schema) == log.index->count(SegmentType::Schema)
        && std::ranges::none_of(m_snapshot->catalog->changes(), [this](const CatalogChange &change) {
                            return change.place.segment.value >= m_shown->settledSegments
                                || (m_shown->settledOpen && change.place.transaction == m_shown->settledOpen);
                        });
    return isKept ? Result<std::shared_ptr<const CatalogHistory>>(m_snapshot->catalog)
                  : CatalogHistory::read(*m_store, log, framed, progress);
}

/// Where opens begin to read the log. Known as long as the superblock names the same checkpoint.
Result<Offset> Follower::judgedFrom(const FileHead &head, Offset end, const Progress &progress)
{
    const auto block = head.selected ? *head.superblocks[static_cast<std::size_t>(*head.selected)]
                                     : Superblock{.checkpointOffset = {}};
    if (m_start && m_start->checkpoint == block.checkpointOffset && m_start->checkpointLength == block.checkpointLength)
        return m_start->from;
    const auto start = findReplayStart(*m_store, head, end, progress);
    if (!start)
        return std::unexpected(start.error());
    const Offset at = block.checkpointOffset;
    const bool isNone = at == Offset{0} || block.checkpointLength == 0;
    const bool isWhole = at < end && end - at >= SegmentHeader::kSize
        && (!start->checkpointFault || start->checkpointFault->code != ErrorCode::UnexpectedEof);
    // A place that no segment has been read at yet comes to be another one.
    if (isNone || (start->source.checkpoint ? start->source.from < end : isWhole))
        m_start = KnownStart{.checkpoint = at, .checkpointLength = block.checkpointLength, .from = start->source.from};
    return start->source.from;
}

Result<std::shared_ptr<const RowIndex>> Follower::rowsOf(const FileHead &head, const LogScan &log,
                                                         const std::shared_ptr<const CatalogHistory> &catalog,
                                                         const Progress &progress)
{
    const auto from = judgedFrom(head, log.readEnd(), progress);
    if (!from)
        return std::unexpected(from.error());
    if (m_rows != nullptr && m_rows->canGoOn(*catalog, *from)) {
        if (const auto goesOn = m_rows->goOn(log, catalog, *from); !goesOn)
            return std::unexpected(goesOn.error());
    } else {
        m_rows = std::make_unique<RowIndexBuilder>(*m_store, log, catalog, head.hasTransactions(), *from);
    }
    return m_rows->run(progress).transform([this] { return m_rows->result(); });
}

} // namespace modelvault
