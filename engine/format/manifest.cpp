#include "format/manifest.h"

#include "format/byte_reader.h"
#include "format/byte_writer.h"
#include "format/segment.h"

namespace modelvault {

Result<Manifest> Manifest::decode(std::span<const std::byte> payload, Offset at, FieldTrace *trace)
{
    if (payload.size() != kSize)
        return failure(ErrorCode::InvalidManifestPayload, at, kSize, payload.size());
    ByteReader reader(payload, at, trace);
    const auto version = reader.u16({"version", mustBe(kVersion), FieldKind::Version});
    // A manifest says where it lies itself; nobody checks that it does.
    const std::uint64_t segment = at.value - SegmentHeader::kSize;
    Manifest manifest;
    manifest.segmentOffset = {reader.u64({"segment offset", unchecked(mustBe(segment)), FieldKind::Place})};
    manifest.segmentLength =
        reader.u64({"segment length", unchecked(mustBe(SegmentHeader::kSize + kSize)), FieldKind::Length});
    if (version != kVersion)
        return failure(ErrorCode::UnsupportedVersion, at, kVersion, version);
    return manifest;
}

std::vector<std::byte> Manifest::encode() const
{
    ByteWriter writer;
    writer.u16(kVersion);
    writer.u64(segmentOffset.value);
    writer.u64(segmentLength);
    return std::move(writer).take();
}

} // namespace modelvault
