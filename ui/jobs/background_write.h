#pragma once

#include "jobs/pools.h"
#include "jobs/told_progress.h"

#include "error.h"

#include <QFuture>
#include <QPromise>
#include <QtConcurrentRun>

#include <atomic>
#include <memory>
#include <utility>

namespace modelvault::ui {

/// `write(const Progress &)`, which gives a Result<Outcome>, in the background; its progress is toldBy() the future.
/// `stop` ends it soon, with Cancelled if it was not done by then.
template <class Outcome, class Write>
[[nodiscard]] QFuture<Result<Outcome>> writeInBackground(std::shared_ptr<const std::atomic<bool>> stop, Write write)
{
    return QtConcurrent::run(&filePool(),
                             [stop = std::move(stop), write = std::move(write)](QPromise<Result<Outcome>> &promise) {
                                 promise.addResult(write(toldBy(promise, [&stop] { return !stop->load(); })));
                             });
}

} // namespace modelvault::ui
