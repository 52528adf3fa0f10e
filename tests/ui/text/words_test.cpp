#include "text/words.h"

#include <QLocale>
#include <QTest>
#include <QTextDocument>

#include <array>
#include <limits>
#include <utility>

namespace modelvault::ui {

namespace {

constexpr auto kMost = std::numeric_limits<std::uint64_t>::max();

/// With thin spaces where the text has plain ones.
QString thin(const char *text)
{
    return QString::fromUtf8(text).replace(QLatin1Char(' '), QChar(0x2009));
}

constexpr std::array kAllErrors{ErrorCode::TruncatedHeader,
                                ErrorCode::BadMagic,
                                ErrorCode::UnsupportedVersion,
                                ErrorCode::TruncatedSuperblock,
                                ErrorCode::BadSuperblockMagic,
                                ErrorCode::BadSuperblockChecksum,
                                ErrorCode::TruncatedSegmentHeader,
                                ErrorCode::BadSegmentMagic,
                                ErrorCode::BadSegmentHeaderChecksum,
                                ErrorCode::SegmentPayloadPastEof,
                                ErrorCode::BadSegmentPayloadChecksum,
                                ErrorCode::InvalidManifestPayload,
                                ErrorCode::InvalidTxnPayload,
                                ErrorCode::UnframedSegment,
                                ErrorCode::UncleanLogTail,
                                ErrorCode::UnexpectedEof,
                                ErrorCode::InvalidInput,
                                ErrorCode::NotFound,
                                ErrorCode::PermissionDenied,
                                ErrorCode::AlreadyExists,
                                ErrorCode::WouldBlock,
                                ErrorCode::ReadOnlyFileSystem,
                                ErrorCode::NoSpace,
                                ErrorCode::OutOfMemory,
                                ErrorCode::IsDirectory,
                                ErrorCode::NotARegularFile,
                                ErrorCode::ReplacedMeanwhile,
                                ErrorCode::ChangedMeanwhile,
                                ErrorCode::Io,
                                ErrorCode::Cancelled};

} // namespace

class WordsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void offsets();
    void groups();
    void sizes();
    void bytesFromElsewhereBecomeHarmless_data();
    void bytesFromElsewhereBecomeHarmless();
    void pathsBecomeHarmless();
    void menusShowAmpersands();
    void toolTipsShowWhatTheyAreGiven_data();
    void toolTipsShowWhatTheyAreGiven();
    void everyErrorHasASentence();
    void errorsSayTheirNumbers();
    void whatIsNoDatabaseIsNamed();
    void whatBecameOfAFile();
    void whyThereIsNoLock();
    void findingsSayHowMany();
    void everyTypeAndStateHasAName();
    void holdersOfLocks();
    void holdersMayCallThemselvesAnything();
};

void WordsTest::offsets()
{
    QCOMPARE(hexText(0), QStringLiteral("0x0"));
    QCOMPARE(hexText(kMost), QStringLiteral("0xffffffffffffffff"));
    QCOMPARE(offsetText({0x2020}), QStringLiteral("0x2020"));
    QCOMPARE(fixedOffsetText({0}), QStringLiteral("0x00000000"));
    QCOMPARE(fixedOffsetText({0x2020}), QStringLiteral("0x00002020"));
    QCOMPARE(fixedOffsetText({kMost}), QStringLiteral("0xffffffffffffffff"));
}

void WordsTest::groups()
{
    QCOMPARE(groupedText(0), QStringLiteral("0"));
    QCOMPARE(groupedText(999), QStringLiteral("999"));
    QCOMPARE(groupedText(1000), thin("1 000"));
    QCOMPARE(groupedText(2'003'005), thin("2 003 005"));
    QCOMPARE(groupedText(kMost), thin("18 446 744 073 709 551 615"));
}

