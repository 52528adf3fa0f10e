#include "text/byte_values.h"

#include <QTest>

#include <algorithm>
#include <initializer_list>
#include <limits>
#include <vector>

namespace modelvault::ui {
namespace {

using enum ByteOrder;

constexpr std::uint8_t kEveryType = 19;

std::vector<std::byte> bytes(std::initializer_list<int> values)
{
    std::vector<std::byte> all;
    for (const int value : values)
        all.push_back(static_cast<std::byte>(value));
    return all;
}

/// So many bytes of a number, then zeros up to the most that is looked at.
std::vector<std::byte> number(std::uint64_t value, std::size_t size, ByteOrder order)
{
    std::vector<std::byte> all;
    for (std::size_t i = 0; i < size; ++i)
        all.push_back(static_cast<std::byte>(value >> 8 * i));
    if (order == Big)
        std::ranges::reverse(all);
    all.resize(kMostValueBytes);
    return all;
}

std::expected<QString, QString> valueOf(const std::vector<std::byte> &bytes, const char *name, ByteOrder order = Little)
{
    const auto values = byteValues(bytes, order);
    const auto found = std::ranges::find(values, QString::fromUtf8(name), &ByteValue::name);
    return found != values.end() ? found->text : std::unexpected(QStringLiteral("no such type"));
}

QString text(const std::vector<std::byte> &bytes, const char *name, ByteOrder order = Little)
{
    return valueOf(bytes, name, order).value_or(QStringLiteral("nothing"));
}

QString reason(const std::vector<std::byte> &bytes, const char *name, ByteOrder order = Little)
{
    return valueOf(bytes, name, order).error_or(QStringLiteral("a value"));
}

} // namespace

class ByteValuesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyTypeIsAlwaysThere()
    {
        for (std::size_t count = 0; count <= 2 * kMostValueBytes; ++count) {
            const auto values = byteValues(std::vector<std::byte>(count), Little);
            QCOMPARE(values.size(), std::size_t{kEveryType});
            for (const auto &value : values)
                QVERIFY(value.text.has_value() || (count < kMostValueBytes && value.text.error().contains(u"left")));
        }
    }

