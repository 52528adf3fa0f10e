#pragma once

#include "search/needle.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace re2 {
class RE2;
}

namespace modelvault {

enum class PatternFault : std::uint8_t {
    Empty,
    TooLong,       ///< than SearchPattern::kLongest
    NotUtf8,       ///< text that has no other encoding
    NotHex,        ///< neither a hexadecimal digit, nor ?, nor a space
    HalfByte,      ///< a digit without its other half
    OnlyWildcards, ///< every byte is one that fits
    NotANumber,
    DoesNotFit,    ///< a number in that many bits
    NamesLineFeed, ///< which no hit within lines has: see RegexOptions
    TooComplex,    ///< a regular expression that would take too much memory or time
    BadRegex,      ///< `detail` has the words of RE2
};

/// Why something can't be looked for.
struct PatternError {
    PatternFault fault = PatternFault::Empty;
    std::size_t at = 0; ///< which byte of what was typed is wrong; 0 if it is the whole
    std::string detail; ///< in English, fit for people; may be empty

    bool operator==(const PatternError &) const = default;
};

enum class TextEncoding : std::uint8_t { Utf8, Utf16Le, Utf16Be, Any };
enum class NumberOrder : std::uint8_t { Little, Big, Both };

struct TextOptions {
    TextEncoding encoding = TextEncoding::Utf8;
    /// Off: letters of Latin (ASCII, Latin-1, Extended-A), Greek and Cyrillic are found in both cases. One character
    /// stands for one: ß is not SS; ς, ı and the like are only themselves.
    bool matchCase = true;
};

struct IntegerOptions {
    unsigned bytes = 8; ///< 1 to 8
    bool isSigned = true;
    NumberOrder order = NumberOrder::Little;
};

struct RealOptions {
    unsigned bytes = 8; ///< 2, 4 or 8
    NumberOrder order = NumberOrder::Little;
};

struct RegexOptions {
    bool matchCase = true; ///< off: Latin-1 letters in both cases
    /// Off: as grep works, line by line. No hit has a line feed (0x0A) in it, ^ and $ are at lines' edges.
    /// On: 0x0A is a byte as any other: `.`, [^a] and \s take it too, ^ and $ are where the file begins and ends.
    bool acrossLines = false;
};

/// What to look for, compiled. A frozen value, cheap to copy; any thread.
class SearchPattern {
public:
    using Made = std::expected<SearchPattern, PatternError>;

    /// In bytes of what was typed, and of what each alternative comes to.
    static constexpr std::size_t kLongest = 4096;

    [[nodiscard]] static Made text(std::string_view utf8, const TextOptions &options = {});
    /// Pairs of digits with spaces between or not: "de ad ?? ?f"; each ? stands for any digit. A byte may have 0x
    /// before.
    [[nodiscard]] static Made hex(std::string_view digits);
    /// Decimal, or hexadecimal behind 0x; two's complement.
    [[nodiscard]] static Made integer(std::string_view number, const IntegerOptions &options = {});
    /// The nearest number that there is; found by its exact bits, so 0 is not -0, and nan is only one of many.
    [[nodiscard]] static Made real(std::string_view number, const RealOptions &options = {});
    /// RE2's syntax, over bytes: each byte is a character of Latin-1, \w, \d and \b are of ASCII, \s has the vertical
    /// tab too, as in PCRE. From one place on a match takes time in proportion to the line, whatever the pattern.
    [[nodiscard]] static Made regex(std::string_view pattern, const RegexOptions &options = {});

    /// Any of these, where one begins at the same place the first in order. Empty if it is a regex.
    [[nodiscard]] const std::vector<Needle> &needles() const { return m_needles; }
    /// Of the longest needle; 0 if it is a regex.
    [[nodiscard]] std::size_t longestNeedle() const;
    /// Null if it is not one.
    [[nodiscard]] const re2::RE2 *compiledRegex() const { return m_regex.get(); }
    [[nodiscard]] bool isWithinLines() const { return m_isWithinLines; }

private:
    explicit SearchPattern(std::vector<Needle> needles);
    SearchPattern(std::shared_ptr<const re2::RE2> regex, bool isWithinLines);

    std::vector<Needle> m_needles;
    std::shared_ptr<const re2::RE2> m_regex;
    bool m_isWithinLines = false;
};

} // namespace modelvault