void WordsTest::sizes()
{
    QCOMPARE(sizeText(0), QStringLiteral("0 bytes"));
    QCOMPARE(sizeText(1024), QStringLiteral("1.0 KiB"));
    QCOMPARE(sizeText(10'996), QStringLiteral("10.7 KiB"));
    QCOMPARE(sizeText(std::uint64_t{3} << 40U), QStringLiteral("3.0 TiB"));
    QCOMPARE(sizeText(kMost / 2), QStringLiteral("8.0 EiB"));
    QCOMPARE(sizeText(kMost / 2 + 1), QStringLiteral("8.0 EiB"));
    QCOMPARE(sizeText(kMost), QStringLiteral("16.0 EiB"));
    QCOMPARE(exactSizeText(1023), QStringLiteral("1023 bytes"));
    QCOMPARE(exactSizeText(10'996), QStringLiteral("10.7 KiB (%1 bytes)").arg(thin("10 996")));
    QCOMPARE(exactSizeText(kMost), QStringLiteral("16.0 EiB (%1 bytes)").arg(thin("18 446 744 073 709 551 615")));
}

void WordsTest::bytesFromElsewhereBecomeHarmless_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("shown");
    QTest::newRow("text") << QByteArray("Bücher 書") << QStringLiteral("Bücher 書");
    QTest::newRow("line breaks") << QByteArray("a\nb\r\tc") << QStringLiteral("a␊b␍␉c");
    QTest::newRow("escape sequence") << QByteArray("\x1b[31m") << QStringLiteral("␛[31m");
    QTest::newRow("null") << QByteArray("a\0b", 3) << QStringLiteral("a␀b");
    QTest::newRow("right to left override") << QByteArray("\u202egpj.exe") << QStringLiteral("⟨U+202E⟩gpj.exe");
    QTest::newRow("isolates") << QByteArray("\u2066x\u2069") << QStringLiteral("⟨U+2066⟩x⟨U+2069⟩");
    QTest::newRow("paragraph separator") << QByteArray("\u2029") << QStringLiteral("⟨U+2029⟩");
    QTest::newRow("no UTF-8") << QByteArray("\xff\xc0\x80") << QStringLiteral("⟨FF⟩⟨C0⟩⟨80⟩");
    QTest::newRow("what looks escaped") << QByteArray("\\n") << QStringLiteral("\\n");
    QTest::newRow("markup stays text") << QByteArray("<b>x</b>") << QStringLiteral("<b>x</b>");
}

void WordsTest::bytesFromElsewhereBecomeHarmless()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, shown);
    QCOMPARE(plainText(bytes.toStdString()), shown);
}

void WordsTest::pathsBecomeHarmless()
{
    QCOMPARE(pathText("/tmp/a b.mv"), QStringLiteral("/tmp/a b.mv"));
    QCOMPARE(pathText(std::string("/tmp/\n\xff.mv")), QStringLiteral("/tmp/␊⟨FF⟩.mv"));
}

void WordsTest::menusShowAmpersands()
{
    QCOMPARE(menuText(QStringLiteral("a & b")), QStringLiteral("a && b"));
    QCOMPARE(menuText(QStringLiteral("plain")), QStringLiteral("plain"));
}

void WordsTest::toolTipsShowWhatTheyAreGiven_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("words") << QStringLiteral("Page 5");
    QTest::newRow("bold") << QStringLiteral("<b>bold</b>");
    QTest::newRow("image") << QStringLiteral("<img src='file:///etc/passwd'>");
    QTest::newRow("entity") << QStringLiteral("a &amp; b &lt;");
    QTest::newRow("breaks out of an attribute") << QStringLiteral("'><h1>\"x\"");
    QTest::newRow("lines") << QStringLiteral("one\ntwo\n three");
    QTest::newRow("spaces") << QStringLiteral("  a   b  ");
}

void WordsTest::toolTipsShowWhatTheyAreGiven()
{
    QFETCH(QString, text);
    const auto shown = toolTipText(text);
    QVERIFY(Qt::mightBeRichText(shown));
    QTextDocument document;
    document.setHtml(shown);
    QCOMPARE(document.toPlainText(), text);
    QCOMPARE(toolTipText(QString()), QString()); // no tool tip at all
}

void WordsTest::everyErrorHasASentence()
{
    QSet<QString> sentences;
    for (const auto code : kAllErrors) {
        const auto text = errorText({.code = code});
        QVERIFY2(!text.isEmpty(), errorName(code).data());
        QVERIFY2(!text.endsWith(QLatin1Char('.')), "what shows it ends the sentence");
        sentences += text;
    }
    QCOMPARE(sentences.size(), qsizetype(kAllErrors.size()));
}

