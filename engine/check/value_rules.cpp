#include "check/value_rules.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <utility>

namespace modelvault {
namespace {

constexpr std::int64_t kRegexMemory = 1 << 20;
constexpr int kMostRegexSteps = 4000;
constexpr std::size_t kSubjectBytes = 256;

bool hasEnum(const FieldType &type)
{
    return type.tag == TypeTag::Enum || std::ranges::any_of(type.inner, hasEnum)
        || std::ranges::any_of(type.fields, [](const ObjectField &field) { return hasEnum(field.type); });
}

/// Whether each enum in the value is one of its variants.
bool keepsEnums(const FieldType &type, const Value &value)
{
    if (const auto *text = std::get_if<std::string>(&value.data))
        return type.tag != TypeTag::Enum || std::ranges::contains(type.variants, *text);
    if (const auto *optional = std::get_if<OptionalValue>(&value.data))
        return std::ranges::all_of(optional->held,
                                   [&](const Value &held) { return keepsEnums(type.inner.front(), held); });
    if (const auto *list = std::get_if<ListValue>(&value.data))
        return std::ranges::all_of(list->values, [&](const Value &one) { return keepsEnums(type.inner.front(), one); });
    if (const auto *object = std::get_if<ObjectValue>(&value.data)) {
        for (std::size_t i = 0; i < object->members.size(); ++i)
            if (!keepsEnums(type.fields[i].type, object->members[i].value))
                return false;
    }
    return true;
}

struct Lengths {
    std::uint64_t shortest; // of the ways to count
    std::uint64_t longest;
};

std::optional<Lengths> lengthsOf(const Value &value)
{
    if (const auto *text = std::get_if<std::string>(&value.data)) {
        const auto characters =
            std::ranges::count_if(*text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; });
        return Lengths{.shortest = static_cast<std::uint64_t>(characters), .longest = text->size()};
    }
    if (const auto *bytes = std::get_if<Value::Bytes>(&value.data))
        return Lengths{.shortest = bytes->size(), .longest = bytes->size()};
    if (const auto *list = std::get_if<ListValue>(&value.data))
        return Lengths{.shortest = list->values.size(), .longest = list->values.size()};
    return std::nullopt;
}

bool looksLikeEmail(std::string_view text)
{
    const auto at = text.rfind('@');
    return at != std::string_view::npos && at > 0 && at + 1 < text.size();
}

bool looksLikeUrl(std::string_view text)
{
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon + 1 == text.size())
        return false;
    const auto scheme = text.substr(0, colon);
    return !scheme.empty() && std::isalpha(static_cast<unsigned char>(scheme.front())) != 0
        && std::ranges::all_of(
            scheme, [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.'; });
}

/// A limit is one for values of its own type.
template <class Number>
bool isWithin(const Value &value, const Constraint &constraint, bool isMinimum)
{
    const auto *number = std::get_if<Number>(&value.data);
    const auto *limit = std::get_if<Number>(&constraint.value);
    if (number == nullptr || limit == nullptr)
        return true;
    return isMinimum ? !(*number < *limit) : !(*number > *limit);
}

bool keeps(const Value &value, const Constraint &constraint, const re2::RE2 *regex)
{
    const auto *text = std::get_if<std::string>(&value.data);
    const auto *limit = std::get_if<std::uint64_t>(&constraint.value);
    const auto lengths = lengthsOf(value);
    switch (constraint.kind) {
    case ConstraintKind::MinInt64:
        return isWithin<std::int64_t>(value, constraint, true);
    case ConstraintKind::MaxInt64:
        return isWithin<std::int64_t>(value, constraint, false);
    case ConstraintKind::MinUint64:
        return isWithin<std::uint64_t>(value, constraint, true);
    case ConstraintKind::MaxUint64:
        return isWithin<std::uint64_t>(value, constraint, false);
    case ConstraintKind::MinFloat64:
        return isWithin<double>(value, constraint, true);
    case ConstraintKind::MaxFloat64:
        return isWithin<double>(value, constraint, false);
    case ConstraintKind::MinLength:
        return !lengths || limit == nullptr || lengths->longest >= *limit;
    case ConstraintKind::MaxLength:
        return !lengths || limit == nullptr || lengths->shortest <= *limit;
    case ConstraintKind::Regex:
        return text == nullptr || regex == nullptr || RE2::PartialMatch(*text, *regex);
    case ConstraintKind::Email:
        return text == nullptr || looksLikeEmail(*text);
    case ConstraintKind::Url:
        return text == nullptr || looksLikeUrl(*text);
    case ConstraintKind::NotEmpty:
        return !lengths || lengths->longest > 0;
    }
    return true;
}

std::string subjectOf(const FieldPath &path, std::string_view rule)
{
    return path.text(kSubjectBytes).append(": ").append(rule);
}

} // namespace

ValueRules::ValueRules(std::span<const FieldDefinition> fields, const std::string &primaryField,
                       std::size_t &regexBudget)
{
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kRegexMemory);
    options.set_never_capture(true);
    for (const auto &field : fields) {
        FieldRules rules{.field = &field, .hasEnum = hasEnum(field.type), .regexes = {}};
        for (const auto &constraint : field.constraints) {
            auto &regex = rules.regexes.emplace_back();
            const auto *pattern = std::get_if<std::string>(&constraint.value);
            if (pattern == nullptr)
                continue;
            if (regexBudget > 0) {
                --regexBudget;
                regex = std::make_unique<re2::RE2>(*pattern, options);
            }
            if (regex == nullptr || !regex->ok() || regex->ProgramSize() > kMostRegexSteps) {
                regex = nullptr;
                m_unchecked.push_back({.code = ErrorCode::ConstraintNotChecked,
                                       .subject = subjectOf(field.path, pattern->substr(0, kSubjectBytes)),
                                       .path = field.path,
                                       .constraint = constraint.kind});
            }
        }
        if (!rules.hasEnum && field.constraints.empty())
            continue;
        if (field.path.is(primaryField))
            m_primary = &field;
        m_fields.push_back(std::move(rules));
    }
    std::ranges::sort(m_fields, {}, [](const FieldRules &rules) -> const FieldPath & { return rules.field->path; });
}

