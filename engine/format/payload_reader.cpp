#include "format/payload_reader.h"

#include "utf8.h"

namespace modelvault {
std::span<const std::byte> PayloadReader::bytes(std::uint64_t count, const Field &field)
{
    m_last = m_reader.position();
    const auto taken = m_reader.bytes(count, field);
    if (m_reader.failed()) [[unlikely]]
        noteMissing(count);
    return taken;
}

std::string_view PayloadReader::view(std::uint64_t count, const Field &field)
{
    m_last = m_reader.position();
    const auto taken = m_reader.text(count, field);
    if (m_reader.failed()) [[unlikely]] {
        noteMissing(count);
        return {};
    }
    if (const auto whole = validUtf8Prefix(taken); whole != taken.size()) [[unlikely]] {
        reject(m_codes.notUtf8, m_last, 0, whole);
        return {};
    }
    return taken;
}

std::string PayloadReader::text32(std::string_view name)
{
    return text32(name, 0, kMaxValueBytes, m_codes.missing);
}

std::string PayloadReader::text32(std::string_view name, std::uint32_t least, std::uint32_t most, ErrorCode broken)
{
    const Group group(*this, name);
    const auto length = u32({.name = "length", .rule = between(least, most), .kind = FieldKind::Length}, broken);
    auto taken = text(length, {.name = "text", .rule = {.kind = Rule::Kind::Utf8}, .kind = FieldKind::Text});
    if (ok())
        group.value(FieldKind::Text, taken);
    return taken;
}

std::span<const std::byte> PayloadReader::bytes32(std::string_view name, std::uint64_t most)
{
    const Group group(*this, name);
    const auto length = u32({.name = "length", .rule = between(0, most), .kind = FieldKind::Length}, m_codes.missing);
    return bytes(length, {.name = "bytes", .kind = FieldKind::Bytes});
}

bool PayloadReader::takeValue()
{
    if (m_valuesLeft == 0)
        reject(m_codes.missing, position(), kMaxValues, kMaxValues + 1);
    else
        --m_valuesLeft;
    return ok();
}

void PayloadReader::reject(ErrorCode code, Offset offset, std::uint64_t expected, std::uint64_t found)
{
    if (!m_error)
        m_error = {.code = code, .offset = offset, .expected = expected, .found = found};
    m_reader.stop();
}

void PayloadReader::noteMissing(std::uint64_t wanted)
{
    if (!m_error)
        m_error = {.code = m_codes.missing,
                   .offset = m_reader.position(),
                   .expected = wanted,
                   .found = m_end - m_reader.position()};
}

Result<void> PayloadReader::finish()
{
    if (ok() && m_reader.remaining() > 0)
        reject(m_codes.leftOver, position(), 0, m_reader.remaining());
    return finishEarly();
}

Result<void> PayloadReader::finishEarly()
{
    if (ok())
        return {};
    if (trace() != nullptr)
        trace()->fault(*m_error);
    return std::unexpected(*m_error);
}

} // namespace modelvault
