#include "models/finding_marks.h"

#include "ui/snapshots.h"

#include <QTest>

#include <limits>
#include <vector>

namespace modelvault::ui {

namespace {

using enum Severity;
using Mark = FindingMarks::Mark;

constexpr Offset kEnd{std::numeric_limits<std::uint64_t>::max()};

Finding finding(Severity severity, std::uint64_t offset, std::uint64_t length)
{
    return {.severity = severity, .offset = {offset}, .length = length};
}

std::vector<Mark> allOf(const FindingMarks &marks)
{
    const auto all = marks.in({0}, kEnd);
    return {all.begin(), all.end()};
}

} // namespace

class FindingMarksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noneMarkNothing();
    void ofThoseThatOverlapTheGravestIsSeen();
    void likeOnesThatTouchAreOne();
    void whatHasNoLengthIsAByte();
    void isExactAtTheEndsOfARange();
    void theLastByteThereCanBeIsMarked();
    void tellsTheFindingsOfAPlace();
    void countsThoseThatBeginThere();
};

void FindingMarksTest::noneMarkNothing()
{
    const auto marks = test::marksOf({});
    QVERIFY(allOf(*marks).empty());
    QCOMPARE(marks->gravest({0}, kEnd), std::nullopt);
    QVERIFY(marks->findingsIn({0}, kEnd, 10).empty());
    QCOMPARE(marks->countIn({0}, kEnd), 0U);
}

void FindingMarksTest::ofThoseThatOverlapTheGravestIsSeen()
{
    const auto marks = test::marksOf({finding(Info, 0, 100), finding(Error, 20, 10), finding(Warning, 25, 25)});
    QCOMPARE(allOf(*marks), (std::vector<Mark>{{{0}, {20}, Info},
                                               {{20}, {30}, Error},
                                               {{30}, {50}, Warning},
                                               {{50}, {100}, Info}}));
    QCOMPARE(marks->gravest({0}, {20}), std::optional(Info));
    QCOMPARE(marks->gravest({0}, {21}), std::optional(Error));
    QCOMPARE(marks->gravest({30}, {90}), std::optional(Warning));
    QCOMPARE(marks->gravest({100}, {200}), std::nullopt);
}

void FindingMarksTest::likeOnesThatTouchAreOne()
{
    const auto marks = test::marksOf({finding(Error, 10, 10), finding(Error, 15, 20), finding(Error, 35, 5)});
    QCOMPARE(allOf(*marks), (std::vector<Mark>{{{10}, {40}, Error}}));
}

void FindingMarksTest::whatHasNoLengthIsAByte()
{
    QCOMPARE(allOf(*test::marksOf({finding(Error, 7, 0)})), (std::vector<Mark>{{{7}, {8}, Error}}));
}

void FindingMarksTest::isExactAtTheEndsOfARange()
{
    const auto marks = test::marksOf({finding(Error, 10, 10)});
    QVERIFY(marks->in({0}, {10}).empty());
    QCOMPARE(marks->in({0}, {11}).size(), 1U);
    QCOMPARE(marks->in({19}, {30}).size(), 1U);
    QVERIFY(marks->in({20}, {30}).empty());
    QVERIFY(marks->in({15}, {15}).empty());
}

void FindingMarksTest::theLastByteThereCanBeIsMarked()
{
    // A file may claim any length.
    const auto marks = test::marksOf({finding(Error, kEnd.value - 5, kEnd.value)});
    QCOMPARE(allOf(*marks), (std::vector<Mark>{{{kEnd.value - 5}, kEnd, Error}}));
}

void FindingMarksTest::tellsTheFindingsOfAPlace()
{
    const auto marks = test::marksOf({finding(Info, 0, 100), finding(Error, 20, 10), finding(Warning, 25, 25)});
    const auto &all = marks->report().findings;
    QCOMPARE(marks->findingsIn({26}, {27}, 10), (std::vector{&all[0], &all[1], &all[2]}));
    QCOMPARE(marks->findingsIn({26}, {27}, 2), (std::vector{&all[0], &all[1]}));
    QCOMPARE(marks->findingsIn({40}, {41}, 10), (std::vector{&all[0], &all[2]}));
    QVERIFY(marks->findingsIn({100}, {101}, 10).empty());
}

void FindingMarksTest::countsThoseThatBeginThere()
{
    const auto marks = test::marksOf({finding(Info, 0, 100), finding(Error, 20, 10), finding(Warning, 20, 25)});
    QCOMPARE(marks->countIn({0}, {20}), 1U);
    QCOMPARE(marks->countIn({20}, {21}), 2U);
    QCOMPARE(marks->countIn({21}, {90}), 0U);
    QCOMPARE(marks->countIn({90}, {21}), 0U);
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::FindingMarksTest)

#include "finding_marks_test.moc"
