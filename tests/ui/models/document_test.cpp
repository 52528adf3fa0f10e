#include "models/document.h"

#include "database/row_index.h"
#include "support/corpus.h"
#include "support/lock_holding.h"
#include "support/scratch_dir.h"
#include "ui/snapshots.h"

#include <QSignalSpy>
#include <QTest>

#include <filesystem>
#include <memory>
#include <string>

namespace modelvault::ui {

namespace {

using test::FileBuilder;
using test::HelperProcess;
using State = Document::State;

} // namespace

class DocumentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aMissingFileFailsUntilItIsThere();
    void scansAFileOfTheCorpus();
    void scansADamagedFile();
    void tellsWhatHappensInOrder();
    void aScanCanBeStoppedAndBegunAnew();
    void aHeldScanWaitsUntilItIsStarted();
    void aHeldScanWaitsOnlySoLong();
    void aHeldScanCanBeStopped();
    void aScanSeesWhatWasAppended();
    void itsLockKeepsWritersOutUntilItIsReleased();
    void aWriterKeepsItsLockFromBeingTaken();
    void observingTakesNoLock();
    void selectsSegmentsAndTransactions();
    void numbersBeyondTheLastSelectNothing();
    void sayNothingWhereNothingChanges();
    void selectsWithinTheFileAndAtLeastAByte();
    void canGoAtAnyMoment();
    void itsNameIsHarmless();

private:
    [[nodiscard]] std::unique_ptr<Document> opened(const std::filesystem::path &path, LockWish wish = LockWish::None);

    std::unique_ptr<test::ScratchDir> m_folder;
    FileBuilder m_file;
};

void DocumentTest::init()
{
    m_folder = std::make_unique<test::ScratchDir>();
    m_file = FileBuilder();
    m_file.transaction(3).publish();
}

std::unique_ptr<Document> DocumentTest::opened(const std::filesystem::path &path, LockWish wish)
{
    auto document = std::make_unique<Document>(path, wish);
    document->open();
    (void)QTest::qWaitFor([&] { return document->isSettled(); });
    return document;
}

void DocumentTest::aMissingFileFailsUntilItIsThere()
{
    Document document(*m_folder / "later.mv", LockWish::Shared);
    QSignalSpy wasOpened(&document, &Document::opened);
    QCOMPARE(document.state(), State::Opening);
    document.open();
    QTRY_COMPARE(document.state(), State::Failed);
    QCOMPARE(document.error().code, ErrorCode::NotFound);
    QVERIFY(document.snapshot() == nullptr && document.store() == nullptr);
    QCOMPARE(document.identity(), std::nullopt);
    QVERIFY(document.isSettled());
    // Nothing of this does anything now.
    document.scan();
    document.stopScan();
    document.takeLock();
    document.selectSegment({0});
    QVERIFY(document.isSettled());
    QVERIFY(wasOpened.isEmpty());

    m_folder->write("later.mv", m_file.bytes());
    document.open();
    QCOMPARE(document.state(), State::Opening);
    QTRY_COMPARE(document.state(), State::Scanned);
    QCOMPARE(wasOpened.size(), 1);
    QCOMPARE(document.fileLength(), m_file.length());
}

void DocumentTest::scansAFileOfTheCorpus()
{
    const auto file = test::corpusFile("valid-transactions");
    const auto document = opened(file.database);
    QCOMPARE(document->state(), State::Scanned);
    const auto wanted = test::ScannedFile(file.bytes()).snapshot;
    const auto found = document->snapshot();
    QCOMPARE(found->fileLength(), file.bytes().size());
    QVERIFY(found->log.complete);
    QVERIFY(found->catalog != nullptr);
    QCOMPARE(found->catalog->changes().size(), found->log.index->count(SegmentType::Schema));
    QVERIFY(!found->catalog->changes().empty());
    QCOMPARE(found->log.index->segmentCount(), wanted->log.index->segmentCount());
    QCOMPARE(found->log.index->transactionCount(), wanted->log.index->transactionCount());
    QVERIFY(found->findings.empty());
    QCOMPARE(found->head.selected, wanted->head.selected);
    QVERIFY(found->rows && found->rows->isComplete());
    QCOMPARE(document->scannedShare(), 1.0);
    QCOMPARE(document->identity(), found->identity);
}

