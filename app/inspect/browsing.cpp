#include "browsing.h"

#include "words.h"

#include "export/value_text.h"
#include "printable.h"

#include <algorithm>
#include <format>
#include <utility>
#include <variant>

namespace modelvault::inspect {
namespace {

constexpr std::size_t kMostBytes = 60; // as inQuotes()

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
                m_text += pathText(field.path) + ": ";
                add(field.type);
            });
            break;
        case TypeTag::Enum:
            addAll('(', type.variants, ')', [this](const std::string &variant) {
                m_text += printable(std::string_view(variant).substr(0, kMostBytes));
            });
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

} // namespace

std::optional<Inspected> inspectRows(const Options &options, Output output)
{
    auto inspected = inspectFile(options, Depth::Rows);
    if (!inspected) {
        cannot(options, inspected.error(), output);
        return std::nullopt;
    }
    noteBadHeader(options, inspected->snapshot->head, output.err);
    noteMissingLock(options, inspected->database, output.err);
    return *std::move(inspected);
}

const Collection *collectionNamed(const Options &options, const Inspected &inspected, const std::string &name,
                                  Output output)
{
    constexpr std::size_t kMostTold = 20;
    const auto &collections = inspected.snapshot->catalog->catalog().collections();
    const auto found = std::ranges::find_if(collections, [&name](const auto &it) { return it.second.name == name; });
    if (found != collections.end())
        return &found->second;
    std::string there;
    std::size_t told = 0;
    for (const auto &[id, collection] : collections) {
        there += (there.empty() ? "" : ", ") + (told == kMostTold ? "…" : inQuotes(collection.name));
        if (told++ == kMostTold)
            break;
    }
    cannot(options,
           "there is no collection " + inQuotes(name) + (there.empty() ? ", nor any other" : "; there are: " + there),
           output);
    return nullptr;
}

std::string typeText(const FieldType &type)
{
    TypeWriter writer;
    writer.add(type);
    return std::move(writer).take();
}

std::string constraintText(const Constraint &constraint)
{
    struct Text {
        std::string operator()(std::monostate) const { return {}; }
        std::string operator()(std::int64_t it) const { return std::format(" {}", it); }
        std::string operator()(std::uint64_t it) const { return std::format(" {}", it); }
        std::string operator()(double it) const { return " " + valueText({it}); }
        std::string operator()(const std::string &it) const { return " " + inQuotes(it); }
    };
    return std::string(constraintName(std::to_underlying(constraint.kind))) + std::visit(Text{}, constraint.value);
}

std::string indexText(const IndexDefinition &index)
{
    return std::format("{} {} ({})", indexKindName(std::to_underlying(index.kind)), printable(index.name),
                       pathText(index.path));
}

std::string pathText(const FieldPath &path)
{
    constexpr std::size_t kMost = 200;
    return printable(path.text(kMost));
}

std::string shortText(const Value *value)
{
    value = value != nullptr ? heldValue(*value) : nullptr;
    if (value == nullptr)
        return "none";
    if (const auto *text = std::get_if<std::string>(&value->data))
        return inQuotes(*text);
    const auto text = valueText(*value, kMostBytes + 1);
    if (text.size() <= kMostBytes)
        return printable(text);
    return printable(valueText(*value, kMostBytes)) + "…";
}

Result<std::string> transactionText(const Inspected &inspected, const Segment &segment)
{
    if (!segment.transaction)
        return "no transaction";
    return inspected.log().transaction(*segment.transaction).transform([](const Transaction &transaction) {
        return std::format("transaction {} (id {})", transaction.no.value, transaction.id);
    });
}

} // namespace modelvault::inspect
