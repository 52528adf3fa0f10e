#include "export/schema_text.h"

#include "export/value_text.h"
#include "utf8.h"

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>

namespace modelvault {
namespace {

constexpr std::size_t kMostBytes = 60; // of a name

/// Not within a character, where it is text at all.
std::string_view cut(std::string_view text)
{
    return text.size() <= kMostBytes ? text : text.substr(0, validUtf8Prefix(text.substr(0, kMostBytes)));
}

class TypeWriter {
public:
    void add(const FieldType &type)
    {
        if (m_text.size() > kMost) {
            m_text += "…";
            return;
        }
        m_text += typeTagName(std::to_underlying(type.tag));
        switch (type.tag) {
        case TypeTag::Optional:
        case TypeTag::List:
            m_text += '<';
            add(type.inner.front());
            m_text += '>';
            break;
        case TypeTag::Object:
            addAll('{', type.fields, '}', [this](const ObjectField &field) {
                m_text += field.path.text(kMostBytes) + ": ";
                add(field.type);
            });
            break;
        case TypeTag::Enum:
            addAll('(', type.variants, ')', [this](const std::string &variant) { m_text += cut(variant); });
            break;
        default:
            break;
        }
    }

    [[nodiscard]] std::string take() && { return std::move(m_text); }

private:
    static constexpr std::size_t kMost = 200;

    template <class Parts, class Add>
    void addAll(char open, const Parts &parts, char close, const Add &addOne)
    {
        m_text += open;
        for (const auto &part : parts) {
            m_text += &part == &parts.front() ? "" : ", ";
            if (m_text.size() > kMost) {
                m_text += "…";
                break;
            }
            addOne(part);
        }
        m_text += close;
    }

    std::string m_text;
};

struct LimitText {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(std::int64_t it) const { return ' ' + std::to_string(it); }
    std::string operator()(std::uint64_t it) const { return ' ' + std::to_string(it); }
    std::string operator()(double it) const { return ' ' + valueText({it}); }
    std::string operator()(const std::string &it) const
    {
        const auto shown = cut(it);
        return " \"" + std::string(shown) + (shown.size() < it.size() ? "\"…" : "\"");
    }
};

} // namespace

std::string typeText(const FieldType &type)
{
    TypeWriter writer;
    writer.add(type);
    return std::move(writer).take();
}

std::string constraintText(const Constraint &constraint)
{
    return std::string(constraintName(std::to_underlying(constraint.kind))) + std::visit(LimitText{}, constraint.value);
}

} // namespace modelvault
