#include "filter/filter_lexer.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace modelvault {
namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isHexDigit(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Letters of other scripts come as several bytes, none of them ASCII.
bool isWordStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool isWordPart(char c)
{
    return isWordStart(c) || isDigit(c);
}

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

void appendUtf8(std::string &into, std::uint32_t code)
{
    const auto put = [&into](std::uint32_t byte) { into += static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0U | code >> 6);
        put(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        put(0xE0U | code >> 12);
        put(0x80U | (code >> 6 & 0x3FU));
        put(0x80U | (code & 0x3FU));
    } else {
        put(0xF0U | code >> 18);
        put(0x80U | (code >> 12 & 0x3FU));
        put(0x80U | (code >> 6 & 0x3FU));
        put(0x80U | (code & 0x3FU));
    }
}

struct Keyword {
    std::string_view word;
    FilterToken::Kind kind;
    FilterOperator comparison = FilterOperator::Exists;
};
constexpr std::array kKeywords = {
    Keyword{"and", FilterToken::Kind::And},
    Keyword{"or", FilterToken::Kind::Or},
    Keyword{"not", FilterToken::Kind::Not},
    Keyword{"contains", FilterToken::Kind::Comparison, FilterOperator::Contains},
    Keyword{"in", FilterToken::Kind::Comparison, FilterOperator::In},
};
// The longer before those that they begin with.
constexpr std::array kSymbols = {
    Keyword{"==", FilterToken::Kind::Comparison, FilterOperator::Equal},
    Keyword{"!=", FilterToken::Kind::Comparison, FilterOperator::NotEqual},
    Keyword{"<=", FilterToken::Kind::Comparison, FilterOperator::LessOrEqual},
    Keyword{">=", FilterToken::Kind::Comparison, FilterOperator::GreaterOrEqual},
    Keyword{"&&", FilterToken::Kind::And},
    Keyword{"||", FilterToken::Kind::Or},
    Keyword{"..", FilterToken::Kind::DotDot},
    Keyword{"<", FilterToken::Kind::Comparison, FilterOperator::Less},
    Keyword{">", FilterToken::Kind::Comparison, FilterOperator::Greater},
    Keyword{"=", FilterToken::Kind::Comparison, FilterOperator::Equal}, // from the habit of SQL
    Keyword{"!", FilterToken::Kind::Not},
    Keyword{"(", FilterToken::Kind::Open},
    Keyword{")", FilterToken::Kind::Close},
    Keyword{"{", FilterToken::Kind::OpenBrace},
    Keyword{"}", FilterToken::Kind::CloseBrace},
    Keyword{",", FilterToken::Kind::Comma},
};

} // namespace

bool isSameWord(std::string_view one, std::string_view other)
{
    return std::ranges::equal(one, other, {}, lower, lower);
}

FilterToken FilterLexer::next()
{
    while (m_at < m_text.size() && isSpace(m_text[m_at]))
        ++m_at;
    if (m_at >= m_text.size())
        return {.kind = FilterToken::Kind::End, .begin = m_text.size(), .end = m_text.size()};
    const char c = m_text[m_at];
    if (c == '"')
        return quoted();
    if (isDigit(c) || (c == '-' && isDigit(at(m_at + 1))))
        return number();
    return isWordStart(c) ? word() : symbol();
}

FilterToken FilterLexer::bad(FilterError::Code code, std::size_t begin, std::size_t end)
{
    m_at = end;
    return {.kind = FilterToken::Kind::Bad,
            .begin = begin,
            .end = end,
            .fault = FilterError{.code = code, .begin = begin, .end = end}};
}

FilterToken FilterLexer::symbol()
{
    const auto found = std::ranges::find_if(
        kSymbols, [rest = m_text.substr(m_at)](const Keyword &symbol) { return rest.starts_with(symbol.word); });
    if (found == kSymbols.end())
        return bad(FilterError::Code::UnexpectedCharacter, m_at, m_at + 1);
    const auto begin = m_at;
    m_at += found->word.size();
    return {.kind = found->kind, .begin = begin, .end = m_at, .comparison = found->comparison};
}

FilterToken FilterLexer::word()
{
    const auto begin = m_at;
    while (isWordPart(at(m_at)))
        ++m_at;
    const auto found = std::ranges::find_if(kKeywords, [is = m_text.substr(begin, m_at - begin)](const Keyword &each) {
        return isSameWord(each.word, is);
    });
    if (found == kKeywords.end())
        return {.kind = FilterToken::Kind::Word, .begin = begin, .end = m_at};
    return {.kind = found->kind, .begin = begin, .end = m_at, .comparison = found->comparison};
}

