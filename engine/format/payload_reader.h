#pragma once

#include "error.h"
#include "format/byte_reader.h"
#include "format/limits.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace modelvault {

/// What payload decoders read with: a ByteReader that keeps the first error and the limits of FORMAT.md. After an error
/// every read gives zero or nothing, so that a decoder asks at its loops and at its end.
class PayloadReader {
public:
    struct Codes {
        ErrorCode missing; ///< bytes missing, a length or a number of values over the limit
        ErrorCode notUtf8;
        ErrorCode leftOver; ///< bytes behind the last field
    };

    /// Borrows the payload, which lies at `at`, and the trace.
    PayloadReader(std::span<const std::byte> payload, Offset at, Codes codes, FieldTrace *trace)
        : m_reader(payload, at, trace),
          m_end(at + payload.size()),
          m_codes(codes)
    { }

    [[nodiscard]] bool ok() const { return !m_error; }
    [[nodiscard]] Offset position() const { return m_reader.position(); }
    /// Of the field read last.
    [[nodiscard]] Offset lastField() const { return m_last; }
    [[nodiscard]] FieldTrace *trace() const { return m_reader.trace(); }

    [[nodiscard]] std::uint8_t u8(const Field &field) { return read<std::uint8_t>(field, &ByteReader::u8); }
    [[nodiscard]] std::uint16_t u16(const Field &field) { return read<std::uint16_t>(field, &ByteReader::u16); }
    [[nodiscard]] std::uint32_t u32(const Field &field) { return read<std::uint32_t>(field, &ByteReader::u32); }
    [[nodiscard]] std::uint64_t u64(const Field &field) { return read<std::uint64_t>(field, &ByteReader::u64); }
    [[nodiscard]] std::int64_t i64(const Field &field) { return read<std::int64_t>(field, &ByteReader::i64); }
    [[nodiscard]] double f64(const Field &field) { return read<double>(field, &ByteReader::f64); }
    /// A field that breaks its own rule is an error of this code.
    [[nodiscard]] std::uint8_t u8(const Field &field, ErrorCode broken) { return checked(u8(field), field, broken); }
    [[nodiscard]] std::uint16_t u16(const Field &field, ErrorCode broken) { return checked(u16(field), field, broken); }
    [[nodiscard]] std::uint32_t u32(const Field &field, ErrorCode broken) { return checked(u32(field), field, broken); }

    [[nodiscard]] std::span<const std::byte> bytes(std::uint64_t count, const Field &field);
    /// So many bytes of UTF-8.
    [[nodiscard]] std::string text(std::uint64_t count, const Field &field) { return std::string(view(count, field)); }
    /// The same where they lie in the payload.
    [[nodiscard]] std::string_view view(std::uint64_t count, const Field &field);
    /// A length and its bytes: `str32` and `bytes32`.
    [[nodiscard]] std::string text32(std::string_view name);
    [[nodiscard]] std::span<const std::byte> bytes32(std::string_view name, std::uint64_t most = kMaxValueBytes);
    /// The same for names, which must be so many bytes long; else `broken`.
    [[nodiscard]] std::string text32(std::string_view name, std::uint32_t least, std::uint32_t most, ErrorCode broken);

    /// To be called for each entry of a list, each type and each value: whether one more may follow.
    [[nodiscard]] bool takeValue();
    /// Goes through a list: `read(i)` for each of `count` entries, as long as there is no error; `limit` is how many
    /// entries a list may have. It is met only when so many were read, as the engine does: an earlier error counts.
    template <class Read>
    void forEach(std::uint32_t count, std::uint32_t limit, const Read &read)
    {
        for (std::uint32_t i = 0; i < count && ok(); ++i) {
            if (i == limit)
                return reject(m_codes.missing, position(), limit, count);
            if (takeValue())
                read(i);
        }
    }

    /// Keeps the first error, and reads nothing more.
    void reject(ErrorCode code, Offset offset, std::uint64_t expected = 0, std::uint64_t found = 0);
    /// What went wrong; bytes left over are wrong too. To be called once, last.
    [[nodiscard]] Result<void> finish();
    /// The same for decoders that leave the rest of the payload to others.
    [[nodiscard]] Result<void> finishEarly();

    /// Fields read while this lives belong together in a trace.
    class Group {
    public:
        Group(PayloadReader &reader, std::string_view name) : m_trace(reader.trace())
        {
            if (m_trace != nullptr) [[unlikely]]
                m_trace->open(name);
        }
        Group(const Group &) = delete;
        Group &operator=(const Group &) = delete;
        ~Group()
        {
            if (m_trace != nullptr) [[unlikely]]
                m_trace->close();
        }
        void value(FieldKind kind, const auto &value) const
        {
            if (m_trace != nullptr) [[unlikely]]
                m_trace->value(kind, FieldValue(value));
        }
        void value(FieldKind kind, std::string_view text) const
        {
            if (m_trace != nullptr) [[unlikely]]
                m_trace->value(kind, FieldValue(std::string(text)));
        }
        void value(FieldKind kind, std::span<const std::byte> bytes) const
        {
            if (m_trace != nullptr) [[unlikely]]
                m_trace->value(kind, FieldValue(FirstBytes::of(bytes)));
        }
        /// `make` is called only if somebody reads it.
        template <class Make>
        void label(const Make &make) const
        {
            if (m_trace != nullptr) [[unlikely]]
                m_trace->label(make());
        }

    private:
        FieldTrace *m_trace;
    };
    /// A group for one of many, counted from 0.
    class Entry : public Group {
    public:
        Entry(PayloadReader &reader, std::string_view name, std::uint32_t index) : Group(reader, name)
        {
            label([index] { return std::to_string(index); });
        }
    };

private:
    template <class T>
    [[nodiscard]] T read(const Field &field, T (ByteReader::*take)(const Field &))
    {
        m_last = m_reader.position();
        const T value = (m_reader.*take)(field);
        if (m_reader.failed()) [[unlikely]]
            noteMissing(sizeof(T));
        return value;
    }

    template <class T>
    [[nodiscard]] T checked(T value, const Field &field, ErrorCode broken)
    {
        if (ok() && !field.rule.allows(value)) [[unlikely]]
            reject(broken, m_last, value < field.rule.lowest ? field.rule.lowest : field.rule.highest, value);
        return value;
    }

    void noteMissing(std::uint64_t wanted);

    ByteReader m_reader;
    const Offset m_end;
    const Codes m_codes;
    Offset m_last;
    std::uint64_t m_valuesLeft = kMaxValues;
    std::optional<Error> m_error;
};

} // namespace modelvault
