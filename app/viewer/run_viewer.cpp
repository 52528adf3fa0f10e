#include "run_viewer.h"

#include "main_window.h"
#include "running_window.h"
#include "screenshots.h"

#include "format/crc32c.h"
#include "printable.h"
#include "version.h"

#include <KIconTheme>
#include <QApplication>
#include <QIcon>
#include <QTimer>

#include <CLI/CLI.hpp>

#include <kiconthemes_version.h>

#include <optional>
#include <string>
#include <vector>

namespace modelvault::app {
namespace {

struct Arguments {
    std::vector<std::filesystem::path> files;
    LockWish lock = LockWish::Shared;
    bool newWindow = false;
    std::string screenshotFolder;
};

/// The words on the command line may be names of files, by way of a wildcard say.
std::string misuse(const CLI::App * /*app*/, const CLI::Error &error)
{
    return "modelvault-viewer: " + modelvault::printable(error.what()) + "\nRun with --help for more information.\n";
}

std::string versions()
{
    return std::string("modelvault-viewer ") + version() + "\nCommit " + commit() + "\nQt " + qVersion()
        + "\nKDE Frameworks " KICONTHEMES_VERSION_STRING "\nChecksums: " + std::string(crc32cMethod());
}

/// Nothing with the exit code if there is nothing to show.
std::expected<Arguments, int> parse(int argc, char **argv)
{
    Arguments arguments;
    CLI::App app("Look into ModelVault database files, read-only.", "modelvault-viewer");
    app.set_version_flag("--version", versions());
    app.failure_message(misuse);
    app.add_option("FILES", arguments.files, "Databases to open");
    const auto assignLock = [&arguments](const std::string &text) {
        if (text != "shared" && text != "none")
            throw CLI::ValidationError("--lock", "neither shared nor none: " + text);
        arguments.lock = text == "shared" ? LockWish::Shared : LockWish::None;
        arguments.newWindow = true;
    };
    app.add_option_function<std::string>(
           "--lock", assignLock,
           "shared: keep other programs from writing while a file is open; none: only observe. "
           "In a window of its own")
        ->option_text("shared|none");
    app.add_flag("--new-window", arguments.newWindow, "Don't hand the files to the window that is there");
    app.add_option("--screenshot", arguments.screenshotFolder,
                   "Write a picture of every view into this folder and quit")
        ->option_text("DIR");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        const int code = app.exit(error);
        return std::unexpected(code == 0 ? 0 : 2);
    }
    return arguments;
}

/// The theme's once it is installed, which has a drawing for 16 pixels too, else our own.
QIcon programIcon()
{
    return QIcon::fromTheme(QStringLiteral("org.modelvault.Viewer"),
                            QIcon(QStringLiteral(":/icons/org.modelvault.Viewer.svg")));
}

void bringToFront(QWidget &window, const QByteArray &activation)
{
    // On Wayland a window may only come to the front with what the desktop gave to the second start.
    if (!activation.isEmpty())
        qputenv("XDG_ACTIVATION_TOKEN", activation);
    window.setWindowState(window.windowState() & ~Qt::WindowMinimized);
    window.raise();
    window.activateWindow();
}

} // namespace

int runViewer(int argc, char **argv, const std::function<void(MainWindow &)> &made)
{
    // Takes Qt's own options out of argv; --help and --version need no display.
    for (int i = 1; i < argc; ++i) {
        const std::string argument(argv[i]);
        if (argument == "--help" || argument == "-h" || argument == "--version")
            return parse(argc, argv).error_or(0);
    }
    KIconTheme::initTheme();
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("modelvault-viewer"));
    QApplication::setApplicationDisplayName(QStringLiteral("ModelVault Viewer"));
    QApplication::setApplicationVersion(QString::fromLatin1(version()));
    QApplication::setOrganizationDomain(QStringLiteral("modelvault.org"));
    QApplication::setDesktopFileName(QStringLiteral("org.modelvault.Viewer"));
    QApplication::setWindowIcon(programIcon());

    const auto arguments = parse(argc, argv);
    if (!arguments)
        return arguments.error();

    const bool forPictures = !arguments->screenshotFolder.empty();
    std::optional<RunningWindow> running;
    if (!arguments->newWindow && !forPictures) {
        running.emplace();
        if (running->handOver(arguments->files))
            return 0;
    }

    MainWindow window({.lock = arguments->lock, .remembers = !forPictures});
    if (made)
        made(window);
    window.openFiles(arguments->files);
    window.show();
    if (running)
        running->whenHandedOver([&window](const HandedOver &what) {
            window.openFiles(what.files);
            bringToFront(window, what.activation);
        });
    std::optional<Screenshots> screenshots;
    if (forPictures) {
        screenshots.emplace(window, QString::fromLocal8Bit(arguments->screenshotFolder));
        QObject::connect(&*screenshots, &Screenshots::finished, &application,
                         [](bool ok) { QApplication::exit(ok ? 0 : 1); });
        QTimer::singleShot(0, &*screenshots, &Screenshots::start);
    }
    return QApplication::exec();
}

} // namespace modelvault::app
