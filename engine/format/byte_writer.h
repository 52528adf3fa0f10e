#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace modelvault {

/// Appends little-endian fields: the counterpart of ByteReader, for encoders.
class ByteWriter {
public:
    void u8(std::uint8_t value) { integer(value); }
    void u16(std::uint16_t value) { integer(value); }
    void u32(std::uint32_t value) { integer(value); }
    void u64(std::uint64_t value) { integer(value); }
    void bytes(std::span<const std::byte> bytes) { m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end()); }
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
