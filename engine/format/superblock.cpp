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

Result<Superblock> Superblock::decode(std::span<const std::byte> bytes, Offset at, FieldTrace *trace)
{
    if (bytes.size() < kSize)
        return failure(ErrorCode::TruncatedSuperblock, at, kSize, bytes.size());
    ByteReader reader(bytes.first(kSize), at, trace);
    const auto magic = reader.u32({"magic", mustBe(kMagic), FieldKind::Magic});
    if (magic != kMagic)
        return failure(ErrorCode::BadSuperblockMagic, at, kMagic, magic);
    Superblock block;
    block.version = reader.u16({"version", between(0, kVersionHighest), FieldKind::Version});
    reader.skip(2);
    block.generation = reader.u64({"generation"});
    block.manifestOffset = {reader.u64({"manifest offset", {}, FieldKind::Place})};
    block.manifestLength = reader.u32({"manifest length", {}, FieldKind::Length});
    const auto kind = reader.u8({"checksum kind", mustBe(kChecksumKind), FieldKind::Number, checksumKindName});
    if (block.version == 0) {
        reader.skip(3);
    } else {
        reader.skip(7);
        block.checkpointOffset = {reader.u64({"checkpoint offset", {}, FieldKind::Place})};
        block.checkpointLength = reader.u32({"checkpoint length", {}, FieldKind::Length});
    }
    const auto covered = checksumAt(block.version);
    const auto found = reader.u32({"CRC", {}, FieldKind::Checksum});
    const auto expected = crc32c(bytes.first(covered));
    if (trace != nullptr)
        trace->judge(checksumOf(at, at + covered, expected));
    reader.skip(reader.remaining(), {.name = "unused", .rule = kUncheckedZero});

    if (block.version > kVersionHighest)
        return failure(ErrorCode::UnsupportedVersion, at + 4, kVersionHighest, block.version);
    if (kind != kChecksumKind)
        return failure(ErrorCode::UnsupportedVersion, at + kChecksumKindAt, kChecksumKind, kind);
    if (!isRightCrc(found, expected))
        return failure(ErrorCode::BadSuperblockChecksum, at + covered, expected, found);
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
