#include "models/segment_row_model.h"

#include "database/segment_summary.h"
#include "log/page_map.h"
#include "text/explain_words.h"
#include "text/words.h"
#include "ui/row_model_contract.h"
#include "ui/snapshots.h"

#include <QMap>
#include <QSignalSpy>
#include <QTest>

#include <memory>
#include <string>

namespace modelvault::ui {

namespace {

using test::FileBuilder;
using test::ScannedFile;

constexpr int kTransactions = 700;

/// 2,801 segments: a first manifest, then begin, two records and commit again and again.
void fill(FileBuilder &file)
{
    for (std::uint64_t id = 1; id <= kTransactions; ++id)
        file.transaction(2, 10 + id, id);
}

} // namespace

class SegmentRowModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void rowsAreTheSegmentsOfTheLog();
    void rowsArriveAfterTheyWereAskedFor();
    void cellsSayWhatASegmentIs();
    void damagedPayloadsAreMarked();
    void rowsThatAreNotThereHaveNoText();
    void theNewestRequestWins();
    void goingBackBeforeALookUpEndsKeepsTheRows();
    void aLongerSnapshotAppends();
    void anotherFileResets();
    void nothingIsAnEmptyTable();
    void keepsTheContract();
    void copiesRowsForOtherPrograms();
    void aFileThatChangedGivesNoRows();
    void typedTextIsANumberOrAType();
    void rowsThatAreNoLongerThereSaySo();
    void saysWhatSegmentsHold();
    void readsOnlyThePayloadsOfRowsThatWereAskedFor();
    void saysWhatDoesNotDecode();
    void namesComeWithTheCatalog();
    void marksDamageAndWhatBreaksBehindTheHead();

private:
    [[nodiscard]] QString text(std::uint64_t row, int column) const
    {
        return m_model->data(row, column, Qt::DisplayRole).toString();
    }

    FileBuilder m_file;
    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::unique_ptr<SegmentRowModel> m_model;
};

void SegmentRowModelTest::init()
{
    m_file = FileBuilder();
    fill(m_file);
    const ScannedFile scanned(m_file);
    m_store = scanned.store;
    m_snapshot = scanned.snapshot;
    m_model = std::make_unique<SegmentRowModel>();
    m_model->setSnapshot(m_store, m_snapshot);
}

void SegmentRowModelTest::typedTextIsANumberOrAType()
{
    using Row = std::optional<std::uint64_t>;
    const auto find = [this](const char *typed, std::uint64_t from) {
        auto found = m_model->findRow(QString::fromLatin1(typed), from);
        found.waitForFinished();
        return found.result();
    };
    const auto last = m_model->rowCount() - 1;
    QCOMPARE(find("1234", 0), Row(1234));
    QCOMPARE(find("99999999999", 0), Row());
    QCOMPARE(find("rec", 0), Row(2));
    QCOMPARE(find("REC", 4), Row(6));
    QCOMPARE(find("m", 1), Row(0));        // there is but the first
    QCOMPARE(find("c", 1), Row(4));        // of commits and checkpoints the nearer
    QCOMPARE(find("begin", last), Row(1)); // from the first row again
    QCOMPARE(find("checkpoint", 0), Row());
    QCOMPARE(find("nonsense", 0), Row());
    m_model->setSnapshot(nullptr, nullptr);
    QCOMPARE(find("rec", 0), Row());
}

void SegmentRowModelTest::rowsAreTheSegmentsOfTheLog()
{
    QCOMPARE(m_model->rowCount(), 4U * kTransactions + 1);
    const auto segments = LogReader(*m_store, m_snapshot->log.index).segments({0}, m_model->rowCount()).value();
    for (std::uint64_t first = 0; first < m_model->rowCount(); first += 100) {
        const auto last = std::min(first + 99, m_model->rowCount() - 1);
        m_model->prepare(first, last);
        QTRY_VERIFY(m_model->isSettled());
        for (auto row = first; row <= last; ++row) {
            const auto *shown = m_model->segment(row);
            QVERIFY(shown != nullptr);
            QCOMPARE(shown->no.value, row);
            QCOMPARE(shown->offset, segments[row].offset);
            QCOMPARE(shown->offset, m_file.offsets()[row]);
            QVERIFY(shown->header == segments[row].header);
            QCOMPARE(shown->transaction, segments[row].transaction);
        }
    }
}

