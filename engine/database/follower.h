#pragma once

#include "database/row_index.h"
#include "database/snapshot.h"
#include "error.h"
#include "log/log_scanner.h"
#include "progress.h"
#include "store/file_store.h"
#include "store/store.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace modelvault {

/// Which file is open, and which one its path names now. Asked by the caller, who knows the path.
struct FileLook {
    FileIdentity byHandle;
    Result<FileIdentity> byPath; ///< NotFound: the path names none; after any other error nobody knows
};
[[nodiscard]] FileLook lookAt(const FileStore &store);

/// Why what was read of a file no longer holds.
enum class StartOverReason : std::uint8_t {
    Replaced,      ///< the path names another file: to be opened anew
    Shrank,        ///< it ends before what was read: cut by a writer that recovers, say
    Rewritten,     ///< other bytes stand where something was read, or a superblock went back to an earlier generation
    FormatChanged, ///< its format was raised to one in which transactions mean something: all that was read counts anew
};
/// "replaced", "shrank", "rewritten", "format_changed": stable, never translated.
[[nodiscard]] std::string_view startOverName(StartOverReason reason);

struct FollowerOptions {
    using Duration = std::chrono::steady_clock::duration;

    RunTask run; ///< as in ScanOptions
    unsigned lentThreads = 0;
    bool withRows = true; ///< false: snapshots have no row index
    /// How long an end of the log that is not whole is taken for one that somebody is writing. None where nobody can
    /// be: under a lock.
    Duration patience = std::chrono::seconds(1);
};

/// Keeps the newest snapshot of an open file that another process may be writing, and makes the next one at the cost of
/// what was appended. A snapshot made that way is the one that a new scan makes.
///
/// What it costs beside that. Each refresh: 8 KiB of head, the last 4 KiB that were read, and of a log that does not
/// end whole at most 128 KiB of its end. Each new snapshot: two bytes a page (PageMap), a pointer for each 128 thousand
/// segments, thousand keys and few thousand records, and the findings, which are copied. The catalog is read anew, from
/// its own segments, when a Schema segment was appended or a transaction ended that has one. The rows are replayed anew
/// if an existing collection got a new schema version; or if a checkpoint was published while records are damaged, as
/// that changes who minds.
///
/// What is not whole at the end of the log, a cut segment or a transaction without its end, is being written: snapshots
/// end before the cut segment, and have no finding for the transaction, until the end has stayed as it is for the
/// patience. Then it is damage as any other.
///
/// Only the bytes just before the end of what was read are compared at each refresh: who overwrites earlier ones in
/// place, and leaves those, is not noticed.
///
/// One thread at a time, never the GUI's.
class Follower {
public:
    using Time = std::chrono::steady_clock::time_point;

    struct BeingWritten {
        Offset begin;
        Offset end; ///< exclusive, of the file as it is now

        bool operator==(const BeingWritten &) const = default;
    };

    struct Update {
        enum class Kind : std::uint8_t {
            Same, ///< nothing to show that the last snapshot does not have
            Next, ///< a new snapshot; nothing that counts in the last one is gone
            StartOver,
        };
        Kind kind = Kind::Same;
        StartOverReason reason{};                 ///< of StartOver
        std::shared_ptr<const Snapshot> snapshot; ///< the newest
        /// Segments of the last snapshot that the new one has too, with the same numbers. Of these, the last
        /// transaction may have been without end and have one now.
        std::uint64_t keptSegments = 0;
        std::optional<BeingWritten> beingWritten;
        bool isPathGone = false; ///< the path names no file; the one that is open is still followed
    };

    /// What a first scan came to, step by step, so that it need not be made twice.
    struct Begun {
        std::unique_ptr<LogScanner> log;          ///< follows (ScanOptions), and came to its end
        std::unique_ptr<RowIndexBuilder> rows;    ///< did too; null without rows
        std::shared_ptr<const Snapshot> snapshot; ///< of both, with a catalog
    };

    /// Scans the file. The errors of CatalogHistory::read() and RowIndexBuilder::run(). `now`: of any clock that goes
    /// on.
    [[nodiscard]] static Result<Follower> start(std::shared_ptr<const Store> store, FileIdentity identity,
                                                FollowerOptions options, Time now, const Progress &progress = {});
    /// Goes on from there. What that scan found at the end of the log counts as having stayed.
    [[nodiscard]] static Result<Follower> goOn(std::shared_ptr<const Store> store, FollowerOptions options,
                                               Begun begun);

