#include "search/search_pattern.h"

#include "utf8.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

namespace modelvault {
namespace {

using Made = SearchPattern::Made;

// A program of so many steps takes so long at worst for each byte, when it is too wild for RE2's automata; these take
// the rest of the memory.
constexpr int kMostRegexSteps = 4000;
constexpr std::int64_t kRegexMemory = 8 << 20;

std::unexpected<PatternError> fault(PatternFault fault, std::size_t at = 0, std::string detail = {})
{
    return std::unexpected(PatternError{fault, at, std::move(detail)});
}

// --- Text ---

constexpr bool isIn(char32_t code, char32_t first, char32_t last)
{
    return first <= code && code <= last;
}

/// The same letter in the other case, or 0.
char32_t otherCase(char32_t code)
{
    // Upper case from..to has its lower case so far behind.
    struct Run {
        char32_t first;
        char32_t last;
        char32_t distance;
    };
    static constexpr Run kRuns[] = {
        {U'A', U'Z', 0x20},   {0xC0, 0xD6, 0x20},   {0xD8, 0xDE, 0x20},   {0x386, 0x386, 0x26},
        {0x388, 0x38A, 0x25}, {0x38C, 0x38C, 0x40}, {0x38E, 0x38F, 0x3F}, {0x391, 0x3A1, 0x20},
        {0x3A3, 0x3AB, 0x20}, {0x400, 0x40F, 0x50}, {0x410, 0x42F, 0x20}, {0x178, 0x178, ~char32_t{0x78}},
    };
    for (const auto &[first, last, distance] : kRuns) {
        if (isIn(code, first, last))
            return code + distance;
        if (isIn(code - distance, first, last))
            return code - distance;
    }
    // Neighbours: the upper case is even, or odd.
    if (isIn(code, 0x100, 0x12F) || isIn(code, 0x132, 0x137) || isIn(code, 0x14A, 0x177))
        return code ^ 1U;
    if (isIn(code, 0x139, 0x148) || isIn(code, 0x179, 0x17E))
        return ((code - 1) ^ 1U) + 1;
    return 0;
}

using Encoded = std::array<std::byte, Needle::TwoForms::kMost>;

/// How many bytes it takes.
std::size_t encode(char32_t code, TextEncoding encoding, Encoded &into)
{
    std::size_t size = 0;
    const auto put = [&](char32_t byte) { into[size++] = static_cast<std::byte>(byte & 0xFFU); };
    if (encoding == TextEncoding::Utf8) {
        if (code < 0x80) {
            put(code);
        } else {
            const unsigned more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
            put((0xFFU << (7 - more)) | code >> (6 * more));
            for (unsigned left = more; left-- > 0;)
                put(0x80U | (code >> (6 * left) & 0x3FU));
        }
        return size;
    }
    const auto putUnit = [&](char32_t unit) {
        const bool isLittle = encoding == TextEncoding::Utf16Le;
        put(isLittle ? unit : unit >> 8U);
        put(isLittle ? unit >> 8U : unit);
    };
    if (code < 0x10000) {
        putUnit(code);
    } else {
        putUnit(0xD800U + ((code - 0x10000) >> 10U));
        putUnit(0xDC00U + (code & 0x3FFU));
    }
    return size;
}

Needle encodedText(std::string_view utf8, TextEncoding encoding, bool matchCase)
{
    std::vector<std::byte> bytes;
    std::vector<std::byte> mask;
    std::vector<Needle::TwoForms> twoForms;
    while (!utf8.empty()) {
        const auto character = *firstUtf8Character(utf8);
        utf8.remove_prefix(character.size);
        Needle::TwoForms forms{.at = bytes.size()};
        forms.size = encode(character.code, encoding, forms.one);
        forms.other = forms.one;
        if (const auto other = matchCase ? 0 : otherCase(character.code); other != 0)
            encode(other, encoding, forms.other); // takes as many bytes: see otherCase()
        int openBits = 0;
        for (std::size_t i = 0; i < forms.size; ++i) {
            const auto differs = forms.one[i] ^ forms.other[i];
            openBits += std::popcount(std::to_integer<unsigned>(differs));
            bytes.push_back(forms.one[i]);
            mask.push_back(~differs);
        }
        if (openBits > 1)
            twoForms.push_back(forms);
    }
    return {std::move(bytes), std::move(mask), std::move(twoForms)};
}

// --- Numbers ---

std::vector<Needle> inOrders(std::uint64_t bits, unsigned size, NumberOrder order)
{
    std::vector<std::byte> bytes(size);
    for (unsigned i = 0; i < size; ++i)
        bytes[i] = static_cast<std::byte>(bits >> (8 * i) & 0xFFU);
    std::vector<Needle> needles;
    if (order != NumberOrder::Big)
        needles.emplace_back(bytes);
    auto reversed = bytes;
    std::ranges::reverse(reversed);
    if (order == NumberOrder::Big || (order == NumberOrder::Both && reversed != bytes))
        needles.emplace_back(std::move(reversed));
    return needles;
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// IEEE 754 binary16, rounded to even; nothing where that is beyond its largest number, or no longer tells it from
/// zero.
std::optional<std::uint64_t> halfBits(double value)
{
    constexpr int kFractionBits = 10;
    constexpr int kLeastExponent = -14;
    constexpr std::uint64_t kInfinity = 0x7C00;
    const std::uint64_t sign = std::signbit(value) ? 0x8000 : 0;
    if (std::isnan(value))
        return sign | kInfinity | 0x200;
    if (std::isinf(value))
        return sign | kInfinity;
    if (value == 0)
        return sign;
    const int exponent = std::clamp(std::ilogb(value), kLeastExponent, 16);
    // With its leading bit, if it has one: that counts the exponent up by one, as a carry of rounding does.
    const auto fraction = std::nearbyint(std::ldexp(std::abs(value), kFractionBits - exponent));
    const auto bits = fraction + std::ldexp(exponent - kLeastExponent, kFractionBits);
    if (bits == 0 || bits >= kInfinity)
        return std::nullopt;
    return sign | static_cast<std::uint64_t>(bits);
}

/// Real: what it is read as; of float64, halves are made.
template <class Real>
std::expected<std::uint64_t, PatternError> realBits(std::string_view number, unsigned size)
{
    if (number.starts_with('+'))
        number.remove_prefix(1);
    Real value = 0;
    const auto *end = number.data() + number.size();
    const auto parsed = std::from_chars(number.data(), end, value);
    if (parsed.ptr != end || parsed.ec == std::errc::invalid_argument)
        return fault(PatternFault::NotANumber);
    if (parsed.ec != std::errc())
        return fault(PatternFault::DoesNotFit);
    if constexpr (sizeof(Real) == sizeof(std::uint32_t))
        return std::bit_cast<std::uint32_t>(value);
    if (size == sizeof(double))
        return std::bit_cast<std::uint64_t>(double{value});
    if (const auto bits = halfBits(value))
        return *bits;
    return fault(PatternFault::DoesNotFit);
}

// --- Regular expressions ---

int digitValue(char c, int base)
{
    const int value = c >= '0' && c <= '9' ? c - '0'
        : c >= 'a' && c <= 'f'             ? c - 'a' + 10
        : c >= 'A' && c <= 'F'             ? c - 'A' + 10
                                           : 99;
    return value < base ? value : -1;
}

/// Reads a pattern that RE2 takes, to find out what RE2 does not tell. For lines, no pattern may name the byte that
/// ends them: it would never be found, without a word.
class RegexReader {
public:
    RegexReader(std::string_view pattern, bool acrossLines) : m_pattern(pattern), m_acrossLines(acrossLines) { read(); }

    /// Where it names 0x0A, other than to exclude it.
    [[nodiscard]] std::optional<std::size_t> lineFeed() const { return m_lineFeed; }
    /// With \s and \v as PCRE has them. Within lines also \A, \z and \C, as to PCRE each line is all that there is.
    [[nodiscard]] const std::string &rewritten() const { return m_rewritten; }

private:
    void read()
    {
        while (m_at < m_pattern.size()) {
            const std::size_t from = m_at;
            if (m_pattern[m_at] == '\\' && m_at + 1 < m_pattern.size()) {
                readEscape();
                continue;
            }
            const char c = m_pattern[m_at++];
            if (c == '\n')
                noteLineFeed(from);
            if (!m_isInClass && c == '[') {
                m_isInClass = true;
                m_isNegated = m_at < m_pattern.size() && m_pattern[m_at] == '^';
                m_at += m_isNegated ? 1 : 0;
                if (m_at < m_pattern.size() && m_pattern[m_at] == ']') // as a first one it stands for itself
                    ++m_at;
            } else if (m_isInClass && m_pattern.substr(from).starts_with("[:")) {
                const auto end = m_pattern.find(":]", m_at);
                m_at = end == std::string_view::npos ? m_at : end + 2;
            } else if (m_isInClass && c == ']') {
                m_isInClass = m_isNegated = false;
            }
            m_rewritten += m_pattern.substr(from, m_at - from);
        }
    }

    void readEscape()
    {
        const std::size_t from = m_at;
        const char c = m_pattern[m_at + 1];
        m_at += 2;
        if (c == 's' || c == 'S') {
            const std::string_view name = c == 's' ? "[:space:]" : "[:^space:]";
            m_rewritten += m_isInClass ? std::string(name) : '[' + std::string(name) + ']';
            return;
        }
        if (c == 'v') {
            const std::string_view codes = m_acrossLines ? R"(\x0a-\x0d\x85)" : R"(\x0b-\x0d\x85)";
            m_rewritten += m_isInClass ? std::string(codes) : '[' + std::string(codes) + ']';
            return;
        }
        if (!m_acrossLines && !m_isInClass && (c == 'A' || c == 'z' || c == 'C')) {
            m_rewritten += c == 'A' ? "(?m:^)" : c == 'z' ? "(?m:$)" : "(?-s:.)";
            return;
        }
        if (c == 'Q' && !m_isInClass) {
            m_at = std::min(m_pattern.find("\\E", m_at), m_pattern.size());
            if (m_pattern.substr(from, m_at - from).contains('\n'))
                noteLineFeed(from);
        } else if (c == 'n' || isLineFeedCode(c)) {
            noteLineFeed(from);
        }
        m_rewritten += m_pattern.substr(from, m_at - from);
    }

    /// \x0a, \x{a}, \012.
    bool isLineFeedCode(char c)
    {
        const bool isHex = c == 'x';
        const bool isBraced = isHex && m_pattern.substr(m_at).starts_with('{');
        m_at += isBraced ? 1 : 0;
        const int base = isHex ? 16 : 8;
        int code = isHex ? 0 : digitValue(c, base);
        if (code < 0)
            return false;
        const std::size_t most = isBraced ? m_pattern.size() : 2;
        for (std::size_t i = 0; i < most && m_at < m_pattern.size(); ++i) {
            const int digit = digitValue(m_pattern[m_at], base);
            if (digit < 0)
                break;
            code = std::min(code * base + digit, 0xFFFF);
            ++m_at;
        }
        return code == '\n';
    }

    void noteLineFeed(std::size_t at)
    {
        if (!m_isNegated && !m_lineFeed)
            m_lineFeed = at;
    }

    const std::string_view m_pattern;
    const bool m_acrossLines;
    std::size_t m_at = 0;
    bool m_isInClass = false;
    bool m_isNegated = false;
    std::string m_rewritten;
    std::optional<std::size_t> m_lineFeed;
};

} // namespace

SearchPattern::SearchPattern(std::vector<Needle> needles) : m_needles(std::move(needles)) { }

SearchPattern::SearchPattern(std::shared_ptr<const re2::RE2> regex, bool isWithinLines)
    : m_regex(std::move(regex)),
      m_isWithinLines(isWithinLines)
{ }

std::size_t SearchPattern::longestNeedle() const
{
    return m_needles.empty() ? 0 : std::ranges::max(m_needles, {}, &Needle::size).size();
}

Made SearchPattern::text(std::string_view utf8, const TextOptions &options)
{
    if (utf8.empty())
        return fault(PatternFault::Empty);
    if (utf8.size() > kLongest / 2) // UTF-16 may take twice as many bytes
        return fault(PatternFault::TooLong);
    if (const auto valid = validUtf8Prefix(utf8); valid < utf8.size())
        return fault(PatternFault::NotUtf8, valid);
    std::vector<Needle> needles;
    for (const auto encoding : {TextEncoding::Utf8, TextEncoding::Utf16Le, TextEncoding::Utf16Be})
        if (options.encoding == encoding || options.encoding == TextEncoding::Any)
            needles.push_back(encodedText(utf8, encoding, options.matchCase));
    return SearchPattern(std::move(needles));
}

Made SearchPattern::hex(std::string_view digits)
{
    if (digits.size() > 4 * kLongest)
        return fault(PatternFault::TooLong);
    std::vector<std::byte> bytes;
    std::vector<std::byte> mask;
    const auto isSpace = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    const auto half = [](char c, unsigned &value, unsigned &bits) {
        const int digit = digitValue(c, 16);
        value = value << 4U | static_cast<unsigned>(std::max(digit, 0));
        bits = bits << 4U | (c == '?' ? 0U : 0xFU);
        return digit >= 0 || c == '?';
    };
    for (std::size_t i = 0; i < digits.size();) {
        if (isSpace(digits[i])) {
            ++i;
            continue;
        }
        if (digits.substr(i).starts_with("0x") || digits.substr(i).starts_with("0X")) {
            i += 2;
            if (i == digits.size() || isSpace(digits[i]))
                return fault(PatternFault::HalfByte, i - 2);
        }
        unsigned value = 0;
        unsigned bits = 0;
        if (!half(digits[i], value, bits))
            return fault(PatternFault::NotHex, i);
        if (i + 1 == digits.size() || isSpace(digits[i + 1]))
            return fault(PatternFault::HalfByte, i);
        if (!half(digits[i + 1], value, bits))
            return fault(PatternFault::NotHex, i + 1);
        bytes.push_back(static_cast<std::byte>(value));
        mask.push_back(static_cast<std::byte>(bits));
        i += 2;
    }
    if (bytes.empty())
        return fault(PatternFault::Empty);
    if (bytes.size() > kLongest)
        return fault(PatternFault::TooLong);
    if (std::ranges::all_of(mask, [](std::byte bits) { return bits == std::byte{0}; }))
        return fault(PatternFault::OnlyWildcards);
    return SearchPattern({Needle(std::move(bytes), std::move(mask))});
}

Made SearchPattern::integer(std::string_view number, const IntegerOptions &options)
{
    number = trimmed(number);
    if (number.empty())
        return fault(PatternFault::Empty);
    const bool isNegative = number.starts_with('-');
    if (isNegative || number.starts_with('+'))
        number.remove_prefix(1);
    const bool isHex = number.starts_with("0x") || number.starts_with("0X");
    number.remove_prefix(isHex ? 2 : 0);
    std::uint64_t size = 0;
    const auto *end = number.data() + number.size();
    const auto parsed = std::from_chars(number.data(), end, size, isHex ? 16 : 10);
    if (parsed.ptr != end || parsed.ec == std::errc::invalid_argument)
        return fault(PatternFault::NotANumber);
    const unsigned bits = 8 * options.bytes;
    const std::uint64_t most = ~std::uint64_t{0} >> (64 - bits) >> (options.isSigned ? 1 : 0);
    const std::uint64_t least = options.isSigned ? most + 1 : 0; // below zero
    if (parsed.ec != std::errc() || size > (isNegative ? least : most))
        return fault(PatternFault::DoesNotFit);
    return SearchPattern(inOrders(isNegative ? 0 - size : size, options.bytes, options.order));
}

Made SearchPattern::real(std::string_view number, const RealOptions &options)
{
    number = trimmed(number);
    if (number.empty())
        return fault(PatternFault::Empty);
    const auto bits = options.bytes == 4 ? realBits<float>(number, 4) : realBits<double>(number, options.bytes);
    if (!bits)
        return std::unexpected(bits.error());
    return SearchPattern(inOrders(*bits, options.bytes, options.order));
}

Made SearchPattern::regex(std::string_view pattern, const RegexOptions &options)
{
    if (pattern.empty())
        return fault(PatternFault::Empty);
    if (pattern.size() > kLongest)
        return fault(PatternFault::TooLong);
    RE2::Options re2;
    re2.set_encoding(RE2::Options::EncodingLatin1);
    re2.set_log_errors(false);
    re2.set_max_mem(kRegexMemory);
    re2.set_case_sensitive(options.matchCase);
    re2.set_never_nl(!options.acrossLines);
    re2.set_dot_nl(options.acrossLines);
    re2.set_never_capture(true);
    // As it was typed first: errors quote it.
    if (const RE2 typed(absl::string_view(pattern.data(), pattern.size()), re2); !typed.ok())
        return typed.error_code() == RE2::ErrorPatternTooLarge ? fault(PatternFault::TooComplex)
                                                               : fault(PatternFault::BadRegex, 0, typed.error());
    const RegexReader reader(pattern, options.acrossLines);
    if (const auto at = reader.lineFeed(); at && !options.acrossLines)
        return fault(PatternFault::NamesLineFeed, *at);
    const auto compiled = std::make_shared<const RE2>((options.acrossLines ? "" : "(?m)") + reader.rewritten(), re2);
    if (!compiled->ok() || compiled->ProgramSize() > kMostRegexSteps)
        return fault(PatternFault::TooComplex);
    return SearchPattern(compiled, !options.acrossLines);
}

} // namespace modelvault
