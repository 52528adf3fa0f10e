#include "support/file_builder.h"

#include "format/byte_writer.h"
#include "format/crc32c.h"

#include <cstdio>
#include <cstdlib>
#include <string>

namespace modelvault::test {
namespace {

template <class T>
T must(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "FileBuilder: %s\n", std::string(errorName(result.error().code)).c_str());
        std::abort();
    }
    if constexpr (!std::is_void_v<T>)
        return *std::move(result);
}

} // namespace

std::span<const std::byte> bytesOf(std::string_view text)
{
    return std::as_bytes(std::span(text));
}

FileBuilder::FileBuilder(std::uint16_t minor)
    : m_writer(must(LogWriter::create(std::make_unique<MemoryStore>(), minor)))
{
    if (minor >= FileHeader::kMinorWithSuperblocks)
        m_offsets.push_back(kLogStart);
}

FileBuilder::FileBuilder(std::vector<std::byte> bytes) : m_given(std::make_unique<MemoryStore>(std::move(bytes))) { }

FileBuilder &FileBuilder::append(SegmentType type, std::string_view payload)
{
    return append(type, bytesOf(payload));
}

FileBuilder &FileBuilder::append(SegmentType type, std::span<const std::byte> payload)
{
    note(m_writer->append(type, payload));
    return *this;
}

FileBuilder &FileBuilder::appendOversized(SegmentType type, std::size_t payload)
{
    const std::vector<std::byte> zeros(payload);
    const SegmentHeader header{.type = type, .payloadLength = payload, .payloadCrc = crc32c(zeros)};
    const Offset at{length()};
    return overwrite(at, header.encode()).overwrite(at + SegmentHeader::kSize, zeros);
}

FileBuilder &FileBuilder::begin(std::uint64_t id)
{
    note(m_writer->begin(id));
    return *this;
}

FileBuilder &FileBuilder::commit(std::uint64_t id)
{
    note(m_writer->commit(id));
    return *this;
}

FileBuilder &FileBuilder::abort(std::uint64_t id)
{
    note(m_writer->abort(id));
    return *this;
}

FileBuilder &FileBuilder::publish(Offset checkpoint, std::uint32_t checkpointLength)
{
    m_offsets.push_back(m_writer->end());
    must(m_writer->publish(checkpoint, checkpointLength));
    return *this;
}

FileBuilder &FileBuilder::transaction(int records, std::size_t payload, std::uint64_t id)
{
    begin(id);
    for (int i = 0; i < records; ++i)
        append(SegmentType::Record, std::string(payload, static_cast<char>('a' + i % 26)));
    return commit(id);
}

FileBuilder &FileBuilder::appendRaw(std::string_view bytes)
{
    return overwrite(Offset{length()}, bytesOf(bytes));
}

FileBuilder &FileBuilder::appendZeros(std::size_t count)
{
    return appendRaw(std::string(count, '\0'));
}

FileBuilder &FileBuilder::flip(Offset at, std::uint8_t bits)
{
    std::byte byte{};
    must(memory().readExactAt(at, {&byte, 1}));
    byte ^= std::byte{bits};
    return overwrite(at, {&byte, 1});
}

FileBuilder &FileBuilder::overwrite(Offset at, std::span<const std::byte> bytes)
{
    must(memory().writeAllAt(at, bytes));
    return *this;
}

FileBuilder &FileBuilder::cut(std::uint64_t length)
{
    must(memory().truncate(length));
    return *this;
}

FileBuilder &FileBuilder::repairChecksums(Offset segment, bool payloadToo)
{
    std::vector<std::byte> header(SegmentHeader::kSize);
    must(memory().readExactAt(segment, header));
    ByteReader reader(header, segment);
    reader.skip(12);
    if (payloadToo) {
        std::vector<std::byte> payload(reader.u64());
        must(memory().readExactAt(segment + SegmentHeader::kSize, payload));
        ByteWriter crc;
        crc.u32(crc32c(payload));
        overwrite(segment + 20, crc.written());
        must(memory().readExactAt(segment, header));
    }
    ByteWriter crc;
    crc.u32(crc32c(std::span(header).first(SegmentHeader::kChecksumAt)));
    return overwrite(segment + SegmentHeader::kChecksumAt, crc.written());
}

std::uint64_t FileBuilder::length()
{
    return must(memory().length());
}

std::vector<std::byte> FileBuilder::bytes()
{
    const auto all = memory().view();
    return {all.begin(), all.end()};
}

std::unique_ptr<MemoryStore> FileBuilder::store()
{
    return std::make_unique<MemoryStore>(bytes());
}

MemoryStore &FileBuilder::memory()
{
    if (m_given)
        return *m_given;
    must(m_writer->flush());
    return static_cast<MemoryStore &>(m_writer->store());
}

void FileBuilder::note(const Result<Offset> &appended)
{
    m_offsets.push_back(must(appended));
}

} // namespace modelvault::test
