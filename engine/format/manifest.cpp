#include "format/manifest.h"

#include "format/byte_reader.h"
#include "format/byte_writer.h"

namespace modelvault {

Result<Manifest> Manifest::decode(std::span<const std::byte> payload, Offset at)
{
    if (payload.size() != kSize)
        return failure(ErrorCode::InvalidManifestPayload, at, kSize, payload.size());
    ByteReader reader(payload, at);
    if (const auto version = reader.u16(); version != kVersion)
        return failure(ErrorCode::UnsupportedVersion, at, kVersion, version);
    Manifest manifest;
    manifest.segmentOffset = {reader.u64()};
    manifest.segmentLength = reader.u64();
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
