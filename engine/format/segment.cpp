#include "format/segment.h"

#include "format/byte_writer.h"

namespace modelvault {

std::string_view segmentTypeName(SegmentType type)
{
    switch (type) {
    case SegmentType::Schema:
        return "schema";
    case SegmentType::Record:
        return "record";
    case SegmentType::Manifest:
        return "manifest";
    case SegmentType::Checkpoint:
        return "checkpoint";
    case SegmentType::Index:
        return "index";
    case SegmentType::TxnBegin:
        return "txn_begin";
    case SegmentType::TxnCommit:
        return "txn_commit";
    case SegmentType::TxnAbort:
        return "txn_abort";
    case SegmentType::Temp:
        return "temp";
    }
    return "unknown";
}

std::string_view segmentTypeNameOf(std::uint64_t number)
{
    return number >= 1 && number <= kSegmentTypes ? segmentTypeName(static_cast<SegmentType>(number))
                                                  : std::string_view();
}

std::vector<std::byte> SegmentHeader::encode() const
{
    ByteWriter writer;
    writer.u32(kMagic);
    writer.u16(kVersion);
    writer.u16(static_cast<std::uint16_t>(type));
    writer.u32(static_cast<std::uint32_t>(kSize));
    writer.u64(payloadLength);
    writer.u32(payloadCrc);
    writer.u8(kChecksumKind);
    writer.zeros(3);
    writer.u32(crc32c(writer.written()));
    return std::move(writer).take();
}

} // namespace modelvault
