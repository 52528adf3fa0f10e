#include "panels/bookmarks_panel.h"

#include "support/file_builder.h"
#include "support/scratch_dir.h"
#include "ui/bookmark_keeping.h"

#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include <memory>

namespace modelvault::ui {

class BookmarksPanelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void saysWhatToDoWhenThereIsNothing();
    void aClickLeadsThere();
    void returnLeadsThere();
    void whatReachesBeyondTheEndIsSelectedAsFarAsItGoes();
    void whatLiesBehindTheEndIsGreyAndLeadsNowhere();
    void isRenamedByF2AndByDoubleClick();
    void escapeKeepsTheName();
    void deleteRemovesAndUndoBringsBack();
    void keysInTheEditorAreTheEditors();
    void aNameAskedForGivesTheFocusBack();
    void askedForTwiceTheNameStaysAndTheFocusGoesBack();
    void aClickElsewhereKeepsTheFocusThere();
    void theMenuHasAll();
    void followsTheDatabase();
    void namesAreNoMarkup();

private:
    [[nodiscard]] QTreeView *list() const { return m_panel->findChild<QTreeView *>(QStringLiteral("bookmarks")); }
    [[nodiscard]] QLineEdit *editor() const { return list()->viewport()->findChild<QLineEdit *>(); }
    [[nodiscard]] QWidget *removedLine() const
    {
        return m_panel->findChild<QWidget *>(QStringLiteral("removedBookmark"));
    }
    [[nodiscard]] QPoint centerOf(int row) const { return list()->visualRect(list()->model()->index(row, 0)).center(); }
    void add(std::uint64_t begin, std::uint64_t end, const char *name)
    {
        QVERIFY(m_bookmarks->add({begin}, {end}, QString::fromUtf8(name)).isValid());
    }
    [[nodiscard]] QString name(int row) const { return m_bookmarks->index(row, 0).data().toString(); }
    void makeCurrent(int row)
    {
        list()->setFocus();
        list()->setCurrentIndex(m_bookmarks->index(row, 0));
    }
    void type(const char *text)
    {
        QTRY_VERIFY(editor() != nullptr && editor()->hasFocus());
        editor()->selectAll();
        QTest::keyClicks(editor(), QString::fromUtf8(text));
        QTest::keyClick(editor(), Qt::Key_Return);
        QTRY_VERIFY(editor() == nullptr);
    }
    [[nodiscard]] Document::Selection selection() const { return m_document->selection(); }

    test::ScratchDir m_folder;
    test::KeptInMemory m_keeper;
    std::unique_ptr<Document> m_document;
    std::unique_ptr<Bookmarks> m_bookmarks;
    std::unique_ptr<QWidget> m_window;
    BookmarksPanel *m_panel = nullptr;
    QLineEdit *m_other = nullptr; // something else to have the focus
    std::uint64_t m_length = 0;
};

void BookmarksPanelTest::initTestCase()
{
    test::FileBuilder file;
    file.transaction(3, 100).publish();
    m_length = file.length();
    m_document = std::make_unique<Document>(m_folder.write("a.mv", file.bytes()), LockWish::None);
    m_document->open();
    QTRY_COMPARE(m_document->state(), Document::State::Scanned);
}

