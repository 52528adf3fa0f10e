#include "views/minimap_bar.h"

#include "ui/snapshots.h"
#include "views/hex_view.h"
#include "views/structure_palette.h"

#include <QAccessible>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>
#include <QWheelEvent>

#include <memory>

namespace modelvault::ui {

namespace {

constexpr auto kPage = PageMap::kPageSize;
constexpr std::uint64_t kPages = 2000;
constexpr int kHeight = 400;

/// Records everywhere, but for one damaged page, and one that is damaged in part.
std::shared_ptr<Snapshot> records(std::uint64_t pages, std::uint64_t damaged)
{
    auto map = std::make_shared<PageMap>(pages * kPage);
    map->add({0}, {pages * kPage}, ContentKind::Record);
    map->finish();
    if (damaged < pages)
        map->markDamaged({damaged * kPage}, {damaged * kPage + 1});
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->head.fileLength = pages * kPage;
    snapshot->log.pages = map;
    return snapshot;
}

/// Of a file that no disk holds; nothing of it is scanned.
std::shared_ptr<const Snapshot> endless(const Store &store, std::uint64_t length)
{
    auto head = readFileHead(store).value();
    head.fileLength = length;
    return makeSnapshot({}, head, emptyLogScan(kPage));
}

} // namespace

class MinimapBarTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void showsDamageHoweverSmall();
    void showsFindingsAtTheEdge();
    void showsWhatIsInSight();
    void theFrameIsNeverTooFlatToSee();
    void showsSelectionAndBookmarks();
    void bookmarksBehindTheEndHaveNoMark();
    void isMirroredFromRightToLeft();
    void oneDamagedPageOfAHugeFileIsSeen();
    void showsFieldsAndEntropyToo();
    void smallFilesAreShownToTheByte();
    void followsItsHeightAndNewerSnapshots();
    void saysWhatLiesThere();
    void aClickLeadsExactlyThere_data();
    void aClickLeadsExactlyThere();
    void draggingFollowsTheMouse();
    void theFrameIsHeldWhereItIsTaken();
    void shiftClicksMoveByPages();
    void theWheelMovesByExactLines();
    void theMenuLeadsThereToo();
    void isAScrollBarToScreenReaders();
    void isWiderThanAPlainBar();
    void takesNoFocus();
    void nothingToShowIsNoTrouble();

private:
    void show(std::shared_ptr<const Snapshot> snapshot) { m_bar->setSource({}, std::move(snapshot)); }
    [[nodiscard]] QImage picture() const { return m_bar->grab().toImage(); }
    /// Whether the colour is found in rows [top, bottom) of the picture, between two shares of its width.
    [[nodiscard]] bool isPainted(const QColor &colour, int top, int bottom, double from = 0, double to = 1) const
    {
        const auto image = picture();
        for (int y = std::max(top, 0); y < std::min(bottom, image.height()); ++y) {
            for (int x = int(from * image.width()); x < int(to * image.width()); ++x) {
                if (image.pixelColor(x, y) == colour)
                    return true;
            }
        }
        return false;
    }
    [[nodiscard]] QColor fill(ContentKind kind) const { return StructurePalette(m_bar->palette()).fill(kind); }

    std::unique_ptr<MinimapBar> m_bar;
};

void MinimapBarTest::init()
{
    m_bar = std::make_unique<MinimapBar>();
    m_bar->resize(m_bar->sizeHint().width(), kHeight);
    m_bar->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_bar.get()));
    m_bar->setVisibleBytes({0}, {1});
}

