#pragma once

#include "database/snapshot.h"
#include "log/page_map.h"
#include "position.h"
#include "store/store.h"

#include <vector>

namespace modelvault::ui {

/// Bytes of one structure; `end` is exclusive.
struct StructureSpan {
    Offset begin;
    Offset end;
    ContentKind kind = ContentKind::NotScanned;
    bool isHeader = false; ///< of a segment, not its payload
};

/// Those that have a byte in [begin, end), in the order of the file, as far as the snapshot's scan came; they may reach
/// beyond the range. Reads the store, so never on the GUI thread. Where the log is no longer what was scanned, only
/// what stands before it.
[[nodiscard]] std::vector<StructureSpan> structureSpans(const Store &store, const Snapshot &snapshot, Offset begin,
                                                        Offset end);

} // namespace modelvault::ui
