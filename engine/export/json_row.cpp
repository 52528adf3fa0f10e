#include "export/json_row.h"

#include "export/value_text.h"

#include <cstdint>
#include <limits>
#include <map>
#include <utility>

namespace modelvault {

std::string indentedJson(std::string_view json)
{
    std::string text;
    std::size_t depth = 0;
    const auto newLine = [&] { text.append(1, '\n').append(2 * depth, ' '); };
    bool isQuoted = false;
    bool isEscaped = false;
    char last = 0; // that is no space
    for (const char sign : json) {
        if (isQuoted) {
            text += sign;
            isQuoted = isEscaped || sign != '"';
            isEscaped = sign == '\\' && !isEscaped;
            last = sign;
            continue;
        }
        if (sign == ' ' || sign == '\n')
            continue;
        const bool closes = sign == ']' || sign == '}';
        const bool isInEmpty = closes && (last == '[' || last == '{');
        if (closes)
            --depth;
        if (last == ',' || ((last == '[' || last == '{' || closes) && !isInEmpty))
            newLine();
        if (last == ':')
            text += ' ';
        text += sign;
        if (sign == '[' || sign == '{')
            ++depth;
        isQuoted = sign == '"';
        last = sign;
    }
    return text;
}

JsonRow::JsonRow(const std::vector<FieldDefinition> &fields)
{
    // Records have no place for values of longer paths.
    constexpr std::size_t kLongest = std::numeric_limits<std::uint8_t>::max();
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].path.segments.size() <= kLongest)
            members.push_back(i);
    }
    addObject(fields, members, 0);
}

void JsonRow::addObject(const std::vector<FieldDefinition> &fields, const std::vector<std::size_t> &members,
                        std::size_t depth)
{
    std::vector<SharedText> names; // in the order of the schema
    std::map<SharedText, std::vector<std::size_t>> groups;
    for (const auto member : members) {
        const auto &name = fields[member].path.segments[depth];
        auto &group = groups[name];
        if (group.empty())
            names.push_back(name);
        group.push_back(member);
    }
    m_pending += '{';
    const char *separator = "";
    for (const auto &name : names) {
        m_pending += std::exchange(separator, ", ");
        m_pending += jsonText({name.str()}) + ": ";
        const auto &group = groups[name];
        // No path of a schema is the beginning of another.
        if (fields[group.front()].path.segments.size() == depth + 1)
            m_parts.push_back({.before = std::exchange(m_pending, {}), .field = group.front()});
        else
            addObject(fields, group, depth + 1);
    }
    m_pending += '}';
}

void JsonRow::append(std::string &into, ExportRow row) const
{
    for (const auto &part : m_parts) {
        into += part.before;
        into += row[part.field] != nullptr ? jsonText(*row[part.field]) : "null";
    }
    into += m_pending;
}

} // namespace modelvault
