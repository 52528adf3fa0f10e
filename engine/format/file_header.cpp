#include "format/file_header.h"

#include "format/byte_reader.h"
#include "format/byte_writer.h"

namespace modelvault {

Result<FileHeader> FileHeader::decode(std::span<const std::byte> bytes, FieldTrace *trace)
{
    if (bytes.size() < kSize)
        return failure(ErrorCode::TruncatedHeader, {}, kSize, bytes.size());
    ByteReader reader(bytes.first(kSize), Offset{0}, trace);
    const auto magic = reader.u32({"magic", mustBe(kMagic), FieldKind::Magic});
    if (magic != kMagic)
        return failure(ErrorCode::BadMagic, Offset{0}, kMagic, magic);
    FileHeader header;
    header.major = reader.u16({"major", mustBe(kMajor), FieldKind::Version});
    header.minor = reader.u16({"minor", between(kMinorLowest, kMinorHighest), FieldKind::Version});
    header.headerSize = reader.u32({"header size", unchecked(mustBe(kSize)), FieldKind::Length});
    header.flags = reader.u64({"flags", unchecked(mustBe(0))});
    reader.skip(12);

    if (header.major != kMajor || header.minor < kMinorLowest || header.minor > kMinorHighest)
        return failure(ErrorCode::UnsupportedVersion, Offset{4}, kMinorHighest,
                       std::uint64_t{header.major} << 16 | header.minor);
    return header;
}

std::vector<std::byte> FileHeader::encode() const
{
    ByteWriter writer;
    writer.u32(kMagic);
    writer.u16(major);
    writer.u16(minor);
    writer.u32(headerSize);
    writer.u64(flags);
    writer.zeros(12);
    return std::move(writer).take();
}

} // namespace modelvault
