#pragma once

#include "export/export_sink.h"
#include "export/text_file.h"

#include <string>

namespace modelvault {

/// Comma-separated values as in RFC 4180: UTF-8, a line of names first, lines end with CR LF.
///
/// Names and values are those of csv_line.h: lists and objects as JSON, bytes as hex digits.
///
/// Text stays as it is, also where it begins with "=", "+", "-" or "@": a spreadsheet takes that for a formula. Who
/// opens an export in one imports the columns as text.
class CsvSink final : public ExportSink {
public:
    /// Borrows the file.
    explicit CsvSink(const FileHandle &file) : m_file(file) { }

    [[nodiscard]] Result<void> begin(const Collection &collection) override;
    [[nodiscard]] Result<void> add(ExportRow row) override;
    [[nodiscard]] Result<void> finish() override { return m_file.flush(); }

private:
    TextFile m_file;
};

} // namespace modelvault
