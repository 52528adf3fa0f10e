#include "views/minimap_rows.h"

#include <algorithm>
#include <array>
#include <limits>
#include <ranges>

namespace modelvault::ui {

MinimapScale::MinimapScale(std::uint64_t length, int rows) : m_length(length), m_rows(std::max(rows, 0)) { }

Offset MinimapScale::begin(int row) const
{
    if (m_rows == 0)
        return {};
    const auto rows = static_cast<std::uint64_t>(m_rows);
    const auto at = static_cast<std::uint64_t>(std::clamp(row, 0, m_rows));
    // Whole and rest apart: the product of both would not fit 64 bits.
    return {m_length / rows * at + m_length % rows * at / rows};
}

int MinimapScale::rowOf(Offset offset) const
{
    if (m_rows == 0)
        return 0;
    const auto rows = std::views::iota(0, m_rows);
    const auto behind = std::ranges::upper_bound(rows, offset, {}, [this](int row) { return begin(row); });
    return static_cast<int>(behind - rows.begin()) - 1; // row 0 begins at 0, so there is one before
}

int MinimapScale::endRow(Offset begin, Offset end) const
{
    return rowOf(end > begin ? end + ~std::uint64_t{0} : begin) + 1;
}

PageNo MinimapScale::endPage(int row) const
{
    const auto end = begin(row + 1);
    const auto last = PageMap::pageAt(end > begin(row) ? end + ~std::uint64_t{0} : end);
    return {last.value + 1};
}

void markFindings(std::vector<MinimapRow> &rows, const FindingMarks *findings, const MinimapScale &scale)
{
    if (findings == nullptr)
        return;
    for (const auto &mark : findings->in({0}, {std::numeric_limits<std::uint64_t>::max()})) {
        const auto end = std::min(scale.endRow(mark.begin, mark.end), scale.rows());
        for (int row = scale.rowOf(mark.begin); row < end; ++row) {
            auto &finding = rows[static_cast<std::size_t>(row)].finding;
            finding = std::max(finding.value_or(mark.severity), mark.severity);
        }
    }
}

std::vector<MinimapRow> lookAtRows(const Snapshot &snapshot, const FindingMarks *findings, const MinimapScale &scale)
{
    std::vector<MinimapRow> rows(static_cast<std::size_t>(scale.rows()));
    for (int row = 0; row < scale.rows(); ++row) {
        const auto tally = snapshot.log.pages->tally(scale.firstPage(row), scale.endPage(row));
        rows[static_cast<std::size_t>(row)] = {.kind = tally.kind(), .damaged = tally.holdsAny(ContentKind::Damaged)};
    }
    markFindings(rows, findings, scale);
    return rows;
}

std::vector<MinimapRow> lookAtBytes(std::span<const StructureSpan> spans, const MinimapScale &scale)
{
    std::vector<MinimapRow> rows(static_cast<std::size_t>(scale.rows()));
    for (int row = 0; row < scale.rows(); ++row) {
        const auto begin = scale.begin(row);
        const auto end = std::max(scale.begin(row + 1), begin + 1); // rows may share a byte
        while (!spans.empty() && spans.front().end <= begin)
            spans = spans.subspan(1);
        std::array<std::uint64_t, kContentKinds> bytes{};
        for (const auto &span : spans) {
            if (span.begin >= end)
                break;
            if (const auto from = std::max(span.begin, begin), to = std::min(span.end, end); from < to)
                bytes[static_cast<std::size_t>(span.kind)] += to - from;
        }
        const auto most = std::ranges::max_element(bytes);
        auto &looked = rows[static_cast<std::size_t>(row)];
        if (*most > 0)
            looked.kind = static_cast<ContentKind>(most - bytes.begin());
        looked.damaged = bytes[static_cast<std::size_t>(ContentKind::Damaged)] > 0;
    }
    return rows;
}

} // namespace modelvault::ui
