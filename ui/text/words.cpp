#include "text/words.h"

#include "printable.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <limits>
#include <system_error>
#include <utility>

namespace modelvault::ui {
namespace {

constexpr QChar kThinSpace(0x2009);

QString tr(const char *text, const char *comment = nullptr, int n = -1)
{
    return QCoreApplication::translate("Words", text, comment, n);
}

QString notRegularText(std::uint64_t found)
{
    switch (static_cast<FileKind>(found)) {
    case FileKind::Pipe:
        return tr("This is a pipe, not a regular file");
    case FileKind::Device:
        return tr("This is a device, not a regular file");
    case FileKind::Socket:
        return tr("This is a socket, not a regular file");
    case FileKind::Symlink:
        return tr("This is a symbolic link, not a regular file");
    case FileKind::Other:
        break;
    }
    return tr("This is no regular file");
}

QString sentence(ErrorCode code)
{
    switch (code) {
    case ErrorCode::TruncatedHeader:
        return tr("The file is too short for a database header");
    case ErrorCode::BadMagic:
        return tr("This is no ModelVault database: it does not begin with TDB0");
    case ErrorCode::UnsupportedVersion:
        return tr("A version, type or kind that is not known");
    case ErrorCode::TruncatedSuperblock:
        return tr("The file ends before this superblock does");
    case ErrorCode::BadSuperblockMagic:
        return tr("No superblock here: TSB0 is missing");
    case ErrorCode::BadSuperblockChecksum:
        return tr("The superblock's checksum is wrong");
    case ErrorCode::TruncatedSegmentHeader:
        return tr("Too few bytes left for a segment header");
    case ErrorCode::BadSegmentMagic:
        return tr("No segment here: TSG0 is missing");
    case ErrorCode::BadSegmentHeaderChecksum:
        return tr("The segment header's checksum is wrong");
    case ErrorCode::SegmentPayloadPastEof:
        return tr("The segment's payload would pass the end of the file");
    case ErrorCode::BadSegmentPayloadChecksum:
        return tr("The payload's checksum is wrong");
    case ErrorCode::InvalidManifestPayload:
        return tr("The manifest is not valid");
    case ErrorCode::InvalidTxnPayload:
        return tr("A wrong transaction marker");
    case ErrorCode::UnframedSegment:
        return tr("Data outside of a transaction");
    case ErrorCode::UncleanLogTail:
        return tr("A transaction without commit");
    case ErrorCode::InvalidCatalogPayload:
        return tr("This entry is not valid");
    case ErrorCode::InvalidFieldPath:
        return tr("A field path that is empty, or that another one conflicts with");
    case ErrorCode::InvalidSchemaVersion:
        return tr("The schema version is not the one that has to come here");
    case ErrorCode::UnexpectedCollectionId:
        return tr("The collection id is not the next one");
    case ErrorCode::DuplicateCollectionName:
        return tr("A collection of that name is there already");
    case ErrorCode::PrimaryFieldNotFound:
        return tr("The primary field is none of the fields");
    case ErrorCode::UnknownCollection:
        return tr("No collection has this id");
    case ErrorCode::PrimaryFieldMissingInSchema:
        return tr("The new fields are without the primary one");
    case ErrorCode::UniqueIndexViolation:
        return tr("A unique index has this key for another row already");
    case ErrorCode::TruncatedRecordPayload:
        return tr("The record needs more bytes than are there");
    case ErrorCode::UnknownRecordPayloadVersion:
        return tr("A record version that is not known");
    case ErrorCode::RecordPayloadTypeMismatch:
        return tr("The value is not of the type, or the values are not those, that the schema has");
    case ErrorCode::RecordPayloadUnsupportedType:
        return tr("Records of version 1 can't hold this type");
    case ErrorCode::InvalidRecordUtf8:
        return tr("The text is no UTF-8");
    case ErrorCode::TrailingRecordPayload:
        return tr("Bytes are left over behind the record");
    case ErrorCode::InvalidCheckpointPayload:
        return tr("The checkpoint is not valid");
    case ErrorCode::PayloadOverLimit:
        return tr("The payload is longer than 64 MiB");
    case ErrorCode::BadManifestPointer:
        return tr("The superblock names no whole manifest");
    case ErrorCode::BadCheckpointPointer:
        return tr("The superblock names no whole checkpoint");
    case ErrorCode::ReservedNotZero:
        return tr("Reserved bytes that are not zero");
    case ErrorCode::UncheckedFieldWrong:
        return tr("A field that is not what it should be, which no program minds");
    case ErrorCode::UnknownRecordOperation:
        return tr("An operation that is not known, which the engine takes for an insert");
    case ErrorCode::UnknownEnumVariant:
        return tr("A value that the enum does not have");
    case ErrorCode::ConstraintViolated:
        return tr("A value that breaks a constraint of its field");
    case ErrorCode::ConstraintNotChecked:
        return tr("A regular expression that can't be checked here");
    case ErrorCode::IndexEntryMissing:
        return tr("The row has no entry in this index");
    case ErrorCode::IndexEntryStale:
        return tr("An index entry that no row has");
    case ErrorCode::IndexEntryUnknown:
        return tr("Index entries of an index that no schema has");
    case ErrorCode::CheckpointDiffers:
        return tr("The checkpoint and the log before it say different things");
    case ErrorCode::UnexpectedEof:
        return tr("The file ends here");
    case ErrorCode::InvalidInput:
        return tr("The system refuses this input");
    case ErrorCode::NotFound:
        return tr("There is no such file");
    case ErrorCode::PermissionDenied:
        return tr("Permission denied");
    case ErrorCode::AlreadyExists:
        return tr("It is there already");
    case ErrorCode::WouldBlock:
        return tr("Another program holds a lock");
    case ErrorCode::ReadOnlyFileSystem:
        return tr("The file system is read-only");
    case ErrorCode::NoSpace:
        return tr("No space left");
    case ErrorCode::OutOfMemory:
        return tr("There is not enough memory for it");
    case ErrorCode::IsDirectory:
        return tr("This is a folder, not a file");
    case ErrorCode::NotARegularFile:
        return notRegularText(std::to_underlying(FileKind::Other));
    case ErrorCode::ReplacedMeanwhile:
        return tr("Another file has taken its place");
    case ErrorCode::ChangedMeanwhile:
        return tr("The file changed since it was read");
    case ErrorCode::Io:
        return tr("The system could not do it");
    case ErrorCode::Cancelled:
        return tr("Stopped");
    case ErrorCode::TooManyColumns:
        return tr("It has more fields than such a file can have columns");
    case ErrorCode::OverwritesDatabase:
        return tr("This is the database itself, or a lock file: it is not written to");
    }
    return {};
}

/// An empty file is no damaged one: the engine makes such files before it writes to them.
QString sentence(ErrorCode code, std::uint64_t expected, std::uint64_t found)
{
    if (code == ErrorCode::TruncatedHeader && found == 0 && expected > 0)
        return tr("The file is empty: no program has written a database to it yet");
    return code == ErrorCode::NotARegularFile ? notRegularText(found) : sentence(code);
}

QString numbers(ErrorCode code, std::uint64_t expected, std::uint64_t found)
{
    const auto crc = [](std::uint64_t value) { return QStringLiteral("%1").arg(value, 8, 16, QLatin1Char('0')); };
    switch (code) {
    case ErrorCode::BadSuperblockChecksum:
    case ErrorCode::BadSegmentHeaderChecksum:
    case ErrorCode::BadSegmentPayloadChecksum:
        // The same where no sum was computed: of two superblocks that are none.
        return expected == found ? QString() : tr(": computed %1, stored %2").arg(crc(expected), crc(found));
    case ErrorCode::SegmentPayloadPastEof:
        return tr(": %1 bytes left, %2 wanted").arg(groupedText(expected), groupedText(found));
    case ErrorCode::TruncatedHeader:
        return found == 0 ? QString() : tr(": %1 of %2 bytes").arg(groupedText(found), groupedText(expected));
    case ErrorCode::BadManifestPointer:
    case ErrorCode::BadCheckpointPointer:
        return tr(", at %1").arg(hexText(found));
    case ErrorCode::UncheckedFieldWrong:
        return tr(": %1 found, %2 expected").arg(groupedText(found), groupedText(expected));
    case ErrorCode::ReservedNotZero:
    case ErrorCode::UnknownRecordOperation:
        return tr(": %1").arg(groupedText(found));
    default:
        return {};
    }
}

QString bytesText(std::uint64_t count)
{
    return count == 1 ? tr("1 byte") : tr("%1 bytes").arg(groupedText(count));
}

/// Whether the system's own words say more than the code does.
bool isVague(ErrorCode code)
{
    return code == ErrorCode::Io || code == ErrorCode::InvalidInput;
}

} // namespace

QString hexText(std::uint64_t number)
{
    return QStringLiteral("0x") + QString::number(number, 16);
}

QString fixedOffsetText(Offset offset)
{
    return QStringLiteral("0x%1").arg(offset.value, 8, 16, QLatin1Char('0'));
}

QString groupedText(std::uint64_t number)
{
    QString digits = QString::number(number);
    for (auto at = digits.size() - 3; at > 0; at -= 3)
        digits.insert(at, kThinSpace);
    return digits;
}

QString sizeText(std::uint64_t bytes)
{
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<qint64>::max());
    if (bytes > kMost) // more than QLocale takes
        return QLocale().toString(static_cast<double>(bytes) / (std::uint64_t{1} << 60U), 'f', 1) + tr(" EiB");
    return QLocale().formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeIecFormat);
}

