#include "format/superblock.h"

#include "format/byte_reader.h"
#include "format/byte_writer.h"
#include "format/crc32c.h"

namespace modelvault {
namespace {

constexpr std::uint8_t kChecksumKind = 0; // CRC-32C, the only one
constexpr std::uint64_t kChecksumKindAt = 28;

/// The checksum covers what lies before it.
constexpr std::size_t checksumAt(std::uint16_t version)
{
    return version == 0 ? 32 : 48;
}

} // namespace

Result<Superblock> Superblock::decode(std::span<const std::byte> bytes, Offset at)
{
    if (bytes.size() < kSize)
        return failure(ErrorCode::TruncatedSuperblock, at, kSize, bytes.size());
    ByteReader reader(bytes.first(kSize), at);
    if (const auto magic = reader.u32(); magic != kMagic)
        return failure(ErrorCode::BadSuperblockMagic, at, kMagic, magic);

    Superblock block;
    block.version = reader.u16();
    if (block.version > kVersionHighest)
        return failure(ErrorCode::UnsupportedVersion, at + 4, kVersionHighest, block.version);
    reader.skip(2);
    block.generation = reader.u64();
    block.manifestOffset = {reader.u64()};
    block.manifestLength = reader.u32();
    if (const auto kind = reader.u8(); kind != kChecksumKind)
        return failure(ErrorCode::UnsupportedVersion, at + kChecksumKindAt, kChecksumKind, kind);
    if (block.version == 0) {
        reader.skip(3);
    } else {
        reader.skip(7);
        block.checkpointOffset = {reader.u64()};
        block.checkpointLength = reader.u32();
    }
    const auto found = reader.u32();
    const auto expected = crc32c(bytes.first(checksumAt(block.version)));
    if (found != expected)
        return failure(ErrorCode::BadSuperblockChecksum, at + checksumAt(block.version), expected, found);
    return block;
}

std::vector<std::byte> Superblock::encode() const
{
    ByteWriter writer;
    writer.u32(kMagic);
    writer.u16(version);
    writer.zeros(2);
    writer.u64(generation);
    writer.u64(manifestOffset.value);
    writer.u32(manifestLength);
    writer.u8(kChecksumKind);
    if (version == 0) {
        writer.zeros(3);
    } else {
        writer.zeros(7);
        writer.u64(checkpointOffset.value);
        writer.u32(checkpointLength);
    }
    writer.u32(crc32c(writer.written()));
    writer.zeros(kSize - writer.written().size());
    return std::move(writer).take();
}

std::optional<SuperblockSlot> selectSuperblock(const Superblocks &slots)
{
    const auto &[a, b] = slots;
    if (a && b)
        return b->generation > a->generation ? SuperblockSlot::B : SuperblockSlot::A;
    if (a)
        return SuperblockSlot::A;
    if (b)
        return SuperblockSlot::B;
    return std::nullopt;
}

} // namespace modelvault
