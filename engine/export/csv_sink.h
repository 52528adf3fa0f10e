#pragma once

#include "export/export_sink.h"
#include "export/text_file.h"

#include <string>

namespace modelvault {

/// Comma-separated values as in RFC 4180: UTF-8, a line of names first, lines end with CR LF.
///
/// A column's name is its path with dots; one that is there already gets a number: "a.b (2)". Values are as
/// valueText() has them: lists and objects as JSON, bytes as hex digits. Nothing at all is none; an empty text is two
/// quotes, so that the two can be told apart.
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
