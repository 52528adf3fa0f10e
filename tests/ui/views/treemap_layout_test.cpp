// Boxes as large as what they stand for, side by side.

#include "views/treemap_layout.h"

#include <QTest>

#include <algorithm>
#include <numeric>

namespace modelvault::ui {

class TreemapLayoutTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void boxesAreAsLargeAsTheirShare_data();
    void boxesAreAsLargeAsTheirShare();
    void boxesDoNotOverlap();
    void boxesAreNoStrips();
    void withoutRoomThereIsNothing();
};

namespace {

const QRectF kArea(10, 20, 600, 400);

std::vector<double> falling(int count)
{
    std::vector<double> sizes;
    for (int i = 0; i < count; ++i)
        sizes.push_back(1000.0 / (i + 1));
    return sizes;
}

} // namespace

void TreemapLayoutTest::boxesAreAsLargeAsTheirShare_data()
{
    QTest::addColumn<std::vector<double>>("sizes");
    QTest::newRow("one") << std::vector<double>{7};
    QTest::newRow("two") << std::vector<double>{3, 1};
    QTest::newRow("equal") << std::vector<double>(16, 5);
    QTest::newRow("many") << falling(200);
    QTest::newRow("one huge") << std::vector<double>{1e15, 1, 1, 1};
}

void TreemapLayoutTest::boxesAreAsLargeAsTheirShare()
{
    QFETCH(std::vector<double>, sizes);
    const auto rects = layOutTreemap(kArea, sizes);
    QCOMPARE(rects.size(), sizes.size());
    const double all = std::accumulate(sizes.begin(), sizes.end(), 0.0);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const double share = rects[i].width() * rects[i].height() / (kArea.width() * kArea.height());
        QVERIFY2(std::abs(share - sizes[i] / all) < 1e-6, qPrintable(QString::number(i)));
        QVERIFY(kArea.adjusted(-1e-6, -1e-6, 1e-6, 1e-6).contains(rects[i]));
    }
}

void TreemapLayoutTest::boxesDoNotOverlap()
{
    const auto rects = layOutTreemap(kArea, falling(60));
    for (std::size_t i = 0; i < rects.size(); ++i) {
        for (std::size_t j = i + 1; j < rects.size(); ++j) {
            const auto common = rects[i].intersected(rects[j]);
            QVERIFY(common.width() * common.height() < 1e-6);
        }
    }
}

void TreemapLayoutTest::boxesAreNoStrips()
{
    for (const auto &rect : layOutTreemap(kArea, std::vector<double>(24, 1)))
        QVERIFY(std::max(rect.width() / rect.height(), rect.height() / rect.width()) < 2);
}

void TreemapLayoutTest::withoutRoomThereIsNothing()
{
    QVERIFY(layOutTreemap(kArea, {}).empty());
    const std::vector<double> sizes{2, 1};
    for (const auto &rect : layOutTreemap(QRectF(), sizes))
        QVERIFY(rect.isEmpty());
}

} // namespace modelvault::ui

QTEST_APPLESS_MAIN(modelvault::ui::TreemapLayoutTest)

#include "treemap_layout_test.moc"
