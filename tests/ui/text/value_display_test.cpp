// One value in the forms that a column can be asked for.

#include "text/value_display.h"

#include "text/words.h"

#include <QTest>
#include <QTimeZone>

#include <algorithm>

namespace modelvault::ui {

class ValueDisplayTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void numbersAreWrittenInHex();
    void bytesAreWrittenAsText();
    void timesAreWrittenInLocalTime_data();
    void timesAreWrittenInLocalTime();
    void timesAreWrittenAsStored();
    void whatHasNoSuchFormStaysAsUsual();
    void theUsualFormIsTheFirstOfEveryType();
};

namespace {

constexpr std::size_t kMost = 64;

QString shown(const Value &value, ValueDisplay display)
{
    return displayedValue(value, kMost, display);
}

Value bytes(std::string_view text)
{
    Value::Bytes made(text.size());
    std::ranges::transform(text, made.begin(), [](char c) { return static_cast<std::byte>(c); });
    return {made};
}

} // namespace

void ValueDisplayTest::initTestCase()
{
    qputenv("TZ", "Asia/Kolkata"); // half an hour beside the others, and no summer time
    QCOMPARE(QTimeZone::systemTimeZone().offsetFromUtc(QDateTime::currentDateTime()), 19800);
}

void ValueDisplayTest::numbersAreWrittenInHex()
{
    QCOMPARE(shown({std::uint64_t{255}}, ValueDisplay::Hexadecimal), QStringLiteral("0xff"));
    QCOMPARE(shown({std::int64_t{-1}}, ValueDisplay::Hexadecimal), QStringLiteral("0xffffffffffffffff"));
    QCOMPARE(shown({std::int64_t{255}}, ValueDisplay::Usual), QStringLiteral("255"));
}

void ValueDisplayTest::bytesAreWrittenAsText()
{
    QCOMPARE(shown(bytes("Dune"), ValueDisplay::Usual), QStringLiteral("44756e65"));
    QCOMPARE(shown(bytes("Dune"), ValueDisplay::Text), QStringLiteral("Dune"));
    QCOMPARE(shown(bytes(std::string(100, 'a')), ValueDisplay::Text),
             QStringLiteral("(%1) %2…").arg(sizeText(100), QString(kMost, QLatin1Char('a'))));
    QVERIFY(!shown(bytes("a\nb\x1b"), ValueDisplay::Text).contains(QLatin1Char('\n')));
}

void ValueDisplayTest::timesAreWrittenInLocalTime_data()
{
    QTest::addColumn<qint64>("microseconds");
    QTest::addColumn<QString>("text");
    QTest::newRow("1970") << qint64{0} << QStringLiteral("1970-01-01 05:30:00 +05:30");
    QTest::newRow("a fraction") << qint64{1'250'000} << QStringLiteral("1970-01-01 05:30:01.25 +05:30");
    QTest::newRow("before 1970") << qint64{-1} << QStringLiteral("1970-01-01 05:29:59.999999 +05:30");
}

void ValueDisplayTest::timesAreWrittenInLocalTime()
{
    QFETCH(qint64, microseconds);
    QFETCH(QString, text);
    QCOMPARE(shown({Timestamp{microseconds}}, ValueDisplay::LocalTime), text);
}

void ValueDisplayTest::timesAreWrittenAsStored()
{
    QCOMPARE(shown({Timestamp{-5}}, ValueDisplay::Microseconds), QStringLiteral("-5"));
}

void ValueDisplayTest::whatHasNoSuchFormStaysAsUsual()
{
    QCOMPARE(shown({std::string("a")}, ValueDisplay::Hexadecimal), QStringLiteral("a"));
    const Timestamp farAway{std::numeric_limits<std::int64_t>::max()};
    QCOMPARE(shown({farAway}, ValueDisplay::LocalTime), shown({farAway}, ValueDisplay::Usual));
}

void ValueDisplayTest::theUsualFormIsTheFirstOfEveryType()
{
    for (const auto type : {TypeTag::Bool, TypeTag::Int64, TypeTag::Uint64, TypeTag::Float64, TypeTag::String,
                            TypeTag::Bytes, TypeTag::Uuid, TypeTag::Timestamp}) {
        const auto displays = displaysOf(type);
        QCOMPARE(displays.front(), ValueDisplay::Usual);
        for (const auto display : displays)
            QVERIFY(!displayText(display, type).isEmpty());
    }
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::ValueDisplayTest)

#include "value_display_test.moc"
