// What the application stored, as somebody looks at it.

#include "views/data_view.h"

#include "database/database_writer.h"
#include "database/row_index.h"
#include "store/memory_store.h"
#include "support/corpus.h"
#include "support/scanned.h"
#include "support/scratch_dir.h"
#include "text/words.h"
#include "views/column_filters.h"
#include "views/record_pane.h"
#include "views/value_find_view.h"
#include "views/virtual_table_view.h"

#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSyntaxHighlighter>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>
#include <QTreeView>
#include <QTreeWidget>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace modelvault::ui {

class DataViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void listsCollectionsWithTheirRows();
    void theFirstCollectionIsShown();
    void anotherCollectionIsChosenByKeyboard();
    void aClickOnAHeaderSortsAndAThirdOneDoesNot();
    void whatIsTypedAboveAHeaderFilters();
    void whereNothingPassesItSaysSo();
    void noneIsSaid();
    void whatCanNotBeAskedSaysWhy();
    void aRowIsShownInFull();
    void rulesThatAValueKeepsAndBreaksAreSaid();
    void aColumnIsShownInAnotherForm();
    void aValueIsFoundInAllCollections();
    void whatHeadersDoIsInAMenuToo();
    void theKeyStaysInSight();
    void aFieldLeadsToItsBytes();
    void aFieldThatIsClickedAgainLeadsThereAgain();
    void aRowLeadsToItsRecord();
    void theJsonIsTheRow();
    void aLongValueIsCutWithItsSize();
    void theHistorySaysWhatChanged();
    void theJsonIsHighlightedWhenItIsLookedAt();
    void filtersStandAboveTheirColumns();
    void everyPartHasANameAndIsReachedByTab();
    void withoutAFileThereIsNothing();

private:
    void open(const std::string &name);
    using Fields = std::vector<std::pair<std::string, TypeTag>>;
    /// Rows of a collection with such fields, of which the first is the key.
    void show(const Fields &fields, const std::vector<std::vector<Value>> &rows);
    [[nodiscard]] QString count() const { return m_view->findChild<QLabel *>(QStringLiteral("rowCount"))->text(); }
    void choose(std::uint64_t row);

    std::shared_ptr<const Store> m_store;
    std::shared_ptr<const Snapshot> m_snapshot;
    std::unique_ptr<DataView> m_view;
};

void DataViewTest::init()
{
    m_view = std::make_unique<DataView>();
    m_view->resize(1200, 500);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    open("valid-history");
}

void DataViewTest::open(const std::string &name)
{
    test::Scanned file(test::corpusFile(name).bytes());
    m_snapshot = file.snapshot;
    m_store = std::move(file.store);
    m_view->setSource(m_store, m_snapshot);
    QTRY_VERIFY(m_view->isSettled());
}

void DataViewTest::show(const Fields &fields, const std::vector<std::vector<Value>> &rows)
{
    auto writer = DatabaseWriter::create(std::make_unique<MemoryStore>()).value();
    std::vector<FieldDefinition> definitions;
    for (const auto &[name, type] : fields)
        definitions.push_back({.path = {{name}}, .type = {.tag = type}});
    QVERIFY(writer.createCollection("things", definitions, {}, fields.front().first));
    for (const auto &row : rows)
        QVERIFY(writer.write(1, row));
    const auto bytes = dynamic_cast<MemoryStore &>(writer.store()).view();
    test::Scanned file({bytes.begin(), bytes.end()});
    m_snapshot = file.snapshot;
    m_store = std::move(file.store);
    m_view->setSource(m_store, m_snapshot);
    QTRY_VERIFY(m_view->isSettled());
}

void DataViewTest::choose(std::uint64_t row)
{
    m_view->table()->selectRow(row);
    QTRY_VERIFY(m_view->isSettled());
}

