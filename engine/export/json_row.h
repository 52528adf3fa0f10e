#pragma once

#include "export/export_sink.h"

#include <cstddef>
#include <string>
#include <vector>

namespace modelvault {

/// Rows as JSON objects, in which fields with longer paths lie in nested ones: {"title": "Dune", "author": {"name":
/// …}}. Numbers are numbers with all their digits: integers beyond 2^53 too, which some readers round. Else values are
/// as jsonText() has them, and null where the row says nothing.
class JsonRow {
public:
    /// Keeps no reference.
    explicit JsonRow(const std::vector<FieldDefinition> &fields);

    void append(std::string &into, ExportRow row) const;

private:
    struct Part {
        std::string before; ///< braces and names
        std::size_t field;
    };

    void addObject(const std::vector<FieldDefinition> &fields, const std::vector<std::size_t> &members,
                   std::size_t depth);

    std::vector<Part> m_parts;
    std::string m_pending; // becomes what stands before the next part; in the end, what is behind the last
};

} // namespace modelvault
