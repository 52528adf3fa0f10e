#include "database/payload_loader.h"

#include "format/limits.h"

#include <algorithm>

namespace modelvault {
namespace {

// Where the key of a record ends, unless it is a monster.
constexpr std::uint64_t kRecordHead = 4 * 1024;

} // namespace

Result<std::span<const std::byte>> PayloadLoader::beginning(const Segment &segment, std::span<const std::byte> atHand)
{
    const auto length = segment.header.payloadLength;
    if (atHand.size() == length)
        return atHand;
    return load(segment, segment.header.type == SegmentType::Record ? std::min(length, kRecordHead) : length);
}

Result<std::span<const std::byte>> PayloadLoader::whole(const Segment &segment)
{
    return load(segment, segment.header.payloadLength);
}

Result<std::span<const std::byte>> PayloadLoader::load(const Segment &segment, std::uint64_t length)
{
    if (segment.header.payloadLength > kMaxPayload)
        return failure(ErrorCode::PayloadOverLimit, segment.payloadOffset(), kMaxPayload, segment.header.payloadLength);
    m_buffer.resize(static_cast<std::size_t>(length));
    if (const auto read = m_store.readExactAt(segment.payloadOffset(), m_buffer); !read)
        return std::unexpected(read.error());
    return m_buffer;
}

} // namespace modelvault
