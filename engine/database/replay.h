#pragma once

#include "database/catalog.h"
#include "database/catalog_history.h"
#include "database/index_state.h"
#include "error.h"
#include "finding.h"
#include "format/segment.h"
#include "log/file_head.h"
#include "position.h"
#include "progress.h"
#include "store/store.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace modelvault {

/// The bytes of a file that its state is read from: those of a checkpoint, if there is one, then those of the log.
/// FORMAT.md, "Replay".
struct ReplaySource {
    struct CheckpointPart {
        Offset segment;
        std::uint64_t payloadLength = 0;

        [[nodiscard]] Offset payload() const { return segment + SegmentHeader::kSize; }
        bool operator==(const CheckpointPart &) const = default;
    };

    std::optional<CheckpointPart> checkpoint; ///< decodes, with all that it holds
    Offset from;                              ///< what a checkpoint says need not be where a segment begins
    Offset end;                               ///< exclusive

    bool operator==(const ReplaySource &) const = default;
};

/// What a checkpoint holds beside its rows.
struct CheckpointState {
    Catalog catalog;
    IndexState indexes;
};

struct ReplayStart {
    ReplaySource source;
    CheckpointState checkpoint; ///< empty without one
    /// Why the checkpoint that the chosen superblock names is passed over, if the engine does not simply ignore it.
    std::optional<Error> checkpointFault;
};

/// Looks for the checkpoint that an open of the log up to `end` starts from. Fails only if the store does, or with
/// Cancelled.
[[nodiscard]] Result<ReplayStart> findReplayStart(const Store &store, const FileHead &head, Offset end,
                                                  const Progress &progress = {});

/// What comes out when all that counts is applied.
struct Replay {
    /// Why the engine refuses to: the first error in the order in which it looks, which is not that of the log.
    std::optional<Error> refusal;
    /// Whether it refuses the log itself, not a payload: there is data outside of transactions, or the checkpoint names
    /// a place to go on from where no segment begins. What lies there is not in the state.
    bool refusesLog = false;
    /// All that can't be applied, whole segments, in the order of the file. The state is that of the rest.
    std::vector<Finding> findings;
    std::uint64_t findingsDropped = 0;
    std::shared_ptr<const Catalog> catalog;
    IndexState indexes;
};

/// Reads and checks everything that counts in the source; of the rows it keeps nothing. The source ends where the
/// history does. `framed` as in ScanOptions. Fails only if the store does, or with Cancelled.
[[nodiscard]] Result<Replay> replay(const Store &store, ReplayStart start,
                                    const std::shared_ptr<const CatalogHistory> &history, bool framed,
                                    const Progress &progress = {});

} // namespace modelvault
