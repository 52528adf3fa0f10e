#include "panels/find_panel.h"

#include "support/file_builder.h"
#include "support/scratch_dir.h"
#include "views/virtual_table_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <memory>

namespace modelvault::ui {

class FindPanelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void returnGoesFromHitToHitAndRoundTheEnd();
    void shiftReturnGoesBack();
    void aHitIsFoundFromTheSelectionOn();
    void whatIsTypedOnIsFoundWhereItsBeginWas();
    void listsAllHits();
    void aHitOfTheListIsSelectedAndGoneOnFrom();
    void theListFollowsTheSelection();
    void saysWhyAPatternIsWrongWhileItIsTyped();
    void everyKindFinds();
    void optionsCount();
    void inTheSelectionAsItWasThen();
    void inTheSegment();
    void saysWhatIsNotThere();
    void stops();
    void aNewerSearchReplacesAnOlderOne();
    void theKeyboardReachesAll();
    void remembersWhatWasLookedFor();
    void followsTheDatabase();
    void aReloadForgetsTheHits();
    void hitsOfAnEarlierSearchAreSaidToBe();
    void theLineTellsByItsColourWhetherItIsUnderstood();
    void escapeLeaves();

private:
    template <class Widget>
    [[nodiscard]] Widget *find(const char *name) const
    {
        auto *found = m_panel->findChild<Widget *>(QLatin1String(name));
        if (found == nullptr)
            qFatal("there is no %s", name);
        return found;
    }
    [[nodiscard]] QLineEdit *typed() const { return find<QLineEdit>("findPattern"); }
    [[nodiscard]] VirtualTableView *list() const { return find<VirtualTableView>("hits"); }
    [[nodiscard]] QString status() const { return find<QLabel>("findStatus")->text(); }
    void choose(const char *combo, int index) const
    {
        auto *box = find<QComboBox>(combo);
        box->setCurrentIndex(index);
        Q_EMIT box->activated(index); // as a user's choice does
    }
    void chooseKind(FindRequest::Kind kind) const { choose("findKind", static_cast<int>(kind)); }
    void type(const QString &pattern) const
    {
        typed()->setFocus();
        typed()->clear();
        QTest::keyClicks(typed(), pattern);
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::keyClick(typed(), key, modifiers);
        QTRY_VERIFY(m_finder->isSettled());
    }
    std::uint64_t listAll() const
    {
        press(Qt::Key_Return, Qt::ControlModifier);
        return m_finder->hits().rowCount();
    }
    [[nodiscard]] Document::Selection selection() const { return m_document->selection(); }
    static Document::Selection bytes(Offset begin, std::uint64_t length) { return {begin, begin + length}; }

    test::ScratchDir m_folder;
    std::filesystem::path m_path;
    std::vector<std::byte> m_bytes;
    Offset m_first; // payloads of two records
    Offset m_second;
    std::unique_ptr<Document> m_document;
    std::unique_ptr<Finder> m_finder;
    std::unique_ptr<FindPanel> m_panel;
};

void FindPanelTest::initTestCase()
{
    test::FileBuilder file;
    file.begin();
    file.append(SegmentType::Record, std::string_view("Dune, dune \xCF\x07\0\0 D\0u\0n\0e\0", 24));
    m_first = file.last() + SegmentHeader::kSize;
    file.append(SegmentType::Record, "Dune\nmessiah");
    m_second = file.last() + SegmentHeader::kSize;
    file.commit().publish();
    m_bytes = file.bytes();
    m_path = m_folder.write("a.mv", m_bytes);
}

void FindPanelTest::init()
{
    m_panel.reset();
    m_finder.reset();
    m_document = std::make_unique<Document>(m_path, LockWish::None);
    m_document->open();
    QTRY_COMPARE(m_document->state(), Document::State::Scanned);
    m_finder = std::make_unique<Finder>(*m_document);
    m_panel = std::make_unique<FindPanel>();
    m_panel->setDocument(m_document.get(), m_finder.get());
    m_panel->resize(900, 300);
    m_panel->show();
    m_panel->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
}