ValueRules::~ValueRules() = default;
ValueRules::ValueRules(ValueRules &&) noexcept = default;

std::vector<RuleBreach> ValueRules::breaches(const Record &record) const
{
    std::vector<RuleBreach> found;
    if (m_fields.empty())
        return found;
    const auto rulesFor = [this](const FieldPath &path) -> const FieldRules * {
        const auto at = std::ranges::lower_bound(
            m_fields, path, {}, [](const FieldRules &rules) -> const FieldPath & { return rules.field->path; });
        return at != m_fields.end() && at->field->path == path ? &*at : nullptr;
    };
    if (m_primary != nullptr)
        check(*rulesFor(m_primary->path), record.head.key, found);
    for (const auto &field : record.fields)
        if (const auto *rules = rulesFor(field.path))
            check(*rules, field.value, found);
    return found;
}

void ValueRules::check(const FieldRules &rules, const Value &value, std::vector<RuleBreach> &into)
{
    const auto &field = *rules.field;
    if (rules.hasEnum && !keepsEnums(field.type, value))
        into.push_back({.code = ErrorCode::UnknownEnumVariant,
                        .subject = field.path.text(kSubjectBytes),
                        .path = field.path,
                        .constraint = {}});
    const auto *held = heldValue(value);
    if (held == nullptr)
        return;
    for (std::size_t i = 0; i < field.constraints.size(); ++i) {
        const auto &constraint = field.constraints[i];
        if (!keeps(*held, constraint, rules.regexes[i].get()))
            into.push_back({.code = ErrorCode::ConstraintViolated,
                            .subject = subjectOf(field.path, constraintName(std::to_underlying(constraint.kind))),
                            .path = field.path,
                            .constraint = constraint.kind});
    }
}

} // namespace modelvault