void BookmarksPanelTest::init()
{
    m_window.reset();
    m_keeper = {};
    m_bookmarks = std::make_unique<Bookmarks>(m_keeper);
    m_bookmarks->open(*m_document->identity(), m_document->path());
    m_bookmarks->setFileLength(m_length);
    m_document->select({{0}, {1}});
    m_window = std::make_unique<QWidget>();
    m_panel = new BookmarksPanel(m_window.get());
    m_other = new QLineEdit(m_window.get());
    auto *layout = new QVBoxLayout(m_window.get());
    layout->addWidget(m_panel);
    layout->addWidget(m_other);
    m_panel->setDocument(m_document.get(), m_bookmarks.get());
    m_window->resize(500, 400);
    m_window->show();
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void BookmarksPanelTest::saysWhatToDoWhenThereIsNothing()
{
    QVERIFY(list()->accessibleDescription().contains(QStringLiteral("Ctrl+B")));
    const auto empty = list()->viewport()->grab().toImage();
    QVERIFY(!removedLine()->isVisible());
    add(10, 20, "one");
    QVERIFY(list()->accessibleDescription().isEmpty());
    m_bookmarks->remove(m_bookmarks->index(0, 0));
    QVERIFY(list()->accessibleDescription().contains(QStringLiteral("Ctrl+B")));
    m_panel->setDocument(nullptr, nullptr);
    QVERIFY(!list()->accessibleDescription().contains(QStringLiteral("Ctrl+B")));
    QVERIFY(list()->viewport()->grab().toImage() != empty);
}

void BookmarksPanelTest::aClickLeadsThere()
{
    add(100, 200, "one");
    add(8300, 8310, "two");
    QTest::mouseClick(list()->viewport(), Qt::LeftButton, {}, centerOf(1));
    QCOMPARE(selection(), (Document::Selection{{8300}, {8310}}));
    QTest::mouseClick(list()->viewport(), Qt::LeftButton, {}, centerOf(0));
    QCOMPARE(selection(), (Document::Selection{{100}, {200}}));
    // And once more, after another view moved on.
    m_document->select({{0}, {1}});
    QTest::mouseClick(list()->viewport(), Qt::LeftButton, {}, centerOf(0));
    QCOMPARE(selection(), (Document::Selection{{100}, {200}}));
}

void BookmarksPanelTest::returnLeadsThere()
{
    add(100, 200, "one");
    add(8300, 8310, "two");
    makeCurrent(0);
    QCOMPARE(selection(), (Document::Selection{{0}, {1}})); // to look at the list is not to go
    QTest::keyClick(list(), Qt::Key_Down);
    QCOMPARE(selection(), (Document::Selection{{0}, {1}}));
    QTest::keyClick(list(), Qt::Key_Return);
    QCOMPARE(selection(), (Document::Selection{{8300}, {8310}}));
}

void BookmarksPanelTest::whatReachesBeyondTheEndIsSelectedAsFarAsItGoes()
{
    add(m_length - 5, m_length + 5, "across");
    makeCurrent(0);
    QTest::keyClick(list(), Qt::Key_Return);
    QCOMPARE(selection(), (Document::Selection{{m_length - 5}, {m_length}}));
}

void BookmarksPanelTest::whatLiesBehindTheEndIsGreyAndLeadsNowhere()
{
    add(100, 200, "HHHHH");
    add(m_length + 100, m_length + 200, "HHHHH");
    const auto darkest = [&](int row) {
        const auto picture = list()
                                 ->viewport()
                                 ->grab(list()->visualRect(m_bookmarks->index(row, 0)))
                                 .toImage()
                                 .convertToFormat(QImage::Format_Grayscale8);
        int least = 255;
        for (int y = 0; y < picture.height(); ++y) {
            for (int x = 0; x < picture.width(); ++x)
                least = std::min(least, qGray(picture.pixel(x, y)));
        }
        return least;
    };
    QVERIFY(darkest(1) > darkest(0) + 30);
    makeCurrent(1);
    QTest::keyClick(list(), Qt::Key_Return);
    QCOMPARE(selection(), (Document::Selection{{0}, {1}}));
}

void BookmarksPanelTest::isRenamedByF2AndByDoubleClick()
{
    add(100, 200, "guess");
    makeCurrent(0);
    QTest::keyClick(list(), Qt::Key_F2);
    type("bad length");
    QCOMPARE(name(0), QStringLiteral("bad length"));
    QCOMPARE(m_keeper.kept[*m_document->identity()].front().name, QStringLiteral("bad length"));
    QVERIFY(list()->hasFocus());

    QTest::mouseClick(list()->viewport(), Qt::LeftButton, {}, centerOf(0));
    QTest::mouseDClick(list()->viewport(), Qt::LeftButton, {}, centerOf(0));
    type("good length");
    QCOMPARE(name(0), QStringLiteral("good length"));
}

void BookmarksPanelTest::escapeKeepsTheName()
{
    add(100, 200, "good");
    makeCurrent(0);
    QTest::keyClick(list(), Qt::Key_F2);
    QTRY_VERIFY(editor() != nullptr);
    QTest::keyClicks(editor(), QStringLiteral("bad"));
    QTest::keyClick(editor(), Qt::Key_Escape);
    QTRY_VERIFY(editor() == nullptr);
    QCOMPARE(name(0), QStringLiteral("good"));
}

void BookmarksPanelTest::deleteRemovesAndUndoBringsBack()
{
    add(100, 200, "one");
    add(300, 400, "two");
    makeCurrent(0);
    QTest::keyClick(list(), Qt::Key_Delete);
    QCOMPARE(m_bookmarks->rowCount(), 1);
    QVERIFY(removedLine()->isVisible());
    QCOMPARE(removedLine()->findChild<QLabel *>()->text(), QStringLiteral("Removed “one”"));
    QTest::keyClick(list(), Qt::Key_Delete);
    QCOMPARE(m_bookmarks->rowCount(), 0);

    QTest::keySequence(list(), QKeySequence::Undo);
    QCOMPARE(name(0), QStringLiteral("two"));
    auto *undo = m_panel->findChild<QToolButton *>(QStringLiteral("undoRemove"));
    undo->setFocus();
    QTest::keyClick(undo, Qt::Key_Space);
    QCOMPARE(name(0), QStringLiteral("one"));
    QCOMPARE(name(1), QStringLiteral("two"));
    QVERIFY(!removedLine()->isVisible());
    QVERIFY2(list()->hasFocus(), "the focus must not vanish with the button");
    QCOMPARE(list()->currentIndex().row(), 0);
    QTest::keySequence(list(), QKeySequence::Undo); // nothing left
    QCOMPARE(m_bookmarks->rowCount(), 2);
}

void BookmarksPanelTest::keysInTheEditorAreTheEditors()
{
    add(100, 200, "abc");
    makeCurrent(0);
    QTest::keyClick(list(), Qt::Key_F2);
    QTRY_VERIFY(editor() != nullptr && editor()->hasFocus());
    QTest::keyClick(editor(), Qt::Key_Home);
    QTest::keyClick(editor(), Qt::Key_Delete);
    QTest::keyClick(editor(), Qt::Key_Return);
    QTRY_VERIFY(editor() == nullptr);
    QCOMPARE(m_bookmarks->rowCount(), 1);
    QCOMPARE(name(0), QStringLiteral("bc"));
    QCOMPARE(selection(), (Document::Selection{{0}, {1}})); // Return ended the edit and led nowhere
}

void BookmarksPanelTest::aNameAskedForGivesTheFocusBack()
{
    add(100, 200, "guess");
    m_other->setFocus();
    m_panel->editName(m_bookmarks->index(0, 0));
    type("name");
    QCOMPARE(name(0), QStringLiteral("name"));
    QTRY_VERIFY(m_other->hasFocus());
    // Only then: what the user edits by himself leaves the focus in the list.
    makeCurrent(0);
    QTest::keyClick(list(), Qt::Key_F2);
    type("other");
    QVERIFY(list()->hasFocus());
}

void BookmarksPanelTest::askedForTwiceTheNameStaysAndTheFocusGoesBack()
{
    add(100, 200, "guess");
    m_other->setFocus();
    m_panel->editName(m_bookmarks->index(0, 0));
    QTRY_VERIFY(editor() != nullptr && editor()->hasFocus());
    QTest::keyClicks(editor(), QStringLiteral("half"));
    m_panel->editName(m_bookmarks->index(0, 0));
    QCOMPARE(name(0), QStringLiteral("half"));
    QVERIFY(qobject_cast<QLineEdit *>(QApplication::focusWidget()) != nullptr);
    QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("whole"));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QTRY_COMPARE(name(0), QStringLiteral("whole"));
    QTRY_VERIFY(m_other->hasFocus());
}

