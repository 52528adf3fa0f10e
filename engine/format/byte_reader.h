#pragma once

#include "error.h"
#include "format/field.h"
#include "format/field_trace.h"
#include "position.h"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace modelvault {

/// Consumes little-endian fields from bytes of a file, never past their end. The first read that does not fit fails
/// and so do all after it: they give zero or no bytes, so a decoder may read a whole structure and ask once.
/// Borrows the bytes, and the trace, which is told of each field; without one, naming fields costs nothing.
class ByteReader {
public:
    /// `start` is where the first byte lies in the file.
    ByteReader(std::span<const std::byte> bytes, Offset start, FieldTrace *trace = nullptr)
        : m_left(bytes),
          m_position(start),
          m_trace(trace)
    { }

    [[nodiscard]] std::uint8_t u8(const Field &field = {}) { return integer<std::uint8_t>(field); }
    [[nodiscard]] std::uint16_t u16(const Field &field = {}) { return integer<std::uint16_t>(field); }
    [[nodiscard]] std::uint32_t u32(const Field &field = {}) { return integer<std::uint32_t>(field); }
    [[nodiscard]] std::uint64_t u64(const Field &field = {}) { return integer<std::uint64_t>(field); }
    [[nodiscard]] std::int64_t i64(const Field &field = {}) { return integer<std::uint64_t, std::int64_t>(field); }
    [[nodiscard]] double f64(const Field &field = {}) { return integer<std::uint64_t, double>(field); }
    /// A view into the reader's bytes; empty if fewer are left.
    [[nodiscard]] std::span<const std::byte> bytes(std::uint64_t count, const Field &field = {})
    {
        const auto taken = take(count, field);
        if (m_trace != nullptr && !m_failed) [[unlikely]]
            m_trace->field(field, {m_position.value - taken.size()}, m_position, FirstBytes::of(taken));
        return taken;
    }
    /// The same for bytes that should be text, which is not checked.
    [[nodiscard]] std::string_view text(std::uint64_t count, const Field &field = {})
    {
        const auto taken = take(count, field);
        const std::string_view text(reinterpret_cast<const char *>(taken.data()), taken.size());
        if (m_trace != nullptr && !m_failed) [[unlikely]]
            m_trace->field(field, {m_position.value - taken.size()}, m_position, std::string(text));
        return text;
    }
    /// Bytes that nobody looks at.
    void skip(std::uint64_t count, const Field &field = {.name = "reserved", .rule = kUncheckedZero})
    {
        const auto taken = take(count, field);
        if (m_trace != nullptr && !m_failed) [[unlikely]]
            m_trace->padding(field, {m_position.value - taken.size()}, m_position, taken);
    }

    [[nodiscard]] std::uint64_t remaining() const { return m_left.size(); }
    /// Of the next byte; after a failure, of the field that did not fit.
    [[nodiscard]] Offset position() const { return m_position; }
    [[nodiscard]] bool failed() const { return m_failed; }
    [[nodiscard]] FieldTrace *trace() const { return m_trace; }

    /// Reads nothing more: what follows can't be trusted.
    void stop()
    {
        m_left = {};
        m_failed = true;
    }

private:
    template <std::unsigned_integral T, class Shown = std::uint64_t>
    [[nodiscard]] std::conditional_t<sizeof(T) == sizeof(Shown), Shown, T> integer(const Field &field)
    {
        using Value = std::conditional_t<sizeof(T) == sizeof(Shown), Shown, T>;
        if (m_left.size() < sizeof(T)) [[unlikely]] {
            fail(sizeof(T), field);
            return {};
        }
        T raw;
        std::memcpy(&raw, m_left.data(), sizeof raw);
        advance(sizeof raw);
        if constexpr (std::endian::native == std::endian::big)
            raw = std::byteswap(raw);
        const auto value = std::bit_cast<Value>(raw);
        if (m_trace != nullptr) [[unlikely]]
            m_trace->field(field, {m_position.value - sizeof raw}, m_position, Shown{value});
        return value;
    }

    std::span<const std::byte> take(std::uint64_t count, const Field &field)
    {
        if (count > m_left.size()) [[unlikely]] {
            fail(count, field);
            return {};
        }
        const auto taken = m_left.first(static_cast<std::size_t>(count));
        advance(taken.size());
        return taken;
    }

    void advance(std::size_t count)
    {
        m_left = m_left.subspan(count);
        m_position += count;
    }

    void fail(std::uint64_t wanted, const Field &field)
    {
        if (m_trace != nullptr && !m_failed) [[unlikely]]
            m_trace->missing(field, m_position, wanted, m_left.size());
        stop();
    }

    std::span<const std::byte> m_left;
    Offset m_position;
    FieldTrace *m_trace;
    bool m_failed = false;
};

} // namespace modelvault
