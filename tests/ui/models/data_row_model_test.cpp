#include "models/data_row_model.h"

#include "database/row_index.h"
#include "export/value_text.h"
#include "support/corpus.h"
#include "support/file_builder.h"
#include "support/sample_rows.h"
#include "support/scanned.h"
#include "ui/row_model_contract.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>
#include <vector>

namespace modelvault::ui {

class DataRowModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void columnsAreTheFieldsWithTheKeyFirst();
    void rowsAreReadWhenTheyAreWanted();
    void whatIsThereStaysWhenOtherRowsWereWantedMeanwhile();
    void aStoppedSortShowsTheRowsAsInTheLog();
    void sortsByAColumnAndBack();
    void showsOnlyWhatConditionsLetThrough();
    void sortsWhatConditionsLetThrough();
    void conditionsLeaveWhatIsSortedAsItIs();
    void findsTheRowOfAKey();
    void copiesRowsAsLines();
    void noneIsNoText();
    void anotherCollectionStartsAnew();
    void aNewerSnapshotKeepsConditionsAndSorting();
    void nothingToShowIsNoTrouble();
    void keepsTheContract();

private:
    void open(const std::string &name);
    [[nodiscard]] int column(const QString &name) const;
    [[nodiscard]] QStringList texts(int column);

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::unique_ptr<DataRowModel> m_model;
};

void DataRowModelTest::init()
{
    m_model = std::make_unique<DataRowModel>();
    open("valid-indexes");
}

void DataRowModelTest::open(const std::string &name)
{
    test::Scanned file(test::corpusFile(name).bytes());
    m_snapshot = file.snapshot;
    m_store = std::move(file.store);
    m_model->setSource(m_store, m_snapshot, 1);
}

int DataRowModelTest::column(const QString &name) const
{
    for (int i = 0; i < m_model->columnCount(); ++i) {
        if (m_model->headerText(i) == name)
            return i;
    }
    return -1;
}

/// Of all rows, in their order.
QStringList DataRowModelTest::texts(int column)
{
    if (!QTest::qWaitFor([this] { return m_model->isSettled(); }))
        return {};
    QStringList texts;
    if (m_model->rowCount() == 0)
        return texts;
    m_model->prepare(0, m_model->rowCount() - 1);
    if (!QTest::qWaitFor([this] { return m_model->isSettled(); }))
        return {};
    for (std::uint64_t row = 0; row < m_model->rowCount(); ++row)
        texts += m_model->data(row, column, Qt::DisplayRole).toString();
    return texts;
}

void DataRowModelTest::columnsAreTheFieldsWithTheKeyFirst()
{
    const auto &collection = *m_snapshot->catalog->catalog().find(1);
    QCOMPARE(m_model->columnCount(), int(collection.current().fields.size()));
    QCOMPARE(m_model->headerText(0), QString::fromStdString(collection.primaryField));
    QCOMPARE(m_model->rowCount(), m_snapshot->rows->collection(1).live.size());
    QVERIFY(m_model->rowCount() > 5);
}

void DataRowModelTest::rowsAreReadWhenTheyAreWanted()
{
    QVERIFY(!m_model->data(0, 0, Qt::DisplayRole).isValid());
    QSignalSpy changed(m_model.get(), &RowModel::rowsChanged);
    m_model->prepare(0, 2);
    QTRY_COMPARE(changed.size(), 1);
    RowReader reader(*m_store, m_snapshot);
    const auto row = reader.read(*m_model->record(0)).value();
    QCOMPARE(m_model->data(0, 0, Qt::DisplayRole).toString(), QString::fromStdString(valueText(row.record.head.key)));
    m_model->prepare(0, 2);
    QVERIFY2(m_model->isSettled(), "what is there is not read again");
}

