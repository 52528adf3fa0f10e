#include "views/hex_layout.h"

#include <algorithm>

namespace modelvault::ui {
namespace {

constexpr int kMargin = 1;       // left of the addresses
constexpr int kGap = 2;          // between addresses, hex and text
constexpr int kFewestDigits = 8; // so that small files don't look different

int digitsFor(std::uint64_t length, HexLayout::Addresses addresses)
{
    const unsigned base = addresses == HexLayout::Addresses::Hex ? 16 : 10;
    int digits = 1;
    for (auto highest = length == 0 ? 0 : length - 1; highest >= base; highest /= base)
        ++digits;
    return std::max(digits, kFewestDigits);
}

} // namespace

HexLayout::HexLayout(std::uint64_t length, int bytesPerLine, int groupSize, Addresses addresses)
    : m_length(length),
      m_bytesPerLine(std::max(bytesPerLine, 1)),
      m_groupSize(std::max(groupSize, 1)),
      m_addresses(addresses),
      m_addressDigits(digitsFor(length, addresses))
{ }

HexLayout HexLayout::fitted(int columns) const
{
    int bytes = kMostFitted;
    while (bytes > kFewestFitted && withBytesPerLine(bytes).columnCount() > columns)
        bytes /= 2;
    return withBytesPerLine(bytes);
}

std::uint64_t HexLayout::lineCount() const
{
    return m_length / perLine() + (m_length % perLine() != 0 ? 1 : 0);
}

Offset HexLayout::lineEnd(std::uint64_t line) const
{
    const auto begin = lineBegin(line);
    return begin + std::min(perLine(), m_length - std::min(begin.value, m_length));
}

int HexLayout::hexColumn(int index) const
{
    return kMargin + m_addressDigits + kGap + index * 2 + index / m_groupSize;
}

int HexLayout::textColumn(int index) const
{
    const int hexEnd = hexColumn(m_bytesPerLine - 1) + 2;
    return hexEnd + kGap + index;
}

std::optional<HexLayout::Place> HexLayout::placeAt(std::uint64_t line, double column) const
{
    if (m_length == 0)
        return std::nullopt;
    line = std::min(line, lineCount() - 1);
    const bool inText = column >= textColumn(0) - kGap / 2.0;
    int index = 0;
    if (inText) {
        index = static_cast<int>(column) - textColumn(0);
    } else {
        // Half of each gap belongs to the cell before it.
        while (index + 1 < m_bytesPerLine
               && column >= hexColumn(index + 1) - (hexColumn(index + 1) - hexColumn(index) - 2) / 2.0)
            ++index;
    }
    const int last = static_cast<int>(lineEnd(line) - lineBegin(line)) - 1;
    return Place{lineBegin(line) + static_cast<std::uint64_t>(std::clamp(index, 0, last)),
                 inText ? Side::Text : Side::Hex};
}

} // namespace modelvault::ui
