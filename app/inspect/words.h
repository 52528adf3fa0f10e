#pragma once

#include "check/check.h"
#include "database/segment_summary.h"
#include "error.h"
#include "filter/filter.h"
#include "finding.h"
#include "format/field.h"
#include "log/file_head.h"
#include "store/file_store.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace modelvault::inspect {

/// "10 996", in groups of three.
[[nodiscard]] std::string grouped(std::uint64_t number);
/// "1 segment", "2 segments".
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view noun);
/// "0x2020".
[[nodiscard]] std::string hex(std::uint64_t number);
/// "10.7 KiB".
[[nodiscard]] std::string size(std::uint64_t bytes);

/// The value of a key.
[[nodiscard]] std::string keyText(const Value &key);
/// Text of a file, in quotes, fit for a terminal; long ones are cut.
[[nodiscard]] std::string inQuotes(std::string_view text);

/// What went wrong, in a sentence without its place.
[[nodiscard]] std::string words(const Error &error);
[[nodiscard]] std::string words(const Finding &finding);
/// With what it touches: `the row has no entry in this index: "by_year" (books "Dune", transaction 3)`.
[[nodiscard]] std::string words(const CheckFinding &finding);
/// With the part of the filter that is wrong.
[[nodiscard]] std::string words(const FilterError &error, std::string_view filter);
/// What is wrong with the header; says so if the file is of another kind. Empty if it is right.
[[nodiscard]] std::string headerWords(const FileHead &head);
/// Why there is no shared lock.
[[nodiscard]] std::string lockRefusalWords(const Error &refusal);
/// `books "Dune" insert`; empty if there is nothing to say.
[[nodiscard]] std::string words(const SegmentSummary &summary);
/// What this lock of ours means for other programs.
[[nodiscard]] std::string words(LockState state, bool hasOtherNames);

} // namespace modelvault::inspect
