#include "finding.h"

namespace modelvault {

std::string_view severityName(Severity severity)
{
    switch (severity) {
    case Severity::Info:
        return "info";
    case Severity::Warning:
        return "warning";
    case Severity::Error:
        return "error";
    }
    return "error";
}

void FindingList::add(const Finding &finding)
{
    if (m_findings.contains({finding.offset, finding.code}))
        return;

    Finding merged = finding;
    if (const auto before = m_ends.find({finding.offset, finding.code}); before != m_ends.end()) {
        const auto first = m_findings.find({before->second, finding.code});
        if (first->second.severity == finding.severity) {
            merged = first->second;
            merged.length += finding.length;
            merged.count += finding.count;
            m_findings.erase(first);
            m_ends.erase(before);
        }
    }
    if (const auto after = m_findings.find({merged.end(), merged.code});
        after != m_findings.end() && after->second.severity == merged.severity) {
        m_ends.erase({after->second.end(), merged.code});
        merged.length += after->second.length;
        merged.count += after->second.count;
        m_findings.erase(after);
    }

    if (m_findings.size() >= kMost) {
        m_dropped += merged.count;
        return;
    }
    m_ends[{merged.end(), merged.code}] = merged.offset;
    m_findings.emplace(Key{merged.offset, merged.code}, merged);
}

std::vector<Finding> FindingList::toVector() const
{
    std::vector<Finding> findings;
    findings.reserve(m_findings.size());
    for (const auto &[key, finding] : m_findings)
        findings.push_back(finding);
    return findings;
}

} // namespace modelvault
