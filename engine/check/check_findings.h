#pragma once

#include "check/check.h"

#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace modelvault {

/// The findings of one check, from several passes that may meet the same fault. Their number is bounded.
class CheckFindings {
public:
    /// In any order. Of the same code, place, row and subject one stays: the gravest. What lies within a finding that
    /// was merged of several like ones is told already.
    void add(CheckFinding finding);
    void add(const Finding &finding) { add(CheckFinding{.what = finding}); }

    /// Whether a fault of that code is told at that place.
    [[nodiscard]] bool has(ErrorCode code, Offset offset) const;
    /// The sum of those that were left out.
    [[nodiscard]] std::uint64_t dropped() const { return m_dropped; }
    void addDropped(std::uint64_t count) { m_dropped += count; }

    /// In the order of the file.
    [[nodiscard]] std::vector<CheckFinding> take() &&;

private:
    using Key = std::tuple<ErrorCode, Offset, std::string, std::string>; // with the row's key and the subject

    std::map<Key, CheckFinding> m_findings;
    std::uint64_t m_dropped = 0;
};

} // namespace modelvault
