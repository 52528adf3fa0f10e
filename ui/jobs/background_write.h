#pragma once

#include "jobs/pools.h"

#include "error.h"
#include "progress.h"

#include <QFuture>
#include <QPromise>
#include <QtConcurrentRun>

#include <atomic>
#include <memory>
#include <utility>

namespace modelvault::ui {

/// What the progress of writeInBackground() runs to.
inline constexpr int kWriteSteps = 1000;

/// `write(const Progress &)`, which gives a Result<Outcome>, in the background. `stop` ends it soon, with Cancelled if
/// it was not done by then.
template <class Outcome, class Write>
[[nodiscard]] QFuture<Result<Outcome>> writeInBackground(std::shared_ptr<const std::atomic<bool>> stop, Write write)
{
    return QtConcurrent::run(&filePool(),
                             [stop = std::move(stop), write = std::move(write)](QPromise<Result<Outcome>> &promise) {
                                 promise.setProgressRange(0, kWriteSteps);
                                 promise.addResult(write(Progress([&](std::uint64_t done, std::uint64_t total) {
                                     promise.setProgressValue(static_cast<int>(shareOf(done, total) * kWriteSteps));
                                     return !stop->load();
                                 })));
                             });
}

} // namespace modelvault::ui
