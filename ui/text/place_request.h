#pragma once

#include <QString>

#include <cstdint>
#include <expected>

namespace modelvault::ui {

/// Where somebody wants to go, as typed: "0x2020", "8224", "+16", "-0x10", "end-64", "page 7", "seg 41", "txn 9".
struct PlaceRequest {
    enum class Kind : std::uint8_t {
        Offset,    ///< bytes from the start of the file
        Forward,   ///< bytes from the cursor on
        Backward,  ///< bytes before the cursor
        BeforeEnd, ///< bytes before the end of the file
        Page,
        Segment,
        Transaction,
    };

    Kind kind = Kind::Offset;
    std::uint64_t number = 0;

    bool operator==(const PlaceRequest &) const = default;

    /// Case, spaces and grouping do not matter. Numbers are decimal, or hexadecimal behind 0x or with a letter among
    /// their digits. Else why not, for people.
    [[nodiscard]] static std::expected<PlaceRequest, QString> parse(const QString &text);
};

/// "0x1f", "31", "1f" or "1 000": see PlaceRequest::parse().
[[nodiscard]] std::expected<std::uint64_t, QString> parseNumber(const QString &text);

} // namespace modelvault::ui
