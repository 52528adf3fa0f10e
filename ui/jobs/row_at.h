#pragma once

#include "database/snapshot.h"
#include "position.h"
#include "store/store.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace modelvault::ui {

/// A row, known by the record that it was last written or deleted with.
struct RowPlace {
    std::uint32_t collectionId = 0;
    RecordNo last;
    bool operator==(const RowPlace &) const = default;
};

/// The row that the record at a byte is a version of. None for bytes of anything else, of records that don't decode or
/// don't count, and while the rows are not known. Reads the store: not for the GUI thread.
[[nodiscard]] std::optional<RowPlace> rowAt(const Store &store, const std::shared_ptr<const Snapshot> &snapshot,
                                            Offset offset);

} // namespace modelvault::ui
