#pragma once

#include "position.h"

#include <QString>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace modelvault::ui {

/// As what bytes can be copied. Any thread.
enum class ByteFormat : std::uint8_t {
    Hex,
    HexDump,
    CArray,
    RustArray,
    PythonBytes,
    Base64,
    Text,
};
inline constexpr std::array kByteFormats{ByteFormat::Hex,       ByteFormat::HexDump,     ByteFormat::CArray,
                                         ByteFormat::RustArray, ByteFormat::PythonBytes, ByteFormat::Base64,
                                         ByteFormat::Text};

/// For menus, with a mnemonic.
[[nodiscard]] QString formatName(ByteFormat format);
/// `at`: where the bytes lie; hex dumps say it. Text takes them for UTF-8.
[[nodiscard]] QString formatBytes(ByteFormat format, std::span<const std::byte> bytes, Offset at);

} // namespace modelvault::ui
