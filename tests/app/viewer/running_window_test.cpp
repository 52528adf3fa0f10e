// A second start hands its files to the window that is there: the real program, started beside a window of this one.

#include "running_window.h"
#include "window.h"

#include "support/scratch_dir.h"

#include <QProcess>
#include <QTest>
#include <QUuid>

#include <memory>
#include <optional>

using namespace modelvault;
using app::HandedOver;
using app::RunningWindow;
using test::database;
using test::text;
using test::Window;

namespace {

class RunningWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void filesOfASecondStartOpenInTheWindow();
    void pathsAreThoseOfTheSecondStartsFolder();
    void aSecondStartWithoutFilesBringsTheWindowToTheFront();
    void someStartsWantAWindowOfTheirOwn_data();
    void someStartsWantAWindowOfTheirOwn();
    void withoutAWindowThereIsNobodyToHandOverTo();
    void messagesKeepEveryByte();
    void whatIsNoMessageIsIgnored_data();
    void whatIsNoMessageIsIgnored();

private:
    std::unique_ptr<test::ScratchDir> m_folder;
};

/// Runs the viewer until it ends; nothing if it does not, as it has a window then.
std::optional<int> startAgain(const QStringList &words, const QString &folder = {})
{
    QProcess viewer;
    viewer.setProcessChannelMode(QProcess::ForwardedChannels);
    viewer.setWorkingDirectory(folder);
    viewer.start(QStringLiteral(MODELVAULT_VIEWER), words);
    if (QTest::qWaitFor([&] { return viewer.state() == QProcess::NotRunning; }, 30'000))
        return viewer.exitStatus() == QProcess::NormalExit ? std::optional(viewer.exitCode()) : std::nullopt;
    viewer.kill();
    viewer.waitForFinished();
    return std::nullopt;
}

/// What later starts hand over comes here.
struct Taking {
    RunningWindow running;
    std::vector<HandedOver> taken;

    Taking()
    {
        running.whenHandedOver([this](const HandedOver &what) { taken.push_back(what); });
    }
};

void RunningWindowTest::init()
{
    m_folder = std::make_unique<test::ScratchDir>();
    // A session of its own, so that no window of the developer's gets anything.
    qputenv("XDG_SESSION_ID", QUuid::createUuid().toByteArray(QUuid::Id128));
}

void RunningWindowTest::filesOfASecondStartOpenInTheWindow()
{
    const auto first = m_folder->write("first.mv", database());
    const auto second = m_folder->write("second.mv", database());
    Window window(LockWish::None);
    RunningWindow running;
    QVERIFY(!running.handOver({first})); // it is this one
    running.whenHandedOver([&window](const HandedOver &what) { window.window.openFiles(what.files); });

    QCOMPARE(startAgain({text(first), text(second)}), std::optional(0));
    QVERIFY(window.shows(2));
    QCOMPARE(window.document()->path(), second);
}

void RunningWindowTest::pathsAreThoseOfTheSecondStartsFolder()
{
    const auto file = m_folder->write("mine.mv", database());
    Taking first;
    QCOMPARE(startAgain({QStringLiteral("mine.mv")}, text(file.parent_path())), std::optional(0));
    QTRY_COMPARE(first.taken.size(), 1U);
    QCOMPARE(first.taken[0].files.size(), 1U);
    QVERIFY(first.taken[0].files[0].is_absolute());
    QVERIFY(std::filesystem::equivalent(first.taken[0].files[0], file));
}

void RunningWindowTest::aSecondStartWithoutFilesBringsTheWindowToTheFront()
{
    Taking first;
    qputenv("XDG_ACTIVATION_TOKEN", "a token");
    QCOMPARE(startAgain({}), std::optional(0));
    qunsetenv("XDG_ACTIVATION_TOKEN");
    QTRY_COMPARE(first.taken.size(), 1U);
    QVERIFY(first.taken[0].files.empty());
    QCOMPARE(first.taken[0].activation, QByteArray("a token"));
}

void RunningWindowTest::someStartsWantAWindowOfTheirOwn_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::newRow("asked for") << QStringList{QStringLiteral("--new-window")};
    QTest::newRow("a lock") << QStringList{QStringLiteral("--lock"), QStringLiteral("none")};
}

void RunningWindowTest::someStartsWantAWindowOfTheirOwn()
{
    QFETCH(const QStringList, words);
    Taking first;
    QProcess viewer;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("XDG_CONFIG_HOME"), text(m_folder->path()));
    viewer.setProcessEnvironment(environment);
    viewer.start(QStringLiteral(MODELVAULT_VIEWER), words);
    QVERIFY(viewer.waitForStarted());
    // A third start, which begins later and hands over, gives the second time to do so too.
    QCOMPARE(startAgain({QStringLiteral("later.mv")}), std::optional(0));
    QTRY_COMPARE(first.taken.size(), 1U);
    QCOMPARE(first.taken[0].files[0].filename().string(), "later.mv");
    QCOMPARE(viewer.state(), QProcess::Running);
    viewer.kill();
    viewer.waitForFinished();
}

void RunningWindowTest::withoutAWindowThereIsNobodyToHandOverTo()
{
    {
        const RunningWindow gone;
        QVERIFY(!gone.handOver({}));
    }
    const RunningWindow next;
    QVERIFY(!next.handOver({})); // the name is free again
}

void RunningWindowTest::messagesKeepEveryByte()
{
    const HandedOver sent{.files = {"/a b/\xff\xfe.mv", "/line\nfeed.mv", "/Bücher/本.mv"}, .activation = "token"};
    const auto got = app::fromMessage(app::toMessage(sent));
    QVERIFY(got);
    QVERIFY(got->files == sent.files);
    QCOMPARE(got->activation, sent.activation);
}

void RunningWindowTest::whatIsNoMessageIsIgnored_data()
{
    QTest::addColumn<QByteArray>("message");
    const auto good = app::toMessage({.files = {"/a.mv"}});
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("text") << QByteArray("/a.mv");
    QTest::newRow("cut off") << good.chopped(1);
    QTest::newRow("more behind it") << good + "x";
    QTest::newRow("another version") << "2" + good.sliced(1);
    QTest::newRow("no path") << good + '\0';
    QTest::newRow("the version alone") << good.first(2);
}

void RunningWindowTest::whatIsNoMessageIsIgnored()
{
    QFETCH(const QByteArray, message);
    QVERIFY(!app::fromMessage(message));
}

} // namespace

QTEST_MAIN(RunningWindowTest)
#include "running_window_test.moc"
