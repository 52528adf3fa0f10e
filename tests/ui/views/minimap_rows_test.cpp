#include "views/minimap_rows.h"

#include "ui/snapshots.h"

#include <QTest>

#include <limits>
#include <map>
#include <random>

namespace modelvault::ui {

namespace {

constexpr auto kPage = PageMap::kPageSize;
constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();

/// Of a file of whole pages, each of its kind.
std::shared_ptr<Snapshot> snapshotOf(const std::vector<ContentKind> &kinds)
{
    auto map = std::make_shared<PageMap>(kinds.size() * kPage);
    Offset at;
    for (const auto kind : kinds) {
        map->add(at, at + kPage, kind);
        at += kPage;
    }
    map->finish();
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->head.fileLength = at.value;
    snapshot->log.pages = map;
    return snapshot;
}

} // namespace

class MinimapRowsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rowsShareTheFileOut_data();
    void rowsShareTheFileOut();
    void everyPlaceHasItsRow_data() { rowsShareTheFileOut_data(); }
    void everyPlaceHasItsRow();
    void eightExbibytesAreExact();
    void moreRowsThanBytes();
    void noRowsAndNoBytes();
    void aRangeHasAtLeastOneRow();
    void aRowShowsWhatMostOfItsPagesHold();
    void pagesTallerThanRowsFillThem();
    void oneDamagedPageOfAHundredThousandIsSeen();
    void damageAtTheBorderOfTwoRowsIsSeen();
    void findingsMarkTheirRows();
    void aScanUnderWayIsUnknownFurtherDown();
    void smallFilesAreLookedAtByteByByte();
};

