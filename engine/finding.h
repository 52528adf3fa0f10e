#pragma once

#include "error.h"
#include "position.h"

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

namespace modelvault {

enum class Severity : std::uint8_t {
    Info,    ///< worth knowing
    Warning, ///< wrong, but the engine does not look at it
    Error,   ///< the engine stops here, or loses this
};

/// "info", "warning", "error": stable, never translated.
[[nodiscard]] std::string_view severityName(Severity severity);

/// Something in a file that is not as it should be. Damage is data: a scan collects findings and goes on.
struct Finding {
    ErrorCode code = ErrorCode::Io;
    Severity severity = Severity::Error;
    Offset offset; ///< of the first byte concerned
    std::uint64_t length = 0;
    std::uint64_t expected = 0; ///< as in Error, of the first of those merged
    std::uint64_t found = 0;
    std::uint64_t count = 1; ///< how many like findings, one behind the other, were merged into this one

    [[nodiscard]] Offset end() const { return offset + length; }
    bool operator==(const Finding &) const = default;
};

/// Findings in the order of the file. Like ones that lie side by side merge; their number is bounded.
class FindingList {
public:
    static constexpr std::size_t kMost = 10'000;

    /// In any order. Of the same code at the same offset, the first stays.
    void add(const Finding &finding);

    [[nodiscard]] std::vector<Finding> toVector() const;
    /// How many were left out because the list was full.
    [[nodiscard]] std::uint64_t dropped() const { return m_dropped; }

private:
    using Key = std::pair<Offset, ErrorCode>;
    std::map<Key, Finding> m_findings;
    // Where the findings of a code end: what a finding that begins there can be merged into.
    std::map<Key, Offset> m_ends;
    std::uint64_t m_dropped = 0;
};

} // namespace modelvault