void BookmarksPanelTest::aClickElsewhereKeepsTheFocusThere()
{
    auto *third = new QLineEdit(m_window.get());
    m_window->layout()->addWidget(third);
    add(100, 200, "guess");
    m_other->setFocus();
    m_panel->editName(m_bookmarks->index(0, 0));
    QTRY_VERIFY(editor() != nullptr && editor()->hasFocus());
    QTest::keyClicks(editor(), QStringLiteral("name"));
    third->setFocus(Qt::MouseFocusReason);
    QTRY_VERIFY(editor() == nullptr);
    QCOMPARE(name(0), QStringLiteral("name"));
    QVERIFY(third->hasFocus());
}

void BookmarksPanelTest::theMenuHasAll()
{
    add(100, 200, "one");
    makeCurrent(0);
    Q_EMIT list()->customContextMenuRequested({5, 5});
    auto *menu = m_panel->findChild<QMenu *>();
    QVERIFY(menu != nullptr);
    QTRY_VERIFY(menu->isVisible());
    QStringList texts;
    for (const auto *action : menu->actions())
        texts += action->text().remove(QLatin1Char('&'));
    QCOMPARE(texts,
             QStringList({QStringLiteral("Go There"), QStringLiteral("Rename"), QStringLiteral("Remove"),
                          QStringLiteral("Undo Remove")}));
    QVERIFY(!menu->actions().at(3)->isEnabled());
    menu->actions().at(0)->trigger();
    QCOMPARE(selection(), (Document::Selection{{100}, {200}}));
    menu->close();
}

