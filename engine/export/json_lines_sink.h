#pragma once

#include "export/export_sink.h"
#include "export/json_row.h"
#include "export/text_file.h"

#include <optional>

namespace modelvault {

/// A JSON object a line, each a row as JsonRow has it; UTF-8, lines end with LF.
class JsonLinesSink final : public ExportSink {
public:
    /// Borrows the file.
    explicit JsonLinesSink(const FileHandle &file) : m_file(file) { }

    [[nodiscard]] Result<void> begin(const Collection &collection) override
    {
        m_row.emplace(collection.current().fields);
        return {};
    }
    [[nodiscard]] Result<void> add(ExportRow row) override
    {
        m_row->append(m_file.text(), row);
        m_file.text() += '\n';
        return m_file.written();
    }
    [[nodiscard]] Result<void> finish() override { return m_file.flush(); }

private:
    TextFile m_file;
    std::optional<JsonRow> m_row; // of the collection
};

} // namespace modelvault
