#include "search/needle.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <utility>

namespace modelvault {
namespace {

// Sixteen bytes at once, by every compiler and for every processor that we build for.
using Lanes [[gnu::vector_size(16)]] = std::uint8_t;
using LaneWords [[gnu::vector_size(16)]] = std::uint64_t;
constexpr std::size_t kLanes = sizeof(Lanes);
constexpr std::size_t kStep = 4 * kLanes;

Lanes load(const std::byte *from)
{
    Lanes lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
}

Lanes spread(std::byte value)
{
    return Lanes{} + std::to_integer<std::uint8_t>(value);
}

bool isAnySet(Lanes lanes)
{
    const auto words = std::bit_cast<LaneWords>(lanes);
    return (words[0] | words[1]) != 0;
}

// Of eight lanes in a word, each of which is all ones or zero; counted in the order of memory.
constexpr bool kIsLittle = std::endian::native == std::endian::little;

std::size_t firstSetLane(std::uint64_t word)
{
    return static_cast<std::size_t>(kIsLittle ? std::countr_zero(word) : std::countl_zero(word)) / 8;
}

std::size_t shiftOfLane(std::size_t lane)
{
    return 8 * (kIsLittle ? lane : 7 - lane);
}

/// How often such a byte is met, roughly: 0 is rare. Databases are full of small numbers, zeros and text.
int commonness(std::byte value, std::byte mask)
{
    const auto byte = std::to_integer<unsigned>(value);
    const int openBits = 8 - std::popcount(std::to_integer<unsigned>(mask));
    const int base = byte == 0                        ? 250
        : byte == ' ' || byte == 'e' || byte == 0xFF  ? 120
        : byte < 0x10 || (byte >= 'a' && byte <= 'z') ? 80
        : byte >= 0x20 && byte < 0x7F                 ? 40
                                                      : 10;
    return base + openBits * 100;
}

} // namespace

Needle::Needle(std::vector<std::byte> bytes, std::vector<std::byte> mask, std::vector<TwoForms> twoForms)
    : m_bytes(std::move(bytes)),
      m_mask(std::move(mask)),
      m_twoForms(std::move(twoForms))
{
    assert(!m_bytes.empty() && m_bytes.size() == m_mask.size());
    for (std::size_t i = 0; i < m_bytes.size(); ++i)
        m_bytes[i] &= m_mask[i];
    m_isExact =
        m_twoForms.empty() && std::ranges::all_of(m_mask, [](std::byte bits) { return bits == std::byte{0xFF}; });
    chooseProbes();
}

Needle::Needle(std::vector<std::byte> bytes) : Needle(bytes, std::vector<std::byte>(bytes.size(), std::byte{0xFF})) { }

void Needle::chooseProbes()
{
    const auto rank = [this](std::size_t i) { return commonness(m_bytes[i], m_mask[i]); };
    for (std::size_t i = 1; i < size(); ++i)
        if (rank(i) < rank(m_probe))
            m_probe = i;
    // A second one with the same value says little in a run of that value; of equals the last, as neighbours say much
    // the same too.
    const auto secondRank = [&](std::size_t i) {
        return rank(i) + (i == m_probe ? 2000 : m_bytes[i] == m_bytes[m_probe] ? 1000 : 0);
    };
    m_secondProbe = m_probe;
    for (std::size_t i = 0; i < size(); ++i)
        if (secondRank(i) <= secondRank(m_secondProbe))
            m_secondProbe = i;
}

bool Needle::isAt(const std::byte *place) const
{
    if (m_isExact)
        return std::memcmp(place, m_bytes.data(), size()) == 0;
    std::size_t i = 0;
    for (; size() - i >= sizeof(std::uint64_t); i += sizeof(std::uint64_t)) {
        std::uint64_t there = 0;
        std::uint64_t bytes = 0;
        std::uint64_t mask = 0;
        std::memcpy(&there, place + i, sizeof there);
        std::memcpy(&bytes, m_bytes.data() + i, sizeof bytes);
        std::memcpy(&mask, m_mask.data() + i, sizeof mask);
        if ((there & mask) != bytes)
            return false;
    }
    for (; i < size(); ++i)
        if ((place[i] & m_mask[i]) != m_bytes[i])
            return false;
    return std::ranges::all_of(m_twoForms, [place](const TwoForms &forms) {
        return std::memcmp(place + forms.at, forms.one.data(), forms.size) == 0
            || std::memcmp(place + forms.at, forms.other.data(), forms.size) == 0;
    });
}

std::optional<std::size_t> Needle::find(std::span<const std::byte> text, std::size_t from, std::size_t to) const
{
    if (text.size() < size())
        return std::nullopt;
    to = std::min(to, text.size() - size() + 1);
    const std::byte *first = text.data() + m_probe;
    const std::byte *second = text.data() + m_secondProbe;
    const Lanes firstMask = spread(m_mask[m_probe]);
    const Lanes firstByte = spread(m_bytes[m_probe]);
    const Lanes secondMask = spread(m_mask[m_secondProbe]);
    const Lanes secondByte = spread(m_bytes[m_secondProbe]);
    for (; from < to && to - from >= kStep; from += kStep) {
        std::array<Lanes, kStep / kLanes> may;
        for (std::size_t i = 0; i < may.size(); ++i) {
            const std::size_t at = from + i * kLanes;
            may[i] = std::bit_cast<Lanes>((load(first + at) & firstMask) == firstByte)
                & std::bit_cast<Lanes>((load(second + at) & secondMask) == secondByte);
        }
        if (!isAnySet((may[0] | may[1]) | (may[2] | may[3]))) [[likely]]
            continue;
        const auto words = std::bit_cast<std::array<std::uint64_t, kStep / sizeof(std::uint64_t)>>(may);
        for (std::size_t i = 0; i < words.size(); ++i) {
            for (auto word = words[i]; word != 0;) {
                const auto lane = firstSetLane(word);
                const std::size_t at = from + i * sizeof word + lane;
                if (isAt(text.data() + at))
                    return at;
                word &= ~(std::uint64_t{0xFF} << shiftOfLane(lane));
            }
        }
    }
    for (; from < to; ++from)
        if ((first[from] & m_mask[m_probe]) == m_bytes[m_probe] && isAt(text.data() + from))
            return from;
    return std::nullopt;
}

} // namespace modelvault
