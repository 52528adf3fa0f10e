#include "stop_on_signal.h"

#include <algorithm>
#include <cstdint>

namespace modelvault::inspect {
namespace {

volatile std::sig_atomic_t s_isStopped = 0;

void stop(int /*signal*/)
{
    s_isStopped = 1;
}

} // namespace

StopOnSignal::StopOnSignal()
{
    s_isStopped = 0;
    std::ranges::transform(kSignals, m_before.begin(), [](int signal) {
        const auto before = std::signal(signal, stop);
        if (before == SIG_IGN) // by whoever started us, nohup say
            std::signal(signal, SIG_IGN);
        return before;
    });
}

StopOnSignal::~StopOnSignal()
{
    for (std::size_t i = 0; i < kSignals.size(); ++i)
        std::signal(kSignals[i], m_before[i]);
}

Progress StopOnSignal::progress()
{
    return [](std::uint64_t, std::uint64_t) { return s_isStopped == 0; };
}

} // namespace modelvault::inspect
