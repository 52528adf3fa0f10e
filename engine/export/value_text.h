#pragma once

#include "format/value.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Values of rows as plain text, the same for cells, filters and exports; and back from what people type.

namespace modelvault {

/// "2026-11-24T09:15:00.000001Z", without the fraction where it is zero. Exact for every number: years may have six
/// digits and a sign.
[[nodiscard]] std::string timestampText(Timestamp time);
/// A date, or date and time in UTC with or without Z and a fraction, or microseconds since 1970 as a whole number.
[[nodiscard]] std::optional<Timestamp> parseTimestamp(std::string_view text);

/// With or without hyphens, in either case of letters.
[[nodiscard]] std::optional<UuidBytes> parseUuid(std::string_view text);

/// Two hex digits a byte, without gaps.
[[nodiscard]] std::string hexDigits(std::span<const std::byte> bytes);
[[nodiscard]] std::optional<Value::Bytes> parseHexDigits(std::string_view text);

/// A scalar or an enum of that type from what valueText() makes of it, or from what people type instead.
[[nodiscard]] std::optional<Value> parseScalar(TypeTag type, std::string_view text);

/// A value alone is what it says, as it is: text without quotes, bytes as hex digits, floats with as many digits as
/// they need, nothing at all for none. Lists and objects are JSON, with null for none and text in quotes. Stops soon
/// after `most` bytes, at the end of a character: of a long value no more than that is looked at.
[[nodiscard]] std::string valueText(const Value &value, std::size_t most = std::string::npos);

/// A value as it stands within JSON: text in quotes, and so is what JSON has no form for (bytes, UUIDs, times, floats
/// that are no numbers); null for none.
[[nodiscard]] std::string jsonText(const Value &value);

} // namespace modelvault