void SegmentRowModelTest::rowsArriveAfterTheyWereAskedFor()
{
    QSignalSpy changed(m_model.get(), &RowModel::rowsChanged);
    QVERIFY(m_model->segment(1500) == nullptr);
    m_model->prepare(1500, 1530);
    QVERIFY(m_model->segment(1500) == nullptr);
    QVERIFY(!m_model->isSettled());
    QCOMPARE(text(1500, SegmentRowModel::Number), groupedText(1500)); // known without a look-up
    QCOMPARE(text(1500, SegmentRowModel::Type), QString());
    QTRY_VERIFY(!changed.isEmpty());
    QVERIFY(changed[0][0].value<std::uint64_t>() <= 1500 && changed[0][1].value<std::uint64_t>() >= 1530);
    QVERIFY(m_model->segment(1500) != nullptr && m_model->segment(1530) != nullptr);
    QTRY_VERIFY(m_model->isSettled());
    // What is there is not looked up again.
    m_model->prepare(1510, 1520);
    QVERIFY(m_model->isSettled());
}

void SegmentRowModelTest::cellsSayWhatASegmentIs()
{
    m_model->prepare(0, 10);
    QTRY_VERIFY(m_model->isSettled());
    QCOMPARE(text(0, SegmentRowModel::Type), QStringLiteral("manifest"));
    QCOMPARE(text(0, SegmentRowModel::Place), QStringLiteral("0x00002020"));
    QCOMPARE(text(0, SegmentRowModel::InTransaction), QStringLiteral("–"));
    QCOMPARE(text(1, SegmentRowModel::Type), QStringLiteral("begin"));
    QCOMPARE(text(2, SegmentRowModel::Type), QStringLiteral("record"));
    QCOMPARE(text(2, SegmentRowModel::PayloadLength), QStringLiteral("11"));
    QCOMPARE(text(2, SegmentRowModel::InTransaction), QStringLiteral("0"));
    QCOMPARE(text(5, SegmentRowModel::InTransaction), QStringLiteral("1"));
    QCOMPARE(text(2, SegmentRowModel::Checksum), QStringLiteral("✔"));
    QCOMPARE(m_model->data(2, SegmentRowModel::Type, RowModel::KindRole),
             QVariant(static_cast<int>(ContentKind::Record)));
    QVERIFY(m_model->data(2, SegmentRowModel::PayloadLength, Qt::ToolTipRole)
                .toString()
                .contains(QLatin1String("11 bytes")));
    for (int column = 0; column < m_model->columnCount(); ++column)
        QVERIFY(!m_model->headerText(column).isEmpty() && !m_model->sampleText(column).isEmpty());
}

void SegmentRowModelTest::damagedPayloadsAreMarked()
{
    m_file.flip(m_file.offsets()[2] + SegmentHeader::kSize);
    const ScannedFile damaged(m_file);
    m_model->setSnapshot(damaged.store, damaged.snapshot);
    m_model->prepare(0, 10);
    QTRY_VERIFY(m_model->isSettled());
    QCOMPARE(text(2, SegmentRowModel::Checksum), QStringLiteral("✘ damaged"));
    QCOMPARE(text(3, SegmentRowModel::Checksum), QStringLiteral("✔"));
}

