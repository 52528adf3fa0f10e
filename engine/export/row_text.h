#pragma once

#include "export/export_sink.h"
#include "export/json_row.h"
#include "format/field_type.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace modelvault {

enum class RowTextFormat : std::uint8_t {
    Csv,       ///< as CsvSink, but for line feeds alone at the ends of lines
    Tsv,       ///< the same with tabs, as spreadsheets take it from a clipboard
    JsonLines, ///< as JsonLinesSink
    JsonArray, ///< the same objects in an array
    Markdown,  ///< a table of GitHub's kind; signs that mean something there are escaped
};

/// Rows as one text for other programs: what is copied.
class RowText {
public:
    /// The fields are the columns, in this order.
    RowText(RowTextFormat format, const std::vector<FieldDefinition> &fields);

    /// A value for each column.
    void add(ExportRow row);
    /// In bytes, so far.
    [[nodiscard]] std::size_t size() const { return m_text.size(); }
    /// Of all rows. Ends it.
    [[nodiscard]] std::string take() &&;

private:
    void addMarkdown(ExportRow row);

    const RowTextFormat m_format;
    const JsonRow m_json;
    std::string m_text;
    bool m_hasRows = false;
};

} // namespace modelvault
