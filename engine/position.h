#pragma once

#include <compare>
#include <cstdint>

namespace modelvault {

/// A place in a file, in bytes from its start. Lengths are plain std::uint64_t.
struct Offset {
    std::uint64_t value = 0;

    constexpr auto operator<=>(const Offset &) const = default;

    /// Sums wrap as unsigned integers do: check against the bytes left before adding what a file says.
    friend constexpr Offset operator+(Offset offset, std::uint64_t length) { return {offset.value + length}; }
    /// Bytes from `from` to `to`; `from` must not lie behind `to`.
    friend constexpr std::uint64_t operator-(Offset to, Offset from) { return to.value - from.value; }
    constexpr Offset &operator+=(std::uint64_t length)
    {
        value += length;
        return *this;
    }
};

/// The n-th page of a file, counted from 0; the size of a page belongs to whoever hands out the number.
struct PageNo {
    std::uint64_t value = 0;
    constexpr auto operator<=>(const PageNo &) const = default;
};

/// The n-th segment of the log that a walk found, counted from 0.
struct SegmentNo {
    std::uint64_t value = 0;
    constexpr auto operator<=>(const SegmentNo &) const = default;
};

/// The n-th Record segment of the log, counted from 0; those that don't count are counted too.
struct RecordNo {
    std::uint64_t value = 0;
    constexpr auto operator<=>(const RecordNo &) const = default;
};

/// The n-th transaction begun in the log, counted from 0. Not the id in its markers: those may repeat.
struct TransactionNo {
    std::uint64_t value = 0;
    constexpr auto operator<=>(const TransactionNo &) const = default;
};

} // namespace modelvault
