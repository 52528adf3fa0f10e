#pragma once

#include "database/open_database.h"
#include "database/snapshot.h"
#include "jobs/database_scan.h"
#include "lock/lock_holders.h"
#include "log/segment_index.h"
#include "models/file_check.h"
#include "store/file_store.h"
#include "text/place_request.h"

#include <QFuture>
#include <QFutureWatcher>
#include <QObject>
#include <QTimer>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace modelvault::ui {

/// One database in the window: its file, what is known of it so far, its lock and the place that all views show.
/// Lives on the GUI thread and never waits there: opening, scanning, reading and locking are jobs.
class Document : public QObject {
    Q_OBJECT

public:
    enum class State {
        Opening,
        Failed,   ///< error() says why; open() tries again
        Scanning, ///< snapshot() grows, or will: holdScans()
        Stopped,  ///< by the user, before the end
        Scanned,
    };

    /// Bytes that all views show; `end` is exclusive.
    struct Selection {
        Offset begin;
        Offset end;
        bool operator==(const Selection &) const = default;
    };

    Document(std::filesystem::path path, LockWish wish, QObject *parent = nullptr);
    /// Tells jobs that use the file to stop; does not wait for them.
    ~Document() override;

    /// Also anew, when the file may have changed: what was selected stays.
    void open();
    /// From now on the scan that follows opening waits for startHeldScan(), but no longer than this, so that what is on
    /// screen is read first.
    void holdScans(std::chrono::milliseconds longest);
    void startHeldScan();

    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }
    /// The file's name alone, made harmless.
    [[nodiscard]] QString name() const;
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const Error &error() const { return m_error; }
    /// Of the open file; before opened(), what expect() said.
    [[nodiscard]] std::optional<FileIdentity> identity() const;
    /// Which file the path named when it was asked for.
    void expect(std::optional<FileIdentity> identity) { m_expected = identity; }

    /// Null before opened(). Shared with jobs, which may outlive the document.
    [[nodiscard]] std::shared_ptr<const FileStore> store() const { return m_store; }
    /// Null before opened() and while Failed; else with header and superblocks, and the log as far as it is scanned.
    [[nodiscard]] const std::shared_ptr<const Snapshot> &snapshot() const { return m_snapshot; }
    /// Why the last scan ended early, if it was not stopped.
    [[nodiscard]] const std::optional<Error> &scanError() const { return m_scanError; }
    /// How much of the work is done, 0 to 1.
    [[nodiscard]] double scannedShare() const { return m_scannedShare; }
    [[nodiscard]] std::uint64_t fileLength() const { return m_snapshot ? m_snapshot->fileLength() : 0; }
    void stopScan();
    void scan();

    /// What is wrong with the file, as far as the scan or a full check came.
    [[nodiscard]] const FileCheck &check() const { return m_check; }
    /// Holds the file against every rule, once it is scanned; a scan that was stopped goes on for that.
    void checkAll();
    /// The same, without a wish, if the file is small.
    void checkIfSmall() { m_check.runIfSmall(); }
    void stopCheck() { m_check.stop(); }

    [[nodiscard]] LockState lockState() const { return m_lockState; }
    /// By which writers would find another lock file. As it was when the file was opened.
    [[nodiscard]] bool hasOtherNames() const { return m_hasOtherNames; }
    /// Why there is no lock, if one was wished for.
    [[nodiscard]] const std::optional<Error> &lockRefusal() const { return m_lockRefusal; }
    /// Who was in the way when the lock was refused; may have gone since.
    [[nodiscard]] const std::vector<LockHolder> &blockers() const { return m_blockers; }
    /// One change at a time: nothing happens while another is under way.
    void releaseLock();
    void takeLock();
    /// No job of this document is under way.
    [[nodiscard]] bool isSettled() const;

    [[nodiscard]] const Selection &selection() const { return m_selection; }
    /// What was asked for is not found yet: the selection will be another.
    [[nodiscard]] bool isLookingUp() const { return m_isLookingUp; }
    /// As near as the file allows, at least a byte. Nothing while no file is open.
    void select(Selection selection);
    /// Selects the whole segment; does nothing if the number is beyond the last one known.
    void selectSegment(SegmentNo no);
    /// All of the header, superblock or segment that the byte belongs to, or the byte alone.
    void selectStructureAt(Offset offset);
    /// The segment of the record.
    void selectRecord(RecordNo no);
    void selectTransaction(TransactionNo no);
    /// The segment before (-1) or behind (1) the one that the selection begins in.
    void selectNeighbour(int step);
    /// Offsets beyond the end go to the end. Nothing happens for numbers beyond the last: notFound() says so.
    void goTo(const PlaceRequest &place);

Q_SIGNALS:
    void stateChanged();
    /// Header, superblocks and length are known; the scan begins.
    void opened();
    void snapshotChanged();
    void scanProgressed();
    void lockChanged();
    void selectionChanged();
    /// goTo() and its like: where the wish led, or that it leads nowhere.
    void found();
    void notFound();

private:
    struct Opening;
    struct LockChange {
        std::shared_ptr<FileStore> store; ///< whose lock it was
        std::optional<Error> refusal;
        LockState state = LockState::Unlocked;
        std::vector<LockHolder> blockers;
    };

    void finishOpening();
    void startScan(std::optional<FileHead> head);
    void takeScanUpdate(int index);
    void setState(State state);
    void updateCheck();
    void changeLock(Result<void> (*change)(FileStore &));
    void dropLookUp();
    void lookUp(std::function<std::optional<Selection>(const LogReader &)> find);

    const std::filesystem::path m_path;
    std::optional<FileIdentity> m_expected; // until the path has been opened
    LockWish m_wish; // what the user wants now: a reload keeps to it
    State m_state = State::Opening;
    Error m_error;
    std::shared_ptr<FileStore> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    double m_scannedShare = 0;
    std::optional<Error> m_scanError;
    LockState m_lockState = LockState::Unlocked;
    bool m_hasOtherNames = false;
    std::optional<Error> m_lockRefusal;
    std::vector<LockHolder> m_blockers;
    Selection m_selection;
    // Until the result has been taken over.
    bool m_isChangingLock = false;
    bool m_isLookingUp = false;

    std::chrono::milliseconds m_longestHold{0};
    QTimer m_heldScan; // active while a scan is held back
    std::shared_ptr<std::atomic<bool>> m_stopScan;
    FileCheck m_check;
    QFutureWatcher<std::shared_ptr<Opening>> m_opening;
    QFutureWatcher<std::shared_ptr<const ScanUpdate>> m_scan;
    QFutureWatcher<LockChange> m_lockChange;
    QFutureWatcher<std::optional<Selection>> m_lookUp;
};

} // namespace modelvault::ui