    /// Looks at the file again. After StartOver the answer is always the same: start() anew. After an error, of the
    /// store or of start(), all is as it was, and the next call may do better. Drops what the store's cache kept of
    /// bytes that have changed.
    [[nodiscard]] Result<Update> refresh(const FileLook &look, Time now, const Progress &progress = {});

    [[nodiscard]] const std::shared_ptr<const Snapshot> &snapshot() const { return m_snapshot; }
    [[nodiscard]] std::optional<BeingWritten> beingWritten() const;

private:
    struct Head {
        std::vector<std::byte> bytes;
        FileHead decoded;
    };
    /// What was last in a part of the log that is settled, as it was read.
    struct Anchor {
        Offset lastSegment;
        std::vector<std::byte> lastHeader; // empty: there is none
        Offset begin;
        std::vector<std::byte> bytes;
    };
    /// What the last snapshot was made of.
    struct Shown {
        Offset settledEnd;
        std::uint64_t settledSegments = 0;
        std::optional<TransactionNo> settledOpen;
        bool isJudged = false;
        std::uint64_t judgedLength = 0;
        std::uint32_t judgedTail = 0;
    };
    struct KnownStart {
        Offset checkpoint;
        std::uint32_t checkpointLength = 0;
        Offset from;
    };

    Follower(std::shared_ptr<const Store> store, FileIdentity identity, FollowerOptions options)
        : m_store(std::move(store)),
          m_identity(identity),
          m_options(std::move(options))
    { }

    [[nodiscard]] Result<Update> look(Time now, const Progress &progress);
    [[nodiscard]] Update startOver(StartOverReason reason);

    [[nodiscard]] Result<Head> readHead() const;
    [[nodiscard]] bool lost(const FileHead &now) const;
    [[nodiscard]] bool contradicts(const FileHead &now) const;
    [[nodiscard]] Result<void> scan(std::uint64_t length, bool framed, const Progress &progress);
    [[nodiscard]] Result<void> keepAnchor(Offset from);
    [[nodiscard]] Result<bool> isAnchorThere() const;
    [[nodiscard]] Result<std::uint32_t> tailCrc(Offset begin, std::uint64_t length) const;
    [[nodiscard]] Result<void> show(const Progress &progress);
    [[nodiscard]] Result<std::shared_ptr<const CatalogHistory>> catalogOf(const LogScan &log, bool framed,
                                                                          const Progress &progress) const;
    [[nodiscard]] Result<Offset> judgedFrom(const FileHead &head, Offset end, const Progress &progress);
    [[nodiscard]] Result<std::shared_ptr<const RowIndex>> rowsOf(const FileHead &head, const LogScan &log,
                                                                 const std::shared_ptr<const CatalogHistory> &catalog,
                                                                 const Progress &progress);

    [[nodiscard]] bool hasLog() const { return m_length >= kLogStart.value; }
    [[nodiscard]] bool isTorn() const { return hasLog() && m_scanner->settledEnd().value < m_length; }
    [[nodiscard]] bool endsWhole() const { return !hasLog() || (!isTorn() && !m_scanner->settledOpen()); }
    [[nodiscard]] bool isShown() const;

    std::shared_ptr<const Store> m_store;
    FileIdentity m_identity;
    FollowerOptions m_options;

    std::shared_ptr<const Snapshot> m_snapshot;
    std::optional<Shown> m_shown;
    std::optional<StartOverReason> m_ended;

    // What was read last, which the snapshot may not have yet.
    Head m_head;
    std::optional<Time> m_headLostSince;
    std::uint64_t m_length = 0; // of the file
    std::unique_ptr<LogScanner> m_scanner;
    Anchor m_anchor;
    std::uint32_t m_tail = 0; // checksum of what is torn
    Time m_tailSince;
    bool m_isJudged = false; // has stayed for long enough
    std::unique_ptr<RowIndexBuilder> m_rows;
    std::optional<KnownStart> m_start;
};

} // namespace modelvault
