#include "models/bookmarks.h"

#include "ui/bookmark_keeping.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <memory>

namespace modelvault::ui {

namespace {

constexpr FileIdentity kHere{1, 100};
constexpr FileIdentity kThere{1, 200};
constexpr std::uint64_t kLength = 1000;

} // namespace

class BookmarksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void areListedInTheOrderOfTheFile();
    void eachChangeIsKeptAtOnce();
    void thoseOfAnotherDatabaseAreAnotherList();
    void aReloadKeepsWhatCanBeUndone();
    void closingShowsNoneAndLosesNone();
    void aRangeHasOnlyOne();
    void anEmptyRangeHasNone();
    void areLimited();
    void namesAreEditedInPlace();
    void namesAreOneLineOfVisibleText();
    void onlyNamesAreEdited();
    void whatWasRemovedComesBackLastFirst();
    void aPlaceThatGotAnotherNameIsNotRestored();
    void nothingIsRestoredBeyondTheLimit();
    void damagedOnesAreNotThere();
    void noMoreAreReadThanMayBe();
    void thoseBehindTheEndSaySo();
    void stepsPassThoseBehindTheEnd();
    void stepsThroughNestedOnes();

private:
    QModelIndex add(std::uint64_t begin, std::uint64_t end, const char *name)
    {
        return m_model->add({begin}, {end}, QString::fromUtf8(name));
    }
    [[nodiscard]] QString text(int row, Bookmarks::Column column) const
    {
        return m_model->index(row, static_cast<int>(column)).data().toString();
    }
    [[nodiscard]] QStringList names() const
    {
        QStringList names;
        for (int row = 0; row < m_model->rowCount(); ++row)
            names += text(row, Bookmarks::Column::Name);
        return names;
    }

    test::KeptInMemory m_keeper;
    std::unique_ptr<Bookmarks> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

void BookmarksTest::init()
{
    m_tester.reset();
    m_keeper = {};
    m_model = std::make_unique<Bookmarks>(m_keeper);
    m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get());
    m_model->open(kHere, "/data/here.mv");
    m_model->setFileLength(kLength);
}

void BookmarksTest::areListedInTheOrderOfTheFile()
{
    add(500, 504, "last");
    add(20, 30, "long");
    add(20, 21, "short");
    add(0, 1, "first");
    QCOMPARE(names(),
             QStringList(
                 {QStringLiteral("first"), QStringLiteral("short"), QStringLiteral("long"), QStringLiteral("last")}));
    QCOMPARE(text(3, Bookmarks::Column::Place), QStringLiteral("0x000001f4"));
    QCOMPARE(text(3, Bookmarks::Column::Length), QStringLiteral("4"));
    const auto tip = m_model->index(3, 1).data(Qt::ToolTipRole).toString();
    QVERIFY2(tip.contains(QStringLiteral("500")) && tip.contains(QStringLiteral("504")), qPrintable(tip));
}

void BookmarksTest::eachChangeIsKeptAtOnce()
{
    const QSignalSpy changed(m_model.get(), &Bookmarks::changed);
    add(10, 20, "one");
    QCOMPARE(m_keeper.kept[kHere], (std::vector<Bookmark>{{{10}, {20}, QStringLiteral("one")}}));
    QCOMPARE(m_keeper.path, std::filesystem::path("/data/here.mv"));
    QVERIFY(m_model->setData(m_model->index(0, 0), QStringLiteral("two")));
    QCOMPARE(m_keeper.kept[kHere].front().name, QStringLiteral("two"));
    m_model->remove(m_model->index(0, 0));
    QVERIFY(m_keeper.kept[kHere].empty());
    m_model->restore();
    QCOMPARE(m_keeper.kept[kHere].front().name, QStringLiteral("two"));
    QCOMPARE(changed.size(), 4);
}

void BookmarksTest::thoseOfAnotherDatabaseAreAnotherList()
{
    add(10, 20, "here");
    m_model->open(kThere, "/data/there.mv");
    QVERIFY(names().isEmpty());
    add(10, 20, "there");
    QCOMPARE(m_keeper.kept[kHere].front().name, QStringLiteral("here"));
    m_model->open(kHere, "/data/here.mv");
    QCOMPARE(names(), QStringList(QStringLiteral("here")));
}

void BookmarksTest::aReloadKeepsWhatCanBeUndone()
{
    add(10, 20, "here");
    m_model->remove(m_model->index(0, 0));
    m_model->open(kHere, "/data/here.mv");
    QVERIFY(m_model->restore().isValid());
    QCOMPARE(names(), QStringList(QStringLiteral("here")));
    m_model->remove(m_model->index(0, 0));
    m_model->open(kThere, "/data/there.mv");
    QVERIFY2(!m_model->restore().isValid(), "that was another database's");
}