    void integersAtTheirBounds_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<quint64>("raw");
        QTest::addColumn<int>("size");
        QTest::addColumn<QString>("expected");
        const auto add = [](const char *type, quint64 raw, int size, const char *expected) {
            QTest::addRow("%s %s", type, expected) << QByteArray(type) << raw << size << QString::fromLatin1(expected);
        };
        add("int8", 0x7f, 1, "127");
        add("int8", 0x80, 1, "-128");
        add("int8", 0xff, 1, "-1");
        add("uint8", 0xff, 1, "255");
        add("int16", 0x7fff, 2, "32767");
        add("int16", 0x8000, 2, "-32768");
        add("uint16", 0xfffe, 2, "65534");
        add("int32", 0x7fff'ffff, 4, "2147483647");
        add("int32", 0x8000'0000, 4, "-2147483648");
        add("uint32", 0xffff'fffe, 4, "4294967294");
        add("int64", 0x7fff'ffff'ffff'ffff, 8, "9223372036854775807");
        add("int64", 0x8000'0000'0000'0000, 8, "-9223372036854775808");
        add("uint64", 0xffff'ffff'ffff'fffe, 8, "18446744073709551614");
        add("uint64", 0x0123'4567'89ab'cdef, 8, "81985529216486895");
    }

    void integersAtTheirBounds()
    {
        QFETCH(const QByteArray, type);
        QFETCH(const quint64, raw);
        QFETCH(const int, size);
        QFETCH(const QString, expected);
        for (const auto order : {Little, Big})
            QCOMPARE(text(number(raw, static_cast<std::size_t>(size), order), type.constData(), order), expected);
    }

    void aByteInBits()
    {
        QCOMPARE(text(bytes({0x05}), "binary"), QStringLiteral("00000101"));
        QCOMPARE(text(bytes({0x80, 0xff}), "binary", Big), QStringLiteral("10000000"));
    }

    void floats_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<quint64>("raw");
        QTest::addColumn<int>("size");
        QTest::addColumn<QString>("expected");
        const auto add = [](const char *type, quint64 raw, int size, const char *expected) {
            QTest::addRow("%s %s", type, expected) << QByteArray(type) << raw << size << QString::fromLatin1(expected);
        };
        add("float16", 0x3c00, 2, "1");
        add("float16", 0xc000, 2, "-2");
        add("float16", 0x7bff, 2, "65504");
        add("float16", 0x3555, 2, "0.33325195");
        add("float16", 0x0400, 2, "6.1035156e-05");
        add("float16", 0x0001, 2, "5.9604645e-08 (subnormal)");
        add("float16", 0x83ff, 2, "-6.097555e-05 (subnormal)");
        add("float16", 0x8000, 2, "-0");
        add("float16", 0x7c00, 2, "infinity");
        add("float16", 0xfc00, 2, "-infinity");
        add("float16", 0x7e01, 2, "NaN, 0x7e01");
        add("float32", 0x3dcc'cccd, 4, "0.1");
        add("float32", 0x7f7f'ffff, 4, "3.4028235e+38");
        add("float32", 0x0080'0000, 4, "1.1754944e-38");
        add("float32", 0x0000'0001, 4, "1e-45 (subnormal)");
        add("float32", 0x8000'0000, 4, "-0");
        add("float32", 0xff80'0000, 4, "-infinity");
        add("float32", 0x7fc0'0001, 4, "NaN, 0x7fc00001");
        add("float64", 0x3fb9'9999'9999'999a, 8, "0.1");
        add("float64", 0x7fef'ffff'ffff'ffff, 8, "1.7976931348623157e+308");
        add("float64", 0x0010'0000'0000'0000, 8, "2.2250738585072014e-308");
        add("float64", 0x0000'0000'0000'0001, 8, "5e-324 (subnormal)");
        add("float64", 0x800f'ffff'ffff'ffff, 8, "-2.225073858507201e-308 (subnormal)");
        add("float64", 0x0000'0000'0000'0000, 8, "0");
        add("float64", 0x8000'0000'0000'0000, 8, "-0");
        add("float64", 0x7ff0'0000'0000'0000, 8, "infinity");
        add("float64", 0xfff8'0000'0000'0000, 8, "NaN, 0xfff8000000000000");
        add("float64", 0x7ff0'0000'0000'0001, 8, "NaN, 0x7ff0000000000001"); // a signalling one stays one
    }

    void floats() { integersAtTheirBounds(); }

    void timestamps_data()
    {
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<qint64>("raw");
        QTest::addColumn<QString>("expected"); // nothing: out of range
        const auto add = [](const char *type, qint64 raw, const char *expected) {
            QTest::addRow("%s %lld", type, static_cast<long long>(raw))
                << QByteArray(type) << raw << QString::fromLatin1(expected);
        };
        const auto kMost = std::numeric_limits<qint64>::max();
        const auto kLeast = std::numeric_limits<qint64>::min();
        add("time µs", 0, "1970-01-01T00:00:00.000000Z");
        add("time µs", 1, "1970-01-01T00:00:00.000001Z");
        add("time µs", -1, "1969-12-31T23:59:59.999999Z");
        add("time µs", 951'782'400'000'000, "2000-02-29T00:00:00.000000Z");
        add("time µs", 253'402'300'799'999'999, "9999-12-31T23:59:59.999999Z");
        add("time µs", 253'402'300'800'000'000, "");
        add("time µs", -62'167'219'200'000'000, "0000-01-01T00:00:00.000000Z");
        add("time µs", -62'167'219'200'000'001, "");
        add("time µs", kMost, "");
        add("time µs", kLeast, "");
        add("time ms", 1'700'000'000'123, "2023-11-14T22:13:20.123Z");
        add("time ms", -1, "1969-12-31T23:59:59.999Z");
        add("time ms", 253'402'300'799'999, "9999-12-31T23:59:59.999Z");
        add("time ms", 253'402'300'800'000, "");
        add("time ms", kLeast, "");
        add("time s", 1'700'000'000, "2023-11-14T22:13:20Z");
        add("time s", -1, "1969-12-31T23:59:59Z");
        add("time s", 2'147'483'648, "2038-01-19T03:14:08Z");
        add("time s", -62'167'219'200, "0000-01-01T00:00:00Z");
        add("time s", -62'167'219'201, "");
        add("time s", kMost, "");
        add("time s", kLeast, "");
    }

    void timestamps()
    {
        QFETCH(const QByteArray, type);
        QFETCH(const qint64, raw);
        QFETCH(const QString, expected);
        for (const auto order : {Little, Big}) {
            const auto of = number(static_cast<quint64>(raw), 8, order);
            if (expected.isEmpty())
                QCOMPARE(reason(of, type.constData(), order), QStringLiteral("not in the years 0000 to 9999"));
            else
                QCOMPARE(text(of, type.constData(), order), expected);
        }
    }

    void uuidsAreAsTheyAreWrittenInAnyOrder()
    {
        const auto uuid =
            bytes({0x12, 0x3e, 0x45, 0x67, 0xe8, 0x9b, 0x12, 0xd3, 0xa4, 0x56, 0x42, 0x66, 0x14, 0x17, 0x40, 0x0f});
        for (const auto order : {Little, Big})
            QCOMPARE(text(uuid, "UUID", order), QStringLiteral("123e4567-e89b-12d3-a456-42661417400f"));
        QCOMPARE(reason({uuid.begin(), uuid.end() - 1}, "UUID"), QStringLiteral("only 15 bytes are left"));
    }

    void utf8Characters()
    {
        QCOMPARE(text(bytes({'A', 0xff}), "UTF-8"), QStringLiteral("“A” U+0041"));
        QCOMPARE(text(bytes({0xc3, 0xa9}), "UTF-8"), QStringLiteral("“é” U+00e9"));
        QCOMPARE(text(bytes({0xe2, 0x82, 0xac}), "UTF-8"), QStringLiteral("“€” U+20ac"));
        QCOMPARE(text(bytes({0xf0, 0x9f, 0x99, 0x82}), "UTF-8"), QStringLiteral("“🙂” U+1f642"));
        QCOMPARE(text(bytes({0xf4, 0x8f, 0xbf, 0xbf}), "UTF-8").section(u' ', 1), QStringLiteral("U+10ffff"));
        QCOMPARE(text(bytes({0x00}), "UTF-8"), QStringLiteral("“␀” U+0000")); // and never a control character
        QCOMPARE(text(bytes({0x0a}), "UTF-8"), QStringLiteral("“␊” U+000a"));
        QCOMPARE(text(bytes({0xe2, 0x80, 0xae}), "UTF-8"), QStringLiteral("“⟨U+202E⟩” U+202e"));
    }

    void whatIsNoUtf8()
    {
        const QString none = QStringLiteral("no UTF-8 character");
        QCOMPARE(reason(bytes({0x80}), "UTF-8"), none);
        QCOMPARE(reason(bytes({0xff, 0x41}), "UTF-8"), none);
        QCOMPARE(reason(bytes({0xc0, 0x80}), "UTF-8"), none);             // overlong
        QCOMPARE(reason(bytes({0xe0, 0x80, 0x80}), "UTF-8"), none);       // overlong
        QCOMPARE(reason(bytes({0xf0, 0x80, 0x80, 0x80}), "UTF-8"), none); // overlong
        QCOMPARE(reason(bytes({0xed, 0xa0, 0x80}), "UTF-8"), none);       // a surrogate
        QCOMPARE(reason(bytes({0xf4, 0x90, 0x80, 0x80}), "UTF-8"), none); // above U+10FFFF
        QCOMPARE(reason(bytes({0xc3, 0x41}), "UTF-8"), none);
    }

    void aCharacterThatTheEndCutsSaysSo()
    {
        QCOMPARE(reason(bytes({0xc3}), "UTF-8"), QStringLiteral("only 1 byte is left"));
        QCOMPARE(reason(bytes({0xe0}), "UTF-8"), QStringLiteral("only 1 byte is left"));
        QCOMPARE(reason(bytes({0xf4, 0x8f}), "UTF-8"), QStringLiteral("only 2 bytes are left"));
        QCOMPARE(reason(bytes({0xf0, 0x9f, 0x99}), "UTF-8"), QStringLiteral("only 3 bytes are left"));
        // What no byte could mend is not a matter of the end.
        const QString none = QStringLiteral("no UTF-8 character");
        QCOMPARE(reason(bytes({0xe0, 0x80}), "UTF-8"), none);
        QCOMPARE(reason(bytes({0xed, 0xa0}), "UTF-8"), none);
        QCOMPARE(reason(bytes({0xf4, 0x90}), "UTF-8"), none);
        QCOMPARE(reason(bytes({0xc1}), "UTF-8"), none);
    }

    void leb128()
    {
        const auto both = [](std::initializer_list<int> of, const char *asUnsigned, const char *asSigned) {
            QCOMPARE(text(bytes(of), "ULEB128"), QString::fromLatin1(asUnsigned));
            QCOMPARE(text(bytes(of), "SLEB128"), QString::fromLatin1(asSigned));
        };
        both({0x00}, "0 (1 byte)", "0 (1 byte)");
        both({0x3f}, "63 (1 byte)", "63 (1 byte)");
        both({0x40}, "64 (1 byte)", "-64 (1 byte)");
        both({0x7f, 0xff}, "127 (1 byte)", "-1 (1 byte)");
        both({0xe5, 0x8e, 0x26}, "624485 (3 bytes)", "624485 (3 bytes)");
        both({0xc0, 0xbb, 0x78}, "1973696 (3 bytes)", "-123456 (3 bytes)");
        both({0x80, 0x00}, "0 (2 bytes)", "0 (2 bytes)"); // longer than it must be
        // The least and the most that fit.
        QCOMPARE(text(bytes({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}), "ULEB128"),
                 QStringLiteral("18446744073709551615 (10 bytes)"));
        QCOMPARE(text(bytes({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00}), "SLEB128"),
                 QStringLiteral("9223372036854775807 (10 bytes)"));
        QCOMPARE(text(bytes({0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f}), "SLEB128"),
                 QStringLiteral("-9223372036854775808 (10 bytes)"));
    }

    void leb128OfMoreThan64Bits()
    {
        const QString more = QStringLiteral("more than 64 bits");
        QCOMPARE(reason(bytes({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02}), "ULEB128"), more);
        QCOMPARE(reason(bytes({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}), "SLEB128"), more);
        const std::vector<std::byte> endless(kMostValueBytes, std::byte{0x80});
        QCOMPARE(reason(endless, "ULEB128"), more);
        QCOMPARE(reason(endless, "SLEB128"), more);
        // Known only after ten.
        QCOMPARE(reason({endless.begin(), endless.begin() + 9}, "SLEB128"), QStringLiteral("only 9 bytes are left"));
    }

    void leb128TheTenthByteMayNotContradictTheSign()
    {
        // Bit 63 is set by the tenth byte's lowest bit, which must agree with its others.
        QCOMPARE(text(bytes({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}), "SLEB128"),
                 QStringLiteral("-1 (10 bytes)"));
        QCOMPARE(reason(bytes({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7e}), "SLEB128"),
                 QStringLiteral("more than 64 bits"));
    }

    void theEndOfTheFileLeavesWhatFits()
    {
        const auto three = bytes({0x01, 0x02, 0x03});
        QCOMPARE(text(three, "uint16"), QStringLiteral("513"));
        QCOMPARE(text(three, "uint16", Big), QStringLiteral("258"));
        for (const auto *type : {"int32", "uint32", "int64", "uint64", "float32", "float64", "time s", "UUID"})
            QCOMPARE(reason(three, type), QStringLiteral("only 3 bytes are left"));
        for (const auto *type : {"binary", "int8", "float16", "UTF-8", "SLEB128"})
            QCOMPARE(reason({}, type), QStringLiteral("no bytes are left"));
    }
};

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::ByteValuesTest)
#include "byte_values_test.moc"
