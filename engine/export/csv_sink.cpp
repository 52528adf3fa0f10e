#include "export/csv_sink.h"

#include "export/unique_names.h"
#include "export/value_text.h"

#include <utility>

namespace modelvault {
namespace {

void addField(std::string &line, const std::string &text)
{
    if (!text.empty() && text.find_first_of(",\"\r\n") == std::string::npos) {
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

Result<void> CsvSink::begin(const Collection &collection)
{
    UniqueNames names(UniqueNames::Letters::Differ);
    auto &line = m_file.text();
    const char *separator = "";
    for (const auto &field : collection.current().fields) {
        line += std::exchange(separator, ",");
        addField(line, names.take(field.path.text()));
    }
    line += "\r\n";
    return m_file.written();
}

Result<void> CsvSink::add(ExportRow row)
{
    auto &line = m_file.text();
    const char *separator = "";
    for (const auto *value : row) {
        line += std::exchange(separator, ",");
        if (value != nullptr && heldValue(*value) != nullptr)
            addField(line, valueText(*value));
    }
    line += "\r\n";
    return m_file.written();
}

} // namespace modelvault
