#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>

namespace modelvault {

/// Told now and then by a long job how far it is, in bytes, on the thread that runs it. False: stop, soon
/// (the job then ends with ErrorCode::Cancelled). May be empty.
using Progress = std::function<bool(std::uint64_t done, std::uint64_t total)>;

/// How much of a job is done, 0 to 1.
[[nodiscard]] inline double shareOf(std::uint64_t done, std::uint64_t total)
{
    return static_cast<double>(std::min(done, total)) / static_cast<double>(std::max<std::uint64_t>(total, 1));
}

/// Runs a task on another thread, now or later; lent by a caller that wants work spread. The engine starts no threads.
/// A task that is run only after the job that made it has ended does nothing.
using RunTask = std::function<void(std::function<void()> task)>;

} // namespace modelvault
