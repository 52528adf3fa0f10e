#include "filter/filter_completion.h"

#include "filter/filter_lexer.h"
#include "format/record.h"
#include "format/segment.h"

#include <algorithm>
#include <optional>

namespace modelvault {
namespace {

using Kind = FilterToken::Kind;

/// Follows the grammar as far as it takes to know what comes next.
class Expectation {
public:
    /// False: nothing can come behind that.
    bool add(const FilterToken &token, std::string_view word)
    {
        switch (m_next) {
        case Next::Field:
            if (token.kind == Kind::Not || token.kind == Kind::Open)
                return true;
            if (const auto field = token.kind == Kind::Word ? filterFieldNamed(word) : std::nullopt) {
                m_field = *field;
                m_next = Next::Comparison;
                return true;
            }
            return false;
        case Next::Comparison:
            if (token.kind != Kind::Comparison)
                return addJoint(token);
            m_comparison = token.comparison;
            m_next = Next::Value;
            return true;
        case Next::Value:
            if (token.kind == Kind::OpenBrace && m_comparison == FilterOperator::In && !m_inBraces) {
                m_inBraces = true;
                return true;
            }
            m_next = Next::BehindValue;
            return token.kind == Kind::Word || token.kind == Kind::Text || token.kind == Kind::Number;
        case Next::BehindValue:
            if (token.kind == Kind::DotDot || token.kind == Kind::Comma) {
                m_next = Next::Value;
                return m_comparison == FilterOperator::In;
            }
            if (m_inBraces) {
                m_inBraces = false;
                m_next = Next::Joint;
                return token.kind == Kind::CloseBrace;
            }
            return addJoint(token);
        case Next::Joint:
            return addJoint(token);
        }
        return false;
    }

    [[nodiscard]] std::vector<std::string> words(std::span<const std::string> collections) const
    {
        std::vector<std::string> words;
        switch (m_next) {
        case Next::Field:
            for (const auto field : kFilterFields)
                words.emplace_back(filterFieldName(field));
            words.emplace_back("not");
            break;
        case Next::Comparison:
            words = {"==", "!="};
            if (hasOrder(m_field))
                words.insert(words.end(), {"<", "<=", ">", ">="});
            if (isText(m_field))
                words.emplace_back("contains");
            words.insert(words.end(), {"in", "and", "or"});
            break;
        case Next::Value:
            if (m_comparison == FilterOperator::In && !m_inBraces)
                words.emplace_back("{");
            addValues(words, collections);
            break;
        case Next::BehindValue:
            if (m_inBraces)
                break;
            [[fallthrough]];
        case Next::Joint:
            words = {"and", "or"};
            break;
        }
        return words;
    }

private:
    enum class Next : std::uint8_t { Field, Comparison, Value, BehindValue, Joint };

    bool addJoint(const FilterToken &token)
    {
        m_next = token.kind == Kind::Close ? Next::Joint : Next::Field;
        return token.kind == Kind::And || token.kind == Kind::Or || token.kind == Kind::Close;
    }

    void addValues(std::vector<std::string> &words, std::span<const std::string> collections) const
    {
        switch (m_field) {
        case FilterField::Type:
            for (std::uint64_t type = 1; type <= kSegmentTypes; ++type)
                words.emplace_back(filterTypeName(type));
            break;
        case FilterField::Operation:
            for (const std::uint64_t operation : {RecordHead::Insert, RecordHead::Replace, RecordHead::Delete})
                words.emplace_back(recordOperationName(operation));
            break;
        case FilterField::Crc:
            words.insert(words.end(), {"good", "bad"});
            break;
        case FilterField::Collection:
            for (const auto &name : collections)
                words.push_back(quotedForFilter(name));
            break;
        default:
            break;
        }
    }

    Next m_next = Next::Field;
    FilterField m_field = FilterField::Number;
    FilterOperator m_comparison = FilterOperator::Exists;
    bool m_inBraces = false;
};

/// Whether that word may be the beginning of another one; else it stands for itself.
bool mayGrow(const FilterToken &token)
{
    switch (token.kind) {
    case Kind::Word:
    case Kind::And:
    case Kind::Or:
    case Kind::Not:
    case Kind::Comparison:
        return true;
    case Kind::Bad:
        return token.fault->code == FilterError::Code::UnterminatedText
            || token.fault->code == FilterError::Code::UnexpectedCharacter;
    default:
        return false;
    }
}

/// Quotes may be left out while typing.
bool beginsLike(std::string_view word, std::string_view typed)
{
    if (word.starts_with('"') && !typed.starts_with('"'))
        word.remove_prefix(1);
    return isSameWord(word.substr(0, typed.size()), typed) && word != typed;
}

} // namespace

FilterCompletion completeFilter(std::string_view text, std::size_t cursor, std::span<const std::string> collections)
{
    FilterCompletion completion{.begin = cursor, .end = cursor, .words = {}};
    if (text.size() > Filter::kMostBytes)
        return completion;
    Expectation expectation;
    FilterLexer lexer(text);
    for (auto token = lexer.next(); token.kind != Kind::End && token.begin < cursor; token = lexer.next()) {
        const bool isTouched = token.end >= cursor;
        if (isTouched && mayGrow(token)) {
            completion.begin = token.begin;
            completion.end = token.kind == Kind::Bad ? cursor : token.end; // what follows an open quote is not all text
            break;
        }
        const bool isValue = token.kind == Kind::Number || token.kind == Kind::Text;
        if (token.kind == Kind::Bad || (isTouched && isValue)
            || !expectation.add(token, text.substr(token.begin, token.end - token.begin)))
            return completion;
    }
    completion.words = expectation.words(collections);
    std::erase_if(completion.words,
                  [typed = text.substr(completion.begin, cursor - completion.begin)](const auto &word) {
                      return !beginsLike(word, typed);
                  });
    return completion;
}

} // namespace modelvault
