#include "views/page_map_view.h"

#include "ui/snapshots.h"

#include <QHelpEvent>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <random>

namespace modelvault::ui {

namespace {

constexpr auto kPage = PageMap::kPageSize;

std::shared_ptr<const PageMap> recordPages(std::uint64_t pages)
{
    auto map = std::make_shared<PageMap>(pages * kPage);
    map->add({0}, Offset{pages * kPage}, ContentKind::Record);
    map->finish();
    return map;
}

} // namespace

class PageMapViewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void smallFilesAreShownAPageACell();
    void largeFilesFitAtAGlance();
    void clickingACellSelectsItsPage();
    void clickingBesideTheCellsSelectsNothing();
    void arrowsGoFromCellToCell();
    void homeAndEndGoToTheEnds();
    void keysFindTheCurrentPageAgain();
    void showingAPageIsSilentAndScrolls();
    void pagesBeyondTheLastAreTheLast();
    void zoomingKeepsTheCurrentPageInSight();
    void theWheelZoomsAroundTheMouse();
    void zoomStopsAtBothEnds();
    void aMapOfTheSameLengthKeepsPlaceAndZoom();
    void aMapOfAnotherLengthStartsAnew();
    void toolTipsSayWhatAPageHolds();
    void toolTipsSayWhichSegmentsLieOnAPage();
    void damageIsPaintedOnItsCell();
    void colouredByDamageSoundPagesLookAlike();
    void colouredByFieldAndEntropyCellsShowWhatTheirBytesAre();
    void whatLiesOnTheCurrentPageIsSpoken();
    void onePageShowsItsBytesInStrips();
    void largeCellsShowTheirBytesAndLeadToThem();
    void theSelectionIsMarkedAmongTheBytes();
    void worksWithoutPages();
    void theLegendFlowsIntoTheWidthItHas();

private:
    void click(PageNo page);
    /// All of it, with its bytes looked up.
    void show(PageDetails &details, const test::ScannedFile &file)
    {
        details.setSource(file.store, file.snapshot);
        m_view->setDetails(&details);
        m_view->setPages(file.snapshot->log.pages);
        QTRY_VERIFY(details.cells({0}) != nullptr);
    }
    [[nodiscard]] QString toolTipAt(QPoint place);
    [[nodiscard]] bool isInSight(PageNo page) const
    {
        const auto cell = m_view->cellRect(page);
        return !cell.isEmpty() && m_view->viewport()->rect().contains(cell);
    }

    std::unique_ptr<PageMapView> m_view;
    std::unique_ptr<QSignalSpy> m_selected;
};

void PageMapViewTest::init()
{
    m_view = std::make_unique<PageMapView>();
    m_view->resize(500, 300);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    m_selected = std::make_unique<QSignalSpy>(m_view.get(), &PageMapView::pageSelected);
}

void PageMapViewTest::click(PageNo page)
{
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, m_view->cellRect(page).center());
}

QString PageMapViewTest::toolTipAt(QPoint place)
{
    QHelpEvent event(QEvent::ToolTip, place, m_view->viewport()->mapToGlobal(place));
    QApplication::sendEvent(m_view->viewport(), &event);
    return QToolTip::text();
}

void PageMapViewTest::smallFilesAreShownAPageACell()
{
    m_view->setPages(recordPages(3));
    QCOMPARE(m_view->grid().pagesPerCell(), 1U);
    for (std::uint64_t page = 0; page < 3; ++page)
        QVERIFY(isInSight({page}));
    QVERIFY(!m_view->cellRect({0}).intersects(m_view->cellRect({1})));
    QVERIFY(m_view->cellRect({3}).isEmpty());
    // Few pages are shown larger than many.
    const int large = m_view->cellRect({0}).width();
    m_view->setPages(recordPages(2000));
    QVERIFY(m_view->cellRect({0}).width() < large);
}

