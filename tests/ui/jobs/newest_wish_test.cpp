#include "jobs/newest_wish.h"

#include <QPromise>
#include <QTest>

#include <functional>
#include <memory>
#include <vector>

namespace modelvault::ui {

/// Jobs that end when the test says so.
class NewestWishTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void runsTheNewestWishBehindTheOneUnderWay();
    void whatIsDroppedIsNotTaken();
    void aWishOfTheTakerIsNewerThanAllBefore();

private:
    void end();

    std::vector<int> m_run;
    std::vector<int> m_taken;
    std::function<void(int)> m_whenTaken;
    QPromise<int> m_promise;
    std::unique_ptr<NewestWish<int, int>> m_wishes;
};

void NewestWishTest::init()
{
    m_run.clear();
    m_taken.clear();
    m_whenTaken = {};
    m_wishes = std::make_unique<NewestWish<int, int>>(
        [this](int wish) {
            m_run.push_back(wish);
            m_promise = QPromise<int>();
            m_promise.start();
            return m_promise.future();
        },
        [this](int answer) {
            m_taken.push_back(answer);
            if (m_whenTaken)
                m_whenTaken(answer);
        });
}

/// The job under way, with its wish as the answer.
void NewestWishTest::end()
{
    m_promise.addResult(m_run.back());
    m_promise.finish();
    QCoreApplication::sendPostedEvents();
}

void NewestWishTest::runsTheNewestWishBehindTheOneUnderWay()
{
    for (const int wish : {1, 2, 3})
        m_wishes->want(wish);
    QCOMPARE(m_run, std::vector{1});
    end();
    QCOMPARE(m_run, (std::vector{1, 3}));
    end();
    QCOMPARE(m_taken, (std::vector{1, 3}));
    QVERIFY(!m_wishes->isBusy());
}

void NewestWishTest::whatIsDroppedIsNotTaken()
{
    m_wishes->want(1);
    m_wishes->want(2);
    m_wishes->drop();
    end();
    QVERIFY(m_taken.empty() && !m_wishes->isBusy());
    QCOMPARE(m_run, std::vector{1});
}

void NewestWishTest::aWishOfTheTakerIsNewerThanAllBefore()
{
    m_whenTaken = [this](int answer) {
        if (answer == 1)
            m_wishes->want(9);
    };
    m_wishes->want(1);
    m_wishes->want(2);
    end();
    QCOMPARE(m_run, (std::vector{1, 9}));
    end();
    QCOMPARE(m_run, (std::vector{1, 9}));
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::NewestWishTest)

#include "newest_wish_test.moc"
