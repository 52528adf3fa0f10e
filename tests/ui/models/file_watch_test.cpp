#include "models/file_watch.h"

#include "jobs/pools.h"
#include "support/scratch_dir.h"

#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>

#include <array>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>

namespace modelvault::ui {
namespace {

using Kind = FileFate::Kind;
namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kQuick{2};

/// Looks that don't return until they are let, as those at a file on a server that is gone.
struct HangingLook {
    FileFate operator()(const FileStore &store, std::uint64_t lengthRead) const
    {
        ++state->begun;
        state->let.acquire();
        return fateOf(store, lengthRead);
    }

    struct State {
        std::atomic<int> begun = 0;
        QSemaphore let;
    };
    std::shared_ptr<State> state = std::make_shared<State>();
};

} // namespace

class FileWatchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void saysNothingWhileNothingHappens();
    void tellsWhatBecomesOfTheFile();
    void tellsEachLength();
    void whatWasShorterOnceStaysSo();
    void keepsNoLostBytes();
    void beginsAnewWithAnotherReading();
    void looksNotBeforeItIsStartedNorAfterItIsStopped();
    void neverLooksTwiceAtOnce();
    void onlyALookAtThisFileIsOverdue();
    void whatAnOlderLookFoundDoesNotCount();
    void canGoWhileItLooks();
    void keepsNoFileThatItNoLongerWatches();

private:
    [[nodiscard]] std::shared_ptr<FileStore> open() const { return FileStore::openUnlocked(m_path).value(); }

    std::unique_ptr<test::ScratchDir> m_folder;
    fs::path m_path;
};

void FileWatchTest::init()
{
    m_folder = std::make_unique<test::ScratchDir>();
    m_path = m_folder->write("a.mv", "12345678");
}

void FileWatchTest::keepsNoFileThatItNoLongerWatches()
{
    auto store = open();
    const std::weak_ptr<FileStore> seen = store;
    std::atomic<int> looks = 0;
    FileWatch watch(
        nullptr,
        [&looks](const FileStore &file, std::uint64_t lengthRead) {
            ++looks;
            return fateOf(file, lengthRead);
        },
        kQuick);
    watch.watch(std::move(store), 8);
    watch.start();
    QTRY_VERIFY(looks > 2);
    watch.watch(nullptr, 0);
    QTRY_VERIFY2(seen.expired(), "it would keep the lock of a file that is gone");
}

void FileWatchTest::saysNothingWhileNothingHappens()
{
    std::atomic<int> looks = 0;
    FileWatch watch(
        nullptr,
        [&looks](const FileStore &store, std::uint64_t length) {
            ++looks;
            return fateOf(store, length);
        },
        kQuick);
    QSignalSpy changed(&watch, &FileWatch::changed);
    watch.watch(open(), 8);
    watch.start();
    QTRY_VERIFY(looks > 5);
    QVERIFY(changed.isEmpty());
    QCOMPARE(watch.fate().kind, Kind::Same);
    watch.stop();
    filePool().waitForDone();
}

void FileWatchTest::tellsWhatBecomesOfTheFile()
{
    FileWatch watch(nullptr, &fateOf, kQuick);
    watch.watch(open(), 8);
    watch.start();
    fs::resize_file(m_path, 10);
    QTRY_COMPARE(watch.fate().kind, Kind::Grown);
    const auto elsewhere = *m_folder / "b.mv";
    fs::rename(m_path, elsewhere);
    QTRY_COMPARE(watch.fate().kind, Kind::Gone);
    m_folder->write("a.mv", "another");
    QTRY_COMPARE(watch.fate().kind, Kind::Replaced);
    fs::rename(elsewhere, m_path);
    QTRY_COMPARE(watch.fate().kind, Kind::Grown);
    fs::resize_file(m_path, 8);
    QTRY_COMPARE(watch.fate().kind, Kind::Same);
}

void FileWatchTest::tellsEachLength()
{
    FileWatch watch(nullptr, &fateOf, kQuick);
    watch.watch(open(), 8);
    watch.start();
    for (const std::uint64_t length : {9U, 11U, 1000U}) {
        fs::resize_file(m_path, length);
        QTRY_COMPARE(watch.fate().lengthNow, length);
        QCOMPARE(watch.fate().lengthRead, std::uint64_t{8});
    }
}

void FileWatchTest::whatWasShorterOnceStaysSo()
{
    FileWatch watch(nullptr, &fateOf, kQuick);
    QSignalSpy changed(&watch, &FileWatch::changed);
    watch.watch(open(), 8);
    watch.start();
    fs::resize_file(m_path, 3);
    QTRY_COMPARE(watch.fate().kind, Kind::Shrunk);
    fs::rename(m_path, *m_folder / "b.mv");
    QTRY_COMPARE(watch.fate().kind, Kind::Gone);
    fs::resize_file(*m_folder / "b.mv", 100);
    QTRY_COMPARE(watch.fate().lengthNow, std::uint64_t{100});
    fs::rename(*m_folder / "b.mv", m_path);
    QTRY_COMPARE(watch.fate().kind, Kind::Shrunk);
    QCOMPARE(watch.fate().lengthNow, std::uint64_t{3});
}

