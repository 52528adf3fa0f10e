#include "models/text_row_model.h"

#include "ui/row_model_contract.h"

#include <QSignalSpy>
#include <QTest>

#include <atomic>
#include <memory>
#include <vector>

namespace modelvault::ui {

namespace {

std::vector<TextRowModel::Column> columns()
{
    return {{.header = QStringLiteral("Name"), .sample = QStringLiteral("row 00000")},
            {.header = QStringLiteral("Twice"), .sample = QStringLiteral("00000"), .isNumber = true}};
}

TextRowModel::Row rowOf(std::uint64_t number)
{
    return {.cells = {QStringLiteral("row %1").arg(number), QString::number(2 * number)},
            .begin = {number},
            .end = {number + 1}};
}

} // namespace

class TextRowModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void keepsTheContract();
    void readsWhatIsOnScreenAndALittleMore();
    void whatIsThereIsNotReadAgain();
    void otherRowsTakeThePlaceOfThoseBefore();
    void whatCannotBeReadIsSaidInItsRow();
    void aCopyReadsInPieces();
    void aCopyEndsWhereARowCannotBeRead();
    void aNumberLeadsToItsRow();
    void numbersStandAtTheRight();

private:
    void load(std::uint64_t first, std::uint64_t last)
    {
        m_model->prepare(first, last);
        QTRY_VERIFY(m_model->isSettled());
    }

    std::unique_ptr<TextRowModel> m_model;
    // Of the calls to read rows, which come from other threads.
    std::shared_ptr<std::atomic<int>> m_reads;
    std::shared_ptr<std::atomic<std::uint64_t>> m_most;
};

void TextRowModelTest::init()
{
    m_reads = std::make_shared<std::atomic<int>>(0);
    m_most = std::make_shared<std::atomic<std::uint64_t>>(0);
    m_model = std::make_unique<TextRowModel>(columns());
    m_model->setRows(5000, [reads = m_reads, most = m_most](std::uint64_t first, std::uint64_t count) {
        ++*reads;
        *most = std::max(most->load(), count);
        std::vector<TextRowModel::Row> rows;
        for (auto number = first; number < first + count; ++number)
            rows.push_back(rowOf(number));
        return rows;
    });
}

void TextRowModelTest::keepsTheContract()
{
    keepsTheContractOfRowModels(*m_model);
}

void TextRowModelTest::readsWhatIsOnScreenAndALittleMore()
{
    QVERIFY(!m_model->data(1000, 0, Qt::DisplayRole).isValid());
    QVERIFY(!m_model->row(1000));
    const QSignalSpy changed(m_model.get(), &RowModel::rowsChanged);
    load(1000, 1029);
    QCOMPARE(changed.count(), 1);
    QVERIFY(changed.front().at(0).value<std::uint64_t>() <= 1000);
    QVERIFY(changed.front().at(1).value<std::uint64_t>() >= 1029);
    QCOMPARE(m_model->data(1000, 1, Qt::DisplayRole).toString(), QStringLiteral("2000"));
    QCOMPARE(m_model->row(1029)->begin, Offset{1029});
    QCOMPARE(m_reads->load(), 1);
    QVERIFY(m_most->load() < 200);
}

void TextRowModelTest::whatIsThereIsNotReadAgain()
{
    load(1000, 1029);
    load(1001, 1030); // by one line of scrolling
    load(5000, 6000); // behind the end
    QCOMPARE(m_reads->load(), 1);
}

void TextRowModelTest::otherRowsTakeThePlaceOfThoseBefore()
{
    load(0, 20);
    m_model->prepare(2000, 2020);
    m_model->prepare(4990, 4999); // the newest wish counts
    QTRY_VERIFY(m_model->isSettled());
    QVERIFY(m_model->row(4999));
    QVERIFY(!m_model->row(0));
    m_model->setRows(1, [](std::uint64_t, std::uint64_t) { return std::vector{rowOf(7)}; });
    QVERIFY(!m_model->row(4999));
    load(0, 0);
    QCOMPARE(m_model->data(0, 0, Qt::DisplayRole).toString(), QStringLiteral("row 7"));
}

void TextRowModelTest::whatCannotBeReadIsSaidInItsRow()
{
    m_model->setRows(3, [](std::uint64_t, std::uint64_t) -> Result<std::vector<TextRowModel::Row>> {
        return std::unexpected(Error{.code = ErrorCode::Io});
    });
    load(0, 2);
    QVERIFY(m_model->data(1, 0, Qt::DisplayRole).toString().startsWith(QStringLiteral("unreadable: ")));
    QCOMPARE(m_model->data(1, 1, Qt::DisplayRole).toString(), QString());
    QVERIFY(!m_model->data(1, 1, Qt::ToolTipRole).toString().isEmpty());
    QVERIFY(!m_model->row(1));
}

void TextRowModelTest::aCopyReadsInPieces()
{
    const auto text = m_model->copyText(0, 4999, {1, 0}).result();
    QCOMPARE(text.count(QLatin1Char('\n')), 5000);
    QVERIFY(text.startsWith(QStringLiteral("0\trow 0\n2\trow 1\n")));
    QVERIFY(text.endsWith(QStringLiteral("\n9998\trow 4999\n")));
    QVERIFY(m_reads->load() > 1);
    QVERIFY(m_most->load() <= 1000);
}

void TextRowModelTest::aCopyEndsWhereARowCannotBeRead()
{
    m_model->setRows(3000, [](std::uint64_t first, std::uint64_t count) -> Result<std::vector<TextRowModel::Row>> {
        if (first >= 1000)
            return std::unexpected(Error{.code = ErrorCode::Io});
        return std::vector<TextRowModel::Row>(static_cast<std::size_t>(count), rowOf(first));
    });
    const auto lines = m_model->copyText(0, 2999, {0}).result().split(QLatin1Char('\n'));
    QCOMPARE(lines.size(), 1000 + 2); // the reason, and what is behind the last line feed
    QVERIFY(!lines[1000].isEmpty());
    QVERIFY(!lines[1000].startsWith(QStringLiteral("row")));
}

void TextRowModelTest::aNumberLeadsToItsRow()
{
    using Row = std::optional<std::uint64_t>;
    const auto find = [this](const char *typed) { return m_model->findRow(QString::fromLatin1(typed), 0).result(); };
    QCOMPARE(find("1"), Row(0));
    QCOMPARE(find("5000"), Row(4999));
    QCOMPARE(find("5001"), Row());
    QCOMPARE(find("0"), Row());
    QCOMPARE(find("row"), Row());
}

void TextRowModelTest::numbersStandAtTheRight()
{
    QVERIFY(m_model->alignment(0).testFlag(Qt::AlignLeft));
    QVERIFY(m_model->alignment(1).testFlag(Qt::AlignRight));
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::TextRowModelTest)

#include "text_row_model_test.moc"
