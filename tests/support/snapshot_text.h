#pragma once

#include "database/snapshot.h"
#include "store/store.h"

#include <string>

namespace modelvault::test {

/// All that is known of a database, a line for each thing: two snapshots that say the same have the same text. Rows are
/// named by their records, whatever they hold. `judgesOpen`: false leaves out that the log ends within a transaction.
[[nodiscard]] std::string snapshotText(const Store &store, const Snapshot &snapshot, bool judgesOpen = true);

/// Where two such texts differ first, with the line of each; empty if they don't.
[[nodiscard]] std::string firstDifference(const std::string &left, const std::string &right);

} // namespace modelvault::test