void DataViewTest::listsCollectionsWithTheirRows()
{
    open("valid-transactions");
    const auto *model = m_view->collections()->model();
    QCOMPARE(model->rowCount(), 2);
    QCOMPARE(model->index(0, 0).data().toString(), QStringLiteral("ledger"));
    QCOMPARE(model->index(0, 1).data().toString(), QStringLiteral("4"));
    QCOMPARE(model->index(0, 3).data().toString(), QStringLiteral("1"));
    QCOMPARE(model->index(1, 0).data().toString(), QStringLiteral("later"));
    QCOMPARE(model->index(1, 1).data().toString(), QStringLiteral("0"));
}

void DataViewTest::theFirstCollectionIsShown()
{
    open("valid-transactions");
    QCOMPARE(m_view->rows().collectionId(), std::optional(1U));
    QCOMPARE(count(), QStringLiteral("4 rows"));
}

void DataViewTest::anotherCollectionIsChosenByKeyboard()
{
    open("valid-many-collections");
    m_view->collections()->setFocus();
    QTest::keyClick(m_view->collections(), Qt::Key_Down);
    QCOMPARE(m_view->rows().collectionId(), std::optional(2U));
    m_view->showCollection(5);
    QCOMPARE(m_view->rows().collectionId(), std::optional(5U));
}

void DataViewTest::aClickOnAHeaderSortsAndAThirdOneDoesNot()
{
    auto *header = m_view->table()->header();
    const auto click = [&] {
        const QPoint place(header->sectionViewportPosition(0) + header->sectionSize(0) / 2, header->height() / 2);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, place);
    };
    click();
    QCOMPARE(m_view->rows().sorting(), std::optional(DataRowModel::Sorting{.column = 0, .order = RowOrder::Rising}));
    QVERIFY(header->isSortIndicatorShown());
    click();
    QCOMPARE(m_view->rows().sorting()->order, RowOrder::Falling);
    click();
    QVERIFY(!m_view->rows().sorting());
    QVERIFY(!header->isSortIndicatorShown());
}

void DataViewTest::whatIsTypedAboveAHeaderFilters()
{
    open("valid-transactions");
    auto *line = m_view->filters()->line(1);
    QVERIFY(line != nullptr);
    QTest::keyClicks(line, QStringLiteral("> 3"));
    QTRY_COMPARE(count(), QStringLiteral("2 of 4 rows")); // after a pause
    line->clear();
    QTest::keyClick(line, Qt::Key_Return); // at once
    QCOMPARE(count(), QStringLiteral("4 rows"));
}

void DataViewTest::whereNothingPassesItSaysSo()
{
    open("valid-transactions");
    m_view->filters()->setText(1, QStringLiteral("> 1000000"));
    QTRY_COMPARE(count(), QStringLiteral("0 of 4 rows"));
    QTRY_VERIFY(m_view->table()->spokenText().contains(QStringLiteral("No row passes the filters.")));
}

void DataViewTest::noneIsSaid()
{
    open("valid-nested-paths");
    bool isSaid = false;
    for (std::uint64_t row = 0; row < m_view->rows().rowCount(); ++row) {
        choose(row);
        isSaid |= !m_view->record()->fields()->findItems(QStringLiteral("none"), Qt::MatchExactly, 1).isEmpty();
    }
    QVERIFY(isSaid);
}

void DataViewTest::whatCanNotBeAskedSaysWhy()
{
    open("valid-transactions");
    m_view->filters()->setText(1, QStringLiteral("> three"));
    QVERIFY(m_view->filters()->fault(1).contains(QStringLiteral("int64")));
    QCOMPARE(m_view->filters()->line(1)->accessibleDescription(), m_view->filters()->fault(1));
    QCOMPARE(count(), QStringLiteral("4 rows"));
    m_view->filters()->setText(1, QStringLiteral("> 3"));
    QVERIFY(m_view->filters()->fault(1).isEmpty());
    QTRY_COMPARE(count(), QStringLiteral("2 of 4 rows"));
}

