#include "views/log_pane.h"

#include "support/watched_store.h"
#include "text/words.h"
#include "ui/snapshots.h"
#include "views/filter_line.h"
#include "views/virtual_table_view.h"

#include <QAbstractItemView>
#include <QAccessible>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <cmath>
#include <memory>

namespace modelvault::ui {
namespace {

using test::FileBuilder;
using test::ScannedFile;
using State = SegmentFilter::State;

constexpr int kTransactions = 700;

double luminance(const QColor &colour)
{
    const auto linear = [](double part) {
        return part <= 0.03928 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

double contrast(const QColor &one, const QColor &other)
{
    const double a = luminance(one);
    const double b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

} // namespace

class LogPaneTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_pane.reset(); }
    void returnShowsTheSegmentsThatPass();
    void saysWhatIsWrongWhileItIsTyped();
    void returnLeadsToWhatIsWrong();
    void textStaysLegible_data();
    void textStaysLegible();
    void completesTheWordThatIsTyped();
    void completesNamesOfCollections();
    void upAndDownGoThroughEarlierFilters();
    void theMenuOffersEarlierFilters();
    void escapeShowsAllSegmentsThenLeaves();
    void aCellIsAppliedAsFilter_data();
    void aCellIsAppliedAsFilter();
    void aCellIsJoinedToTheFilter();
    void theKeyboardReachesEveryFilterOfARow();
    void whatASegmentHoldsIsAppliedAsFilter();
    void rowsSayTheirSegments();
    void typedNumbersAndTypesLeadToHits();
    void theFilterStaysWithAnotherFile();
    void aGrowingLogBringsMoreHits();
    void waitsForTheScanWhereItMust();
    void firstHitsComeAtOnceAndStopEndsIt();
    void theNewestFilterWins();
    void whatCantBeReadIsSaid();
    void theGuiThreadReadsNothing();

private:
    void show(std::shared_ptr<const Store> store, std::shared_ptr<const Snapshot> snapshot)
    {
        m_model->setSnapshot(std::move(store), std::move(snapshot));
        QTRY_VERIFY(m_model->isSettled());
    }
    void showCorpus(const char *name)
    {
        const auto file = test::explainedFile(name);
        show(file.store, file.snapshot);
    }
    [[nodiscard]] QLineEdit *edit() const { return m_pane->findChild<QLineEdit *>(QStringLiteral("filter")); }
    [[nodiscard]] QString state() const { return m_pane->findChild<QLabel *>(QStringLiteral("filterState"))->text(); }
    [[nodiscard]] QToolButton *stop() const { return m_pane->findChild<QToolButton *>(QStringLiteral("filterStop")); }
    [[nodiscard]] QAbstractItemView *words() const
    {
        for (auto *widget : QApplication::allWidgets()) {
            if (widget->objectName() == QLatin1String("filterWords"))
                return qobject_cast<QAbstractItemView *>(widget);
        }
        return nullptr;
    }
    void type(const char *text)
    {
        // Its last character by the keyboard, which for Qt Test has ASCII alone.
        const auto all = QString::fromUtf8(text);
        edit()->setText(all.chopped(all.isEmpty() ? 0 : 1));
        QTest::keyClicks(edit(), all.last(all.isEmpty() ? 0 : 1));
    }
    void filter(const char *text)
    {
        edit()->setText(QString::fromUtf8(text));
        QTest::keyClick(edit(), Qt::Key_Return);
        QTRY_VERIFY(m_model->isSettled() && m_model->filter()->state() != State::Running);
    }
    [[nodiscard]] QList<std::uint64_t> shown() const
    {
        QList<std::uint64_t> numbers;
        for (std::uint64_t row = 0; row < m_model->rowCount(); ++row)
            numbers += m_model->numberAt(row).value;
        return numbers;
    }
    /// The menu of a row, as the mouse or the keyboard opens it.
    QMenu *openMenu(std::uint64_t row, int column)
    {
        auto *table = m_pane->table();
        table->selectRow(row);
        const int x = column < 0 ? 0 : table->header()->sectionViewportPosition(column) + 2;
        const QPoint at(x, table->rowRect(row).center().y());
        QContextMenuEvent event(column < 0 ? QContextMenuEvent::Keyboard : QContextMenuEvent::Mouse, at,
                                table->viewport()->mapToGlobal(at));
        QApplication::sendEvent(table->viewport(), &event);
        for (auto *menu : table->findChildren<QMenu *>()) {
            if (menu->isVisible() && menu->objectName().isEmpty())
                return menu;
        }
        return nullptr;
    }
    /// Chooses from "Apply as Filter": the filter, then what is done with it.
    void choose(QMenu *menu, const QString &like, const QString &how)
    {
        QVERIFY(menu != nullptr);
        auto *apply = menu->findChild<QMenu *>(QStringLiteral("applyAsFilter"));
        QVERIFY(apply != nullptr);
        QAction *chosen = nullptr;
        for (auto *each : apply->actions()) {
            if (each->text() != like)
                continue;
            for (auto *action : each->menu()->actions()) {
                if (action->text().remove(QLatin1Char('&')) == how)
                    chosen = action;
            }
        }
        QVERIFY(chosen != nullptr);
        chosen->trigger();
        menu->close();
        QTRY_VERIFY(m_model->isSettled());
    }

    FileBuilder m_file;
    std::unique_ptr<SegmentRowModel> m_model;
    std::unique_ptr<LogPane> m_pane;
};

void LogPaneTest::init()
{
    m_file = FileBuilder();
    for (std::uint64_t id = 1; id <= kTransactions; ++id)
        m_file.transaction(2, 10 + id, id);
    m_model = std::make_unique<SegmentRowModel>();
    m_pane = std::make_unique<LogPane>(*m_model);
    m_pane->resize(900, 500);
    const ScannedFile scanned(m_file);
    show(scanned.store, scanned.snapshot);
    m_pane->show();
    m_pane->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_pane.get()));
    m_pane->filterLine()->setFocus();
}