void BookmarksTest::closingShowsNoneAndLosesNone()
{
    add(10, 20, "here");
    m_model->close();
    QVERIFY(names().isEmpty());
    QVERIFY(!add(30, 40, "nowhere").isValid());
    m_model->open(kHere, "/data/here.mv");
    QCOMPARE(names(), QStringList(QStringLiteral("here")));
}

void BookmarksTest::aRangeHasOnlyOne()
{
    add(5, 6, "before");
    const auto first = add(10, 20, "first");
    QCOMPARE(add(10, 20, "again"), first);
    QVERIFY(add(10, 21, "longer") != first);
    QCOMPARE(names(), QStringList({QStringLiteral("before"), QStringLiteral("first"), QStringLiteral("longer")}));
}

void BookmarksTest::anEmptyRangeHasNone()
{
    QVERIFY(!add(10, 10, "empty").isValid());
    QVERIFY(!add(10, 9, "turned round").isValid());
    QVERIFY(!add(10, 20, "  ").isValid());
    QVERIFY(m_model->list().empty());
}

void BookmarksTest::areLimited()
{
    m_tester.reset(); // looks at every row after each change
    for (std::uint64_t i = 0; i < Bookmarks::kMost; ++i)
        QVERIFY(add(i, i + 1, "one of many").isValid());
    QVERIFY(!add(5000, 5001, "one too many").isValid());
    QVERIFY2(add(7, 8, "there already").isValid(), "what is there is found all the same");
    QCOMPARE(m_model->list().size(), Bookmarks::kMost);
}

void BookmarksTest::namesAreEditedInPlace()
{
    const auto index = add(10, 20, "guess");
    QVERIFY(index.flags().testFlag(Qt::ItemIsEditable));
    QCOMPARE(index.data(Qt::EditRole).toString(), QStringLiteral("guess"));
    QVERIFY(m_model->setData(index, QStringLiteral("the one with two Dunes")));
    QCOMPARE(names(), QStringList(QStringLiteral("the one with two Dunes")));
    QVERIFY(!m_model->setData(index, QStringLiteral("   ")));
    QCOMPARE(names(), QStringList(QStringLiteral("the one with two Dunes")));
}

void BookmarksTest::namesAreOneLineOfVisibleText()
{
    const auto index = add(10, 20, "guess");
    m_model->setData(index, QStringLiteral(" <b>a\\b</b>\r\n\tnext\u202e\u0007\u2066 line "));
    QCOMPARE(names(), QStringList(QStringLiteral("<b>a\\b</b> next line")));
    QVERIFY(index.data(Qt::ToolTipRole).toString().contains(QStringLiteral("&lt;b&gt;a")));
    // Cut, but not through a character.
    m_model->setData(index, QStringLiteral("x") + QStringLiteral("😀").repeated(5000));
    const auto name = names().front();
    QCOMPARE(name.size(), Bookmarks::kLongestName - 1);
    QVERIFY(name.endsWith(QStringLiteral("😀")));
}

void BookmarksTest::onlyNamesAreEdited()
{
    add(10, 20, "one");
    for (const auto column : {Bookmarks::Column::Place, Bookmarks::Column::Length}) {
        const auto index = m_model->index(0, static_cast<int>(column));
        QVERIFY(!index.flags().testFlag(Qt::ItemIsEditable));
        QVERIFY(!m_model->setData(index, QStringLiteral("7")));
    }
    QVERIFY(!m_model->setData(m_model->index(0, 0), QStringLiteral("two"), Qt::DisplayRole));
    QVERIFY(!m_model->setData({}, QStringLiteral("two")));
    QCOMPARE(names(), QStringList(QStringLiteral("one")));
}

void BookmarksTest::whatWasRemovedComesBackLastFirst()
{
    add(10, 20, "one");
    add(30, 40, "two");
    m_model->remove(m_model->index(0, 0));
    m_model->remove(m_model->index(0, 0));
    m_model->remove(m_model->index(0, 0)); // there is none
    QCOMPARE(m_model->lastRemoved()->name, QStringLiteral("two"));
    QCOMPARE(m_model->restore().row(), 0);
    QCOMPARE(m_model->lastRemoved()->name, QStringLiteral("one"));
    QCOMPARE(m_model->restore().row(), 0);
    QVERIFY(!m_model->lastRemoved());
    QVERIFY(!m_model->restore().isValid());
    QCOMPARE(names(), QStringList({QStringLiteral("one"), QStringLiteral("two")}));
}