void MinimapBarTest::showsDamageHoweverSmall()
{
    const auto damaged = fill(ContentKind::Damaged);
    show(records(kPages, kPages));
    QVERIFY(isPainted(fill(ContentKind::Record), 100, 110));
    QVERIFY(!isPainted(damaged, 0, kHeight));
    for (const std::uint64_t page : {std::uint64_t{100}, std::uint64_t{999}, kPages - 1}) {
        show(records(kPages, page));
        const auto row = int(page * kHeight / kPages);
        QVERIFY(isPainted(damaged, row - 1, row + 2));
        QVERIFY(!isPainted(damaged, 0, row - 4));
        QVERIFY(!isPainted(damaged, row + 5, kHeight));
        QVERIFY2(isPainted(fill(ContentKind::Record), row, row + 1), "what else is there is still to be seen");
    }
}

void MinimapBarTest::showsFindingsAtTheEdge()
{
    show(records(kPages, kPages));
    m_bar->setFindings(test::marksOf({{.offset = {kPages * kPage / 2}, .length = 3}}));
    const auto colour = fill(ContentKind::Damaged);
    QVERIFY(isPainted(colour, kHeight / 2 - 1, kHeight / 2 + 2, 0.9, 1));
    QVERIFY(!isPainted(colour, 0, kHeight, 0, 0.85));
    QVERIFY(!isPainted(colour, 0, kHeight / 2 - 4));
    QVERIFY(m_bar->describe(kHeight / 2).contains(QStringLiteral("Error: ")));
    QVERIFY(!m_bar->describe(kHeight / 4).contains(QStringLiteral("Error: ")));
    // Also where the view is.
    m_bar->setVisibleBytes({kPages * kPage / 2}, {kPages * kPage / 2 + 500});
    QVERIFY(isPainted(colour, kHeight / 2 - 1, kHeight / 2 + 2, 0.9, 1));
}

void MinimapBarTest::showsWhatIsInSight()
{
    show(records(kPages, kPages));
    const auto without = picture();
    m_bar->setVisibleBytes({kPages * kPage / 4}, {kPages * kPage / 2});
    QCOMPARE(m_bar->frameRect().top(), kHeight / 4.0);
    QCOMPARE(m_bar->frameRect().bottom(), kHeight / 2.0);
    const auto with = picture();
    const int middle = int(m_bar->frameRect().center().x());
    QVERIFY(with.pixelColor(middle, kHeight * 3 / 8) != without.pixelColor(middle, kHeight * 3 / 8));
    QCOMPARE(with.pixelColor(middle, kHeight * 3 / 4), without.pixelColor(middle, kHeight * 3 / 4));
}

void MinimapBarTest::theFrameIsNeverTooFlatToSee()
{
    show(records(kPages, kPages));
    for (const std::uint64_t begin : {std::uint64_t{0}, kPages * kPage / 3, kPages * kPage - 200}) {
        m_bar->setVisibleBytes({begin}, {begin + 200});
        const auto frame = m_bar->frameRect();
        QVERIFY(frame.height() >= 6);
        QVERIFY(frame.top() >= 0 && frame.bottom() <= kHeight);
        const double place = double(begin) / double(kPages * kPage) * kHeight;
        QVERIFY(frame.top() <= place && frame.bottom() >= place);
    }
}

void MinimapBarTest::showsSelectionAndBookmarks()
{
    show(records(kPages, kPages));
    const auto selected = m_bar->palette().color(QPalette::Active, QPalette::Highlight);
    m_bar->setSelectedBytes({kPages * kPage / 2}, {kPages * kPage / 2 + 1});
    QVERIFY(isPainted(selected, kHeight / 2 - 2, kHeight / 2 + 2, 0, 0.25));
    m_bar->setSelectedBytes({0}, {0});
    QVERIFY(!isPainted(selected, 0, kHeight));

    const auto flag = m_bar->palette().color(QPalette::WindowText);
    QVERIFY(!isPainted(flag, 100, kHeight));
    m_bar->setBookmarks({{{kPages * kPage / 2}, {kPages * kPage / 2 + 4}, QStringLiteral("half")}});
    QVERIFY(isPainted(flag, kHeight / 2 - 3, kHeight / 2 + 4, 0, 0.3));
    QVERIFY(!isPainted(flag, kHeight / 2 + 20, kHeight));
}

