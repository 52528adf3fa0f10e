#pragma once

#include "check/check.h"
#include "export/check_report.h"

#include <QString>

#include <cstddef>
#include <vector>

// What is wrong with a file, in words for people. Any thread.

namespace modelvault::ui {

/// With what it touches, in one line: `The row has no entry in this index: "by_year" (books "Dune", transaction 3)`.
[[nodiscard]] QString findingText(const CheckFinding &finding);
/// `books "Dune", transaction 3`; empty where nothing is known.
[[nodiscard]] QString touchedText(const CheckFinding &finding);
/// What it means and what the engine makes of it, in whole sentences.
[[nodiscard]] QString explanationText(ErrorCode code);
/// What should stand there, and what does; both empty where these are no single values.
[[nodiscard]] QString expectedText(const Finding &finding);
[[nodiscard]] QString foundText(const Finding &finding);
/// "Error: The payload's checksum is wrong", a line each.
[[nodiscard]] QString findingLines(const std::vector<const CheckFinding *> &findings);
/// "2 errors, 1 warning, 3 worth knowing".
[[nodiscard]] QString countsText(const CheckReport &report);
/// For writeMarkdown(), about a file of that name.
[[nodiscard]] CheckReportWords reportWords(const CheckReport &report, const QString &fileName);

} // namespace modelvault::ui