void LogPaneTest::returnShowsTheSegmentsThatPass()
{
    type("type == begin and number < 20");
    QCOMPARE(state(), QStringLiteral("✔ Return filters"));
    QCOMPARE(m_model->rowCount(), 4U * kTransactions + 1); // not before
    QTest::keyClick(edit(), Qt::Key_Return);
    QTRY_COMPARE(m_model->filter()->state(), State::Done);
    QCOMPARE(shown(), (QList<std::uint64_t>{1, 5, 9, 13, 17}));
    QCOMPARE(state(), QStringLiteral("✔ 5 of %1").arg(groupedText(4 * kTransactions + 1)));
    QCOMPARE(edit()->accessibleDescription(), state());
    QVERIFY(!stop()->isVisible());
    type("");
    QTest::keyClick(edit(), Qt::Key_Return);
    QCOMPARE(m_model->rowCount(), 4U * kTransactions + 1);
    QCOMPARE(state(), QString());
}

void LogPaneTest::saysWhatIsWrongWhileItIsTyped()
{
    const auto usual = edit()->palette().color(QPalette::Base);
    type("type < 3");
    QVERIFY(state().startsWith(QStringLiteral("✘ ")));
    QVERIFY(state().contains(QStringLiteral("no order")));
    type("kez == 3");
    QCOMPARE(state(), QStringLiteral("✘ There is no such field: kez"));
    QCOMPARE(edit()->accessibleDescription(), state());
    const auto bad = edit()->palette().color(QPalette::Base);
    type("type == record");
    const auto good = edit()->palette().color(QPalette::Base);
    QVERIFY(bad.red() > bad.green());
    QVERIFY(good.green() > good.red());
    QVERIFY(bad != usual && good != usual);
    edit()->clear();
    QCOMPARE(edit()->palette().color(QPalette::Base), usual);
}

void LogPaneTest::returnLeadsToWhatIsWrong()
{
    type("key == \"ü\" and colour == 3");
    QTest::keyClick(edit(), Qt::Key_Return);
    QCOMPARE(edit()->selectedText(), QStringLiteral("colour"));
    QVERIFY(m_model->filter()->isOff());
}

void LogPaneTest::textStaysLegible_data()
{
    QTest::addColumn<QColor>("base");
    QTest::addColumn<QColor>("text");
    QTest::newRow("light") << QColor(Qt::white) << QColor(Qt::black);
    QTest::newRow("dark") << QColor(0x1e, 0x1f, 0x21) << QColor(0xec, 0xec, 0xec);
}

void LogPaneTest::textStaysLegible()
{
    QFETCH(QColor, base);
    QFETCH(QColor, text);
    auto palette = m_pane->palette();
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::Text, text);
    m_pane->setPalette(palette);
    for (const auto *typed : {"type", "type =="}) {
        type(typed);
        const auto shown = edit()->palette();
        QVERIFY(shown.color(QPalette::Base) != base);
        QVERIFY(contrast(shown.color(QPalette::Base), shown.color(QPalette::Text)) >= 4.5);
    }
}