QString exactSizeText(std::uint64_t bytes)
{
    if (bytes < 1024)
        return tr("%1 bytes").arg(bytes);
    return tr("%1 (%2 bytes)").arg(sizeText(bytes), groupedText(bytes));
}

QString plainText(std::string_view bytes)
{
    return QString::fromStdString(pictured(bytes));
}

QString pathText(const std::filesystem::path &path)
{
#ifdef _WIN32
    return QString::fromStdWString(path.native());
#else
    return plainText(std::string_view(path.native()));
#endif
}

QString menuText(QString text)
{
    return text.replace(QLatin1Char('&'), QStringLiteral("&&"));
}

QString toolTipText(const QString &text)
{
    return text.isEmpty() ? QString()
                          : QStringLiteral("<span style='white-space:pre-wrap'>%1</span>").arg(text.toHtmlEscaped());
}

QString typeText(SegmentType type)
{
    switch (type) {
    case SegmentType::Schema:
        return tr("schema");
    case SegmentType::Record:
        return tr("record");
    case SegmentType::Manifest:
        return tr("manifest");
    case SegmentType::Checkpoint:
        return tr("checkpoint");
    case SegmentType::Index:
        return tr("index");
    case SegmentType::TxnBegin:
        return tr("begin");
    case SegmentType::TxnCommit:
        return tr("commit");
    case SegmentType::TxnAbort:
        return tr("abort");
    case SegmentType::Temp:
        return tr("temp");
    }
    return {};
}