void SegmentRowModelTest::rowsThatAreNotThereHaveNoText()
{
    m_model->prepare(m_model->rowCount(), m_model->rowCount() + 10);
    QVERIFY(m_model->isSettled());
    m_model->prepare(m_model->rowCount() - 1, m_model->rowCount() + 10);
    QTRY_VERIFY(m_model->isSettled());
    QVERIFY(m_model->segment(m_model->rowCount() - 1) != nullptr);
    QVERIFY(!m_model->data(m_model->rowCount(), SegmentRowModel::Number, Qt::DisplayRole).isValid());
    QVERIFY(m_model->segment(~std::uint64_t{0}) == nullptr);
}

void SegmentRowModelTest::theNewestRequestWins()
{
    for (std::uint64_t first = 0; first < 2800; first += 400)
        m_model->prepare(first, first + 20);
    QTRY_VERIFY(m_model->isSettled());
    QVERIFY(m_model->segment(2400) != nullptr && m_model->segment(2420) != nullptr);
}

void SegmentRowModelTest::goingBackBeforeALookUpEndsKeepsTheRows()
{
    m_model->prepare(0, 20);
    QTRY_VERIFY(m_model->isSettled());
    m_model->prepare(2000, 2020);
    m_model->prepare(0, 20);
    QTRY_VERIFY(m_model->isSettled());
    QVERIFY(m_model->segment(0) != nullptr && m_model->segment(20) != nullptr);
}

void SegmentRowModelTest::aLongerSnapshotAppends()
{
    const auto half = test::snapshotOf(*m_store, m_file.offsets()[1000].value);
    SegmentRowModel model;
    QSignalSpy appended(&model, &RowModel::rowsAppended);
    QSignalSpy reset(&model, &RowModel::wasReset);
    model.setSnapshot(m_store, half);
    QCOMPARE(reset.size(), 1);
    QCOMPARE(model.rowCount(), 1000U);
    model.setSnapshot(m_store, m_snapshot);
    QCOMPARE(appended.size(), 1);
    QCOMPARE(reset.size(), 1);
    QCOMPARE(model.rowCount(), 4U * kTransactions + 1);
    model.prepare(995, 1005);
    QTRY_VERIFY(model.isSettled());
    QCOMPARE(model.segment(1005)->offset, m_file.offsets()[1005]);
    // A shorter one is another log.
    model.setSnapshot(m_store, half);
    QCOMPARE(reset.size(), 2);
    QVERIFY(model.segment(995) == nullptr);
}

void SegmentRowModelTest::anotherFileResets()
{
    QSignalSpy appended(m_model.get(), &RowModel::rowsAppended);
    QSignalSpy reset(m_model.get(), &RowModel::wasReset);
    m_file.transaction();
    const ScannedFile longer(m_file);
    m_model->prepare(0, 5); // must not bring rows of the old file
    m_model->setSnapshot(longer.store, longer.snapshot);
    QVERIFY(m_model->isSettled());
    QVERIFY(m_model->segment(0) == nullptr);
    QCOMPARE(reset.size(), 1);
    QVERIFY(appended.isEmpty());
}

void SegmentRowModelTest::nothingIsAnEmptyTable()
{
    m_model->setSnapshot(nullptr, nullptr);
    QCOMPARE(m_model->rowCount(), 0U);
    m_model->prepare(0, 100);
    QVERIFY(m_model->isSettled());
    QVERIFY(!m_model->data(0, SegmentRowModel::Number, Qt::DisplayRole).isValid());
    for (int column = 0; column < m_model->columnCount(); ++column)
        QVERIFY(!m_model->sampleText(column).isEmpty());
}

void SegmentRowModelTest::copiesRowsForOtherPrograms()
{
    const auto copied = m_model->copyText(
        1600, 1601,
        {SegmentRowModel::PayloadLength, SegmentRowModel::Number, SegmentRowModel::Type, SegmentRowModel::Checksum});
    // Without thin spaces, in the order of the columns.
    QCOMPARE(copied.result(), QStringLiteral("24\t1600\tcommit\tok\n24\t1601\tbegin\tok\n"));
    QCOMPARE(m_model->copyText(0, 0, {SegmentRowModel::InTransaction, SegmentRowModel::Place}).result(),
             QStringLiteral("\t0x00002020\n"));
}

