#pragma once

#include "search/search_pattern.h"

#include <QString>

#include <cstddef>
#include <cstdint>
#include <span>

namespace modelvault::ui {

struct NumberType {
    const char *name; ///< "int32", the same in all languages
    unsigned bytes;
    bool isSigned;
    bool isReal;
};

/// All that can be found, in the order of lists.
[[nodiscard]] std::span<const NumberType> numberTypes();

/// What somebody wants to find, as it was typed and chosen.
struct FindRequest {
    enum class Kind : std::uint8_t { Text, Hex, Number, Regex };
    static constexpr std::size_t kKinds = 4;

    Kind kind = Kind::Text;
    QString typed;
    bool matchCase = false;                     ///< of text and regexes
    TextEncoding encoding = TextEncoding::Utf8; ///< of text
    std::size_t numberType = 0;                 ///< of numberTypes()
    NumberOrder order = NumberOrder::Little;    ///< of numbers
    bool acrossLines = false;                   ///< of regexes

    [[nodiscard]] SearchPattern::Made compile() const;
    /// Why it can't be looked for, in a sentence without its end.
    [[nodiscard]] QString errorText(const PatternError &error) const;

    bool operator==(const FindRequest &) const = default;
};

} // namespace modelvault::ui
