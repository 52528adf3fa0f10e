#include "views/page_grid.h"

#include <QTest>

#include <initializer_list>

namespace modelvault::ui {

namespace {

constexpr auto kPage = PageMap::kPageSize;

/// A file of whole pages of one kind each.
PageMap mapOf(std::initializer_list<ContentKind> kinds)
{
    PageMap map(kinds.size() * kPage);
    Offset at;
    for (const auto kind : kinds) {
        map.add(at, at + kPage, kind);
        at += kPage;
    }
    map.finish();
    return map;
}

} // namespace

class PageGridTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cellsShareThePagesOut();
    void theFewestPagesACellAreAPowerOfTwo();
    void aCellShowsWhatMostOfItsPagesHold();
    void damageOnOnePageIsSeenInItsCell();
    void aShortLastCellLooksAtItsPagesOnly();
    void aGridOfAnotherLengthThanTheMapStaysInside();
    void anEmptyFileHasNoCells();
    void sixAndAHalfMillionPagesLoseNoDamage();
};

void PageGridTest::cellsShareThePagesOut()
{
    for (std::uint64_t pages = 1; pages <= 70; ++pages) {
        for (const int columns : {1, 3, 10, 100}) {
            for (const std::uint64_t perCell : {1U, 2U, 8U, 128U}) {
                const PageGrid grid(pages, columns, perCell);
                PageNo next{0};
                for (std::uint64_t cell = 0; cell < grid.cellCount(); ++cell) {
                    QCOMPARE(grid.firstPage(cell).value, next.value);
                    for (; next < grid.endPage(cell); ++next.value)
                        QCOMPARE(grid.cellOf(next), cell);
                }
                QCOMPARE(next.value, pages);
                QVERIFY(grid.lineCount() * static_cast<std::uint64_t>(columns) >= grid.cellCount());
                QVERIFY((grid.lineCount() - 1) * static_cast<std::uint64_t>(columns) < grid.cellCount());
            }
        }
    }
}

void PageGridTest::theFewestPagesACellAreAPowerOfTwo()
{
    QCOMPARE(PageGrid::fittingPagesPerCell(0, 10), 1U);
    QCOMPARE(PageGrid::fittingPagesPerCell(10, 10), 1U);
    QCOMPARE(PageGrid::fittingPagesPerCell(11, 10), 2U);
    QCOMPARE(PageGrid::fittingPagesPerCell(20, 10), 2U);
    QCOMPARE(PageGrid::fittingPagesPerCell(21, 10), 4U);
    QCOMPARE(PageGrid::fittingPagesPerCell(1000, 0), 1024U); // there is always room for one
    // The longest file there can be.
    const auto most = (std::uint64_t{1} << 63U) / kPage;
    QCOMPARE(PageGrid::fittingPagesPerCell(most, 1024), most / 1024);
}

void PageGridTest::aCellShowsWhatMostOfItsPagesHold()
{
    using enum ContentKind;
    const auto map = mapOf({Head, Record, Record, Index, Index, Index, Record, Schema});
    const PageGrid fours(8, 4, 4);
    QCOMPARE(fours.look(map, 0).kind, Record);
    QCOMPARE(fours.look(map, 1).kind, Index);
    const PageGrid ones(8, 4, 1);
    QCOMPARE(ones.look(map, 0).kind, Head);
    QCOMPARE(ones.look(map, 7).kind, Schema);
    QVERIFY(!ones.look(map, 7).damaged);
}

void PageGridTest::damageOnOnePageIsSeenInItsCell()
{
    PageMap map(8 * kPage);
    map.add({0}, Offset{5 * kPage + 100}, ContentKind::Record);
    map.add(Offset{5 * kPage + 100}, Offset{5 * kPage + 101}, ContentKind::Damaged);
    map.add(Offset{5 * kPage + 101}, Offset{8 * kPage}, ContentKind::Record);
    map.finish();
    const PageGrid grid(8, 2, 4);
    QVERIFY(!grid.look(map, 0).damaged);
    QVERIFY(grid.look(map, 1).damaged);
    QCOMPARE(grid.look(map, 1).kind, ContentKind::Record);
}

void PageGridTest::aShortLastCellLooksAtItsPagesOnly()
{
    using enum ContentKind;
    const auto map = mapOf({Record, Record, Record, Record, Temp});
    const PageGrid grid(5, 10, 4);
    QCOMPARE(grid.cellCount(), 2U);
    QCOMPARE(grid.endPage(1).value, 5U);
    QCOMPARE(grid.look(map, 1).kind, Temp);
}

void PageGridTest::aGridOfAnotherLengthThanTheMapStaysInside()
{
    using enum ContentKind;
    const auto map = mapOf({Record, Damaged});
    const PageGrid longer(100, 10, 4);
    QCOMPARE(longer.look(map, 0).kind, Record);
    QVERIFY(longer.look(map, 0).damaged);
    QCOMPARE(longer.look(map, 24).kind, NotScanned);
}

void PageGridTest::anEmptyFileHasNoCells()
{
    const PageGrid grid;
    QCOMPARE(grid.cellCount(), 0U);
    QCOMPARE(grid.lineCount(), 0U);
    QCOMPARE(PageGrid(0, 10, 4).lineCount(), 0U);
}

void PageGridTest::sixAndAHalfMillionPagesLoseNoDamage()
{
    constexpr std::uint64_t kPages = 6'500'000;
    constexpr PageNo kDamaged{4'321'098};
    PageMap map(kPages * kPage);
    const auto damage = PageMap::start(kDamaged) + 77;
    map.add({0}, damage, ContentKind::Record);
    map.add(damage, damage + 1, ContentKind::Damaged);
    map.add(damage + 1, Offset{kPages * kPage}, ContentKind::Record);
    map.finish();

    const auto perCell = PageGrid::fittingPagesPerCell(kPages, 5000);
    const PageGrid grid(kPages, 100, perCell);
    QVERIFY(grid.cellCount() <= 5000);
    QVERIFY(grid.cellCount() > 2500);
    std::uint64_t damagedCells = 0;
    for (std::uint64_t cell = 0; cell < grid.cellCount(); ++cell) {
        const auto look = grid.look(map, cell);
        QCOMPARE(look.kind, ContentKind::Record);
        damagedCells += look.damaged ? 1 : 0;
    }
    QCOMPARE(damagedCells, 1U);
    QVERIFY(grid.look(map, grid.cellOf(kDamaged)).damaged);
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::PageGridTest)

#include "page_grid_test.moc"
