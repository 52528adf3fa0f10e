#pragma once

#include <QString>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <vector>

namespace modelvault::ui {

enum class ByteOrder : std::uint8_t { Little, Big };

/// What bytes are if taken for some type.
struct ByteValue {
    QString name;                         ///< of the type
    std::expected<QString, QString> text; ///< the exact value, or why there is none
};

/// No value takes more bytes.
inline constexpr std::size_t kMostValueBytes = 16;

/// The bytes from a place on as every type, always in the same order of types. Fewer than kMostValueBytes are all that
/// are left; more are not looked at. UUIDs, UTF-8 and LEB128 have an order of their own. Any thread.
[[nodiscard]] std::vector<ByteValue> byteValues(std::span<const std::byte> bytes, ByteOrder order);

} // namespace modelvault::ui
