// Where the bytes of a file go, as the overview shows it.

#include "views/space_card.h"

#include "support/corpus.h"
#include "support/scanned.h"
#include "views/bar_list.h"
#include "views/space_treemap.h"

#include <QLabel>
#include <QSignalSpy>
#include <QTest>

namespace modelvault::ui {

class SpaceCardTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void nothingIsMeasuredBeforeSomebodyLooks();
    void everyCollectionHasABarAndABox();
    void aCompactionIsForeseen();
    void arrowKeysGoFromBoxToBox();
    void returnLeadsToTheCollection();
    void whatCanNotBeReadIsSaid();

private:
    void open(const std::string &name);
    [[nodiscard]] SpaceTreemap *map() const { return m_card->findChild<SpaceTreemap *>(); }
    [[nodiscard]] QString text() const
    {
        return m_card->findChild<QLabel *>(QStringLiteral("spaceText"))->text();
    }

    std::shared_ptr<const Snapshot> m_snapshot;
    std::shared_ptr<const Store> m_store;
    std::unique_ptr<SpaceMeasure> m_measure;
    std::unique_ptr<SpaceCard> m_card;
};

void SpaceCardTest::init()
{
    m_card = std::make_unique<SpaceCard>();
    m_measure = std::make_unique<SpaceMeasure>();
    connect(m_measure.get(), &SpaceMeasure::changed, m_card.get(), [this] { m_card->show(*m_measure); });
    m_card->resize(500, 500);
    m_card->QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(m_card.get()));
}

void SpaceCardTest::open(const std::string &name)
{
    test::Scanned file(test::corpusFile(name).bytes());
    m_snapshot = file.snapshot;
    m_store = std::move(file.store);
    m_measure->setSource(m_store, m_snapshot);
    m_measure->setWanted(true);
    QTRY_VERIFY(!m_measure->isMeasuring());
}

void SpaceCardTest::nothingIsMeasuredBeforeSomebodyLooks()
{
    test::Scanned file(test::corpusFile("valid-history").bytes());
    m_measure->setSource(std::move(file.store), file.snapshot);
    QVERIFY(!m_measure->isMeasuring());
    QVERIFY(!map()->isVisible());
    m_measure->setWanted(true);
    QTRY_VERIFY(map()->isVisible());
}

void SpaceCardTest::everyCollectionHasABarAndABox()
{
    open("valid-many-collections");
    QStringList boxes;
    for (const auto &box : map()->boxes())
        boxes += box.name;
    for (const auto &[id, bytes] : m_measure->use()->collections)
        QVERIFY(boxes.contains(QString::fromStdString(m_snapshot->catalog->catalog().find(id)->name)));
    const auto *bars = m_card->findChild<BarList *>();
    QVERIFY(!bars->bars().empty());
    QVERIFY(bars->accessibleDescription().contains(bars->bars().front().details));
    std::uint64_t all = 0;
    for (const auto &box : map()->boxes())
        all += box.bytes();
    QCOMPARE(all, m_snapshot->fileLength());
}

void SpaceCardTest::aCompactionIsForeseen()
{
    open("valid-history");
    QVERIFY(text().contains(QStringLiteral("compaction")));
}

void SpaceCardTest::arrowKeysGoFromBoxToBox()
{
    open("valid-history");
    QVERIFY(map()->boxes().size() > 1);
    QTest::keyClick(map(), Qt::Key_Right);
    QCOMPARE(map()->current(), std::optional<std::size_t>(1));
    QVERIFY(map()->spokenText().startsWith(map()->boxes()[1].name));
    QTest::keyClick(map(), Qt::Key_Home);
    QCOMPARE(map()->current(), std::optional<std::size_t>(0));
    QTest::keyClick(map(), Qt::Key_Left);
    QCOMPARE(map()->current(), std::optional<std::size_t>(0));
    QTest::keyClick(map(), Qt::Key_End);
    QCOMPARE(map()->current(), std::optional(map()->boxes().size() - 1));
}

void SpaceCardTest::returnLeadsToTheCollection()
{
    open("valid-history");
    QSignalSpy requested(m_card.get(), &SpaceCard::collectionRequested);
    QTest::keyClick(map(), Qt::Key_Home);
    for (std::size_t i = 0; !map()->boxes()[*map()->current()].collectionId; ++i) {
        QVERIFY(i < map()->boxes().size());
        QTest::keyClick(map(), Qt::Key_Right);
    }
    QTest::keyClick(map(), Qt::Key_Return);
    QCOMPARE(requested.size(), 1);
    QCOMPARE(requested[0][0].toUInt(), *map()->boxes()[*map()->current()].collectionId);
}

void SpaceCardTest::whatCanNotBeReadIsSaid()
{
    const test::Scanned file(test::corpusFile("valid-history").bytes());
    m_measure->setSource(std::make_shared<MemoryStore>(std::vector<std::byte>(10)), file.snapshot);
    m_measure->setWanted(true);
    QTRY_VERIFY(m_measure->error());
    QVERIFY(text().contains(QStringLiteral("can't be measured")));
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::SpaceCardTest)

#include "space_card_test.moc"
