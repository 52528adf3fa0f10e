#pragma once

#include "database/snapshot.h"
#include "error.h"
#include "finding.h"
#include "format/value.h"
#include "position.h"
#include "progress.h"
#include "store/store.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace modelvault {

enum class CheckDepth : std::uint8_t {
    Quick, ///< what stands before the log, every segment, transactions, catalog
    Full,  ///< also every record, the rules of live rows, indexes, and the checkpoint against the log
};

/// A fault and what it touches, as far as that is known.
struct CheckFinding {
    Finding what;
    std::optional<TransactionNo> transaction;
    std::optional<std::uint32_t> collectionId;
    std::string collection;   ///< its name; empty if nobody knows it
    std::optional<Value> key; ///< of the row
    /// Names of the file: a field's path and the constraint that it breaks, or an index. Empty for others.
    std::string subject;
};

struct CheckReport {
    CheckDepth depth = CheckDepth::Quick;
    std::vector<CheckFinding> findings; ///< in the order of the file; the same fault is told once
    std::uint64_t dropped = 0;          ///< that there was no room for: see FindingList::kMost

    [[nodiscard]] std::uint64_t count(Severity severity) const;
};

/// Holds a file against every rule of FORMAT.md. The snapshot's log was scanned to its end; its catalog and its rows
/// are used where they are there, and else read. What an open would not look at is no more than a warning: records that
/// a usable checkpoint stands for, say. Reads the store, so never on a GUI thread. Fails with Cancelled, with
/// ChangedMeanwhile, or with the store's error; `progress` counts the bytes of each pass over the file.
[[nodiscard]] Result<CheckReport> check(const Store &store, const Snapshot &snapshot, CheckDepth depth,
                                        const Progress &progress = {});

} // namespace modelvault