void WordsTest::errorsSayTheirNumbers()
{
    QCOMPARE(errorText({.code = ErrorCode::BadSuperblockChecksum, .expected = 0x12, .found = 0xfedcba98}),
             QStringLiteral("The superblock's checksum is wrong: computed 00000012, stored fedcba98"));
    QCOMPARE(errorText({.code = ErrorCode::BadSuperblockChecksum}),
             QStringLiteral("The superblock's checksum is wrong")); // neither slot has a sum
    QCOMPARE(errorText({.code = ErrorCode::SegmentPayloadPastEof, .expected = 1000, .found = kMost}),
             QStringLiteral("The segment's payload would pass the end of the file: %1 bytes left, %2 wanted")
                 .arg(thin("1 000"), thin("18 446 744 073 709 551 615")));
    QVERIFY(
        errorText({.code = ErrorCode::Io, .system = EIO}).startsWith(QLatin1String("The system could not do it: ")));
    QCOMPARE(errorText({.code = ErrorCode::Io}), QStringLiteral("The system could not do it"));
    QCOMPARE(errorText({.code = ErrorCode::InvalidInput, .system = ENAMETOOLONG}),
             QStringLiteral("The system refuses this input: File name too long"));
}

void WordsTest::whatIsNoDatabaseIsNamed()
{
    const auto notRegular = [](FileKind kind) {
        return errorText({.code = ErrorCode::NotARegularFile, .found = std::to_underlying(kind)});
    };
    QCOMPARE(notRegular(FileKind::Pipe), QStringLiteral("This is a pipe, not a regular file"));
    QCOMPARE(notRegular(FileKind::Device), QStringLiteral("This is a device, not a regular file"));
    QCOMPARE(notRegular(FileKind::Socket), QStringLiteral("This is a socket, not a regular file"));
    QCOMPARE(notRegular(FileKind::Symlink), QStringLiteral("This is a symbolic link, not a regular file"));
    QCOMPARE(notRegular(FileKind::Other), QStringLiteral("This is no regular file"));
    QCOMPARE(errorText({.code = ErrorCode::IsDirectory}), QStringLiteral("This is a folder, not a file"));

    const auto short_ = [](std::uint64_t length) {
        return errorText({.code = ErrorCode::TruncatedHeader, .expected = FileHeader::kSize, .found = length});
    };
    QCOMPARE(short_(0), QStringLiteral("The file is empty: no program has written a database to it yet"));
    QCOMPARE(short_(17), QStringLiteral("The file is too short for a database header: 17 of 32 bytes"));

    FileHead head{.header = failure(ErrorCode::BadMagic, {}, 1, 2), .foreign = ForeignFormat::Png};
    QCOMPARE(headerErrorText(head),
             QStringLiteral("This is no ModelVault database but a file of another kind: PNG image"));
    head.foreign = ForeignFormat::None;
    QCOMPARE(headerErrorText(head), errorText({.code = ErrorCode::BadMagic}));
    head.header = failure(ErrorCode::UnsupportedVersion, {}, 6, 9U << 16U | 1U);
    QCOMPARE(headerErrorText(head), QStringLiteral("The file's format, 9.1, is not known"));
    head.header = FileHeader();
    QCOMPARE(headerErrorText(head), QString());
}

void WordsTest::whatBecameOfAFile()
{
    using Kind = FileFate::Kind;
    FileFate fate{.kind = Kind::Grown, .lengthRead = 1000, .lengthNow = 1001};
    QCOMPARE(fileFateText(fate), QStringLiteral("The file has grown by 1 byte since it was read."));
    fate.lengthNow = kMost;
    QVERIFY(fileFateText(fate).contains(thin("18 446 744 073 709 550 615") + QStringLiteral(" bytes")));
    fate = {.kind = Kind::Shrunk, .lengthRead = 2001, .lengthNow = 2000};
    QCOMPARE(fileFateText(fate),
             QStringLiteral("The file became shorter while it was open: 1 byte is gone. Reload to see what is left."));
    fate.lengthNow = 0;
    QCOMPARE(fileFateText(fate),
             QStringLiteral("The file became shorter while it was open: %1 bytes are gone. Reload to see what is left.")
                 .arg(thin("2 001")));
    fate = {.kind = Kind::Unknown, .error = {.code = ErrorCode::PermissionDenied}};
    QCOMPARE(fileFateText(fate), QStringLiteral("The file can't be looked at any more: Permission denied."));
    fate.kind = Kind::Same;
    QCOMPARE(fileFateText(fate), QString());
    fate.kind = Kind::Gone;
    const auto gone = fileFateText(fate);
    fate.kind = Kind::Replaced;
    QVERIFY(!gone.isEmpty() && !fileFateText(fate).isEmpty() && gone != fileFateText(fate));
}

