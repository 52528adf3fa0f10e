#pragma once

#include "position.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace modelvault {

using UuidBytes = std::array<std::byte, 16>;

/// What a field has to be.
struct Rule {
    enum class Kind : std::uint8_t {
        None,     ///< anything goes
        Between,  ///< lowest to highest, both included
        Zero,     ///< every byte
        Checksum, ///< CRC-32C of [coversBegin, coversEnd), which is `lowest`
        Utf8,
        SegmentAt,  ///< a segment whose type is `lowest` begins there
        Key,        ///< key bytes of the type whose tag is `lowest`
        UnknownKey, ///< key bytes, and no schema says of what type
        // Of a segment's type:
        InTransaction, ///< only between the markers of a transaction
        NoTransaction, ///< only outside of transactions
    };

    Kind kind = Kind::None;
    bool isChecked = true; ///< false: the engine does not look at it
    std::uint64_t lowest = 0;
    std::uint64_t highest = 0;
    Offset coversBegin{};
    Offset coversEnd{};

    /// Whether a number keeps the rule; those of text and of several bytes always do.
    [[nodiscard]] constexpr bool allows(std::uint64_t value) const
    {
        switch (kind) {
        case Kind::Between:
        case Kind::Checksum:
            return value >= lowest && value <= highest;
        case Kind::Zero:
            return value == 0;
        case Kind::None:
        case Kind::Utf8:
        case Kind::SegmentAt:
        case Kind::Key:
        case Kind::UnknownKey:
        case Kind::InTransaction:
        case Kind::NoTransaction:
            break;
        }
        return true;
    }

    bool operator==(const Rule &) const = default;
};

[[nodiscard]] constexpr Rule between(std::uint64_t lowest, std::uint64_t highest)
{
    return {.kind = Rule::Kind::Between, .lowest = lowest, .highest = highest};
}
[[nodiscard]] constexpr Rule mustBe(std::uint64_t value)
{
    return between(value, value);
}
[[nodiscard]] constexpr Rule checksumOf(Offset begin, Offset end, std::uint32_t computed)
{
    return {
        .kind = Rule::Kind::Checksum, .lowest = computed, .highest = computed, .coversBegin = begin, .coversEnd = end};
}
/// A rule of the format that the engine does not enforce.
[[nodiscard]] constexpr Rule unchecked(Rule rule)
{
    rule.isChecked = false;
    return rule;
}
inline constexpr Rule kUncheckedZero{.kind = Rule::Kind::Zero, .isChecked = false};

/// How the value of a field is meant.
enum class FieldKind : std::uint8_t {
    Number,
    Bool,
    Float,
    Timestamp, ///< microseconds since 1970-01-01 00:00 UTC
    Text,
    Bytes,
    Uuid,
    Magic,    ///< four letters
    Checksum, ///< shown in hex
    Place,    ///< an offset in the file, where something begins; 0 for none
    Length,   ///< in bytes
    Count,    ///< of entries that follow; of a list, of those that it has
    Version,
    None, ///< an optional that is not there
};

/// What a decoder says about a field when it reads it. All of it is known at compile time where no trace is attached.
struct Field {
    std::string_view name; ///< as in FORMAT.md; lives for ever
    Rule rule{};
    FieldKind kind = FieldKind::Number;
    /// The names of an enumerated field's values, empty for others.
    std::string_view (*nameOf)(std::uint64_t) = nullptr;
};

/// The only kind of checksum that superblocks and segments have.
[[nodiscard]] constexpr std::string_view checksumKindName(std::uint64_t kind)
{
    return kind == 0 ? "CRC-32C" : "";
}

/// How bytes begin that mean no more than themselves.
struct FirstBytes {
    static constexpr std::size_t kMost = 256;

    std::vector<std::byte> bytes; ///< the first kMost, or all
    std::uint64_t length = 0;     ///< of all of them

    [[nodiscard]] static FirstBytes of(std::span<const std::byte> all)
    {
        const auto first = all.first(std::min(all.size(), kMost));
        return {.bytes = {first.begin(), first.end()}, .length = all.size()};
    }
    [[nodiscard]] bool isAll() const { return bytes.size() == length; }
    bool operator==(const FirstBytes &) const = default;
};

/// What a field says; nothing where nothing is there.
using FieldValue =
    std::variant<std::monostate, bool, std::uint64_t, std::int64_t, double, std::string, UuidBytes, FirstBytes>;

} // namespace modelvault
