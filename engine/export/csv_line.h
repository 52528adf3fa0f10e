#pragma once

#include "export/export_sink.h"
#include "format/field_type.h"

#include <span>
#include <string>
#include <string_view>

namespace modelvault {

/// How lines of values are told apart. RFC 4180 as it stands; spreadsheets take tabs and line feeds from a clipboard.
struct CsvStyle {
    char separator = ',';
    std::string_view lineEnd = "\r\n";
};

/// The names of columns: paths with dots; one that is there already gets a number: "a.b (2)".
void appendCsvNames(std::string &into, std::span<const FieldDefinition> fields, const CsvStyle &style = {});
/// Values as valueText() has them, in quotes where they hold what ends one. Nothing at all is none; an empty text is
/// two quotes, so that the two can be told apart.
void appendCsvRow(std::string &into, ExportRow row, const CsvStyle &style = {});

} // namespace modelvault