void DocumentTest::scansADamagedFile()
{
    for (const auto *name : {"damaged-noise", "damaged-zero-length", "damaged-torn-header", "damaged-bad-magic"}) {
        const auto file = test::corpusFile(name);
        const auto document = opened(file.database);
        QCOMPARE(document->state(), State::Scanned);
        QCOMPARE(document->fileLength(), file.bytes().size());
        QVERIFY2(!document->snapshot()->findings.empty(), name);
    }
}

void DocumentTest::tellsWhatHappensInOrder()
{
    Document document(m_folder->write("a.mv", m_file.bytes()), LockWish::None);
    QStringList told;
    connect(&document, &Document::opened, this, [&] { told += QStringLiteral("opened"); });
    connect(&document, &Document::lockChanged, this, [&] { told += QStringLiteral("lock"); });
    connect(&document, &Document::snapshotChanged, this, [&] {
        QVERIFY(document.snapshot() && document.store());
        told += QStringLiteral("snapshot");
    });
    connect(&document, &Document::stateChanged, this,
            [&] { told += QStringLiteral("state %1").arg(int(document.state())); });
    document.open();
    QTRY_COMPARE(document.state(), State::Scanned);
    QCOMPARE(told.first(), QStringLiteral("state %1").arg(int(State::Opening)));
    QCOMPARE(told.mid(1, 4),
             (QStringList{QStringLiteral("opened"), QStringLiteral("lock"), QStringLiteral("snapshot"),
                          QStringLiteral("state %1").arg(int(State::Scanning))}));
    QCOMPARE(told.last(), QStringLiteral("state %1").arg(int(State::Scanned)));
}

