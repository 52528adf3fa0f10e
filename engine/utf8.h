#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace modelvault {

struct Utf8Character {
    char32_t code;
    std::size_t size; ///< in bytes
};

/// The first character, unless the bytes are no UTF-8: overlong forms, surrogates and values above U+10FFFF are none.
/// `text` must not be empty.
[[nodiscard]] std::optional<Utf8Character> firstUtf8Character(std::string_view text);

/// How many bytes from the first on are whole characters: text.size() if all is UTF-8.
[[nodiscard]] std::size_t validUtf8Prefix(std::string_view text);

} // namespace modelvault
