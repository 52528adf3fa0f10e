#include "views/line_scroller.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <cstdint>
#include <limits>
#include <random>

namespace modelvault::ui {

namespace {

constexpr std::uint64_t kMany = std::uint64_t{1} << 60U;
constexpr std::uint64_t kVisible = 40;
constexpr int kNotch = 120;

QWheelEvent wheelBy(int eighthsOfADegree)
{
    return {QPointF(),    QPointF(),      QPoint(),          QPoint(0, eighthsOfADegree),
            Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false};
}

} // namespace

class LineScrollerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void arrowsAndPagesMoveByExactLines();
    void wheelMovesByExactLines();
    void theWheelOverTheBarMovesByExactLinesToo();
    void smallTurnsOfTheWheelAddUp();
    void keysToBothEndsReachThem();
    void draggingReachesBothEnds();
    void draggingFurtherNeverGoesBack();
    void theBarStaysWhereItIsPut_data();
    void theBarStaysWhereItIsPut();
    void fewLinesMapOneToOne();
    void scrollsAsLittleAsMakesALineVisible();
    void centresALine();
    void stopsAtTheEnds();
    void shrinkingTakesTheTopAlong();
    void growingKeepsTheTop();
    void saysOnlyWhatChanged();
    void theHandleIsAsLongAsTheVisiblePart();
    void theBarAppearsWhenThereIsMoreThanIsVisible();

private:
    void act(QAbstractSlider::SliderAction action) { m_area->verticalScrollBar()->triggerAction(action); }

    std::unique_ptr<QAbstractScrollArea> m_area;
    LineScroller *m_scroller = nullptr;
    QScrollBar *m_bar = nullptr;
};

void LineScrollerTest::init()
{
    m_area = std::make_unique<QAbstractScrollArea>();
    m_scroller = new LineScroller(m_area.get());
    m_bar = m_area->verticalScrollBar();
    m_scroller->setLines(kMany, kVisible);
}

void LineScrollerTest::arrowsAndPagesMoveByExactLines()
{
    constexpr std::uint64_t kStart = kMany / 3;
    m_scroller->setTop(kStart);
    act(QAbstractSlider::SliderSingleStepAdd);
    QCOMPARE(m_scroller->top(), kStart + 1);
    act(QAbstractSlider::SliderSingleStepAdd);
    QCOMPARE(m_scroller->top(), kStart + 2);
    act(QAbstractSlider::SliderSingleStepSub);
    QCOMPARE(m_scroller->top(), kStart + 1);
    act(QAbstractSlider::SliderPageStepAdd);
    QCOMPARE(m_scroller->top(), kStart + 1 + kVisible);
    act(QAbstractSlider::SliderPageStepSub);
    act(QAbstractSlider::SliderPageStepSub);
    QCOMPARE(m_scroller->top(), kStart + 1 - kVisible);
}

void LineScrollerTest::wheelMovesByExactLines()
{
    constexpr std::uint64_t kStart = kMany - 12'345;
    const auto lines = static_cast<std::uint64_t>(QApplication::wheelScrollLines());
    m_scroller->setTop(kStart);
    auto down = wheelBy(-kNotch);
    m_scroller->wheel(&down);
    QVERIFY(down.isAccepted());
    QCOMPARE(m_scroller->top(), kStart + lines);
    auto up = wheelBy(2 * kNotch);
    m_scroller->wheel(&up);
    QCOMPARE(m_scroller->top(), kStart - lines);
}

void LineScrollerTest::theWheelOverTheBarMovesByExactLinesToo()
{
    constexpr std::uint64_t kStart = kMany / 3;
    m_scroller->setTop(kStart);
    auto down = wheelBy(-kNotch);
    QApplication::sendEvent(m_bar, &down);
    QCOMPARE(m_scroller->top(), kStart + static_cast<std::uint64_t>(QApplication::wheelScrollLines()));
}

