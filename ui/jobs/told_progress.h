#pragma once

#include "progress.h"

#include <QPromise>

#include <utility>

namespace modelvault::ui {

/// What the progress of such a job's future runs to.
inline constexpr int kProgressSteps = 1000;

/// For an engine function that does the work of a promise: how far it is, is told in kProgressSteps; it goes on as long
/// as `goesOn()`. Borrows the promise.
template <class T, class GoesOn>
[[nodiscard]] Progress toldBy(QPromise<T> &promise, GoesOn goesOn)
{
    promise.setProgressRange(0, kProgressSteps);
    return [&promise, goesOn = std::move(goesOn)](std::uint64_t done, std::uint64_t total) {
        promise.setProgressValue(static_cast<int>(shareOf(done, total) * kProgressSteps));
        return goesOn();
    };
}

/// The share of the work that the future's progress stands for, 0 to 1.
[[nodiscard]] inline double toldShare(int progress)
{
    return static_cast<double>(progress) / kProgressSteps;
}

} // namespace modelvault::ui