void MinimapBarTest::bookmarksBehindTheEndHaveNoMark()
{
    show(records(kPages, kPages));
    const auto flag = m_bar->palette().color(QPalette::WindowText);
    m_bar->setBookmarks({{{kPages * kPage}, {kPages * kPage + 4}, QStringLiteral("behind")}});
    QVERIFY(!isPainted(flag, 100, kHeight));
    QVERIFY(!m_bar->describe(kHeight - 1).contains(QStringLiteral("behind")));
}

void MinimapBarTest::isMirroredFromRightToLeft()
{
    show(records(kPages, kPages));
    m_bar->setFindings(test::marksOf({{.offset = {kPages * kPage / 2}, .length = 3}}));
    m_bar->setBookmarks({{{kPages * kPage / 4}, {kPages * kPage / 4 + 4}, QStringLiteral("quarter")}});
    const auto flag = m_bar->palette().color(QPalette::WindowText);
    const auto finding = fill(ContentKind::Damaged);
    QVERIFY(isPainted(flag, 95, 106, 0, 0.3) && !isPainted(flag, 95, 106, 0.7, 1));
    QVERIFY(isPainted(finding, 198, 203, 0.9, 1) && !isPainted(finding, 198, 203, 0, 0.1));
    m_bar->setLayoutDirection(Qt::RightToLeft);
    QVERIFY(!isPainted(flag, 95, 106, 0, 0.3) && isPainted(flag, 95, 106, 0.7, 1));
    QVERIFY(!isPainted(finding, 198, 203, 0.9, 1) && isPainted(finding, 198, 203, 0, 0.1));
}

void MinimapBarTest::oneDamagedPageOfAHugeFileIsSeen()
{
    constexpr std::uint64_t kHuge = 6'553'600; // 100 GiB
    show(records(kHuge, kHuge / 2));
    QVERIFY(isPainted(fill(ContentKind::Damaged), kHeight / 2 - 1, kHeight / 2 + 2));
    QVERIFY(!isPainted(fill(ContentKind::Damaged), kHeight / 2 + 5, kHeight));
}

void MinimapBarTest::smallFilesAreShownToTheByte()
{
    const test::ScannedFile file(test::corpusFile("valid-checkpoint").bytes()); // less than a page
    m_bar->setSource(file.store, file.snapshot);
    QTRY_VERIFY(m_bar->isSettled());
    const auto rowOfLog = m_bar->scale().rowOf(kLogStart);
    QVERIFY(rowOfLog < m_bar->scale().rows() - 1);
    for (int row = 0; row < m_bar->scale().rows(); ++row) {
        const bool isHead = m_bar->lookAt(row) == MapLook(ContentKind::Head);
        QVERIFY(row == rowOfLog || isHead == (row < rowOfLog));
    }
    // Damage is where it is, and nowhere else.
    const test::ScannedFile damaged(test::corpusFile("damaged-record-payload-bit").bytes());
    m_bar->setSource(damaged.store, damaged.snapshot);
    QTRY_VERIFY(m_bar->isSettled());
    QVERIFY(isPainted(fill(ContentKind::Damaged), 0, kHeight, 0.3, 0.85));
    QVERIFY(!isPainted(fill(ContentKind::Damaged), 0, m_bar->scale().rowOf(kLogStart) - 2, 0.3, 0.85));
}

void MinimapBarTest::followsItsHeightAndNewerSnapshots()
{
    const auto damaged = fill(ContentKind::Damaged);
    show(records(kPages, 0));
    (void)picture();
    show(records(kPages, kPages / 2));
    QVERIFY(!isPainted(damaged, 0, kHeight / 2 - 4));
    QVERIFY(isPainted(damaged, kHeight / 2 - 1, kHeight / 2 + 2));
    m_bar->resize(m_bar->width(), kHeight / 2);
    QCOMPARE(m_bar->scale().rows(), kHeight / 2);
    QVERIFY(isPainted(damaged, kHeight / 4 - 1, kHeight / 4 + 2));
    QVERIFY(!isPainted(damaged, kHeight / 4 + 5, kHeight / 2));
}

