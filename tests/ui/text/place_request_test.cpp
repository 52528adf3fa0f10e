#include "text/place_request.h"

#include <QTest>

namespace modelvault::ui {

class PlaceRequestTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void understands_data()
    {
        using Kind = PlaceRequest::Kind;
        QTest::addColumn<QString>("typed");
        QTest::addColumn<int>("kind");
        QTest::addColumn<std::uint64_t>("number");
        const auto add = [](const char *typed, Kind kind, std::uint64_t number) {
            QTest::newRow(typed) << QString::fromUtf8(typed) << static_cast<int>(kind) << number;
        };
        add("0x2020", Kind::Offset, 0x2020);
        add("0X20aF", Kind::Offset, 0x20af);
        add("8224", Kind::Offset, 8224);
        add("20af", Kind::Offset, 0x20af);
        add("010", Kind::Offset, 10);
        add("  1 000 000 ", Kind::Offset, 1'000'000);
        add("1\u2009000", Kind::Offset, 1000);
        add("0x1_0000", Kind::Offset, 0x10000);
        add("18446744073709551615", Kind::Offset, ~std::uint64_t{0});
        add("+16", Kind::Forward, 16);
        add("+ 0x10", Kind::Forward, 16);
        add("-16", Kind::Backward, 16);
        add("\u2212ff", Kind::Backward, 255);
        add("end", Kind::BeforeEnd, 0);
        add("end-64", Kind::BeforeEnd, 64);
        add("END - 0x40", Kind::BeforeEnd, 64);
        add("page 7", Kind::Page, 7);
        add("Page7", Kind::Page, 7);
        add("seg 41", Kind::Segment, 41);
        add("segment 2 003 005", Kind::Segment, 2'003'005);
        add("txn 9", Kind::Transaction, 9);
        add("transaction 0x10", Kind::Transaction, 16);
    }

    void understands()
    {
        QFETCH(const QString, typed);
        QFETCH(const int, kind);
        QFETCH(const std::uint64_t, number);
        const auto parsed = PlaceRequest::parse(typed);
        QVERIFY2(parsed.has_value(), parsed ? "" : qPrintable(parsed.error()));
        QCOMPARE(static_cast<int>(parsed->kind), kind);
        QCOMPARE(parsed->number, number);
    }

    void refusesWithAReason_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("reason");
        const auto add = [](const char *typed, const char *reason) {
            QTest::newRow(typed) << QString::fromUtf8(typed) << QString::fromUtf8(reason);
        };
        add("", "An offset, or");
        add("   ", "An offset, or");
        add("xyz", "is no number");
        add("0x", "number is missing");
        add("12.5", "is no number");
        add("page", "number is missing");
        add("page -1", "is no number");
        add("seg seven", "is no number");
        add("end+4", "only a minus");
        add("+", "number is missing");
        add("18446744073709551616", "too large");
        add("0x10000000000000000", "too large");
        add("٣", "is no number"); // digits of other scripts
    }

    void refusesWithAReason()
    {
        QFETCH(const QString, typed);
        QFETCH(const QString, reason);
        const auto parsed = PlaceRequest::parse(typed);
        QVERIFY(!parsed.has_value());
        QVERIFY2(parsed.error().contains(reason), qPrintable(parsed.error()));
    }
};

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::PlaceRequestTest)
#include "place_request_test.moc"
