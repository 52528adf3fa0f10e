// A developer asks what is wrong with a file.

#include "views/check_view.h"

#include "support/corpus.h"
#include "support/file_builder.h"
#include "support/sample_rows.h"
#include "support/scratch_dir.h"
#include "views/virtual_table_view.h"

#include <nlohmann/json.hpp>

#include <QApplication>
#include <QClipboard>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSet>
#include <QSignalSpy>
#include <QTest>
#include <QTextEdit>
#include <QToolButton>

#include <memory>
#include <string>

namespace modelvault::ui {

class CheckViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aSmallFileIsCheckedWhenItIsFirstLookedAt();
    void beforeThatThereIsWhatTheScanFound();
    void aSoundFileSaysWhatWasChecked();
    void aFindingIsExplained();
    void aFindingLeadsToItsBytes();
    void returnGoesOnAmongTheBytes();
    void severitiesAreTakenOutAndComeBack();
    void whatIsTypedFilters();
    void whereNothingPassesItSaysSo();
    void aClickOnAHeaderOrdersThem();
    void theReportIsCopied();
    void theReportIsSavedAsItsNameSays();
    void theReportIsNeverSavedOverTheDatabase();
    void withoutAFullCheckThereIsNoReport();
    void theMenuOfARowHasItAll();
    void checkedAgainTheSameFindingIsExplained();
    void aReloadKeepsThePlace();
    void stoppedItSaysSo();
    void whatAFileSaysIsNoMarkup();
    void allIsNamedAndReachedByTab();

private:
    void open(const std::string &name) { openBytes(test::corpusFile(name).bytes()); }
    void openBytes(const std::vector<std::byte> &bytes);
    void show()
    {
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
        QTRY_VERIFY(m_document->isSettled());
    }
    void openAndCheck(const std::string &name)
    {
        open(name);
        show();
        QCOMPARE(m_document->check().state(), FileCheck::State::Done);
    }
    /// With an error in the log, warnings about both superblocks, and something that is worth knowing.
    [[nodiscard]] static std::vector<std::byte> manyFaults()
    {
        auto bytes = test::corpusFile("damaged-checkpoint-pointer").bytes();
        test::FileBuilder file(std::move(bytes));
        file.flip({20}).flip({9659 + SegmentHeader::kSize});
        return file.bytes();
    }
    template <class Widget>
    [[nodiscard]] Widget *find(const char *name) const
    {
        return m_view->findChild<Widget *>(QString::fromLatin1(name));
    }
    [[nodiscard]] QString summary() const { return find<QLabel>("checkSummary")->text(); }
    [[nodiscard]] QString empty() const { return m_view->table()->spokenText(); }
    [[nodiscard]] QString details() const { return m_view->details()->toPlainText(); }
    QString saveAs(const QString &path);

    std::unique_ptr<test::ScratchDir> m_folder;
    std::filesystem::path m_path;
    std::unique_ptr<Document> m_document;
    std::unique_ptr<CheckView> m_view;
};

void CheckViewTest::init()
{
    m_folder = std::make_unique<test::ScratchDir>();
    m_path = *m_folder / "a.mv";
}

void CheckViewTest::cleanup()
{
    m_view.reset();
    m_document.reset();
}

void CheckViewTest::openBytes(const std::vector<std::byte> &bytes)
{
    m_folder->write("a.mv", bytes);
    m_document = std::make_unique<Document>(m_path, LockWish::None);
    m_view = std::make_unique<CheckView>(*m_document);
    m_view->resize(1000, 400);
    m_document->open();
    QTRY_VERIFY(m_document->isSettled());
    QCOMPARE(m_document->state(), Document::State::Scanned);
}

void CheckViewTest::aSmallFileIsCheckedWhenItIsFirstLookedAt()
{
    open("damaged-checkpoint-pointer");
    QCOMPARE(m_view->rows().rowCount(), 0U); // a scan does not follow it
    show();
    QCOMPARE(m_view->rows().rowCount(), 2U); // in both superblocks
    QCOMPARE(m_view->rows().finding(0).what.code, ErrorCode::BadCheckpointPointer);
    QCOMPARE(summary(), QStringLiteral("Everything was checked: 0 errors, 2 warnings, 0 worth knowing."));
    QCOMPARE(find<QToolButton>("showwarning")->text(), QStringLiteral("Warnings: 2"));
    QCOMPARE(find<QPushButton>("checkEverything")->text(), QStringLiteral("Check Again"));
}

