#include "export/row_columns.h"

#include <algorithm>
#include <numeric>

namespace modelvault {

RowColumns::RowColumns(const Collection &collection)
    : m_fields(collection.current().fields),
      m_byPath(m_fields.size()),
      m_row(m_fields.size())
{
    std::iota(m_byPath.begin(), m_byPath.end(), std::size_t{0});
    std::ranges::sort(m_byPath, {}, [this](std::size_t field) -> const FieldPath & { return m_fields[field].path; });
    if (!collection.primaryField.empty())
        m_key = columnOf({{collection.primaryField}});
}

ExportRow RowColumns::of(const Record &record)
{
    std::ranges::fill(m_row, nullptr);
    if (m_key)
        m_row[*m_key] = &record.head.key;
    m_last.resize(std::max(m_last.size(), record.fields.size()));
    for (std::size_t i = 0; i < record.fields.size(); ++i) {
        const auto &field = record.fields[i];
        if (!m_last[i] || m_fields[*m_last[i]].path != field.path)
            m_last[i] = columnOf(field.path);
        if (m_last[i])
            m_row[*m_last[i]] = &field.value;
    }
    return m_row;
}

std::optional<std::size_t> RowColumns::columnOf(const FieldPath &path) const
{
    const auto at = std::ranges::lower_bound(
        m_byPath, path, {}, [this](std::size_t field) -> const FieldPath & { return m_fields[field].path; });
    return at != m_byPath.end() && m_fields[*at].path == path ? std::optional(*at) : std::nullopt;
}

} // namespace modelvault