void LogPaneTest::completesTheWordThatIsTyped()
{
    type("type == ch");
    QTRY_VERIFY(words() != nullptr && words()->isVisible());
    QCOMPARE(words()->model()->rowCount(), 1);
    QTest::keyClick(words(), Qt::Key_Down);
    QTest::keyClick(words(), Qt::Key_Return);
    QCOMPARE(edit()->text(), QStringLiteral("type == checkpoint "));
    QVERIFY(m_model->filter()->isOff()); // that Return was for the list
    QVERIFY(!words()->isVisible());
    // Return without a choice is for the line.
    type("number == 3 or t");
    QTRY_VERIFY(words()->isVisible());
    QTest::keyClick(words(), Qt::Key_Backspace);
    QTest::keyClicks(edit(), QStringLiteral("key"));
    QTest::keyClick(edit(), Qt::Key_Return);
    QTRY_COMPARE(shown(), QList<std::uint64_t>{3});
    // Asked for, all that may stand here.
    type("crc == ");
    QVERIFY(!words()->isVisible());
    QTest::keyClick(edit(), Qt::Key_Space, Qt::ControlModifier);
    QVERIFY(words()->isVisible());
    QCOMPARE(words()->model()->index(1, 0).data().toString(), QStringLiteral("bad"));
    QTest::keyClick(words(), Qt::Key_Escape);
    QVERIFY(!words()->isVisible());
    QCOMPARE(edit()->text(), QStringLiteral("crc == "));
}

void LogPaneTest::completesNamesOfCollections()
{
    m_pane->filterLine()->setCollections({"bücher", "people"});
    type("key == \"ä\" and collection == b");
    QTRY_VERIFY(words()->isVisible());
    QTest::keyClick(words(), Qt::Key_Down);
    QTest::keyClick(words(), Qt::Key_Return);
    QCOMPARE(edit()->text(), QStringLiteral("key == \"ä\" and collection == \"bücher\" "));
}

void LogPaneTest::upAndDownGoThroughEarlierFilters()
{
    QSignalSpy changed(m_pane->filterLine(), &FilterLine::historyChanged);
    filter("number == 1");
    filter("number == 2");
    filter("number == 1");
    QCOMPARE(m_pane->filterLine()->history(),
             (QStringList{QStringLiteral("number == 1"), QStringLiteral("number == 2")}));
    QCOMPARE(changed.size(), 3);
    edit()->setText(QStringLiteral("half ty"));
    QTest::keyClick(edit(), Qt::Key_Up);
    QCOMPARE(edit()->text(), QStringLiteral("number == 1"));
    QTest::keyClick(edit(), Qt::Key_Up);
    QTest::keyClick(edit(), Qt::Key_Up); // there is no older one
    QCOMPARE(edit()->text(), QStringLiteral("number == 2"));
    QTest::keyClick(edit(), Qt::Key_Down);
    QTest::keyClick(edit(), Qt::Key_Down);
    QCOMPARE(edit()->text(), QStringLiteral("half ty"));
    QStringList many;
    for (int i = 0; i < 2 * FilterLine::kMostRemembered; ++i)
        many += QString::number(i);
    m_pane->filterLine()->setHistory(many);
    QCOMPARE(m_pane->filterLine()->history().size(), FilterLine::kMostRemembered);
}

void LogPaneTest::theMenuOffersEarlierFilters()
{
    auto *button = m_pane->findChild<QToolButton *>(QStringLiteral("filterHistory"));
    QVERIFY(!button->isEnabled());
    m_pane->filterLine()->setHistory({QStringLiteral("number == 4")});
    QVERIFY(button->isEnabled());
    button->click();
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu != nullptr);
    menu->actions().front()->trigger();
    menu->close();
    QTRY_COMPARE(shown(), QList<std::uint64_t>{4});
    QCOMPARE(edit()->text(), QStringLiteral("number == 4"));
}

void LogPaneTest::escapeShowsAllSegmentsThenLeaves()
{
    filter("number == 1");
    QCOMPARE(m_model->rowCount(), 1U);
    QTest::keyClick(edit(), Qt::Key_Escape);
    QCOMPARE(edit()->text(), QString());
    QCOMPARE(m_model->rowCount(), 4U * kTransactions + 1);
    QVERIFY(edit()->hasFocus());
    QTest::keyClick(edit(), Qt::Key_Escape);
    QVERIFY(m_pane->table()->hasFocus());
}

