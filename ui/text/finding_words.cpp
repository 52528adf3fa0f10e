#include "text/finding_words.h"

#include "text/explain_words.h"
#include "text/words.h"

#include <QCoreApplication>
#include <QStringList>

#include <utility>

namespace modelvault::ui {
namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("FindingWords", text);
}

QString bytesText(std::uint64_t count)
{
    return count == 1 ? tr("1 byte") : tr("%1 bytes").arg(groupedText(count));
}

/// "TSG0 (0x30475354)" of four characters that a reader would know, else the number alone.
QString magicText(std::uint64_t magic)
{
    QString characters;
    for (unsigned i = 0; i < 4; ++i) {
        const auto byte = static_cast<char16_t>(magic >> (8 * i) & 0xFF);
        if (byte <= 0x20 || byte >= 0x7F)
            return QStringLiteral("0x%1").arg(magic, 8, 16, QLatin1Char('0'));
        characters += QChar(byte);
    }
    return QStringLiteral("%1 (0x%2)").arg(characters, QString::number(magic, 16));
}

enum class Meaning : std::uint8_t { None, Number, Bytes, Magic, Checksum, Offset, FormatVersion };

/// Of the two numbers of a finding.
Meaning meaningOf(const Finding &finding)
{
    switch (finding.code) {
    case ErrorCode::BadMagic:
    case ErrorCode::BadSuperblockMagic:
    case ErrorCode::BadSegmentMagic:
        return Meaning::Magic;
    case ErrorCode::BadSuperblockChecksum:
    case ErrorCode::BadSegmentHeaderChecksum:
    case ErrorCode::BadSegmentPayloadChecksum:
        return Meaning::Checksum;
    case ErrorCode::TruncatedHeader:
    case ErrorCode::TruncatedSuperblock:
    case ErrorCode::TruncatedSegmentHeader:
    case ErrorCode::SegmentPayloadPastEof:
    case ErrorCode::PayloadOverLimit:
        return Meaning::Bytes;
    case ErrorCode::BadManifestPointer:
    case ErrorCode::BadCheckpointPointer:
        return Meaning::Offset;
    case ErrorCode::UnsupportedVersion:
        return finding.offset == Offset{0} ? Meaning::FormatVersion : Meaning::Number;
    default:
        return finding.expected == finding.found ? Meaning::None : Meaning::Number;
    }
}

QString numberText(Meaning meaning, std::uint64_t number)
{
    switch (meaning) {
    case Meaning::None:
        return {};
    case Meaning::Number:
        return number < 10 ? QString::number(number) : tr("%1 (%2)").arg(groupedText(number), hexText(number));
    case Meaning::Bytes:
        return bytesText(number);
    case Meaning::Magic:
        return magicText(number);
    case Meaning::Checksum:
        return QStringLiteral("%1").arg(number, 8, 16, QLatin1Char('0'));
    case Meaning::Offset:
        return hexText(number);
    case Meaning::FormatVersion:
        return QStringLiteral("%1.%2").arg(number >> 16).arg(number & 0xFFFF);
    }
    return {};
}

QString countText(std::uint64_t count, const char *one, const char *many)
{
    return count == 1 ? tr(one) : tr(many).arg(groupedText(count));
}

} // namespace

QString touchedText(const CheckFinding &finding)
{
    QStringList parts;
    if (finding.collectionId)
        parts += collectionText(finding.collection, *finding.collectionId);
    if (finding.key) {
        const auto key = keyText(*finding.key);
        if (parts.isEmpty())
            parts += key;
        else
            parts.back() += QLatin1Char(' ') + key;
    }
    if (finding.transaction)
        parts += tr("transaction %1").arg(groupedText(finding.transaction->value));
    return parts.join(QStringLiteral(", "));
}

QString findingText(const CheckFinding &finding)
{
    auto text = findingText(finding.what);
    if (!finding.subject.empty())
        text += QStringLiteral(": \"") + plainText(finding.subject) + QLatin1Char('"');
    const auto touched = touchedText(finding);
    return touched.isEmpty() ? text : text + QStringLiteral(" (") + touched + QLatin1Char(')');
}

