#pragma once

#include "position.h"

#include <cstdint>
#include <optional>

namespace modelvault::ui {

/// Where the bytes of a file stand in a hex dump: lines of addresses, hex cells and text, in columns of one character's
/// width. Pure arithmetic, exact for every 64-bit length.
class HexLayout {
public:
    enum class Side : std::uint8_t { Hex, Text };
    enum class Addresses : std::uint8_t { Hex, Decimal };

    struct Place {
        Offset offset;
        Side side;
        bool operator==(const Place &) const = default;
    };

    /// `length`: of the file, in bytes. `bytesPerLine` and `groupSize` at least 1; a group is a run of cells without
    /// gaps.
    explicit HexLayout(std::uint64_t length = 0, int bytesPerLine = 16, int groupSize = 1,
                       Addresses addresses = Addresses::Hex);

    static constexpr int kFewestFitted = 4;
    static constexpr int kMostFitted = 64;

    /// The same with as many bytes a line as fit `columns` characters: a power of two, so that addresses stay round.
    [[nodiscard]] HexLayout fitted(int columns) const;
    [[nodiscard]] HexLayout withBytesPerLine(int bytes) const
    {
        return HexLayout(m_length, bytes, m_groupSize, m_addresses);
    }

    [[nodiscard]] std::uint64_t length() const { return m_length; }
    [[nodiscard]] int bytesPerLine() const { return m_bytesPerLine; }
    [[nodiscard]] int groupSize() const { return m_groupSize; }
    [[nodiscard]] Addresses addresses() const { return m_addresses; }

    [[nodiscard]] std::uint64_t lineCount() const;
    [[nodiscard]] std::uint64_t lineOf(Offset offset) const { return offset.value / perLine(); }
    [[nodiscard]] Offset lineBegin(std::uint64_t line) const { return {line * perLine()}; }
    /// Exclusive; the last line may be short.
    [[nodiscard]] Offset lineEnd(std::uint64_t line) const;
    [[nodiscard]] int indexInLine(Offset offset) const { return static_cast<int>(offset.value % perLine()); }

    /// Digits that every address of the file fits in, 8 or more.
    [[nodiscard]] int addressDigits() const { return m_addressDigits; }
    /// Columns, counted in characters from the left edge. Each cell has two, each text character one.
    [[nodiscard]] int hexColumn(int index) const;
    [[nodiscard]] int textColumn(int index) const;
    [[nodiscard]] int columnCount() const { return textColumn(m_bytesPerLine) + 1; }

    /// The byte nearest to a column in a line; none in an empty file. Behind the last byte of a short line: that byte.
    [[nodiscard]] std::optional<Place> placeAt(std::uint64_t line, double column) const;

private:
    [[nodiscard]] std::uint64_t perLine() const { return static_cast<std::uint64_t>(m_bytesPerLine); }

    std::uint64_t m_length;
    int m_bytesPerLine;
    int m_groupSize;
    Addresses m_addresses;
    int m_addressDigits;
};

} // namespace modelvault::ui
