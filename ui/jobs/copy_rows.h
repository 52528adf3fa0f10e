#pragma once

#include "database/snapshot.h"
#include "error.h"
#include "export/row_text.h"
#include "position.h"
#include "store/store.h"

#include <QFuture>
#include <QString>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace modelvault::ui {

// Beyond these a clipboard is the wrong way.
inline constexpr std::uint64_t kMostCopiedRows = 100'000;
inline constexpr std::size_t kMostCopiedBytes = 64 << 20;

struct RowsToCopy {
    std::uint32_t collectionId = 0; ///< there is one, in the snapshot
    std::vector<RecordNo> rows;
    std::vector<std::size_t> fields; ///< of its current schema, in the order wanted
    RowTextFormat format = RowTextFormat::Csv;
};

struct CopiedRows {
    QString text;
    std::uint64_t rows = 0;     ///< that are in it: fewer than wanted where kMostCopiedBytes were reached
    std::optional<Error> error; ///< why there is no text
};

/// In the background. Cancelled, it ends without a result.
[[nodiscard]] QFuture<CopiedRows> copyRows(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot,
                                           RowsToCopy wish);

} // namespace modelvault::ui
