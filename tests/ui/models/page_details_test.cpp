#include "models/page_details.h"

#include "ui/snapshots.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>

namespace modelvault::ui {

namespace {

using test::FileBuilder;
using test::ScannedFile;
using enum ContentKind;

constexpr auto kPage = PageMap::kPageSize;

} // namespace

class PageDetailsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_details = std::make_unique<PageDetails>(); }

    void atTheFinestEachByteHasACell()
    {
        FileBuilder file;
        file.transaction(1, 100);
        const auto record = file.offsets()[2];
        show(file);
        want({0}, {1}, PageDetails::kMostSide);
        QCOMPARE(m_details->side(), PageDetails::kMostSide);
        QCOMPARE(m_details->cells({0})->size(), file.length()); // a page that the file does not fill
        const auto at = [&](Offset offset) { return m_details->cells({0})->at(offset.value); };
        QCOMPARE(at({0}).kind, Head);
        QCOMPARE(at(record).kind, Record);
        QVERIFY(at(record).isHeader);
        QVERIFY(!at(record + SegmentHeader::kSize).isHeader);
        QCOMPARE(at(record + SegmentHeader::kSize + 99).kind, Record);
        QCOMPARE(at(record + SegmentHeader::kSize + 100).kind, Transaction);
    }

    void aCoarseCellShowsWhatBeginsInIt()
    {
        FileBuilder file;
        file.append(SegmentType::Temp, std::string(3 * kPage, 't'));
        show(file);
        constexpr int kSide = 32; // 16 bytes a cell
        want({0}, {3}, kSide);
        for (const std::uint64_t page : {0U, 1U, 2U})
            QCOMPARE(m_details->cells({page})->size(), std::size_t{kSide * kSide});
        QCOMPARE(m_details->cells({1})->front().kind, Temp);
        QCOMPARE(m_details->cells({2})->back().kind, Temp);
        QVERIFY(m_details->cells({3}) == nullptr);
    }

    void damageIsSeenInEveryCellThatHasAnyOfIt()
    {
        FileBuilder file;
        file.transaction(1, 4000).transaction(1, 50);
        const auto second = file.offsets()[4];
        file.flip(second); // one byte of the magic: the header is lost, the rest of its transaction stays
        show(file);
        want({0}, {1}, 32);
        const auto cell = m_details->cells({0})->at(second.value / 16);
        QCOMPARE(cell.kind, Damaged);
    }

    void whatIsNotScannedYetIsNotKnown()
    {
        FileBuilder file;
        file.transaction(1, 100);
        const auto store = std::shared_ptr<const Store>(file.store());
        m_details->setSource(store, test::snapshotOf(*store, file.length(), test::Scan::None));
        want({0}, {1}, 128);
        QCOMPARE(m_details->cells({0})->front().kind, Head);
        QCOMPARE(m_details->cells({0})->back().kind, NotScanned);
    }

    void theNewestWishWins()
    {
        FileBuilder file;
        file.append(SegmentType::Temp, std::string(40 * kPage, 't'));
        show(file);
        m_details->want({0}, {4}, 32);
        m_details->want({10}, {14}, 32);
        m_details->want({20}, {24}, 64);
        QTRY_VERIFY(m_details->isSettled());
        QVERIFY(m_details->cells({0}) == nullptr);
        QVERIFY(m_details->cells({23}) != nullptr);
        QCOMPARE(m_details->side(), 64);
        // What is there is not looked up again.
        const QSignalSpy changed(m_details.get(), &PageDetails::changed);
        m_details->want({21}, {23}, 64);
        QVERIFY(m_details->isSettled());
        QVERIFY(changed.isEmpty());
    }

    void aWishBeyondTheEndIsCutOff()
    {
        FileBuilder file;
        file.transaction();
        show(file);
        want({0}, {1'000'000'000}, 32);
        QVERIFY(m_details->cells({0}) != nullptr);
        QVERIFY(m_details->cells({1}) == nullptr);
        m_details->want({7}, {9}, 32);
        QVERIFY(m_details->isSettled());
    }

    void aSummaryCountsTheSegmentsOnAPage()
    {
        FileBuilder file;
        file.transaction(3, 20).append(SegmentType::Temp, std::string(2 * kPage, 't'));
        show(file);
        auto first = m_details->summary({0});
        first.waitForFinished();
        QVERIFY(first.result());
        QCOMPARE(first.result()->first.value(), SegmentNo{0});
        QCOMPARE(first.result()->last, SegmentNo{6}); // the long one begins here
        QCOMPARE(first.result()->counts[typeIndex(SegmentType::Record)], 3U);
        auto second = m_details->summary({1});
        second.waitForFinished();
        QCOMPARE(second.result()->first.value(), SegmentNo{6});
        QCOMPARE(second.result()->counts[typeIndex(SegmentType::Record)], 0U);
        auto beyond = m_details->summary({100});
        beyond.waitForFinished();
        QVERIFY(beyond.result() && !beyond.result()->first);
    }

    void nothingHasNoDetails()
    {
        m_details->want({0}, {5}, 32);
        QVERIFY(m_details->isSettled());
        QVERIFY(m_details->cells({0}) == nullptr);
        auto summary = m_details->summary({0});
        summary.waitForFinished();
        QVERIFY(!summary.result());
    }

private:
    void show(FileBuilder &file)
    {
        const ScannedFile scanned(file);
        m_details->setSource(scanned.store, scanned.snapshot);
    }
    void want(PageNo first, PageNo end, int side)
    {
        m_details->want(first, end, side);
        QTRY_VERIFY(m_details->isSettled());
    }

    std::unique_ptr<PageDetails> m_details;
};

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::PageDetailsTest)

#include "page_details_test.moc"
