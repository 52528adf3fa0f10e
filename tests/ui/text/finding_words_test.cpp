#include "text/finding_words.h"

#include "support/checked.h"
#include "support/corpus.h"

#include <QSet>
#include <QTest>

#include <sstream>
#include <string>

namespace modelvault::ui {

class FindingWordsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFindingSaysWhatItTouches();
    void whatAFileSaysIsHarmless();
    void everythingAFileCanBeWrongWithIsExplained();
    void numbersAreShownAsWhatTheyAre();
    void whereThereIsNothingToCompareNothingIsSaid();
    void findingsAreCounted();
    void aReportIsInTheWordsOfTheWindow();
    void allOfTheCorpusIsExplained();
};

void FindingWordsTest::aFindingSaysWhatItTouches()
{
    CheckFinding finding{.what = {.code = ErrorCode::IndexEntryMissing}};
    QCOMPARE(findingText(finding), QStringLiteral("The row has no entry in this index"));
    QCOMPARE(touchedText(finding), QString());
    finding.transaction = TransactionNo{3};
    QCOMPARE(touchedText(finding), QStringLiteral("transaction 3"));
    finding.collectionId = 7;
    QCOMPARE(touchedText(finding), QStringLiteral("collection 7, transaction 3"));
    finding.collection = "books";
    finding.key = Value{std::string("Dune")};
    finding.subject = "by_year";
    QCOMPARE(findingText(finding),
             QStringLiteral("The row has no entry in this index: \"by_year\" (books \"Dune\", transaction 3)"));
}

void FindingWordsTest::whatAFileSaysIsHarmless()
{
    CheckFinding finding{.what = {.code = ErrorCode::ConstraintViolated}};
    finding.subject = "a\nb\x1b[31m";
    const auto text = findingText(finding);
    QVERIFY(!text.contains(QLatin1Char('\n')) && !text.contains(QChar(0x1b)));
}

void FindingWordsTest::everythingAFileCanBeWrongWithIsExplained()
{
    QSet<QString> explanations;
    for (int code = 0; code < static_cast<int>(ErrorCode::UnexpectedEof); ++code) {
        const auto text = explanationText(static_cast<ErrorCode>(code));
        const auto name = errorName(static_cast<ErrorCode>(code));
        QVERIFY2(text.endsWith(QLatin1Char('.')), name.data());
        QVERIFY2(!explanations.contains(text), name.data());
        explanations.insert(text);
    }
    QCOMPARE(explanationText(ErrorCode::PermissionDenied), QString());
}

void FindingWordsTest::numbersAreShownAsWhatTheyAre()
{
    const auto both = [](ErrorCode code, std::uint64_t expected, std::uint64_t found, Offset at = {100}) {
        const Finding finding{.code = code, .offset = at, .expected = expected, .found = found};
        return QStringList{expectedText(finding), foundText(finding)};
    };
    QCOMPARE(both(ErrorCode::BadSegmentMagic, 0x30475354, 0x31475354),
             (QStringList{QStringLiteral("TSG0 (0x30475354)"), QStringLiteral("TSG1 (0x31475354)")}));
    QCOMPARE(both(ErrorCode::BadMagic, 0x30424454, 0).back(), QStringLiteral("0x00000000"));
    QCOMPARE(both(ErrorCode::BadSegmentPayloadChecksum, 0xAB, 0x12345678),
             (QStringList{QStringLiteral("000000ab"), QStringLiteral("12345678")}));
    QCOMPARE(both(ErrorCode::TruncatedHeader, 32, 1),
             (QStringList{QStringLiteral("32 bytes"), QStringLiteral("1 byte")}));
    QCOMPARE(both(ErrorCode::UnsupportedVersion, 6, 9U << 16U | 1U, {0}),
             (QStringList{QStringLiteral("0.6"), QStringLiteral("9.1")}));
    QCOMPARE(both(ErrorCode::UnsupportedVersion, 2, 30),
             (QStringList{QStringLiteral("2"), QStringLiteral("30 (0x1e)")}));
    QCOMPARE(both(ErrorCode::BadManifestPointer, 0, 0x2020), (QStringList{QString(), QStringLiteral("0x2020")}));
}

void FindingWordsTest::whereThereIsNothingToCompareNothingIsSaid()
{
    const Finding finding{.code = ErrorCode::UncleanLogTail};
    QCOMPARE(expectedText(finding), QString());
    QCOMPARE(foundText(finding), QString());
}

void FindingWordsTest::findingsAreCounted()
{
    CheckReport report;
    QCOMPARE(countsText(report), QStringLiteral("0 errors, 0 warnings, 0 worth knowing"));
    report.findings = {{.what = {.severity = Severity::Error}},
                       {.what = {.severity = Severity::Warning}},
                       {.what = {.severity = Severity::Warning}}};
    QCOMPARE(countsText(report), QStringLiteral("1 error, 2 warnings, 0 worth knowing"));
}

void FindingWordsTest::aReportIsInTheWordsOfTheWindow()
{
    CheckReport report{.depth = CheckDepth::Full,
                       .findings = {{.what = {.code = ErrorCode::BadSegmentMagic, .offset = {8224}, .length = 4}}}};
    const auto markdown = [&report] {
        std::ostringstream text;
        writeMarkdown(report, reportWords(report, QStringLiteral("a.mv")), text);
        return QString::fromStdString(text.str());
    };
    QVERIFY(markdown().startsWith(
        QStringLiteral("# Check of a.mv\n\nFull check: 1 error, 0 warnings, 0 worth knowing.\n")));
    QVERIFY(markdown().contains(QStringLiteral("| Error | `0x00002020` | 4 | `BadSegmentMagic` | No segment here: ")));
    QVERIFY(!markdown().contains(QStringLiteral("left out")));
    report.dropped = 3;
    QVERIFY(markdown().endsWith(QStringLiteral("3 more were left out.\n")));
}

void FindingWordsTest::allOfTheCorpusIsExplained()
{
    for (const auto &name : test::corpusNames()) {
        for (const auto &finding : test::checked(test::corpusFile(name).bytes()).findings) {
            QVERIFY2(!findingText(finding).isEmpty(), name.c_str());
            QVERIFY2(!explanationText(finding.what.code).isEmpty(), name.c_str());
        }
    }
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::FindingWordsTest)

#include "finding_words_test.moc"
