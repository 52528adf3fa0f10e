#include "views/virtual_table_view.h"

#include "ui/made_up_rows.h"
#include "views/structure_palette.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>

namespace modelvault::ui {

namespace {

constexpr std::uint64_t kRows = 200'000'000;

/// Far down: where pixels from the top of the table would no longer fit 31 bits.
void farRows()
{
    QTest::addColumn<quint64>("row");
    QTest::newRow("first") << quint64(0);
    QTest::newRow("30 pixels a row overflow an int") << quint64(71'582'790);
    QTest::newRow("20 pixels a row overflow an int") << quint64(107'374'190);
    QTest::newRow("last") << quint64(kRows - 1);
}

} // namespace

class VirtualTableViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void goesToRowsFarDown_data();
    void goesToRowsFarDown();
    void paintsRowsFarDownLikeOthers_data();
    void paintsRowsFarDownLikeOthers();
    void selectsRowsFarDownByMouse_data();
    void selectsRowsFarDownByMouse();
    void looksAtVisibleRowsOnly();
    void showingARowIsSilentSelectingSpeaks();
    void showsARowAgainAfterScrollingAway();
    void rowsThatAreNotThereAreNotShown();
    void arrowsMoveTheCursorARow();
    void pagesAndEnds();
    void shiftExtendsTheSelection();
    void shiftWithoutACursorBeginsWhereTheViewIs();
    void mouseSelectsAndExtends();
    void returnAndDoubleClickActivate();
    void wheelScrollsByLines();
    void appendedRowsKeepThePlace();
    void aResetGoesToTheTop();
    void aResetToFewRowsFromFarDown();
    void changedRowsAreShownAnew();
    void copiesTheSelectedRows();
    void copiesColumnsAsTheyAreShown();
    void hiddenColumnsAreNotPainted();
    void goesToWhatIsTyped();
    void columnsAreKeptAsTheUserChoseThem();
    void columnsAreArrangedByTheMenuKeyToo();
    void aCellIsCopiedByTheMenuKey();
    void saysWhyThereIsNothing();
    void theScrollBarComesWithTheRows();
    void worksWithoutAModel();
    void rowsWithFaultsAreTinted();

private:
    void show(RowModel *model);
    [[nodiscard]] QString shownText(std::uint64_t row, int column) const;
    /// Up to where a scroll bar may begin.
    [[nodiscard]] QImage painted(std::uint64_t row) const
    {
        auto rect = m_view->rowRect(row);
        rect.setWidth(m_view->width() - 50);
        return m_view->viewport()->grab(rect).toImage();
    }
    void press(int key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::keyClick(m_view.get(), Qt::Key(key), modifiers);
    }
    void click(std::uint64_t row, Qt::KeyboardModifiers modifiers = {}) const;
    [[nodiscard]] QString copied() const;
    /// Of the menu that the menu key opens.
    [[nodiscard]] QAction *actionByKey(const char *menu, int column, const QString &text) const;
    [[nodiscard]] std::uint64_t visibleRows() const;

