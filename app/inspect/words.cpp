#include "words.h"

#include "printable.h"
#include "utf8.h"

#include <array>
#include <format>
#include <system_error>
#include <utility>

namespace modelvault::inspect {
namespace {

std::string_view notRegular(std::uint64_t found)
{
    switch (static_cast<FileKind>(found)) {
    case FileKind::Pipe:
        return "this is a pipe, not a regular file";
    case FileKind::Device:
        return "this is a device, not a regular file";
    case FileKind::Socket:
        return "this is a socket, not a regular file";
    case FileKind::Symlink:
        return "this is a symbolic link, not a regular file";
    case FileKind::Other:
        break;
    }
    return "this is no regular file";
}

std::string_view sentence(ErrorCode code)
{
    switch (code) {
    case ErrorCode::TruncatedHeader:
        return "the file is too short for a database header";
    case ErrorCode::BadMagic:
        return "this is no ModelVault database: it does not begin with TDB0";
    case ErrorCode::UnsupportedVersion:
        return "a version, type or kind that is not known";
    case ErrorCode::TruncatedSuperblock:
        return "the file ends before this superblock does";
    case ErrorCode::BadSuperblockMagic:
        return "no superblock here: TSB0 is missing";
    case ErrorCode::BadSuperblockChecksum:
        return "the superblock's checksum is wrong";
    case ErrorCode::TruncatedSegmentHeader:
        return "too few bytes left for a segment header";
    case ErrorCode::BadSegmentMagic:
        return "no segment here: TSG0 is missing";
    case ErrorCode::BadSegmentHeaderChecksum:
        return "the segment header's checksum is wrong";
    case ErrorCode::SegmentPayloadPastEof:
        return "the segment's payload would pass the end of the file";
    case ErrorCode::BadSegmentPayloadChecksum:
        return "the payload's checksum is wrong";
    case ErrorCode::InvalidManifestPayload:
        return "the manifest is not valid";
    case ErrorCode::InvalidTxnPayload:
        return "a wrong transaction marker";
    case ErrorCode::UnframedSegment:
        return "data outside of a transaction";
    case ErrorCode::UncleanLogTail:
        return "a transaction without commit";
    case ErrorCode::InvalidCatalogPayload:
        return "this entry is not valid";
    case ErrorCode::InvalidFieldPath:
        return "a field path that is empty, or that another one conflicts with";
    case ErrorCode::InvalidSchemaVersion:
        return "the schema version is not the one that has to come here";
    case ErrorCode::UnexpectedCollectionId:
        return "the collection id is not the next one";
    case ErrorCode::DuplicateCollectionName:
        return "a collection of that name is there already";
    case ErrorCode::PrimaryFieldNotFound:
        return "the primary field is none of the fields";
    case ErrorCode::UnknownCollection:
        return "no collection has this id";
    case ErrorCode::PrimaryFieldMissingInSchema:
        return "the new fields are without the primary one";
    case ErrorCode::UniqueIndexViolation:
        return "a unique index has this key for another row already";
    case ErrorCode::TruncatedRecordPayload:
        return "the record needs more bytes than are there";
    case ErrorCode::UnknownRecordPayloadVersion:
        return "a record version that is not known";
    case ErrorCode::RecordPayloadTypeMismatch:
        return "the value is not of the type, or the values are not those, that the schema has";
    case ErrorCode::RecordPayloadUnsupportedType:
        return "records of version 1 can't hold this type";
    case ErrorCode::InvalidRecordUtf8:
        return "the text is no UTF-8";
    case ErrorCode::TrailingRecordPayload:
        return "bytes are left over behind the record";
    case ErrorCode::InvalidCheckpointPayload:
        return "the checkpoint is not valid";
    case ErrorCode::PayloadOverLimit:
        return "the payload is longer than 64 MiB";
    case ErrorCode::BadManifestPointer:
        return "the superblock names no whole manifest";
    case ErrorCode::BadCheckpointPointer:
        return "the superblock names no whole checkpoint";
    case ErrorCode::ReservedNotZero:
        return "reserved bytes that are not zero";
    case ErrorCode::UncheckedFieldWrong:
        return "a field that is not what it should be, which no program minds";
    case ErrorCode::UnknownRecordOperation:
        return "an operation that is not known, which the engine takes for an insert";
    case ErrorCode::UnknownEnumVariant:
        return "a value that the enum does not have";
    case ErrorCode::ConstraintViolated:
        return "a value that breaks a constraint of its field";
    case ErrorCode::ConstraintNotChecked:
        return "a regular expression that can't be checked here";
    case ErrorCode::IndexEntryMissing:
        return "the row has no entry in this index";
    case ErrorCode::IndexEntryStale:
        return "an index entry that no row has";
    case ErrorCode::IndexEntryUnknown:
        return "index entries of an index that no schema has";
    case ErrorCode::CheckpointDiffers:
        return "the checkpoint and the log before it say different things";
    case ErrorCode::UnexpectedEof:
        return "the file ends here";
    case ErrorCode::InvalidInput:
        return "the system refuses this input";
    case ErrorCode::NotFound:
        return "there is no such file";
    case ErrorCode::PermissionDenied:
        return "permission denied";
    case ErrorCode::AlreadyExists:
        return "it is there already";
    case ErrorCode::WouldBlock:
        return "another program holds a lock";
    case ErrorCode::ReadOnlyFileSystem:
        return "the file system is read-only";
    case ErrorCode::NoSpace:
        return "no space left";
    case ErrorCode::OutOfMemory:
        return "there is not enough memory for it";
    case ErrorCode::IsDirectory:
        return "this is a folder, not a file";
    case ErrorCode::NotARegularFile:
        return notRegular(std::to_underlying(FileKind::Other));
    case ErrorCode::ReplacedMeanwhile:
        return "another file has taken its place";
    case ErrorCode::ChangedMeanwhile:
        return "the file changed while it was read";
    case ErrorCode::Io:
        return "the system could not do it";
    case ErrorCode::Cancelled:
        return "stopped";
    case ErrorCode::TooManyColumns:
        return "it has more fields than such a file can have columns";
    case ErrorCode::OverwritesDatabase:
        return "this is the database itself, or a lock file: it is not written to";
    }
    return "unknown error";
}

/// An empty file is no damaged one: the engine makes such files before it writes to them.
std::string_view sentence(ErrorCode code, std::uint64_t expected, std::uint64_t found)
{
    if (code == ErrorCode::TruncatedHeader && found == 0 && expected > 0)
        return "the file is empty: no program has written a database to it yet";
    return code == ErrorCode::NotARegularFile ? notRegular(found) : sentence(code);
}

/// Where both numbers tell something.
std::string numbers(ErrorCode code, std::uint64_t expected, std::uint64_t found)
{
    switch (code) {
    case ErrorCode::BadSuperblockChecksum:
    case ErrorCode::BadSegmentHeaderChecksum:
    case ErrorCode::BadSegmentPayloadChecksum:
        // The same where no sum was computed: of two superblocks that are none.
        return expected == found ? std::string() : std::format(": computed {:08x}, stored {:08x}", expected, found);
    case ErrorCode::SegmentPayloadPastEof:
        return std::format(": {} bytes left, {} wanted", expected, found);
    case ErrorCode::TruncatedHeader:
        return found == 0 ? std::string() : std::format(": {} of {} bytes", found, expected);
    case ErrorCode::BadManifestPointer:
    case ErrorCode::BadCheckpointPointer:
        return std::format(", at {:#x}", found);
    case ErrorCode::UncheckedFieldWrong:
        return std::format(": {} found, {} expected", found, expected);
    case ErrorCode::ReservedNotZero:
    case ErrorCode::UnknownRecordOperation:
        return std::format(": {}", found);
    default:
        return {};
    }
}

/// Whether the system's own words say more than the code does.
bool isVague(ErrorCode code)
{
    return code == ErrorCode::Io || code == ErrorCode::InvalidInput;
}

std::string sentence(const FilterError &error)
{
    using Code = FilterError::Code;
    switch (error.code) {
    case Code::UnexpectedCharacter:
        return "a character that means nothing here";
    case Code::UnterminatedText:
        return "this text has no closing quote";
    case Code::BadEscape:
        return R"(only \" \\ \n \r \t \xff and \u{202e} may follow a backslash)";
    case Code::BadNumber:
        return "this is no number";
    case Code::NumberTooLarge:
        return "this number is too large";
    case Code::FieldExpected:
        return "a field has to stand here, such as type, key or collection";
    case Code::UnknownField:
        return "there is no such field";
    case Code::ComparisonExpected:
        return "a comparison has to stand here, such as == or in";
    case Code::AndOrExpected:
        return "\"and\" or \"or\" is missing here";
    case Code::ValueExpected:
        return std::format("a value to compare the {} with is missing", filterFieldName(error.field));
    case Code::WholeNumberExpected:
        return std::format("the {} is a whole number", filterFieldName(error.field));
    case Code::TextExpected:
        return "only text can be contained";
    case Code::TextOrIdExpected:
        return "a collection is a name or an id";
    case Code::UnknownType:
        return "there is no such type of segment";
    case Code::UnknownOperation:
        return "an operation is insert, replace, delete or a number up to 255";
    case Code::UnknownCrc:
        return "the crc is good, bad or a number";
    case Code::NoOrder:
        return std::format("the {} has no order here: use ==, != or in", filterFieldName(error.field));
    case Code::NotText:
        return std::format("the {} is no text that could contain another", filterFieldName(error.field));
    case Code::RangeOfTwoKinds:
        return "both ends of a range have to be numbers, or text";
    case Code::RangeBackwards:
        return "this range ends before it begins";
    case Code::CommaOrBraceExpected:
        return "a comma or } is missing here";
    case Code::ParenthesisExpected:
        return "a ) is missing";
    case Code::ParenthesisUnexpected:
        return "this ) closes nothing";
    case Code::TooDeep:
        return std::format("parentheses and \"not\" are nested more than {} times", Filter::kMostNested);
    case Code::TooLong:
        return std::format("a filter has at most {} bytes", Filter::kMostBytes);
    }
    return {};
}

std::string collectionText(const std::string &name, std::uint32_t id)
{
    return name.empty() ? std::format("collection {}", id) : printable(name);
}

std::string whatText(std::monostate)
{
    return {};
}

std::string whatText(const RecordSummary &record)
{
    const auto operation = recordOperationName(record.operation);
    return std::format("{} {} {}", collectionText(record.collection, record.collectionId), keyText(record.key),
                       operation.empty() ? std::format("operation {}", record.operation) : std::string(operation));
}

std::string whatText(const IndexSummaries &all)
{
    std::string text;
    std::uint64_t told = 0;
    for (const auto &index : all.indexes) {
        text += (text.empty() ? "" : ", ") + printable(index.index);
        if (index.inserted > 0)
            text += " + " + grouped(index.inserted);
        if (index.deleted > 0)
            text += " - " + grouped(index.deleted);
        told += index.inserted + index.deleted;
    }
    return told < all.entries ? text + ", …" : text;
}

std::string whatText(const SchemaSummary &schema)
{
    return std::format("{} version {}, {}", collectionText(schema.collection, schema.collectionId),
                       schema.schemaVersion, counted(schema.fields, "field"));
}

std::string whatText(MarkerSummary marker)
{
    return std::format("id {}", marker.transactionId);
}

std::string whatText(const CheckpointSummary &checkpoint)
{
    return std::format("{}, {}, then the log from {}", counted(checkpoint.catalogEntries, "schema"),
                       counted(checkpoint.records, "record"), hex(checkpoint.replayFrom.value));
}

} // namespace

std::string keyText(const Value &key)
{
    struct Text {
        std::string operator()(bool it) const { return it ? "true" : "false"; }
        std::string operator()(std::int64_t it) const { return std::to_string(it); }
        std::string operator()(std::uint64_t it) const { return std::to_string(it); }
        std::string operator()(double it) const { return std::format("{}", it); }
        std::string operator()(const std::string &it) const { return inQuotes(it); }
        std::string operator()(const Value::Bytes &it) const { return counted(it.size(), "byte"); }
        std::string operator()(const UuidBytes &it) const { return uuidText(it); }
        std::string operator()(Timestamp it) const { return std::format("{} µs", it.microseconds); }
        // No keys.
        std::string operator()(const OptionalValue &) const { return {}; }
        std::string operator()(const ListValue &) const { return {}; }
        std::string operator()(const ObjectValue &) const { return {}; }
    };
    return std::visit(Text{}, key.data);
}

std::string grouped(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (auto at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, 1, ' ');
    }
    return digits;
}

