#include "explain/field_tree.h"

#include "format/field_type.h"
#include "utf8.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace modelvault {
namespace {

/// Says how the node stands to its rule.
void weigh(FieldNode &node)
{
    bool kept = true;
    if (node.rule.kind == Rule::Kind::Utf8) {
        const auto *text = std::get_if<std::string>(&node.value);
        kept = text == nullptr || validUtf8Prefix(*text) == text->size();
    } else if (const auto *number = std::get_if<std::uint64_t>(&node.value); number && !node.rule.allows(*number)) {
        kept = false;
        node.expected = *number < node.rule.lowest ? node.rule.lowest : node.rule.highest;
        node.found = *number;
    }
    if (node.rule.kind == Rule::Kind::None || !node.rule.isChecked)
        node.verdict = Verdict::NotChecked;
    else
        node.verdict = kept ? Verdict::Right : Verdict::Wrong;
}

template <class Node>
std::vector<Node *> path(Node &node, Offset offset)
{
    std::vector<Node *> nodes;
    for (Node *at = &node; at != nullptr && at->holds(offset);) {
        nodes.push_back(at);
        const auto child = std::ranges::upper_bound(at->children, offset, {}, &FieldNode::end);
        at = child != at->children.end() ? &*child : nullptr;
    }
    return nodes;
}

void setFault(FieldNode &node, const Error &error)
{
    node.verdict = Verdict::Wrong;
    node.expected = error.expected;
    node.found = error.found;
    node.error = error.code;
}

/// The outermost of a path's nodes that begins there, or the leaf.
FieldNode *firstBeginningAt(const std::vector<FieldNode *> &nodes, Offset offset)
{
    const auto found = std::ranges::find_if(nodes, [offset](const FieldNode *node) { return node->begin == offset; });
    return found != nodes.end() ? *found : nodes.back();
}

/// The leaf without bytes at `offset`, or null: a field of which nothing is there.
FieldNode *emptyLeafAt(FieldNode &node, Offset offset)
{
    for (auto &child : node.children) {
        if (child.isLeaf() ? child.begin == offset && child.end == offset && child.verdict == Verdict::Wrong
                           : child.begin <= offset && offset <= child.end) {
            auto *found = child.isLeaf() ? &child : emptyLeafAt(child, offset);
            if (found != nullptr)
                return found;
        }
    }
    return nullptr;
}

} // namespace

std::string_view verdictName(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Right:
        return "right";
    case Verdict::Wrong:
        return "wrong";
    case Verdict::NotChecked:
        return "not_checked";
    }
    return {};
}

std::string_view roleName(FieldNode::Role role)
{
    switch (role) {
    case FieldNode::Role::Structure:
        return "structure";
    case FieldNode::Role::Field:
        return "field";
    case FieldNode::Role::Padding:
        return "padding";
    case FieldNode::Role::More:
        return "more";
    case FieldNode::Role::Unexplained:
        return "unexplained";
    }
    return {};
}

bool FieldNode::isNoKey() const
{
    return rule.kind == Rule::Kind::Key && rule.lowest != std::to_underlying(TypeTag::Bytes)
        && std::holds_alternative<FirstBytes>(value);
}

std::optional<Offset> FieldNode::target() const
{
    const auto *place = std::get_if<std::uint64_t>(&value);
    if (kind != FieldKind::Place || place == nullptr || *place == 0)
        return std::nullopt;
    return Offset{*place};
}

std::vector<const FieldNode *> pathTo(const FieldNode &node, Offset offset)
{
    return path(node, offset);
}

std::vector<FieldNode *> pathTo(FieldNode &node, Offset offset)
{
    return path(node, offset);
}

void markFault(FieldNode &node, const Error &error)
{
    node.error = error.code;
    if (auto *empty = emptyLeafAt(node, error.offset)) {
        setFault(*empty, error);
        return;
    }
    const auto nodes = path(node, error.offset);
    if (nodes.empty())
        return;
    // A field that breaks its own rule is what is wrong; else it is all that begins there.
    auto *wrong = nodes.back();
    if (wrong->verdict != Verdict::Wrong)
        wrong = firstBeginningAt(nodes, error.offset);
    for (auto *around : nodes) {
        around->error = error.code;
        if (around == wrong)
            break;
    }
    setFault(*wrong, error);
}

FieldTreeBuilder::FieldTreeBuilder(std::string_view name, Offset begin, const ExplainFocus &focus, std::size_t &budget)
    : m_focus(focus),
      m_budget(budget),
      m_at(begin)
{
    m_open.push_back({.name = name, .begin = begin, .end = begin});
}