QString explanationText(ErrorCode code)
{
    switch (code) {
    case ErrorCode::TruncatedHeader:
        return tr("Every database begins with 32 bytes that say what it is. The engine refuses a file that has fewer.");
    case ErrorCode::BadMagic:
        return tr("The first four bytes tell a database from other files. The engine refuses to open this one. What "
                  "can be recognised behind them is shown all the same.");
    case ErrorCode::UnsupportedVersion:
        return tr("The engine refuses versions that it does not know, since it can't tell what the bytes mean. Either "
                  "a newer program wrote this, or the number was damaged.");
    case ErrorCode::TruncatedSuperblock:
        return tr("There are two superblocks, written by turns, so that one is whole at any time. The file ends before "
                  "this one does: the engine goes by the other.");
    case ErrorCode::BadSuperblockMagic:
        return tr("The four bytes that every superblock begins with are missing here. The engine goes by the other "
                  "superblock, if that one is right.");
    case ErrorCode::BadSuperblockChecksum:
        return tr("The superblock is not as it was written. The engine goes by the other one if that is right, which "
                  "may be a generation older.");
    case ErrorCode::TruncatedSegmentHeader:
        return tr("The log ends within a segment's header, as it does when writing was interrupted. The engine takes "
                  "the log to end before it.");
    case ErrorCode::BadSegmentMagic:
        return tr("A segment should begin here and does not: the engine takes the log to end before this place. "
                  "Segments that were found again behind it are shown, but no program would see them.");
    case ErrorCode::BadSegmentHeaderChecksum:
        return tr("The header is not as it was written, so that neither type nor length of the segment can be relied "
                  "on. The engine takes the log to end here.");
    case ErrorCode::SegmentPayloadPastEof:
        return tr("The segment claims more bytes than the file has. Either writing was interrupted, or the length was "
                  "damaged. The engine takes the log to end before it.");
    case ErrorCode::BadSegmentPayloadChecksum:
        return tr("The bytes of this segment are not those that were written. The engine does not use them: it refuses "
                  "the file, or cuts the log off before this segment.");
    case ErrorCode::InvalidManifestPayload:
        return tr("Manifests sum up the log. The engine can do without one, but it never writes one like this.");
    case ErrorCode::InvalidTxnPayload:
        return tr("Markers say where transactions begin and end. With this one, what belongs to the transaction can't "
                  "be told, and the engine stops reading.");
    case ErrorCode::UnframedSegment:
        return tr("All data of this format lies between the begin and the commit of a transaction. The engine refuses "
                  "a log in which some does not.");
    case ErrorCode::UncleanLogTail:
        return tr("The transaction was begun and never committed: a writer is at work, or was interrupted. The engine "
                  "does not count what it did, and the next writer cuts it off.");
    case ErrorCode::InvalidCatalogPayload:
        return tr("The entry can't be decoded to its end. The engine refuses to open a file in which one like this "
                  "counts.");
    case ErrorCode::InvalidFieldPath:
        return tr("Fields are named by paths, each of them once, and none is both a value and a group of others. The "
                  "engine refuses a schema that breaks this.");
    case ErrorCode::InvalidSchemaVersion:
        return tr("The versions of a collection's schema are counted one by one, and records name the one that they "
                  "were written with. The engine refuses a number out of turn.");
    case ErrorCode::UnexpectedCollectionId:
        return tr("Collections are numbered as they are made. A gap means that an entry is missing; the engine refuses "
                  "the file.");
    case ErrorCode::DuplicateCollectionName:
        return tr("Collections are found by name, so that a second one of the same name could not be. The engine "
                  "refuses the file.");
    case ErrorCode::PrimaryFieldNotFound:
        return tr("Rows are found by their primary field, which has to be among the fields of the schema. The engine "
                  "refuses the file.");
    case ErrorCode::UnknownCollection:
        return tr("The id belongs to no collection that was made before. The engine refuses the file: it can't tell "
                  "what these bytes mean.");
    case ErrorCode::PrimaryFieldMissingInSchema:
        return tr("A new version of a schema has to keep the field that rows are found by. The engine refuses the "
                  "file.");
    case ErrorCode::UniqueIndexViolation:
        return tr("Two rows have the same key in an index that allows each only once. The engine refuses to open a "
                  "file in which this is so.");
    case ErrorCode::TruncatedRecordPayload:
        return tr("Decoding the record runs past the end of its bytes: a length or a count in it is too large. The "
                  "engine refuses the file, and no value behind that place can be relied on.");
    case ErrorCode::UnknownRecordPayloadVersion:
        return tr("The engine refuses records of a version that it does not know.");
    case ErrorCode::RecordPayloadTypeMismatch:
        return tr("Record and schema do not agree, so that the values can't be told. The engine refuses the file.");
    case ErrorCode::RecordPayloadUnsupportedType:
        return tr("Older records hold only plain values. The engine refuses one that claims to hold more.");
    case ErrorCode::InvalidRecordUtf8:
        return tr("All text in a database is UTF-8. The engine refuses the file.");
    case ErrorCode::TrailingRecordPayload:
        return tr("The record is longer than what its schema describes. The engine refuses the file.");
    case ErrorCode::InvalidCheckpointPayload:
        return tr("Checkpoints spare an open from reading all of the log. The engine reads the log instead, if it is "
                  "all there.");
    case ErrorCode::PayloadOverLimit:
        return tr("The engine reads no payload that is longer. It is shown as bytes and not decoded.");
    case ErrorCode::BadManifestPointer:
        return tr("The superblock says where the last manifest is, and none is there. With the superblock in use, the "
                  "engine stops here; it may be that what was behind has been cut off.");
    case ErrorCode::BadCheckpointPointer:
        return tr("The superblock says where the last checkpoint is, and none is there. The engine reads the whole log "
                  "instead: rows are right, opening takes longer.");
    case ErrorCode::ReservedNotZero:
        return tr("These bytes are kept for later versions of the format and written as zero. No program looks at "
                  "them, so nothing is lost; but something wrote here that does not keep to the format.");
    case ErrorCode::UncheckedFieldWrong:
        return tr("No program looks at this field, so nothing is lost; but the engine never writes this value, and "
                  "other tools may go by it.");
    case ErrorCode::UnknownRecordOperation:
        return tr("Records insert, replace or delete a row. The engine takes any other number for an insert, so the "
                  "row is there, which may not be what was meant.");
    case ErrorCode::UnknownEnumVariant:
        return tr("The field takes one of the variants that its schema names. The engine looks at that only when it "
                  "writes: the row is read, and a program may not know what to do with this value.");
    case ErrorCode::ConstraintViolated:
        return tr("The schema has a rule for this field that the value does not keep to. The engine looks at rules "
                  "only when it writes: the row is read, but writing it again would be refused.");
    case ErrorCode::ConstraintNotChecked:
        return tr("The expression is too large, or uses what is not understood here. Whether values keep to it was not "
                  "looked at.");
    case ErrorCode::IndexEntryMissing:
        return tr("Queries that go by this index do not find the row, while those that go through all rows do.");
    case ErrorCode::IndexEntryStale:
        return tr("The entry leads to a row that is gone, or that has another value by now. Queries that go by this "
                  "index may find too much.");
    case ErrorCode::IndexEntryUnknown:
        return tr("No version of a schema defines this index, so no query uses it. It takes room and does no harm.");
    case ErrorCode::CheckpointDiffers:
        return tr("The checkpoint stands for the log before it and does not say the same. Opens that use it see other "
                  "rows than those that read the whole log.");
    case ErrorCode::UnexpectedEof:
    case ErrorCode::InvalidInput:
    case ErrorCode::NotFound:
    case ErrorCode::PermissionDenied:
    case ErrorCode::AlreadyExists:
    case ErrorCode::WouldBlock:
    case ErrorCode::ReadOnlyFileSystem:
    case ErrorCode::NoSpace:
    case ErrorCode::IsDirectory:
    case ErrorCode::NotARegularFile:
    case ErrorCode::ReplacedMeanwhile:
    case ErrorCode::ChangedMeanwhile:
    case ErrorCode::Io:
    case ErrorCode::Cancelled:
    case ErrorCode::TooManyColumns:
    case ErrorCode::OverwritesDatabase:
    case ErrorCode::OutOfMemory:
        break; // never what a file's bytes are wrong with
    }
    return {};
}