void CheckViewTest::beforeThatThereIsWhatTheScanFound()
{
    open("damaged-segment-magic");
    QCOMPARE(m_view->rows().rowCount(), 1U);
    QCOMPARE(summary(), QStringLiteral("Found by the scan: 1 error, 0 warnings, 0 worth knowing."));
    QVERIFY(find<QPushButton>("checkEverything")->isEnabled());
}

void CheckViewTest::aSoundFileSaysWhatWasChecked()
{
    open("valid-transactions");
    QVERIFY(empty().contains(QStringLiteral("The scan found nothing wrong in")));
    QVERIFY(empty().contains(QStringLiteral("Check Everything")));
    show();
    QVERIFY(empty().startsWith(QStringLiteral("Nothing is wrong.")));
    QVERIFY2(empty().contains(QStringLiteral("4 transactions, 4 rows of 2 collections")), qPrintable(empty()));
    QVERIFY(m_view->details()->isHidden());
}

void CheckViewTest::aFindingIsExplained()
{
    openBytes(manyFaults());
    show();
    QVERIFY(details().contains(QStringLiteral("Choose a finding")));
    m_view->table()->selectRow(0);
    QVERIFY(details().startsWith(QStringLiteral("Error: The payload's checksum is wrong: computed ")));
    QVERIFY(details().contains(QStringLiteral("The bytes of this segment are not those that were written.")));
    for (const auto *fact :
         {"Expected", "Found", "Touches", "transaction 5", "BadSegmentPayloadChecksum", "0x25bb to 0x2633, 120 bytes"})
        QVERIFY2(details().contains(QLatin1String(fact)), qPrintable(details()));
    m_view->table()->selectRow(1);
    QVERIFY(details().startsWith(QStringLiteral("Warning: The superblock names no whole checkpoint")));
    QVERIFY(!details().contains(QStringLiteral("Expected"))); // only where it leads is known
}

void CheckViewTest::aFindingLeadsToItsBytes()
{
    openBytes(manyFaults());
    show();
    QSignalSpy chosen(m_view.get(), &CheckView::placeChosen);
    for (std::uint64_t row = 0; row < m_view->rows().rowCount(); ++row) {
        m_view->table()->selectRow(row);
        QCOMPARE(chosen.size(), 1);
        const auto arguments = chosen.takeFirst();
        const auto &what = m_view->rows().finding(row).what;
        QCOMPARE(arguments[0].value<Offset>(), what.offset);
        QCOMPARE(arguments[1].value<Offset>(), what.end());
        QCOMPARE(m_view->currentFinding(), std::optional(m_view->rows().numberAt(row)));
    }
}

void CheckViewTest::returnGoesOnAmongTheBytes()
{
    openAndCheck("damaged-segment-magic");
    QSignalSpy wanted(m_view.get(), &CheckView::bytesRequested);
    m_view->table()->setFocus();
    QTest::keyClick(m_view->table(), Qt::Key_Down);
    QTest::keyClick(m_view->table(), Qt::Key_Return);
    QCOMPARE(wanted.size(), 1);
}

void CheckViewTest::severitiesAreTakenOutAndComeBack()
{
    openBytes(manyFaults());
    show();
    QCOMPARE(m_view->rows().rowCount(), 4U);
    m_view->table()->selectRow(1);
    const auto current = m_view->currentFinding();
    auto *warnings = find<QToolButton>("showwarning");
    QCOMPARE(warnings->text(), QStringLiteral("Warnings: 2"));
    warnings->setFocus();
    QTest::keyClick(warnings, Qt::Key_Space);
    QCOMPARE(m_view->rows().rowCount(), 2U);
    QCOMPARE(m_view->table()->currentRow(), std::nullopt);
    QCOMPARE(m_view->currentFinding(), current); // still explained
    QTest::keyClick(warnings, Qt::Key_Space);
    QCOMPARE(m_view->table()->currentRow(), std::optional<std::uint64_t>(1));
}

void CheckViewTest::whatIsTypedFilters()
{
    openBytes(manyFaults());
    show();
    auto *filter = find<QLineEdit>("checkFilter");
    QTest::keyClicks(filter, QStringLiteral("superblock"));
    QCOMPARE(m_view->rows().rowCount(), 2U);
    QTest::keyClick(filter, Qt::Key_Return);
    QCOMPARE(m_view->focusWidget(), static_cast<QWidget *>(m_view->table()));
}

void CheckViewTest::whereNothingPassesItSaysSo()
{
    openAndCheck("damaged-segment-magic");
    find<QLineEdit>("checkFilter")->setText(QStringLiteral("no such thing"));
    QCOMPARE(empty(), QStringLiteral("No finding passes the filter."));
}

