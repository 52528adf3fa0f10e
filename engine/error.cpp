#include "error.h"

#include <cerrno>

namespace modelvault {

std::string_view errorName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::TruncatedHeader:
        return "TruncatedHeader";
    case ErrorCode::BadMagic:
        return "BadMagic";
    case ErrorCode::UnsupportedVersion:
        return "UnsupportedVersion";
    case ErrorCode::TruncatedSuperblock:
        return "TruncatedSuperblock";
    case ErrorCode::BadSuperblockMagic:
        return "BadSuperblockMagic";
    case ErrorCode::BadSuperblockChecksum:
        return "BadSuperblockChecksum";
    case ErrorCode::TruncatedSegmentHeader:
        return "TruncatedSegmentHeader";
    case ErrorCode::BadSegmentMagic:
        return "BadSegmentMagic";
    case ErrorCode::BadSegmentHeaderChecksum:
        return "BadSegmentHeaderChecksum";
    case ErrorCode::SegmentPayloadPastEof:
        return "SegmentPayloadPastEof";
    case ErrorCode::BadSegmentPayloadChecksum:
        return "BadSegmentPayloadChecksum";
    case ErrorCode::InvalidManifestPayload:
        return "InvalidManifestPayload";
    case ErrorCode::InvalidTxnPayload:
        return "InvalidTxnPayload";
    case ErrorCode::UnframedSegment:
        return "UnframedSegment";
    case ErrorCode::UncleanLogTail:
        return "UncleanLogTail";
    case ErrorCode::InvalidCatalogPayload:
        return "InvalidCatalogPayload";
    case ErrorCode::InvalidFieldPath:
        return "InvalidFieldPath";
    case ErrorCode::InvalidSchemaVersion:
        return "InvalidSchemaVersion";
    case ErrorCode::UnexpectedCollectionId:
        return "UnexpectedCollectionId";
    case ErrorCode::DuplicateCollectionName:
        return "DuplicateCollectionName";
    case ErrorCode::PrimaryFieldNotFound:
        return "PrimaryFieldNotFound";
    case ErrorCode::UnknownCollection:
        return "UnknownCollection";
    case ErrorCode::PrimaryFieldMissingInSchema:
        return "PrimaryFieldMissingInSchema";
    case ErrorCode::UniqueIndexViolation:
        return "UniqueIndexViolation";
    case ErrorCode::TruncatedRecordPayload:
        return "TruncatedRecordPayload";
    case ErrorCode::UnknownRecordPayloadVersion:
        return "UnknownRecordPayloadVersion";
    case ErrorCode::RecordPayloadTypeMismatch:
        return "RecordPayloadTypeMismatch";
    case ErrorCode::RecordPayloadUnsupportedType:
        return "RecordPayloadUnsupportedType";
    case ErrorCode::InvalidRecordUtf8:
        return "InvalidRecordUtf8";
    case ErrorCode::TrailingRecordPayload:
        return "TrailingRecordPayload";
    case ErrorCode::InvalidCheckpointPayload:
        return "InvalidCheckpointPayload";
    case ErrorCode::PayloadOverLimit:
        return "PayloadOverLimit";
    case ErrorCode::BadManifestPointer:
        return "BadManifestPointer";
    case ErrorCode::BadCheckpointPointer:
        return "BadCheckpointPointer";
    case ErrorCode::ReservedNotZero:
        return "ReservedNotZero";
    case ErrorCode::UncheckedFieldWrong:
        return "UncheckedFieldWrong";
    case ErrorCode::UnknownRecordOperation:
        return "UnknownRecordOperation";
    case ErrorCode::UnknownEnumVariant:
        return "UnknownEnumVariant";
    case ErrorCode::ConstraintViolated:
        return "ConstraintViolated";
    case ErrorCode::ConstraintNotChecked:
        return "ConstraintNotChecked";
    case ErrorCode::IndexEntryMissing:
        return "IndexEntryMissing";
    case ErrorCode::IndexEntryStale:
        return "IndexEntryStale";
    case ErrorCode::IndexEntryUnknown:
        return "IndexEntryUnknown";
    case ErrorCode::CheckpointDiffers:
        return "CheckpointDiffers";
    case ErrorCode::UnexpectedEof:
        return "UnexpectedEof";
    case ErrorCode::InvalidInput:
        return "InvalidInput";
    case ErrorCode::NotFound:
        return "NotFound";
    case ErrorCode::PermissionDenied:
        return "PermissionDenied";
    case ErrorCode::AlreadyExists:
        return "AlreadyExists";
    case ErrorCode::WouldBlock:
        return "WouldBlock";
    case ErrorCode::ReadOnlyFileSystem:
        return "ReadOnlyFileSystem";
    case ErrorCode::NoSpace:
        return "NoSpace";
    case ErrorCode::OutOfMemory:
        return "OutOfMemory";
    case ErrorCode::IsDirectory:
        return "IsDirectory";
    case ErrorCode::NotARegularFile:
        return "NotARegularFile";
    case ErrorCode::ReplacedMeanwhile:
        return "ReplacedMeanwhile";
    case ErrorCode::ChangedMeanwhile:
        return "ChangedMeanwhile";
    case ErrorCode::Io:
        return "Io";
    case ErrorCode::Cancelled:
        return "Cancelled";
    case ErrorCode::TooManyColumns:
        return "TooManyColumns";
    case ErrorCode::OverwritesDatabase:
        return "OverwritesDatabase";
    }
    return "Io";
}

Error systemError(int errorNumber, Offset offset)
{
    const auto code = [errorNumber] {
        switch (errorNumber) {
        case ENOENT:
        case ENOTDIR:
            return ErrorCode::NotFound;
        case EACCES:
        case EPERM:
            return ErrorCode::PermissionDenied;
        case EEXIST:
            return ErrorCode::AlreadyExists;
        case EWOULDBLOCK:
            return ErrorCode::WouldBlock;
        case EROFS:
            return ErrorCode::ReadOnlyFileSystem;
        case ENOSPC:
            return ErrorCode::NoSpace;
        case ENOMEM:
            return ErrorCode::OutOfMemory;
        case EISDIR:
            return ErrorCode::IsDirectory;
        case EINVAL:
        case EFBIG:
        case ENAMETOOLONG:
            return ErrorCode::InvalidInput;
        default:
            return ErrorCode::Io;
        }
    }();
    return {.code = code, .offset = offset, .expected = 0, .found = 0, .system = errorNumber};
}

} // namespace modelvault
