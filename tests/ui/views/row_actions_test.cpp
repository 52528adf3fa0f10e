// Rows on their way to other programs.

#include "views/row_actions.h"

#include "database/database_writer.h"
#include "sample/schema.h"
#include "support/corpus.h"
#include "support/scanned.h"
#include "views/data_view.h"
#include "views/virtual_table_view.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QMenu>
#include <QPointer>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <string>

namespace modelvault::ui {

class RowActionsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void selectedRowsAreCopied();
    void withoutASelectionAllAreCopied();
    void columnsAreCopiedAsTheyStand();
    void everyFormatHasTheRows();
    void theMenuOfARowCopies();
    void whatIsTooMuchIsCutAndSaid();
    void nothingIsSaidToBeNothing();
    void rowsThatAreGoneAreNotCopied();
    void theButtonOffersToExport();

private:
    void open(std::vector<std::byte> bytes);
    [[nodiscard]] std::string copied(RowTextFormat format = RowTextFormat::Csv);

    std::shared_ptr<MemoryStore> m_store;
    std::unique_ptr<DataView> m_view;
    std::unique_ptr<QSignalSpy> m_said;
};

void RowActionsTest::init()
{
    m_view = std::make_unique<DataView>();
    m_view->resize(1200, 500);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    m_said = std::make_unique<QSignalSpy>(m_view->actions(), &RowActions::said);
    open(test::corpusFile("valid-transactions").bytes());
}

void RowActionsTest::open(std::vector<std::byte> bytes)
{
    test::Scanned file(std::move(bytes));
    m_store = std::move(file.store);
    m_view->setSource(m_store, file.snapshot);
    QTRY_VERIFY(m_view->isSettled());
}

std::string RowActionsTest::copied(RowTextFormat format)
{
    QApplication::clipboard()->clear();
    m_view->actions()->copy(format);
    constexpr int kLongest = 60'000; // ms; a hundred thousand rows, under sanitizers
    (void)QTest::qWaitFor([this] { return m_view->isSettled(); }, kLongest);
    return QApplication::clipboard()->text().toStdString();
}

void RowActionsTest::selectedRowsAreCopied()
{
    m_view->table()->selectRow(1);
    QTest::keyClick(m_view->table(), Qt::Key_Down, Qt::ShiftModifier);
    const auto text = copied();
    QCOMPARE(std::ranges::count(text, '\n'), 3); // the names, and two rows
    QCOMPARE(m_said->back().front().toString(), QStringLiteral("2 rows copied."));
}

void RowActionsTest::withoutASelectionAllAreCopied()
{
    QCOMPARE(std::ranges::count(copied(), '\n'), 5);
    QCOMPARE(m_said->back().front().toString(), QStringLiteral("4 rows copied."));
}

void RowActionsTest::columnsAreCopiedAsTheyStand()
{
    auto *header = m_view->table()->header();
    const auto names = QString::fromStdString(copied()).section(QLatin1Char('\n'), 0, 0);
    header->moveSection(0, 1);
    auto swapped = names.split(QLatin1Char(','));
    swapped.swapItemsAt(0, 1);
    QCOMPARE(QString::fromStdString(copied()).section(QLatin1Char('\n'), 0, 0), swapped.join(QLatin1Char(',')));
    header->setSectionHidden(0, true);
    QVERIFY(!QString::fromStdString(copied())
                 .section(QLatin1Char('\n'), 0, 0)
                 .contains(names.section(QLatin1Char(','), 0, 0)));
}

void RowActionsTest::everyFormatHasTheRows()
{
    const auto rows = nlohmann::json::parse(copied(RowTextFormat::JsonArray));
    QCOMPARE(rows.size(), std::size_t{4});
    for (const auto format : RowActions::kFormats) {
        const auto text = copied(format);
        for (const auto &row : rows) {
            for (const auto &value : row)
                QVERIFY2(text.contains(value.is_string() ? value.get<std::string>() : value.dump()),
                         qPrintable(QString::fromStdString(text)));
        }
    }
}

void RowActionsTest::theMenuOfARowCopies()
{
    m_view->table()->selectRow(0);
    QContextMenuEvent menuKey(QContextMenuEvent::Keyboard, QPoint(), QPoint());
    QApplication::sendEvent(m_view->table()->viewport(), &menuKey);
    const QPointer<QWidget> menu = QApplication::activePopupWidget();
    QVERIFY(menu);
    auto *formats = menu->findChild<QMenu *>(QStringLiteral("copyRowsAs"));
    QVERIFY(formats != nullptr);
    QCOMPARE(formats->actions().size(), static_cast<qsizetype>(RowActions::kFormats.size()));
    QApplication::clipboard()->clear();
    formats->actions().back()->trigger();
    QTRY_VERIFY(QApplication::clipboard()->text().startsWith(QStringLiteral("| ")));
    menu->close();
}

/// Many rows of one short key each.
void RowActionsTest::whatIsTooMuchIsCutAndSaid()
{
    constexpr int kRows = kMostCopiedRows + 3;
    auto writer = DatabaseWriter::create(std::make_unique<MemoryStore>()).value();
    QVERIFY(writer.createCollection("many", {sample::field({"id"}, TypeTag::Int64)}, {}, "id"));
    QVERIFY(writer.begin());
    for (std::int64_t i = 0; i < kRows; ++i)
        QVERIFY(writer.write(1, std::vector<Value>{{i}}));
    QVERIFY(writer.commit());
    const auto view = dynamic_cast<MemoryStore &>(writer.store()).view();
    open({view.begin(), view.end()});
    QCOMPARE(m_view->rows().rowCount(), static_cast<std::uint64_t>(kRows));
    QCOMPARE(std::ranges::count(copied(), '\n'), static_cast<std::ptrdiff_t>(kMostCopiedRows + 1));
    QVERIFY(m_said->back().front().toString().startsWith(QStringLiteral("Only the first 100")));
}

void RowActionsTest::nothingIsSaidToBeNothing()
{
    open(test::corpusFile("valid-empty").bytes());
    QVERIFY(copied().empty());
    QCOMPARE(m_said->back().front().toString(), QStringLiteral("There are no rows to copy."));
}

void RowActionsTest::rowsThatAreGoneAreNotCopied()
{
    QApplication::clipboard()->setText(QStringLiteral("before"));
    QVERIFY(m_store->truncate(kLogStart.value));
    m_view->actions()->copy(RowTextFormat::Csv);
    QTRY_VERIFY(m_view->isSettled());
    QVERIFY(m_said->back().front().toString().startsWith(QStringLiteral("Not copied: ")));
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("before"));
}

void RowActionsTest::theButtonOffersToExport()
{
    QSignalSpy requested(m_view->actions(), &RowActions::exportRequested);
    auto *button = m_view->findChild<QToolButton *>(QStringLiteral("exportRows"));
    QVERIFY(button->isEnabled());
    button->menu()->actions().front()->trigger();
    QCOMPARE(requested.size(), 1);
    QCOMPARE(requested.front().front().value<ExportScope>(), ExportScope::VisibleRows);
    m_view->setSource(nullptr, nullptr);
    QVERIFY(!button->isEnabled());
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::RowActionsTest)
#include "row_actions_test.moc"
