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
};

/// `bytes`: those a file begins with, 16 or more where it has them.
[[nodiscard]] ForeignFormat foreignFormat(std::span<const std::byte> bytes);
/// "SQLite database": the format's own name, the same in every language; empty for None.
[[nodiscard]] std::string_view foreignFormatName(ForeignFormat format);

} // namespace modelvault
