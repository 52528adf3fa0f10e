#include "models/value_finder.h"

#include "support/corpus.h"
#include "support/scanned.h"
#include "support/scratch_dir.h"
#include "ui/row_model_contract.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>

namespace modelvault::ui {

class ValueFinderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void keepsTheContract();
    void findsAValueInAnyCollection();
    void saysHowFarItIs();
    void anotherTextBeginsAnew();
    void whatIsNotThereIsNotFound();
    void anotherFileForgetsTheHits();
    void typingLeadsToTheNextKey();
    void stoppedItKeepsWhatWasFound();

private:
    void find(const char *text)
    {
        m_finder->find(QString::fromLatin1(text));
        QTRY_VERIFY(!m_finder->isSearching());
    }

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::unique_ptr<ValueFinder> m_finder;
};

void ValueFinderTest::init()
{
    test::Scanned file(test::readFile(MODELVAULT_SAMPLE));
    m_snapshot = file.snapshot;
    m_store = std::move(file.store);
    m_finder = std::make_unique<ValueFinder>();
    m_finder->setSource(m_store, m_snapshot);
}

void ValueFinderTest::keepsTheContract()
{
    find("Ada");
    keepsTheContractOfRowModels(*m_finder);
}

void ValueFinderTest::findsAValueInAnyCollection()
{
    find("a");
    QSet<QString> collections;
    for (std::uint64_t row = 0; row < m_finder->rowCount(); ++row) {
        const auto &hit = m_finder->hit(row);
        QVERIFY(hit.cells[ValueFinder::Value].contains(QLatin1Char('a'), Qt::CaseInsensitive));
        QVERIFY(m_snapshot->rows->collection(hit.collectionId).live.contains(hit.record));
        collections.insert(hit.cells[ValueFinder::Collection]);
    }
    QVERIFY(collections.size() > 1);
}

void ValueFinderTest::saysHowFarItIs()
{
    const QSignalSpy progressed(m_finder.get(), &ValueFinder::progressed);
    find("Ada");
    QVERIFY(progressed.count() >= 2); // it began, and ended
    QCOMPARE(m_finder->searchedShare(), 1.0);
    QVERIFY(!m_finder->isCut());
    QVERIFY(!m_finder->error());
}

void ValueFinderTest::anotherTextBeginsAnew()
{
    find("Ada");
    const auto before = m_finder->rowCount();
    find("a");
    QVERIFY(m_finder->rowCount() > before);
    find("Ada");
    QCOMPARE(m_finder->rowCount(), before);
    find("");
    QCOMPARE(m_finder->rowCount(), 0U);
}

void ValueFinderTest::whatIsNotThereIsNotFound()
{
    find("no value has this in it");
    QCOMPARE(m_finder->rowCount(), 0U);
    QVERIFY(!m_finder->isCut());
    QVERIFY(!m_finder->data(0, 0, Qt::DisplayRole).isValid());
}

void ValueFinderTest::anotherFileForgetsTheHits()
{
    find("Ada");
    m_finder->setSource(m_store, m_snapshot); // the same one after a reload
    QVERIFY(m_finder->rowCount() > 0);
    m_finder->setSource(nullptr, nullptr);
    QCOMPARE(m_finder->rowCount(), 0U);
    find("Ada");
    QCOMPARE(m_finder->rowCount(), 0U);
}

void ValueFinderTest::typingLeadsToTheNextKey()
{
    find("a");
    const auto key = m_finder->hit(3).cells[ValueFinder::Key];
    const auto found = m_finder->findRow(key, 3).result();
    QCOMPARE(found, std::optional<std::uint64_t>(3));
    const auto again = m_finder->findRow(key, m_finder->rowCount() - 1).result(); // from the first one again
    QVERIFY(again);
    QVERIFY(m_finder->hit(*again).cells[ValueFinder::Key].startsWith(key));
}

void ValueFinderTest::stoppedItKeepsWhatWasFound()
{
    m_finder->find(QStringLiteral("a"));
    m_finder->stop();
    QVERIFY(!m_finder->isSearching());
    QVERIFY(m_finder->isCut());
    const auto rows = m_finder->rowCount();
    QTest::qWait(50);
    QCOMPARE(m_finder->rowCount(), rows); // nothing comes in behind it
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::ValueFinderTest)

#include "value_finder_test.moc"