void FileWatchTest::keepsNoLostBytes()
{
    const auto store = open();
    std::array<std::byte, 8> bytes{};
    QVERIFY(store->readExactAt({0}, bytes));
    FileWatch watch(nullptr, &fateOf, kQuick);
    watch.watch(store, 8);
    watch.start();
    fs::resize_file(m_path, 3);
    QTRY_COMPARE(watch.fate().kind, Kind::Shrunk);
    fs::resize_file(m_path, 8);
    QVERIFY(store->readExactAt({0}, bytes));
    QCOMPARE(bytes[2], std::byte{'3'});
    QCOMPARE(bytes[3], std::byte{0});
}

void FileWatchTest::beginsAnewWithAnotherReading()
{
    FileWatch watch(nullptr, &fateOf, kQuick);
    QSignalSpy changed(&watch, &FileWatch::changed);
    const auto store = open();
    watch.watch(store, 8);
    watch.start();
    fs::resize_file(m_path, 3);
    QTRY_COMPARE(watch.fate().kind, Kind::Shrunk);
    changed.clear();
    watch.watch(store, 3);
    QCOMPARE(watch.fate().kind, Kind::Same);
    QCOMPARE(changed.size(), 1);
    fs::resize_file(m_path, 8);
    QTRY_COMPARE(watch.fate().kind, Kind::Grown);
    watch.watch(nullptr, 0);
    QCOMPARE(watch.fate().kind, Kind::Same);
}

void FileWatchTest::looksNotBeforeItIsStartedNorAfterItIsStopped()
{
    const HangingLook look;
    look.state->let.release(1000);
    FileWatch watch(nullptr, look, kQuick);
    watch.watch(open(), 8);
    QTest::qWait(20);
    QCOMPARE(look.state->begun.load(), 0);
    watch.start();
    QTRY_VERIFY(look.state->begun > 1);
    watch.stop();
    filePool().waitForDone();
    const int begun = look.state->begun;
    QTest::qWait(20);
    QCOMPARE(look.state->begun.load(), begun);
}

void FileWatchTest::neverLooksTwiceAtOnce()
{
    const HangingLook look;
    FileWatch watch(nullptr, look, kQuick);
    QSignalSpy changed(&watch, &FileWatch::changed);
    watch.watch(open(), 8);
    watch.start();
    QTRY_COMPARE(look.state->begun.load(), 1);
    QVERIFY(!watch.isOverdue());
    QTRY_VERIFY(watch.isOverdue());
    QCOMPARE(changed.size(), 1);
    watch.start();
    QTest::qWait(50);
    QCOMPARE(look.state->begun.load(), 1);
    QCOMPARE(changed.size(), 1);

    look.state->let.release();
    QTRY_VERIFY(!watch.isOverdue());
    QCOMPARE(changed.size(), 2);
    QTRY_COMPARE(look.state->begun.load(), 2);
    look.state->let.release(1000);
}

void FileWatchTest::onlyALookAtThisFileIsOverdue()
{
    const HangingLook look;
    FileWatch watch(nullptr, look, kQuick);
    QSignalSpy changed(&watch, &FileWatch::changed);
    watch.watch(open(), 8);
    watch.start();
    QTRY_VERIFY(watch.isOverdue());
    watch.watch(open(), 8); // nobody asked how the other one is
    QVERIFY(!watch.isOverdue());
    QCOMPARE(changed.size(), 2);
    QTest::qWait(50);
    QVERIFY(!watch.isOverdue());
    QCOMPARE(changed.size(), 2);
    QCOMPARE(look.state->begun.load(), 1); // nor are there two looks at once

    look.state->let.release();
    QTRY_COMPARE(look.state->begun.load(), 2);
    QTRY_VERIFY(watch.isOverdue()); // its own
    QCOMPARE(changed.size(), 3);
    look.state->let.release(1000);
}

void FileWatchTest::whatAnOlderLookFoundDoesNotCount()
{
    const HangingLook look;
    FileWatch watch(nullptr, look, kQuick);
    watch.watch(open(), 8);
    watch.start();
    QTRY_COMPARE(look.state->begun.load(), 1);
    fs::remove(m_path);
    m_folder->write("a.mv", "another");
    QSignalSpy changed(&watch, &FileWatch::changed);
    watch.watch(open(), 7);
    look.state->let.release(1);
    QTRY_COMPARE(look.state->begun.load(), 2);
    QCOMPARE(watch.fate().kind, Kind::Same);
    look.state->let.release(1000);
    fs::remove(m_path);
    QTRY_COMPARE(watch.fate().kind, Kind::Gone);
}

void FileWatchTest::canGoWhileItLooks()
{
    const HangingLook look;
    {
        FileWatch watch(nullptr, look, kQuick);
        watch.watch(open(), 8);
        watch.start();
        QTRY_COMPARE(look.state->begun.load(), 1);
    }
    look.state->let.release();
    filePool().waitForDone();
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::FileWatchTest)

#include "file_watch_test.moc"
