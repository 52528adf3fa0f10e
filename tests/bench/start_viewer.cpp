// The viewer as it is, until it has painted the bytes of the file that it was started with: then it writes how often
// and how much of the file was read so far, and ends. Started by start_bench.cpp.

#include "app/viewer/first_paint.h"
#include "run_viewer.h"

#include <QApplication>

#include <iostream>
#include <optional>

using namespace modelvault;

int main(int argc, char **argv)
{
    std::optional<test::FirstPaint> first;
    return app::runViewer(argc, argv, [&first](app::MainWindow &window) {
        first.emplace(window, [](const ReadStats &reads) {
            std::cout << reads.calls << ' ' << reads.bytes << std::endl;
            QApplication::exit(std::cout ? 0 : 1);
        });
    });
}