void PageMapViewTest::largeFilesFitAtAGlance()
{
    m_view->setPages(recordPages(6'500'000));
    QVERIFY(isInSight({0}));
    QVERIFY(isInSight({6'499'999}));
    QTRY_VERIFY(!m_view->verticalScrollBar()->isVisible());
}

void PageMapViewTest::clickingACellSelectsItsPage()
{
    m_view->setPages(recordPages(30));
    for (const std::uint64_t page : {0U, 7U, 29U}) {
        click({page});
        QCOMPARE(m_view->currentPage().value, page);
        QCOMPARE(m_selected->last()[0].value<PageNo>().value, page);
    }
    QCOMPARE(m_selected->size(), 3);

    // Of many pages in a cell the first one.
    m_view->setPages(recordPages(100'000));
    const auto perCell = m_view->grid().pagesPerCell();
    QVERIFY(perCell > 1);
    click({5 * perCell + 1});
    QCOMPARE(m_view->currentPage().value, 5 * perCell);
}

void PageMapViewTest::clickingBesideTheCellsSelectsNothing()
{
    m_view->setPages(recordPages(3));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, m_view->cellRect({0}).bottomLeft() + QPoint(9, 20));
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, m_view->viewport()->rect().bottomRight() - QPoint(1, 1));
    QVERIFY(m_selected->isEmpty());
}

void PageMapViewTest::arrowsGoFromCellToCell()
{
    m_view->setPages(recordPages(2000));
    const auto perCell = m_view->grid().pagesPerCell();
    const auto columns = static_cast<std::uint64_t>(m_view->grid().columns());
    QTest::keyClick(m_view.get(), Qt::Key_Right);
    QCOMPARE(m_view->currentPage().value, perCell);
    QTest::keyClick(m_view.get(), Qt::Key_Down);
    QCOMPARE(m_view->currentPage().value, (columns + 1) * perCell);
    QTest::keyClick(m_view.get(), Qt::Key_Left);
    QTest::keyClick(m_view.get(), Qt::Key_Up);
    QCOMPARE(m_view->currentPage().value, 0U);
    QCOMPARE(m_selected->size(), 4);
    QTest::keyClick(m_view.get(), Qt::Key_Up); // there is none above
    QCOMPARE(m_view->currentPage().value, 0U);
}

void PageMapViewTest::homeAndEndGoToTheEnds()
{
    m_view->setPages(recordPages(2001));
    QTest::keyClick(m_view.get(), Qt::Key_End);
    QCOMPARE(m_view->currentPage(), m_view->grid().firstPage(m_view->grid().cellCount() - 1));
    QTest::keyClick(m_view.get(), Qt::Key_PageUp);
    QVERIFY(m_view->currentPage().value < 2000);
    QTest::keyClick(m_view.get(), Qt::Key_PageDown);
    QCOMPARE(m_view->currentPage(), m_view->grid().firstPage(m_view->grid().cellCount() - 1));
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    QCOMPARE(m_view->currentPage().value, 0U);
}

