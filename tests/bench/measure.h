#pragma once

#include "error.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <iterator>
#include <type_traits>
#include <utility>
#include <vector>

namespace modelvault {

/// What a benchmark can't do without.
template <class T>
T must(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "bench: %s\n", errorName(result.error().code).data());
        std::exit(1);
    }
    if constexpr (!std::is_void_v<T>)
        return *std::move(result);
}

double secondsOf(const auto &work)
{
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    work();
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Of the processor, by this process: what a busy machine leaves as it is.
double cpuSecondsOf(const auto &work)
{
    const auto start = std::clock();
    work();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

/// Of at least one.
inline double median(std::vector<double> values)
{
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

/// Of pairs that were measured one right after the other: what slows the machine for a while slows both.
inline double medianRatio(const std::vector<double> &over, const std::vector<double> &under)
{
    std::vector<double> ratios;
    std::ranges::transform(over, under, std::back_inserter(ratios), std::divides());
    return median(ratios);
}

} // namespace modelvault
