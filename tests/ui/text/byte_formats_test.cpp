#include "text/byte_formats.h"

#include <QTest>

#include <vector>

namespace modelvault::ui {

class ByteFormatsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesEachFormat_data()
    {
        QTest::addColumn<int>("format");
        QTest::addColumn<QString>("wanted");
        const auto add = [](const char *name, ByteFormat format, const char *wanted) {
            QTest::newRow(name) << static_cast<int>(format) << QString::fromUtf8(wanted);
        };
        add("hex", ByteFormat::Hex, "54 c3 a9 00");
        add("dump", ByteFormat::HexDump, "00002020  54 c3 a9 00                                      |T...|\n");
        add("c", ByteFormat::CArray, "const unsigned char data[4] = {\n    0x54, 0xc3, 0xa9, 0x00,\n};\n");
        add("rust", ByteFormat::RustArray, "const DATA: [u8; 4] = [\n    0x54, 0xc3, 0xa9, 0x00,\n];\n");
        add("python", ByteFormat::PythonBytes, "data = (\n    b\"\\x54\\xc3\\xa9\\x00\"\n)\n");
        add("base64", ByteFormat::Base64, "VMOpAA==");
    }

    void writesEachFormat()
    {
        QFETCH(const int, format);
        QFETCH(const QString, wanted);
        const std::vector bytes{std::byte{0x54}, std::byte{0xc3}, std::byte{0xa9}, std::byte{0}};
        QCOMPARE(formatBytes(static_cast<ByteFormat>(format), bytes, {0x2020}), wanted);
    }

    void textIsUtf8()
    {
        const std::vector bytes{std::byte{0x54}, std::byte{0xc3}, std::byte{0xa9}};
        QCOMPARE(formatBytes(ByteFormat::Text, bytes, {}), QStringLiteral("T\u00e9"));
    }

    void longDumpsAndArraysBreakLines()
    {
        const std::vector<std::byte> bytes(33, std::byte{'x'});
        const auto dump = formatBytes(ByteFormat::HexDump, bytes, {0});
        QCOMPARE(dump.count(QLatin1Char('\n')), 3);
        QVERIFY(dump.contains(QStringLiteral("\n00000020  78  ")));
        QCOMPARE(formatBytes(ByteFormat::CArray, bytes, {}).count(QLatin1Char('\n')), 5);
        QCOMPARE(formatBytes(ByteFormat::PythonBytes, bytes, {}).count(QStringLiteral("b\"")), 3);
    }

    void everyFormatHasAName()
    {
        QStringList names;
        for (const auto format : kByteFormats)
            names += formatName(format);
        names.removeDuplicates();
        QCOMPARE(names.size(), static_cast<qsizetype>(kByteFormats.size()));
    }
};

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::ByteFormatsTest)
#include "byte_formats_test.moc"
