#include "format/transaction_marker.h"

#include "format/byte_writer.h"

namespace modelvault {

std::vector<std::byte> TransactionMarker::encode() const
{
    ByteWriter writer;
    writer.u16(kVersion);
    writer.u64(id);
    writer.zeros(8);
    writer.u32(crc32c(writer.written()));
    writer.zeros(2);
    return std::move(writer).take();
}

} // namespace modelvault