void LogPaneTest::aCellIsAppliedAsFilter_data()
{
    QTest::addColumn<int>("column");
    QTest::addColumn<QString>("like");
    QTest::addColumn<std::uint64_t>("hits");
    QTest::newRow("number") << int(SegmentRowModel::Number) << QStringLiteral("number == 2") << std::uint64_t{1};
    QTest::newRow("offset") << int(SegmentRowModel::Place) << QStringLiteral("offset == 0x208a") << std::uint64_t{1};
    QTest::newRow("type") << int(SegmentRowModel::Type) << QStringLiteral("type == record")
                          << std::uint64_t{2 * kTransactions};
    QTest::newRow("length") << int(SegmentRowModel::PayloadLength) << QStringLiteral("length == 11")
                            << std::uint64_t{2};
    QTest::newRow("transaction") << int(SegmentRowModel::InTransaction) << QStringLiteral("transaction == 0")
                                 << std::uint64_t{4};
    QTest::newRow("crc") << int(SegmentRowModel::Checksum) << QStringLiteral("crc == good")
                         << std::uint64_t{4 * kTransactions + 1};
}

void LogPaneTest::aCellIsAppliedAsFilter()
{
    QFETCH(int, column);
    QFETCH(QString, like);
    QFETCH(std::uint64_t, hits);
    choose(openMenu(2, column), like, QStringLiteral("This Alone"));
    QCOMPARE(edit()->text(), like);
    QTRY_COMPARE(m_model->rowCount(), hits);
    QCOMPARE(m_pane->filterLine()->history().value(0), like);
    if (hits < 2)
        return;
    choose(openMenu(1, column), like, QStringLiteral("All But This"));
    QTRY_COMPARE(m_model->rowCount(), 4U * kTransactions + 1 - hits);
}

void LogPaneTest::aCellIsJoinedToTheFilter()
{
    filter("number < 10");
    choose(openMenu(2, SegmentRowModel::Type), QStringLiteral("type == record"), QStringLiteral("… and This"));
    QCOMPARE(edit()->text(), QStringLiteral("number < 10 and type == record"));
    QCOMPARE(shown(), (QList<std::uint64_t>{2, 3, 6, 7}));
    choose(openMenu(1, SegmentRowModel::Number), QStringLiteral("number == 3"), QStringLiteral("… and Not This"));
    QCOMPARE(shown(), (QList<std::uint64_t>{2, 6, 7}));
    filter("number == 5");
    choose(openMenu(0, SegmentRowModel::InTransaction), QStringLiteral("transaction == 1"),
           QStringLiteral("… or This"));
    QCOMPARE(shown(), (QList<std::uint64_t>{5, 6, 7, 8}));
}

void LogPaneTest::theKeyboardReachesEveryFilterOfARow()
{
    auto *menu = openMenu(0, -1);
    QVERIFY(menu != nullptr);
    QStringList titles;
    for (const auto *action : menu->findChild<QMenu *>(QStringLiteral("applyAsFilter"))->actions())
        titles += action->text();
    QVERIFY(titles.contains(QStringLiteral("number == 0")));
    QVERIFY(titles.contains(QStringLiteral("not transaction"))); // it lies in none
    QVERIFY(titles.contains(QStringLiteral("crc == good")));
    QVERIFY(titles.contains(QStringLiteral("type == manifest")));
    choose(menu, QStringLiteral("not transaction"), QStringLiteral("This Alone"));
    QCOMPARE(shown(), QList<std::uint64_t>{0});
}

void LogPaneTest::whatASegmentHoldsIsAppliedAsFilter()
{
    showCorpus("valid-books");
    m_pane->table()->header()->show();
    filter("type == record");
    QVERIFY(m_model->rowCount() > 1);
    const auto filters = m_model->filtersLike(0, SegmentRowModel::What);
    QCOMPARE(filters.size(), 3U);
    choose(openMenu(0, -1), plainText(filters[1].text()), QStringLiteral("This Alone")); // its key
    QVERIFY(m_model->rowCount() >= 1 && m_model->rowCount() < 5);
    filter("collection == \"books\" and operation == insert");
    const auto hits = m_model->rowCount();
    QVERIFY(hits > 1);
    filter("collection == \"no such\"");
    QCOMPARE(m_model->rowCount(), 0U);
    QVERIFY(m_pane->table()->spokenText().contains(QStringLiteral("No segment passes")));
}

