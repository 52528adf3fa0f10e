#pragma once

#include "error.h"
#include "format/file_header.h"
#include "format/foreign_format.h"
#include "format/superblock.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace modelvault {

/// What stands before the log, each structure decoded or with the reason why not. FORMAT.md, "Layout".
struct FileHead {
    std::uint64_t fileLength = 0;
    Result<FileHeader> header = failure(ErrorCode::TruncatedHeader);
    Superblocks superblocks{failure(ErrorCode::TruncatedSuperblock), failure(ErrorCode::TruncatedSuperblock)};
    std::optional<SuperblockSlot> selected;
    ForeignFormat foreign = ForeignFormat::None; ///< what it seems to be instead, if it does not begin as a database

    /// Whether transaction markers mean anything in the log. A file whose header can't be read is taken for a new one.
    [[nodiscard]] bool hasTransactions() const { return !header || header->hasTransactions(); }

    bool operator==(const FileHead &) const = default;
};

/// A structure that stands before the log, as far as the file has it.
struct HeadSpan {
    Offset begin;
    Offset end; ///< exclusive
    bool decodes = false;

    bool operator==(const HeadSpan &) const = default;
};
/// Those that have a byte in the file, in its order and without gaps. Where a file of minor 2 goes on behind its
/// header, that is no superblock and does not decode.
[[nodiscard]] std::vector<HeadSpan> headSpans(const FileHead &head);

/// Of a file of that length; `bytes` are its first kLogStart, or as many as it has.
[[nodiscard]] FileHead decodeFileHead(std::span<const std::byte> bytes, std::uint64_t fileLength);
/// One read of at most 8224 bytes. Fails only if the store does; damage is in the value.
[[nodiscard]] Result<FileHead> readFileHead(const Store &store);
/// As if the store ended at `length`, which is not beyond its end.
[[nodiscard]] Result<FileHead> readFileHead(const Store &store, std::uint64_t length);

} // namespace modelvault
