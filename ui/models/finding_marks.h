#pragma once

#include "check/check.h"
#include "position.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace modelvault::ui {

/// Findings, and where in the file something is marked because of them. A frozen value, shared by all views that mark.
class FindingMarks {
public:
    /// A stretch of the file, with the gravest of the findings that touch it.
    struct Mark {
        Offset begin;
        Offset end; ///< exclusive
        Severity severity = Severity::Info;

        bool operator==(const Mark &) const = default;
    };

    explicit FindingMarks(std::shared_ptr<const CheckReport> report);

    /// Its findings are in the order of the file.
    [[nodiscard]] const CheckReport &report() const { return *m_report; }
    /// Those that touch [begin, end), in the order of the file; none overlaps another.
    [[nodiscard]] std::span<const Mark> in(Offset begin, Offset end) const;
    /// Of the findings that touch [begin, end); nothing if none does.
    [[nodiscard]] std::optional<Severity> gravest(Offset begin, Offset end) const;
    /// How many findings begin in [begin, end).
    [[nodiscard]] std::uint64_t countIn(Offset begin, Offset end) const;
    /// At most so many of the findings that touch [begin, end), the first ones.
    [[nodiscard]] std::vector<const CheckFinding *> findingsIn(Offset begin, Offset end, std::size_t most) const;

private:
    std::shared_ptr<const CheckReport> m_report;
    std::vector<Mark> m_marks;
};

/// What a finding marks: at least a byte, so that what is missing can be seen.
[[nodiscard]] FindingMarks::Mark markOf(const Finding &finding);

} // namespace modelvault::ui