void MinimapBarTest::saysWhatLiesThere()
{
    show(records(kPages, 1000)); // five pages a row
    m_bar->setBookmarks({{{1000 * kPage}, {1000 * kPage + 4}, QStringLiteral("<half>")}});
    QCOMPARE(m_bar->describe(100), QStringLiteral("Offset 0x7d0000 (8\u2009192\u2009000)\nHolds: record"));
    QCOMPARE(m_bar->describe(200),
             QStringLiteral("Offset 0xfa0000 (16\u2009384\u2009000)\nHolds: record, damaged\nBookmark: <half>"));
    QHelpEvent help(QEvent::ToolTip, {5, 200}, m_bar->mapToGlobal(QPoint(5, 200)));
    QApplication::sendEvent(m_bar.get(), &help);
    QTRY_VERIFY(QToolTip::text().contains(QStringLiteral("&lt;half&gt;")));
    QToolTip::hideText();
}

void MinimapBarTest::aClickLeadsExactlyThere_data()
{
    QTest::addColumn<quint64>("length");
    QTest::newRow("small") << quint64(100'000);
    QTest::newRow("more lines than the bar has positions") << (quint64(1) << 40U);
    QTest::newRow("8 EiB") << (quint64(1) << 63U) - 1;
    QTest::newRow("all 64 bits") << ~quint64(0);
}

void MinimapBarTest::aClickLeadsExactlyThere()
{
    QFETCH(const quint64, length);
    test::FileBuilder file;
    const auto store = std::shared_ptr<const Store>(file.store());
    HexView view;
    view.resize(view.sizeHint() + QSize(40, 300));
    view.setSource(store, endless(*store, length));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    auto *bar = view.findChild<MinimapBar *>();
    QCOMPARE(bar, view.verticalScrollBar());
    QTRY_VERIFY(bar->isVisible() && bar->scale().rows() == bar->height());
    const auto line = std::uint64_t(view.layoutOfBytes().bytesPerLine());
    const auto visible = (view.visibleEnd() - view.visibleBegin()) / line;
    const QSignalSpy selected(&view, &HexView::selectionChanged);
    for (int y = bar->height() / 4; y < bar->height() * 3 / 4; y += 7) {
        QTest::mouseClick(bar, Qt::LeftButton, {}, {bar->width() / 2, y});
        const auto place = bar->scale().begin(y);
        QVERIFY(view.visibleBegin() <= place && place < view.visibleEnd());
        // In the middle, to the line.
        const auto above = view.layoutOfBytes().lineOf(place) - view.layoutOfBytes().lineOf(view.visibleBegin());
        QVERIFY(above == visible / 2 || above + 1 == visible / 2);
    }
    QTest::mouseClick(bar, Qt::LeftButton, {}, {bar->width() / 2, bar->height() - 1});
    QCOMPARE(view.visibleEnd(), Offset{length});
    QTest::mouseClick(bar, Qt::MiddleButton, {}, {bar->width() / 2, 0});
    QCOMPARE(view.visibleBegin(), Offset{0});
    QVERIFY(selected.isEmpty()); // to look is not to select
}

void MinimapBarTest::draggingFollowsTheMouse()
{
    show(records(kPages, kPages));
    QSignalSpy wanted(m_bar.get(), &MinimapBar::placeRequested);
    QTest::mousePress(m_bar.get(), Qt::LeftButton, {}, {5, 100});
    QTest::mouseMove(m_bar.get(), {5, 150});
    QTest::mouseMove(m_bar.get(), {5, -50});
    QTest::mouseMove(m_bar.get(), {5, kHeight + 50});
    QTest::mouseRelease(m_bar.get(), Qt::LeftButton, {}, {5, kHeight + 50});
    QTest::mouseMove(m_bar.get(), {5, 170}); // no longer held
    std::vector<Offset> places;
    for (const auto &arguments : wanted)
        places.push_back(arguments[0].value<Offset>());
    QCOMPARE(
        places,
        (std::vector<Offset>{m_bar->scale().begin(100), m_bar->scale().begin(150), Offset{0}, Offset{kPages * kPage}}));
}

void MinimapBarTest::theFrameIsHeldWhereItIsTaken()
{
    show(records(kPages, kPages));
    const auto row = [this](int at) { return m_bar->scale().begin(at); };
    m_bar->setVisibleBytes(row(100), row(200));
    const QSignalSpy jumps(m_bar.get(), &MinimapBar::placeRequested);
    QSignalSpy wanted(m_bar.get(), &MinimapBar::topRequested);
    QTest::mousePress(m_bar.get(), Qt::LeftButton, {}, {5, 180});
    QVERIFY(wanted.isEmpty()); // nothing jumps
    QTest::mouseMove(m_bar.get(), {5, 190});
    QCOMPARE(wanted.takeFirst()[0].value<Offset>(), row(110));
    QTest::mouseMove(m_bar.get(), {5, 20});
    QCOMPARE(wanted.takeFirst()[0].value<Offset>(), Offset{0});
    QTest::mouseRelease(m_bar.get(), Qt::LeftButton, {}, {5, 20});
    QVERIFY(jumps.isEmpty());
    // Beside it, and where it is too flat to be aimed at, a click means the place.
    QTest::mouseClick(m_bar.get(), Qt::LeftButton, {}, {5, 300});
    QCOMPARE(jumps.size(), 1);
    m_bar->setVisibleBytes(row(100), row(101));
    QTest::mouseClick(m_bar.get(), Qt::LeftButton, {}, {5, 100});
    QCOMPARE(jumps.size(), 2);
}

void MinimapBarTest::shiftClicksMoveByPages()
{
    show(records(kPages, kPages));
    m_bar->setRange(0, 1000);
    m_bar->setPageStep(40);
    m_bar->setValue(500);
    m_bar->setVisibleBytes({kPages * kPage / 2}, {kPages * kPage / 2 + kPage});
    QTest::mouseClick(m_bar.get(), Qt::LeftButton, Qt::ShiftModifier, {5, kHeight - 10});
    QCOMPARE(m_bar->value(), 540);
    QTest::mouseClick(m_bar.get(), Qt::LeftButton, Qt::ShiftModifier, {5, 10});
    QCOMPARE(m_bar->value(), 500);
}

void MinimapBarTest::theWheelMovesByExactLines()
{
    test::FileBuilder file;
    const auto store = std::shared_ptr<const Store>(file.store());
    HexView view;
    view.resize(view.sizeHint());
    view.setSource(store, endless(*store, std::uint64_t{1} << 62U));
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    QWheelEvent down({5, 5}, {5, 5}, {}, {0, -120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(view.verticalScrollBar(), &down);
    const auto line = std::uint64_t(view.layoutOfBytes().bytesPerLine());
    QCOMPARE(view.visibleBegin().value, line * std::uint64_t(QApplication::wheelScrollLines()));
}

void MinimapBarTest::theMenuLeadsThereToo()
{
    show(records(kPages, kPages));
    QSignalSpy wanted(m_bar.get(), &MinimapBar::placeRequested);
    QContextMenuEvent event(QContextMenuEvent::Mouse, {5, 200}, m_bar->mapToGlobal(QPoint(5, 200)));
    QApplication::sendEvent(m_bar.get(), &event);
    auto *menu = m_bar->findChild<QMenu *>();
    QVERIFY(menu != nullptr);
    QVERIFY(menu->actions().front()->text().contains(QStringLiteral("0xfa0000")));
    menu->actions().front()->trigger();
    QCOMPARE(wanted.takeFirst()[0].value<Offset>(), m_bar->scale().begin(200));
    m_bar->setRange(0, 1000);
    menu->actions().at(3)->trigger();
    QCOMPARE(m_bar->value(), 1000);
    menu->close();
}

void MinimapBarTest::isAScrollBarToScreenReaders()
{
    installSpokenViews();
    m_bar->setRange(0, 100);
    m_bar->setValue(42);
    auto *accessible = QAccessible::queryAccessibleInterface(m_bar.get());
    QVERIFY(accessible != nullptr);
    QCOMPARE(accessible->role(), QAccessible::ScrollBar);
    QCOMPARE(accessible->text(QAccessible::Name), QStringLiteral("Map of the file"));
    QCOMPARE(accessible->valueInterface()->currentValue().toInt(), 42);
}

void MinimapBarTest::isWiderThanAPlainBar()
{
    const QScrollBar plain(Qt::Vertical);
    QVERIFY(m_bar->sizeHint().width() >= plain.sizeHint().width());
    const auto before = m_bar->sizeHint().width();
    auto font = QApplication::font();
    const auto usual = font;
    font.setPointSizeF(font.pointSizeF() * 3);
    QApplication::setFont(font);
    QVERIFY(m_bar->sizeHint().width() > before * 2);
    QApplication::setFont(usual);
}

void MinimapBarTest::takesNoFocus()
{
    show(records(kPages, kPages));
    QTest::mouseClick(m_bar.get(), Qt::LeftButton, {}, {5, 100});
    QVERIFY(!m_bar->hasFocus());
}

void MinimapBarTest::nothingToShowIsNoTrouble()
{
    for (const auto &snapshot : {std::shared_ptr<Snapshot>(), records(0, 0)}) {
        show(snapshot);
        (void)picture();
        QTest::mouseClick(m_bar.get(), Qt::LeftButton, {}, {5, 100});
        QContextMenuEvent event(QContextMenuEvent::Mouse, {5, 200}, m_bar->mapToGlobal(QPoint(5, 200)));
        QApplication::sendEvent(m_bar.get(), &event);
        QVERIFY(m_bar->findChild<QMenu *>() == nullptr);
        QHelpEvent help(QEvent::ToolTip, {5, 200}, m_bar->mapToGlobal(QPoint(5, 200)));
        QApplication::sendEvent(m_bar.get(), &help);
        QVERIFY(QToolTip::text().isEmpty());
    }
    m_bar->resize(m_bar->width(), 0);
    (void)picture();
}

void MinimapBarTest::showsFieldsAndEntropyToo()
{
    test::FileBuilder file;
    file.append(SegmentType::Temp, std::string(20'000, 'a'));
    const test::ScannedFile scanned(file);
    m_bar->setSource(scanned.store, scanned.snapshot);
    const int zeros = m_bar->scale().rowOf({3000});
    const int letters = m_bar->scale().rowOf({20'000});
    QCOMPARE(m_bar->lookAt(letters), MapLook(ContentKind::Temp));
    m_bar->setColours(MapColours::FieldKind);
    QTRY_VERIFY(m_bar->isSettled());
    QCOMPARE(m_bar->lookAt(zeros), MapLook(ByteClass::Padding));
    QCOMPARE(m_bar->lookAt(letters), MapLook(ByteClass::Bytes));
    QVERIFY(m_bar->describe(letters).contains(QStringLiteral("Mostly bytes")));
    m_bar->setColours(MapColours::Entropy);
    QTRY_VERIFY(m_bar->isSettled());
    QCOMPARE(m_bar->lookAt(letters), MapLook(Disorder::Constant));
    m_bar->setColours(MapColours::Content);
    QCOMPARE(m_bar->lookAt(letters), MapLook(ContentKind::Temp));
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::MinimapBarTest)

#include "minimap_bar_test.moc"