void PageMapViewTest::keysFindTheCurrentPageAgain()
{
    m_view->setPages(recordPages(100'000));
    for (int i = 0; i < 20; ++i)
        m_view->zoomIn();
    m_view->verticalScrollBar()->triggerAction(QAbstractSlider::SliderToMaximum);
    QVERIFY(!isInSight({0}));
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    QVERIFY(isInSight({0}));
    m_view->verticalScrollBar()->triggerAction(QAbstractSlider::SliderToMaximum);
    m_view->showPage({0});
    QVERIFY(isInSight({0}));
}

void PageMapViewTest::showingAPageIsSilentAndScrolls()
{
    m_view->setPages(recordPages(100'000));
    for (int i = 0; i < 20; ++i)
        m_view->zoomIn();
    m_view->showPage({77'777});
    QVERIFY(m_selected->isEmpty());
    QCOMPARE(m_view->currentPage().value, 77'777U);
    QVERIFY(isInSight({77'777}));
    QVERIFY(!isInSight({0}));
    m_view->selectPage({3});
    QCOMPARE(m_selected->size(), 1);
    QVERIFY(isInSight({3}));
}

void PageMapViewTest::pagesBeyondTheLastAreTheLast()
{
    m_view->setPages(recordPages(10));
    m_view->selectPage({10});
    QCOMPARE(m_view->currentPage().value, 9U);
    QCOMPARE(m_selected->last()[0].value<PageNo>().value, 9U);
}

void PageMapViewTest::zoomingKeepsTheCurrentPageInSight()
{
    m_view->setPages(recordPages(1'000'000));
    for (const std::uint64_t page : {0U, 333'333U, 999'999U}) {
        m_view->zoomToFit();
        m_view->showPage({page});
        for (int i = 0; i < 25; ++i) {
            m_view->zoomIn();
            QVERIFY(isInSight({page}));
        }
        QCOMPARE(m_view->grid().pagesPerCell(), 1U);
        QCOMPARE(m_view->currentPage().value, page);
        for (int i = 0; i < 25; ++i) {
            m_view->zoomOut();
            QVERIFY(isInSight({page}));
        }
        QCOMPARE(m_view->currentPage().value, page);
    }
    QVERIFY(m_selected->isEmpty());
}

void PageMapViewTest::theWheelZoomsAroundTheMouse()
{
    m_view->setPages(recordPages(1'000'000));
    m_view->showPage({0});
    const PageNo page{654'321};
    const auto turn = [&](int delta) {
        const QPoint at = m_view->cellRect(page).center();
        QWheelEvent event(at, m_view->viewport()->mapToGlobal(at), {}, {0, delta}, {}, Qt::ControlModifier,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(m_view->viewport(), &event);
        QVERIFY(isInSight(page));
        QVERIFY(std::abs(m_view->cellRect(page).center().y() - at.y()) <= 2 * m_view->cellRect(page).height());
    };
    while (m_view->grid().pagesPerCell() > 1)
        turn(QWheelEvent::DefaultDeltasPerStep);
    for (int i = 0; i < 3; ++i)
        turn(-QWheelEvent::DefaultDeltasPerStep);
    QCOMPARE(m_view->currentPage().value, 0U);
}

void PageMapViewTest::zoomStopsAtBothEnds()
{
    m_view->setPages(recordPages(100'000));
    const auto fitting = m_view->grid().pagesPerCell();
    m_view->zoomOut();
    QCOMPARE(m_view->grid().pagesPerCell(), fitting);
    QTest::keyClick(m_view.get(), Qt::Key_Plus);
    QCOMPARE(m_view->grid().pagesPerCell(), fitting / 2);
    for (int i = 0; i < 30; ++i)
        QTest::keyClick(m_view.get(), Qt::Key_Plus);
    QCOMPARE(m_view->grid().pagesPerCell(), 1U);
    // One page is as large as the view allows.
    const int most = m_view->cellRect({0}).height();
    QVERIFY(most > m_view->viewport()->height() * 9 / 10);
    QVERIFY(isInSight({0}));
    QTest::keyClick(m_view.get(), Qt::Key_Plus);
    QCOMPARE(m_view->cellRect({0}).height(), most);
    while (m_view->grid().pagesPerCell() == 1)
        QTest::keyClick(m_view.get(), Qt::Key_Minus);
    QCOMPARE(m_view->grid().pagesPerCell(), 2U);
    QTest::keyClick(m_view.get(), Qt::Key_Return);
    QCOMPARE(m_view->cellRect({0}).height(), most);
    QTest::keyClick(m_view.get(), Qt::Key_0);
    QCOMPARE(m_view->grid().pagesPerCell(), fitting);
}

void PageMapViewTest::aMapOfTheSameLengthKeepsPlaceAndZoom()
{
    m_view->setPages(recordPages(100'000));
    m_view->showPage({50'000});
    m_view->zoomIn();
    const auto perCell = m_view->grid().pagesPerCell();
    const auto cell = m_view->cellRect({50'000});
    m_view->setPages(recordPages(100'000));
    QCOMPARE(m_view->currentPage().value, 50'000U);
    QCOMPARE(m_view->grid().pagesPerCell(), perCell);
    QCOMPARE(m_view->cellRect({50'000}), cell);
}

void PageMapViewTest::aMapOfAnotherLengthStartsAnew()
{
    m_view->setPages(recordPages(100'000));
    m_view->showPage({50'000});
    m_view->zoomIn();
    m_view->setPages(recordPages(5));
    QCOMPARE(m_view->currentPage().value, 0U);
    QVERIFY(isInSight({4}));
}

void PageMapViewTest::toolTipsSayWhatAPageHolds()
{
    auto map = std::make_shared<PageMap>(2 * kPage);
    map->add({0}, {8224}, ContentKind::Head);
    map->add({8224}, Offset{kPage}, ContentKind::Record);
    map->finish();
    m_view->setPages(map);
    const auto first = toolTipAt(m_view->cellRect({0}).center());
    QVERIFY(first.contains(QLatin1String("Page 0")));
    QVERIFY(first.contains(QLatin1String("From 0x0 to 0x4000")));
    QVERIFY(first.contains(kindText(ContentKind::Head) + QStringLiteral(", ") + kindText(ContentKind::Record)));
    const auto second = toolTipAt(m_view->cellRect({1}).center());
    QVERIFY(second.contains(QLatin1String("Page 1")));
    QVERIFY(second.contains(kindText(ContentKind::NotScanned)));
    QVERIFY(!second.contains(kindText(ContentKind::Record)));
    (void)toolTipAt(m_view->viewport()->rect().bottomRight() - QPoint(1, 1));
    QTRY_VERIFY(!QToolTip::isVisible());
}

void PageMapViewTest::damageIsPaintedOnItsCell()
{
    const auto sound = recordPages(100'000);
    auto damaged = std::make_shared<PageMap>(*sound);
    damaged->markDamaged(Offset{70'000 * kPage + 5}, Offset{70'000 * kPage + 6});
    const auto cellOf = [this](std::uint64_t page) {
        return m_view->viewport()->grab(m_view->cellRect({page})).toImage();
    };
    m_view->setPages(sound);
    QVERIFY(m_view->grid().pagesPerCell() > 1);
    const auto before = cellOf(70'000);
    const auto other = cellOf(30'000);
    m_view->setPages(damaged);
    QVERIFY(cellOf(70'000) != before);
    QCOMPARE(cellOf(30'000), other);
}

void PageMapViewTest::toolTipsSayWhichSegmentsLieOnAPage()
{
    test::FileBuilder file;
    file.transaction(3, 20);
    const test::ScannedFile scanned(file);
    PageDetails details;
    show(details, scanned);
    const auto place = m_view->cellRect({0}).topLeft() + QPoint(1, 1);
    QVERIFY(toolTipAt(place).contains(QStringLiteral("Page 0")));
    QTRY_VERIFY(QToolTip::text().contains(QStringLiteral("Segments 0 to 5: record 3, manifest 1, begin 1, commit 1")));
    QVERIFY(QToolTip::text().contains(QStringLiteral("Offset 0x0")));
}

void PageMapViewTest::colouredByDamageSoundPagesLookAlike()
{
    using enum ContentKind;
    PageMap map(4 * kPage);
    map.add({0}, Offset{kPage}, Record);
    map.add(Offset{kPage}, Offset{2 * kPage}, Index);
    map.add(Offset{2 * kPage}, Offset{3 * kPage - 1}, Index);
    map.add(Offset{3 * kPage - 1}, Offset{3 * kPage}, Damaged);
    map.finish();
    m_view->setPages(std::make_shared<const PageMap>(map));
    const auto colourOf = [this](std::uint64_t page) {
        return m_view->viewport()->grab(m_view->cellRect({page})).toImage().pixelColor(6, 30);
    };
    QVERIFY(colourOf(0) != colourOf(1));
    m_view->setColours(MapColours::Damage);
    QCOMPARE(colourOf(0), colourOf(1));
    QVERIFY(colourOf(2) != colourOf(1));
    QVERIFY(colourOf(3) != colourOf(1)); // not scanned
}

void PageMapViewTest::colouredByFieldAndEntropyCellsShowWhatTheirBytesAre()
{
    std::minstd_rand random(1);
    std::string noise(3 * kPage, ' ');
    std::ranges::generate(noise, [&random] { return static_cast<char>(random() >> 8); });
    test::FileBuilder file;
    file.append(SegmentType::Temp, std::string(3 * kPage, 'a')).append(SegmentType::Temp, noise);
    const test::ScannedFile scanned(file);
    ByteSamples samples;
    samples.setSource(scanned.store, scanned.snapshot);
    m_view->setPages(scanned.snapshot->log.pages);
    m_view->setSamples(&samples);
    m_view->setColours(MapColours::Entropy);
    QCOMPARE(m_view->lookAt({2}), MapLook(ContentKind::NotScanned)); // nobody has looked yet
    QTRY_VERIFY(m_view->isSettled());
    QCOMPARE(m_view->lookAt({2}), MapLook(Disorder::Constant));
    QCOMPARE(m_view->lookAt({4}), MapLook(Disorder::Noise));

    m_view->setColours(MapColours::FieldKind);
    QTRY_VERIFY(m_view->isSettled());
    QCOMPARE(m_view->lookAt({0}), MapLook(ByteClass::Padding));
    QCOMPARE(m_view->lookAt({4}), MapLook(ByteClass::Bytes));
    m_view->showPage({4});
    QVERIFY2(m_view->spokenText().contains(QStringLiteral("Mostly bytes (100 %), 8.0 bits")),
             qPrintable(m_view->spokenText()));
    const auto place = m_view->cellRect({4}).center();
    const StructurePalette colours(m_view->palette());
    QVERIFY(m_view->viewport()->grab().toImage().pixelColor(place) != colours.fill(ContentKind::Temp));
}

void PageMapViewTest::whatLiesOnTheCurrentPageIsSpoken()
{
    test::FileBuilder file;
    file.append(SegmentType::Temp, std::string(40'000, 't'));
    const test::ScannedFile scanned(file);
    PageDetails details;
    show(details, scanned);
    m_view->setFocus();
    QTRY_VERIFY(m_view->hasFocus());
    QTest::keyClick(m_view.get(), Qt::Key_Right);
    QTRY_VERIFY2(m_view->spokenText().contains(QStringLiteral("Segment 1: temp 1")), qPrintable(m_view->spokenText()));
    QTest::keyClick(m_view.get(), Qt::Key_Left);
    QTRY_VERIFY2(m_view->spokenText().contains(QStringLiteral("Segments 0 to 1: ")), qPrintable(m_view->spokenText()));
}

void PageMapViewTest::onePageShowsItsBytesInStrips()
{
    test::FileBuilder file;
    file.append(SegmentType::Temp, std::string(4000, 't'));
    const test::ScannedFile scanned(file);
    PageDetails details;
    show(details, scanned);
    ByteSamples samples;
    samples.setSource(scanned.store, scanned.snapshot);
    m_view->setSamples(&samples);
    m_view->setColours(MapColours::FieldKind);
    QTRY_VERIFY(m_view->isSettled());
    const auto cell = m_view->cellRect({0});
    const auto picture = m_view->viewport()->grab().toImage();
    const auto colourAt = [&](std::uint64_t offset) {
        const double y = static_cast<double>(offset / 128) * cell.height() / 128.0;
        return picture.pixelColor(cell.left() + cell.width() / 4, cell.top() + static_cast<int>(y) + 1);
    };
    const StructurePalette colours(m_view->palette());
    QCOMPARE(colourAt(2048), colours.fill(ByteClass::Padding)); // zero fill of a superblock
    QVERIFY(colourAt(10'000) != colourAt(2048));
}

void PageMapViewTest::largeCellsShowTheirBytesAndLeadToThem()
{
    test::FileBuilder file;
    file.append(SegmentType::Temp, std::string(4000, 't'));
    const auto temp = file.last();
    const test::ScannedFile scanned(file);
    PageDetails details;
    show(details, scanned);
    const auto cell = m_view->cellRect({0});
    const auto placeOf = [&](std::uint64_t offset) {
        const double scale = double(cell.width()) / PageDetails::kMostSide;
        return cell.topLeft()
            + QPointF((double(offset % 128) + 0.5) * scale, (double(offset / 128) + 0.5) * scale).toPoint();
    };
    const auto picture = m_view->viewport()->grab().toImage();
    const StructurePalette colours(m_view->palette());
    QCOMPARE(picture.pixelColor(placeOf(1000)), colours.fill(ContentKind::Head));
    // Temp has a pattern, as in the legend.
    int filled = 0;
    int inked = 0;
    for (int step = 0; step < 64; ++step) {
        const auto colour = picture.pixelColor(placeOf(temp.value + 2000) + QPoint(step % 8, step / 8));
        filled += colour == colours.fill(ContentKind::Temp) ? 1 : 0;
        inked += colour == colours.fill(ContentKind::Temp) || colour == colours.fill(ContentKind::Head) ? 0 : 1;
    }
    QVERIFY(filled > 32);
    QVERIFY(inked > 0);

    const QSignalSpy bytes(m_view.get(), &PageMapView::byteSelected);
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, placeOf(temp.value + 2000));
    QCOMPARE(bytes.size(), 1);
    const auto chosen = bytes[0][0].value<Offset>();
    QVERIFY(chosen.value / 128 == (temp.value + 2000) / 128);
    QVERIFY(m_selected->isEmpty());
    // Behind the end of the file there is nothing but the page itself.
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, cell.bottomRight() - QPoint(2, 2));
    QCOMPARE(bytes.size(), 1);
    QCOMPARE(m_selected->size(), 1);
}

void PageMapViewTest::theSelectionIsMarkedAmongTheBytes()
{
    test::FileBuilder file;
    file.append(SegmentType::Temp, std::string(4000, 't'));
    const test::ScannedFile scanned(file);
    PageDetails details;
    show(details, scanned);
    const auto before = m_view->viewport()->grab().toImage();
    m_view->showSelection(file.last() + 300, file.last() + 900);
    const auto marked = m_view->viewport()->grab().toImage();
    QVERIFY(marked != before);
    m_view->showSelection({0}, {PageMap::kPageSize}); // the page itself has its frame
    QCOMPARE(m_view->viewport()->grab().toImage(), before);
}

void PageMapViewTest::worksWithoutPages()
{
    for (const auto &map : {std::shared_ptr<const PageMap>(), recordPages(0)}) {
        m_view->setPages(map);
        for (const int key : {Qt::Key_Right, Qt::Key_End, Qt::Key_Plus, Qt::Key_Minus})
            QTest::keyClick(m_view.get(), Qt::Key(key));
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, QPoint(5, 5));
        m_view->showPage({5});
        m_view->selectPage({5});
        QVERIFY(m_view->cellRect({0}).isEmpty());
        (void)toolTipAt(QPoint(5, 5));
        (void)m_view->grab();
    }
    QVERIFY(m_selected->isEmpty());
}

void PageMapViewTest::theLegendFlowsIntoTheWidthItHas()
{
    PageLegend legend;
    QVERIFY(legend.hasHeightForWidth());
    const int oneLine = legend.heightForWidth(100'000);
    QVERIFY(legend.heightForWidth(200) > 2 * oneLine);
    QVERIFY(legend.heightForWidth(1) >= legend.heightForWidth(200));
    for (const auto kind : contentKinds())
        QVERIFY(legend.accessibleName().contains(kindText(kind)));
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::PageMapViewTest)

#include "page_map_view_test.moc"
