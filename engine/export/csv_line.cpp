#include "export/csv_line.h"

#include "export/unique_names.h"
#include "export/value_text.h"

#include <algorithm>

namespace modelvault {
namespace {

void addField(std::string &line, const std::string &text, char separator)
{
    const auto endsOne = [separator](char sign) {
        return sign == separator || sign == '"' || sign == '\r' || sign == '\n';
    };
    if (!text.empty() && std::ranges::none_of(text, endsOne)) {
        line += text;
        return;
    }
    line += '"';
    for (const char sign : text) {
        if (sign == '"')
            line += '"';
        line += sign;
    }
    line += '"';
}

} // namespace

void appendCsvNames(std::string &into, std::span<const FieldDefinition> fields, const CsvStyle &style)
{
    UniqueNames names(UniqueNames::Letters::Differ);
    for (const auto &field : fields) {
        if (&field != &fields.front())
            into += style.separator;
        addField(into, names.take(field.path.text()), style.separator);
    }
    into += style.lineEnd;
}

void appendCsvRow(std::string &into, ExportRow row, const CsvStyle &style)
{
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (i > 0)
            into += style.separator;
        if (row[i] != nullptr && heldValue(*row[i]) != nullptr)
            addField(into, valueText(*row[i]), style.separator);
    }
    into += style.lineEnd;
}

} // namespace modelvault
