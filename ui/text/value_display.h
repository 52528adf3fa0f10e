#pragma once

#include "format/value.h"

#include <QString>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace modelvault::ui {

/// How the values of a column are written.
enum class ValueDisplay : std::uint8_t {
    Usual,        ///< numbers in decimal, bytes as hex digits, times in UTC
    Hexadecimal,  ///< numbers; negative ones as two's complement of 64 bits
    Text,         ///< bytes as UTF-8
    LocalTime,    ///< times, in the time zone of this computer
    Microseconds, ///< times as they are stored: since 1970 in UTC
};

/// Those that make a difference to values of a type, whatever the optionals around it; Usual is the first, and alone
/// where there is no choice.
[[nodiscard]] std::vector<ValueDisplay> displaysOf(TypeTag type);
/// "UTC", as menus name it for values of that type.
[[nodiscard]] QString displayText(ValueDisplay display, TypeTag type);
/// shownValue() in another form; values that have no such form are written as usual.
[[nodiscard]] QString displayedValue(const Value &value, std::size_t most, ValueDisplay display);

} // namespace modelvault::ui
