#include "printable.h"

#include "utf8.h"

#include <cstdint>
#include <format>

namespace modelvault {
namespace {

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
        const auto character = firstUtf8Character(bytes);
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
