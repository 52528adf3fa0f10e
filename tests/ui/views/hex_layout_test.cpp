#include "views/hex_layout.h"

#include <QTest>

#include <bit>

#include <cstdint>
#include <limits>

namespace modelvault::ui {

using Side = HexLayout::Side;

class HexLayoutTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyByteHasOnePlaceOnItsLine();
    void columnsFollowEachOtherWithAGapBehindEachGroup();
    void findsTheByteUnderEachColumn();
    void halfOfAGapBelongsToEachNeighbour();
    void besideTheCellsTheNearestByteIsFound();
    void behindAShortLastLineItsLastByteIsFound();
    void anEmptyFileHasNoPlaces();
    void isExactInTheLongestFiles_data();
    void isExactInTheLongestFiles();
    void addressesHaveEightDigitsOrMore();
    void asManyBytesFitAsTheColumnsAllow();
    void nonsenseIsTakenForTheLeast();
};

void HexLayoutTest::everyByteHasOnePlaceOnItsLine()
{
    for (int width = 1; width <= 40; ++width) {
        for (std::uint64_t length = 1; length <= 130; ++length) {
            const HexLayout layout(length, width);
            std::uint64_t next = 0;
            for (std::uint64_t line = 0; line < layout.lineCount(); ++line) {
                QCOMPARE(layout.lineBegin(line).value, next);
                for (; next < layout.lineEnd(line).value; ++next) {
                    QCOMPARE(layout.lineOf({next}), line);
                    QCOMPARE(static_cast<std::uint64_t>(layout.indexInLine({next})),
                             next - layout.lineBegin(line).value);
                }
            }
            QCOMPARE(next, length);
        }
    }
}

void HexLayoutTest::columnsFollowEachOtherWithAGapBehindEachGroup()
{
    for (int width = 1; width <= 40; ++width) {
        for (int group = 1; group <= 9; ++group) {
            const HexLayout layout(1000, width, group);
            QVERIFY(layout.hexColumn(0) > layout.addressDigits());
            for (int i = 1; i < width; ++i)
                QCOMPARE(layout.hexColumn(i) - layout.hexColumn(i - 1), i % group == 0 ? 3 : 2);
            QVERIFY(layout.textColumn(0) > layout.hexColumn(width - 1) + 2);
            QCOMPARE(layout.textColumn(width - 1) - layout.textColumn(0), width - 1);
            QVERIFY(layout.columnCount() > layout.textColumn(width - 1));
        }
    }
}

void HexLayoutTest::findsTheByteUnderEachColumn()
{
    constexpr std::uint64_t kLine = 3;
    for (int width = 1; width <= 40; ++width) {
        for (int group = 1; group <= 9; ++group) {
            const HexLayout layout(1000, width, group);
            for (int i = 0; i < width; ++i) {
                const auto offset = layout.lineBegin(kLine) + static_cast<std::uint64_t>(i);
                for (const double digit : {0.0, 0.5, 1.0, 1.5})
                    QCOMPARE(layout.placeAt(kLine, layout.hexColumn(i) + digit), (HexLayout::Place{offset, Side::Hex}));
                for (const double part : {0.0, 0.5, 0.9})
                    QCOMPARE(layout.placeAt(kLine, layout.textColumn(i) + part),
                             (HexLayout::Place{offset, Side::Text}));
            }
        }
    }
}

void HexLayoutTest::halfOfAGapBelongsToEachNeighbour()
{
    const HexLayout layout(1000, 16, 4);
    QCOMPARE(layout.placeAt(0, layout.hexColumn(4) - 0.75)->offset.value, 3U);
    QCOMPARE(layout.placeAt(0, layout.hexColumn(4) - 0.25)->offset.value, 4U);
    QCOMPARE(layout.placeAt(0, layout.textColumn(0) - 1.5), (HexLayout::Place{{15}, Side::Hex}));
    QCOMPARE(layout.placeAt(0, layout.textColumn(0) - 0.5), (HexLayout::Place{{0}, Side::Text}));
}

void HexLayoutTest::besideTheCellsTheNearestByteIsFound()
{
    const HexLayout layout(1000, 16);
    QCOMPARE(layout.placeAt(2, -5.0), (HexLayout::Place{{32}, Side::Hex}));
    QCOMPARE(layout.placeAt(2, 3.0), (HexLayout::Place{{32}, Side::Hex})); // on the address
    QCOMPARE(layout.placeAt(2, 5000.0), (HexLayout::Place{{47}, Side::Text}));
    QCOMPARE(layout.placeAt(std::numeric_limits<std::uint64_t>::max(), layout.hexColumn(0))->offset.value, 992U);
}

