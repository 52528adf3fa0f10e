#include "models/finding_row_model.h"

#include "support/checked.h"
#include "support/corpus.h"
#include "ui/row_model_contract.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>
#include <string>
#include <vector>

namespace modelvault::ui {

namespace {

CheckFinding finding(ErrorCode code, Severity severity, std::uint64_t offset)
{
    return {.what = {.code = code, .severity = severity, .offset = {offset}, .length = 28}};
}

std::shared_ptr<const FindingMarks> marksOf(std::vector<CheckFinding> findings)
{
    return std::make_shared<const FindingMarks>(
        std::make_shared<const CheckReport>(CheckReport{.depth = CheckDepth::Full, .findings = std::move(findings)}));
}

} // namespace

class FindingRowModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void theGravestComeFirst();
    void orAsTheyStandInTheFile();
    void saysWhatIsWrongAndWhatItTouches();
    void everySeverityHasItsSignAndItsWord();
    void severitiesAreTakenOut();
    void aTextIsLookedForInAllColumns();
    void aRowIsFoundByItsNumber();
    void copiesWhatOtherProgramsRead();
    void typingLeadsToTheNextOne();
    void anythingElseIsAnotherList();
    void withoutFindingsThereIsNothing();
    void keepsTheContract();
    void listsWhatACheckFindsOfTheCorpus_data();
    void listsWhatACheckFindsOfTheCorpus();

private:
    [[nodiscard]] QString cell(std::uint64_t row, FindingRowModel::Column column) const
    {
        return m_model->data(row, column, Qt::DisplayRole).toString();
    }
    [[nodiscard]] std::vector<std::uint64_t> offsets() const
    {
        std::vector<std::uint64_t> offsets;
        for (std::uint64_t row = 0; row < m_model->rowCount(); ++row)
            offsets.push_back(m_model->finding(row).what.offset.value);
        return offsets;
    }

    std::unique_ptr<FindingRowModel> m_model;
};

void FindingRowModelTest::init()
{
    auto breach = finding(ErrorCode::ConstraintViolated, Severity::Warning, 300);
    breach.transaction = TransactionNo{4};
    breach.collectionId = 1;
    breach.collection = "books";
    breach.key = Value{std::string("Dune")};
    breach.subject = "year: min_i64";
    m_model = std::make_unique<FindingRowModel>();
    m_model->setFindings(marksOf({finding(ErrorCode::ReservedNotZero, Severity::Info, 20),
                                  finding(ErrorCode::BadSuperblockChecksum, Severity::Warning, 32),
                                  finding(ErrorCode::BadSegmentMagic, Severity::Error, 200), breach,
                                  finding(ErrorCode::BadSegmentPayloadChecksum, Severity::Error, 400)}));
}

void FindingRowModelTest::theGravestComeFirst()
{
    QCOMPARE(offsets(), (std::vector<std::uint64_t>{200, 400, 32, 300, 20}));
}

void FindingRowModelTest::orAsTheyStandInTheFile()
{
    m_model->setOrder(FindingRowModel::Order::ByPlace);
    QCOMPARE(offsets(), (std::vector<std::uint64_t>{20, 32, 200, 300, 400}));
}

void FindingRowModelTest::saysWhatIsWrongAndWhatItTouches()
{
    QCOMPARE(cell(3, FindingRowModel::Gravity), QStringLiteral("Warning"));
    QCOMPARE(cell(3, FindingRowModel::Place), QStringLiteral("0x0000012c"));
    QCOMPARE(cell(3, FindingRowModel::Length), QStringLiteral("28"));
    QCOMPARE(cell(3, FindingRowModel::What),
             QStringLiteral("A value that breaks a constraint of its field: \"year: min_i64\""));
    QCOMPARE(cell(3, FindingRowModel::Touched), QStringLiteral("books \"Dune\", transaction 4"));
    QCOMPARE(cell(3, FindingRowModel::Code), QStringLiteral("ConstraintViolated"));
    QVERIFY(m_model->data(3, FindingRowModel::What, Qt::ToolTipRole).toString().contains(QStringLiteral("books")));
    QCOMPARE(cell(5, FindingRowModel::What), QString());
}

void FindingRowModelTest::everySeverityHasItsSignAndItsWord()
{
    for (std::uint64_t row = 0; row < m_model->rowCount(); ++row) {
        QCOMPARE(m_model->data(row, FindingRowModel::Gravity, RowModel::SeverityRole).toInt(),
                 static_cast<int>(m_model->finding(row).what.severity));
        QVERIFY(!cell(row, FindingRowModel::Gravity).isEmpty());
        QVERIFY(!m_model->data(row, FindingRowModel::What, RowModel::SeverityRole).isValid());
    }
}

