#pragma once

#include "error.h"
#include "position.h"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace modelvault {

/// Consumes little-endian fields from bytes of a file, never past their end. The first read that does not fit fails
/// and so do all after it: they give zero or no bytes, so a decoder may read a whole structure and ask once.
/// Borrows the bytes.
class ByteReader {
public:
    /// `start` is where the first byte lies in the file.
    ByteReader(std::span<const std::byte> bytes, Offset start) : m_left(bytes), m_position(start) { }

    [[nodiscard]] std::uint8_t u8() { return integer<std::uint8_t>(); }
    [[nodiscard]] std::uint16_t u16() { return integer<std::uint16_t>(); }
    [[nodiscard]] std::uint32_t u32() { return integer<std::uint32_t>(); }
    [[nodiscard]] std::uint64_t u64() { return integer<std::uint64_t>(); }
    /// A view into the reader's bytes; empty if fewer are left.
    [[nodiscard]] std::span<const std::byte> bytes(std::uint64_t count)
    {
        if (count > m_left.size()) [[unlikely]] {
            fail();
            return {};
        }
        const auto taken = m_left.first(static_cast<std::size_t>(count));
        advance(taken.size());
        return taken;
    }
    void skip(std::uint64_t count) { (void)bytes(count); }

    [[nodiscard]] std::uint64_t remaining() const { return m_left.size(); }
    /// Of the next byte; after a failure, of the field that did not fit.
    [[nodiscard]] Offset position() const { return m_position; }
    [[nodiscard]] bool failed() const { return m_failed; }

private:
    template <std::unsigned_integral T>
    [[nodiscard]] T integer()
    {
        if (m_left.size() < sizeof(T)) [[unlikely]] {
            fail();
            return 0;
        }
        T value;
        std::memcpy(&value, m_left.data(), sizeof value);
        advance(sizeof value);
        if constexpr (std::endian::native == std::endian::big)
            value = std::byteswap(value);
        return value;
    }

    void advance(std::size_t count)
    {
        m_left = m_left.subspan(count);
        m_position += count;
    }

    void fail()
    {
        m_left = {};
        m_failed = true;
    }

    std::span<const std::byte> m_left;
    Offset m_position;
    bool m_failed = false;
};

} // namespace modelvault