void LineScrollerTest::smallTurnsOfTheWheelAddUp()
{
    constexpr std::uint64_t kStart = 1000;
    m_scroller->setTop(kStart);
    for (int i = 0; i < 24; ++i) {
        auto little = wheelBy(-kNotch / 24);
        m_scroller->wheel(&little);
    }
    QCOMPARE(m_scroller->top(), kStart + static_cast<std::uint64_t>(QApplication::wheelScrollLines()));
}

void LineScrollerTest::keysToBothEndsReachThem()
{
    act(QAbstractSlider::SliderToMaximum);
    QCOMPARE(m_scroller->top(), kMany - kVisible);
    QCOMPARE(m_bar->value(), m_bar->maximum());
    act(QAbstractSlider::SliderSingleStepSub);
    QCOMPARE(m_scroller->top(), kMany - kVisible - 1);
    act(QAbstractSlider::SliderToMinimum);
    QCOMPARE(m_scroller->top(), 0U);
    QCOMPARE(m_bar->value(), 0);
}

void LineScrollerTest::draggingReachesBothEnds()
{
    m_bar->setSliderDown(true);
    m_bar->setSliderPosition(m_bar->maximum());
    QCOMPARE(m_scroller->top(), kMany - kVisible);
    m_bar->setSliderPosition(m_bar->maximum() / 2);
    const auto middle = m_scroller->top();
    QVERIFY(middle > kMany / 2 - kMany / 1000 && middle < kMany / 2 + kMany / 1000);
    m_bar->setSliderPosition(0);
    QCOMPARE(m_scroller->top(), 0U);
    m_bar->setSliderPosition(12'345);
    const auto dropped = m_scroller->top();
    m_bar->setSliderDown(false);
    QCOMPARE(m_scroller->top(), dropped);
    QCOMPARE(m_bar->value(), 12'345);
}

void LineScrollerTest::draggingFurtherNeverGoesBack()
{
    m_bar->setSliderDown(true);
    std::uint64_t before = 0;
    for (int position = 1; position < m_bar->maximum() - 4'567'891; position += 4'567'891) {
        m_bar->setSliderPosition(position);
        QVERIFY(m_scroller->top() > before);
        before = m_scroller->top();
        QCOMPARE(m_bar->sliderPosition(), position);
    }
}

void LineScrollerTest::theBarStaysWhereItIsPut_data()
{
    QTest::addColumn<quint64>("lines");
    QTest::newRow("one more than the bar has") << quint64((1U << 30U) + kVisible + 1);
    QTest::newRow("a file of 3 TB") << quint64(200'000'000'003U);
    QTest::newRow("2^60") << quint64(kMany);
    QTest::newRow("all 64 bits") << std::numeric_limits<quint64>::max();
}

/// Otherwise a screen reader that steps the bar would never get on.
void LineScrollerTest::theBarStaysWhereItIsPut()
{
    QFETCH(quint64, lines);
    m_scroller->setLines(lines, kVisible);
    std::mt19937 random(1);
    std::uniform_int_distribution<int> positions(0, m_bar->maximum());
    for (int i = 0; i < 2000; ++i) {
        const int position = positions(random);
        m_bar->setValue(position);
        QCOMPARE(m_bar->value(), position);
    }
}

void LineScrollerTest::fewLinesMapOneToOne()
{
    m_scroller->setLines(1000, kVisible);
    QCOMPARE(m_bar->maximum(), 960);
    m_bar->setValue(123);
    QCOMPARE(m_scroller->top(), 123U);
    m_scroller->setTop(456);
    QCOMPARE(m_bar->value(), 456);
}

void LineScrollerTest::scrollsAsLittleAsMakesALineVisible()
{
    m_scroller->setTop(5000);
    m_scroller->ensureVisible(5000);
    m_scroller->ensureVisible(5000 + kVisible - 1);
    QCOMPARE(m_scroller->top(), 5000U);
    m_scroller->ensureVisible(5000 + kVisible);
    QCOMPARE(m_scroller->top(), 5001U);
    m_scroller->ensureVisible(4990);
    QCOMPARE(m_scroller->top(), 4990U);
    m_scroller->ensureVisible(kMany - 1);
    QCOMPARE(m_scroller->top(), kMany - kVisible);
}

void LineScrollerTest::centresALine()
{
    m_scroller->centre(kMany / 3);
    QCOMPARE(m_scroller->top(), kMany / 3 - kVisible / 2);
    m_scroller->centre(3);
    QCOMPARE(m_scroller->top(), 0U);
    m_scroller->centre(kMany - 1);
    QCOMPARE(m_scroller->top(), kMany - kVisible);
}

void LineScrollerTest::stopsAtTheEnds()
{
    m_scroller->scrollBy(std::numeric_limits<std::int64_t>::max());
    QCOMPARE(m_scroller->top(), kMany - kVisible);
    m_scroller->scrollBy(std::numeric_limits<std::int64_t>::min());
    QCOMPARE(m_scroller->top(), 0U);
    m_scroller->setTop(std::numeric_limits<std::uint64_t>::max());
    QCOMPARE(m_scroller->top(), kMany - kVisible);
}

void LineScrollerTest::shrinkingTakesTheTopAlong()
{
    QSignalSpy moved(m_scroller, &LineScroller::topChanged);
    m_scroller->setTop(kMany / 2);
    QCOMPARE(moved.size(), 1);
    m_scroller->setLines(100, kVisible);
    QCOMPARE(m_scroller->top(), 60U);
    QCOMPARE(moved.size(), 2);
    QCOMPARE(m_bar->maximum(), 60);
    QCOMPARE(m_bar->value(), 60);
    m_scroller->setLines(10, kVisible);
    QCOMPARE(m_scroller->top(), 0U);
    QCOMPARE(m_bar->maximum(), 0);
    m_scroller->setLines(0, 0);
    QCOMPARE(m_scroller->top(), 0U);
}

void LineScrollerTest::growingKeepsTheTop()
{
    m_scroller->setLines(1000, kVisible);
    m_scroller->setTop(500);
    QSignalSpy moved(m_scroller, &LineScroller::topChanged);
    m_scroller->setLines(kMany, kVisible);
    QCOMPARE(m_scroller->top(), 500U);
    QVERIFY(moved.isEmpty());
    act(QAbstractSlider::SliderSingleStepAdd);
    QCOMPARE(m_scroller->top(), 501U);
}

void LineScrollerTest::saysOnlyWhatChanged()
{
    QSignalSpy moved(m_scroller, &LineScroller::topChanged);
    m_scroller->setTop(0);
    m_scroller->scrollBy(-1);
    m_scroller->scrollBy(0);
    act(QAbstractSlider::SliderToMinimum);
    QVERIFY(moved.isEmpty());
    act(QAbstractSlider::SliderPageStepAdd);
    QCOMPARE(moved.size(), 1);
}

void LineScrollerTest::theHandleIsAsLongAsTheVisiblePart()
{
    m_scroller->setLines(1000, kVisible);
    QCOMPARE(m_bar->pageStep(), static_cast<int>(kVisible));
    m_scroller->setLines(kMany, kMany / 2);
    // As long as what is left beside it.
    const double share = m_bar->pageStep() / (double(m_bar->pageStep()) + m_bar->maximum());
    QVERIFY(share > 0.49 && share < 0.51);
    m_scroller->setLines(kMany, kVisible);
    QVERIFY(m_bar->pageStep() >= 1);
}

void LineScrollerTest::theBarAppearsWhenThereIsMoreThanIsVisible()
{
    m_scroller->setLines(0, kVisible);
    m_area->resize(300, 300);
    m_area->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_area.get()));
    QTRY_VERIFY(!m_bar->isVisible());
    m_scroller->setLines(1000, kVisible);
    QTRY_VERIFY(m_bar->isVisible());
    m_scroller->setLines(10, kVisible);
    QTRY_VERIFY(!m_bar->isVisible());
}

} // namespace modelvault::ui

QTEST_MAIN(modelvault::ui::LineScrollerTest)

#include "line_scroller_test.moc"