void SegmentRowModelTest::aFileThatChangedGivesNoRows()
{
    const auto store = std::make_shared<MemoryStore>(m_file.bytes());
    m_model->setSnapshot(store, test::snapshotOf(*store));
    QVERIFY(store->truncate(9000));
    m_model->prepare(2000, 2010);
    QTRY_VERIFY(m_model->isSettled());
    QVERIFY(m_model->segment(2000) == nullptr);
    QCOMPARE(m_model->copyText(2000, 2010, {0}).result(), QString());
}

void SegmentRowModelTest::rowsThatAreNoLongerThereSaySo()
{
    auto cut = m_file.cut(m_file.offsets()[100].value + 5).store();
    m_model->setSnapshot(std::shared_ptr<const Store>(std::move(cut)), m_snapshot);
    QSignalSpy changed(m_model.get(), &RowModel::rowsChanged);
    m_model->prepare(90, 110);
    QTRY_VERIFY(m_model->isSettled());
    QVERIFY(!changed.isEmpty());
    QCOMPARE(text(99, SegmentRowModel::Type), typeText(m_model->segment(99)->header.type));
    for (const std::uint64_t row : {100U, 110U}) {
        QVERIFY(m_model->segment(row) == nullptr);
        QCOMPARE(text(row, SegmentRowModel::Number), groupedText(row));
        QCOMPARE(text(row, SegmentRowModel::Type), QStringLiteral("unreadable"));
        QVERIFY(!m_model->data(row, SegmentRowModel::Type, Qt::ToolTipRole).toString().isEmpty());
        QCOMPARE(text(row, SegmentRowModel::Place), QString());
    }
    m_model->prepare(100, 110); // is not looked up again and again
    QVERIFY(m_model->isSettled());
    QCOMPARE(text(2000, SegmentRowModel::Type), QString()); // nobody has looked there
}

void SegmentRowModelTest::saysWhatSegmentsHold()
{
    const auto file = test::explainedFile("valid-indexes");
    m_model->setSnapshot(file.store, file.snapshot);
    const auto rows = m_model->rowCount();
    m_model->prepare(0, rows - 1);
    QTRY_VERIFY(m_model->isSettled());
    QMap<SegmentType, QString> seen;
    for (std::uint64_t row = 0; row < rows; ++row) {
        const auto what = text(row, SegmentRowModel::What);
        QCOMPARE(what,
                 summaryText(summarize(*file.store, *m_model->segment(row), file.snapshot->catalog.get()).value()));
        QCOMPARE(m_model->copyText(row, row, {SegmentRowModel::What}).result(), what + QLatin1Char('\n'));
        seen.insert(m_model->segment(row)->header.type, what);
    }
    QVERIFY(seen[SegmentType::Record].startsWith(QStringLiteral("accounts ")));
    QVERIFY(seen[SegmentType::Schema].contains(QStringLiteral("version 1")));
    QVERIFY(seen[SegmentType::TxnBegin].startsWith(QStringLiteral("id ")));
    QVERIFY(seen[SegmentType::Index].contains(QStringLiteral("by_city")));
    QVERIFY(seen[SegmentType::Manifest].isEmpty());
}

