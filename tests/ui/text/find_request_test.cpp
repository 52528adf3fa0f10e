#include "text/find_request.h"

#include <QTest>

namespace modelvault::ui {

class FindRequestTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyKindCompiles();
    void everyNumberTypeTakesItsLimits();
    void saysWhyNot_data();
    void saysWhyNot();

private:
    static std::size_t typeNamed(const char *name)
    {
        const auto types = numberTypes();
        for (std::size_t i = 0; i < types.size(); ++i)
            if (QLatin1String(types[i].name) == QLatin1String(name))
                return i;
        qFatal("no type %s", name);
    }
};

void FindRequestTest::everyKindCompiles()
{
    using Kind = FindRequest::Kind;
    QVERIFY((FindRequest{.kind = Kind::Text, .typed = QStringLiteral("é"), .encoding = TextEncoding::Any}.compile()));
    QVERIFY((FindRequest{.kind = Kind::Hex, .typed = QStringLiteral("de a?")}.compile()));
    QVERIFY((FindRequest{.kind = Kind::Number, .typed = QStringLiteral("1")}.compile()));
    QVERIFY((FindRequest{.kind = Kind::Regex, .typed = QStringLiteral("a+")}.compile()));
    QVERIFY((FindRequest{.kind = Kind::Regex, .typed = QStringLiteral("\\n"), .acrossLines = true}.compile()));
}

void FindRequestTest::everyNumberTypeTakesItsLimits()
{
    for (std::size_t i = 0; i < numberTypes().size(); ++i) {
        const auto &type = numberTypes()[i];
        const auto most = ~std::uint64_t{0} >> (64 - 8 * type.bytes) >> (type.isSigned ? 1 : 0);
        const FindRequest request{
            .kind = FindRequest::Kind::Number, .typed = QString::number(type.isReal ? 1 : most), .numberType = i};
        const auto pattern = request.compile();
        QVERIFY2(pattern, type.name);
        QCOMPARE(pattern->longestNeedle(), type.bytes);
        if (type.isReal || type.bytes == 8)
            continue;
        const FindRequest beyond{
            .kind = FindRequest::Kind::Number, .typed = QString::number(most + 1), .numberType = i};
        QVERIFY2(!beyond.compile(), type.name);
    }
}

void FindRequestTest::saysWhyNot_data()
{
    using Kind = FindRequest::Kind;
    QTest::addColumn<FindRequest>("request");
    QTest::addColumn<QString>("why");
    const auto add = [](const char *name, const FindRequest &request, const QString &why) {
        QTest::newRow(name) << request << why;
    };
    const QString typed = QStringLiteral("x");
    add("empty", {}, QStringLiteral("There is nothing to look for"));
    add("long", {.typed = QString(5000, QLatin1Char('x'))}, QStringLiteral("This is too long"));
    add("hex", {.kind = Kind::Hex, .typed = QStringLiteral("de ag")},
        QStringLiteral("Character 5 is neither a hexadecimal digit nor ?"));
    add("characters, not bytes", {.kind = Kind::Hex, .typed = QStringLiteral("\u00a0")},
        QStringLiteral("Character 1 is neither a hexadecimal digit nor ?"));
    add("half", {.kind = Kind::Hex, .typed = QStringLiteral("de a")},
        QStringLiteral("At character 4 there is only half a byte"));
    add("wildcards", {.kind = Kind::Hex, .typed = QStringLiteral("??")},
        QStringLiteral("This would be found everywhere"));
    add("no number", {.kind = Kind::Number, .typed = typed}, QStringLiteral("This is no number"));
    add("int8", {.kind = Kind::Number, .typed = QStringLiteral("128"), .numberType = typeNamed("int8")},
        QStringLiteral("This does not fit: int8 takes −128 to 127"));
    add("uint16", {.kind = Kind::Number, .typed = QStringLiteral("-1"), .numberType = typeNamed("uint16")},
        QStringLiteral("This does not fit: uint16 takes 0 to 65\u2009535"));
    add("float32", {.kind = Kind::Number, .typed = QStringLiteral("1e99"), .numberType = typeNamed("float32")},
        QStringLiteral("This does not fit: beyond the largest number of float32"));
    add("regex", {.kind = Kind::Regex, .typed = QStringLiteral("(a")}, QStringLiteral("missing ): (a"));
    add("line feed", {.kind = Kind::Regex, .typed = QStringLiteral("a\\n")},
        QStringLiteral("No line has a line feed in it: look across lines for it"));
    add("complex", {.kind = Kind::Regex, .typed = QStringLiteral("[ab].{999}[cd].{999}[ef].{999}")},
        QStringLiteral("This expression would take too much memory or time"));
}

void FindRequestTest::saysWhyNot()
{
    QFETCH(const FindRequest, request);
    QFETCH(const QString, why);
    const auto pattern = request.compile();
    QVERIFY(!pattern);
    QCOMPARE(request.errorText(pattern.error()), why);
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::FindRequestTest)
#include "find_request_test.moc"