void DataViewTest::aRowIsShownInFull()
{
    choose(0);
    auto *fields = m_view->record()->fields();
    QVERIFY(fields->topLevelItemCount() >= 2);
    const auto &collection = *m_snapshot->catalog->catalog().find(1);
    QCOMPARE(fields->topLevelItem(0)->text(0), QString::fromStdString(collection.primaryField));
    QVERIFY(!fields->topLevelItem(0)->text(1).isEmpty());
    QVERIFY(!m_view->record()->json()->toPlainText().isEmpty());
}

void DataViewTest::rulesThatAValueKeepsAndBreaksAreSaid()
{
    open("valid-constraints");
    bool isSaid = false;
    choose(0);
    const auto *fields = m_view->record()->fields();
    for (int i = 0; i < fields->topLevelItemCount(); ++i)
        isSaid |= fields->topLevelItem(i)->text(3).contains(QStringLiteral("✔"));
    QVERIFY(isSaid);
}

void DataViewTest::aColumnIsShownInAnotherForm()
{
    auto &rows = m_view->rows();
    int column = 0;
    while (rows.tagOf(column) != TypeTag::Int64 && rows.tagOf(column) != TypeTag::Uint64)
        QVERIFY(++column < rows.columnCount());
    QTRY_VERIFY(rows.isSettled());
    const auto usual = rows.data(0, column, Qt::DisplayRole).toString();
    rows.setDisplay(column, ValueDisplay::Hexadecimal);
    QTRY_COMPARE(rows.data(0, column, Qt::DisplayRole).toString(),
                 QStringLiteral("0x%1").arg(usual.toLongLong(), 0, 16));
}

void DataViewTest::aValueIsFoundInAllCollections()
{
    test::Scanned sample(test::readFile(MODELVAULT_SAMPLE));
    m_snapshot = sample.snapshot;
    m_view->setSource(std::move(sample.store), m_snapshot);
    QTRY_VERIFY(m_view->isSettled());
    auto *values = m_view->values();
    QVERIFY(!values->hits()->isVisible());
    QTest::keyClicks(values->line(), QStringLiteral("Library"));
    QTest::keyClick(values->line(), Qt::Key_Return);
    QTRY_VERIFY(m_view->isSettled());
    QVERIFY(values->hits()->isVisible());
    QVERIFY(values->finder().rowCount() > 0);
    const auto last = values->finder().rowCount() - 1;
    const auto &hit = values->finder().hit(last);
    QVERIFY(hit.cells[ValueFinder::Value].contains(QStringLiteral("library"), Qt::CaseInsensitive));
    m_view->filters()->setText(0, QStringLiteral("= 123456789")); // hides it
    QTRY_VERIFY(m_view->isSettled());
    values->hits()->selectRow(last);
    QTRY_VERIFY(m_view->isSettled());
    QCOMPARE(m_view->rows().collectionId(), std::optional(hit.collectionId));
    QCOMPARE(m_view->rows().record(*m_view->table()->currentRow()), std::optional(hit.record));
    values->line()->clear();
    QVERIFY(!values->hits()->isVisible());
    QTest::keyClicks(values->line(), QStringLiteral("nothing has this"));
    QTest::keyClick(values->line(), Qt::Key_Return);
    QTRY_COMPARE(values->hits()->spokenText(), QStringLiteral("No value holds this text."));
}

void DataViewTest::whatHeadersDoIsInAMenuToo()
{
    auto *menu = m_view->findChild<QToolButton *>(QStringLiteral("columns"))->menu();
    Q_EMIT menu->aboutToShow();
    QCOMPARE(menu->actions().size(), m_view->rows().columnCount());
    auto *ofColumn = menu->actions()[1]->menu();
    QCOMPARE(menu->actions()[1]->text(), m_view->rows().headerText(1));
    const auto trigger = [&](const QString &text) {
        for (auto *action : ofColumn->actions()) {
            if (action->text() == text)
                return action->trigger();
        }
        QFAIL(qPrintable(text));
    };
    trigger(QStringLiteral("Sort &Falling"));
    QCOMPARE(m_view->rows().sorting(), std::optional(DataRowModel::Sorting{.column = 1, .order = RowOrder::Falling}));
    QTRY_VERIFY(m_view->table()->header()->isSortIndicatorShown());
    trigger(QStringLiteral("In the Order of the &Log"));
    QVERIFY(!m_view->rows().sorting());
    trigger(QStringLiteral("&Show"));
    QVERIFY(m_view->table()->header()->isSectionHidden(1));
}

