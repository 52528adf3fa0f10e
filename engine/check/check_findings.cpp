#include "check/check_findings.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <utility>

namespace modelvault {
namespace {

std::string rowText(const CheckFinding &finding)
{
    const auto bytes = finding.key ? keyBytes(*finding.key) : std::nullopt;
    if (!bytes)
        return {};
    return std::string(reinterpret_cast<const char *>(bytes->data()), bytes->size());
}

} // namespace

void CheckFindings::add(CheckFinding finding)
{
    const auto &what = finding.what;
    Key key{what.code, what.offset, rowText(finding), finding.subject};
    const auto next = m_findings.lower_bound(key);
    if (next != m_findings.end() && next->first == key) {
        next->second.what.severity = std::max(next->second.what.severity, what.severity);
        return;
    }
    if (next != m_findings.begin()) {
        const auto &before = std::prev(next)->second.what;
        if (before.code == what.code && before.count > 1 && what.offset < before.end())
            return;
    }
    if (m_findings.size() >= FindingList::kMost) {
        m_dropped += what.count;
        return;
    }
    m_findings.emplace_hint(next, std::move(key), std::move(finding));
}

bool CheckFindings::has(ErrorCode code, Offset offset) const
{
    const auto found = m_findings.lower_bound(Key{code, offset, {}, {}});
    return found != m_findings.end() && found->second.what.code == code && found->second.what.offset == offset;
}

std::vector<CheckFinding> CheckFindings::take() &&
{
    std::vector<CheckFinding> findings;
    findings.reserve(m_findings.size());
    for (auto &finding : m_findings | std::views::values)
        findings.push_back(std::move(finding));
    m_findings.clear();
    std::ranges::stable_sort(findings, {}, [](const CheckFinding &finding) { return finding.what.offset; });
    return findings;
}

} // namespace modelvault
