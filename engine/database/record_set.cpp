#include "database/record_set.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <iterator>

namespace modelvault {
namespace {

constexpr unsigned kWordBits = 64;

constexpr std::uint64_t bitsBelow(unsigned bit)
{
    return (std::uint64_t{1} << bit) - 1;
}

/// The place of the n-th bit that is set; there are more than n.
unsigned nthBit(std::uint64_t word, unsigned n)
{
    for (; n > 0; --n)
        word &= word - 1;
    return static_cast<unsigned>(std::countr_zero(word));
}

} // namespace

bool RecordSet::Members::contains(std::uint16_t low) const
{
    if (bits.empty())
        return std::ranges::binary_search(listed, low);
    return (bits[low / kWordBits] >> low % kWordBits & 1) != 0;
}

std::uint16_t RecordSet::Members::at(std::uint32_t n) const
{
    if (bits.empty())
        return listed[n];
    std::size_t word = 0;
    for (;; ++word) {
        const auto here = static_cast<std::uint32_t>(std::popcount(bits[word]));
        if (n < here)
            break;
        n -= here;
    }
    return static_cast<std::uint16_t>(word * kWordBits + nthBit(bits[word], n));
}

std::uint32_t RecordSet::Members::countBelow(std::uint16_t low) const
{
    if (bits.empty())
        return static_cast<std::uint32_t>(std::ranges::lower_bound(listed, low) - listed.begin());
    int below = std::popcount(bits[low / kWordBits] & bitsBelow(low % kWordBits));
    for (std::size_t word = 0; word < low / kWordBits; ++word)
        below += std::popcount(bits[word]);
    return static_cast<std::uint32_t>(below);
}

void RecordSet::Members::add(std::uint16_t low)
{
    ++count;
    if (bits.empty() && listed.size() < kMostListed) {
        listed.push_back(low);
        return;
    }
    if (bits.empty()) {
        bits.resize(kSpan / kWordBits);
        for (const auto one : listed)
            bits[one / kWordBits] |= std::uint64_t{1} << one % kWordBits;
        listed = {};
    }
    bits[low / kWordBits] |= std::uint64_t{1} << low % kWordBits;
}

void RecordSet::Members::remove(std::uint16_t low)
{
    assert(contains(low));
    --count;
    if (bits.empty())
        listed.erase(std::ranges::lower_bound(listed, low));
    else
        bits[low / kWordBits] &= ~(std::uint64_t{1} << low % kWordBits);
}

const RecordSet::Chunk *RecordSet::find(std::uint64_t number) const
{
    const auto found = std::ranges::lower_bound(m_chunks, number, {}, &Chunk::number);
    return found != m_chunks.end() && found->number == number ? &*found : nullptr;
}

bool RecordSet::contains(RecordNo record) const
{
    const auto *chunk = find(record.value / kSpan);
    return chunk != nullptr && chunk->members->contains(static_cast<std::uint16_t>(record.value % kSpan));
}

RecordNo RecordSet::at(std::uint64_t n) const
{
    assert(n < m_size && m_before.size() == m_chunks.size());
    const auto chunk = std::prev(std::ranges::upper_bound(m_before, n)) - m_before.begin();
    const auto &[number, members] = m_chunks[static_cast<std::size_t>(chunk)];
    return {number * kSpan + members->at(static_cast<std::uint32_t>(n - m_before[static_cast<std::size_t>(chunk)]))};
}

std::uint64_t RecordSet::countBelow(RecordNo record) const
{
    assert(m_before.size() == m_chunks.size());
    const auto found = std::ranges::lower_bound(m_chunks, record.value / kSpan, {}, &Chunk::number);
    if (found == m_chunks.end())
        return m_size;
    const auto before = m_before[static_cast<std::size_t>(found - m_chunks.begin())];
    return found->number == record.value / kSpan
        ? before + found->members->countBelow(static_cast<std::uint16_t>(record.value % kSpan))
        : before;
}

void RecordSet::add(RecordNo record, Epoch epoch)
{
    const auto number = record.value / kSpan;
    if (m_chunks.empty() || m_chunks.back().number != number) {
        if (!m_chunks.empty() && m_chunks.back().members->listed.capacity() > m_chunks.back().members->listed.size())
            m_chunks.back().members.writable(epoch).listed.shrink_to_fit();
        m_chunks.push_back({.number = number, .members = {Members{}, epoch}});
    }
    m_chunks.back().members.writable(epoch).add(static_cast<std::uint16_t>(record.value % kSpan));
    ++m_size;
}

void RecordSet::remove(RecordNo record, Epoch epoch)
{
    const auto found = std::ranges::lower_bound(m_chunks, record.value / kSpan, {}, &Chunk::number);
    assert(found != m_chunks.end() && found->number == record.value / kSpan);
    found->members.writable(epoch).remove(static_cast<std::uint16_t>(record.value % kSpan));
    --m_size;
    if (found->members->count == 0 && std::next(found) != m_chunks.end())
        m_chunks.erase(found);
}

void RecordSet::index()
{
    m_before.clear();
    std::uint64_t before = 0;
    for (const auto &chunk : m_chunks) {
        m_before.push_back(before);
        before += chunk.members->count;
    }
}

std::uint64_t RecordSet::memoryBytes() const
{
    std::uint64_t bytes = m_chunks.capacity() * sizeof(Chunk) + m_before.capacity() * sizeof(std::uint64_t);
    for (const auto &chunk : m_chunks)
        bytes += sizeof(Members) + chunk.members->listed.capacity() * sizeof(std::uint16_t)
            + chunk.members->bits.capacity() * sizeof(std::uint64_t);
    return bytes;
}

} // namespace modelvault
