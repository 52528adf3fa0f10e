#include "views/severity_sign.h"

#include <QImage>
#include <QPainter>
#include <QTest>

#include <array>

namespace modelvault::ui {

namespace {

constexpr std::array kAll{Severity::Info, Severity::Warning, Severity::Error};

/// Which pixels are painted, without their colours.
QImage shapeOf(const QImage &image)
{
    return image.convertToFormat(QImage::Format_Alpha8);
}

QImage lineOf(Severity severity)
{
    QImage image(60, 6, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    paintSeverityLine(painter, severity, {0, 2}, 60, 2);
    return image;
}

} // namespace

class SeveritySignTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void signsDifferWithoutTheirColours();
    void linesDifferWithoutTheirColours();
    void linesStayWhereTheyBelong();
    void signsAreSharpAtAnyScale();
};

void SeveritySignTest::signsDifferWithoutTheirColours()
{
    for (const auto one : kAll) {
        for (const auto other : kAll) {
            const auto shape = shapeOf(severityIcon(one).pixmap(16, 16).toImage());
            QCOMPARE(shape == shapeOf(severityIcon(other).pixmap(16, 16).toImage()), one == other);
            QCOMPARE(severityColour(one) == severityColour(other), one == other);
        }
    }
}

void SeveritySignTest::linesDifferWithoutTheirColours()
{
    for (const auto one : kAll) {
        for (const auto other : kAll)
            QCOMPARE(shapeOf(lineOf(one)) == shapeOf(lineOf(other)), one == other);
    }
}

void SeveritySignTest::linesStayWhereTheyBelong()
{
    for (const auto severity : kAll) {
        const auto image = lineOf(severity);
        QVERIFY(qAlpha(image.pixel(0, 2)) > 0 && qAlpha(image.pixel(0, 3)) > 0);
        for (int x = 0; x < image.width(); ++x)
            QVERIFY(qAlpha(image.pixel(x, 0)) == 0 && qAlpha(image.pixel(x, 5)) == 0);
    }
}

void SeveritySignTest::signsAreSharpAtAnyScale()
{
    const auto twice = severityIcon(Severity::Error).pixmap(QSize(16, 16), 2).toImage();
    QCOMPARE(twice.size(), QSize(32, 32));
    QVERIFY(twice != severityIcon(Severity::Error).pixmap(16, 16).toImage().scaled(32, 32));
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::SeveritySignTest)

#include "severity_sign_test.moc"
