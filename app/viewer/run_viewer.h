#pragma once

#include <functional>

namespace modelvault::app {

class MainWindow;

/// The whole program: what its main() returns. `made` is called with the window before it opens files and is shown, for
/// what watches the program from within.
[[nodiscard]] int runViewer(int argc, char **argv, const std::function<void(MainWindow &)> &made = {});

} // namespace modelvault::app
