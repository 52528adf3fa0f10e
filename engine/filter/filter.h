#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// The language in which segments are filtered.
//
//     filter      = [ either ]                          nothing: every segment
//     either      = both { ( "or" | "||" ) both }
//     both        = single { ( "and" | "&&" ) single }
//     single      = ( "not" | "!" ) single | "(" either ")" | field [ comparison ]
//     comparison  = ( "==" | "!=" | "<" | "<=" | ">" | ">=" | "contains" ) value
//                 | "in" ( "{" range { "," range } "}" | range )
//     range       = value [ ".." value ]                both ends inclusive
//
// A field alone asks whether a segment has it. What a segment does not have equals nothing; `a != b` is `not a == b`.
// A segment may have several values of a field: one that fits is enough, for each comparison anew.
//
//     number       of the segment, from 0
//     offset       of its header
//     length       of its payload, in bytes
//     type         schema record manifest checkpoint index begin commit abort temp, or the type's number
//     transaction  (or txn) the number of the one it lies in: which of the log it is, from 0, not the id in its markers
//     collection   of records, index changes and schemas: a name, or an id as a number
//     operation    of records and index changes: insert replace delete, or a number
//     key          of records: a number, "text", true or false
//     crc          of the payload: good, bad, or the one stored as a number
//
// Numbers are decimal or 0x…; those of keys may be negative or have a fraction. Timestamps are keys in microseconds
// since 1970; UUIDs are keys in text. Text stands in quotes, with \" \\ \n \r \t \xff \u{202e} for what can't be typed;
// a word needs none. What a key contains is looked for in its text, a number's in decimal. Text is compared byte by
// byte, and so is order. Case counts in text only.

namespace modelvault {

enum class FilterField : std::uint8_t { Number, Offset, Length, Type, Transaction, Collection, Operation, Key, Crc };
inline constexpr std::array kFilterFields = {FilterField::Number,    FilterField::Offset,      FilterField::Length,
                                             FilterField::Type,      FilterField::Transaction, FilterField::Collection,
                                             FilterField::Operation, FilterField::Key,         FilterField::Crc};
/// As in the language: stable, never translated.
[[nodiscard]] std::string_view filterFieldName(FilterField field);
/// As the parser understands a word; none for one that is no field.
[[nodiscard]] std::optional<FilterField> filterFieldNamed(std::string_view word);
/// Whether "<" and ranges mean something, and whether "contains" does.
[[nodiscard]] bool hasOrder(FilterField field);
[[nodiscard]] bool isText(FilterField field);
/// "begin": as the language and the window name a type. The parser takes the longer segmentTypeName() too.
[[nodiscard]] std::string_view filterTypeName(std::uint64_t type);

enum class FilterOperator : std::uint8_t {
    Exists, ///< the field alone
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    In,
};

enum class PayloadState : std::uint8_t { Good, Bad };

/// Types and operations are their numbers here, as in the file; std::int64_t is for negative numbers alone.
using FilterValue = std::variant<std::uint64_t, std::int64_t, double, std::string, bool, PayloadState>;

/// A single value has itself as its last one.
struct FilterRange {
    FilterValue first;
    FilterValue last; ///< inclusive

    bool operator==(const FilterRange &) const = default;
};

struct FilterNode {
    enum class Kind : std::uint8_t {
        Comparison,
        And, ///< of two or more parts; of none for the filter that every segment passes
        Or,  ///< of two or more parts
        Not, ///< of one part
    };

    Kind kind = Kind::And;
    FilterField field = FilterField::Number; // of a comparison
    FilterOperator operation = FilterOperator::Exists;
    std::vector<FilterRange> values; ///< none for Exists, any number for In, else one
    std::vector<FilterNode> parts;

    bool operator==(const FilterNode &other) const;
};

/// What is wrong with a filter, and where in its text, in bytes; `end` is exclusive. At the end of the text if
/// something is missing there.
struct FilterError {
    enum class Code : std::uint8_t {
        UnexpectedCharacter,
        UnterminatedText,
        BadEscape,
        BadNumber,
        NumberTooLarge,
        FieldExpected,
        UnknownField,
        ComparisonExpected, ///< "==", "and", … behind a field
        AndOrExpected,
        ValueExpected,
        WholeNumberExpected,
        TextExpected,
        TextOrIdExpected,
        UnknownType,
        UnknownOperation,
        UnknownCrc,
        NoOrder,
        NotText,
        RangeOfTwoKinds,
        RangeBackwards,
        CommaOrBraceExpected,
        ParenthesisExpected,
        ParenthesisUnexpected,
        TooDeep,
        TooLong,
    };

    Code code = Code::UnexpectedCharacter;
    std::size_t begin = 0;
    std::size_t end = 0;
    FilterField field = FilterField::Number; ///< that the comparison is about, where it is one

    bool operator==(const FilterError &) const = default;
};

/// A filter that was understood. A value.
class Filter {
public:
    static constexpr std::size_t kMostBytes = 16 * 1024;
    static constexpr int kMostNested = 100;

    /// Every segment passes.
    Filter() = default;
    /// `root` as parse() would make it.
    explicit Filter(FilterNode root) : m_root(std::move(root)) { }

    /// Takes time linear in the text.
    [[nodiscard]] static std::expected<Filter, FilterError> parse(std::string_view text);
    /// The same filter, written in one way.
    [[nodiscard]] std::string text() const;

    [[nodiscard]] const FilterNode &root() const { return m_root; }
    [[nodiscard]] bool passesAll() const { return m_root.kind == FilterNode::Kind::And && m_root.parts.empty(); }
    /// Whether some comparison is about this field.
    [[nodiscard]] bool asksFor(FilterField field) const;
    /// Whether names of collections decide: it takes a catalog then.
    [[nodiscard]] bool asksForNames() const;
    /// Whether it matters that a payload's checksum is wrong.
    [[nodiscard]] bool asksForPayloadState() const;

    bool operator==(const Filter &) const = default;

private:
    FilterNode m_root;
};

/// A string in quotes, so that parse() gives it back byte by byte.
[[nodiscard]] std::string quotedForFilter(std::string_view text);

} // namespace modelvault