void HexLayoutTest::behindAShortLastLineItsLastByteIsFound()
{
    const HexLayout layout(21, 16);
    QCOMPARE(layout.lineCount(), 2U);
    QCOMPARE(layout.lineEnd(1).value, 21U);
    QCOMPARE(layout.placeAt(1, layout.hexColumn(12)), (HexLayout::Place{{20}, Side::Hex}));
    QCOMPARE(layout.placeAt(1, layout.textColumn(12)), (HexLayout::Place{{20}, Side::Text}));
}

void HexLayoutTest::anEmptyFileHasNoPlaces()
{
    const HexLayout layout(0);
    QCOMPARE(layout.lineCount(), 0U);
    QCOMPARE(layout.lineEnd(0).value, 0U);
    QCOMPARE(layout.lineEnd(7).value, layout.lineBegin(7).value);
    QCOMPARE(layout.placeAt(0, layout.hexColumn(0)), std::nullopt);
}

void HexLayoutTest::isExactInTheLongestFiles_data()
{
    QTest::addColumn<quint64>("length");
    QTest::newRow("longest file of POSIX") << quint64(9223372036854775807U);
    QTest::newRow("all 64 bits") << quint64(18446744073709551615U);
}

void HexLayoutTest::isExactInTheLongestFiles()
{
    QFETCH(quint64, length);
    for (const int width : {1, 2, 8, 16, 24, 32, 63}) {
        const HexLayout layout(length, width);
        QCOMPARE(layout.addressDigits(), 16);
        const Offset lastByte{length - 1};
        const auto lastLine = layout.lineCount() - 1;
        QCOMPARE(layout.lineOf(lastByte), lastLine);
        QCOMPARE(layout.lineEnd(lastLine).value, length);
        QVERIFY(layout.lineBegin(lastLine) <= lastByte);
        QCOMPARE(layout.lineEnd(lastLine - 1), layout.lineBegin(lastLine));
        const int index = layout.indexInLine(lastByte);
        QCOMPARE(layout.placeAt(lastLine, layout.hexColumn(index)), (HexLayout::Place{lastByte, Side::Hex}));
        QCOMPARE(layout.placeAt(lastLine, 1e6), (HexLayout::Place{lastByte, Side::Text}));
        // Where 53 bits of a double would not do.
        const Offset middle{(std::uint64_t{1} << 62U) + 5};
        QCOMPARE(layout.lineBegin(layout.lineOf(middle)) + static_cast<std::uint64_t>(layout.indexInLine(middle)),
                 middle);
    }
}

void HexLayoutTest::addressesHaveEightDigitsOrMore()
{
    QCOMPARE(HexLayout(0).addressDigits(), 8);
    QCOMPARE(HexLayout(0x1'0000'0000).addressDigits(), 8); // the last address is ffffffff
    QCOMPARE(HexLayout(0x1'0000'0001).addressDigits(), 9);
    QCOMPARE(HexLayout(0x10'0000'0000).addressDigits(), 9);
    QCOMPARE(HexLayout(0x10'0000'0001).addressDigits(), 10);
    const auto decimal = [](std::uint64_t length) {
        return HexLayout(length, 16, 1, HexLayout::Addresses::Decimal).addressDigits();
    };
    QCOMPARE(decimal(100'000'000), 8); // the last address is 99999999
    QCOMPARE(decimal(100'000'001), 9);
    QCOMPARE(decimal(~std::uint64_t{0}), 20);
}

void HexLayoutTest::asManyBytesFitAsTheColumnsAllow()
{
    for (const int group : {1, 2, 4, 8}) {
        for (int columns = 0; columns < 400; ++columns) {
            const HexLayout fitted = HexLayout(1000, 16, group).fitted(columns);
            const int bytes = fitted.bytesPerLine();
            QVERIFY(bytes >= HexLayout::kFewestFitted && bytes <= HexLayout::kMostFitted);
            QVERIFY(std::has_single_bit(static_cast<unsigned>(bytes)));
            QCOMPARE(fitted.groupSize(), group);
            QVERIFY(bytes == HexLayout::kFewestFitted || fitted.columnCount() <= columns);
            QVERIFY(bytes == HexLayout::kMostFitted || fitted.withBytesPerLine(bytes * 2).columnCount() > columns);
        }
    }
    // The addresses of a long file take the room of a byte.
    const int exactly = HexLayout(1000, 16).columnCount();
    QCOMPARE(HexLayout(1000).fitted(exactly).bytesPerLine(), 16);
    QCOMPARE(HexLayout(std::uint64_t{1} << 40U).fitted(exactly).bytesPerLine(), 8);
}

void HexLayoutTest::nonsenseIsTakenForTheLeast()
{
    const HexLayout layout(5, 0, -3);
    QCOMPARE(layout.bytesPerLine(), 1);
    QCOMPARE(layout.groupSize(), 1);
    QCOMPARE(layout.lineCount(), 5U);
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::HexLayoutTest)

#include "hex_layout_test.moc"
