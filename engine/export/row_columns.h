#pragma once

#include "database/catalog.h"
#include "export/export_sink.h"
#include "format/record.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace modelvault {

/// Sorts what records say into the fields of a collection's current schema version. Records of other versions give what
/// they hold under the same path, of whatever type; fields that are no more have no place.
class RowColumns {
public:
    /// Borrows the collection.
    explicit RowColumns(const Collection &collection);

    /// Borrowed from the record; valid until the next call.
    [[nodiscard]] ExportRow of(const Record &record);

private:
    [[nodiscard]] std::optional<std::size_t> columnOf(const FieldPath &path) const;

    const std::vector<FieldDefinition> &m_fields;
    std::optional<std::size_t> m_key;
    std::vector<std::size_t> m_byPath; // places in m_fields
    std::vector<std::optional<std::size_t>>
        m_last; // where the fields of the record before went: those of the next do too
    std::vector<const Value *> m_row;
};

} // namespace modelvault