void CheckViewTest::aClickOnAHeaderOrdersThem()
{
    openBytes(manyFaults());
    show();
    auto *header = m_view->table()->header();
    const auto click = [header](int column) {
        const QPoint place(header->sectionViewportPosition(column) + 5, header->height() / 2);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, place);
    };
    click(FindingRowModel::Place);
    QCOMPARE(m_view->rows().order(), FindingRowModel::Order::ByPlace);
    QCOMPARE(header->sortIndicatorSection(), int(FindingRowModel::Place));
    click(FindingRowModel::What); // not by that
    QCOMPARE(m_view->rows().order(), FindingRowModel::Order::ByPlace);
    QCOMPARE(header->sortIndicatorSection(), int(FindingRowModel::Place));
    click(FindingRowModel::Gravity);
    QCOMPARE(m_view->rows().order(), FindingRowModel::Order::BySeverity);
}

void CheckViewTest::theReportIsCopied()
{
    openBytes(manyFaults());
    show();
    m_view->copyReport(CheckView::Format::Markdown);
    QTRY_VERIFY(QApplication::clipboard()->text().startsWith(QStringLiteral("# Check of a.mv\n")));
    m_view->copyReport(CheckView::Format::Json);
    QTRY_VERIFY(QApplication::clipboard()->text().startsWith(QLatin1Char('{')));
    const auto said = nlohmann::json::parse(QApplication::clipboard()->text().toStdString());
    QCOMPARE(said["depth"].get<std::string>(), std::string("full"));
    QCOMPARE(said["findings"].size(), std::size_t{4});
    QCOMPARE(said["findings"][0]["code"].get<std::string>(), std::string("ReservedNotZero")); // in the file's order
}

/// What is said then.
QString CheckViewTest::saveAs(const QString &path)
{
    QSignalSpy said(m_view.get(), &CheckView::said);
    m_view->saveReport();
    auto *dialog = m_view->findChild<QFileDialog *>();
    dialog->setOption(QFileDialog::DontConfirmOverwrite);
    dialog->findChild<QLineEdit *>()->setText(path);
    QMetaObject::invokeMethod(dialog, "accept");
    (void)QTest::qWaitFor([&] { return !said.isEmpty() && m_view->findChild<QFileDialog *>() == nullptr; });
    return said.isEmpty() ? QString() : said.front().front().toString();
}

void CheckViewTest::theReportIsSavedAsItsNameSays()
{
    openBytes(manyFaults());
    show();
    const auto textOf = [](const std::filesystem::path &path) {
        const auto bytes = test::readFile(path);
        return std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    };
    const auto markdown = *m_folder / "report.md";
    QVERIFY(saveAs(QString::fromStdString(markdown.native())).startsWith(QStringLiteral("Saved to ")));
    QVERIFY(textOf(markdown).starts_with("# Check of a.mv\n"));
    const auto json = *m_folder / "report.json";
    QVERIFY(saveAs(QString::fromStdString(json.native())).startsWith(QStringLiteral("Saved to ")));
    QCOMPARE(nlohmann::json::parse(textOf(json))["findings"].size(), std::size_t{4});
}

void CheckViewTest::theReportIsNeverSavedOverTheDatabase()
{
    openBytes(manyFaults());
    show();
    std::filesystem::create_hard_link(m_path, *m_folder / "link.json");
    for (const auto *name : {"a.mv", "link.json"})
        QVERIFY(saveAs(QString::fromStdString((*m_folder / name).native())).startsWith(QStringLiteral("Not saved: ")));
    QCOMPARE(test::readFile(m_path), manyFaults());
}

void CheckViewTest::withoutAFullCheckThereIsNoReport()
{
    open("damaged-segment-magic");
    QVERIFY(!find<QToolButton>("checkReport")->isEnabled());
    QApplication::clipboard()->setText(QStringLiteral("before"));
    m_view->copyReport(CheckView::Format::Json);
    m_view->saveReport();
    QTest::qWait(50);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("before"));
    QVERIFY(m_view->findChild<QFileDialog *>() == nullptr);
    show();
    QVERIFY(find<QToolButton>("checkReport")->isEnabled());
}