void DataRowModelTest::whatIsThereStaysWhenOtherRowsWereWantedMeanwhile()
{
    test::FileBuilder file;
    file.begin().append(SegmentType::Schema, test::createWords().encode());
    for (int i = 0; i < 200; ++i)
        file.append(SegmentType::Record, test::word(std::to_string(i)).encode());
    file.commit();
    test::Scanned scanned(file.bytes());
    m_snapshot = scanned.snapshot;
    m_store = std::move(scanned.store);
    m_model->setSource(m_store, m_snapshot, 1);
    m_model->prepare(0, 1);
    QTRY_VERIFY(m_model->isSettled());
    const auto last = m_model->rowCount() - 1; // beyond what is read along
    m_model->prepare(last, last);
    m_model->prepare(0, 1); // back before they came
    QTRY_VERIFY(m_model->isSettled());
    QTest::qWait(50);
    QVERIFY(m_model->data(0, 0, Qt::DisplayRole).isValid());
}

void DataRowModelTest::aStoppedSortShowsTheRowsAsInTheLog()
{
    const auto inLog = texts(0);
    m_model->setSorting(DataRowModel::Sorting{.column = 0, .order = RowOrder::Falling});
    m_model->stopSearch();
    QVERIFY(!m_model->sorting());
    QCOMPARE(texts(0), inLog);
    m_model->setConditions({*parseCondition(m_model->fieldOf(0), "> 4")});
    m_model->stopSearch();
    QVERIFY(m_model->isStopped() && !m_model->isSearching());
}

void DataRowModelTest::sortsByAColumnAndBack()
{
    const auto inLog = texts(0);
    m_model->setSorting(DataRowModel::Sorting{.column = 0, .order = RowOrder::Falling});
    const auto falling = texts(0);
    QCOMPARE(falling.size(), inLog.size());
    for (qsizetype i = 1; i < falling.size(); ++i)
        QVERIFY(falling[i - 1].toLongLong() >= falling[i].toLongLong());
    m_model->setSorting(DataRowModel::Sorting{.column = 0, .order = RowOrder::Rising});
    auto reversed = falling;
    std::ranges::reverse(reversed);
    QCOMPARE(texts(0), reversed);
    m_model->setSorting(std::nullopt);
    QCOMPARE(texts(0), inLog);
}

void DataRowModelTest::showsOnlyWhatConditionsLetThrough()
{
    const auto all = texts(0);
    QSignalSpy appended(m_model.get(), &RowModel::rowsAppended);
    m_model->setConditions({*parseCondition(m_model->fieldOf(0), "> 4")});
    QVERIFY(m_model->isSearching());
    const auto some = texts(0);
    QVERIFY(appended.size() > 0);
    QStringList wanted;
    for (const auto &text : all) {
        if (text.toLongLong() > 4)
            wanted += text;
    }
    QCOMPARE(some, wanted);
    QVERIFY(some.size() < all.size() && !some.isEmpty());
    QCOMPARE(m_model->allRows(), std::uint64_t(all.size()));
    m_model->setConditions({});
    QCOMPARE(texts(0), all);
}

void DataRowModelTest::sortsWhatConditionsLetThrough()
{
    m_model->setConditions({*parseCondition(m_model->fieldOf(0), "> 4")});
    m_model->setSorting(DataRowModel::Sorting{.column = 0, .order = RowOrder::Falling});
    const auto some = texts(0);
    QVERIFY(!some.isEmpty());
    for (qsizetype i = 0; i < some.size(); ++i) {
        QVERIFY(some[i].toLongLong() > 4);
        QVERIFY(i == 0 || some[i - 1].toLongLong() > some[i].toLongLong());
    }
}

void DataRowModelTest::conditionsLeaveWhatIsSortedAsItIs()
{
    const DataRowModel::Sorting falling{.column = 0, .order = RowOrder::Falling};
    m_model->setSorting(falling);
    const auto all = texts(0);
    m_model->setConditions({*parseCondition(m_model->fieldOf(0), "> 4")});
    QVERIFY(m_model->isSearching());
    auto wanted = all;
    wanted.removeIf([](const QString &text) { return text.toLongLong() <= 4; });
    QCOMPARE(texts(0), wanted);
    m_model->setConditions({*parseCondition(m_model->fieldOf(0), "> 5")}); // given up
    m_model->setConditions({});
    QVERIFY(!m_model->isSearching()); // there at once
    QCOMPARE(texts(0), all);
    m_model->setConditions({*parseCondition(m_model->fieldOf(0), "> 4")});
    QCOMPARE(texts(0), wanted);
    m_model->setSorting(DataRowModel::Sorting{.column = 0, .order = RowOrder::Rising});
    std::ranges::reverse(wanted);
    QCOMPARE(texts(0), wanted);
}

