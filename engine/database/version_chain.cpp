#include "database/version_chain.h"

#include <bit>
#include <cassert>

namespace modelvault {
namespace {

constexpr std::uint64_t kWordBits = 64;

} // namespace

void VersionChain::add(RecordNo record, std::optional<RecordNo> earlier, Epoch epoch)
{
    while (m_hasEarlier.size() <= record.value / kWordBits) {
        if (m_hasEarlier.size() * kWordBits % kBlock == 0)
            m_before.add(m_distances.size(), epoch);
        m_hasEarlier.add(0, epoch);
    }
    if (!earlier)
        return;
    assert(*earlier < record);
    m_hasEarlier.writable(record.value / kWordBits, epoch) |= std::uint64_t{1} << record.value % kWordBits;
    const auto distance = record.value - earlier->value;
    if (distance >= kFar)
        m_far[record] = *earlier;
    m_distances.add(distance >= kFar ? kFar : static_cast<std::uint32_t>(distance), epoch);
}

std::optional<RecordNo> VersionChain::earlier(RecordNo record) const
{
    const auto word = record.value / kWordBits;
    const auto bit = std::uint64_t{1} << record.value % kWordBits;
    if (word >= m_hasEarlier.size() || (m_hasEarlier[word] & bit) == 0)
        return std::nullopt;
    const auto block = record.value / kBlock;
    auto link = m_before[block] + static_cast<std::uint64_t>(std::popcount(m_hasEarlier[word] & (bit - 1)));
    for (auto before = block * (kBlock / kWordBits); before < word; ++before)
        link += static_cast<std::uint64_t>(std::popcount(m_hasEarlier[before]));
    const auto distance = m_distances[link];
    return distance == kFar ? m_far.at(record) : RecordNo{record.value - distance};
}

std::uint64_t VersionChain::memoryBytes() const
{
    return m_hasEarlier.memoryBytes() + m_before.memoryBytes() + m_distances.memoryBytes();
}

} // namespace modelvault
