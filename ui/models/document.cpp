#include "models/document.h"

#include "database/row_index.h"
#include "jobs/pools.h"
#include "log/file_head.h"
#include "text/words.h"

#include <QtConcurrentRun>

namespace modelvault::ui {
namespace {

/// Of other programs; none unless the lock was refused because of them.
std::vector<LockHolder> blockersOf(const std::filesystem::path &path, const std::optional<Error> &refusal)
{
    if (!refusal || refusal->code != ErrorCode::WouldBlock)
        return {};
    auto holders = lockHolders(path).holders;
    std::erase_if(holders, [](const LockHolder &holder) { return holder.isThisProcess; });
    return holders;
}

/// As near as the file allows; there is always a cursor, if there is a byte for it.
Document::Selection selectable(Document::Selection wish, Offset fileEnd)
{
    const Offset last{fileEnd.value == 0 ? 0 : fileEnd.value - 1};
    const auto begin = std::min(wish.begin, last);
    return {begin, std::clamp(wish.end, std::min(begin + 1, fileEnd), fileEnd)};
}

std::optional<SegmentNo> firstBehind(const LogReader &log, Offset place)
{
    std::optional<SegmentNo> found;
    const auto looked = log.forEachFrom(place, [&found](const Segment &segment) {
        found = segment.no;
        return false;
    });
    return looked ? found : std::nullopt;
}

} // namespace

struct Document::Opening {
    Result<OpenedDatabase> database = failure(ErrorCode::Cancelled);
    std::vector<LockHolder> blockers;
};

Document::Document(std::filesystem::path path, LockWish wish, QObject *parent)
    : QObject(parent),
      m_path(std::move(path)),
      m_wish(wish)
{
    // Before anybody else hears of it.
    connect(this, &Document::snapshotChanged, this, &Document::updateCheck);
    connect(this, &Document::stateChanged, this, &Document::updateCheck);
    m_heldScan.setSingleShot(true);
    connect(&m_heldScan, &QTimer::timeout, this, [this] { startScan(m_snapshot->head); });
    connect(&m_opening, &QFutureWatcherBase::finished, this, &Document::finishOpening);
    connect(&m_scan, &QFutureWatcherBase::resultReadyAt, this, &Document::takeScanUpdate);
    connect(&m_scan, &QFutureWatcherBase::finished, this, [this] {
        if (m_scan.future().resultCount() > 0) // it keeps every snapshot on the way to the last
            m_scan.setFuture(QFuture<std::shared_ptr<const ScanUpdate>>());
    });
    connect(&m_lockChange, &QFutureWatcherBase::finished, this, [this] {
        m_isChangingLock = false;
        const auto change = m_lockChange.result();
        if (change.store != m_store) // reloaded meanwhile
            return;
        m_lockState = change.state;
        m_lockRefusal = change.refusal;
        m_blockers = change.blockers;
        Q_EMIT lockChanged();
    });
    connect(&m_lookUp, &QFutureWatcherBase::finished, this, [this] {
        if (m_lookUp.future().resultCount() == 0)
            return;
        m_isLookingUp = false;
        if (const auto place = m_lookUp.result()) {
            select(*place);
            Q_EMIT found();
        } else {
            Q_EMIT notFound();
        }
    });
}

Document::~Document()
{
    if (m_stopScan)
        *m_stopScan = true;
}

void Document::open()
{
    m_heldScan.stop();
    stopScan();
    m_scan.setFuture(QFuture<std::shared_ptr<const ScanUpdate>>()); // what is under way is about the older file
    dropLookUp();
    setState(State::Opening);
    m_opening.setFuture(QtConcurrent::run(&filePool(), [path = m_path, wish = m_wish] {
        auto opening = std::make_shared<Opening>();
        opening->database = openDatabase(path, wish);
        if (opening->database)
            opening->blockers = blockersOf(path, opening->database->lockRefusal);
        return opening;
    }));
}

void Document::finishOpening()
{
    const auto opening = m_opening.result();
    m_expected.reset();
    if (!opening->database) {
        m_error = opening->database.error();
        // What was open before is no longer what the path names.
        m_store.reset();
        m_snapshot.reset();
        m_lockState = LockState::Unlocked;
        m_lockRefusal.reset();
        m_blockers.clear();
        Q_EMIT snapshotChanged(); // views let go of the file, and with it of its lock
        setState(State::Failed);
        Q_EMIT lockChanged();
        return;
    }
    m_store = std::move(opening->database->store);
    m_scannedShare = 0;
    m_scanError.reset();
    m_lockState = m_store->lockState();
    m_hasOtherNames = opening->database->hasOtherNames;
    m_lockRefusal = opening->database->lockRefusal;
    m_blockers = std::move(opening->blockers);
    const auto &head = opening->database->head;
    m_snapshot = makeSnapshot(m_store->identity(), head, emptyLogScan(head.fileLength));
    const Offset end{m_snapshot->fileLength()};
    m_selection = selectable(m_selection, end);
    Q_EMIT opened();
    Q_EMIT lockChanged();
    Q_EMIT snapshotChanged();
    m_heldScan.start(m_longestHold);
    setState(State::Scanning);
    if (m_longestHold == std::chrono::milliseconds::zero())
        startHeldScan();
}

void Document::holdScans(std::chrono::milliseconds longest)
{
    m_longestHold = longest;
}

void Document::startHeldScan()
{
    if (!m_heldScan.isActive())
        return;
    m_heldScan.stop();
    startScan(m_snapshot->head);
}

QString Document::name() const
{
    return pathText(m_path.filename());
}

std::optional<FileIdentity> Document::identity() const
{
    return m_store ? std::optional(m_store->identity()) : m_expected;
}

void Document::scan()
{
    if (!m_store || m_state == State::Scanning)
        return;
    setState(State::Scanning);
    startScan(std::nullopt);
}

void Document::startScan(std::optional<FileHead> known)
{
    m_stopScan = std::make_shared<std::atomic<bool>>(false);
    m_scan.setFuture(scanDatabase(m_store, std::move(known), m_stopScan));
}

void Document::takeScanUpdate(int index)
{
    const auto update = m_scan.resultAt(index);
    m_scannedShare = update->share;
    m_scanError = update->error;
    if (update->snapshot) {
        m_snapshot = update->snapshot;
        Q_EMIT snapshotChanged();
    }
    if (update->ended)
        setState(m_snapshot->rows && m_snapshot->rows->isComplete() ? State::Scanned : State::Stopped);
    Q_EMIT scanProgressed();
}

void Document::stopScan()
{
    if (m_heldScan.isActive()) {
        m_heldScan.stop();
        setState(State::Stopped);
        return;
    }
    if (m_stopScan)
        *m_stopScan = true;
}

void Document::setState(State state)
{
    m_state = state;
    Q_EMIT stateChanged();
}

void Document::updateCheck()
{
    m_check.setSource(m_store, m_snapshot, m_state == State::Scanned);
    if (m_state == State::Stopped) // else it would wait for ever
        m_check.stop();
}

void Document::checkAll()
{
    m_check.run();
    if (m_state == State::Stopped)
        scan();
}

void Document::releaseLock()
{
    m_wish = LockWish::None;
    changeLock([](FileStore &store) {
        store.releaseSharedLock();
        return Result<void>();
    });
}

void Document::takeLock()
{
    m_wish = LockWish::Shared;
    changeLock([](FileStore &store) { return lockForLooking(store); });
}

void Document::changeLock(Result<void> (*change)(FileStore &))
{
    if (!m_store || m_isChangingLock)
        return;
    m_isChangingLock = true;
    m_lockChange.setFuture(QtConcurrent::run(&filePool(), [store = m_store, path = m_path, change] {
        const auto done = change(*store);
        const auto refusal = done ? std::nullopt : std::optional(done.error());
        return LockChange{store, refusal, store->lockState(), blockersOf(path, refusal)};
    }));
}

bool Document::isSettled() const
{
    return m_state != State::Opening && m_state != State::Scanning && !m_isChangingLock && !m_isLookingUp
        && m_check.isSettled();
}

void Document::dropLookUp()
{
    m_isLookingUp = false;
    m_lookUp.setFuture(QFuture<std::optional<Selection>>());
}

void Document::select(Selection selection)
{
    dropLookUp(); // an older wish does not undo a newer one
    if (!m_snapshot)
        return;
    selection = selectable(selection, Offset{fileLength()});
    if (m_selection == selection)
        return;
    m_selection = selection;
    Q_EMIT selectionChanged();
}

void Document::selectSegment(SegmentNo no)
{
    lookUp([no](const LogReader &log) -> std::optional<Selection> {
        const auto segment = log.segment(no);
        return segment ? std::optional(Selection{segment->offset, segment->end()}) : std::nullopt;
    });
}

void Document::selectStructureAt(Offset offset)
{
    lookUp([offset, length = Offset{fileLength()}](const LogReader &log) -> std::optional<Selection> {
        for (const auto &[begin, end] :
             {Selection{{0}, {FileHeader::kSize}},
              Selection{Superblock::slotOffset(SuperblockSlot::A), Superblock::slotOffset(SuperblockSlot::B)},
              Selection{Superblock::slotOffset(SuperblockSlot::B), kLogStart}}) {
            if (offset >= begin && offset < end)
                return Selection{begin, std::min(end, length)};
        }
        const auto segment = log.segmentAt(offset);
        return segment && *segment ? Selection{(*segment)->offset, (*segment)->end()} : Selection{offset, offset + 1};
    });
}

void Document::selectRecord(RecordNo no)
{
    lookUp([no](const LogReader &log) -> std::optional<Selection> {
        const auto found = log.segmentsOfType(SegmentType::Record, no.value, 1);
        return found && !found->empty() ? std::optional(Selection{found->front().offset, found->front().end()})
                                        : std::nullopt;
    });
}

void Document::selectTransaction(TransactionNo no)
{
    lookUp([no](const LogReader &log) -> std::optional<Selection> {
        const auto transaction = log.transaction(no);
        return transaction ? std::optional(Selection{transaction->begin, transaction->end}) : std::nullopt;
    });
}

void Document::selectNeighbour(int step)
{
    lookUp([step, place = m_selection.begin](const LogReader &log) -> std::optional<Selection> {
        const auto here = log.segmentAt(place);
        std::optional<SegmentNo> wanted;
        if (here && *here) {
            const auto no = (*here)->no.value;
            if (step > 0)
                wanted = SegmentNo{no + 1};
            else if (no > 0)
                wanted = SegmentNo{no - 1};
        } else if (step > 0) { // from the head, or from damage
            wanted = firstBehind(log, place);
        }
        const auto segment = wanted ? log.segment(*wanted) : failure(ErrorCode::InvalidInput);
        return segment ? std::optional(Selection{segment->offset, segment->end()}) : std::nullopt;
    });
}

void Document::goTo(const PlaceRequest &place)
{
    if (!m_snapshot) {
        Q_EMIT notFound();
        return;
    }
    const auto length = fileLength();
    const auto at = [&](std::uint64_t offset) {
        const Offset begin{std::min(offset, length == 0 ? 0 : length - 1)};
        select({begin, std::min(begin + 1, Offset{length})});
        Q_EMIT found();
    };
    const auto here = m_selection.begin.value;
    switch (place.kind) {
    case PlaceRequest::Kind::Offset:
        at(place.number);
        break;
    case PlaceRequest::Kind::Forward:
        at(here + std::min(place.number, length - std::min(here, length)));
        break;
    case PlaceRequest::Kind::Backward:
        at(here - std::min(place.number, here));
        break;
    case PlaceRequest::Kind::BeforeEnd:
        at(length - std::min(place.number, length));
        break;
    case PlaceRequest::Kind::Page: {
        if (m_snapshot && place.number < m_snapshot->log.pages->pageCount()) {
            const auto begin = PageMap::start({place.number});
            select({begin, std::min(begin + PageMap::kPageSize, Offset{length})});
            Q_EMIT found();
        } else {
            Q_EMIT notFound();
        }
        break;
    }
    case PlaceRequest::Kind::Segment:
        selectSegment({place.number});
        break;
    case PlaceRequest::Kind::Transaction:
        selectTransaction({place.number});
        break;
    }
}

void Document::lookUp(std::function<std::optional<Selection>(const LogReader &)> find)
{
    if (!m_snapshot)
        return;
    m_isLookingUp = true;
    m_lookUp.setFuture(QtConcurrent::run([store = m_store, index = m_snapshot->log.index, find = std::move(find)] {
        return find(LogReader(*store, index));
    }));
}

} // namespace modelvault::ui
