#include "run_viewer.h"

#include "main_window.h"
#include "screenshots.h"

#include "printable.h"

#include <KIconTheme>
#include <QApplication>
#include <QTimer>

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

namespace modelvault::app {
namespace {

struct Arguments {
    std::vector<std::filesystem::path> files;
    LockWish lock = LockWish::Shared;
    std::string screenshotFolder;
};

/// The words on the command line may be names of files, by way of a wildcard say.
std::string misuse(const CLI::App * /*app*/, const CLI::Error &error)
{
    return "modelvault-viewer: " + modelvault::printable(error.what()) + "\nRun with --help for more information.\n";
}

/// Nothing with the exit code if there is nothing to show.
std::expected<Arguments, int> parse(int argc, char **argv)
{
    Arguments arguments;
    CLI::App app("Look into ModelVault database files, read-only.", "modelvault-viewer");
    app.set_version_flag("--version", MODELVAULT_VERSION);
    app.failure_message(misuse);
    app.add_option("FILES", arguments.files, "Databases to open");
    const auto assignLock = [&arguments](const std::string &text) {
        if (text != "shared" && text != "none")
            throw CLI::ValidationError("--lock", "neither shared nor none: " + text);
        arguments.lock = text == "shared" ? LockWish::Shared : LockWish::None;
    };
    app.add_option_function<std::string>(
           "--lock", assignLock, "shared: keep other programs from writing while a file is open; none: only observe")
        ->option_text("shared|none");
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
    QApplication::setApplicationVersion(QStringLiteral(MODELVAULT_VERSION));
    QApplication::setOrganizationDomain(QStringLiteral("modelvault.org"));
    QApplication::setDesktopFileName(QStringLiteral("org.modelvault.Viewer"));

    const auto arguments = parse(argc, argv);
    if (!arguments)
        return arguments.error();

    MainWindow window({.lock = arguments->lock, .remembers = arguments->screenshotFolder.empty()});
    if (made)
        made(window);
    window.openFiles(arguments->files);
    window.show();
    std::optional<Screenshots> screenshots;
    if (!arguments->screenshotFolder.empty()) {
        screenshots.emplace(window, QString::fromLocal8Bit(arguments->screenshotFolder));
        QObject::connect(&*screenshots, &Screenshots::finished, &application,
                         [](bool ok) { QApplication::exit(ok ? 0 : 1); });
        QTimer::singleShot(0, &*screenshots, &Screenshots::start);
    }
    return QApplication::exec();
}

} // namespace modelvault::app