void DocumentTest::aScanCanBeStoppedAndBegunAnew()
{
    for (int i = 0; i < 30; ++i)
        m_file.transaction(1, 100'000);
    Document document(m_folder->write("long.mv", m_file.bytes()), LockWish::None);
    // Before the scan has come anywhere.
    bool stop = true;
    connect(&document, &Document::stateChanged, this, [&] {
        if (stop && document.state() == State::Scanning)
            document.stopScan();
    });
    document.open();
    QTRY_COMPARE(document.state(), State::Stopped);
    QVERIFY(document.isSettled());
    QVERIFY(!document.snapshot()->log.complete);
    QVERIFY(document.snapshot()->log.index->segmentCount() < m_file.offsets().size());
    QCOMPARE(document.fileLength(), m_file.length());

    stop = false;
    document.scan();
    QCOMPARE(document.state(), State::Scanning);
    QTRY_COMPARE(document.state(), State::Scanned);
    QCOMPARE(document.snapshot()->log.index->segmentCount(), m_file.offsets().size());
    QCOMPARE(document.scannedShare(), 1.0);
}

void DocumentTest::aHeldScanWaitsUntilItIsStarted()
{
    Document document(m_folder->write("a.mv", m_file.bytes()), LockWish::None);
    document.holdScans(std::chrono::hours(1));
    document.startHeldScan(); // there is none yet
    for (int opening = 0; opening < 2; ++opening) {
        document.open();
        QTRY_COMPARE(document.state(), State::Scanning);
        // Nothing but the head is read, once.
        QTest::qWait(20);
        QCOMPARE(document.store()->readStats().calls, 1U);
        QVERIFY(!document.isSettled());
        document.startHeldScan();
        QTRY_COMPARE(document.state(), State::Scanned);
        QCOMPARE(document.snapshot()->log.index->segmentCount(), m_file.offsets().size());
    }
}

void DocumentTest::aHeldScanWaitsOnlySoLong()
{
    Document document(m_folder->write("a.mv", m_file.bytes()), LockWish::None);
    document.holdScans(std::chrono::milliseconds(1));
    document.open();
    QTRY_COMPARE(document.state(), State::Scanned);
    QVERIFY(document.snapshot()->log.complete);
}

void DocumentTest::aHeldScanCanBeStopped()
{
    Document document(m_folder->write("a.mv", m_file.bytes()), LockWish::None);
    document.holdScans(std::chrono::hours(1));
    document.open();
    QTRY_COMPARE(document.state(), State::Scanning);
    document.stopScan();
    QCOMPARE(document.state(), State::Stopped);
    QVERIFY(document.isSettled());
    document.startHeldScan(); // too late
    QCOMPARE(document.state(), State::Stopped);
    document.scan();
    QTRY_COMPARE(document.state(), State::Scanned);
}

void DocumentTest::aScanSeesWhatWasAppended()
{
    const auto path = m_folder->write("a.mv", m_file.bytes());
    const auto document = opened(path);
    const auto before = document->snapshot();
    const auto store = document->store();
    m_file.transaction(5).publish();
    m_folder->write("a.mv", m_file.bytes());
    document->scan();
    QTRY_COMPARE(document->state(), State::Scanned);
    QCOMPARE(document->snapshot()->log.index->transactionCount(), 2U);
    QCOMPARE(document->fileLength(), m_file.length());
    QCOMPARE(document->store(), store);
    QCOMPARE(before->log.index->transactionCount(), 1U); // those who still look at the old one
}

void DocumentTest::itsLockKeepsWritersOutUntilItIsReleased()
{
    const auto path = m_folder->write("a.mv", m_file.bytes());
    const auto document = opened(path, LockWish::Shared);
    QCOMPARE(document->lockState(), LockState::Shared);
    QVERIFY(!document->lockRefusal());
    QCOMPARE(test::outcomeElsewhere("writer", path), std::string("WouldBlock"));
    QCOMPARE(test::outcomeElsewhere("reader", path), std::string("ok"));

    QSignalSpy changed(document.get(), &Document::lockChanged);
    document->releaseLock();
    QVERIFY(!document->isSettled());
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(document->lockState(), LockState::Unlocked);
    QCOMPARE(test::outcomeElsewhere("writer", path), std::string("ok"));

    document->takeLock();
    QTRY_COMPARE(changed.size(), 2);
    QCOMPARE(document->lockState(), LockState::Shared);
    QCOMPARE(test::outcomeElsewhere("writer", path), std::string("WouldBlock"));
}

void DocumentTest::aWriterKeepsItsLockFromBeingTaken()
{
    const auto path = m_folder->write("a.mv", m_file.bytes());
    HelperProcess writer("writer", path);
    QCOMPARE(writer.outcome(), std::string("ok"));
    const auto document = opened(path, LockWish::Shared);
    QCOMPARE(document->state(), State::Scanned); // observed all the same
    QCOMPARE(document->lockState(), LockState::Unlocked);
    QVERIFY(document->lockRefusal());
    QCOMPARE(document->lockRefusal()->code, ErrorCode::WouldBlock);
#ifdef __linux__
    QVERIFY(!document->blockers().empty());
    for (const auto &blocker : document->blockers())
        QCOMPARE(blocker.processId, writer.processId());
#endif

    QSignalSpy changed(document.get(), &Document::lockChanged);
    document->takeLock();
    QTRY_COMPARE(changed.size(), 1);
    QVERIFY(document->lockRefusal());
    writer.finish();
    document->takeLock();
    QTRY_COMPARE(changed.size(), 2);
    QCOMPARE(document->lockState(), LockState::Shared);
    QVERIFY(!document->lockRefusal());
    QVERIFY(document->blockers().empty());
}

void DocumentTest::observingTakesNoLock()
{
    const auto path = m_folder->write("a.mv", m_file.bytes());
    const auto document = opened(path, LockWish::None);
    QCOMPARE(document->lockState(), LockState::Unlocked);
    QVERIFY(!document->lockRefusal());
    QCOMPARE(std::distance(std::filesystem::directory_iterator(m_folder->path()), {}), 1);
    QCOMPARE(test::outcomeElsewhere("writer", path), std::string("ok"));
}

void DocumentTest::selectsSegmentsAndTransactions()
{
    const auto document = opened(m_folder->write("a.mv", m_file.transaction(2, 30).bytes()));
    const auto &offsets = m_file.offsets();
    QSignalSpy selected(document.get(), &Document::selectionChanged);
    document->selectSegment({2});
    QVERIFY(!document->isSettled());
    QTRY_COMPARE(selected.size(), 1);
    QVERIFY(document->isSettled());
    QCOMPARE(document->selection(), (Document::Selection{offsets[2], offsets[3]}));

    document->selectTransaction({1}); // begins behind the manifest of publish()
    QTRY_COMPARE(selected.size(), 2);
    QCOMPARE(document->selection(), (Document::Selection{offsets[7], {m_file.length()}}));

    document->select({{0}, {8}});
    QCOMPARE(selected.size(), 3);

    // Of two the newer one.
    document->selectSegment({1});
    document->selectSegment({4});
    QTRY_VERIFY(document->isSettled());
    QCOMPARE(selected.size(), 4);
    QCOMPARE(document->selection().begin, offsets[4]);

    document->selectRecord({1});
    QTRY_COMPARE(selected.size(), 5);
    QCOMPARE(document->selection(), (Document::Selection{offsets[3], offsets[4]}));
}

void DocumentTest::numbersBeyondTheLastSelectNothing()
{
    const auto document = opened(m_folder->write("a.mv", m_file.bytes()));
    QSignalSpy selected(document.get(), &Document::selectionChanged);
    document->selectSegment({1000});
    QTRY_VERIFY(document->isSettled());
    document->selectTransaction({1});
    QTRY_VERIFY(document->isSettled());
    QVERIFY(selected.isEmpty());
}

void DocumentTest::sayNothingWhereNothingChanges()
{
    const auto document = opened(m_folder->write("a.mv", m_file.bytes()));
    document->select({{10}, {20}});
    QSignalSpy selected(document.get(), &Document::selectionChanged);
    document->select({{10}, {20}});
    QVERIFY(selected.isEmpty());
}

void DocumentTest::selectsWithinTheFileAndAtLeastAByte()
{
    using Selection = Document::Selection;
    Document before(*m_folder / "missing.mv", LockWish::None);
    before.select({{10}, {20}}); // there is no file to select in
    QCOMPARE(before.selection(), Selection());

    const auto document = opened(m_folder->write("a.mv", std::string(17, 'x')));
    QCOMPARE(document->selection(), (Selection{{0}, {1}}));
    document->select({{0x1020}, {0x2020}});
    QCOMPARE(document->selection(), (Selection{{16}, {17}}));
    document->select({{5}, {5}});
    QCOMPARE(document->selection(), (Selection{{5}, {6}}));
    document->select({{9}, {3}});
    QCOMPARE(document->selection(), (Selection{{9}, {10}}));
    const auto empty = opened(m_folder->write("empty.mv", std::string_view()));
    empty->select({{5}, {9}});
    QCOMPARE(empty->selection(), Selection());
}

void DocumentTest::canGoAtAnyMoment()
{
    for (int i = 0; i < 30; ++i)
        m_file.transaction(1, 100'000);
    const auto path = m_folder->write("long.mv", m_file.bytes());
    {
        Document opening(path, LockWish::Shared);
        opening.open();
    }
    for (const auto state : {State::Scanning, State::Scanned}) {
        auto document = std::make_unique<Document>(path, LockWish::Shared);
        document->open();
        QTRY_VERIFY(document->state() == state || document->state() == State::Scanned);
        document->selectSegment({3});
        document->releaseLock();
    }
    // Its locks go with it, once its last job has ended.
    QTRY_COMPARE(test::outcomeElsewhere("writer", path), std::string("ok"));
}

void DocumentTest::itsNameIsHarmless()
{
    const Document document(*m_folder / "a\n\u202egpj.mv", LockWish::None);
    QCOMPARE(document.name(), QStringLiteral("a␊⟨U+202E⟩gpj.mv"));
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::DocumentTest)

#include "document_test.moc"