QString expectedText(const Finding &finding)
{
    const auto meaning = meaningOf(finding);
    // Of a pointer only where it leads is known; of merged findings, only the first.
    return meaning == Meaning::Offset ? QString() : numberText(meaning, finding.expected);
}

QString foundText(const Finding &finding)
{
    return numberText(meaningOf(finding), finding.found);
}

QString findingLines(const std::vector<const CheckFinding *> &findings)
{
    QStringList lines;
    for (const auto *finding : findings)
        lines += tr("%1: %2").arg(severityText(finding->what.severity), findingText(*finding));
    return lines.join(QLatin1Char('\n'));
}

QString countsText(const CheckReport &report)
{
    return QStringList{countText(report.count(Severity::Error), QT_TRANSLATE_NOOP("FindingWords", "1 error"),
                                 QT_TRANSLATE_NOOP("FindingWords", "%1 errors")),
                       countText(report.count(Severity::Warning), QT_TRANSLATE_NOOP("FindingWords", "1 warning"),
                                 QT_TRANSLATE_NOOP("FindingWords", "%1 warnings")),
                       tr("%1 worth knowing").arg(groupedText(report.count(Severity::Info)))}
        .join(QStringLiteral(", "));
}

CheckReportWords reportWords(const CheckReport &report, const QString &fileName)
{
    const auto bytes = [](const QString &text) { return text.toStdString(); };
    return {.title = bytes(tr("Check of %1").arg(fileName)),
            .summary = bytes(report.depth == CheckDepth::Full ? tr("Full check: %1.").arg(countsText(report))
                                                       : tr("Quick check: %1.").arg(countsText(report))),
            .headings = {bytes(tr("Severity")), bytes(tr("Offset")), bytes(tr("Length")), bytes(tr("Code")),
                         bytes(tr("Finding"))},
            .severity = [bytes](Severity severity) { return bytes(severityText(severity)); },
            .finding = [bytes](const CheckFinding &finding) { return bytes(findingText(finding)); },
            .dropped = report.dropped == 0
                ? std::string()
                : bytes(tr("%1 more were left out.").arg(groupedText(report.dropped)))};
}

} // namespace modelvault::ui
