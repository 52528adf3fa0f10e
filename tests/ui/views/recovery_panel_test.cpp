// What opening a damaged file would make of it, as somebody looks at it.

#include "views/recovery_panel.h"

#include "support/corpus.h"
#include "support/scanned.h"
#include "views/virtual_table_view.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSlider>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include <memory>

namespace modelvault::ui {

class RecoveryPanelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aSoundFileLosesNothing();
    void aTornTransactionIsCutAndSaidWhy();
    void rowsThatGoAreListedWithTheirValues();
    void transactionsThatGoLeadToTheirBytes();
    void keptRowsAreReadOfTheChosenCollection();
    void anEarlierEndLosesMore();
    void whatIsTypedMustBeANumber();
    void theOtherSuperblockIsAnotherView();
    void nothingIsComputedWhileNobodyLooks();
    void everyDamagedFileHasAVerdict_data();
    void everyDamagedFileHasAVerdict();
    void everyPartHasANameAndIsReachedByTab();

private:
    void open(const std::string &name);
    [[nodiscard]] QString verdict() const
    {
        return m_panel->findChild<QLabel *>(QStringLiteral("recoveryVerdict"))->text();
    }
    [[nodiscard]] const RecoveryPlan &plan() const { return *m_panel->recovery().plan(); }
    [[nodiscard]] QSlider *slider() const { return m_panel->findChild<QSlider *>(); }

    std::shared_ptr<const Snapshot> m_snapshot;
    std::unique_ptr<RecoveryPanel> m_panel;
};

void RecoveryPanelTest::init()
{
    m_panel = std::make_unique<RecoveryPanel>();
    m_panel->resize(1100, 500);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void RecoveryPanelTest::open(const std::string &name)
{
    test::Scanned file(test::corpusFile(name).bytes());
    m_snapshot = file.snapshot;
    m_panel->setSource(std::move(file.store), m_snapshot);
    QTRY_VERIFY(m_panel->isSettled());
}

void RecoveryPanelTest::aSoundFileLosesNothing()
{
    open("valid-transactions");
    QVERIFY(verdict().contains(QStringLiteral("A reader opens the file as it is.")));
    QVERIFY(verdict().contains(QStringLiteral("discards nothing")));
    QCOMPARE(m_panel->changedRows()->model()->rowCount(), std::uint64_t{0});
    QCOMPARE(m_panel->changedRows()->spokenText(), QStringLiteral("No row is lost, and none changes."));
}

void RecoveryPanelTest::aTornTransactionIsCutAndSaidWhy()
{
    open("damaged-cut-before-commit");
    QVERIFY(plan().discardedBytes() > 0);
    QVERIFY2(verdict().contains(QStringLiteral("A writer cuts the file at 0x")), qPrintable(verdict()));
    QVERIFY(m_panel->lostTransactions()->model()->rowCount() > 0);
}

void RecoveryPanelTest::rowsThatGoAreListedWithTheirValues()
{
    open("damaged-record-payload-bit");
    const auto *model = m_panel->changedRows()->model();
    if (model->rowCount() == 0)
        open("damaged-cut-before-commit");
    QVERIFY(model->rowCount() > 0);
    QTRY_VERIFY(!model->data(0, 2, Qt::DisplayRole).toString().isEmpty());
    QVERIFY(!model->data(0, 1, Qt::DisplayRole).toString().isEmpty());
    QSignalSpy chosen(m_panel.get(), &RecoveryPanel::recordChosen);
    m_panel->changedRows()->selectRow(0);
    QCOMPARE(chosen.size(), 1);
    QVERIFY(chosen[0][0].value<Offset>() >= plan().lossBegin());
}

void RecoveryPanelTest::transactionsThatGoLeadToTheirBytes()
{
    open("damaged-cut-before-commit");
    m_panel->findChild<QTabWidget *>(QStringLiteral("recoveryLost"))->setCurrentIndex(1);
    const auto *model = m_panel->lostTransactions()->model();
    QTRY_VERIFY(!model->data(0, 0, Qt::DisplayRole).toString().isEmpty());
    QSignalSpy chosen(m_panel.get(), &RecoveryPanel::placeChosen);
    m_panel->lostTransactions()->selectRow(0);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen[0][0].value<Offset>(), plan().lossBegin());
}