void FindPanelTest::returnGoesFromHitToHitAndRoundTheEnd()
{
    type(QStringLiteral("dune"));
    press(Qt::Key_Return);
    QCOMPARE(selection(), bytes(m_first, 4));
    press(Qt::Key_Return);
    QCOMPARE(selection(), bytes(m_first + 6, 4));
    press(Qt::Key_Return);
    QCOMPARE(selection(), bytes(m_second, 4));
    QCOMPARE(status(), QString());
    const QSignalSpy said(m_panel.get(), &FindPanel::said);
    press(Qt::Key_Return);
    QCOMPARE(selection(), bytes(m_first, 4));
    QCOMPARE(status(), QStringLiteral("Went on from the other end."));
    QCOMPARE(said.count(), 1);
}

void FindPanelTest::shiftReturnGoesBack()
{
    type(QStringLiteral("dune"));
    press(Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(selection(), bytes(m_second, 4));
    QCOMPARE(status(), QStringLiteral("Went on from the other end."));
    find<QToolButton>("findPrevious")->click();
    QTRY_COMPARE(selection(), bytes(m_first + 6, 4));
    find<QToolButton>("findNext")->click();
    QTRY_COMPARE(selection(), bytes(m_second, 4));
    QTRY_VERIFY(m_finder->isSettled());
}

void FindPanelTest::aHitIsFoundFromTheSelectionOn()
{
    m_document->select(bytes(m_first + 6, 1)); // a byte that somebody clicked on
    type(QStringLiteral("dune"));
    press(Qt::Key_Return);
    QCOMPARE(selection(), bytes(m_first + 6, 4));
}

void FindPanelTest::whatIsTypedOnIsFoundWhereItsBeginWas()
{
    type(QStringLiteral("du"));
    press(Qt::Key_Return);
    QCOMPARE(selection(), bytes(m_first, 2));
    QTest::keyClicks(typed(), QStringLiteral("ne"));
    press(Qt::Key_Return);
    QCOMPARE(selection(), bytes(m_first, 4));
}

void FindPanelTest::listsAllHits()
{
    type(QStringLiteral("dune"));
    QCOMPARE(listAll(), 3U);
    QCOMPARE(m_finder->hits().hit(0), (Hit{m_first, 4}));
    QCOMPARE(m_finder->hits().hit(2), (Hit{m_second, 4}));
    QVERIFY2(status().startsWith(QStringLiteral("3 hits in ")), qPrintable(status()));
    type(QStringLiteral("messiah"));
    find<QPushButton>("findAll")->click();
    QTRY_VERIFY2(status().startsWith(QStringLiteral("1 hit in ")), qPrintable(status()));
    QTRY_VERIFY(m_finder->isSettled());
}

void FindPanelTest::aHitOfTheListIsSelectedAndGoneOnFrom()
{
    type(QStringLiteral("dune"));
    QCOMPARE(listAll(), 3U);
    list()->selectRow(1);
    QCOMPARE(selection(), bytes(m_first + 6, 4));
    press(Qt::Key_Return);
    QCOMPARE(selection(), bytes(m_second, 4));
    const QSignalSpy left(m_panel.get(), &FindPanel::left);
    list()->setFocus();
    QTest::keyClick(list(), Qt::Key_Return);
    QCOMPARE(left.count(), 1);
}

void FindPanelTest::theListFollowsTheSelection()
{
    type(QStringLiteral("dune"));
    QCOMPARE(listAll(), 3U);
    press(Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(list()->currentRow(), std::optional<std::uint64_t>(2));
    m_document->select(bytes(m_first, 1));
    QCOMPARE(list()->currentRow(), std::optional<std::uint64_t>(0));
}

void FindPanelTest::saysWhyAPatternIsWrongWhileItIsTyped()
{
    chooseKind(FindRequest::Kind::Hex);
    type(QStringLiteral("de a"));
    QCOMPARE(status(), QStringLiteral("✘ At character 4 there is only half a byte."));
    QVERIFY(!typed()->accessibleDescription().isEmpty());
    for (const auto *name : {"findNext", "findPrevious", "findAll"})
        QVERIFY(!find<QWidget>(name)->isEnabled());
    QVERIFY(!m_panel->step(1));
    QTest::keyClick(typed(), Qt::Key_D);
    QCOMPARE(status(), QString());
    QVERIFY(typed()->accessibleDescription().isEmpty());
    QVERIFY(find<QWidget>("findAll")->isEnabled());
    chooseKind(FindRequest::Kind::Regex);
    type(QStringLiteral("(a"));
    QCOMPARE(status(), QStringLiteral("✘ missing ): (a."));
    typed()->clear(); // nothing is not wrong yet
    QCOMPARE(status(), QString());
}

void FindPanelTest::everyKindFinds()
{
    type(QStringLiteral("Dune"));
    QCOMPARE(listAll(), 3U);
    chooseKind(FindRequest::Kind::Hex);
    type(QStringLiteral("44 ?5 6e"));
    QCOMPARE(listAll(), 2U);
    chooseKind(FindRequest::Kind::Number);
    find<QComboBox>("findNumberType")->setCurrentText(QStringLiteral("int32"));
    type(QStringLiteral("1999"));
    QCOMPARE(listAll(), 1U);
    QCOMPARE(m_finder->hits().hit(0), (Hit{m_first + 11, 4}));
    chooseKind(FindRequest::Kind::Regex);
    type(QStringLiteral("[Dd]une,? ?"));
    QCOMPARE(listAll(), 3U);
}

void FindPanelTest::optionsCount()
{
    type(QStringLiteral("Dune"));
    find<QCheckBox>("findMatchCase")->setChecked(true);
    QCOMPARE(listAll(), 2U);
    choose("findEncoding", static_cast<int>(TextEncoding::Utf16Le));
    QCOMPARE(listAll(), 1U);
    chooseKind(FindRequest::Kind::Number);
    find<QComboBox>("findNumberType")->setCurrentText(QStringLiteral("uint16"));
    choose("findOrder", static_cast<int>(NumberOrder::Big));
    type(QStringLiteral("0xcf07"));
    QCOMPARE(listAll(), 1U);
    chooseKind(FindRequest::Kind::Regex);
    type(QStringLiteral("dune.mess"));
    QCOMPARE(listAll(), 0U);
    find<QCheckBox>("findRegexCase")->setChecked(false);
    QCOMPARE(listAll(), 0U);
    find<QCheckBox>("findAcrossLines")->setChecked(true);
    QCOMPARE(listAll(), 1U);
}

void FindPanelTest::inTheSelectionAsItWasThen()
{
    m_document->select(bytes(m_first + 1, 15));
    choose("findWhere", static_cast<int>(FindPanel::Where::Selection));
    type(QStringLiteral("dune"));
    QCOMPARE(listAll(), 1U);
    press(Qt::Key_Return); // which selects something else
    QCOMPARE(selection(), bytes(m_first + 6, 4));
    press(Qt::Key_Return);
    QCOMPARE(selection(), bytes(m_first + 6, 4));
    QCOMPARE(listAll(), 1U);
    choose("findWhere", static_cast<int>(FindPanel::Where::File));
    QCOMPARE(listAll(), 3U);
}

void FindPanelTest::inTheSegment()
{
    m_document->select(bytes(m_first + 20, 1));
    choose("findWhere", static_cast<int>(FindPanel::Where::Segment));
    type(QStringLiteral("dune"));
    QCOMPARE(listAll(), 2U);
    press(Qt::Key_Return);
    QCOMPARE(selection(), bytes(m_first, 4));
    m_document->select({{0}, {1}});
    QCOMPARE(listAll(), 0U);
    QCOMPARE(status(), QStringLiteral("✘ No segment lies here."));
    press(Qt::Key_Return);
    QCOMPARE(status(), QStringLiteral("✘ No segment lies here."));
}

void FindPanelTest::saysWhatIsNotThere()
{
    type(QStringLiteral("nowhere"));
    const auto before = selection();
    press(Qt::Key_Return);
    QCOMPARE(status(), QStringLiteral("There is no such place."));
    QCOMPARE(selection(), before);
    QCOMPARE(listAll(), 0U);
    QVERIFY(status().startsWith(QStringLiteral("0 hits in ")));
}

void FindPanelTest::stops()
{
    // So hostile that it would take hours.
    const std::vector<std::byte> letters(20'000'000, std::byte{'a'});
    Document document(m_folder.write("letters", letters), LockWish::None);
    Finder finder(document);
    m_panel->setDocument(&document, &finder);
    document.open();
    QTRY_COMPARE(document.state(), Document::State::Scanned);
    chooseKind(FindRequest::Kind::Regex);
    type(QStringLiteral("a(.*b)?"));
    QTest::keyClick(typed(), Qt::Key_Return, Qt::ControlModifier);
    auto *stop = find<QToolButton>("stopFind");
    QTRY_VERIFY(finder.hits().rowCount() > 0); // as they are found
    QCOMPARE(finder.state(), Finder::State::Searching);
    QVERIFY(stop->isVisible());
    QVERIFY(find<QWidget>("findProgress")->isVisible());
    QTRY_VERIFY2(status().contains(QStringLiteral(" so far, ")) && status().endsWith(QStringLiteral(" MB/s")),
                 qPrintable(status()));
    stop->setFocus();
    QTest::keyClick(stop, Qt::Key_Space);
    QTRY_COMPARE(finder.state(), Finder::State::Stopped);
    QVERIFY(finder.hits().rowCount() > 0);
    QVERIFY(!stop->isVisible());
    QVERIFY2(status().endsWith(QStringLiteral(", then stopped")), qPrintable(status()));
    QVERIFY(list()->hasFocus());
    m_panel->setDocument(m_document.get(), m_finder.get());
}

void FindPanelTest::aNewerSearchReplacesAnOlderOne()
{
    const std::vector<std::byte> letters(20'000'000, std::byte{'a'});
    Document document(m_folder.write("letters", letters), LockWish::None);
    Finder finder(document);
    document.open();
    QTRY_COMPARE(document.state(), Document::State::Scanned);
    const auto endless = *SearchPattern::regex("a(.*b)?");
    const auto short_ = *SearchPattern::regex("^a");
    const FindWhere all{.range = {{0}, {20'000'000}}};
    finder.findAll(endless, all);
    QTRY_VERIFY(finder.hits().rowCount() > 0);
    finder.findAll(short_, all);
    QCOMPARE(finder.hits().rowCount(), 0U);
    QTRY_COMPARE(finder.state(), Finder::State::Done);
    QCOMPARE(finder.hits().rowCount(), 1U);
    // Steps too: the one asked for last counts.
    const auto never = *SearchPattern::regex("(a?){900}b");
    document.select({{5}, {6}});
    const QSignalSpy stepped(&finder, &Finder::stepped);
    finder.step(never, all, 1);
    finder.step(*SearchPattern::text("a"), all, -1);
    QTRY_COMPARE(stepped.count(), 1);
    QCOMPARE(document.selection(), (Document::Selection{{4}, {5}}));
    finder.step(never, all, 1);
    finder.dropStep();
    QVERIFY(finder.isSettled());
}

void FindPanelTest::theKeyboardReachesAll()
{
    type(QStringLiteral("dune"));
    QCOMPARE(listAll(), 3U);
    QList<QString> reached;
    for (int i = 0; i < 20; ++i) {
        auto *focus = QApplication::focusWidget();
        QVERIFY(focus != nullptr);
        reached += focus->objectName();
        QVERIFY2(!focus->accessibleName().isEmpty() || qobject_cast<QAbstractButton *>(focus) != nullptr,
                 qPrintable(focus->objectName()));
        QTest::keyClick(focus, Qt::Key_Tab);
    }
    for (const auto *name : {"findKind", "findPattern", "findPrevious", "findNext", "findAll", "findEncoding",
                             "findMatchCase", "findWhere", "hits"})
        QVERIFY2(reached.contains(QLatin1String(name)), name);
}

void FindPanelTest::remembersWhatWasLookedFor()
{
    const QSignalSpy changed(m_panel.get(), &FindPanel::historyChanged);
    m_panel->setHistory(FindRequest::Kind::Text, {QStringLiteral("older"), QStringLiteral("dune")});
    type(QStringLiteral("dune"));
    press(Qt::Key_Return);
    press(Qt::Key_Return);
    QCOMPARE(m_panel->history(FindRequest::Kind::Text), QStringList({QStringLiteral("dune"), QStringLiteral("older")}));
    QCOMPARE(changed.count(), 1);
    type(QStringLiteral("de"));
    chooseKind(FindRequest::Kind::Hex);
    press(Qt::Key_Return);
    QCOMPARE(m_panel->history(FindRequest::Kind::Hex), QStringList({QStringLiteral("de")}));
    QCOMPARE(m_panel->history(FindRequest::Kind::Text).size(), 2);
    for (int i = 0; i < 100; ++i) {
        typed()->setText(QStringLiteral("%1").arg(i, 4, 10, QLatin1Char('0')));
        QVERIFY(m_panel->step(1));
    }
    QCOMPARE(m_panel->history(FindRequest::Kind::Hex).size(), FindPanel::kMostRemembered);
    QCOMPARE(m_panel->history(FindRequest::Kind::Hex).front(), QStringLiteral("0099"));
}

void FindPanelTest::followsTheDatabase()
{
    type(QStringLiteral("dune"));
    QCOMPARE(listAll(), 3U);
    m_document->select(bytes(m_first, 4));
    choose("findWhere", static_cast<int>(FindPanel::Where::Selection));
    m_panel->setDocument(nullptr, nullptr);
    QCOMPARE(list()->model(), nullptr);
    QVERIFY(!m_panel->step(1));
    QCOMPARE(find<QComboBox>("findWhere")->currentIndex(), static_cast<int>(FindPanel::Where::File));
    QCOMPARE(typed()->text(), QStringLiteral("dune"));
    m_panel->setDocument(m_document.get(), m_finder.get());
    QCOMPARE(m_finder->hits().rowCount(), 3U); // they are the document's
    QVERIFY(status().startsWith(QStringLiteral("3 hits")));
}

void FindPanelTest::aReloadForgetsTheHits()
{
    type(QStringLiteral("dune"));
    QCOMPARE(listAll(), 3U);
    m_document->open();
    QTRY_COMPARE(m_document->state(), Document::State::Scanned);
    QCOMPARE(m_finder->hits().rowCount(), 0U);
    QCOMPARE(m_finder->state(), Finder::State::Idle);
    QCOMPARE(listAll(), 3U);
}

void FindPanelTest::hitsOfAnEarlierSearchAreSaidToBe()
{
    const auto pale = m_panel->palette().color(QPalette::PlaceholderText);
    type(QStringLiteral("dune"));
    QVERIFY(listAll() > 0);
    QVERIFY(!status().contains(QStringLiteral("Listed are")));
    QVERIFY(list()->palette().color(QPalette::Text) != pale);
    chooseKind(FindRequest::Kind::Hex); // "dune" is none
    QVERIFY(status().startsWith(QChar(u'✘')));
    QVERIFY(status().contains(QStringLiteral("Listed are hits of the search before: \"dune\"")));
    QCOMPARE(list()->palette().color(QPalette::Text), pale);
    chooseKind(FindRequest::Kind::Text);
    QVERIFY(!status().contains(QStringLiteral("Listed are")));
    QVERIFY(list()->palette().color(QPalette::Text) != pale);
}

void FindPanelTest::theLineTellsByItsColourWhetherItIsUnderstood()
{
    const auto base = [this] { return typed()->palette().color(QPalette::Base); };
    const auto plain = m_panel->palette().color(QPalette::Base);
    typed()->clear();
    QCOMPARE(base(), plain);
    chooseKind(FindRequest::Kind::Hex);
    type(QStringLiteral("de ad"));
    const auto good = base();
    QVERIFY(good != plain);
    type(QStringLiteral("xy"));
    QVERIFY(base() != plain && base() != good);
}

void FindPanelTest::escapeLeaves()
{
    const QSignalSpy left(m_panel.get(), &FindPanel::left);
    typed()->setFocus();
    QTest::keyClick(typed(), Qt::Key_Escape);
    QCOMPARE(left.count(), 1);
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::FindPanelTest)
#include "find_panel_test.moc"
