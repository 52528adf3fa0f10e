#include "models/history.h"

#include <QTest>

namespace modelvault::ui {

class HistoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goesBackAndForward()
    {
        History<int> history;
        QVERIFY(!history.canGoBack() && !history.back());
        for (const int place : {1, 2, 3})
            history.visit(place);
        QCOMPARE(history.back(), std::optional(2));
        QCOMPARE(history.back(), std::optional(1));
        QVERIFY(!history.canGoBack());
        QCOMPARE(history.forward(), std::optional(2));
        QCOMPARE(history.current(), std::optional(2));
    }

    void goingElsewhereForgetsWhatLayAhead()
    {
        History<int> history;
        for (const int place : {1, 2, 3})
            history.visit(place);
        std::ignore = history.back();
        history.visit(9);
        QVERIFY(!history.canGoForward());
        QCOMPARE(history.back(), std::optional(2));
    }

    void thePlaceWhereOneIsCountsOnce()
    {
        History<int> history;
        history.visit(1);
        history.visit(1);
        QVERIFY(!history.canGoBack());
        history.replace(5);
        QCOMPARE(history.current(), std::optional(5));
    }

    void remembersOnlySoMany()
    {
        History<std::size_t> history;
        for (std::size_t i = 0; i < 3 * History<std::size_t>::kMost; ++i)
            history.visit(i);
        std::size_t steps = 0;
        while (history.back())
            ++steps;
        QCOMPARE(steps, History<std::size_t>::kMost - 1);
        QCOMPARE(history.current(), std::optional(2 * History<std::size_t>::kMost));
    }
};

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::HistoryTest)
#include "history_test.moc"
