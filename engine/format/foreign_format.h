#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace modelvault {

/// Files that are easily taken for a database, told by their first bytes.
enum class ForeignFormat : std::uint8_t {
    None, ///< not one of these
    Sqlite,
    Png,
    Jpeg,
    Pdf,
    Zip,
    Gzip,
    Zstandard,
    Elf,
    Text, ///< UTF-8 that people can read
};

/// `bytes`: those a file begins with, 16 or more where it has them; the more, the surer that text is all text. What
/// begins as a database does, or could, is none of these.
[[nodiscard]] ForeignFormat foreignFormat(std::span<const std::byte> bytes);
/// "SQLite database": the format's own name, the same in every language; empty for None.
[[nodiscard]] std::string_view foreignFormatName(ForeignFormat format);

} // namespace modelvault