void DataViewTest::theKeyStaysInSight()
{
    auto *table = m_view->table();
    auto *header = table->header();
    QCOMPARE(table->frozenColumn(), -1);
    for (int column = 0; column < header->count(); ++column)
        header->resizeSection(column, column == 0 ? 100 : 600);
    table->horizontalScrollBar()->setValue(250);
    QCOMPARE(table->frozenColumn(), 0);
    auto *key = m_view->filters()->line(0);
    QVERIFY(key != nullptr);
    QCOMPARE(key->x(), 0);
    QCOMPARE(key->width(), 100);
    QCOMPARE(m_view->filters()->childAt(50, 5), key);
    table->horizontalScrollBar()->setValue(0);
    QCOMPARE(table->frozenColumn(), -1);
}

void DataViewTest::aFieldLeadsToItsBytes()
{
    choose(0);
    QSignalSpy chosen(m_view.get(), &DataView::placeChosen);
    auto *fields = m_view->record()->fields();
    for (int i = fields->topLevelItemCount() - 1; i >= 0; --i) {
        fields->setCurrentItem(fields->topLevelItem(i));
        QCOMPARE(chosen.size(), 1);
        const auto begin = chosen.takeFirst()[0].value<Offset>();
        RowReader reader(*m_store, m_snapshot);
        const auto segment = reader.read(*m_view->rows().record(0)).value().segment;
        QVERIFY(begin > segment.offset && begin < segment.end());
    }
}

void DataViewTest::aFieldThatIsClickedAgainLeadsThereAgain()
{
    choose(0);
    QSignalSpy chosen(m_view.get(), &DataView::placeChosen);
    auto *fields = m_view->record()->fields();
    const auto place = fields->visualItemRect(fields->topLevelItem(0)).center();
    QTest::mouseClick(fields->viewport(), Qt::LeftButton, {}, place);
    QVERIFY(!chosen.isEmpty());
    const auto first = chosen.takeFirst();
    const auto text = fields->topLevelItem(0)->text(4);
    QVERIFY(text.startsWith(offsetText(first[0].value<Offset>())));
    QVERIFY(text.endsWith(offsetText(first[1].value<Offset>())));
    chosen.clear();
    QTest::mouseClick(fields->viewport(), Qt::LeftButton, {}, place);
    QVERIFY(!chosen.isEmpty());
    QCOMPARE(chosen.front(), first);
}

void DataViewTest::aRowLeadsToItsRecord()
{
    QSignalSpy chosen(m_view.get(), &DataView::recordChosen);
    QTest::keyClick(m_view->table(), Qt::Key_Down);
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.takeFirst()[0].value<RecordNo>(), *m_view->rows().record(*m_view->table()->currentRow()));
    // Not where rows only come to stand elsewhere.
    m_view->rows().setSorting(DataRowModel::Sorting{.column = 0, .order = RowOrder::Falling});
    QTRY_VERIFY(m_view->isSettled());
    open("valid-books");
    QVERIFY(chosen.isEmpty());
}

