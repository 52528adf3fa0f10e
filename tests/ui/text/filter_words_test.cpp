#include "text/filter_words.h"

#include <QSet>
#include <QTest>

namespace modelvault::ui {

class FilterWordsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyErrorHasWordsOfItsOwn();
    void namesTheField();
};

void FilterWordsTest::everyErrorHasWordsOfItsOwn()
{
    QSet<QString> seen;
    const auto last = static_cast<int>(FilterError::Code::TooLong);
    for (int code = 0; code <= last; ++code)
        seen.insert(filterErrorText({.code = static_cast<FilterError::Code>(code)}));
    QCOMPARE(seen.size(), last + 1);
    QVERIFY(!seen.contains(QString()));
}

void FilterWordsTest::namesTheField()
{
    const auto parsed = Filter::parse("length == \"abc\"");
    QVERIFY(!parsed);
    QCOMPARE(filterErrorText(parsed.error()), QStringLiteral("The length is a whole number"));
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::FilterWordsTest)

#include "filter_words_test.moc"