void WordsTest::whyThereIsNoLock()
{
    QCOMPARE(lockRefusalText({.code = ErrorCode::WouldBlock}), QStringLiteral("Another program holds a lock"));
    QCOMPARE(lockRefusalText({.code = ErrorCode::ReplacedMeanwhile}),
             errorText({.code = ErrorCode::ReplacedMeanwhile}));
    QCOMPARE(lockRefusalText({.code = ErrorCode::ReadOnlyFileSystem}),
             QStringLiteral("The lock file can't be opened or made: The file system is read-only"));
}

void WordsTest::findingsSayHowMany()
{
    Finding finding{.code = ErrorCode::BadSegmentPayloadChecksum, .expected = 1, .found = 2};
    QCOMPARE(findingText(finding),
             QStringLiteral("The payload's checksum is wrong: computed 00000001, stored 00000002"));
    finding.count = 1200;
    QCOMPARE(findingText(finding),
             QStringLiteral("The payload's checksum is wrong (%1 times in a row)").arg(thin("1 200")));
}

void WordsTest::everyTypeAndStateHasAName()
{
    QSet<QString> types;
    for (std::size_t i = 0; i < kSegmentTypes; ++i)
        types += typeText(typeAtIndex(i));
    QCOMPARE(types.size(), qsizetype(kSegmentTypes));
    QVERIFY(!types.contains(QString()));
    QSet<QString> states;
    for (const auto state :
         {TransactionState::Open, TransactionState::Committed, TransactionState::Aborted, TransactionState::Broken})
        states += stateText(state);
    QCOMPARE(states.size(), 4);
    QVERIFY(!states.contains(QString()));
    for (const auto state :
         {LockState::Unlocked, LockState::Shared, LockState::WithWriter, LockState::Writer, LockState::DatabaseOnly})
        QVERIFY(lockStateText(state, false).endsWith(QLatin1Char('.')));
}

void WordsTest::holdersOfLocks()
{
    LockHolder holder{
        .target = LockHolder::Target::LockFile, .mode = LockMode::Exclusive, .processId = 4312, .program = "python3"};
    QCOMPARE(holderText(holder),
             QStringLiteral("python3 (process 4312) holds an exclusive lock on the lock file (may be stale)"));
    holder.evidence = LockHolder::Evidence::SeenOnDescriptor;
    QCOMPARE(holderText(holder), QStringLiteral("python3 (process 4312) holds an exclusive lock on the lock file"));
    holder.target = LockHolder::Target::Database;
    holder.mode = LockMode::Shared;
    holder.processId = 0;
    QCOMPARE(holderText(holder), QStringLiteral("python3 holds a shared lock on the database"));
    holder.program.clear();
    QCOMPARE(holderText(holder), QStringLiteral("An unknown program holds a shared lock on the database"));
    holder.isProbable = true;
    QCOMPARE(holderText(holder), QStringLiteral("An unknown program holds a shared lock on the database (probably)"));
}

void WordsTest::holdersMayCallThemselvesAnything()
{
    LockHolder holder{.mode = LockMode::Shared, .processId = 7, .program = "%1 %2\n\u202e<b>"};
    holder.evidence = LockHolder::Evidence::SeenOnDescriptor;
    QCOMPARE(holderText(holder), QStringLiteral("%1 %2␊⟨U+202E⟩<b> (process 7) holds a shared lock on the database"));
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::WordsTest)

#include "words_test.moc"
