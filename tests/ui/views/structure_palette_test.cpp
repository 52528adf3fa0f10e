#include "views/structure_palette.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>

namespace modelvault::ui {

namespace {

using Light = std::array<double, 3>; // red, green and blue, linear

Light linear(const QColor &colour)
{
    const auto one = [](double part) { return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4); };
    return {one(colour.redF()), one(colour.greenF()), one(colour.blueF())};
}

double luminance(const Light &light)
{
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
}

/// As WCAG 2 defines it: 1 to 21.
double contrast(const QColor &a, const QColor &b)
{
    const auto [darker, brighter] = std::minmax({luminance(linear(a)), luminance(linear(b))});
    return (brighter + 0.05) / (darker + 0.05);
}

/// In CIE L*a*b*, where distances are about as large as they look.
Light lab(const Light &light)
{
    const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
    const double x = f((0.4124 * light[0] + 0.3576 * light[1] + 0.1805 * light[2]) / 0.9505);
    const double y = f(luminance(light));
    const double z = f((0.0193 * light[0] + 0.1192 * light[1] + 0.9505 * light[2]) / 1.089);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double distance(const Light &a, const Light &b)
{
    const auto one = lab(a);
    const auto other = lab(b);
    return std::hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

using Vision = std::array<std::array<double, 3>, 3>;

/// What the colour-blind see, of Machado, Oliveira and Fernandes 2009 at severity 1: no red, no green, no blue.
constexpr std::array kVisions{
    Vision{{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
    Vision{{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
    Vision{{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}}};

Light seenWith(const Vision &vision, const QColor &colour)
{
    const auto light = linear(colour);
    Light seen{};
    for (std::size_t row = 0; row < 3; ++row)
        seen[row] = std::clamp(
            vision[row][0] * light[0] + vision[row][1] * light[1] + vision[row][2] * light[2], 0.0, 1.0);
    return seen;
}

QPalette paletteOf(QRgb base, QRgb text)
{
    QPalette palette;
    palette.setColor(QPalette::Base, QColor::fromRgb(base));
    palette.setColor(QPalette::Text, QColor::fromRgb(text));
    return palette;
}

/// Where a cell's pattern has ink.
QImage pattern(const StructurePalette &colours, ContentKind kind)
{
    QImage cell(24, 24, QImage::Format_RGB32);
    QPainter painter(&cell);
    colours.paintCell(painter, cell.rect(), kind);
    painter.end();
    QImage ink(cell.size(), QImage::Format_RGB32);
    for (int y = 0; y < cell.height(); ++y) {
        for (int x = 0; x < cell.width(); ++x)
            ink.setPixelColor(x, y, cell.pixelColor(x, y) == colours.fill(kind) ? Qt::white : Qt::black);
    }
    return ink;
}

} // namespace

class StructurePaletteTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void textIsLegibleOnEveryTint_data();
    void textIsLegibleOnEveryTint();
    void headersStandOut_data();
    void headersStandOut();
    void everyKindLooksDifferent_data();
    void everyKindLooksDifferent();
    void kindsOfTheSamePatternDifferWhateverColourIsNotSeen_data();
    void kindsOfTheSamePatternDifferWhateverColourIsNotSeen();
    void whatIsNotScannedHasNoTint();
    void everyKindIsInTheLegendOnce();
    void iconsShowTheCell();

private:
    void somePalettes();
};

void StructurePaletteTest::somePalettes()
{
    QTest::addColumn<QPalette>("palette");
    QTest::newRow("black on white") << paletteOf(0xffffffff, 0xff000000);
    QTest::newRow("Breeze light") << paletteOf(0xffffffff, 0xff232629);
    QTest::newRow("dark grey on light grey") << paletteOf(0xfff0f0f0, 0xff333333);
    QTest::newRow("white on black") << paletteOf(0xff000000, 0xffffffff);
    QTest::newRow("Breeze dark") << paletteOf(0xff141618, 0xfffcfcfc);
    QTest::newRow("Fusion dark") << paletteOf(0xff242424, 0xfff0f0f0);
    QTest::newRow("light grey on dark grey") << paletteOf(0xff2d2d2d, 0xffdddddd);
    QTest::newRow("light on blue") << paletteOf(0xff002b36, 0xffb8c4c4);
}

void StructurePaletteTest::textIsLegibleOnEveryTint_data()
{
    somePalettes();
}

void StructurePaletteTest::textIsLegibleOnEveryTint()
{
    QFETCH(QPalette, palette);
    const StructurePalette colours(palette);
    for (const auto kind : contentKinds()) {
        for (const bool isHeader : {false, true}) {
            const double ratio = contrast(palette.color(QPalette::Text), colours.tint(kind, isHeader));
            QVERIFY2(ratio >= 4.5, qPrintable(QStringLiteral("%1: %2").arg(kindText(kind)).arg(ratio)));
        }
    }
}

void StructurePaletteTest::headersStandOut_data()
{
    somePalettes();
}

void StructurePaletteTest::headersStandOut()
{
    QFETCH(QPalette, palette);
    const StructurePalette colours(palette);
    const auto base = linear(palette.color(QPalette::Base));
    for (const auto kind : contentKinds()) {
        if (kind == ContentKind::NotScanned || kind == ContentKind::Damaged)
            continue;
        const auto payload = linear(colours.tint(kind, false));
        const auto header = linear(colours.tint(kind, true));
        QVERIFY2(distance(base, payload) > 2, qPrintable(kindText(kind)));
        QVERIFY2(distance(base, header) > distance(base, payload) + 2, qPrintable(kindText(kind)));
        for (const auto &vision : kVisions) {
            const double apart =
                distance(seenWith(vision, colours.tint(kind, true)), seenWith(vision, colours.tint(kind, false)));
            QVERIFY2(apart > 2, qPrintable(kindText(kind)));
        }
    }
}

void StructurePaletteTest::everyKindLooksDifferent_data()
{
    somePalettes();
}

void StructurePaletteTest::everyKindLooksDifferent()
{
    QFETCH(QPalette, palette);
    const StructurePalette colours(palette);
    for (const auto a : contentKinds()) {
        for (const auto b : contentKinds()) {
            if (a < b) {
                const double apart = distance(linear(colours.fill(a)), linear(colours.fill(b)));
                QVERIFY2(apart >= 20,
                         qPrintable(QStringLiteral("%1 and %2: %3").arg(kindText(a), kindText(b)).arg(apart)));
            }
        }
    }
}

void StructurePaletteTest::kindsOfTheSamePatternDifferWhateverColourIsNotSeen_data()
{
    somePalettes();
}

void StructurePaletteTest::kindsOfTheSamePatternDifferWhateverColourIsNotSeen()
{
    QFETCH(QPalette, palette);
    const StructurePalette colours(palette);
    for (const auto a : contentKinds()) {
        for (const auto b : contentKinds()) {
            if (a >= b || pattern(colours, a) != pattern(colours, b))
                continue;
            for (const auto &vision : kVisions) {
                const auto one = seenWith(vision, colours.fill(a));
                const auto other = seenWith(vision, colours.fill(b));
                const bool lighter = std::abs(lab(one)[0] - lab(other)[0]) > 8;
                const double apart = distance(one, other);
                QVERIFY2(apart >= (lighter ? 10 : 20),
                         qPrintable(QStringLiteral("%1 and %2, vision %3: %4")
                                        .arg(kindText(a), kindText(b))
                                        .arg(&vision - kVisions.data())
                                        .arg(apart)));
            }
        }
    }
}

void StructurePaletteTest::whatIsNotScannedHasNoTint()
{
    const auto palette = paletteOf(0xff123456, 0xffffffff);
    QCOMPARE(StructurePalette(palette).tint(ContentKind::NotScanned, false), QColor(0x12, 0x34, 0x56));
}

void StructurePaletteTest::everyKindIsInTheLegendOnce()
{
    QSet<int> kinds;
    QSet<QString> names;
    for (const auto kind : contentKinds()) {
        kinds += static_cast<int>(kind);
        names += kindText(kind);
        QVERIFY(!kindText(kind).isEmpty());
    }
    QCOMPARE(kinds.size(), qsizetype(kContentKinds));
    QCOMPARE(names.size(), qsizetype(kContentKinds));
}

void StructurePaletteTest::iconsShowTheCell()
{
    const StructurePalette colours(paletteOf(0xffffffff, 0xff000000));
    const auto icon = colours.icon(ContentKind::Record).pixmap(16, 16).toImage();
    QCOMPARE(icon.size(), QSize(16, 16));
    QCOMPARE(icon.pixelColor(8, 8), colours.fill(ContentKind::Record));
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::StructurePaletteTest)

#include "structure_palette_test.moc"
