#include "sample/cover.h"

#include <array>
#include <span>
#include <string_view>

namespace modelvault::sample {
namespace {

constexpr std::size_t kWidth = 16;
constexpr std::size_t kHeight = 24;
constexpr std::size_t kBytesOfLine = 1 + kWidth / 2; // the filter, then four bits a pixel

std::uint32_t crc32(std::span<const std::byte> bytes)
{
    std::uint32_t crc = ~0U;
    for (const auto byte : bytes) {
        crc ^= std::to_integer<std::uint32_t>(byte);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    }
    return ~crc;
}

std::uint32_t adler32(std::span<const std::byte> bytes)
{
    std::uint32_t low = 1;
    std::uint32_t high = 0;
    for (const auto byte : bytes) {
        low = (low + std::to_integer<std::uint32_t>(byte)) % 65'521;
        high = (high + low) % 65'521;
    }
    return high << 16U | low;
}

void add(Value::Bytes &into, std::initializer_list<unsigned> bytes)
{
    for (const auto byte : bytes)
        into.push_back(static_cast<std::byte>(byte));
}

void addBigEndian(Value::Bytes &into, std::size_t value)
{
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        into.push_back(static_cast<std::byte>(value >> shift));
}

void addChunk(Value::Bytes &png, std::string_view name, const Value::Bytes &content)
{
    addBigEndian(png, content.size());
    const auto begin = png.size();
    for (const char letter : name)
        png.push_back(static_cast<std::byte>(letter));
    png.insert(png.end(), content.begin(), content.end());
    addBigEndian(png, crc32(std::span(png).subspan(begin)));
}

/// Stripes, a frame and a block where the title stands; numbers of the palette.
Value::Bytes drawLines(Random &random)
{
    const auto stripe = 2 + random.below(6);
    const auto titleAt = 4 + random.below(8);
    Value::Bytes lines;
    for (std::size_t y = 0; y < kHeight; ++y) {
        lines.push_back(std::byte{0});
        for (std::size_t x = 0; x < kWidth; x += 2) {
            unsigned pair = 0;
            for (const auto at : {x, x + 1}) {
                const bool isFrame = y == 0 || y == kHeight - 1 || at == 0 || at == kWidth - 1;
                const bool isTitle = y >= titleAt && y < titleAt + 4 && at >= 3 && at < kWidth - 3;
                pair = pair << 4U | (isFrame ? 0U : isTitle ? 1U : (at + y) % (2 * stripe) < stripe ? 2U : 3U);
            }
            lines.push_back(static_cast<std::byte>(pair));
        }
    }
    return lines;
}

} // namespace

Value::Bytes makeCover(Random &random)
{
    Value::Bytes png;
    add(png, {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});

    Value::Bytes header;
    addBigEndian(header, kWidth);
    addBigEndian(header, kHeight);
    add(header, {4, 3, 0, 0, 0}); // four bits a pixel, by palette
    addChunk(png, "IHDR", header);

    Value::Bytes palette;
    for (int i = 0; i < 4 * 3; ++i)
        palette.push_back(static_cast<std::byte>(random.below(256)));
    addChunk(png, "PLTE", palette);

    const auto lines = drawLines(random);
    static_assert(kHeight * kBytesOfLine < 65'536, "it fits one block");
    constexpr unsigned kLength = kHeight * kBytesOfLine;
    Value::Bytes data;
    add(data, {0x78, 0x01, 0x01}); // deflate, but stored as it is, in one last block
    add(data, {kLength & 0xFFU, kLength >> 8U, ~kLength & 0xFFU, (~kLength >> 8U) & 0xFFU});
    data.insert(data.end(), lines.begin(), lines.end());
    addBigEndian(data, adler32(lines));
    addChunk(png, "IDAT", data);
    addChunk(png, "IEND", {});
    return png;
}

} // namespace modelvault::sample
