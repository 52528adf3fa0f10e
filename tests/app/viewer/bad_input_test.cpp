// What the window does with files that are no databases, that can't be read, or that others change while they are
// open: a message where it belongs, no box to be clicked away, and nothing left behind.

#include "window.h"

#include "support/lock_holding.h"
#include "support/results.h"
#include "support/scratch_dir.h"

#include "lock/file_lock.h"
#include "text/words.h"
#include "views/notice_bar.h"

#include <QApplication>
#include <QDialog>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QTabBar>
#include <QTabWidget>
#include <QTest>
#include <QTextDocument>
#include <QToolButton>
#include <QTreeView>

#include <functional>
#include <map>
#include <optional>
#include <string>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace modelvault;
using namespace modelvault::ui;
using test::database;
using test::text;
using test::Window;
using State = Document::State;
namespace fs = std::filesystem;

namespace {

constexpr const char *kEmpty = "The file is empty: no program has written a database to it yet";

/// Makes the input below the folder and returns its path.
using MakeInput = std::function<fs::path(const test::ScratchDir &)>;

fs::path makePipe(const test::ScratchDir &folder)
{
    const auto path = folder / "pipe.mv";
    return ::mkfifo(path.c_str(), 0600) == 0 ? path : fs::path();
}

fs::path makeSocket(const test::ScratchDir &folder)
{
    // Bound in its own folder: an address has room for a short path only.
    const auto here = fs::current_path();
    fs::current_path(folder.path());
    ::sockaddr_un address{.sun_family = AF_UNIX, .sun_path = "socket.mv"};
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool bound = ::bind(socket, reinterpret_cast<const ::sockaddr *>(&address), sizeof address) == 0;
    ::close(socket);
    fs::current_path(here);
    return bound ? folder / "socket.mv" : fs::path();
}

bool isBoxOpen()
{
    for (const auto *widget : QApplication::topLevelWidgets()) {
        if (qobject_cast<const QDialog *>(widget) != nullptr && widget->isVisible())
            return true;
    }
    return QApplication::activeModalWidget() != nullptr || QApplication::activePopupWidget() != nullptr;
}

bool hasNotice(const Window &shown, const char *words)
{
    return !shown.notices().filter(QString::fromUtf8(words)).isEmpty();
}

/// The button of the notice that says this; null if there is none.
template <class Button>
Button *buttonOf(const Window &shown, const char *words, const char *name)
{
    for (auto *label : shown.window.currentView()->notices()->findChildren<QLabel *>(QStringLiteral("noticeText"))) {
        if (label->isVisible() && label->text().contains(QString::fromUtf8(words)))
            return label->parentWidget()->findChild<Button *>(QString::fromLatin1(name));
    }
    return nullptr;
}

/// As a reader of the tool tip sees it.
QString shownToolTip(const QString &toolTip)
{
    if (!Qt::mightBeRichText(toolTip))
        return toolTip;
    QTextDocument document;
    document.setHtml(toolTip);
    return document.toPlainText();
}

} // namespace

class BadInputTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        // Not those of whoever runs the tests.
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, text(m_settings.path()));
    }
    void init() { m_folder.emplace(); }

    void saysWhatIsWrongWithTheFile_data()
    {
        QTest::addColumn<MakeInput>("make");
        QTest::addColumn<QString>("says");
        QTest::addColumn<bool>("opens");
        QTest::addColumn<bool>("getsLockFile");
        const auto row = [](const char *name, MakeInput make, const char *says, bool opens, bool getsLockFile) {
            QTest::newRow(name) << std::move(make) << QString::fromUtf8(says) << opens << getsLockFile;
        };
        const auto file = [](std::string_view bytes) -> MakeInput {
            return [bytes](const test::ScratchDir &folder) { return folder.write("input.mv", bytes); };
        };
        using Folder = const test::ScratchDir &;
        row("missing", [](Folder folder) { return folder / "input.mv"; }, "There is no such file.", false, false);
        row("folder", [](Folder folder) { return folder.path(); }, "This is a folder, not a file.", false, false);
        row(
            "below a file", [](Folder folder) { return folder.write("input.mv", "x") / "x.mv"; },
            "There is no such file.", false, false);
        row(
            "endless link",
            [](Folder folder) {
                fs::create_symlink("input.mv", folder / "input.mv");
                return folder / "input.mv";
            },
            "Too many levels of symbolic links.", false, false);
        row(
            "name too long", [](Folder folder) { return folder / std::string(300, 'x'); }, "File name too long.", false,
            false);
        row("pipe", makePipe, "This is a pipe, not a regular file.", false, false);
        row("socket", makeSocket, "This is a socket, not a regular file.", false, false);
        row(
            "device", [](Folder) { return fs::path("/dev/zero"); }, "This is a device, not a regular file.", false,
            false);
        row("empty", file(""), "The file is empty: no program has written a database to it yet.", true, true);
        row("17 bytes", file("TDB0 and 12 more."), "The file is too short for a database header: 17 of 32 bytes.", true,
            true);
        row("PNG image", file("\x89PNG\r\n\x1a\n and so on, more than a header takes"),
            "This is no ModelVault database but a file of another kind: PNG image.", true, false);
        row("SQLite database", file(std::string_view("SQLite format 3\0 and more, as much as it takes", 46)),
            "This is no ModelVault database but a file of another kind: SQLite database.", true, false);
        row("text", file("Once upon a time there was a file without any meaning.\n"),
            "This is no ModelVault database but a file of another kind: text.", true, false);
        row("nonsense", file("\1\2\3\4 once upon a time, and as much more as it takes"),
            "This is no ModelVault database: it does not begin with TDB0.", true, false);
        row("later format",
            file(std::string_view("TDB0\0\0\x07\0\x20\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32)),
            "The file's format, 0.7, is not known.", true, true);
    }

    void saysWhatIsWrongWithTheFile()
    {
        QFETCH(const MakeInput, make);
        QFETCH(const QString, says);
        QFETCH(const bool, opens);
        QFETCH(const bool, getsLockFile);
        const auto path = make(*m_folder);
        QVERIFY(!path.empty());
        auto before = test::contentsOf(m_folder->path());
        {
            Window shown;
            shown.window.openFile(path);
            QVERIFY(shown.shows(1));
            QVERIFY(!isBoxOpen());
            QCOMPARE(shown.document()->state(), opens ? State::Scanned : State::Failed);
            if (opens) {
                QVERIFY2(shown.notices().contains(says), qPrintable(shown.notices().join(QLatin1Char('\n'))));
                QVERIFY(shown.find<QLabel>("overviewFile")->text().contains(says));
                QVERIFY(shown.hex()->isVisible());
            } else {
                const auto *message = shown.find<QLabel>("message");
                QVERIFY(message->isVisible());
                QVERIFY2(message->text().endsWith(says), qPrintable(message->text()));
                QVERIFY(message->text().startsWith(pathText(path)));
                QVERIFY(shown.notices().isEmpty());
            }
            staysUsable(shown);
        }
        if (getsLockFile)
            before["input.mv.writer.lock"] = "file: ";
        before["sound.mv"] = test::contentsOf(m_folder->path())["sound.mv"];
        before["sound.mv.writer.lock"] = "file: ";
        QCOMPARE(test::contentsOf(m_folder->path()), before);
    }

    void anEmptyFileIsCalledEmptyEverywhere()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", ""));
        QVERIFY(shown.shows(1));
        const auto &findings = shown.document()->snapshot()->findings;
        QCOMPARE(findings.size(), 1U);
        QCOMPARE(findingText(findings.front()), QString::fromUtf8(kEmpty));
        QCOMPARE(shown.find<QLabel>("findingsStatus")->text(), QStringLiteral("1 finding"));
        const auto *navigator = shown.find<QTreeView>("navigator")->model();
        QCOMPARE(navigator->index(0, 0).data().toString(), QStringLiteral("Header: ") + QString::fromUtf8(kEmpty));
        QCOMPARE(shown.notices(), QStringList(QString::fromUtf8(kEmpty) + QLatin1Char('.')));
        // Until somebody does.
        m_folder->write("a.mv", database());
        QTRY_VERIFY(hasNotice(shown, "The file has grown by"));
        QTest::mouseClick(buttonOf<QPushButton>(shown, "has grown", "noticeAction"), Qt::LeftButton);
        QTRY_VERIFY(shown.notices().isEmpty());
        QVERIFY(shown.document()->snapshot()->log.findings.empty());
    }

    void noPermission()
    {
        if (isRerunAsOrdinaryUser("noPermission"))
            return;
        const auto path = m_folder->write("secret.mv", database());
        fs::permissions(path, fs::perms::none);
        Window shown;
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        QVERIFY(!isBoxOpen());
        QCOMPARE(shown.find<QLabel>("message")->text(), text(path) + QStringLiteral("\n\nPermission denied."));
        QVERIFY(!fs::exists(lockFilePath(path)));
        fs::permissions(path, fs::perms::owner_read);
        QTest::mouseClick(shown.find<QPushButton>("tryAgain"), Qt::LeftButton);
        QTRY_COMPARE(shown.document()->state(), State::Scanned);
    }

    void aFolderThatMayNotBeEntered()
    {
        if (isRerunAsOrdinaryUser("aFolderThatMayNotBeEntered"))
            return;
        const auto closed = *m_folder / "closed";
        fs::create_directory(closed);
        const auto path = m_folder->write("closed/a.mv", database());
        fs::permissions(closed, fs::perms::none);
        Window shown;
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        QCOMPARE(shown.find<QLabel>("message")->text(), text(path) + QStringLiteral("\n\nPermission denied."));
        staysUsable(shown);
        fs::permissions(closed, fs::perms::owner_all);
    }

    void aFolderThatCannotBeWritten()
    {
        if (isRerunAsOrdinaryUser("aFolderThatCannotBeWritten"))
            return;
        const auto path = m_folder->write("a.mv", database());
        const auto before = test::contentsOf(m_folder->path());
        fs::permissions(m_folder->path(), fs::perms::owner_read | fs::perms::owner_exec);
        Window shown;
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        QCOMPARE(shown.document()->state(), State::Scanned);
        QVERIFY(shown.document()->snapshot()->log.findings.empty());
        QCOMPARE(shown.notices(),
                 QStringList(QStringLiteral("The lock file can't be opened or made: Permission denied. You observe "
                                            "without a lock: the file may change while you look.")));
        QVERIFY(shown.lockStatus().startsWith(QStringLiteral("Observing, no shared lock: The lock file can't")));
        QVERIFY(!isBoxOpen());
        QCOMPARE(test::contentsOf(m_folder->path()), before);

        fs::permissions(m_folder->path(), fs::perms::owner_all);
        QTest::mouseClick(buttonOf<QPushButton>(shown, "lock file", "noticeAction"), Qt::LeftButton);
        QTRY_COMPARE(shown.document()->lockState(), LockState::Shared);
        QVERIFY(shown.notices().isEmpty());
    }

    void aLockFileThatIsNone()
    {
        Window shown;
        const auto path = m_folder->write("a.mv", database());
        fs::create_directory(lockFilePath(path));
        const auto before = test::contentsOf(m_folder->path());
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        QVERIFY(hasNotice(shown, "The lock file can't be opened or made: This is a folder, not a file."));
        QVERIFY(shown.find<QLabel>("lockRefusal")->text().contains(QStringLiteral("This is a folder")));
        QCOMPARE(test::contentsOf(m_folder->path()), before);
    }

    void aLockHeldElsewhere()
    {
        const auto path = m_folder->write("a.mv", database());
        test::HelperProcess writer("writer", path);
        const auto before = test::contentsOf(m_folder->path());
        Window shown;
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        QCOMPARE(shown.document()->state(), State::Scanned);
        QVERIFY(hasNotice(shown, "You observe without a lock"));
        const auto who = QStringLiteral("(process %1) holds an exclusive lock").arg(writer.processId());
        QVERIFY2(shown.notices().front().contains(who), qPrintable(shown.notices().front()));
        QVERIFY(!isBoxOpen());
        QCOMPARE(test::contentsOf(m_folder->path()), before);

        auto *again = buttonOf<QPushButton>(shown, "observe", "noticeAction");
        QTest::mouseClick(again, Qt::LeftButton);
        QTRY_VERIFY(shown.document()->isSettled());
        QVERIFY(hasNotice(shown, "You observe without a lock"));
        writer.finish();
        QTest::mouseClick(again, Qt::LeftButton);
        QTRY_COMPARE(shown.document()->lockState(), LockState::Shared);
        QVERIFY(shown.notices().isEmpty());
    }

    void observingByChoiceIsNoNotice()
    {
        Window shown(LockWish::None);
        shown.window.openFile(m_folder->write("a.mv", database()));
        QVERIFY(shown.shows(1));
        QVERIFY(shown.notices().isEmpty());
        QVERIFY(!shown.window.currentView()->notices()->isVisible());
    }

    void theFileIsDeletedWhileItIsOpen()
    {
        Window shown;
        const auto path = m_folder->write("a.mv", database(200));
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        fs::remove(path);
        QTRY_VERIFY(hasNotice(shown, "The path names no file any more"));
        QVERIFY(!isBoxOpen());
        // What was open is still there to look at.
        shown.goTo("end-1");
        QTRY_VERIFY(shown.window.isSettled());
        QVERIFY(!shown.hex()->spokenText().contains(QStringLiteral("unreadable")));
        staysUsable(shown);

        shown.window.setCurrentDocument(0);
        m_folder->write("a.mv", database());
        QTRY_VERIFY(hasNotice(shown, "The path now names another file. What you see is the older one."));
        QCOMPARE(shown.notices().size(), 1);
    }

    void theFileIsReplacedWhileItIsOpen()
    {
        Window shown;
        const auto path = m_folder->write("a.mv", database(3));
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        fs::rename(m_folder->write("other.mv", database(5)), path);
        QTRY_VERIFY(hasNotice(shown, "The path now names another file. What you see is the older one."));
        QCOMPARE(shown.log()->model()->rowCount(), std::uint64_t{16});
        QTest::mouseClick(buttonOf<QPushButton>(shown, "another file", "noticeAction"), Qt::LeftButton);
        QTRY_COMPARE(shown.log()->model()->rowCount(), std::uint64_t{26});
        QTRY_VERIFY(shown.notices().isEmpty());
        // Seen at the next look, too.
        QTest::qWait(1500);
        QVERIFY(shown.notices().isEmpty());
    }

    void aPipeTakesThePlaceOfTheFile()
    {
        Window shown;
        const auto path = m_folder->write("pipe.mv", database());
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        fs::remove(path);
        QCOMPARE(makePipe(*m_folder), path);
        QTRY_VERIFY(hasNotice(shown, "The path now names another file."));
        shown.press(QKeySequence::Refresh);
        QTRY_COMPARE(shown.document()->state(), State::Failed);
        QVERIFY(shown.find<QLabel>("message")->text().endsWith(QStringLiteral("This is a pipe, not a regular file.")));
        QVERIFY(shown.notices().isEmpty());
        staysUsable(shown);
    }

    void theFileIsTruncatedWhileItIsOpen()
    {
        Window shown;
        const auto bytes = database(300);
        const auto path = m_folder->write("a.mv", bytes);
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        shown.goTo("seg 20");
        QTRY_COMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>(20));
        const auto cut = shown.hex()->selectionBegin();
        fs::resize_file(path, cut.value);
        const auto gone =
            QStringLiteral("The file became shorter while it was open: %1 bytes are gone. Reload to see what is left.")
                .arg(groupedText(bytes.size() - cut.value));
        QTRY_VERIFY2(shown.notices().contains(gone), qPrintable(shown.notices().join(QLatin1Char('\n'))));
        QVERIFY(!isBoxOpen());

        // Nothing shows bytes that are no longer there, though they have been on screen.
        QTRY_VERIFY(shown.hex()->spokenText().contains(QStringLiteral("unreadable")));
        auto *views = shown.find<QTabWidget>("views");
        for (const int view : {2, 1, 0}) {
            views->setCurrentIndex(view);
            QTRY_VERIFY(shown.window.isSettled());
            QVERIFY(!shown.window.grab().isNull());
        }
        const auto *log = shown.log()->model();
        const auto type = [log](std::uint64_t row) { return log->data(row, 2, Qt::DisplayRole).toString(); };
        QTRY_COMPARE(type(20), QStringLiteral("unreadable"));
        QCOMPARE(type(19), QStringLiteral("commit"));
        for (const char *place : {"seg 19", "seg 21", "seg 1400", "txn 250", "end-1", "page 3", "0x2020"}) {
            shown.goTo(place);
            QTRY_VERIFY(shown.window.isSettled());
        }
        QVERIFY(!shown.hex()->spokenText().contains(QStringLiteral("unreadable")));
        staysUsable(shown);

        shown.window.setCurrentDocument(0);
        QTest::mouseClick(buttonOf<QPushButton>(shown, "shorter", "noticeAction"), Qt::LeftButton);
        QTRY_VERIFY(shown.notices().isEmpty());
        QTRY_COMPARE(shown.document()->state(), State::Scanned);
        QCOMPARE(shown.document()->fileLength(), cut.value);
        QCOMPARE(log->rowCount(), std::uint64_t{20});
    }

    void theFileIsTruncatedToNothing()
    {
        Window shown;
        const auto path = m_folder->write("a.mv", database());
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        m_folder->write("a.mv", "");
        QTRY_VERIFY(hasNotice(shown, "The file became shorter"));
        QTRY_VERIFY(shown.hex()->spokenText().contains(QStringLiteral("unreadable")));
        shown.press(QKeySequence::Refresh);
        QTRY_COMPARE(shown.notices(), QStringList(QString::fromUtf8(kEmpty) + QLatin1Char('.')));
    }

    void theFileGrowsWhileItIsOpen()
    {
        Window shown(LockWish::None);
        const auto bytes = database();
        const auto path = m_folder->write("a.mv", bytes);
        shown.window.openFile(path);
        QVERIFY(shown.shows(1));
        fs::resize_file(path, bytes.size() + 1);
        QTRY_VERIFY(shown.notices().contains(QStringLiteral("The file has grown by 1 byte since it was read.")));
        fs::resize_file(path, bytes.size() + 3000);
        const auto words = QStringLiteral("The file has grown by 3\u2009000 bytes since it was read.");
        QTRY_COMPARE(shown.notices(), QStringList(words));

        // Once it is closed, nobody is told again.
        QTest::mouseClick(buttonOf<QToolButton>(shown, "grown", "noticeClose"), Qt::LeftButton);
        fs::resize_file(path, bytes.size() + 4000);
        QTest::qWait(1500);
        QVERIFY(shown.notices().isEmpty());
        shown.press(QKeySequence::Refresh);
        QTRY_COMPARE(shown.document()->fileLength(), bytes.size() + 4000);
        fs::resize_file(path, bytes.size() + 4001);
        QTRY_VERIFY(hasNotice(shown, "grown by 1 byte since"));
    }

    void noticesAreReachedByTheKeyboard()
    {
        Window shown;
        shown.window.openFile(m_folder->write("a.mv", ""));
        QVERIFY(shown.shows(1));
        shown.window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&shown.window));
        shown.find<QTreeView>("navigator")->setFocus();
        QTest::keyClick(shown.window.focusWidget(), Qt::Key_F6);
        QCOMPARE(shown.window.focusWidget()->objectName(), QStringLiteral("noticeClose"));
        QTest::keyClick(shown.window.focusWidget(), Qt::Key_Escape);
        QVERIFY(shown.notices().isEmpty());
        QVERIFY(!shown.window.currentView()->notices()->isVisible());
    }

    void namesAreShownAsTheyAre_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QString>("shown");
        QTest::newRow("markup") << QByteArray("<b>x<b>.mv") << QStringLiteral("<b>x<b>.mv");
        QTest::newRow("picture") << QByteArray("<img src='x'>.mv") << QStringLiteral("<img src='x'>.mv");
        QTest::newRow("line breaks") << QByteArray("a\nb\rc\td.mv") << QStringLiteral("a␊b␍c␉d.mv");
        QTest::newRow("right to left") << QByteArray("a\u202evm.exe.mv") << QStringLiteral("a⟨U+202E⟩vm.exe.mv");
        QTest::newRow("no UTF-8") << QByteArray("caf\xe9.mv") << QStringLiteral("caf⟨E9⟩.mv");
        QTest::newRow("escape sequence") << QByteArray("\x1b[31m.mv") << QStringLiteral("␛[31m.mv");
        QTest::newRow("mnemonic") << QByteArray("a & b.mv") << QStringLiteral("a & b.mv");
        QTest::newRow("arguments") << QByteArray("%1 %2 %n.mv") << QStringLiteral("%1 %2 %n.mv");
        QTest::newRow("title's mark") << QByteArray("a[*].mv") << QStringLiteral("a[*].mv");
    }

    void namesAreShownAsTheyAre()
    {
        QFETCH(const QByteArray, name);
        QFETCH(const QString, shown);
        Window window;
        app::MainWindow remembering({.lock = LockWish::Shared, .remembers = true});
        const auto path = m_folder->write(name.toStdString(), database());
        const QString whole = text(m_folder->path()) + QLatin1Char('/') + shown;
        remembering.openFile(path);
        QVERIFY(QTest::qWaitFor([&] { return remembering.documentCount() == 1 && remembering.isSettled(); }));
        QAction *recent = nullptr;
        QTRY_VERIFY((recent = remembering.findChild<QAction *>(QStringLiteral("recentFile"))) != nullptr);
        QCOMPARE(recent->text().replace(QStringLiteral("&&"), QStringLiteral("&")), whole);
        QVERIFY(QKeySequence::mnemonic(recent->text()).isEmpty());

        window.window.openFile(path);
        QVERIFY(window.shows(1));
        const auto *tabs = window.find<QTabWidget>("documents");
        QCOMPARE(tabs->tabText(0).replace(QStringLiteral("&&"), QStringLiteral("&")), shown);
        QVERIFY(QKeySequence::mnemonic(tabs->tabText(0)).isEmpty());
        QCOMPARE(shownToolTip(tabs->tabToolTip(0)), whole);
        const auto title = window.window.windowTitle().replace(QStringLiteral("[*][*]"), QStringLiteral("[*]"));
        QCOMPARE(title, shown + QStringLiteral(" – ModelVault Viewer"));
        for (const char *label : {"overviewFile", "message", "lockState", "messageStatus"})
            QCOMPARE(window.find<QLabel>(label)->textFormat(), Qt::PlainText);
        QVERIFY(window.find<QLabel>("overviewFile")->text().startsWith(whole + QLatin1Char('\n')));

        fs::remove(path);
        window.press(QKeySequence::Refresh);
        QTRY_COMPARE(window.document()->state(), State::Failed);
        QCOMPARE(window.find<QLabel>("message")->text(), whole + QStringLiteral("\n\nThere is no such file."));
    }

    void aWrongCommandLineIsAnsweredHarmlessly()
    {
        QProcess viewer;
        viewer.start(QStringLiteral(MODELVAULT_VIEWER), {QStringLiteral("--lock"), QStringLiteral("\x1b[31m\u202e")});
        QVERIFY(viewer.waitForFinished(60'000));
        QCOMPARE(viewer.exitCode(), 2);
        const auto said = viewer.readAllStandardError();
        QVERIFY2(said.startsWith("modelvault-viewer: "), said.constData());
        QVERIFY2(said.contains("\\u{1b}[31m\\u{202e}"), said.constData());
        QVERIFY2(!said.contains('\x1b'), said.constData());
    }

private:
    /// Another file opens, is looked at and closed.
    void staysUsable(Window &shown)
    {
        const int before = shown.window.documentCount();
        shown.window.openFile(m_folder->write("sound.mv", database()));
        QVERIFY(shown.shows(before + 1));
        QCOMPARE(shown.document()->state(), State::Scanned);
        QVERIFY(shown.notices().isEmpty());
        shown.goTo("seg 3");
        QTRY_COMPARE(shown.log()->currentRow(), std::optional<std::uint64_t>(3));
        shown.press(QKeySequence::Close);
        QCOMPARE(shown.window.documentCount(), before);
    }

    /// Nothing stops root. Runs that test function in another process, as a user whom permissions stop, and says
    /// whether it did.
    static bool isRerunAsOrdinaryUser(const char *function)
    {
        if (::geteuid() != 0)
            return false;
        const auto id = QString::number(test::kNobody);
        // Where the program is built, another user may not be let in.
        const test::ScratchDir folder;
        const auto program = folder / "bad_input_test";
        fs::copy_file(QCoreApplication::applicationFilePath().toStdString(), program);
        const auto home = folder / "home";
        fs::create_directory(home);
        const bool given = ::chown(home.c_str(), test::kNobody, test::kNobody) == 0;
        auto environment = QProcessEnvironment::systemEnvironment();
        for (const char *variable : {"HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"})
            environment.insert(QString::fromLatin1(variable), text(home));
        QProcess process;
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(QStringLiteral("setpriv"),
                      {QStringLiteral("--reuid"), id, QStringLiteral("--regid"), id, QStringLiteral("--clear-groups"),
                       text(program), QString::fromLatin1(function)});
        const bool ended = process.waitForFinished(60'000);
        const auto said = process.readAll();
        [&] {
            QVERIFY(given);
            QVERIFY2(ended && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0,
                     said.constData());
            QVERIFY2(said.contains("Totals: 3 passed, 0 failed, 0 skipped"), said.constData());
        }();
        return true;
    }

    const test::ScratchDir m_settings;
    std::optional<test::ScratchDir> m_folder;
};

QTEST_MAIN(BadInputTest)
#include "bad_input_test.moc"