void LogPaneTest::rowsSayTheirSegments()
{
    filter("type == commit and number > 2000");
    const auto first = m_model->numberAt(0);
    QCOMPARE(first.value, 2004U);
    QCOMPARE(m_model->data(0, SegmentRowModel::Number, Qt::DisplayRole).toString(), groupedText(2004));
    QVERIFY(m_model->segment(0) != nullptr);
    QCOMPARE(m_model->segment(0)->no, first);
    QCOMPARE(m_model->segment(0)->offset, m_file.offsets()[2004]);
    QCOMPARE(m_model->rowOf({2008}), std::optional<std::uint64_t>(1));
    QCOMPARE(m_model->rowOf({2007}), std::nullopt);
    // What is looked up is the row's own, far down too.
    const auto last = m_model->rowCount() - 1;
    m_model->prepare(last - 5, last);
    QTRY_VERIFY(m_model->isSettled());
    QCOMPARE(m_model->segment(last)->no.value, 2800U);
    QCOMPARE(m_model->data(last, SegmentRowModel::What, Qt::DisplayRole).toString(), QStringLiteral("id 700"));
    QCOMPARE(m_model->copyText(0, 1, {SegmentRowModel::Number, SegmentRowModel::Type}).result(),
             QStringLiteral("2004\tcommit\n2008\tcommit\n"));
}

void LogPaneTest::typedNumbersAndTypesLeadToHits()
{
    filter("type in {begin, record} and number > 100");
    const auto find = [this](const char *typed, std::uint64_t from) {
        auto found = m_model->findRow(QString::fromLatin1(typed), from);
        found.waitForFinished();
        return found.result();
    };
    using Row = std::optional<std::uint64_t>;
    QCOMPARE(find("101", 0), Row(0));
    QCOMPARE(find("100", 0), Row()); // a commit
    QCOMPARE(find("rec", 0), Row(1));
    QCOMPARE(find("begin", 1), Row(3));
    QCOMPARE(find("begin", m_model->rowCount() - 1), Row(0));
    QCOMPARE(find("commit", 0), Row());
}

void LogPaneTest::theFilterStaysWithAnotherFile()
{
    filter("type == begin");
    FileBuilder other;
    other.transaction(3).transaction(1);
    const ScannedFile scanned(other);
    show(scanned.store, scanned.snapshot);
    QTRY_COMPARE(shown(), (QList<std::uint64_t>{1, 6}));
    QCOMPARE(edit()->text(), QStringLiteral("type == begin"));
    show(nullptr, nullptr);
    QTRY_COMPARE(m_model->rowCount(), 0U);
}

void LogPaneTest::aGrowingLogBringsMoreHits()
{
    const std::shared_ptr<const Store> store = m_file.store();
    const auto half = test::snapshotOf(*store, m_file.offsets()[1000].value);
    show(store, half);
    filter("type == begin");
    const auto before = shown();
    QCOMPARE(before.size(), 250);
    QSignalSpy reset(m_model.get(), &RowModel::wasReset);
    show(store, test::snapshotOf(*store));
    QTRY_COMPARE(m_model->rowCount(), std::uint64_t{kTransactions});
    QCOMPARE(shown().first(250), before);
    QVERIFY(reset.isEmpty());
}

void LogPaneTest::waitsForTheScanWhereItMust()
{
    m_model->filter()->setScanning(true);
    edit()->setText(QStringLiteral("crc == good"));
    QTest::keyClick(edit(), Qt::Key_Return);
    QCOMPARE(m_model->filter()->state(), State::Waiting);
    QVERIFY(state().contains(QStringLiteral("scan")));
    QVERIFY(stop()->isVisible());
    m_model->filter()->setScanning(false);
    QTRY_COMPARE(m_model->filter()->state(), State::Done);
    QCOMPARE(m_model->rowCount(), 4U * kTransactions + 1);
    // What headers decide need not wait.
    m_model->filter()->setScanning(true);
    edit()->setText(QStringLiteral("length == 11"));
    QTest::keyClick(edit(), Qt::Key_Return);
    QTRY_COMPARE(m_model->filter()->state(), State::Done);
    QCOMPARE(m_model->rowCount(), 2U);
}

namespace {

/// Reads of payloads that wait until they may.
class SlowStore final : public Store {
public:
    explicit SlowStore(std::shared_ptr<const Store> base) : m_base(std::move(base)) { }
    void letGo() { m_mayRead = true; }
    void hold() { m_mayRead = false; }
    void failFrom(Offset place) { m_failsFrom = place.value; }

