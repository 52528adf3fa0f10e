#pragma once

#include "export/export_sink.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace modelvault {

/// JSON with each member and element on a line of its own, indented by two spaces a level; else unchanged.
[[nodiscard]] std::string indentedJson(std::string_view json);

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
