#include "export/row_text.h"

#include "export/csv_line.h"
#include "export/unique_names.h"
#include "export/value_text.h"

#include <string_view>
#include <utility>

namespace modelvault {
namespace {

constexpr CsvStyle kCommas{.separator = ',', .lineEnd = "\n"};
constexpr CsvStyle kTabs{.separator = '\t', .lineEnd = "\n"};

/// One line, in which nothing is markup but the ends of lines.
std::string escaped(std::string_view text)
{
    constexpr std::string_view kMarkup = "\\`*_[]<>&~|#";
    std::string made;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char sign = text[i];
        if (sign == '\r' && i + 1 < text.size() && text[i + 1] == '\n')
            continue;
        if (sign == '\n' || sign == '\r') {
            made += "<br>";
            continue;
        }
        if (kMarkup.contains(sign))
            made += '\\';
        made += sign;
    }
    return made;
}

bool isNumber(const FieldType &type)
{
    const auto tag = heldType(type).tag;
    return tag == TypeTag::Int64 || tag == TypeTag::Uint64 || tag == TypeTag::Float64;
}

} // namespace

RowText::RowText(RowTextFormat format, const std::vector<FieldDefinition> &fields) : m_format(format), m_json(fields)
{
    switch (format) {
    case RowTextFormat::Csv:
        appendCsvNames(m_text, fields, kCommas);
        break;
    case RowTextFormat::Tsv:
        appendCsvNames(m_text, fields, kTabs);
        break;
    case RowTextFormat::JsonLines:
        break;
    case RowTextFormat::JsonArray:
        m_text = "[";
        break;
    case RowTextFormat::Markdown: {
        UniqueNames names(UniqueNames::Letters::Differ);
        std::string rule;
        for (const auto &field : fields) {
            m_text += "| " + escaped(names.take(field.path.text())) + ' ';
            rule += isNumber(field.type) ? "| ---: " : "| --- ";
        }
        m_text += "|\n" + rule + "|\n";
        break;
    }
    }
}

void RowText::add(ExportRow row)
{
    switch (m_format) {
    case RowTextFormat::Csv:
        appendCsvRow(m_text, row, kCommas);
        break;
    case RowTextFormat::Tsv:
        appendCsvRow(m_text, row, kTabs);
        break;
    case RowTextFormat::JsonLines:
        m_json.append(m_text, row);
        m_text += '\n';
        break;
    case RowTextFormat::JsonArray:
        m_text += m_hasRows ? ",\n  " : "\n  ";
        m_json.append(m_text, row);
        break;
    case RowTextFormat::Markdown:
        addMarkdown(row);
        break;
    }
    m_hasRows = true;
}

void RowText::addMarkdown(ExportRow row)
{
    for (const auto *value : row)
        m_text += "| " + (value != nullptr ? escaped(valueText(*value)) : std::string()) + ' ';
    m_text += "|\n";
}

std::string RowText::take() &&
{
    if (m_format == RowTextFormat::JsonArray)
        m_text += m_hasRows ? "\n]\n" : "]\n";
    return std::move(m_text);
}

} // namespace modelvault