std::string counted(std::uint64_t number, std::string_view noun)
{
    return std::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string hex(std::uint64_t number)
{
    return std::format("{:#x}", number);
}

std::string size(std::uint64_t bytes)
{
    constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit)
        value /= 1024;
    return unit == 0 ? std::format("{} B", bytes) : std::format("{:.1f} {}", value, kUnits[unit]);
}

std::string inQuotes(std::string_view text)
{
    constexpr std::size_t kMost = 60;
    // Not within a character, where it is text at all.
    const bool isWhole = text.size() <= kMost;
    std::string quoted = "\"";
    for (const char sign : printable(isWhole ? text : text.substr(0, validUtf8Prefix(text.substr(0, kMost))))) {
        if (sign == '"')
            quoted += '\\';
        quoted += sign;
    }
    return quoted + (isWhole ? "\"" : "\"…");
}

std::string words(const SegmentSummary &summary)
{
    auto text = std::visit([](const auto &what) { return whatText(what); }, summary.what);
    if (!summary.fault)
        return text;
    if (!text.empty())
        text = (summary.fault->code == ErrorCode::BadSegmentPayloadChecksum ? "of damaged bytes: " : "") + text + ", ";
    return text + std::string(errorName(summary.fault->code));
}

std::string words(const Error &error)
{
    std::string text(sentence(error.code, error.expected, error.found));
    text += numbers(error.code, error.expected, error.found);
    if (isVague(error.code) && error.system != 0)
        text += ": " + std::generic_category().message(error.system);
    return text;
}

