// Schemas, as somebody looks at them.

#include "views/schema_view.h"

#include "support/corpus.h"
#include "support/scanned.h"
#include "views/hinted_list.h"

#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QSyntaxHighlighter>
#include <QTabWidget>
#include <QTest>

#include <nlohmann/json.hpp>

#include <memory>

namespace modelvault::ui {

class SchemaViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void showsTheNewestVersionOfTheFirstCollection();
    void anotherCollectionIsChosenByKeyboard();
    void theNewestIsComparedWithTheOneBefore();
    void aVersionLeadsToItsBytes();
    void anyTwoVersionsAreCompared();
    void marksHaveIconsThatDiffer();
    void returnOnACollectionAsksForItsRows();
    void theJsonIsHighlightedWhenItIsLookedAt();
    void oneVersionSaysThatThereIsNothingToCompare();
    void aNewerSnapshotKeepsWhatWasChosen();
    void whereThereIsNothingItSaysSo();
    void everyPartHasANameAndIsReachedByTab();

private:
    void open(const std::string &name);
    void settle() { QTRY_VERIFY(m_view->isSettled()); }
    /// Of the first column and below, one line each.
    [[nodiscard]] static QStringList texts(const HintedList *list, int column = 0);

    std::unique_ptr<test::Scanned> m_file;
    std::unique_ptr<SchemaView> m_view;
};

void SchemaViewTest::init()
{
    m_view = std::make_unique<SchemaView>();
    m_view->resize(1200, 500);
    m_view->show();
    m_view->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
    open("valid-schema-versions");
}

void SchemaViewTest::open(const std::string &name)
{
    m_file = std::make_unique<test::Scanned>(test::corpusFile(name).bytes());
    m_view->setSnapshot(m_file->snapshot);
    settle();
}

QStringList SchemaViewTest::texts(const HintedList *list, int column)
{
    QStringList found;
    const auto *model = list->model();
    for (int row = 0; row < model->rowCount(); ++row) {
        const auto index = model->index(row, 0);
        found += index.siblingAtColumn(column).data().toString();
        for (int below = 0; below < model->rowCount(index); ++below)
            found += model->index(below, column, index).data().toString();
    }
    return found;
}

void SchemaViewTest::showsTheNewestVersionOfTheFirstCollection()
{
    QCOMPARE(texts(m_view->collections()), QStringList{QStringLiteral("people")});
    QCOMPARE(texts(m_view->collections(), 2), QStringList{QStringLiteral("2")});
    QCOMPARE(texts(m_view->versions()), (QStringList{QStringLiteral("2"), QStringLiteral("1")}));
    QCOMPARE(texts(m_view->fields()),
             (QStringList{QStringLiteral("Fields (3)"), QStringLiteral("id"), QStringLiteral("name"),
                          QStringLiteral("note"), QStringLiteral("Indexes (0)")}));
    QCOMPARE(texts(m_view->fields(), 1).at(1), QStringLiteral("int64, primary key"));
    const auto json = nlohmann::json::parse(m_view->json()->toPlainText().toStdString());
    QVERIFY(json["version"] == 2);
}

void SchemaViewTest::anotherCollectionIsChosenByKeyboard()
{
    open("valid-many-collections");
    const auto first = texts(m_view->fields());
    m_view->collections()->setFocus();
    QTest::keyClick(m_view->collections(), Qt::Key_Down);
    settle();
    QCOMPARE(m_view->collections()->currentIndex().row(), 1);
    m_view->showCollection(5);
    settle();
    QCOMPARE(m_view->collections()->currentIndex().row(), 4);
    QVERIFY(!first.isEmpty());
}

void SchemaViewTest::theNewestIsComparedWithTheOneBefore()
{
    QCOMPARE(m_view->before()->currentText(), QStringLiteral("Version 1"));
    QCOMPARE(m_view->after()->currentText(), QStringLiteral("Version 2"));
    QCOMPARE(texts(m_view->changes()).mid(0, 2),
             (QStringList{QStringLiteral("Changed (1)"), QStringLiteral("field added")}));
    QCOMPARE(texts(m_view->changes(), 1).at(1), QStringLiteral("note"));
    QCOMPARE(m_view->findChild<QLabel *>(QStringLiteral("schemaSummary"))->text(), QStringLiteral("safe: 1 change"));
}

void SchemaViewTest::aVersionLeadsToItsBytes()
{
    QSignalSpy chosen(m_view.get(), &SchemaView::placeChosen);
    m_view->versions()->setFocus();
    QTest::keyClick(m_view->versions(), Qt::Key_Down);
    settle();
    QCOMPARE(chosen.size(), 1);
    const auto &place = m_file->catalog().catalog().find(1)->versions.front().place;
    QCOMPARE(chosen.front().at(0).value<Offset>(), place.segmentOffset());
    const auto segment = m_file->log().segment(place.segment).value();
    QCOMPARE(chosen.front().at(1).value<Offset>(), segment.end());
    QVERIFY(!texts(m_view->fields()).contains(QStringLiteral("note")));
    QCOMPARE(m_view->versions()->currentIndex().row(), 1);
}