QString stateText(TransactionState state)
{
    switch (state) {
    case TransactionState::Open:
        return tr("open");
    case TransactionState::Committed:
        return tr("committed");
    case TransactionState::Aborted:
        return tr("aborted");
    case TransactionState::Broken:
        return tr("broken");
    }
    return {};
}

QString errorText(const Error &error)
{
    QString text = sentence(error.code, error.expected, error.found) + numbers(error.code, error.expected, error.found);
    if (isVague(error.code) && error.system != 0)
        text += QStringLiteral(": ") + QString::fromStdString(std::generic_category().message(error.system));
    return text;
}

QString errorText(ErrorCode code)
{
    return sentence(code);
}

QString headerErrorText(const FileHead &head)
{
    if (head.header)
        return {};
    const auto &error = head.header.error();
    if (error.code == ErrorCode::UnsupportedVersion)
        return tr("The file's format, %1.%2, is not known").arg(error.found >> 16).arg(error.found & 0xFFFF);
    if (head.foreign == ForeignFormat::None)
        return errorText(error);
    const auto name = foreignFormatName(head.foreign);
    return tr("This is no ModelVault database but a file of another kind: %1")
        .arg(QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size())));
}

QString findingText(const Finding &finding)
{
    if (finding.count > 1)
        return tr("%1 (%2 times in a row)").arg(sentence(finding.code), groupedText(finding.count));
    return sentence(finding.code, finding.expected, finding.found)
        + numbers(finding.code, finding.expected, finding.found);
}

