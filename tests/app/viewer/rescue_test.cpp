// What is readable in a damaged file goes into a new one, by the Recovery tab.

#include "window.h"

#include "support/corpus.h"
#include "support/scratch_dir.h"
#include "support/strict_open.h"
#include "views/notice_bar.h"
#include "views/recovery_panel.h"
#include "views/virtual_table_view.h"

#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QToolButton>

using namespace modelvault;
using namespace modelvault::ui;
using test::ScratchDir;
using test::Window;

class RescueTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder.emplace();
        m_shown.emplace();
    }
    void cleanup() { m_shown.reset(); }

    void whatTheEngineWouldKeepOpensClean()
    {
        open("damaged-cut-before-commit");
        const auto kept = panel()->recovery().plan()->kept() != nullptr;
        QVERIFY(kept);
        choose(RescueKeep::Engine);
        rescueTo("new.mv");
        const auto state = test::openStrictly(test::readFile(*m_folder / "new.mv"));
        QVERIFY(state);
        std::uint64_t rows = 0;
        for (const auto &[id, ofCollection] : state->rows)
            rows += ofCollection.size();
        std::uint64_t promised = 0;
        for (const auto &[id, counts] : panel()->recovery().plan()->counts())
            promised += counts.kept;
        QCOMPARE(rows, promised);
        QVERIFY2(notice().contains(QStringLiteral("rescued to")), qPrintable(notice()));
    }

    void whatWasLeftOutIsListedAndLeadsToItsBytes()
    {
        open("damaged-record-payload-bit");
        rescueTo("new.mv");
        QVERIFY2(notice().contains(QStringLiteral("listed in the Recovery tab")), qPrintable(notice()));
        auto *list = panel()->notRescued();
        QVERIFY(list->model()->rowCount() > 0);
        auto *tabs = panel()->findChild<QTabWidget *>(QStringLiteral("recoveryLost"));
        QVERIFY(tabs->isTabVisible(2));
        tabs->setCurrentIndex(2);
        QTRY_VERIFY(m_shown->window.isSettled());
        list->selectRow(0);
        const auto &finding = m_shown->window.currentView()->document()->snapshot()->findings.front();
        QTRY_COMPARE(m_shown->document()->selection().begin.value, finding.offset.value);
    }

    void nothingOfItIsShownOverAFileThatWasReloaded()
    {
        open("damaged-record-payload-bit");
        rescueTo("new.mv");
        auto *tabs = panel()->findChild<QTabWidget *>(QStringLiteral("recoveryLost"));
        QVERIFY(tabs->isTabVisible(2));
        m_shown->document()->open();
        QTRY_VERIFY(m_shown->window.isSettled() && !tabs->isTabVisible(2));
        QVERIFY2(notice().contains(QStringLiteral("rescued to")), qPrintable(notice()));
        QVERIFY2(!notice().contains(QStringLiteral("listed in the Recovery tab")), qPrintable(notice()));
    }

    void whatEndsAfterAReloadIsNotListedOverTheNewFile()
    {
        open("damaged-record-payload-bit");
        startRescue("new.mv");
        m_shown->document()->open(); // nothing of the rescue is taken over before the event loop runs
        QTRY_VERIFY(m_shown->window.isSettled());
        QTRY_VERIFY(notice().contains(QStringLiteral("rescued to")));
        QVERIFY(!panel()->findChild<QTabWidget *>(QStringLiteral("recoveryLost"))->isTabVisible(2));
        QVERIFY2(!notice().contains(QStringLiteral("listed in the Recovery tab")), qPrintable(notice()));
    }

    void theNewFileOpensFromTheNotice()
    {
        open("damaged-cut-before-commit");
        rescueTo("new.mv");
        auto *open = button(QStringLiteral("Open It"));
        QVERIFY(open != nullptr);
        open->click();
        QVERIFY(m_shown->shows(2));
        QCOMPARE(test::text(m_shown->document()->path().filename()), QStringLiteral("new.mv"));
    }

    void aFileThatIsThereStays()
    {
        open("damaged-cut-before-commit");
        m_folder->write("precious.mv", "precious");
        rescueTo("precious.mv");
        QVERIFY2(notice().contains(QStringLiteral("It is there already")), qPrintable(notice()));
        QCOMPARE(test::readFile(*m_folder / "precious.mv").size(), std::string("precious").size());
    }

    void theDamagedFileIsNeverWrittenTo()
    {
        open("damaged-cut-before-commit");
        const auto before = test::readFile(m_shown->document()->path());
        rescueTo("damaged-cut-before-commit.mv");
        QVERIFY2(notice().contains(QStringLiteral("Not rescued to")), qPrintable(notice()));
        QVERIFY(test::readFile(m_shown->document()->path()) == before);
    }

private:
    void open(const std::string &name)
    {
        const auto path = m_folder->write(name + ".mv", test::corpusFile(name).bytes());
        m_shown->window.openFile(path);
        QVERIFY(m_shown->shows(1));
        m_shown->press(Qt::ALT | Qt::Key_7);
        QTRY_VERIFY(panel()->isVisible() && panel()->recovery().plan() && m_shown->window.isSettled());
    }
    [[nodiscard]] RecoveryPanel *panel() const { return m_shown->window.currentView()->recovery(); }
    void choose(RescueKeep keep)
    {
        auto *choice = panel()->findChild<QComboBox *>(QStringLiteral("rescueKeep"));
        choice->setCurrentIndex(choice->findData(QVariant::fromValue(keep)));
    }
    void startRescue(const char *name)
    {
        panel()->findChild<QPushButton *>(QStringLiteral("rescue"))->click();
        auto *dialog = m_shown->window.findChild<QFileDialog *>();
        QVERIFY(dialog != nullptr);
        dialog->findChild<QLineEdit *>()->setText(test::text(*m_folder / name));
        QMetaObject::invokeMethod(dialog, "accept");
    }
    void rescueTo(const char *name)
    {
        startRescue(name);
        QTRY_VERIFY(m_shown->window.isSettled());
        QTRY_VERIFY(notice().contains(QStringLiteral("rescued to")));
    }
    [[nodiscard]] QString notice() const { return m_shown->notices().join(QLatin1Char('\n')); }
    [[nodiscard]] QAbstractButton *button(const QString &text) const
    {
        for (auto *each : m_shown->window.currentView()->notices()->findChildren<QAbstractButton *>())
            if (each->text() == text)
                return each;
        return nullptr;
    }

    std::optional<ScratchDir> m_folder;
    std::optional<Window> m_shown;
};

QTEST_MAIN(RescueTest)
#include "rescue_test.moc"