void BookmarksTest::aPlaceThatGotAnotherNameIsNotRestored()
{
    add(30, 40, "other");
    add(10, 20, "one");
    m_model->remove(m_model->index(1, 0));
    m_model->remove(m_model->index(0, 0));
    add(10, 20, "another");
    QCOMPARE(m_model->lastRemoved()->name, QStringLiteral("other"));
    QVERIFY(m_model->restore().isValid());
    QVERIFY(!m_model->restore().isValid());
    QCOMPARE(names(), QStringList({QStringLiteral("another"), QStringLiteral("other")}));
}

void BookmarksTest::nothingIsRestoredBeyondTheLimit()
{
    m_tester.reset(); // looks at every row after each change
    for (std::uint64_t i = 0; i < Bookmarks::kMost; ++i)
        add(i, i + 1, "one of many");
    m_model->remove(m_model->index(0, 0));
    add(5000, 5001, "the last that may be");
    QVERIFY(!m_model->lastRemoved());
    QVERIFY(!m_model->restore().isValid());
    QCOMPARE(m_model->list().size(), Bookmarks::kMost);
    m_model->remove(m_model->index(7, 0));
    QVERIFY(m_model->restore().isValid());
    QVERIFY(!m_model->restore().isValid());
    QCOMPARE(m_model->list().size(), Bookmarks::kMost);
}

void BookmarksTest::damagedOnesAreNotThere()
{
    m_keeper.kept[kThere] = {
        {{50}, {60}, QStringLiteral("sound")},         {{50}, {50}, QStringLiteral("empty")},
        {{60}, {50}, QStringLiteral("turned round")},  {{70}, {80}, QStringLiteral("\n")},
        {{50}, {60}, QStringLiteral("there already")}, {{0}, {1}, QStringLiteral("out of\norder")}};
    m_model->open(kThere, "/data/there.mv");
    QCOMPARE(names(), QStringList({QStringLiteral("out of order"), QStringLiteral("sound")}));
}

void BookmarksTest::noMoreAreReadThanMayBe()
{
    m_tester.reset();
    for (std::uint64_t i = 0; i < Bookmarks::kMost + 2; ++i)
        m_keeper.kept[kThere].push_back({{i}, {i + 1}, QStringLiteral("one of too many")});
    m_model->open(kThere, "/data/there.mv");
    QCOMPARE(m_model->list().size(), Bookmarks::kMost);
    QCOMPARE(m_model->list().back().begin, Offset{Bookmarks::kMost - 1});
}

void BookmarksTest::thoseBehindTheEndSaySo()
{
    const auto inside = add(990, 1000, "inside");
    const auto across = add(990, 1001, "across");
    const auto behind = add(1000, 1001, "behind");
    QVERIFY(!inside.data(Bookmarks::BehindEndRole).toBool());
    QVERIFY(!inside.data(Qt::ToolTipRole).toString().contains(QStringLiteral("end of the file")));
    QVERIFY(!across.data(Bookmarks::BehindEndRole).toBool());
    QVERIFY(across.data(Qt::ToolTipRole).toString().contains(QStringLiteral("Reaches beyond the end of the file")));
    QVERIFY(behind.data(Bookmarks::BehindEndRole).toBool());
    QVERIFY(behind.data(Qt::ToolTipRole).toString().contains(QStringLiteral("behind the end of the file")));
    QVERIFY(behind.data(Qt::AccessibleDescriptionRole).toString().contains(QStringLiteral("behind the end")));
    const QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
    m_model->setFileLength(2000); // it grew again
    QCOMPARE(changed.size(), 1);
    QVERIFY(!behind.data(Bookmarks::BehindEndRole).toBool());
}

void BookmarksTest::stepsPassThoseBehindTheEnd()
{
    add(10, 20, "one");
    add(30, 40, "two");
    add(1000, 1001, "behind the end");
    QCOMPARE(m_model->next({0}, {1}).row(), 0);
    QCOMPARE(m_model->next({10}, {20}).row(), 1);
    QVERIFY(!m_model->next({30}, {40}).isValid());
    QCOMPARE(m_model->previous({2000}, {2001}).row(), 1);
    QCOMPARE(m_model->previous({30}, {40}).row(), 0);
    QVERIFY(!m_model->previous({10}, {20}).isValid());
}

void BookmarksTest::stepsThroughNestedOnes()
{
    add(10, 20, "short");
    add(10, 90, "long");
    add(15, 16, "inner");
    QCOMPARE(m_model->next({10}, {11}).row(), 0);
    QCOMPARE(m_model->next({10}, {20}).row(), 1);
    QCOMPARE(m_model->next({10}, {90}).row(), 2);
    QCOMPARE(m_model->previous({15}, {16}).row(), 1);
    QCOMPARE(m_model->previous({10}, {90}).row(), 0);
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::BookmarksTest)

#include "bookmarks_test.moc"
