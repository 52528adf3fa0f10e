#include "views/table_accessible.h"

#include "ui/made_up_rows.h"
#include "views/virtual_table_view.h"

#include <QAccessible>
#include <QHeaderView>
#include <QTest>

#include <memory>
#include <vector>

namespace modelvault::ui {

namespace {

constexpr std::uint64_t kRows = 200'000'000;

/// What got the focus, newest last.
std::vector<const QAccessibleInterface *> focused;

void noteFocus(QAccessibleEvent *event)
{
    if (event->type() == QAccessible::Focus)
        focused.push_back(event->accessibleInterface());
}

} // namespace

/// As a screen reader goes through a table.
class TableAccessibleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void isATableOfTheRowsOnScreen();
    void cellsNameWhatTheyShowAndTheirHeader();
    void cellsFarDownNameTheirRow();
    void cellsFollowWhatIsScrolled();
    void cellsThatScrolledAwayAreNotValid();
    void hiddenAndMovedColumnsAreAsOnScreen();
    void childrenAreHeadersAndThenCells();
    void everyCellIsFoundWhereItIs();
    void selectedRowsAreSaidAndChosen();
    void theCursorIsTheFocus();
    void noRowsAreNoCells();

private:
    [[nodiscard]] QString nameOf(int row, int column) const
    {
        return m_table->cellAt(row, column)->text(QAccessible::Name);
    }

    std::unique_ptr<MadeUpRows> m_rows;
    std::unique_ptr<VirtualTableView> m_view;
    QAccessibleInterface *m_accessible = nullptr;
    QAccessibleTableInterface *m_table = nullptr;
};

void TableAccessibleTest::init()
{
    installSpokenViews();
    m_rows = std::make_unique<MadeUpRows>(kRows);
    m_view = std::make_unique<VirtualTableView>();
    m_view->setModel(m_rows.get());
    m_view->resize(600, 400);
    m_view->show();
    m_view->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
    m_view->setFocus();
    m_accessible = QAccessible::queryAccessibleInterface(m_view.get());
    QVERIFY(m_accessible);
    m_table = m_accessible->tableInterface();
    QVERIFY(m_table);
}

void TableAccessibleTest::cleanup()
{
    m_view.reset();
    m_rows.reset();
}

void TableAccessibleTest::isATableOfTheRowsOnScreen()
{
    QCOMPARE(m_accessible->role(), QAccessible::Table);
    QCOMPARE(m_table->columnCount(), int(MadeUpRows::ColumnCount));
    QCOMPARE(m_table->rowCount(), m_view->rowsOnScreen().rowCount());
    QVERIFY(m_table->rowCount() > 10);
    QVERIFY(m_table->rowCount() < 100);
}

void TableAccessibleTest::cellsNameWhatTheyShowAndTheirHeader()
{
    auto *cell = m_table->cellAt(4, MadeUpRows::Word);
    QVERIFY(cell);
    QVERIFY(cell->isValid());
    QCOMPARE(cell->role(), QAccessible::Cell);
    QCOMPARE(cell->text(QAccessible::Name), QStringLiteral("word 4"));
    const auto *place = cell->tableCellInterface();
    QVERIFY(place);
    QCOMPARE(place->rowIndex(), 4);
    QCOMPARE(place->columnIndex(), int(MadeUpRows::Word));
    QCOMPARE(place->table(), m_accessible);
    const auto headers = place->columnHeaderCells();
    QCOMPARE(headers.size(), 1);
    QCOMPARE(headers.front()->role(), QAccessible::ColumnHeader);
    QCOMPARE(headers.front()->text(QAccessible::Name), QStringLiteral("column 2"));
    QCOMPARE(m_table->columnDescription(MadeUpRows::Word), QStringLiteral("column 2"));
    QCOMPARE(m_table->cellAt(4, MadeUpRows::Word), cell); // the same one again
}

void TableAccessibleTest::cellsFarDownNameTheirRow()
{
    m_view->selectRow(107'374'190);
    const auto line = static_cast<int>(107'374'190 - m_view->rowsOnScreen().firstRow());
    QCOMPARE(nameOf(line, MadeUpRows::Number), QStringLiteral("107374190"));
    QVERIFY(m_table->rowDescription(line).startsWith(QStringLiteral("row 107374191 of 200000000")));
    QCOMPARE(m_table->cellAt(line, 0)->text(QAccessible::Description), m_table->rowDescription(line));
}

void TableAccessibleTest::cellsFollowWhatIsScrolled()
{
    const auto *cell = m_table->cellAt(0, MadeUpRows::Number);
    QCOMPARE(cell->text(QAccessible::Name), QStringLiteral("0"));
    m_view->selectRow(kRows - 1);
    QCOMPARE(cell->text(QAccessible::Name), QString::number(m_view->rowsOnScreen().firstRow()));
}

