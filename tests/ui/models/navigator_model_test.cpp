#include "models/navigator_model.h"

#include "support/corpus.h"
#include "support/scanned.h"
#include "text/words.h"
#include "ui/snapshots.h"

#include <QAbstractItemModelTester>
#include <QFont>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QTest>

#include <memory>

namespace modelvault::ui {

namespace {

using test::FileBuilder;
using test::ScannedFile;
using Kind = NavigatorModel::Kind;

void dump(const QAbstractItemModel &model, const QModelIndex &parent, int depth, QString &out)
{
    for (int row = 0; row < model.rowCount(parent); ++row) {
        const auto index = model.index(row, 0, parent);
        out += QString(2 * depth, QLatin1Char(' ')) + index.data().toString() + QLatin1Char('\n');
        dump(model, index, depth + 1, out);
    }
}

} // namespace

class NavigatorModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void showsASmallFile();
    void showsADamagedFile();
    void collectionsHaveFieldsAndIndexes();
    void aCatalogThatComesLaterKeepsThePlacesOfViews();
    void theSuperblockInUseIsMarked();
    void transactionsAreLookedUpWhenAskedFor();
    void thousandsOfTransactionsComeInGroups();
    void groupsAreLookedUpOneByOne();
    void groupsAskedForAtOnceAllCome();
    void aGrowingLogKeepsThePlacesOfViews();
    void aShrinkingLogDropsTheirPlaces();
    void anotherFileResets();
    void nothingIsAnEmptyTree();

private:
    void set(const ScannedFile &file) { m_model->setSnapshot(file.store, file.snapshot); }
    [[nodiscard]] QModelIndex log() const { return m_model->indexOf(Kind::Log); }
    [[nodiscard]] QString tree() const
    {
        QString text;
        dump(*m_model, {}, 0, text);
        return text;
    }
    void lookUp(const QModelIndex &index)
    {
        QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
        m_model->prepare(index);
        QTRY_COMPARE(changed.size(), 1);
    }