void BookmarksPanelTest::followsTheDatabase()
{
    Bookmarks others(m_keeper);
    others.open(FileIdentity{1, 77}, "/data/other.mv");
    others.setFileLength(1000);
    others.add({5}, {6}, QStringLiteral("of the other"));
    add(100, 200, "of this");
    m_panel->setDocument(m_document.get(), &others);
    QCOMPARE(list()->findChildren<QItemSelectionModel *>().size(), 1); // none left of those before
    QCOMPARE(list()->model()->index(0, 0).data().toString(), QStringLiteral("of the other"));
    makeCurrent(0);
    list()->setCurrentIndex(others.index(0, 0));
    QTest::keyClick(list(), Qt::Key_Delete);
    QVERIFY(removedLine()->isVisible());
    m_panel->setDocument(m_document.get(), m_bookmarks.get());
    QVERIFY(!removedLine()->isVisible());
    QCOMPARE(list()->model()->rowCount(), 1);
    QCOMPARE(list()->model()->index(0, 0).data().toString(), QStringLiteral("of this"));
    m_panel->setDocument(m_document.get(), m_bookmarks.get()); // again, as each time a tab comes to the front
    makeCurrent(0);
    QCOMPARE(list()->findChildren<QItemSelectionModel *>().size(), 1);
}

void BookmarksPanelTest::namesAreNoMarkup()
{
    add(100, 200, "<b>bold</b> & more");
    makeCurrent(0);
    QTest::keyClick(list(), Qt::Key_Delete);
    const auto *label = removedLine()->findChild<QLabel *>();
    QCOMPARE(label->textFormat(), Qt::PlainText);
    QCOMPARE(label->text(), QStringLiteral("Removed “<b>bold</b> & more”"));
    QVERIFY(label->toolTip().contains(QStringLiteral("&lt;b&gt;")));
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::BookmarksPanelTest)

#include "bookmarks_panel_test.moc"
