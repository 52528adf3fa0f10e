#pragma once

#include "check/check.h"
#include "database/snapshot.h"
#include "error.h"
#include "progress.h"
#include "store/store.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace modelvault {

/// Which rows a rescue writes. FORMAT.md, "Rescue".
enum class RescueKeep : std::uint8_t {
    Engine, ///< what RecoveryPlan::kept() has: what auto-truncate would leave
    All,    ///< also what decodes and no open would show
};
/// "engine", "all": stable, never translated.
[[nodiscard]] std::string_view rescueKeepName(RescueKeep keep);

struct RescuedCollection {
    std::string name;
    std::uint64_t rows = 0;   ///< that were written
    std::uint64_t unseen = 0; ///< of them, those whose values no open of the damaged file would show
    /// Rows that the choice asks for and that could not be written, or not with all that they say: each is a finding.
    std::uint64_t leftOut = 0;
    /// Rows that the damaged file speaks of and this choice does not ask for: those of RecoveryPlan's changes that are
    /// not written as its bytes behind the cut have them.
    std::uint64_t notAskedFor = 0;
};

struct RescueReport {
    RescueKeep keep = RescueKeep::Engine;
    std::vector<RescuedCollection> collections; ///< by their ids in the damaged file, those that were left out too
    /// What is not in the new file because it is damaged, does not decode or does not fit: in the order of the file.
    std::vector<CheckFinding> findings;
    std::uint64_t findingsDropped = 0; ///< that there was no room for

    [[nodiscard]] std::uint64_t rows() const;
    /// Whether all that the file speaks of is in the new one.
    [[nodiscard]] bool isComplete() const;
};

/// Writes a new database from what is readable in a damaged one: under a temporary name, which becomes `target` once
/// all is written and synced (PendingFile); whatever fails, or is stopped, leaves nothing behind. The new file opens in
/// strict mode. Needs a snapshot with a catalog, whose log was scanned to its end; reads rows one at a time. `progress`
/// counts the bytes of passes over the file.
///
/// What is wrong with the damaged file is in the report. Cancelled; OverwritesDatabase if the target is the damaged
/// file, by whatever link, or a lock file; AlreadyExists if it is anything else that is there; IsDirectory; the errors
/// of LogReader, and of the system for the file that is written.
[[nodiscard]] Result<RescueReport> rescue(const Store &store, const std::shared_ptr<const Snapshot> &snapshot,
                                          RescueKeep keep, const std::filesystem::path &target,
                                          const Progress &progress = {});

/// The same into an empty store, which holds a part of a database after a failure.
[[nodiscard]] Result<RescueReport> rescueInto(std::unique_ptr<Store> into, const Store &store,
                                              const std::shared_ptr<const Snapshot> &snapshot, RescueKeep keep,
                                              const Progress &progress = {});

} // namespace modelvault
