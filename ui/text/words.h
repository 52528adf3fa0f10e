#pragma once

#include "database/snapshot.h"
#include "error.h"
#include "finding.h"
#include "format/segment.h"
#include "lock/lock_holders.h"
#include "log/transactions.h"
#include "store/file_fate.h"
#include "store/file_store.h"

#include <QString>

#include <cstdint>
#include <filesystem>
#include <string_view>

// The one place where values of the engine become words for people. Any thread.

namespace modelvault::ui {

/// "0x2020", as wide as it needs to be.
[[nodiscard]] QString hexText(std::uint64_t number);
[[nodiscard]] inline QString offsetText(Offset offset)
{
    return hexText(offset.value);
}
/// "0x00002020": eight digits or more, so that those of a column stand below each other.
[[nodiscard]] QString fixedOffsetText(Offset offset);
/// "2 003 005" with thin spaces between the groups.
[[nodiscard]] QString groupedText(std::uint64_t number);
/// "10.7 KiB".
[[nodiscard]] QString sizeText(std::uint64_t bytes);
/// "10.7 KiB (10 996 bytes)".
[[nodiscard]] QString exactSizeText(std::uint64_t bytes);

/// Bytes from a file or another program as one line of harmless text: see pictured().
[[nodiscard]] QString plainText(std::string_view bytes);
[[nodiscard]] QString pathText(const std::filesystem::path &path);

/// For tool tips, which would take some texts for markup: shows exactly these characters.
[[nodiscard]] QString toolTipText(const QString &text);

/// For menus and tabs, which would take an ampersand for the mark of a letter.
[[nodiscard]] QString menuText(QString text);

/// "begin", "record": as short as a column wants it.
[[nodiscard]] QString typeText(SegmentType type);
[[nodiscard]] QString stateText(TransactionState state);
/// What went wrong, in a sentence without its place.
[[nodiscard]] QString errorText(const Error &error);
/// The same without its numbers.
[[nodiscard]] QString errorText(ErrorCode code);
/// What is wrong with the header; says so if the file is of another kind. Empty if it is right.
[[nodiscard]] QString headerErrorText(const FileHead &head);
[[nodiscard]] QString findingText(const Finding &finding);
/// "Warning".
[[nodiscard]] QString severityText(Severity severity);
/// Whole sentences; empty where nothing happened.
[[nodiscard]] QString fileFateText(const FileFate &fate);
/// Why there is no shared lock, in a sentence without its end.
[[nodiscard]] QString lockRefusalText(const Error &refusal);
/// What a lock of ours means for other programs, in one sentence.
[[nodiscard]] QString lockStateText(LockState state, bool hasOtherNames);
/// "python3 (process 4312) holds an exclusive lock on the lock file", with how far that can be relied on.
[[nodiscard]] QString holderText(const LockHolder &holder);
/// " (may be stale)", " (probably)", or empty where it is certain.
[[nodiscard]] QString evidenceText(const LockHolder &holder);

} // namespace modelvault::ui
