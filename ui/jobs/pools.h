#pragma once

#include <QThreadPool>

namespace modelvault::ui {

// Short jobs for what is on screen run on QThreadPool::globalInstance(); long ones here, so that they can't keep those
// waiting. Any thread.

/// Scans of whole files.
[[nodiscard]] QThreadPool &scanPool();
/// Threads that scans lend to the engine. Apart from the scans: they wait for these.
[[nodiscard]] QThreadPool &lentPool();

/// Searches of whole files: beside scans, not behind them.
[[nodiscard]] QThreadPool &searchPool();

/// Checks of whole files, which take as long as several searches.
[[nodiscard]] QThreadPool &checkPool();

/// What may hang for long on a bad mount, or writes: opening, locks, their holders, saving.
[[nodiscard]] QThreadPool &filePool();

} // namespace modelvault::ui