void FindingRowModelTest::severitiesAreTakenOut()
{
    m_model->setFilter({.severities = {true, false, true}, .text = {}});
    QCOMPARE(offsets(), (std::vector<std::uint64_t>{200, 400, 20}));
    m_model->setFilter({.severities = {false, false, false}, .text = {}});
    QCOMPARE(m_model->rowCount(), 0U);
}

void FindingRowModelTest::aTextIsLookedForInAllColumns()
{
    const auto found = [this](const char *text) {
        m_model->setFilter({.severities = {true, true, true}, .text = QString::fromUtf8(text)});
        return offsets();
    };
    using Offsets = std::vector<std::uint64_t>;
    QCOMPARE(found("CHECKSUM"), (Offsets{400, 32}));
    QCOMPARE(found("dune"), (Offsets{300}));
    QCOMPARE(found("min_i64"), (Offsets{300}));
    QCOMPARE(found("0x00000190"), (Offsets{400}));
    QCOMPARE(found("ReservedNot"), (Offsets{20}));
    QCOMPARE(found("no such thing"), Offsets());
}

void FindingRowModelTest::aRowIsFoundByItsNumber()
{
    QCOMPARE(m_model->numberAt(0), std::size_t{2});
    QCOMPARE(m_model->rowOf(2), std::optional<std::uint64_t>(0));
    QCOMPARE(m_model->rowOf(0), std::optional<std::uint64_t>(4));
    m_model->setFilter({.severities = {false, true, true}, .text = {}});
    QCOMPARE(m_model->rowOf(0), std::nullopt);
}

void FindingRowModelTest::copiesWhatOtherProgramsRead()
{
    const auto text =
        m_model->copyText(2, 3, {FindingRowModel::Place, FindingRowModel::Length, FindingRowModel::Code}).result();
    QCOMPARE(text, QStringLiteral("0x00000020\t28\tBadSuperblockChecksum\n0x0000012c\t28\tConstraintViolated\n"));
}

void FindingRowModelTest::typingLeadsToTheNextOne()
{
    using Row = std::optional<std::uint64_t>;
    QCOMPARE(m_model->findRow(QStringLiteral("warn"), 0).result(), Row(2));
    QCOMPARE(m_model->findRow(QStringLiteral("warn"), 3).result(), Row(3));
    QCOMPARE(m_model->findRow(QStringLiteral("warn"), 4).result(), Row(2)); // and round
    QCOMPARE(m_model->findRow(QStringLiteral("reservednot"), 0).result(), Row(4));
    QCOMPARE(m_model->findRow(QStringLiteral("nothing"), 0).result(), Row());
}

void FindingRowModelTest::anythingElseIsAnotherList()
{
    QSignalSpy wasReset(m_model.get(), &RowModel::wasReset);
    m_model->setFilter(m_model->filter());
    m_model->setOrder(m_model->order());
    QCOMPARE(wasReset.size(), 0);
    m_model->setOrder(FindingRowModel::Order::ByPlace);
    m_model->setFilter({.severities = {true, true, false}, .text = {}});
    QCOMPARE(wasReset.size(), 2);
}

void FindingRowModelTest::withoutFindingsThereIsNothing()
{
    m_model->setFindings(nullptr);
    QCOMPARE(m_model->rowCount(), 0U);
    QCOMPARE(m_model->findRow(QStringLiteral("e"), 0).result(), std::nullopt);
}

void FindingRowModelTest::listsWhatACheckFindsOfTheCorpus_data()
{
    QTest::addColumn<QString>("name");
    for (const auto &name : test::corpusNames())
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
}

void FindingRowModelTest::listsWhatACheckFindsOfTheCorpus()
{
    QFETCH(const QString, name);
    const auto report = test::checked(test::corpusFile(name.toStdString()).bytes());
    m_model->setFindings(marksOf(report.findings));
    QCOMPARE(m_model->rowCount(), report.findings.size());
    QVERIFY(m_model->rowCount() > 0 || !name.startsWith(QLatin1String("damaged-")));
    for (std::uint64_t row = 0; row < m_model->rowCount(); ++row) {
        for (const auto column : {FindingRowModel::Gravity, FindingRowModel::Place, FindingRowModel::Length,
                                  FindingRowModel::What, FindingRowModel::Code})
            QVERIFY(!cell(row, column).isEmpty());
        QVERIFY(row == 0 || m_model->finding(row - 1).what.severity >= m_model->finding(row).what.severity);
    }
}

void FindingRowModelTest::keepsTheContract()
{
    keepsTheContractOfRowModels(*m_model);
    m_model->setFilter({.severities = {false, true, true}, .text = {}});
    keepsTheContractOfRowModels(*m_model);
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::FindingRowModelTest)

#include "finding_row_model_test.moc"