QString severityText(Severity severity)
{
    switch (severity) {
    case Severity::Info:
        return tr("Information");
    case Severity::Warning:
        return tr("Warning");
    case Severity::Error:
        return tr("Error");
    }
    return {};
}

QString fileFateText(const FileFate &fate)
{
    const auto [shorter, longer] = std::minmax(fate.lengthRead, fate.lengthNow);
    switch (fate.kind) {
    case FileFate::Kind::Same:
        return {};
    case FileFate::Kind::Grown:
        return tr("The file has grown by %1 since it was read.").arg(bytesText(longer - shorter));
    case FileFate::Kind::Shrunk:
        return longer - shorter == 1
            ? tr("The file became shorter while it was open: 1 byte is gone. Reload to see what is left.")
            : tr("The file became shorter while it was open: %1 are gone. Reload to see what is left.")
                  .arg(bytesText(longer - shorter));
    case FileFate::Kind::Replaced:
        return tr("The path now names another file. What you see is the older one.");
    case FileFate::Kind::Gone:
        return tr("The path names no file any more: it was deleted or moved. What you see is the file as it is still "
                  "open.");
    case FileFate::Kind::Unknown:
        return tr("The file can't be looked at any more: %1.").arg(errorText(fate.error));
    }
    return {};
}

QString lockRefusalText(const Error &refusal)
{
    if (refusal.code == ErrorCode::WouldBlock || refusal.code == ErrorCode::ReplacedMeanwhile)
        return errorText(refusal);
    return tr("The lock file can't be opened or made: %1").arg(errorText(refusal));
}

QString lockStateText(LockState state, bool hasOtherNames)
{
    switch (state) {
    case LockState::Unlocked:
        return tr("Observing without a lock: other programs may write to this database at any time.");
    case LockState::Shared:
        return hasOtherNames
                 ? tr("Shared lock: while it is held, no program can open this database for writing by this name. It "
                      "has other names, which are not locked.")
                 : tr("Shared lock: while it is held, no program can open this database for writing.");
    case LockState::WithWriter:
    case LockState::Writer:
    case LockState::DatabaseOnly:
        return tr("This process has the database open for writing itself.");
    }
    return {};
}

QString holderText(const LockHolder &holder)
{
    const QString program = holder.program.empty() ? tr("An unknown program") : plainText(holder.program);
    // Both at once: the name may hold a %1 of its own.
    const QString who =
        holder.processId == 0 ? program : tr("%1 (process %2)").arg(program, QString::number(holder.processId));
    const bool shared = holder.mode == LockMode::Shared;
    QString what;
    if (holder.target == LockHolder::Target::Database)
        what = shared ? tr("%1 holds a shared lock on the database") : tr("%1 holds an exclusive lock on the database");
    else
        what =
            shared ? tr("%1 holds a shared lock on the lock file") : tr("%1 holds an exclusive lock on the lock file");
    return what.arg(who) + evidenceText(holder);
}

QString evidenceText(const LockHolder &holder)
{
    if (holder.evidence == LockHolder::Evidence::LockTable)
        return tr(" (may be stale)");
    return holder.isProbable ? tr(" (probably)") : QString();
}

} // namespace modelvault::ui
