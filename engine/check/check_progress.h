#pragma once

#include "progress.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace modelvault {

/// One progress for several passes that each take about as long as reading the file once.
class CheckProgress {
public:
    CheckProgress(const Progress &progress, std::uint64_t fileLength, std::uint64_t passes)
        : m_progress(progress),
          m_length(fileLength),
          m_total(fileLength * passes)
    { }

    /// What the next pass is to tell, in whatever it counts.
    [[nodiscard]] Progress nextPass()
    {
        const auto before = std::min(m_begun * m_length, m_total);
        ++m_begun;
        if (!m_progress)
            return {};
        return [this, before](std::uint64_t done, std::uint64_t total) {
            const auto ofPass =
                static_cast<std::uint64_t>(std::llround(shareOf(done, total) * static_cast<double>(m_length)));
            return m_progress(std::min(before + ofPass, m_total), m_total);
        };
    }
    [[nodiscard]] bool finish() const { return !m_progress || m_progress(m_total, m_total); }

private:
    const Progress &m_progress;
    const std::uint64_t m_length;
    const std::uint64_t m_total;
    std::uint64_t m_begun = 0;
};

} // namespace modelvault