void DataRowModelTest::findsTheRowOfAKey()
{
    const auto keys = texts(0);
    for (qsizetype row = 0; row < keys.size(); ++row) {
        auto found = m_model->findRow(keys[row], 0);
        found.waitForFinished();
        QCOMPARE(found.result(), std::optional(std::uint64_t(row)));
    }
    QVERIFY(!m_model->findRow(QStringLiteral("no number"), 0).result());
    QVERIFY(!m_model->findRow(QStringLiteral("123456789"), 0).result());
    m_model->setSorting(DataRowModel::Sorting{.column = 0, .order = RowOrder::Falling});
    const auto falling = texts(0);
    QCOMPARE(m_model->findRow(falling[1], 0).result(), std::optional(std::uint64_t(1)));
}

void DataRowModelTest::copiesRowsAsLines()
{
    const auto keys = texts(0);
    const auto others = texts(1);
    auto copied = m_model->copyText(0, 1, {1, 0});
    QTRY_VERIFY(copied.isFinished());
    QCOMPARE(copied.result(), QStringLiteral("%1\t%2\n%3\t%4\n").arg(others[0], keys[0], others[1], keys[1]));
}

void DataRowModelTest::noneIsNoText()
{
    open("valid-nested-paths");
    const int zip = column(QStringLiteral("profile.address.zip"));
    QVERIFY(zip >= 0);
    const auto shown = texts(zip);
    bool any = false;
    for (std::uint64_t row = 0; row < m_model->rowCount(); ++row) {
        const bool isNone = m_model->data(row, zip, DataRowModel::IsNoneRole).toBool();
        any |= isNone;
        QCOMPARE(shown[qsizetype(row)] == QStringLiteral("none"), isNone);
        QCOMPARE(m_model->data(row, zip, Qt::FontRole).isValid(), isNone);
    }
    QVERIFY(any);
}

void DataRowModelTest::anotherCollectionStartsAnew()
{
    open("valid-many-collections");
    m_model->setSorting(DataRowModel::Sorting{.column = 0, .order = RowOrder::Falling});
    QSignalSpy reset(m_model.get(), &RowModel::wasReset);
    m_model->setSource(m_store, m_snapshot, 2);
    QCOMPARE(reset.size(), 1);
    QVERIFY(!m_model->sorting());
    QCOMPARE(m_model->collectionId(), std::optional(2U));
    m_model->setSource(m_store, m_snapshot, 4000); // there is none
    QCOMPARE(m_model->rowCount(), 0U);
    QCOMPARE(m_model->columnCount(), 0);
}

void DataRowModelTest::aNewerSnapshotKeepsConditionsAndSorting()
{
    m_model->setConditions({*parseCondition(m_model->fieldOf(0), "> 4")});
    const auto some = texts(0);
    m_model->setSource(m_store, std::make_shared<const Snapshot>(*m_snapshot), 1);
    QCOMPARE(m_model->conditions().size(), 1U);
    QCOMPARE(texts(0), some);
}

void DataRowModelTest::nothingToShowIsNoTrouble()
{
    m_model->setSource(nullptr, nullptr, std::nullopt);
    QCOMPARE(m_model->rowCount(), 0U);
    m_model->prepare(0, 10);
    m_model->stopSearch();
    QVERIFY(m_model->isSettled());
    QVERIFY(!m_model->record(0));
}

void DataRowModelTest::keepsTheContract()
{
    for (const auto *name : {"valid-indexes", "valid-books", "valid-all-types"}) {
        open(name);
        keepsTheContractOfRowModels(*m_model);
    }
    open("valid-indexes");
    m_model->setSorting(DataRowModel::Sorting{.column = 0, .order = RowOrder::Falling});
    QTRY_VERIFY(m_model->isSettled());
    keepsTheContractOfRowModels(*m_model);
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::DataRowModelTest)

#include "data_row_model_test.moc"
