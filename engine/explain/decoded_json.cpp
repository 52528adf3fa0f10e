#include "explain/decoded_json.h"

#include "export/value_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace modelvault {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kValue = "value"; // what decoders name the values of records

bool isValue(const FieldNode &node)
{
    return node.name == kValue && !node.isLeaf();
}

std::string magicLetters(std::uint64_t value)
{
    std::string letters;
    for (int i = 0; i < 4; ++i)
        letters += static_cast<char>(value >> (8 * i) & 0xFF);
    return letters;
}

Json placeJson(const FieldNode &node, std::string_view what)
{
    return {{"what", what}, {"offset", node.begin.value}, {"length", node.length()}};
}

Json valueJson(const FieldNode &node)
{
    if (!node.valueName.empty())
        return node.valueName;
    struct Make {
        const FieldNode &node;
        Json operator()(std::monostate) const
        {
            return node.kind == FieldKind::None ? Json() : placeJson(node, "nothing");
        }
        Json operator()(bool value) const { return value; }
        Json operator()(std::uint64_t value) const
        {
            return node.kind == FieldKind::Magic ? Json(magicLetters(value)) : Json(value);
        }
        Json operator()(std::int64_t value) const
        {
            return node.kind == FieldKind::Timestamp ? Json(timestampText({value})) : Json(value);
        }
        Json operator()(double value) const { return std::isfinite(value) ? Json(value) : Json(valueText({value})); }
        Json operator()(const std::string &value) const { return value; }
        Json operator()(const UuidBytes &value) const { return uuidText(value); }
        Json operator()(const FirstBytes &value) const
        {
            if (value.isAll())
                return hexDigits(value.bytes);
            auto json = placeJson(node, "bytes");
            json["begins"] = hexDigits(value.bytes);
            return json;
        }
    };
    return std::visit(Make{node}, node.value);
}

class ObjectMaker {
public:
    void add(const FieldNode &node)
    {
        const std::string key(node.label.empty() ? node.name : std::string_view(node.label));
        const auto there = m_object.find(key);
        if (there == m_object.end()) {
            m_object[key] = decodedJson(node);
        } else if (std::ranges::find(m_shared, key) == m_shared.end()) {
            *there = Json::array({std::move(*there), decodedJson(node)});
            m_shared.push_back(key);
        } else {
            there->push_back(decodedJson(node));
        }
    }
    [[nodiscard]] bool isEmpty() const { return m_object.empty(); }
    [[nodiscard]] Json take() && { return std::move(m_object); }

private:
    Json m_object = Json::object();
    std::vector<std::string> m_shared;
};

/// Without what only says how the value is stored.
Json nestedJson(const FieldNode &node)
{
    if (node.kind == FieldKind::Count) {
        auto list = Json::array();
        for (const auto &child : node.children) {
            if (isValue(child) || child.role == FieldNode::Role::More)
                list.push_back(decodedJson(child));
        }
        return list;
    }
    ObjectMaker object;
    for (const auto &child : node.children) {
        if (isValue(child) || child.role == FieldNode::Role::More)
            object.add(child);
    }
    return std::move(object).take();
}

} // namespace

nlohmann::ordered_json decodedJson(const FieldNode &node)
{
    switch (node.role) {
    case FieldNode::Role::Field:
        return valueJson(node);
    case FieldNode::Role::Padding:
        return placeJson(node, "padding");
    case FieldNode::Role::More:
        return placeJson(node, "more");
    case FieldNode::Role::Unexplained:
        return placeJson(node, "unexplained");
    case FieldNode::Role::Structure:
        break;
    }
    const bool saysItself = node.kind == FieldKind::None || node.kind == FieldKind::Bytes
        || (!std::holds_alternative<std::monostate>(node.value) && node.kind != FieldKind::Count);
    if (saysItself)
        return valueJson(node);
    if (isValue(node))
        return nestedJson(node);
    ObjectMaker object;
    ObjectMaker values; // apart: a schema may name its fields as the format does its own
    for (const auto &child : node.children) {
        if (child.role != FieldNode::Role::Padding)
            (isValue(child) && !child.label.empty() ? values : object).add(child);
    }
    auto json = std::move(object).take();
    if (!values.isEmpty())
        json["values"] = std::move(values).take();
    return json;
}

} // namespace modelvault
