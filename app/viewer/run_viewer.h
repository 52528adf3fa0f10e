#pragma once

#include <functional>

namespace modelvault::app {

class MainWindow;

/// The whole program: what its main() returns. `shown` is called with the window before the event loop runs, for what
/// watches the program from within.
[[nodiscard]] int runViewer(int argc, char **argv, const std::function<void(MainWindow &)> &shown = {});

} // namespace modelvault::app