void MinimapRowsTest::rowsShareTheFileOut_data()
{
    QTest::addColumn<quint64>("length");
    QTest::addColumn<int>("rows");
    for (const quint64 length : {quint64(1), quint64(7), quint64(8242), quint64(60'000'000), quint64(100'000'000'003),
                                 quint64(1) << 62U, quint64(1) << 63U, quint64(kMost)}) {
        for (const int rows : {1, 2, 37, 480, 2160})
            QTest::addRow("%llu bytes, %d rows", static_cast<unsigned long long>(length), rows) << length << rows;
    }
}

void MinimapRowsTest::rowsShareTheFileOut()
{
    QFETCH(const quint64, length);
    QFETCH(const int, rows);
    const MinimapScale scale(length, rows);
    QCOMPARE(scale.begin(0), Offset{0});
    QCOMPARE(scale.begin(rows), Offset{length});
    const auto share = length / quint64(rows);
    for (int row = 0; row < rows; ++row) {
        const auto size = scale.begin(row + 1) - scale.begin(row);
        QVERIFY(size == share || size == share + 1);
    }
}

void MinimapRowsTest::everyPlaceHasItsRow()
{
    QFETCH(const quint64, length);
    QFETCH(const int, rows);
    const MinimapScale scale(length, rows);
    std::mt19937_64 random(1);
    std::uniform_int_distribution<std::uint64_t> places(0, length - 1);
    for (int i = 0; i < 300; ++i) {
        const Offset place{places(random)};
        const int row = scale.rowOf(place);
        QVERIFY(row >= 0 && row < rows);
        QVERIFY(scale.begin(row) <= place);
        QVERIFY(scale.begin(row + 1) > place);
    }
    QCOMPARE(scale.rowOf({length - 1}), rows - 1);
    QCOMPARE(scale.rowOf({length}), rows - 1);
    QCOMPARE(scale.rowOf({kMost}), rows - 1);
}

void MinimapRowsTest::eightExbibytesAreExact()
{
    // 2^63 - 1 bytes in 1000 rows: the sum of what each is short of would be 807 bytes at the end.
    const MinimapScale scale(std::uint64_t{0x7fff'ffff'ffff'ffff}, 1000);
    QCOMPARE(scale.begin(1).value, 9'223'372'036'854'775U);
    QCOMPARE(scale.begin(500).value, 4'611'686'018'427'387'903U);
    QCOMPARE(scale.begin(999).value, 9'214'148'664'817'921'031U);
    for (int row = 0; row < 1000; ++row)
        QCOMPARE(scale.rowOf(scale.begin(row)), row);
}

void MinimapRowsTest::moreRowsThanBytes()
{
    const MinimapScale scale(3, 9);
    QCOMPARE(scale.begin(0), Offset{0});
    QCOMPARE(scale.begin(2), Offset{0});
    QCOMPARE(scale.begin(3), Offset{1});
    QCOMPARE(scale.begin(8), Offset{2});
    QCOMPARE(scale.endPage(0), PageNo{1});
}

void MinimapRowsTest::noRowsAndNoBytes()
{
    QCOMPARE(MinimapScale().rowOf({5}), 0);
    QCOMPARE(MinimapScale(100, 0).begin(0), Offset{0});
    QCOMPARE(MinimapScale(100, -3).rows(), 0);
    QCOMPARE(MinimapScale(0, 10).begin(10), Offset{0});
    const auto empty = snapshotOf({});
    QCOMPARE(lookAtRows(*empty, nullptr, MinimapScale(0, 10)).size(), std::size_t{10});
    QVERIFY(lookAtRows(*empty, nullptr, MinimapScale(0, 0)).empty());
}

void MinimapRowsTest::aRangeHasAtLeastOneRow()
{
    const MinimapScale scale(1000, 10);
    QCOMPARE(scale.endRow({150}, {151}), 2);
    QCOMPARE(scale.endRow({150}, {150}), 2);
    QCOMPARE(scale.endRow({150}, {200}), 2); // the end is exclusive
    QCOMPARE(scale.endRow({150}, {201}), 3);
    QCOMPARE(scale.endRow({0}, {1000}), 10);
}

void MinimapRowsTest::aRowShowsWhatMostOfItsPagesHold()
{
    using enum ContentKind;
    const auto snapshot = snapshotOf({Head, Record, Record, Index, Index, Index, Temp, Schema, Schema});
    const auto rows = lookAtRows(*snapshot, nullptr, MinimapScale(snapshot->fileLength(), 3));
    QCOMPARE(rows.size(), std::size_t{3});
    QCOMPARE(rows[0].kind, Record);
    QCOMPARE(rows[1].kind, Index);
    QCOMPARE(rows[2].kind, Schema);
}

void MinimapRowsTest::pagesTallerThanRowsFillThem()
{
    using enum ContentKind;
    const auto snapshot = snapshotOf({Head, Record});
    const auto rows = lookAtRows(*snapshot, nullptr, MinimapScale(snapshot->fileLength(), 100));
    for (std::size_t row = 0; row < 100; ++row)
        QCOMPARE(rows[row].kind, row < 50 ? Head : Record);
}

void MinimapRowsTest::oneDamagedPageOfAHundredThousandIsSeen()
{
    constexpr std::size_t kPages = 100'000;
    for (const std::size_t damaged : {std::size_t{0}, std::size_t{1}, std::size_t{33'333}, kPages - 1}) {
        std::vector<ContentKind> kinds(kPages, ContentKind::Record);
        kinds[damaged] = ContentKind::Damaged;
        const auto snapshot = snapshotOf(kinds);
        const MinimapScale scale(snapshot->fileLength(), 400);
        const auto rows = lookAtRows(*snapshot, nullptr, scale);
        const auto at = scale.rowOf(PageMap::start({damaged}));
        for (int row = 0; row < scale.rows(); ++row) {
            QCOMPARE(rows[static_cast<std::size_t>(row)].damaged, row == at);
            QCOMPARE(rows[static_cast<std::size_t>(row)].kind, ContentKind::Record);
        }
    }
}

void MinimapRowsTest::damageAtTheBorderOfTwoRowsIsSeen()
{
    using enum ContentKind;
    // 3 pages in 2 rows: the middle one lies on both.
    const auto snapshot = snapshotOf({Record, Damaged, Record});
    const auto rows = lookAtRows(*snapshot, nullptr, MinimapScale(snapshot->fileLength(), 2));
    QVERIFY(rows[0].damaged);
    QVERIFY(rows[1].damaged);
}

void MinimapRowsTest::findingsMarkTheirRows()
{
    const auto snapshot = snapshotOf(std::vector(10, ContentKind::Record));
    const auto marks = test::marksOf({{.severity = Severity::Info, .offset = {5}, .length = 0},
                                      {.severity = Severity::Info, .offset = {3 * kPage}, .length = 2 * kPage},
                                      {.severity = Severity::Warning, .offset = {5 * kPage - 2}, .length = 1},
                                      {.severity = Severity::Error, .offset = {10 * kPage - 1}, .length = 1}});
    const auto rows = lookAtRows(*snapshot, marks.get(), MinimapScale(snapshot->fileLength(), 10));
    std::map<int, Severity> marked;
    for (int row = 0; row < 10; ++row) {
        if (const auto finding = rows[static_cast<std::size_t>(row)].finding)
            marked[row] = *finding;
    }
    QCOMPARE(marked, (std::map<int, Severity>{{0, Severity::Info},
                                              {3, Severity::Info},
                                              {4, Severity::Warning},
                                              {9, Severity::Error}}));
}

void MinimapRowsTest::aScanUnderWayIsUnknownFurtherDown()
{
    test::FileBuilder file;
    file.transaction(100, 2000).publish();
    const auto store = file.store();
    const auto snapshot = test::snapshotOf(*store, store->length().value(), test::Scan::None);
    for (const auto &row : lookAtRows(*snapshot, nullptr, MinimapScale(snapshot->fileLength(), 50))) {
        QCOMPARE(row.kind, ContentKind::NotScanned);
        QVERIFY(!row.damaged);
    }
}

void MinimapRowsTest::smallFilesAreLookedAtByteByByte()
{
    using enum ContentKind;
    const std::vector<StructureSpan> spans{
        {{0}, {60}, Head}, {{60}, {61}, Damaged}, {{61}, {85}, Record}, {{85}, {90}, Index}};
    const auto marks = test::marksOf({{.severity = Severity::Error, .offset = {60}, .length = 1}});
    const MinimapScale scale(100, 10);
    QVERIFY(scale.isFinerThanPages());
    QVERIFY(!MinimapScale(100 * kPage, 100).isFinerThanPages());
    auto rows = lookAtBytes(spans, scale);
    markFindings(rows, marks.get(), scale);
    for (int row = 0; row < 10; ++row) {
        const auto &looked = rows[static_cast<std::size_t>(row)];
        // Of five bytes each, the first kind counts.
        QCOMPARE(looked.kind, row < 6 ? Head : row < 9 ? Record : NotScanned);
        QCOMPARE(looked.damaged, row == 6);
        QCOMPARE(looked.finding.has_value(), row == 6);
    }
    // More rows than bytes: each byte has its share of them.
    const auto fine = lookAtBytes(spans, MinimapScale(100, 1000));
    for (std::size_t row = 0; row < 1000; ++row)
        QCOMPARE(fine[row].damaged, row / 10 == 60);
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::MinimapRowsTest)

#include "minimap_rows_test.moc"
