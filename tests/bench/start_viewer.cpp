// The viewer as it is, until it has painted the bytes of the file that it was started with: then it writes a byte and
// ends. Started by start_bench.cpp.

#include "main_window.h"
#include "run_viewer.h"
#include "views/document_view.h"
#include "views/hex_view.h"

#include <QApplication>
#include <QTabWidget>

#include <unistd.h>

using namespace modelvault;

int main(int argc, char **argv)
{
    return app::runViewer(argc, argv, [](app::MainWindow &window) {
        auto *tabs = window.findChild<QTabWidget *>(QStringLiteral("documents"));
        QObject::connect(tabs, &QTabWidget::currentChanged, &window, [&window] {
            if (const auto *view = window.currentView())
                QObject::connect(view->hex(), &ui::HexView::firstShown, qApp,
                                 [] { QApplication::exit(::write(STDOUT_FILENO, "p", 1) == 1 ? 0 : 1); });
        });
    });
}