void RecoveryPanelTest::keptRowsAreReadOfTheChosenCollection()
{
    open("valid-transactions");
    const auto *collections = m_panel->collections()->model();
    QCOMPARE(collections->rowCount(), static_cast<int>(plan().counts().size()));
    QCOMPARE(collections->index(0, 1).data().toString(), QString::number(plan().counts().begin()->second.kept));
    const auto *rows = m_panel->keptRows()->model();
    QCOMPARE(rows->rowCount(), plan().counts().begin()->second.kept);
    QTRY_VERIFY(rows->data(0, 1, Qt::DisplayRole).toString().contains(QLatin1Char(':')));
    QTest::keyClick(m_panel->collections(), Qt::Key_Down);
    QCOMPARE(rows->rowCount(), std::next(plan().counts().begin())->second.kept);
}

void RecoveryPanelTest::anEarlierEndLosesMore()
{
    open("valid-history");
    QCOMPARE(slider()->value(), slider()->maximum());
    slider()->setValue(slider()->maximum() * 9 / 10);
    QTRY_VERIFY(m_panel->isSettled() && plan().view().end.has_value());
    QVERIFY(plan().view().end->value < m_snapshot->fileLength());
    QVERIFY(plan().discardedBytes() > 0 || plan().changeCount() > 0);
    m_panel->findChild<QToolButton *>(QStringLiteral("recoveryAsItIs"))->click();
    QTRY_VERIFY(m_panel->isSettled() && !plan().view().end);
    QCOMPARE(slider()->value(), slider()->maximum());
}

void RecoveryPanelTest::whatIsTypedMustBeANumber()
{
    open("valid-history");
    auto *line = m_panel->findChild<QLineEdit *>(QStringLiteral("recoveryEndOffset"));
    line->setText(QStringLiteral("0x2100"));
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_VERIFY(m_panel->isSettled());
    QCOMPARE(plan().view().end, std::optional(Offset{0x2100}));
    line->setText(QStringLiteral("the middle"));
    QTest::keyClick(line, Qt::Key_Return);
    QTRY_VERIFY(m_panel->isSettled());
    QCOMPARE(plan().view().end, std::optional(Offset{0x2100}));
}

void RecoveryPanelTest::theOtherSuperblockIsAnotherView()
{
    open("valid-history");
    auto *blocks = m_panel->findChild<QComboBox *>();
    const auto used = m_snapshot->head.selected;
    blocks->setCurrentIndex(used == SuperblockSlot::A ? 2 : 1);
    QTRY_VERIFY(m_panel->isSettled());
    QCOMPARE(plan().view().superblock, std::optional(used == SuperblockSlot::A ? SuperblockSlot::B : SuperblockSlot::A));
}

void RecoveryPanelTest::nothingIsComputedWhileNobodyLooks()
{
    m_panel->hide();
    test::Scanned file(test::corpusFile("valid-history").bytes());
    m_panel->setSource(std::move(file.store), file.snapshot);
    QVERIFY(!m_panel->recovery().isBusy());
    m_panel->show();
    QTRY_VERIFY(m_panel->recovery().plan());
}

void RecoveryPanelTest::everyDamagedFileHasAVerdict_data()
{
    QTest::addColumn<std::string>("name");
    for (const auto &name : test::corpusNames()) {
        if (name.starts_with("damaged-"))
            QTest::newRow(name.c_str()) << name;
    }
}

void RecoveryPanelTest::everyDamagedFileHasAVerdict()
{
    QFETCH(std::string, name);
    open(name);
    QVERIFY(m_panel->recovery().plan() || m_panel->recovery().error());
    QVERIFY2(verdict().contains(QStringLiteral("reader")), qPrintable(verdict()));
}

void RecoveryPanelTest::everyPartHasANameAndIsReachedByTab()
{
    open("damaged-cut-before-commit");
    m_panel->activateWindow();
    m_panel->collections()->setFocus();
    QSet<QWidget *> reached;
    for (int i = 0; i < 20; ++i) {
        QTest::keyClick(m_panel->focusWidget(), Qt::Key_Tab);
        reached.insert(m_panel->focusWidget());
    }
    for (QWidget *part : {static_cast<QWidget *>(m_panel->collections()), static_cast<QWidget *>(m_panel->keptRows()),
                          static_cast<QWidget *>(m_panel->changedRows()), static_cast<QWidget *>(slider())}) {
        QVERIFY(!part->accessibleName().isEmpty());
        QVERIFY2(reached.contains(part), qPrintable(part->objectName()));
    }
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::RecoveryPanelTest)

#include "recovery_panel_test.moc"
