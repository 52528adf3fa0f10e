#pragma once

#include "progress.h"

#include <array>
#include <csignal>

namespace modelvault::inspect {

/// While it lives, what would end the program only asks it to stop, so that it can tidy up. One at a time.
class StopOnSignal {
public:
    StopOnSignal();
    StopOnSignal(const StopOnSignal &) = delete;
    StopOnSignal &operator=(const StopOnSignal &) = delete;
    ~StopOnSignal();

    /// For jobs: goes on until a signal comes.
    [[nodiscard]] static Progress progress();

private:
#ifdef SIGHUP
    static constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};
#else
    static constexpr std::array kSignals{SIGINT, SIGTERM};
#endif

    std::array<decltype(std::signal(0, nullptr)), kSignals.size()> m_before{};
};

} // namespace modelvault::inspect
