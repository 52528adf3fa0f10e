#pragma once

#include <cstdint>

// Replaces operator new for the whole program that this is linked into.

namespace modelvault::test {

enum class Failing : std::uint8_t { Once, ForEver };

/// While it lives, allocations of this thread are counted, and the one behind `passing` others fails, or it and all
/// that follow. One at a time.
class FailingNew {
public:
    static constexpr std::uint64_t kNever = ~std::uint64_t{0};

    explicit FailingNew(std::uint64_t passing, Failing how = Failing::Once);
    FailingNew(const FailingNew &) = delete;
    FailingNew &operator=(const FailingNew &) = delete;
    ~FailingNew();

    [[nodiscard]] std::uint64_t count() const; ///< failed ones too
};

/// Allocations of all threads that were not freed yet.
[[nodiscard]] std::int64_t liveAllocations();

} // namespace modelvault::test