std::string words(const Finding &finding)
{
    std::string text(sentence(finding.code, finding.expected, finding.found));
    if (finding.count > 1)
        return text + std::format(" ({} times in a row)", grouped(finding.count));
    return text + numbers(finding.code, finding.expected, finding.found);
}

std::string words(const CheckFinding &finding)
{
    auto text = words(finding.what);
    if (!finding.subject.empty())
        text += ": " + inQuotes(finding.subject);
    std::string touched;
    if (finding.collectionId)
        touched = collectionText(finding.collection, *finding.collectionId);
    if (finding.key)
        touched += ' ' + keyText(*finding.key);
    if (finding.transaction)
        touched += (touched.empty() ? "" : ", ") + std::format("transaction {}", finding.transaction->value);
    return touched.empty() ? text : text + " (" + touched + ')';
}

std::string words(const FilterError &error, std::string_view filter)
{
    auto text = sentence(error);
    if (error.begin < error.end && error.code != FilterError::Code::TooLong)
        return text + ": " + printable(filter.substr(error.begin, error.end - error.begin));
    return text;
}

std::string headerWords(const FileHead &head)
{
    if (head.header)
        return {};
    const auto &error = head.header.error();
    if (error.code == ErrorCode::UnsupportedVersion)
        return std::format("the file's format, {}.{}, is not known", error.found >> 16, error.found & 0xFFFF);
    if (head.foreign == ForeignFormat::None)
        return words(error);
    return std::format("this is no ModelVault database but a file of another kind: {}",
                       foreignFormatName(head.foreign));
}

std::string lockRefusalWords(const Error &refusal)
{
    if (refusal.code == ErrorCode::WouldBlock || refusal.code == ErrorCode::ReplacedMeanwhile)
        return words(refusal);
    return "the lock file can't be opened or made: " + words(refusal);
}

std::string words(LockState state, bool hasOtherNames)
{
    switch (state) {
    case LockState::Unlocked:
        return "none: other programs may write to this database at any time";
    case LockState::Shared:
        return hasOtherNames ? "shared: while it is held, no program can open this database for writing by this name; "
                               "it has other names, which are not locked"
                             : "shared: while it is held, no program can open this database for writing";
    case LockState::WithWriter:
    case LockState::Writer:
    case LockState::DatabaseOnly:
        return "held by this process as the database's writer";
    }
    return {};
}

} // namespace modelvault::inspect