void SegmentRowModelTest::readsOnlyThePayloadsOfRowsThatWereAskedFor()
{
    m_model->prepare(1001, 1001);
    QTRY_VERIFY(m_model->isSettled());
    QCOMPARE(text(1001, SegmentRowModel::What), QStringLiteral("id 251"));
    const auto like = m_model->filtersLike(1001, SegmentRowModel::What);
    QCOMPARE(like.size(), std::size_t{1});
    QCOMPARE(QString::fromStdString(like.front().text()), QStringLiteral("type == begin"));
    QVERIFY(m_model->segment(1005) != nullptr);
    QCOMPARE(text(1005, SegmentRowModel::What), QString());
    m_model->prepare(1001, 1005); // the segments are there already
    QTRY_VERIFY(m_model->isSettled());
    QCOMPARE(text(1005, SegmentRowModel::What), QStringLiteral("id 252"));
    // Far away they are forgotten.
    m_model->prepare(2000, 2010);
    QTRY_VERIFY(m_model->isSettled());
    m_model->prepare(1001, 1001);
    QTRY_COMPARE(text(1001, SegmentRowModel::What), QStringLiteral("id 251"));
}

void SegmentRowModelTest::saysWhatDoesNotDecode()
{
    const auto file = test::explainedFile("damaged-index-kind");
    m_model->setSnapshot(file.store, file.snapshot);
    m_model->prepare(0, m_model->rowCount() - 1);
    QTRY_VERIFY(m_model->isSettled());
    QStringList faults;
    for (std::uint64_t row = 0; row < m_model->rowCount(); ++row) {
        if (const auto what = text(row, SegmentRowModel::What); what.startsWith(QStringLiteral("✘ does not decode: ")))
            faults += what;
        QCOMPARE(m_model->data(row, SegmentRowModel::Type, RowModel::FaultRole).toBool(),
                 text(row, SegmentRowModel::What).startsWith(QChar(u'✘')));
    }
    QCOMPARE(faults.size(), 1);
    QVERIFY(faults[0].size() > 20);
}

void SegmentRowModelTest::marksDamageAndWhatBreaksBehindTheHead()
{
    const auto faultsOf = [this](const char *name) {
        const auto file = test::explainedFile(QString::fromLatin1(name).toStdString());
        m_model->setSnapshot(file.store, file.snapshot);
        m_model->prepare(0, m_model->rowCount() - 1);
        [&] { QTRY_VERIFY(m_model->isSettled()); }();
        QStringList faults;
        for (std::uint64_t row = 0; row < m_model->rowCount(); ++row) {
            if (m_model->data(row, SegmentRowModel::Number, RowModel::FaultRole).toBool())
                faults += text(row, SegmentRowModel::What);
        }
        return faults;
    };
    const auto broken = faultsOf("damaged-record-list-count-huge");
    QCOMPARE(broken.size(), 1);
    QVERIFY(broken[0].startsWith(QStringLiteral("✘ does not decode: ")));
    QVERIFY(broken[0].endsWith(QStringLiteral("(books \"zz\" insert)")));
    const auto damaged = faultsOf("damaged-record-payload-bit");
    QCOMPARE(damaged.size(), 1);
    QVERIFY(damaged[0].startsWith(QStringLiteral("✘ of damaged bytes: ")));
    QVERIFY(faultsOf("valid-books").isEmpty());
}

void SegmentRowModelTest::namesComeWithTheCatalog()
{
    const auto file = test::explainedFile("valid-books");
    const auto record = LogReader(*file.store, file.snapshot->log.index).firstOfType(SegmentType::Record, {0}).value();
    QVERIFY(record.has_value());
    const auto row = record->no.value;
    m_model->setSnapshot(file.store, test::snapshotOf(*file.store));
    m_model->prepare(row, row);
    QTRY_VERIFY(text(row, SegmentRowModel::What).startsWith(QStringLiteral("collection 1 ")));
    m_model->setSnapshot(file.store, file.snapshot);
    m_model->prepare(row, row);
    QTRY_VERIFY(text(row, SegmentRowModel::What).startsWith(QStringLiteral("books ")));
}

void SegmentRowModelTest::keepsTheContract()
{
    keepsTheContractOfRowModels(*m_model);
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::SegmentRowModelTest)

#include "segment_row_model_test.moc"
