#include "models/finding_marks.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <utility>

namespace modelvault::ui {
namespace {

using Mark = FindingMarks::Mark;

constexpr std::size_t kSeverities = 3;

/// Parts stretches that overlap, and joins like ones that touch.
std::vector<Mark> flattened(const std::vector<CheckFinding> &findings)
{
    // How many more findings of each severity are open from there on.
    std::map<Offset, std::array<std::int64_t, kSeverities>> changes;
    for (const auto &finding : findings) {
        const auto mark = markOf(finding.what);
        const auto severity = static_cast<std::size_t>(mark.severity);
        ++changes[mark.begin][severity];
        --changes[mark.end][severity];
    }
    std::vector<Mark> marks;
    std::array<std::int64_t, kSeverities> open{};
    std::optional<Mark> here;
    for (const auto &[place, change] : changes) {
        std::optional<Severity> gravest;
        for (std::size_t i = 0; i < kSeverities; ++i) {
            open[i] += change[i];
            if (open[i] > 0)
                gravest = static_cast<Severity>(i);
        }
        if (here && gravest == here->severity)
            continue;
        if (here) {
            here->end = place;
            marks.push_back(*here);
        }
        here = gravest ? std::optional(Mark{.begin = place, .end = place, .severity = *gravest}) : std::nullopt;
    }
    return marks;
}

} // namespace

Mark markOf(const Finding &finding)
{
    const auto room = std::numeric_limits<std::uint64_t>::max() - finding.offset.value;
    return {.begin = finding.offset,
            .end = finding.offset + std::min(std::max<std::uint64_t>(finding.length, 1), room),
            .severity = finding.severity};
}

FindingMarks::FindingMarks(std::shared_ptr<const CheckReport> report)
    : m_report(std::move(report)),
      m_marks(flattened(m_report->findings))
{ }

std::span<const Mark> FindingMarks::in(Offset begin, Offset end) const
{
    if (begin >= end)
        return {};
    const auto first = std::ranges::upper_bound(m_marks, begin, {}, &Mark::end);
    const auto last = std::ranges::lower_bound(first, m_marks.end(), end, {}, &Mark::begin);
    return {first, last};
}

std::optional<Severity> FindingMarks::gravest(Offset begin, Offset end) const
{
    std::optional<Severity> gravest;
    for (const auto &mark : in(begin, end)) {
        gravest = std::max(gravest.value_or(mark.severity), mark.severity);
        if (gravest == Severity::Error)
            break;
    }
    return gravest;
}

std::uint64_t FindingMarks::countIn(Offset begin, Offset end) const
{
    const auto &findings = m_report->findings;
    const auto offsetOf = [](const CheckFinding &finding) { return finding.what.offset; };
    const auto first = std::ranges::lower_bound(findings, begin, {}, offsetOf);
    const auto last = std::ranges::lower_bound(findings, std::max(begin, end), {}, offsetOf);
    return static_cast<std::uint64_t>(last - first);
}

std::vector<const CheckFinding *> FindingMarks::findingsIn(Offset begin, Offset end, std::size_t most) const
{
    std::vector<const CheckFinding *> found;
    if (in(begin, end).empty()) // most places have none, and a long list need not be gone through
        return found;
    for (const auto &finding : m_report->findings) {
        const auto mark = markOf(finding.what);
        if (mark.begin >= end || found.size() == most)
            break;
        if (mark.end > begin)
            found.push_back(&finding);
    }
    return found;
}

} // namespace modelvault::ui
