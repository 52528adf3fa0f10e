#pragma once

#include "error.h"
#include "position.h"
#include "progress.h"
#include "search/search_pattern.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

// Reads positioned and ahead, past any cache; a few MiB of memory whatever the file's size. Any thread.

namespace modelvault {

/// Bytes that a pattern was found in.
struct Hit {
    Offset offset;
    std::uint32_t length = 0;

    [[nodiscard]] Offset end() const { return offset + length; }
    bool operator==(const Hit &) const = default;
};
static_assert(sizeof(Hit) <= 16);

/// Hits lie wholly in [begin, end). What is around it still counts for ^, $ and \b: the text is the file.
struct SearchRange {
    Offset begin;
    Offset end;
};

struct SearchOptions {
    /// Read at a time, in bytes. Hits do not depend on it.
    std::size_t chunk = 256 * 1024;
};

/// Surely found are regex hits up to this length; of longer ones, what begins in a block is matched up to so many bytes
/// behind the block's end. Blocks are counted from the start of the file, so the hits are always the same.
inline constexpr std::uint64_t kSureRegexHit = 64 * 1024;
inline constexpr std::uint64_t kRegexBlock = 256 * 1024;

/// Given the hits in the order of the file, some at a time, as they are found.
using HitsFound = std::function<void(std::span<const Hit>)>;

/// All hits from the range's begin on, leftmost first, none overlapping the one before, none empty. Returns how many.
/// Fails with Cancelled or with the store's error; what was found until then has been told.
[[nodiscard]] Result<std::uint64_t> findAll(const Store &store, SearchRange range, const SearchPattern &pattern,
                                            const HitsFound &found, const Progress &progress = {},
                                            const SearchOptions &options = {});

/// The first place at or behind `from`. Only patterns that can overlap themselves have places that are no hit of
/// findAll().
[[nodiscard]] Result<std::optional<Hit>> findNext(const Store &store, SearchRange range, const SearchPattern &pattern,
                                                  Offset from, const Progress &progress = {});
/// The last hit that begins before `before`, as findAll() would find it beginning kSureRegexHit before the MiB of the
/// file that it begins in.
[[nodiscard]] Result<std::optional<Hit>> findPrevious(const Store &store, SearchRange range,
                                                      const SearchPattern &pattern, Offset before,
                                                      const Progress &progress = {});

} // namespace modelvault
