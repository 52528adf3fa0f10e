#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace modelvault {

/// Appends little-endian fields: the counterpart of ByteReader, for encoders.
class ByteWriter {
public:
    void u8(std::uint8_t value) { integer(value); }
    void u16(std::uint16_t value) { integer(value); }
    void u32(std::uint32_t value) { integer(value); }
    void u64(std::uint64_t value) { integer(value); }
    void i64(std::int64_t value) { integer(static_cast<std::uint64_t>(value)); }
    void f64(double value) { integer(std::bit_cast<std::uint64_t>(value)); }
    void bytes(std::span<const std::byte> bytes) { m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end()); }
    void text(std::string_view text) { bytes(std::as_bytes(std::span(text))); }
    /// A u32 length, then the bytes: `bytes32` and `str32`. The caller keeps to the limits of FORMAT.md.
    void bytes32(std::span<const std::byte> value)
    {
        u32(static_cast<std::uint32_t>(value.size()));
        bytes(value);
    }
    void text32(std::string_view text) { bytes32(std::as_bytes(std::span(text))); }
    void zeros(std::size_t count) { m_bytes.resize(m_bytes.size() + count); }

    [[nodiscard]] std::span<const std::byte> written() const { return m_bytes; }
    [[nodiscard]] std::vector<std::byte> take() && { return std::move(m_bytes); }

private:
    template <std::unsigned_integral T>
    void integer(T value)
    {
        for (std::size_t i = 0; i < sizeof(T); ++i)
            m_bytes.push_back(static_cast<std::byte>(static_cast<std::uint64_t>(value) >> (8 * i)));
    }

    std::vector<std::byte> m_bytes;
};

} // namespace modelvault