    std::unique_ptr<MadeUpRows> m_rows;
    std::unique_ptr<VirtualTableView> m_view;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

void VirtualTableViewTest::init()
{
    m_rows = std::make_unique<MadeUpRows>(kRows);
    m_view = std::make_unique<VirtualTableView>();
    show(m_rows.get());
    m_tester = std::make_unique<QAbstractItemModelTester>(m_view->header()->model(),
                                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
}

void VirtualTableViewTest::cleanup()
{
    m_tester.reset();
    m_view.reset();
    m_rows.reset();
}

void VirtualTableViewTest::show(RowModel *model)
{
    m_view->setModel(model);
    m_view->resize(600, 400);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    m_view->setFocus();
}

/// What stands in the table's line for that row; nothing if the line is not where the row's rectangle is.
QString VirtualTableViewTest::shownText(std::uint64_t row, int column) const
{
    const auto rect = m_view->rowRect(row);
    if (rect.isEmpty())
        return {};
    const int line = static_cast<int>(row - m_view->firstVisibleRow());
    if (rect.top() != line * rect.height() || !m_view->viewport()->rect().intersects(rect))
        return {};
    return m_view->header()->model()->index(line, column).data().toString();
}

void VirtualTableViewTest::click(std::uint64_t row, Qt::KeyboardModifiers modifiers) const
{
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, modifiers, m_view->rowRect(row).center());
}

QAction *VirtualTableViewTest::actionByKey(const char *menu, int column, const QString &text) const
{
    QContextMenuEvent key(QContextMenuEvent::Keyboard, QPoint(), QPoint());
    QApplication::sendEvent(m_view->viewport(), &key);
    auto *popup = QApplication::activePopupWidget();
    const auto *inMenu = popup != nullptr ? popup->findChild<QMenu *>(QLatin1String(menu)) : nullptr;
    if (inMenu == nullptr)
        return nullptr;
    auto *ofColumn = inMenu->actions().at(column);
    if (text.isEmpty())
        return ofColumn;
    const auto actions = ofColumn->menu()->actions();
    const auto found = std::ranges::find(actions, text, &QAction::text);
    return found != actions.end() ? *found : nullptr;
}

QString VirtualTableViewTest::copied() const
{
    auto *clipboard = QApplication::clipboard();
    clipboard->setText(QStringLiteral("before"));
    QTest::keySequence(m_view.get(), QKeySequence::Copy);
    (void)QTest::qWaitFor([clipboard] { return clipboard->text() != QLatin1String("before"); });
    return clipboard->text();
}

std::uint64_t VirtualTableViewTest::visibleRows() const
{
    const int height = m_view->rowRect(m_view->firstVisibleRow()).height();
    return static_cast<std::uint64_t>(m_view->viewport()->height() / height);
}

void VirtualTableViewTest::goesToRowsFarDown_data()
{
    farRows();
}

void VirtualTableViewTest::goesToRowsFarDown()
{
    QFETCH(quint64, row);
    m_view->showRow(row);
    QVERIFY(m_view->viewport()->rect().contains(m_view->rowRect(row)));
    for (int column = 0; column < MadeUpRows::ColumnCount; ++column)
        QCOMPARE(shownText(row, column), MadeUpRows::text(row, column));
    // All the others around it too.
    const auto end = std::min<std::uint64_t>(m_view->firstVisibleRow() + visibleRows(), kRows);
    for (auto other = m_view->firstVisibleRow(); other < end; ++other)
        QCOMPARE(shownText(other, MadeUpRows::Number), MadeUpRows::text(other, MadeUpRows::Number));
    QVERIFY(m_view->isSelected(row));
    QCOMPARE(m_view->currentRow(), row);
}

void VirtualTableViewTest::paintsRowsFarDownLikeOthers_data()
{
    farRows();
}

void VirtualTableViewTest::paintsRowsFarDownLikeOthers()
{
    QFETCH(quint64, row);
    m_view->showRow(row);
    const auto far = painted(row);

    // The same row of a short table.
    const auto line = row % 2;
    MadeUpRows few(line + 1, row - line);
    m_view->setModel(&few);
    m_view->showRow(line);
    QCOMPARE(far, painted(line));

    MadeUpRows others(line + 1, row - line + 1);
    m_view->setModel(&others);
    m_view->showRow(line);
    QVERIFY2(far != painted(line), "the text of the row is not in the picture");
    m_view->setModel(nullptr);
}

void VirtualTableViewTest::selectsRowsFarDownByMouse_data()
{
    farRows();
}

void VirtualTableViewTest::selectsRowsFarDownByMouse()
{
    QFETCH(quint64, row);
    m_view->showRow(row);
    const auto other = m_view->firstVisibleRow() + 2;
    QSignalSpy current(m_view.get(), &VirtualTableView::currentRowChanged);
    click(other);
    QCOMPARE(m_view->currentRow(), other);
    QVERIFY(!m_view->isSelected(row));
    QCOMPARE(current.size(), 1);
    QCOMPARE(current[0][0].value<std::uint64_t>(), other);
}

void VirtualTableViewTest::looksAtVisibleRowsOnly()
{
    for (const std::uint64_t row : {std::uint64_t{71'582'790}, std::uint64_t{3}, kRows - 1, kRows / 2}) {
        m_view->showRow(row);
        m_rows->forgetWhatWasAsked();
        (void)m_view->grab();
        QVERIFY(m_rows->leastAsked() >= m_view->firstVisibleRow());
        QVERIFY(m_rows->mostAsked() <= m_view->firstVisibleRow() + visibleRows());
    }
    m_view->selectRow(1000);
    m_rows->forgetWhatWasAsked();
    press(Qt::Key_PageDown);
    (void)m_view->grab();
    QVERIFY(m_rows->leastAsked() >= m_view->firstVisibleRow());
    QVERIFY(m_rows->mostAsked() <= m_view->firstVisibleRow() + visibleRows());
}

void VirtualTableViewTest::showingARowIsSilentSelectingSpeaks()
{
    QSignalSpy current(m_view.get(), &VirtualTableView::currentRowChanged);
    m_view->showRow(12'345);
    QCOMPARE(m_view->currentRow(), 12'345U);
    QVERIFY(current.isEmpty());
    m_view->selectRow(54'321);
    QCOMPARE(m_view->currentRow(), 54'321U);
    QCOMPARE(current.size(), 1);
    QCOMPARE(current[0][0].value<std::uint64_t>(), 54'321U);
    m_view->selectRow(54'321);
    QCOMPARE(current.size(), 1);
    m_view->showRow(std::nullopt);
    QCOMPARE(m_view->currentRow(), std::nullopt);
    QVERIFY(!m_view->isSelected(54'321));
    QCOMPARE(current.size(), 1);
}

void VirtualTableViewTest::showsARowAgainAfterScrollingAway()
{
    m_view->showRow(5000);
    m_view->verticalScrollBar()->triggerAction(QAbstractSlider::SliderToMaximum);
    QVERIFY(m_view->rowRect(5000).isEmpty());
    m_view->showRow(5000);
    QVERIFY(!m_view->rowRect(5000).isEmpty());
}

void VirtualTableViewTest::rowsThatAreNotThereAreNotShown()
{
    QSignalSpy current(m_view.get(), &VirtualTableView::currentRowChanged);
    m_view->showRow(7);
    m_view->selectRow(kRows);
    QCOMPARE(m_view->currentRow(), 7U);
    m_view->showRow(kRows);
    QCOMPARE(m_view->currentRow(), std::nullopt);
    QVERIFY(current.isEmpty());
    QVERIFY(m_view->rowRect(kRows).isEmpty());
}

void VirtualTableViewTest::arrowsMoveTheCursorARow()
{
    press(Qt::Key_Down);
    QCOMPARE(m_view->currentRow(), 0U); // first the one that is there to be seen
    press(Qt::Key_Down);
    press(Qt::Key_Down);
    QCOMPARE(m_view->currentRow(), 2U);
    QVERIFY(!m_view->isSelected(1));
    press(Qt::Key_Up);
    QCOMPARE(m_view->currentRow(), 1U);
    press(Qt::Key_Up);
    press(Qt::Key_Up);
    QCOMPARE(m_view->currentRow(), 0U);

    // Over the edge the table scrolls along, by a row.
    const auto last = visibleRows() - 1;
    m_view->selectRow(last);
    QCOMPARE(m_view->firstVisibleRow(), 0U);
    press(Qt::Key_Down);
    QCOMPARE(m_view->currentRow(), last + 1);
    QCOMPARE(m_view->firstVisibleRow(), 1U);
}

void VirtualTableViewTest::pagesAndEnds()
{
    m_view->selectRow(1000);
    press(Qt::Key_PageDown);
    QCOMPARE(m_view->currentRow(), 1000 + visibleRows());
    press(Qt::Key_PageUp);
    QCOMPARE(m_view->currentRow(), 1000U);
    press(Qt::Key_End);
    QCOMPARE(m_view->currentRow(), kRows - 1);
    QCOMPARE(shownText(kRows - 1, MadeUpRows::Number), QString::number(kRows - 1));
    press(Qt::Key_PageDown);
    press(Qt::Key_Down);
    QCOMPARE(m_view->currentRow(), kRows - 1);
    press(Qt::Key_Home);
    QCOMPARE(m_view->currentRow(), 0U);
    QCOMPARE(m_view->firstVisibleRow(), 0U);
    press(Qt::Key_PageUp);
    QCOMPARE(m_view->currentRow(), 0U);
}

void VirtualTableViewTest::shiftExtendsTheSelection()
{
    m_view->selectRow(100);
    press(Qt::Key_Down, Qt::ShiftModifier);
    press(Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(m_view->currentRow(), 102U);
    QVERIFY(m_view->isSelected(100) && m_view->isSelected(101) && m_view->isSelected(102));
    QVERIFY(!m_view->isSelected(99) && !m_view->isSelected(103));
    for (int i = 0; i < 4; ++i)
        press(Qt::Key_Up, Qt::ShiftModifier);
    QVERIFY(m_view->isSelected(98) && m_view->isSelected(100) && !m_view->isSelected(101));
    press(Qt::Key_End, Qt::ShiftModifier);
    QVERIFY(m_view->isSelected(100) && m_view->isSelected(kRows - 1) && !m_view->isSelected(99));
    press(Qt::Key_Up);
    QVERIFY(m_view->isSelected(kRows - 2) && !m_view->isSelected(kRows - 1));
    QTest::keySequence(m_view.get(), QKeySequence::SelectAll);
    QVERIFY(m_view->isSelected(0) && m_view->isSelected(kRows - 1));
}

void VirtualTableViewTest::shiftWithoutACursorBeginsWhereTheViewIs()
{
    m_view->showRow(1'000'000);
    m_view->showRow(std::nullopt);
    const auto top = m_view->firstVisibleRow();
    click(top + 3, Qt::ShiftModifier);
    QVERIFY(m_view->isSelected(top + 3));
    QVERIFY(!m_view->isSelected(0));
    m_view->showRow(std::nullopt);
    press(Qt::Key_Down, Qt::ShiftModifier);
    QVERIFY(m_view->isSelected(top));
    QVERIFY(!m_view->isSelected(top - 1));
}

void VirtualTableViewTest::mouseSelectsAndExtends()
{
    QSignalSpy current(m_view.get(), &VirtualTableView::currentRowChanged);
    click(3);
    QCOMPARE(m_view->currentRow(), 3U);
    click(6, Qt::ShiftModifier);
    QVERIFY(m_view->isSelected(3) && m_view->isSelected(6) && !m_view->isSelected(7));
    // A right click into the selection leaves it as it is.
    QTest::mouseClick(m_view->viewport(), Qt::RightButton, {}, m_view->rowRect(4).center());
    QVERIFY(m_view->isSelected(3) && m_view->isSelected(6));
    QTest::mouseClick(m_view->viewport(), Qt::RightButton, {}, m_view->rowRect(8).center());
    QVERIFY(m_view->isSelected(8) && !m_view->isSelected(6));
    QCOMPARE(current.size(), 3);

    QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, m_view->rowRect(2).center());
    QTest::mouseMove(m_view->viewport(), m_view->rowRect(5).center());
    QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, m_view->rowRect(5).center());
    QVERIFY(m_view->isSelected(2) && m_view->isSelected(5) && !m_view->isSelected(6));
}

void VirtualTableViewTest::returnAndDoubleClickActivate()
{
    QSignalSpy activated(m_view.get(), &VirtualTableView::rowActivated);
    press(Qt::Key_Return);
    QVERIFY(activated.isEmpty());
    m_view->selectRow(kRows - 5);
    press(Qt::Key_Return);
    QCOMPARE(activated.size(), 1);
    QCOMPARE(activated[0][0].value<std::uint64_t>(), kRows - 5);
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, m_view->rowRect(kRows - 7).center());
    QCOMPARE(activated.size(), 2);
    QCOMPARE(activated[1][0].value<std::uint64_t>(), kRows - 7);
}

void VirtualTableViewTest::wheelScrollsByLines()
{
    m_view->showRow(71'582'790);
    const auto top = m_view->firstVisibleRow();
    QTest::wheelEvent(m_view->windowHandle(), QPointF(50, 200), QPoint(0, -120));
    QCOMPARE(m_view->firstVisibleRow(), top + static_cast<std::uint64_t>(QApplication::wheelScrollLines()));
    const auto row = m_view->firstVisibleRow();
    QCOMPARE(shownText(row, MadeUpRows::Number), QString::number(row));
}

void VirtualTableViewTest::appendedRowsKeepThePlace()
{
    m_view->showRow(107'374'190);
    const auto top = m_view->firstVisibleRow();
    QSignalSpy current(m_view.get(), &VirtualTableView::currentRowChanged);
    m_rows->append(1000);
    QCOMPARE(m_view->firstVisibleRow(), top);
    QCOMPARE(m_view->currentRow(), 107'374'190U);
    QVERIFY(current.isEmpty());
    press(Qt::Key_End);
    QCOMPARE(m_view->currentRow(), kRows + 999);

    // The last page fills up from below.
    m_rows->reset(3);
    QCOMPARE(m_view->header()->model()->rowCount(), 3);
    m_rows->append(2);
    QCOMPARE(m_view->header()->model()->rowCount(), 5);
    QCOMPARE(shownText(4, MadeUpRows::Number), QStringLiteral("4"));
}

void VirtualTableViewTest::aResetGoesToTheTop()
{
    m_view->selectRow(107'374'190);
    QSignalSpy current(m_view.get(), &VirtualTableView::currentRowChanged);
    m_rows->reset(kRows / 2);
    QCOMPARE(m_view->firstVisibleRow(), 0U);
    QCOMPARE(m_view->currentRow(), std::nullopt);
    QVERIFY(current.isEmpty());
    QCOMPARE(shownText(0, MadeUpRows::Number), QStringLiteral("0"));
}

void VirtualTableViewTest::aResetToFewRowsFromFarDown()
{
    m_view->selectRow(kRows - 1);
    m_rows->forgetWhatWasAsked();
    m_rows->reset(2);
    QCOMPARE(m_view->header()->model()->rowCount(), 2);
    QCOMPARE(shownText(1, MadeUpRows::Twice), QStringLiteral("2"));
    QVERIFY2(m_rows->mostAsked() < 2, "asked for a row that is not there any more");
    m_rows->reset(0);
    QCOMPARE(m_view->header()->model()->rowCount(), 0);
    QVERIFY(m_view->rowRect(0).isEmpty());
    press(Qt::Key_Down);
    QCOMPARE(m_view->currentRow(), std::nullopt);
    m_rows->reset(kRows);
    QCOMPARE(shownText(1, MadeUpRows::Number), QStringLiteral("1"));
}

void VirtualTableViewTest::changedRowsAreShownAnew()
{
    m_view->showRow(71'582'790);
    const auto before = painted(71'582'790);
    QSignalSpy changed(m_view->header()->model(), &QAbstractItemModel::dataChanged);
    m_rows->change(5);
    QVERIFY(changed.isEmpty()); // nobody sees that one
    m_rows->change(71'582'790);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(changed[0][0].toModelIndex().row(), static_cast<int>(71'582'790 - m_view->firstVisibleRow()));
    QCOMPARE(shownText(71'582'790, MadeUpRows::Number), QStringLiteral("changed"));
    QVERIFY(painted(71'582'790) != before);
}

void VirtualTableViewTest::copiesTheSelectedRows()
{
    m_view->selectRow(107'374'190);
    QCOMPARE(copied(), QStringLiteral("107374190\t214748380\tword 107374190\n"));
    press(Qt::Key_Up, Qt::ShiftModifier);
    QCOMPARE(copied(), QStringLiteral("107374189\t214748378\tword 107374189\n107374190\t214748380\tword 107374190\n"));
}

void VirtualTableViewTest::copiesColumnsAsTheyAreShown()
{
    m_view->selectRow(4);
    m_view->header()->setSectionHidden(MadeUpRows::Twice, true);
    QCOMPARE(copied(), QStringLiteral("4\tword 4\n"));
    m_view->header()->moveSection(m_view->header()->visualIndex(MadeUpRows::Word), 0);
    QCOMPARE(copied(), QStringLiteral("word 4\t4\n"));
}

void VirtualTableViewTest::hiddenColumnsAreNotPainted()
{
    // Two tables that differ in one column only.
    class Odd : public MadeUpRows {
    public:
        using MadeUpRows::MadeUpRows;
        [[nodiscard]] QVariant data(std::uint64_t row, int column, int role) const override
        {
            const bool odd = role == Qt::DisplayRole && column == Twice;
            return odd ? QStringLiteral("odd") : MadeUpRows::data(row, column, role);
        }
    } odd(10);
    MadeUpRows usual(10);
    const auto painted0 = [this](RowModel *model, bool hidden) {
        m_view->setModel(model);
        m_view->header()->setSectionHidden(MadeUpRows::Twice, hidden);
        return painted(0);
    };
    QVERIFY(painted0(&odd, false) != painted0(&usual, false));
    QCOMPARE(painted0(&odd, true), painted0(&usual, true));
    m_view->setModel(nullptr);
}

void VirtualTableViewTest::goesToWhatIsTyped()
{
    QTest::keyClicks(m_view.get(), QStringLiteral("5"));
    QTRY_COMPARE(m_view->currentRow(), std::optional<std::uint64_t>(5));
    // What is typed on refines the search and does not begin a new one.
    QTest::keyClicks(m_view.get(), QStringLiteral("7"));
    QTRY_COMPARE(m_view->currentRow(), std::optional<std::uint64_t>(57));
    QTest::qWait(QApplication::keyboardInputInterval() + 50);
    // After a pause the next one of the kind is meant.
    QTest::keyClicks(m_view.get(), QStringLiteral("57"));
    QTRY_COMPARE(m_view->currentRow(), std::optional<std::uint64_t>(157));
    QTest::qWait(QApplication::keyboardInputInterval() + 50);
    // What means nothing moves nothing.
    QTest::keyClicks(m_view.get(), QStringLiteral("x "));
    QTest::qWait(20);
    QCOMPARE(m_view->currentRow(), std::optional<std::uint64_t>(157));
}

void VirtualTableViewTest::columnsAreKeptAsTheUserChoseThem()
{
    QVERIFY(m_view->saveColumns().isEmpty()); // nobody chose anything
    m_view->header()->moveSection(0, 2);
    m_view->header()->resizeSection(1, 77);
    const auto state = m_view->saveColumns();
    QVERIFY(!state.isEmpty());

    VirtualTableView other;
    MadeUpRows rows(10);
    other.setModel(&rows);
    QVERIFY(!other.restoreColumns(QByteArray("nonsense")));
    QCOMPARE(other.header()->logicalIndex(0), 0);
    QVERIFY(other.restoreColumns(state));
    rows.reset(2000); // does not size them anew
    QCOMPARE(other.header()->logicalIndex(0), 1);
    QCOMPARE(other.header()->sectionSize(1), 77);
    QCOMPARE(other.saveColumns(), state);
}

void VirtualTableViewTest::rowsWithFaultsAreTinted()
{
    const auto colour = StructurePalette(m_view->palette()).tint(ContentKind::Damaged, true);
    const auto isTinted = [&](std::uint64_t row) { return painted(row).pixelColor(2, 2) == colour; };
    QVERIFY(!isTinted(2));
    m_rows->setFaulty(2);
    QVERIFY(isTinted(2));
    QVERIFY(!isTinted(3));
}

void VirtualTableViewTest::columnsAreArrangedByTheMenuKeyToo()
{
    const auto *header = m_view->header();
    const auto choose = [this](int column, const QString &text) {
        auto *action = actionByKey("columns", column, text);
        QVERIFY2(action != nullptr, qPrintable(text));
        action->trigger();
        QApplication::activePopupWidget()->close();
    };
    press(Qt::Key_Home);
    const int width = header->sectionSize(0);
    choose(0, QStringLiteral("&Wider"));
    QVERIFY(header->sectionSize(0) > width);
    choose(0, QStringLiteral("&Narrower"));
    QCOMPARE(header->sectionSize(0), width);
    choose(0, QStringLiteral("Move &Right"));
    QCOMPARE(header->visualIndex(0), 1);
    choose(1, QStringLiteral("Move &Left")); // by now the second
    QCOMPARE(header->visualIndex(0), 0);
    choose(0, QStringLiteral("&Shown"));
    QVERIFY(header->isSectionHidden(0));
    QVERIFY(!m_view->saveColumns().isEmpty());
    auto *hidden = actionByKey("columns", header->count(), {}); // behind the others and a line
    QVERIFY(hidden != nullptr);
    hidden->trigger();
    QVERIFY(!header->isSectionHidden(0));
}

void VirtualTableViewTest::aCellIsCopiedByTheMenuKey()
{
    press(Qt::Key_Home);
    auto *clipboard = QApplication::clipboard();
    clipboard->setText(QStringLiteral("before"));
    auto *action = actionByKey("copyCell", 1, {});
    QVERIFY(action != nullptr);
    action->trigger();
    QTRY_COMPARE(clipboard->text().trimmed(), shownText(0, 1));
}

void VirtualTableViewTest::saysWhyThereIsNothing()
{
    const auto full = m_view->viewport()->grab().toImage();
    m_view->setEmptyText(QStringLiteral("Nothing here"));
    QCOMPARE(m_view->viewport()->grab().toImage(), full);
    m_rows->reset(0);
    const auto one = m_view->viewport()->grab().toImage();
    m_view->setEmptyText(QStringLiteral("Nothing there"));
    QVERIFY(m_view->viewport()->grab().toImage() != one);
}

void VirtualTableViewTest::theScrollBarComesWithTheRows()
{
    m_rows->reset(0);
    QTRY_VERIFY(!m_view->verticalScrollBar()->isVisible());
    m_rows->append(1000);
    QTRY_VERIFY(m_view->verticalScrollBar()->isVisible());
}

void VirtualTableViewTest::worksWithoutAModel()
{
    m_view->setModel(nullptr);
    for (const int key : {Qt::Key_Down, Qt::Key_End, Qt::Key_PageUp, Qt::Key_Return})
        press(key);
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, QPoint(20, 20));
    QCOMPARE(m_view->currentRow(), std::nullopt);
    (void)m_view->grab();

    m_view->setModel(m_rows.get());
    m_view->selectRow(1000);
    m_rows.reset(); // goes before the view
    (void)m_view->grab();
    press(Qt::Key_Down);
    QVERIFY(m_view->rowRect(1000).isEmpty());
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::VirtualTableViewTest)

#include "virtual_table_view_test.moc"