    FileBuilder m_file;
    std::unique_ptr<NavigatorModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

void NavigatorModelTest::init()
{
    m_file = FileBuilder();
    m_tester.reset();
    m_model = std::make_unique<NavigatorModel>();
    m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get(),
                                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
}

void NavigatorModelTest::showsASmallFile()
{
    m_file.transaction(3).publish().begin(2).append(SegmentType::Record, "x").abort(2).begin(3);
    set(ScannedFile(m_file));
    lookUp(log());
    QCOMPARE(tree(),
             QStringLiteral("Header, format 0.6\n"
                            "● Superblock A, generation 3, in use\n"
                            "Superblock B, generation 2\n"
                            "Collections, not read yet\n"
                            "Log, 11 segments, 3 transactions\n"
                            "  Transaction 0, committed, 5 segments\n"
                            "  Transaction 1, aborted, 3 segments\n"
                            "  Transaction 2, open, 1 segments\n"));
}

void NavigatorModelTest::showsADamagedFile()
{
    m_file.flip({0}).flip(Superblock::slotOffset(SuperblockSlot::A));
    set(ScannedFile(m_file));
    const auto lines = tree().split(QLatin1Char('\n'));
    QCOMPARE(lines[0], QStringLiteral("Header: This is no ModelVault database: it does not begin with TDB0"));
    QCOMPARE(lines[1], QStringLiteral("Superblock A: No superblock here: TSB0 is missing"));
}

void NavigatorModelTest::collectionsHaveFieldsAndIndexes()
{
    test::Scanned file(test::corpusFile("valid-indexes").bytes());
    m_model->setSnapshot(std::move(file.store), file.snapshot);
    QString text;
    const auto collections = m_model->indexOf(Kind::Collections);
    dump(*m_model, collections, 0, text);
    const auto &collection = file.catalog().catalog().collections().begin()->second;
    const auto first = m_model->index(0, 0, collections);
    QVERIFY(m_model->node(first).kind == Kind::Collection);
    QVERIFY(m_model->node(first).collection == &collection);
    QCOMPARE(m_model->rowCount(first),
             static_cast<int>(collection.current().fields.size() + collection.current().indexes.size()));
    const auto lines = text.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QVERIFY2(lines.front().startsWith(plainText(collection.name) + QStringLiteral(", ")), qPrintable(text));
    QVERIFY2(lines.filter(QStringLiteral(", primary key")).size() >= 1, qPrintable(text));
    QVERIFY2(lines.filter(QStringLiteral("  index ")).size() >= 1, qPrintable(text));
    const auto last = m_model->index(m_model->rowCount(first) - 1, 0, first);
    QVERIFY(m_model->node(last).kind == Kind::Index);
    QCOMPARE(m_model->parent(last), first);
    QCOMPARE(m_model->parent(first), collections);
}

void NavigatorModelTest::aCatalogThatComesLaterKeepsThePlacesOfViews()
{
    test::Scanned file(test::corpusFile("valid-many-collections").bytes());
    const std::shared_ptr<const Store> store = std::move(file.store);
    auto earlier = std::make_shared<Snapshot>(*file.snapshot);
    earlier->catalog = nullptr;
    earlier->rows = nullptr;
    m_model->setSnapshot(store, earlier);
    const QPersistentModelIndex collections = m_model->indexOf(Kind::Collections);
    const QPersistentModelIndex log = m_model->indexOf(Kind::Log);
    QCOMPARE(m_model->rowCount(collections), 0);
    m_model->setSnapshot(store, file.snapshot);
    QVERIFY(m_model->rowCount(collections) > 4);
    QVERIFY(m_model->node(log).kind == Kind::Log);
    const QPersistentModelIndex third = m_model->index(2, 0, collections);
    const QPersistentModelIndex field = m_model->index(0, 0, third);
    m_model->setSnapshot(store, file.snapshot);
    QVERIFY(m_model->node(third).collection->id == 3U);
    QVERIFY(m_model->node(field).kind == Kind::Field);
    m_model->setSnapshot(store, earlier); // read anew
    QVERIFY(!third.isValid() && !field.isValid() && collections.isValid());
}

void NavigatorModelTest::theSuperblockInUseIsMarked()
{
    m_file.publish();
    set(ScannedFile(m_file));
    const auto inUse = m_model->indexOf(Kind::Superblock, SuperblockSlot::A);
    const auto other = m_model->indexOf(Kind::Superblock, SuperblockSlot::B);
    QCOMPARE(m_model->node(inUse).slot, SuperblockSlot::A);
    QVERIFY(inUse.data().toString().contains(QLatin1String("in use")));
    QVERIFY(inUse.data(Qt::FontRole).value<QFont>().bold());
    QVERIFY(inUse.data(Qt::ToolTipRole).isValid());
    QVERIFY(!other.data(Qt::FontRole).isValid());
    QVERIFY(!other.data().toString().contains(QLatin1String("in use")));

    m_file.publish();
    set(ScannedFile(m_file));
    QVERIFY(m_model->indexOf(Kind::Superblock, SuperblockSlot::B).data().toString().contains(QLatin1String("in use")));
}

void NavigatorModelTest::transactionsAreLookedUpWhenAskedFor()
{
    m_file.transaction(1).transaction(2);
    set(ScannedFile(m_file));
    const auto second = m_model->index(1, 0, log());
    QCOMPARE(second.data().toString(), QStringLiteral("Transaction 1"));
    QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    m_model->prepare(m_model->indexOf(Kind::Header)); // nothing below it
    m_model->prepare(log());
    QCOMPARE(second.data().toString(), QStringLiteral("Transaction 1"));
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(changed[0][0].toModelIndex(), m_model->index(0, 0, log()));
    QCOMPARE(changed[0][1].toModelIndex(), second);
    QCOMPARE(second.data().toString(), QStringLiteral("Transaction 1, committed, 4 segments"));
}

void NavigatorModelTest::thousandsOfTransactionsComeInGroups()
{
    for (std::uint64_t id = 1; id <= 2500; ++id)
        m_file.transaction(1, 4, id);
    set(ScannedFile(m_file));
    QCOMPARE(m_model->rowCount(log()), 3);
    QStringList groups;
    for (int row = 0; row < 3; ++row)
        groups += m_model->index(row, 0, log()).data().toString();
    QCOMPARE(groups,
             (QStringList{QStringLiteral("Transactions 0 to 999"),
                          QStringLiteral("Transactions %1 to %2").arg(groupedText(1000), groupedText(1999)),
                          QStringLiteral("Transactions %1 to %2").arg(groupedText(2000), groupedText(2499))}));
    const auto last = m_model->index(2, 0, log());
    QCOMPARE(m_model->rowCount(last), 500);
    const auto leaf = m_model->index(499, 0, last);
    const auto node = m_model->node(leaf);
    QCOMPARE(node.kind, Kind::Transaction);
    QCOMPARE(node.first, 2499U);
    QCOMPARE(m_model->rowCount(leaf), 0);
    QCOMPARE(m_model->parent(leaf), last);
    QCOMPARE(m_model->parent(last), log());
    QCOMPARE(m_model->node(last).count, 500U);
}

void NavigatorModelTest::groupsAreLookedUpOneByOne()
{
    for (std::uint64_t id = 1; id <= 1200; ++id)
        m_file.transaction(id > 1000 ? 2 : 1, 4, id);
    set(ScannedFile(m_file));
    const auto group = m_model->index(1, 0, log());
    lookUp(group);
    QCOMPARE(m_model->index(7, 0, group).data().toString(),
             QStringLiteral("Transaction %1, committed, 4 segments").arg(groupedText(1007)));
    const auto first = m_model->index(0, 0, log());
    lookUp(first);
    QCOMPARE(m_model->index(7, 0, first).data().toString(), QStringLiteral("Transaction 7, committed, 3 segments"));
    // What was known of the other group stays known.
    QVERIFY(m_model->index(7, 0, group).data().toString().contains(QStringLiteral("committed")));
    // The log itself has only groups below it: nothing to look up.
    QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    m_model->prepare(log());
    QThreadPool::globalInstance()->waitForDone();
    QCoreApplication::processEvents();
    QVERIFY(changed.isEmpty());
}

void NavigatorModelTest::groupsAskedForAtOnceAllCome()
{
    for (std::uint64_t id = 1; id <= 3000; ++id)
        m_file.transaction(1, 4, id);
    set(ScannedFile(m_file));
    for (int row = 0; row < 3; ++row)
        m_model->prepare(m_model->index(row, 0, log()));
    for (int row = 0; row < 3; ++row) {
        const auto leaf = m_model->index(0, 0, m_model->index(row, 0, log()));
        QTRY_VERIFY(leaf.data().toString().contains(QStringLiteral("committed")));
    }
}

void NavigatorModelTest::aGrowingLogKeepsThePlacesOfViews()
{
    for (std::uint64_t id = 1; id <= 2500; ++id)
        m_file.transaction(1, 4, id);
    const std::shared_ptr<const Store> store = m_file.store();
    const auto upTo = [&](std::uint64_t transactions) {
        return test::snapshotOf(*store, m_file.offsets()[1 + 3 * transactions].value);
    };
    m_model->setSnapshot(store, upTo(10));
    QCOMPARE(m_model->rowCount(log()), 10);
    const QPersistentModelIndex header(m_model->indexOf(Kind::Header));
    const QPersistentModelIndex here(log());
    const QPersistentModelIndex seventh(m_model->index(7, 0, log()));
    QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);