    [[nodiscard]] Result<std::uint64_t> length() const override { return m_base->length(); }
    [[nodiscard]] Result<void> readExactAt(Offset offset, std::span<std::byte> into) const override
    {
        while (!m_mayRead && offset.value >= m_holdsFrom)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (offset.value >= m_failsFrom)
            return failure(ErrorCode::Io, offset);
        return m_base->readExactAt(offset, into);
    }
    [[nodiscard]] Result<void> writeAllAt(Offset, std::span<const std::byte>) override
    {
        return failure(ErrorCode::InvalidInput);
    }
    [[nodiscard]] Result<void> sync() override { return {}; }
    [[nodiscard]] Result<void> truncate(std::uint64_t) override { return failure(ErrorCode::InvalidInput); }

    void holdFrom(Offset place) { m_holdsFrom = place.value; }

private:
    const std::shared_ptr<const Store> m_base;
    std::atomic<bool> m_mayRead = true;
    std::atomic<std::uint64_t> m_holdsFrom = 0;
    std::atomic<std::uint64_t> m_failsFrom = UINT64_MAX;
};

} // namespace

void LogPaneTest::firstHitsComeAtOnceAndStopEndsIt()
{
    const auto slow = std::make_shared<SlowStore>(m_file.store());
    show(slow, test::snapshotOf(*slow));
    slow->holdFrom(m_file.offsets()[1600]);
    slow->hold();
    edit()->setText(QStringLiteral("length == 24"));
    QTest::keyClick(edit(), Qt::Key_Return);
    QTRY_VERIFY(m_model->rowCount() > 0);
    QCOMPARE(m_model->filter()->state(), State::Running);
    QVERIFY(state().contains(QStringLiteral("searched")));
    QVERIFY(stop()->isVisible());
    QTRY_VERIFY(m_model->segment(0) != nullptr); // and are looked up meanwhile
    const auto before = m_model->rowCount();
    stop()->click();
    QCOMPARE(m_model->filter()->state(), State::Stopped);
    QVERIFY(state().contains(QStringLiteral("stopped")));
    QVERIFY(!stop()->isVisible());
    slow->letGo();
    QTest::qWait(100);
    QCOMPARE(m_model->rowCount(), before); // late hits don't come
    // Return searches again.
    QTest::keyClick(edit(), Qt::Key_Return);
    QTRY_COMPARE(m_model->filter()->state(), State::Done);
    QVERIFY(m_model->rowCount() > before);
}

void LogPaneTest::theNewestFilterWins()
{
    const auto slow = std::make_shared<SlowStore>(m_file.store());
    show(slow, test::snapshotOf(*slow));
    slow->hold();
    for (const auto *text : {"length == 24", "length < 20", "length == 11"}) {
        edit()->setText(QString::fromLatin1(text));
        QTest::keyClick(edit(), Qt::Key_Return);
    }
    slow->letGo();
    QTRY_COMPARE(m_model->filter()->state(), State::Done);
    QCOMPARE(shown(), (QList<std::uint64_t>{2, 3}));
    QTest::qWait(50);
    QCOMPARE(shown(), (QList<std::uint64_t>{2, 3}));
}

void LogPaneTest::whatCantBeReadIsSaid()
{
    const auto slow = std::make_shared<SlowStore>(m_file.store());
    show(slow, test::snapshotOf(*slow));
    slow->failFrom(m_file.offsets()[1600]);
    filter("length == 24");
    QCOMPARE(m_model->filter()->state(), State::Failed);
    QVERIFY(m_model->rowCount() > 500);
    QVERIFY(state().startsWith(QStringLiteral("✘ ")));
}

void LogPaneTest::theGuiThreadReadsNothing()
{
    const auto watched = std::make_shared<test::WatchedStore>(std::shared_ptr<Store>(m_file.store()));
    auto snapshot = test::snapshotOf(*m_file.store());
    show(watched, snapshot);
    filter("type == record and key != 3 and operation != insert");
    QCOMPARE(m_model->rowCount(), 2U * kTransactions);
    m_model->prepare(600, 620);
    QTRY_VERIFY(m_model->isSettled());
    QVERIFY(m_model->segment(620) != nullptr);
    QVERIFY(!watched->wasReadByMaker());
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::LogPaneTest)

#include "log_pane_test.moc"
