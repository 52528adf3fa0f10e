#pragma once

#include "check/check.h"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <functional>
#include <ostream>
#include <string>

namespace modelvault {

/// One finding with what it touches, in one line for people.
using FindingWords = std::function<std::string(const CheckFinding &)>;

/// A finding with all that is known of it, as writeJson() writes it.
[[nodiscard]] nlohmann::ordered_json findingJson(const CheckFinding &finding, const FindingWords &words);

/// One JSON object, a finding a line: `code`, `severity`, `offset`, `length`, `expected`, `found`, `count`, `message`,
/// and what it touches, as far as that is known: `transaction`, `collection_id`, `collection`, `key` (described()) and
/// `subject`. All but ASCII is escaped; names that are no UTF-8 lose what is none.
void writeJson(const CheckReport &report, const FindingWords &words, std::ostream &out);

/// What a report in Markdown says in words. Texts are shown as they are, whatever Markdown would make of them.
struct CheckReportWords {
    std::string title;
    std::string summary;                 ///< a paragraph
    std::array<std::string, 5> headings; ///< of severity, offset, length in bytes, code and finding
    std::function<std::string(Severity)> severity;
    FindingWords finding;
    std::string dropped; ///< a paragraph below the table; empty if nothing was left out
};

/// A heading, the summary and a table; no table where there are no findings.
void writeMarkdown(const CheckReport &report, const CheckReportWords &words, std::ostream &out);

} // namespace modelvault
