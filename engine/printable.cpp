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

/// As UTF-8.
std::string picture(char32_t code)
{
    const bool isControl = code < 0x20 || code == 0x7F;
    if (!isControl)
        return std::format("⟨U+{:04X}⟩", static_cast<std::uint32_t>(code));
    const auto low = code == 0x7F ? 0x21U : static_cast<std::uint32_t>(code); // U+2400 to U+2421
    return {static_cast<char>(0xE2), static_cast<char>(0x90), static_cast<char>(0x80 + low)};
}

/// Character by character: visible ones as they are, unless `visible` says otherwise.
std::string rewritten(std::string_view bytes, std::string (*visible)(std::string_view),
                      std::string (*invisible)(char32_t), std::string (*broken)(unsigned char))
{
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto character = firstUtf8Character(bytes);
        const auto size = character ? character->size : 1;
        if (!character)
            text += broken(static_cast<unsigned char>(bytes.front()));
        else if (isInvisible(character->code))
            text += invisible(character->code);
        else
            text += visible(bytes.substr(0, size));
        bytes.remove_prefix(size);
    }
    return text;
}

} // namespace

std::string printable(std::string_view bytes)
{
    return rewritten(
        bytes, [](std::string_view shown) { return shown == "\\" ? std::string("\\\\") : std::string(shown); }, escaped,
        [](unsigned char byte) { return std::format("\\x{:02x}", byte); });
}

std::string pictured(std::string_view bytes)
{
    return rewritten(
        bytes, [](std::string_view shown) { return std::string(shown); }, picture,
        [](unsigned char byte) { return std::format("⟨{:02X}⟩", byte); });
}

} // namespace modelvault
