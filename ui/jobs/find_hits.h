#pragma once

#include "database/snapshot.h"
#include "error.h"
#include "search/search.h"
#include "store/store.h"

#include <QFuture>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace modelvault::ui {

/// Where to look.
struct FindWhere {
    SearchRange range;
    bool isSegment = false; ///< in the segment that range.begin lies in; NotFound if it lies in none
};

/// What a search found since the update before.
struct FindUpdate {
    std::shared_ptr<const std::vector<Hit>> hits; ///< new ones, as far as they are kept; null for none
    std::uint64_t count = 0;                      ///< so far, kept or not
    std::uint64_t done = 0;                       ///< bytes, of `total`
    std::uint64_t total = 0;
    std::optional<Error> error; ///< of the last update: why it ended early; Cancelled when stopped
};

/// Kept of a search: 160 MB.
inline constexpr std::uint64_t kMostHits = 10'000'000;

/// All hits, in the background, the first at once. `stop` ends it with what was found; cancelled, it ends without.
[[nodiscard]] QFuture<FindUpdate> findHits(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot,
                                           FindWhere where, SearchPattern pattern,
                                           std::shared_ptr<const std::atomic<bool>> stop);

struct FoundStep {
    std::optional<Hit> hit;
    bool isWrapped = false; ///< it was found only from the other end on
    std::optional<Error> error;
};

/// The first hit at or behind `from` (1), or the last one that begins before it (-1); if there is none, from the other
/// end of the range on. Cancelled, it ends without a result.
[[nodiscard]] QFuture<FoundStep> stepToHit(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot,
                                           FindWhere where, SearchPattern pattern, Offset from, int step);

} // namespace modelvault::ui