void TableAccessibleTest::cellsThatScrolledAwayAreNotValid()
{
    auto *cell = m_table->cellAt(5, MadeUpRows::Number);
    m_rows->reset(3);
    QVERIFY(!cell->isValid());
    QVERIFY(cell->state().invalid);
    QCOMPARE(cell->text(QAccessible::Name), QString());
    QVERIFY(cell->rect().isEmpty());
    QVERIFY(!m_table->cellAt(5, MadeUpRows::Number));
    QCOMPARE(m_accessible->indexOfChild(cell), -1);
}

void TableAccessibleTest::hiddenAndMovedColumnsAreAsOnScreen()
{
    m_view->header()->setSectionHidden(MadeUpRows::Number, true);
    m_view->header()->moveSection(MadeUpRows::Word, MadeUpRows::Twice);
    QCOMPARE(m_table->columnCount(), 2);
    QCOMPARE(nameOf(3, 0), QStringLiteral("word 3"));
    QCOMPARE(nameOf(3, 1), QStringLiteral("6"));
}

void TableAccessibleTest::childrenAreHeadersAndThenCells()
{
    const int columns = m_table->columnCount();
    QCOMPARE(m_accessible->childCount(), (m_table->rowCount() + 1) * columns);
    QCOMPARE(m_accessible->child(1)->role(), QAccessible::ColumnHeader);
    for (int index = 0; index < m_accessible->childCount(); ++index) {
        const auto *child = m_accessible->child(index);
        QCOMPARE(m_accessible->indexOfChild(child), index);
        QCOMPARE(child->parent(), m_accessible);
    }
    QCOMPARE(m_accessible->child(columns * 3 + 1), m_table->cellAt(2, 1));
    QVERIFY(!m_accessible->child(m_accessible->childCount()));
    QVERIFY(!m_accessible->child(-1));
}

void TableAccessibleTest::everyCellIsFoundWhereItIs()
{
    int found = 0;
    for (int index = 0; index < m_accessible->childCount(); ++index) {
        auto *child = m_accessible->child(index);
        if (child->state().offscreen)
            continue;
        const auto middle = child->rect().center();
        QCOMPARE(m_accessible->childAt(middle.x(), middle.y()), child);
        ++found;
    }
    QVERIFY(found > 3 * 10);
    const auto outside = m_view->mapToGlobal(QPoint(-5, -5));
    QVERIFY(!m_accessible->childAt(outside.x(), outside.y()));
}

void TableAccessibleTest::selectedRowsAreSaidAndChosen()
{
    QVERIFY(m_table->selectRow(2));
    QCOMPARE(m_view->currentRow(), std::optional<std::uint64_t>(2));
    QTest::keyClick(m_view.get(), Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(m_table->selectedRows(), (QList<int>{2, 3}));
    QCOMPARE(m_table->selectedCellCount(), 2 * m_table->columnCount());
    QCOMPARE(m_table->selectedCells().size(), m_table->selectedCellCount());
    QVERIFY(m_table->cellAt(3, 0)->state().selected);
    QVERIFY(m_table->cellAt(3, 0)->tableCellInterface()->isSelected());
    QVERIFY(!m_table->cellAt(4, 0)->state().selected);
    QVERIFY(!m_table->selectRow(m_table->rowCount()));
}

void TableAccessibleTest::theCursorIsTheFocus()
{
    QVERIFY(!m_accessible->focusChild());
    focused.clear();
    const auto before = QAccessible::installUpdateHandler(noteFocus);
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    QTest::keyClick(m_view.get(), Qt::Key_Down);
    QAccessible::installUpdateHandler(before);
    QCOMPARE(m_accessible->focusChild(), m_table->cellAt(1, 0));
    QVERIFY(m_table->cellAt(1, 0)->state().focused);
    QVERIFY(!m_table->cellAt(0, 0)->state().focused);
    QVERIFY(!focused.empty());
    QCOMPARE(focused.back(), m_table->cellAt(1, 0));
}

void TableAccessibleTest::noRowsAreNoCells()
{
    m_rows->reset(0);
    QCOMPARE(m_table->rowCount(), 0);
    QCOMPARE(m_accessible->childCount(), m_table->columnCount()); // the headers
    QVERIFY(!m_accessible->focusChild());
    m_view->setModel(nullptr);
    QCOMPARE(m_accessible->childCount(), 0);
    QVERIFY(!m_accessible->child(0));
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::TableAccessibleTest)
#include "table_accessible_test.moc"
