#include "printable.h"

#include <cstdint>
#include <format>
#include <optional>

namespace modelvault {
namespace {

struct Character {
    char32_t code;
    std::size_t size; // in bytes
};

/// The first character, unless the bytes are no UTF-8: overlong forms, surrogates and values above U+10FFFF are none.
std::optional<Character> firstCharacter(std::string_view text)
{
    const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto first = byte(0);
    if (first < 0x80)
        return Character{first, 1};
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < size)
        return std::nullopt;
    char32_t code = first & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U)
            return std::nullopt;
        code = code << 6 | (byte(i) & 0x3FU);
    }
    constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < kSmallest[size] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return std::nullopt;
    return Character{code, size};
}

bool isInvisible(char32_t code)
{
    const bool control = code < 0x20 || (code >= 0x7F && code < 0xA0);
    const bool bidirectional = code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E)
        || (code >= 0x2066 && code <= 0x2069);
    const bool breaksLines = code == 0x2028 || code == 0x2029;
    return control || bidirectional || breaksLines || code == 0xFEFF;
}

std::string escaped(char32_t code)
{
    switch (code) {
    case U'\n':
        return "\\n";
    case U'\t':
        return "\\t";
    case U'\r':
        return "\\r";
    default:
        return std::format("\\u{{{:x}}}", static_cast<std::uint32_t>(code));
    }
}

} // namespace

std::string printable(std::string_view bytes)
{
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto character = firstCharacter(bytes);
        if (!character) {
            text += std::format("\\x{:02x}", static_cast<unsigned char>(bytes.front()));
            bytes.remove_prefix(1);
            continue;
        }
        if (character->code == U'\\')
            text += "\\\\";
        else if (isInvisible(character->code))
            text += escaped(character->code);
        else
            text += bytes.substr(0, character->size);
        bytes.remove_prefix(character->size);
    }
    return text;
}

} // namespace modelvault
