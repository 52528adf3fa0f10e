#pragma once

#include "check/check.h"
#include "support/scanned.h"

#include <format>
#include <string>
#include <utility>
#include <vector>

namespace modelvault::test {

[[nodiscard]] inline CheckReport checked(std::vector<std::byte> bytes, CheckDepth depth = CheckDepth::Full)
{
    const Scanned file(std::move(bytes));
    return check(*file.store, *file.snapshot, depth).value();
}

/// "error BadMagic 0": severity, code and offset of those that are at least that grave.
[[nodiscard]] inline std::vector<std::string> told(const CheckReport &report, Severity least = Severity::Info)
{
    std::vector<std::string> lines;
    for (const auto &finding : report.findings)
        if (finding.what.severity >= least)
            lines.push_back(std::format("{} {} {}", severityName(finding.what.severity), errorName(finding.what.code),
                                        finding.what.offset.value));
    return lines;
}

} // namespace modelvault::test
