#pragma once

#include "position.h"

#include <cstdint>
#include <expected>
#include <string_view>

namespace modelvault {

enum class ErrorCode : std::uint8_t {
    // What a file's bytes can be wrong with; names and order of checks as in FORMAT.md.
    TruncatedHeader,
    BadMagic,
    UnsupportedVersion,
    TruncatedSuperblock,
    BadSuperblockMagic,
    BadSuperblockChecksum,
    TruncatedSegmentHeader,
    BadSegmentMagic,
    BadSegmentHeaderChecksum,
    SegmentPayloadPastEof,
    BadSegmentPayloadChecksum,
    InvalidManifestPayload,
    InvalidTxnPayload,
    UnframedSegment,
    UncleanLogTail,
    InvalidCatalogPayload, ///< of index changes too
    InvalidFieldPath,
    InvalidSchemaVersion,
    UnexpectedCollectionId,
    DuplicateCollectionName,
    PrimaryFieldNotFound,
    UnknownCollection,
    PrimaryFieldMissingInSchema,
    UniqueIndexViolation,
    TruncatedRecordPayload,
    UnknownRecordPayloadVersion,
    RecordPayloadTypeMismatch,
    RecordPayloadUnsupportedType,
    InvalidRecordUtf8,
    TrailingRecordPayload,
    InvalidCheckpointPayload,
    PayloadOverLimit, ///< longer than the engine reads; a viewer does not decode it either
    // What only a check of the whole file tells: the engine does not stop there, but for the pointers.
    BadManifestPointer,   ///< a superblock names a manifest where none is
    BadCheckpointPointer, ///< the same of a checkpoint
    ReservedNotZero,      ///< nobody looks at them
    UncheckedFieldWrong,  ///< breaks a rule that the engine does not enforce
    UnknownRecordOperation,
    UnknownEnumVariant,
    ConstraintViolated,
    ConstraintNotChecked, ///< its regular expression is too large, or none that we know
    IndexEntryMissing,
    IndexEntryStale, ///< no row has that key
    IndexEntryUnknown,
    CheckpointDiffers,
    // What a store or a lock answers.
    UnexpectedEof,
    InvalidInput,
    NotFound,
    PermissionDenied,
    AlreadyExists,
    WouldBlock,
    ReadOnlyFileSystem,
    NoSpace,
    OutOfMemory, ///< for what was asked; see out_of_memory.h
    IsDirectory,
    NotARegularFile,
    ReplacedMeanwhile, ///< the path names another file than the one that is open
    ChangedMeanwhile,  ///< the file is no longer what it was when it was scanned
    Io,                ///< any other failure of the system; see Error::system
    Cancelled,
    // Of exports.
    TooManyColumns,     ///< more than the kind of file can have; `expected` says how many that are
    OverwritesDatabase, ///< the target is the database itself, or a lock file
};

/// The code's name as written in FORMAT.md and in the output of mvinspect: stable, never translated.
[[nodiscard]] std::string_view errorName(ErrorCode code);

/// Why something could not be done. Numbers only: words are made where they are shown.
struct Error {
    ErrorCode code = ErrorCode::Io;
    Offset offset; ///< of the field or of the bytes that are wrong
    std::uint64_t expected =
        0;                   ///< what should be there (a magic, a version, a CRC, a length), where that is one number
    std::uint64_t found = 0; ///< what is there
    int system = 0;          ///< errno of the failed call, or 0

    bool operator==(const Error &) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] constexpr std::unexpected<Error> failure(ErrorCode code, Offset offset = {}, std::uint64_t expected = 0,
                                                       std::uint64_t found = 0)
{
    return std::unexpected(Error{.code = code, .offset = offset, .expected = expected, .found = found, .system = 0});
}

/// The Error for a failed system call: the kinds that callers tell apart, Io for the rest.
[[nodiscard]] Error systemError(int errorNumber, Offset offset = {});

} // namespace modelvault
