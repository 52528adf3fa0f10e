#include "models/file_check.h"

#include "support/corpus.h"
#include "support/scanned.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>
#include <string>

namespace modelvault::ui {

using State = FileCheck::State;

class FileCheckTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void atFirstThereIsWhatTheScanFound();
    void aFullCheckFindsMore();
    void itWaitsForTheScan();
    void stoppedItKeepsWhatTheScanFound();
    void stoppedItIsNotBegunByANewerSnapshot();
    void smallFilesAreCheckedUnasked();
    void largeOnesAreNot();
    void whatIsReadAnewIsCheckedAnew();
    void whyItFailedIsSaid();
    void withoutAFileNothingIsDone();
    void canGoWhileItRuns();

private:
    void open(const std::string &name, bool isScanned = true)
    {
        test::Scanned file(test::corpusFile(name).bytes());
        m_snapshot = file.snapshot;
        m_store = std::move(file.store);
        m_check->setSource(m_store, m_snapshot, isScanned);
    }
    [[nodiscard]] std::size_t count() const { return m_check->findings()->report().findings.size(); }

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::unique_ptr<FileCheck> m_check;
};

void FileCheckTest::init()
{
    m_check = std::make_unique<FileCheck>();
}

void FileCheckTest::atFirstThereIsWhatTheScanFound()
{
    QSignalSpy changed(m_check.get(), &FileCheck::findingsChanged);
    open("damaged-segment-magic");
    QCOMPARE(changed.size(), 1);
    QCOMPARE(m_check->state(), State::Scan);
    QVERIFY(m_check->isSettled());
    const auto &report = m_check->findings()->report();
    QCOMPARE(report.depth, CheckDepth::Quick);
    QCOMPARE(report.findings.size(), m_snapshot->findings.size());
    QCOMPARE(report.findings.front().what, m_snapshot->findings.front());
    m_check->setSource(m_store, m_snapshot, true); // the same again
    QCOMPARE(changed.size(), 1);
}

void FileCheckTest::aFullCheckFindsMore()
{
    open("damaged-checkpoint-pointer");
    QCOMPARE(count(), std::size_t{0}); // a scan does not follow it
    QSignalSpy changed(m_check.get(), &FileCheck::findingsChanged);
    m_check->run();
    QCOMPARE(m_check->state(), State::Running);
    QVERIFY(!m_check->isSettled());
    QTRY_COMPARE(m_check->state(), State::Done);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(m_check->findings()->report().depth, CheckDepth::Full);
    QCOMPARE(m_check->findings()->report().findings.front().what.code, ErrorCode::BadCheckpointPointer);
}

void FileCheckTest::itWaitsForTheScan()
{
    open("damaged-checkpoint-pointer", false);
    m_check->run();
    QCOMPARE(m_check->state(), State::Waiting);
    QVERIFY(m_check->isSettled());
    m_check->setSource(m_store, m_snapshot, true);
    QCOMPARE(m_check->state(), State::Running);
    QTRY_COMPARE(m_check->state(), State::Done);
    QCOMPARE(count(), std::size_t{2}); // in both superblocks
}

void FileCheckTest::stoppedItKeepsWhatTheScanFound()
{
    open("damaged-segment-magic");
    const auto before = m_check->findings();
    m_check->run();
    m_check->stop();
    QCOMPARE(m_check->state(), State::Stopped);
    QCOMPARE(m_check->findings(), before);
    QTest::qWait(50); // the job that was stopped says nothing any more
    QCOMPARE(m_check->state(), State::Stopped);
    m_check->run();
    QTRY_COMPARE(m_check->state(), State::Done);
}

void FileCheckTest::stoppedItIsNotBegunByANewerSnapshot()
{
    open("valid-books", false);
    m_check->run();
    m_check->stop();
    QCOMPARE(m_check->state(), State::Stopped);
    open("valid-books");
    QCOMPARE(m_check->state(), State::Scan);
}

void FileCheckTest::smallFilesAreCheckedUnasked()
{
    m_check->runIfSmall();
    QCOMPARE(m_check->state(), State::Scan);
    open("damaged-checkpoint-pointer");
    QTRY_COMPARE(m_check->state(), State::Done);
    m_check->runIfSmall(); // once
    QCOMPARE(m_check->state(), State::Done);
}

void FileCheckTest::largeOnesAreNot()
{
    open("damaged-checkpoint-pointer", false);
    auto large = std::make_shared<Snapshot>(*m_snapshot);
    large->head.fileLength = FileCheck::kMostUnasked + 1;
    m_check->setSource(m_store, large, true);
    m_check->runIfSmall();
    QCOMPARE(m_check->state(), State::Scan);
}

void FileCheckTest::whatIsReadAnewIsCheckedAnew()
{
    open("valid-books");
    m_check->run();
    QTRY_COMPARE(m_check->state(), State::Done);
    QCOMPARE(count(), std::size_t{0});
    open("damaged-checkpoint-pointer", false);
    QCOMPARE(m_check->state(), State::Waiting);
    m_check->setSource(m_store, m_snapshot, true);
    QTRY_COMPARE(m_check->state(), State::Done);
    QCOMPARE(count(), std::size_t{2}); // in both superblocks
}

void FileCheckTest::whyItFailedIsSaid()
{
    open("valid-books", false);
    const auto broken = std::make_shared<MemoryStore>(); // nothing of what was scanned is there any more
    m_check->setSource(broken, m_snapshot, true);
    m_check->run();
    QTRY_COMPARE(m_check->state(), State::Failed);
    QVERIFY(m_check->error().has_value());
    QCOMPARE(m_check->findings()->report().depth, CheckDepth::Quick);
    open("valid-books");
    QTRY_COMPARE(m_check->state(), State::Done); // what was wished for still is
    QVERIFY(!m_check->error());
}

void FileCheckTest::withoutAFileNothingIsDone()
{
    m_check->run();
    m_check->stop();
    m_check->runIfSmall();
    QCOMPARE(count(), std::size_t{0});
    open("damaged-segment-magic");
    QVERIFY(count() > 0);
    m_check->setSource(nullptr, nullptr, false);
    QCOMPARE(m_check->state(), State::Scan);
    QCOMPARE(count(), std::size_t{0});
}

void FileCheckTest::canGoWhileItRuns()
{
    open("valid-large-record");
    m_check->run();
    m_check.reset();
    QVERIFY(m_store != nullptr);
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::FileCheckTest)

#include "file_check_test.moc"
