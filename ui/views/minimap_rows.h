#pragma once

#include "database/snapshot.h"
#include "log/page_map.h"
#include "models/finding_marks.h"
#include "models/structure_spans.h"
#include "position.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace modelvault::ui {

/// Which bytes of a file the rows of its map stand for. Pure arithmetic, exact for all 64-bit lengths.
class MinimapScale {
public:
    MinimapScale() = default;
    /// `rows`: 0 or more.
    MinimapScale(std::uint64_t length, int rows);

    [[nodiscard]] std::uint64_t length() const { return m_length; }
    [[nodiscard]] int rows() const { return m_rows; }
    /// Of a row in [0, rows()]; of the last, the file's end. Several rows share one where there are fewer bytes.
    [[nodiscard]] Offset begin(int row) const;
    /// The last row that begins at or before the place; the last of all for places behind the file. 0 without rows.
    [[nodiscard]] int rowOf(Offset offset) const;
    /// Behind the row of the last byte of [begin, end); at least one row.
    [[nodiscard]] int endRow(Offset begin, Offset end) const;
    /// The pages that the row's bytes lie on, its first byte's at least; the end is exclusive.
    [[nodiscard]] PageNo firstPage(int row) const { return PageMap::pageAt(begin(row)); }
    [[nodiscard]] PageNo endPage(int row) const;
    /// Whether a page is longer than a row: then what lies on it says little about one.
    [[nodiscard]] bool isFinerThanPages() const
    {
        return m_rows > 0 && m_length / static_cast<std::uint64_t>(m_rows) < PageMap::kPageSize;
    }

    bool operator==(const MinimapScale &) const = default;

private:
    std::uint64_t m_length = 0;
    int m_rows = 0;
};

/// What lies in the bytes of a row.
struct MinimapRow {
    ContentKind kind = ContentKind::NotScanned; ///< that most of it holds
    bool damaged = false;                       ///< at least one byte
    std::optional<Severity> finding;            ///< the gravest; nothing if there is none
};

/// By the pages that the rows lie on, whole ones. `findings`: null for none.
[[nodiscard]] std::vector<MinimapRow> lookAtRows(const Snapshot &snapshot, const FindingMarks *findings,
                                                 const MinimapScale &scale);
/// By the bytes of each row, without findings. `spans`: structureSpans() of the whole file.
[[nodiscard]] std::vector<MinimapRow> lookAtBytes(std::span<const StructureSpan> spans, const MinimapScale &scale);
/// Of rows without findings. Null for none.
void markFindings(std::vector<MinimapRow> &rows, const FindingMarks *findings, const MinimapScale &scale);

} // namespace modelvault::ui
