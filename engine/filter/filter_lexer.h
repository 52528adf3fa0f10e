#pragma once

#include "filter/filter.h"

#include <optional>

namespace modelvault {

/// A word of the language; `begin` and `end` (exclusive) are its place in the text.
struct FilterToken {
    enum class Kind : std::uint8_t {
        Word,
        Number, ///< `value`
        Text,   ///< `value`, without quotes and escapes
        Not,
        And,
        Or,
        Open,
        Close,
        OpenBrace,
        CloseBrace,
        Comma,
        DotDot,
        Comparison, ///< `comparison`
        Bad,        ///< `fault`
        End,
    };

    Kind kind = Kind::End;
    std::size_t begin = 0;
    std::size_t end = 0;
    FilterValue value;
    FilterOperator comparison = FilterOperator::Exists;
    std::optional<FilterError> fault;
};

/// Cuts a text into words. Borrows it.
class FilterLexer {
public:
    explicit FilterLexer(std::string_view text) : m_text(text) { }

    /// Behind the last one End, again and again.
    [[nodiscard]] FilterToken next();

private:
    [[nodiscard]] FilterToken symbol();
    [[nodiscard]] FilterToken word();
    [[nodiscard]] FilterToken number();
    [[nodiscard]] FilterToken quoted();
    [[nodiscard]] FilterToken bad(FilterError::Code code, std::size_t begin, std::size_t end);
    [[nodiscard]] bool escape(std::string &into);
    [[nodiscard]] char at(std::size_t place) const { return place < m_text.size() ? m_text[place] : '\0'; }

    const std::string_view m_text;
    std::size_t m_at = 0;
};

/// Whether two words are the same but for the case of ASCII letters.
[[nodiscard]] bool isSameWord(std::string_view one, std::string_view other);

} // namespace modelvault
