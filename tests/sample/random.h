#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace modelvault::sample {

/// The same numbers everywhere and for ever, as the distributions of the standard library are not (SplitMix64).
class Random {
public:
    explicit Random(std::uint64_t seed) : m_state(seed) { }

    std::uint64_t next()
    {
        auto mixed = m_state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31U);
    }
    /// From 0 to `end`, exclusive.
    std::size_t below(std::size_t end) { return static_cast<std::size_t>(next() % end); }
    std::int64_t between(std::int64_t first, std::int64_t last)
    {
        return first + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(last - first + 1));
    }
    bool oneIn(std::size_t cases) { return below(cases) == 0; }
    const auto &of(const auto &choices) { return choices[below(std::size(choices))]; }

private:
    std::uint64_t m_state;
};

} // namespace modelvault::sample