FilterToken FilterLexer::number()
{
    const auto begin = m_at;
    const bool isNegative = at(m_at) == '-';
    m_at += isNegative ? 1 : 0;
    const bool isHex = at(m_at) == '0' && lower(at(m_at + 1)) == 'x';
    m_at += isHex ? 2 : 0;
    const auto digits = m_at;
    while (isHex ? isHexDigit(at(m_at)) : isDigit(at(m_at)))
        ++m_at;
    bool isWhole = true;
    if (!isHex && at(m_at) == '.' && isDigit(at(m_at + 1))) { // two dots are a range
        isWhole = false;
        ++m_at;
        while (isDigit(at(m_at)))
            ++m_at;
    }
    if (!isHex && lower(at(m_at)) == 'e') {
        const auto exponent = m_at + (at(m_at + 1) == '+' || at(m_at + 1) == '-' ? 2 : 1);
        if (isDigit(at(exponent))) {
            isWhole = false;
            m_at = exponent;
            while (isDigit(at(m_at)))
                ++m_at;
        }
    }
    auto end = m_at;
    while (isWordPart(at(end)))
        ++end;
    if (end != m_at || m_at == digits)
        return bad(FilterError::Code::BadNumber, begin, end);

    FilterToken token{.kind = FilterToken::Kind::Number, .begin = begin, .end = end};
    const char *first = m_text.data() + (isWhole ? digits : begin);
    const char *last = m_text.data() + end;
    if (!isWhole) {
        double value = 0;
        if (std::from_chars(first, last, value).ec != std::errc())
            return bad(FilterError::Code::NumberTooLarge, begin, end);
        token.value = value;
        return token;
    }
    std::uint64_t value = 0;
    constexpr auto kMostNegative = std::uint64_t{1} << 63U;
    if (std::from_chars(first, last, value, isHex ? 16 : 10).ec != std::errc() || (isNegative && value > kMostNegative))
        return bad(FilterError::Code::NumberTooLarge, begin, end);
    if (isNegative && value != 0)
        token.value = static_cast<std::int64_t>(-value);
    else
        token.value = value;
    return token;
}

FilterToken FilterLexer::quoted()
{
    const auto begin = m_at++;
    std::string text;
    while (m_at < m_text.size()) {
        const char c = m_text[m_at];
        if (c == '"') {
            ++m_at;
            return {.kind = FilterToken::Kind::Text, .begin = begin, .end = m_at, .value = std::move(text)};
        }
        if (c != '\\') {
            text += c;
            ++m_at;
        } else if (const auto backslash = m_at; !escape(text)) {
            return bad(FilterError::Code::BadEscape, backslash, std::min(std::max(m_at, backslash + 2), m_text.size()));
        }
    }
    return bad(FilterError::Code::UnterminatedText, begin, m_text.size());
}

/// Steps over what stands for a character that can't be typed; false, behind what it has looked at, if it means none.
bool FilterLexer::escape(std::string &into)
{
    const char kind = at(m_at + 1);
    m_at = std::min(m_at + 2, m_text.size());
    constexpr std::string_view kNames = "\"\\nrt";
    constexpr std::string_view kMeant = "\"\\\n\r\t";
    if (const auto plain = kNames.find(kind); kind != '\0' && plain != std::string_view::npos) {
        into += kMeant[plain];
        return true;
    }
    const bool isCharacter = kind == 'u' && at(m_at) == '{';
    if (kind != 'x' && !isCharacter)
        return false;
    m_at += isCharacter ? 1 : 0;
    const auto digits = m_at;
    const std::size_t most = isCharacter ? 6 : 2;
    while (m_at - digits < most && isHexDigit(at(m_at)))
        ++m_at;
    std::uint32_t code = 0;
    std::from_chars(m_text.data() + digits, m_text.data() + m_at, code, 16);
    if (!isCharacter) {
        if (m_at - digits != most)
            return false;
        into += static_cast<char>(code);
        return true;
    }
    const bool isSurrogate = code >= 0xD800 && code <= 0xDFFF;
    if (m_at == digits || at(m_at) != '}' || code > 0x10FFFF || isSurrogate)
        return false;
    ++m_at;
    appendUtf8(into, code);
    return true;
}

} // namespace modelvault
