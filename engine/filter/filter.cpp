#include "filter/filter.h"

#include "filter/filter_lexer.h"
#include "filter/filter_value.h"
#include "format/record.h"
#include "format/segment.h"
#include "printable.h"

#include <algorithm>
#include <cstdint>
#include <format>
#include <optional>
#include <utility>

namespace modelvault {
namespace {

using Code = FilterError::Code;
using Kind = FilterToken::Kind;

bool isOrder(FilterOperator operation)
{
    return operation == FilterOperator::Less || operation == FilterOperator::LessOrEqual
        || operation == FilterOperator::Greater || operation == FilterOperator::GreaterOrEqual;
}

std::optional<std::uint64_t> typeNamed(std::string_view word)
{
    for (std::uint64_t type = 1; type <= kSegmentTypes; ++type) {
        if (isSameWord(filterTypeName(type), word) || isSameWord(segmentTypeNameOf(type), word))
            return type;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> operationNamed(std::string_view word)
{
    for (const std::uint64_t operation : {RecordHead::Insert, RecordHead::Replace, RecordHead::Delete}) {
        if (isSameWord(recordOperationName(operation), word))
            return operation;
    }
    return std::nullopt;
}

/// "ok" and "damaged" are what mvinspect calls them.
std::optional<PayloadState> stateNamed(std::string_view word)
{
    if (isSameWord(word, "good") || isSameWord(word, "ok"))
        return PayloadState::Good;
    if (isSameWord(word, "bad") || isSameWord(word, "damaged"))
        return PayloadState::Bad;
    return std::nullopt;
}

bool isOrdered(const FilterValue &value)
{
    return isNumber(value) || std::holds_alternative<std::string>(value);
}

class Parser {
public:
    explicit Parser(std::string_view text) : m_text(text), m_lexer(text) { advance(); }

    std::expected<Filter, FilterError> run()
    {
        if (m_text.size() > Filter::kMostBytes)
            return std::unexpected(
                FilterError{.code = Code::TooLong, .begin = Filter::kMostBytes, .end = m_text.size()});
        if (m_token.kind == Kind::End)
            return Filter();
        auto root = either();
        if (m_token.kind == Kind::Close)
            fail(Code::ParenthesisUnexpected);
        else if (m_token.kind != Kind::End)
            fail(m_endsWithField ? Code::ComparisonExpected : Code::AndOrExpected);
        if (m_error)
            return std::unexpected(*m_error);
        return Filter(std::move(root));
    }

private:
    void advance()
    {
        m_token = m_error ? FilterToken{} : m_lexer.next();
        if (m_token.kind == Kind::Bad)
            fail(m_token.fault->code);
    }

    /// The first error counts; behind it there is nothing more to read.
    void fail(Code code, std::size_t begin, std::size_t end)
    {
        if (!m_error)
            m_error = FilterError{.code = code, .begin = begin, .end = end, .field = m_field};
        m_token = {};
    }
    void fail(Code code) { fail(code, m_token.begin, m_token.end); }

    [[nodiscard]] std::string_view word(const FilterToken &token) const
    {
        return m_text.substr(token.begin, token.end - token.begin);
    }

    FilterNode either()
    {
        return joined(FilterNode::Kind::Or, Kind::Or, [this] { return both(); });
    }
    FilterNode both()
    {
        return joined(FilterNode::Kind::And, Kind::And, [this] { return single(); });
    }

    template <class Part>
    FilterNode joined(FilterNode::Kind kind, Kind sign, const Part &part)
    {
        auto first = part();
        if (m_token.kind != sign)
            return first;
        FilterNode all{.kind = kind};
        all.parts.push_back(std::move(first));
        while (m_token.kind == sign) {
            advance();
            all.parts.push_back(part());
        }
        return all;
    }

    FilterNode single()
    {
        if (m_token.kind != Kind::Not && m_token.kind != Kind::Open)
            return comparison();
        if (m_nested == Filter::kMostNested) {
            fail(Code::TooDeep);
            return {};
        }
        ++m_nested;
        const bool isNot = m_token.kind == Kind::Not;
        advance();
        FilterNode node;
        if (isNot) {
            node.kind = FilterNode::Kind::Not;
            node.parts.push_back(single());
        } else {
            node = either();
            if (m_token.kind == Kind::Close) {
                advance();
                m_endsWithField = false;
            } else {
                fail(m_token.kind == Kind::End ? Code::ParenthesisExpected
                         : m_endsWithField     ? Code::ComparisonExpected
                                               : Code::AndOrExpected);
            }
        }
        --m_nested;
        return node;
    }

    FilterNode comparison()
    {
        FilterNode node{.kind = FilterNode::Kind::Comparison};
        const auto field = m_token.kind == Kind::Word ? filterFieldNamed(word(m_token)) : std::nullopt;
        if (!field) {
            fail(m_token.kind == Kind::Word ? Code::UnknownField : Code::FieldExpected);
            return node;
        }
        node.field = m_field = *field;
        advance();
        m_endsWithField = m_token.kind != Kind::Comparison;
        if (m_endsWithField)
            return node;
        const auto sign = m_token;
        node.operation = sign.comparison;
        if (isOrder(sign.comparison) && !hasOrder(*field))
            fail(Code::NoOrder);
        else if (sign.comparison == FilterOperator::Contains && !isText(*field))
            fail(Code::NotText);
        advance();
        if (sign.comparison == FilterOperator::In)
            ranges(node.values);
        else
            node.values = {single(sign)};
        return node;
    }

    FilterRange single(const FilterToken &sign)
    {
        const auto place = m_token;
        auto value = this->value();
        if (sign.comparison == FilterOperator::Contains && m_field == FilterField::Key)
            value = filterText(value); // of keys of any type
        else if (sign.comparison == FilterOperator::Contains && !std::holds_alternative<std::string>(value))
            fail(Code::TextExpected, place.begin, place.end);
        if (isOrder(sign.comparison) && !isOrdered(value))
            fail(Code::NoOrder, sign.begin, sign.end);
        return {.first = value, .last = value};
    }

    void ranges(std::vector<FilterRange> &into)
    {
        if (m_token.kind != Kind::OpenBrace) {
            into.push_back(range());
            return;
        }
        do {
            advance();
            into.push_back(range());
        } while (m_token.kind == Kind::Comma);
        if (m_token.kind == Kind::CloseBrace)
            advance();
        else
            fail(Code::CommaOrBraceExpected);
    }

    FilterRange range()
    {
        const auto begin = m_token.begin;
        const auto first = value();
        if (m_token.kind != Kind::DotDot)
            return {.first = first, .last = first};
        if (!hasOrder(m_field) || !isOrdered(first))
            fail(Code::NoOrder);
        advance();
        const auto end = m_token.end;
        auto last = value();
        if (const auto order = compare(first, last); order == std::partial_ordering::unordered)
            fail(Code::RangeOfTwoKinds, begin, end);
        else if (order > 0)
            fail(Code::RangeBackwards, begin, end);
        return {.first = first, .last = std::move(last)};
    }

    FilterValue value()
    {
        const auto token = m_token;
        const bool isWord = token.kind == Kind::Word;
        if (!isWord && token.kind != Kind::Text && token.kind != Kind::Number) {
            fail(Code::ValueExpected);
            return {};
        }
        advance();
        const auto text = isWord       ? std::string(word(token))
            : token.kind == Kind::Text ? std::get<std::string>(token.value)
                                       : std::string();
        const auto refuse = [&](Code code) {
            m_error.reset(); // of the token behind: this one stands before it
            fail(code, token.begin, token.end);
            return FilterValue();
        };
        const auto *whole = token.kind == Kind::Number ? std::get_if<std::uint64_t>(&token.value) : nullptr;
        const auto named = [&](const auto &byName, Code code) {
            const auto known = token.kind != Kind::Number ? byName(text) : std::nullopt;
            return known ? FilterValue(*known) : refuse(code);
        };
        switch (m_field) {
        case FilterField::Number:
        case FilterField::Offset:
        case FilterField::Length:
        case FilterField::Transaction:
            return whole != nullptr ? FilterValue(*whole) : refuse(Code::WholeNumberExpected);
        case FilterField::Type:
            return whole != nullptr && *whole >= 1 && *whole <= kSegmentTypes ? FilterValue(*whole)
                                                                              : named(typeNamed, Code::UnknownType);
        case FilterField::Operation:
            return whole != nullptr && *whole <= UINT8_MAX ? FilterValue(*whole)
                                                           : named(operationNamed, Code::UnknownOperation);
        case FilterField::Crc:
            return whole != nullptr ? FilterValue(*whole) : named(stateNamed, Code::UnknownCrc);
        case FilterField::Collection:
            if (token.kind == Kind::Number && whole == nullptr)
                return refuse(Code::TextOrIdExpected);
            break;
        case FilterField::Key:
            if (isWord && (isSameWord(text, "true") || isSameWord(text, "false")))
                return isSameWord(text, "true");
            break;
        }
        return token.kind == Kind::Number ? token.value : FilterValue(text);
    }

    const std::string_view m_text;
    FilterLexer m_lexer;
    FilterToken m_token;
    FilterField m_field = FilterField::Number; // of the comparison at hand
    bool m_endsWithField = false;              // what was read last is a field alone
    int m_nested = 0;
    std::optional<FilterError> m_error;
};

// --- Text ---

std::string valueText(FilterField field, const FilterValue &value)
{
    struct Text {
        FilterField field;
        std::string operator()(std::uint64_t it) const
        {
            if (field == FilterField::Offset || field == FilterField::Crc)
                return std::format("{:#x}", it);
            const auto name = field == FilterField::Type ? filterTypeName(it)
                : field == FilterField::Operation        ? recordOperationName(it)
                                                         : std::string_view();
            return name.empty() ? std::to_string(it) : std::string(name);
        }
        std::string operator()(std::int64_t it) const { return std::to_string(it); }
        std::string operator()(double it) const
        {
            auto text = std::format("{}", it);
            return text.find_first_of(".e") == std::string::npos ? text + ".0" : text; // else it is a whole number
        }
        std::string operator()(const std::string &it) const { return quotedForFilter(it); }
        std::string operator()(bool it) const { return it ? "true" : "false"; }
        std::string operator()(PayloadState it) const { return it == PayloadState::Good ? "good" : "bad"; }
    };
    return std::visit(Text{field}, value);
}

std::string_view operatorText(FilterOperator operation)
{
    switch (operation) {
    case FilterOperator::Exists:
        break;
    case FilterOperator::Equal:
        return "==";
    case FilterOperator::NotEqual:
        return "!=";
    case FilterOperator::Less:
        return "<";
    case FilterOperator::LessOrEqual:
        return "<=";
    case FilterOperator::Greater:
        return ">";
    case FilterOperator::GreaterOrEqual:
        return ">=";
    case FilterOperator::Contains:
        return "contains";
    case FilterOperator::In:
        return "in";
    }
    return {};
}

std::string comparisonText(const FilterNode &node)
{
    std::string text(filterFieldName(node.field));
    if (node.operation == FilterOperator::Exists)
        return text;
    text += std::format(" {} ", operatorText(node.operation));
    if (node.operation != FilterOperator::In)
        return text + valueText(node.field, node.values.front().first);
    text += '{';
    for (const auto &range : node.values) {
        text += (&range == node.values.data() ? "" : ", ") + valueText(node.field, range.first);
        if (range.first != range.last)
            text += ".." + valueText(node.field, range.last);
    }
    return text + '}';
}

std::string nodeText(const FilterNode &node)
{
    if (node.kind == FilterNode::Kind::Comparison)
        return comparisonText(node);
    std::string text = node.kind == FilterNode::Kind::Not ? "not " : "";
    for (const auto &part : node.parts) {
        if (&part != node.parts.data())
            text += node.kind == FilterNode::Kind::And ? " and " : " or ";
        const bool isLooser = part.kind == FilterNode::Kind::Or
            || (part.kind == FilterNode::Kind::And && node.kind != FilterNode::Kind::Or);
        text += isLooser ? '(' + nodeText(part) + ')' : nodeText(part);
    }
    return text;
}

/// Whether some comparison below is one of those.
bool anyComparison(const FilterNode &node, const auto &isOne)
{
    if (node.kind == FilterNode::Kind::Comparison)
        return isOne(node);
    return std::ranges::any_of(node.parts, [&isOne](const FilterNode &part) { return anyComparison(part, isOne); });
}

template <class T>
bool anyValueIs(const FilterNode &node)
{
    return std::ranges::any_of(node.values,
                               [](const FilterRange &range) { return std::holds_alternative<T>(range.first); });
}

} // namespace

std::string_view filterFieldName(FilterField field)
{
    switch (field) {
    case FilterField::Number:
        return "number";
    case FilterField::Offset:
        return "offset";
    case FilterField::Length:
        return "length";
    case FilterField::Type:
        return "type";
    case FilterField::Transaction:
        return "transaction";
    case FilterField::Collection:
        return "collection";
    case FilterField::Operation:
        return "operation";
    case FilterField::Key:
        return "key";
    case FilterField::Crc:
        return "crc";
    }
    return {};
}

std::optional<FilterField> filterFieldNamed(std::string_view word)
{
    if (isSameWord(word, "txn"))
        return FilterField::Transaction;
    const auto found = std::ranges::find_if(
        kFilterFields, [word](FilterField field) { return isSameWord(filterFieldName(field), word); });
    return found != kFilterFields.end() ? std::optional(*found) : std::nullopt;
}

bool hasOrder(FilterField field)
{
    return field != FilterField::Type && field != FilterField::Operation && field != FilterField::Collection;
}

bool isText(FilterField field)
{
    return field == FilterField::Collection || field == FilterField::Key;
}

std::string_view filterTypeName(std::uint64_t type)
{
    auto name = segmentTypeNameOf(type);
    if (constexpr std::string_view kPrefix = "txn_"; name.starts_with(kPrefix))
        name.remove_prefix(kPrefix.size());
    return name;
}

bool FilterNode::operator==(const FilterNode &other) const = default;

std::expected<Filter, FilterError> Filter::parse(std::string_view text)
{
    return Parser(text).run();
}

std::string Filter::text() const
{
    return nodeText(m_root);
}

bool Filter::asksFor(FilterField field) const
{
    return anyComparison(m_root, [field](const FilterNode &node) { return node.field == field; });
}

bool Filter::asksForNames() const
{
    return anyComparison(m_root, [](const FilterNode &node) {
        return node.field == FilterField::Collection && anyValueIs<std::string>(node);
    });
}

bool Filter::asksForPayloadState() const
{
    return anyComparison(m_root, [](const FilterNode &node) { return anyValueIs<PayloadState>(node); });
}

std::string quotedForFilter(std::string_view text)
{
    std::string quoted = "\"";
    for (const char c : printable(text)) // in which a backslash is escaped already
        quoted += c == '"' ? std::string("\\\"") : std::string(1, c);
    return quoted + '"';
}

} // namespace modelvault