void DataViewTest::theJsonIsTheRow()
{
    // Fields that are called as those of the record's header.
    show({{"operation", TypeTag::String}, {"count", TypeTag::Int64}},
         {{{std::string("stop \"here\"")}, {std::int64_t{9'007'199'254'740'993}}}});
    choose(0);
    QCOMPARE(m_view->record()->json()->toPlainText(),
             QStringLiteral("{\n  \"operation\": \"stop \\\"here\\\"\",\n  \"count\": 9007199254740993\n}"));
}

void DataViewTest::aLongValueIsCutWithItsSize()
{
    show({{"title", TypeTag::String}, {"blob", TypeTag::Bytes}}, {{{std::string("t")}, {Value::Bytes(1 << 20)}}});
    choose(0);
    const auto beginning = QStringLiteral("(1.0 MiB) 0000");
    QVERIFY(m_view->record()->json()->toPlainText().contains(QStringLiteral("\"blob\": \"") + beginning));
    QVERIFY(m_view->record()->json()->toPlainText().size() < 10'000);
    auto *fields = m_view->record()->fields();
    QVERIFY(fields->topLevelItem(1)->text(1).startsWith(beginning));
    QVERIFY(fields->columnWidth(1) < fields->fontMetrics().averageCharWidth() * 40);
    QTRY_VERIFY(m_view->rows().data(0, 1, Qt::DisplayRole).toString().startsWith(beginning));
}

void DataViewTest::theHistorySaysWhatChanged()
{
    // The row with most versions.
    std::uint64_t most = 0;
    std::size_t versions = 0;
    RowReader reader(*m_store, m_snapshot);
    for (std::uint64_t row = 0; row < m_view->rows().rowCount(); ++row) {
        const auto count = reader.history(*m_view->rows().record(row), 100)->size();
        if (count > versions)
            std::tie(most, versions) = std::pair(row, count);
    }
    QVERIFY(versions > 1);
    choose(most);
    auto *history = m_view->record()->history();
    QCOMPARE(history->topLevelItemCount(), int(versions));
    QCOMPARE(history->topLevelItem(int(versions) - 1)->text(4), QStringLiteral("the row is new"));
    QVERIFY(!history->topLevelItem(0)->text(4).isEmpty());
    QSignalSpy chosen(m_view.get(), &DataView::placeChosen);
    history->setCurrentItem(history->topLevelItem(1));
    QCOMPARE(chosen.size(), 1);
}

void DataViewTest::theJsonIsHighlightedWhenItIsLookedAt()
{
    choose(0);
    auto *tabs = m_view->record()->findChild<QTabWidget *>();
    auto *document = m_view->record()->json()->document();
    QVERIFY(document->findChild<QSyntaxHighlighter *>() == nullptr);
    tabs->setCurrentWidget(m_view->record()->json());
    QVERIFY(document->findChild<QSyntaxHighlighter *>() != nullptr);
}

void DataViewTest::filtersStandAboveTheirColumns()
{
    auto *header = m_view->table()->header();
    header->resizeSection(0, 130);
    QCOMPARE(m_view->filters()->line(0)->width(), 130);
    QCOMPARE(m_view->filters()->line(1)->x(), header->sectionViewportPosition(1));
}

void DataViewTest::everyPartHasANameAndIsReachedByTab()
{
    for (const QWidget *part :
         {static_cast<QWidget *>(m_view->collections()), static_cast<QWidget *>(m_view->table()),
          static_cast<QWidget *>(m_view->record()->fields()), static_cast<QWidget *>(m_view->filters()->line(0))})
        QVERIFY(!part->accessibleName().isEmpty());
    m_view->activateWindow();
    m_view->collections()->setFocus();
    QSet<QWidget *> reached;
    for (int i = 0; i < 20; ++i) {
        QTest::keyClick(m_view->focusWidget(), Qt::Key_Tab);
        reached.insert(m_view->focusWidget());
    }
    QVERIFY(reached.contains(m_view->table()));
    QVERIFY(reached.contains(m_view->filters()->line(0)));
    QVERIFY(reached.contains(m_view->record()->fields()));
}

void DataViewTest::withoutAFileThereIsNothing()
{
    choose(0);
    m_view->setSource(nullptr, nullptr);
    QCOMPARE(m_view->collections()->model()->rowCount(), 0);
    QCOMPARE(m_view->record()->fields()->topLevelItemCount(), 0);
    QCOMPARE(count(), QString());
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::DataViewTest)

#include "data_view_test.moc"
