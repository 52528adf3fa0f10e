// What every program of this kind has to do: an empty main window with a menu bar and the plugins that the viewer
// loads, until it is painted. Then it writes a line and ends. Started by start_bench.cpp.

#include <KIconTheme>
#include <QApplication>
#include <QMainWindow>
#include <QMenuBar>

#include <iostream>

namespace {

class Window final : public QMainWindow {
protected:
    void paintEvent(QPaintEvent *event) override
    {
        QMainWindow::paintEvent(event);
        // Once it is on screen.
        QMetaObject::invokeMethod(
            this,
            [] {
                std::cout << "painted" << std::endl;
                QApplication::exit(std::cout ? 0 : 1);
            },
            Qt::QueuedConnection);
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