FieldNode FieldTreeBuilder::finish(Offset end) &&
{
    assert(m_open.size() == 1);
    if (m_at < end) {
        m_open.front().children.push_back(
            {.role = FieldNode::Role::Unexplained, .name = "unexplained", .begin = m_at, .end = end});
        m_at = end;
    }
    m_open.front().end = end;
    if (m_fault)
        markFault(m_open.front(), *m_fault);
    return std::move(m_open.front());
}

void FieldTreeBuilder::field(const Field &field, Offset begin, Offset end, FieldValue value)
{
    FieldNode node{.role = FieldNode::Role::Field,
                   .kind = field.kind,
                   .name = field.name,
                   .begin = begin,
                   .end = end,
                   .value = std::move(value),
                   .rule = field.rule};
    weigh(node);
    if (const auto *number = std::get_if<std::uint64_t>(&node.value)) {
        if (field.nameOf != nullptr)
            node.valueName = field.nameOf(*number);
        if (field.kind == FieldKind::Bool)
            node.value = *number != 0;
    }
    add(std::move(node));
}

void FieldTreeBuilder::padding(const Field &field, Offset begin, Offset end, std::span<const std::byte> bytes)
{
    const auto nonZero = nonZeroBytes(bytes);
    add({.role = FieldNode::Role::Padding,
         .kind = FieldKind::Bytes,
         .name = field.name,
         .begin = begin,
         .end = end,
         .value = nonZero > 0 ? FieldValue(FirstBytes::of(bytes)) : FieldValue(),
         .rule = field.rule,
         .found = nonZero});
}

void FieldTreeBuilder::missing(const Field &field, Offset begin, std::uint64_t wanted, std::uint64_t there)
{
    add({.role = FieldNode::Role::Unexplained,
         .kind = FieldKind::Bytes,
         .name = field.name,
         .begin = begin,
         .end = begin + there,
         .verdict = Verdict::Wrong,
         .expected = wanted,
         .found = there});
}

void FieldTreeBuilder::judge(const Rule &rule)
{
    auto &node = m_open.back().children.back();
    node.rule = rule;
    weigh(node);
}

void FieldTreeBuilder::open(std::string_view name)
{
    // A decoder closes a group also where std::bad_alloc ends it, so its place is made here: close() never throws.
    auto &siblings = m_open.back().children;
    if (siblings.size() == siblings.capacity())
        siblings.reserve(std::max<std::size_t>(2 * siblings.size(), 4));
    m_open.push_back({.name = name, .begin = m_at, .end = m_at});
}

void FieldTreeBuilder::close()
{
    assert(m_open.size() > 1);
    auto node = std::move(m_open.back());
    m_open.pop_back();
    node.end = m_at;
    if (m_budget == 0 && node.children.empty())
        return;
    // Nothing of it is shown: neither is it.
    if (node.children.size() == 1 && node.children.front().role == FieldNode::Role::More) {
        auto more = std::move(node.children.front());
        node = std::move(more);
    } else {
        m_budget -= std::min<std::size_t>(m_budget, 1);
    }
    auto &siblings = m_open.back().children;
    if (node.role == FieldNode::Role::More && !siblings.empty() && siblings.back().role == FieldNode::Role::More)
        siblings.back().end = node.end;
    else
        siblings.push_back(std::move(node));
}

void FieldTreeBuilder::label(std::string_view text)
{
    auto &label = m_open.back().label;
    label = text.substr(0, kLabelBytes);
    if (label.size() == text.size())
        return;
    label.resize(validUtf8Prefix(label));
    label += "…";
}

void FieldTreeBuilder::value(FieldKind kind, FieldValue value)
{
    m_open.back().kind = kind;
    m_open.back().value = std::move(value);
}

void FieldTreeBuilder::add(FieldNode node)
{
    assert(node.begin == m_at);
    m_at = node.end;
    auto &siblings = m_open.back().children;
    // What is wrong is always shown.
    const bool hides = m_budget == 0 && node.role == FieldNode::Role::Field && node.verdict != Verdict::Wrong
        && !m_focus.meets(node.begin, node.end);
    if (!hides) {
        m_budget -= std::min<std::size_t>(m_budget, 1);
        siblings.push_back(std::move(node));
    } else if (!siblings.empty() && siblings.back().role == FieldNode::Role::More) {
        siblings.back().end = node.end;
    } else {
        siblings.push_back({.role = FieldNode::Role::More, .name = "more", .begin = node.begin, .end = node.end});
    }
}

} // namespace modelvault
