#pragma once

#include "error.h"
#include "format/field_type.h"
#include "format/record.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace re2 {
class RE2;
}

namespace modelvault {

/// What a value breaks, or why a rule can't be held against it.
struct RuleBreach {
    ErrorCode code = ErrorCode::ConstraintViolated; ///< or UnknownEnumVariant, ConstraintNotChecked
    std::string subject;                            ///< "address.city: max_length"
    FieldPath path;                                 ///< of the field
    std::optional<ConstraintKind> constraint;       ///< none: the variants of an enum

    bool operator==(const RuleBreach &) const = default;
};

/// The rules that the engine holds against values when it writes them, and never again: the variants of enums and the
/// constraints of one schema version. FORMAT.md, "Catalog entry".
///
/// Where the format leaves open how a rule is meant, a value passes if any reading of it lets it pass: lengths of text
/// count bytes or characters, regular expressions match anywhere, an e-mail address is something on both sides of an @,
/// a URL has a scheme. None passes all of them; a rule for another type is none.
/// Borrows the fields. Const and without state once made: any number of threads.
class ValueRules {
public:
    /// Regular expressions take memory; so many are held against values, in all that share the budget.
    static constexpr std::size_t kMostRegexes = 128;

    ValueRules(std::span<const FieldDefinition> fields, const std::string &primaryField, std::size_t &regexBudget);
    ~ValueRules();
    ValueRules(ValueRules &&) noexcept;
    ValueRules(const ValueRules &) = delete;
    ValueRules &operator=(const ValueRules &) = delete;

    /// The rules themselves that can't be checked: ConstraintNotChecked.
    [[nodiscard]] const std::vector<RuleBreach> &unchecked() const { return m_unchecked; }
    /// What the values of a record break. The record is of these fields.
    [[nodiscard]] std::vector<RuleBreach> breaches(const Record &record) const;

private:
    struct FieldRules {
        const FieldDefinition *field = nullptr;
        bool hasEnum = false;
        std::vector<std::unique_ptr<re2::RE2>> regexes; // by constraint; null for those that are none
    };

    static void check(const FieldRules &rules, const Value &value, std::vector<RuleBreach> &into);

    std::vector<FieldRules> m_fields; // that have rules, sorted by path
    const FieldDefinition *m_primary = nullptr;
    std::vector<RuleBreach> m_unchecked;
};

} // namespace modelvault