    m_model->setSnapshot(store, upTo(900));
    QCOMPARE(m_model->rowCount(log()), 900);
    QCOMPARE(QModelIndex(seventh), m_model->index(7, 0, log()));

    // From now on the transactions hang below groups.
    m_model->setSnapshot(store, upTo(1500));
    QCOMPARE(m_model->rowCount(log()), 2);
    const QPersistentModelIndex second(m_model->index(1, 0, log()));
    QCOMPARE(QModelIndex(seventh), m_model->index(7, 0, m_model->index(0, 0, log())));
    QCOMPARE(m_model->node(seventh).first, 7U);

    m_model->setSnapshot(store, upTo(2499));
    QCOMPARE(m_model->node(second).count, 1000U);
    QCOMPARE(m_model->rowCount(m_model->index(2, 0, log())), 499);
    QCOMPARE(QModelIndex(header), m_model->indexOf(Kind::Header));
    QCOMPARE(QModelIndex(here), log());
    QVERIFY(reset.isEmpty());
}

void NavigatorModelTest::aShrinkingLogDropsTheirPlaces()
{
    for (std::uint64_t id = 1; id <= 20; ++id)
        m_file.transaction(1, 4, id);
    const std::shared_ptr<const Store> store = m_file.store();
    m_model->setSnapshot(store, test::snapshotOf(*store));
    const QPersistentModelIndex kept(m_model->index(3, 0, log()));
    const QPersistentModelIndex lost(m_model->index(19, 0, log()));
    m_model->setSnapshot(store, test::snapshotOf(*store, m_file.offsets()[1 + 3 * 10].value));
    QVERIFY(kept.isValid());
    QVERIFY(!lost.isValid());
}

void NavigatorModelTest::anotherFileResets()
{
    set(ScannedFile(m_file.transaction()));
    const QPersistentModelIndex here(m_model->index(0, 0, log()));
    QSignalSpy reset(m_model.get(), &QAbstractItemModel::modelReset);
    QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    m_model->prepare(log()); // must not tell about the old file any more
    m_file.transaction();
    set(ScannedFile(m_file));
    QCOMPARE(reset.size(), 1);
    QVERIFY(!here.isValid());
    QThreadPool::globalInstance()->waitForDone();
    QCoreApplication::processEvents();
    QVERIFY(changed.isEmpty());
}

void NavigatorModelTest::nothingIsAnEmptyTree()
{
    QCOMPARE(m_model->rowCount(), 0);
    QVERIFY(!log().isValid());
    m_model->prepare(log());
    set(ScannedFile(m_file));
    QCOMPARE(m_model->rowCount(), 5);
    m_model->setSnapshot(nullptr, nullptr);
    QCOMPARE(m_model->rowCount(), 0);
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::NavigatorModelTest)

#include "navigator_model_test.moc"