void SchemaViewTest::anyTwoVersionsAreCompared()
{
    QSignalSpy chosen(m_view.get(), &SchemaView::placeChosen);
    m_view->before()->setCurrentIndex(0); // with itself
    settle();
    QCOMPARE(m_view->findChild<QLabel *>(QStringLiteral("schemaSummary"))->text(), QStringLiteral("nothing changed"));
    m_view->after()->setCurrentIndex(1);
    settle();
    QCOMPARE(texts(m_view->changes()).mid(0, 2),
             (QStringList{QStringLiteral("Changed (1)"), QStringLiteral("field removed")}));
    QCOMPARE(m_view->after()->currentText(), QStringLiteral("Version 1"));
    QCOMPARE(chosen.size(), 0);
}

void SchemaViewTest::marksHaveIconsThatDiffer()
{
    const auto imageOf = [](const HintedList *list, int row) {
        const auto parent = list->model()->index(0, 0);
        return list->model()->index(row, 0, parent).data(Qt::DecorationRole).value<QIcon>().pixmap(16).toImage();
    };
    const auto added = imageOf(m_view->changes(), 0);
    m_view->compare(1, 0);
    settle();
    const auto removed = imageOf(m_view->changes(), 0);
    QVERIFY(!added.isNull() && !removed.isNull());
    // Not only in colour: what is there differs.
    QVERIFY(added.createAlphaMask() != removed.createAlphaMask());
    QVERIFY(!imageOf(m_view->fields(), 0).isNull()); // the key
    QVERIFY(imageOf(m_view->fields(), 1).isNull());
}

void SchemaViewTest::returnOnACollectionAsksForItsRows()
{
    QSignalSpy asked(m_view.get(), &SchemaView::rowsRequested);
    m_view->collections()->setFocus();
    QTest::keyClick(m_view->collections(), Qt::Key_Return);
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.front().front().toUInt(), 1U);
}

void SchemaViewTest::theJsonIsHighlightedWhenItIsLookedAt()
{
    auto *document = m_view->json()->document();
    QVERIFY(document->findChild<QSyntaxHighlighter *>() == nullptr);
    m_view->tabs()->setCurrentWidget(m_view->json());
    QVERIFY(document->findChild<QSyntaxHighlighter *>() != nullptr);
}

void SchemaViewTest::oneVersionSaysThatThereIsNothingToCompare()
{
    open("valid-books");
    QVERIFY(!m_view->before()->isEnabled());
    QCOMPARE(m_view->changes()->model()->rowCount(), 0);
    QVERIFY(m_view->changes()->accessibleDescription().contains(QStringLiteral("nothing to compare")));
}

void SchemaViewTest::aNewerSnapshotKeepsWhatWasChosen()
{
    open("valid-many-collections");
    m_view->showCollection(3);
    settle();
    open("valid-many-collections"); // read anew
    QCOMPARE(m_view->collections()->currentIndex().row(), 2);
}

void SchemaViewTest::whereThereIsNothingItSaysSo()
{
    m_view->setEmptyText(QStringLiteral("Nothing here."));
    QVERIFY(m_view->collections()->accessibleDescription().isEmpty());
    open("valid-empty");
    QCOMPARE(m_view->collections()->accessibleDescription(), QStringLiteral("Nothing here."));
    QCOMPARE(m_view->versions()->model()->rowCount(), 0);
    QCOMPARE(m_view->before()->count(), 0);
    QVERIFY(m_view->json()->toPlainText().isEmpty());
    m_view->setSnapshot(nullptr);
    QCOMPARE(m_view->collections()->model()->rowCount(), 0);
}

void SchemaViewTest::everyPartHasANameAndIsReachedByTab()
{
    const QList<QWidget *> parts{m_view->collections(), m_view->versions(), m_view->before(), m_view->after(),
                                 m_view->changes()};
    m_view->tabs()->setCurrentIndex(1);
    m_view->activateWindow();
    m_view->setFocus();
    QSet<QWidget *> reached;
    for (int i = 0; i < 20; ++i) {
        reached.insert(m_view->focusWidget());
        QTest::keyClick(m_view->focusWidget(), Qt::Key_Tab);
    }
    for (auto *part : parts) {
        QVERIFY(!part->accessibleName().isEmpty());
        QVERIFY2(reached.contains(part), qPrintable(part->objectName()));
    }
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::SchemaViewTest)
#include "schema_view_test.moc"
