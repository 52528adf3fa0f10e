#pragma once

#include "database/row_query.h"
#include "database/snapshot.h"
#include "error.h"
#include "position.h"
#include "store/store.h"

#include <QFuture>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace modelvault::ui {

/// Which rows of a collection, and in which order.
struct RowSearch {
    std::uint32_t collectionId = 0;
    const SchemaVersion *schema = nullptr; ///< the collection's current one, in the snapshot
    std::vector<RowCondition> conditions;
    std::optional<std::pair<std::size_t, RowOrder>> sorting; ///< by a field of the schema; else as in the log
    /// All rows of the collection in that order, if somebody has them.
    std::shared_ptr<const std::vector<RecordNo>> sorted;
};

/// Told while it runs: more rows, or only how far it is. Sorted rows come all at once.
struct RowSearchUpdate {
    std::vector<RecordNo> rows;
    double share = 0; ///< of the work, 0 to 1
    bool ended = false;
    std::optional<Error> error; ///< why it ended early; conditions that can't be asked are InvalidInput
};

/// In the background. Cancelled, it ends soon.
[[nodiscard]] QFuture<std::shared_ptr<const RowSearchUpdate>>
searchRows(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot, RowSearch search);

} // namespace modelvault::ui