void CheckViewTest::theMenuOfARowHasItAll()
{
    openBytes(manyFaults());
    show();
    m_view->table()->selectRow(0);
    QSignalSpy stepped(m_view.get(), &CheckView::findingStepRequested);
    QMenu menu;
    Q_EMIT m_view->table()->rowMenuRequested(&menu, 0, -1);
    Q_EMIT menu.aboutToShow();
    QStringList texts;
    for (auto *action : menu.actions()) {
        texts += action->text().remove(QLatin1Char('&'));
        QVERIFY(action->isEnabled());
        if (action->shortcut() == QKeySequence(Qt::Key_F8) || action->text().startsWith(QStringLiteral("Copy &All")))
            action->trigger();
    }
    for (const auto *wanted : {"Copy All Rows", "Copy Report as Markdown", "Copy Report as JSON", "Save Report…",
                               "Next Finding", "Previous Finding"})
        QVERIFY2(texts.contains(QString::fromUtf8(wanted)), wanted);
    QCOMPARE(stepped.size(), 1);
    QTRY_COMPARE(QApplication::clipboard()->text().count(QLatin1Char('\n')), 4);
    QVERIFY(QApplication::clipboard()->text().startsWith(QStringLiteral("Error\t0x")));
}

void CheckViewTest::checkedAgainTheSameFindingIsExplained()
{
    openBytes(manyFaults());
    const auto &before = m_document->check().findings()->report().findings; // of the scan
    const auto number = std::size_t(
        std::ranges::find(before, ErrorCode::BadSegmentPayloadChecksum, [](const auto &it) { return it.what.code; })
        - before.begin());
    m_view->showFinding(number);
    show();
    QCOMPARE(m_view->table()->currentRow(), std::optional<std::uint64_t>(0));
    QVERIFY(details().contains(QStringLiteral("BadSegmentPayloadChecksum")));
}

void CheckViewTest::aReloadKeepsThePlace()
{
    openBytes(manyFaults());
    show();
    find<QToolButton>("showinfo")->setChecked(false);
    m_view->table()->selectRow(2);
    const auto offset = m_view->rows().finding(2).what.offset;
    m_folder->write("new.mv", manyFaults());
    std::filesystem::rename(*m_folder / "new.mv", m_path);
    m_document->open();
    QTRY_VERIFY(m_document->isSettled());
    QCOMPARE(m_document->check().state(), FileCheck::State::Done); // as before
    QCOMPARE(m_view->rows().rowCount(), 3U);
    QCOMPARE(m_view->table()->currentRow(), std::optional<std::uint64_t>(2));
    QCOMPARE(m_view->rows().finding(2).what.offset, offset);
    QVERIFY(details().startsWith(QStringLiteral("Warning: ")));
}

void CheckViewTest::stoppedItSaysSo()
{
    open("damaged-segment-magic");
    find<QPushButton>("checkEverything")->click();
    QVERIFY(!find<QToolButton>("stopCheck")->isHidden());
    QVERIFY(!find<QPushButton>("checkEverything")->isEnabled());
    find<QToolButton>("stopCheck")->click();
    QVERIFY(summary().startsWith(QStringLiteral("Stopped before everything was checked.")));
    QVERIFY(find<QToolButton>("stopCheck")->isHidden());
    find<QPushButton>("checkEverything")->click();
    QTRY_VERIFY(summary().startsWith(QStringLiteral("Everything was checked: ")));
}

void CheckViewTest::whatAFileSaysIsNoMarkup()
{
    test::FileBuilder file;
    file.begin().append(SegmentType::Schema, test::createWords().encode()).commit();
    auto broken = test::word("<b>bold</b>").encode();
    broken.push_back(std::byte{0});
    file.begin().append(SegmentType::Record, broken).commit().publish();
    openBytes(file.bytes());
    show();
    QCOMPARE(m_view->rows().rowCount(), 1U);
    m_view->table()->selectRow(0);
    QVERIFY(details().contains(QStringLiteral("words \"<b>bold</b>\"")));
}

void CheckViewTest::allIsNamedAndReachedByTab()
{
    openBytes(manyFaults());
    show();
    m_view->table()->selectRow(0);
    m_view->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
    m_view->table()->setFocus();
    QSet<QString> reached;
    for (int i = 0; i < 20; ++i) {
        QTest::keyClick(m_view->focusWidget(), Qt::Key_Tab);
        reached.insert(m_view->focusWidget()->objectName());
    }
    for (const auto *name : {"checkEverything", "checkReport", "showerror", "showwarning", "showinfo", "checkFilter",
                             "findings", "findingDetails"})
        QVERIFY2(reached.contains(QString::fromLatin1(name)), name);
    for (const auto *widget : {static_cast<QWidget *>(m_view->table()), static_cast<QWidget *>(m_view->details()),
                               find<QWidget>("checkFilter"), find<QWidget>("checkProgress")})
        QVERIFY(!widget->accessibleName().isEmpty());
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::CheckViewTest)

#include "check_view_test.moc"
