// What every program of this kind has to do: an empty main window with a menu bar and the plugins that the viewer
// loads, until it is painted. Then it writes a byte and ends. Started by start_bench.cpp.

#include <KIconTheme>
#include <QApplication>
#include <QMainWindow>
#include <QMenuBar>

#include <unistd.h>

namespace {

class Window final : public QMainWindow {
protected:
    void paintEvent(QPaintEvent *event) override
    {
        QMainWindow::paintEvent(event);
        // Once it is on screen.
        QMetaObject::invokeMethod(
            this, [] { QApplication::exit(::write(STDOUT_FILENO, "p", 1) == 1 ? 0 : 1); }, Qt::QueuedConnection);
    }
};

} // namespace

int main(int argc, char **argv)
{
    KIconTheme::initTheme();
    const QApplication application(argc, argv);
    Window window;
    window.menuBar()->addMenu(QStringLiteral("File"));
    const int unit = window.fontMetrics().averageCharWidth();
    window.resize(unit * 180, unit * 110);
    window.show();
    return QApplication::exec();
}
