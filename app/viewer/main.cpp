#include "run_viewer.h"

#include <exception>
#include <iostream>

int main(int argc, char **argv)
{
    try {
        return modelvault::app::runViewer(argc, argv);
    } catch (const std::exception &error) {
        std::cerr << "modelvault-viewer: " << error.what() << '\n';
        return 2;
    }
}
