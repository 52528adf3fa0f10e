#include "database/key_table.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace modelvault {
namespace {

constexpr std::size_t kLeastSlots = 8;

constexpr bool isFull(std::size_t used, std::size_t slots)
{
    return used * 5 >= slots * 4;
}

/// So that a part that begins with `used` is three quarters full.
constexpr std::size_t slotsFor(std::size_t used)
{
    return std::max(kLeastSlots, used + used / 3);
}

} // namespace

bool KeyTable::Slot::isFree() const
{
    return record().value == kMostRecords;
}

KeyFingerprint KeyTable::Slot::key() const
{
    KeyFingerprint key;
    std::memcpy(&key.high, m_bytes.data(), sizeof key.high);
    std::memcpy(&key.low, m_bytes.data() + sizeof key.high, sizeof key.low);
    return key;
}

bool KeyTable::Slot::has(const KeyFingerprint &key) const
{
    return this->key() == key;
}

RecordNo KeyTable::Slot::record() const
{
    std::uint32_t low = 0;
    std::memcpy(&low, m_bytes.data() + kKeyBytes, sizeof low);
    return {std::uint64_t{m_bytes.back()} << 32 | low};
}

void KeyTable::Slot::set(const KeyFingerprint &key, RecordNo record)
{
    std::memcpy(m_bytes.data(), &key.high, sizeof key.high);
    std::memcpy(m_bytes.data() + sizeof key.high, &key.low, sizeof key.low);
    setRecord(record);
}

void KeyTable::Slot::setRecord(RecordNo record)
{
    const auto low = static_cast<std::uint32_t>(record.value);
    std::memcpy(m_bytes.data() + kKeyBytes, &low, sizeof low);
    m_bytes.back() = static_cast<std::uint8_t>(record.value >> 32);
}

std::size_t KeyTable::partOf(const KeyFingerprint &key) const
{
    return m_partBits == 0 ? 0 : static_cast<std::size_t>(key.high >> (64 - m_partBits));
}

std::size_t KeyTable::slotOf(const Part &part, const KeyFingerprint &key) const
{
    // The bits that did not choose the part, as a fraction of the slots.
    const std::uint64_t fraction = key.high << m_partBits >> 32;
    auto slot = static_cast<std::size_t>(fraction * part.slots.size() >> 32);
    while (!part.slots[slot].isFree() && !part.slots[slot].has(key))
        slot = slot + 1 == part.slots.size() ? 0 : slot + 1;
    return slot;
}

std::optional<RecordNo> KeyTable::find(const KeyFingerprint &key) const
{
    if (m_parts.empty())
        return std::nullopt;
    const auto &part = *m_parts[partOf(key)];
    const auto &slot = part.slots[slotOf(part, key)];
    return slot.isFree() ? std::nullopt : std::optional(slot.record());
}

std::optional<RecordNo> KeyTable::exchange(const KeyFingerprint &key, RecordNo record, Epoch epoch)
{
    assert(record.value < kMostRecords);
    if (m_parts.empty())
        m_parts.emplace_back(Part{.slots = std::vector<Slot>(kLeastSlots)}, epoch);
    auto &part = m_parts[partOf(key)].writable(epoch);
    auto &slot = part.slots[slotOf(part, key)];
    if (!slot.isFree()) {
        const auto before = slot.record();
        slot.setRecord(record);
        return before;
    }
    if (isFull(part.used + 1, part.slots.size()))
        resize(part, part.slots.size() + part.slots.size() / 4);
    insert(part, key, record);
    if (++m_size > kKeysAPart << m_partBits)
        split(epoch);
    return std::nullopt;
}

void KeyTable::insert(Part &part, const KeyFingerprint &key, RecordNo record) const
{
    part.slots[slotOf(part, key)].set(key, record);
    ++part.used;
}

void KeyTable::resize(Part &part, std::size_t slots) const
{
    Part larger{.slots = std::vector<Slot>(slots)};
    for (const auto &slot : part.slots) {
        if (!slot.isFree())
            insert(larger, slot.key(), slot.record());
    }
    part = std::move(larger);
}

void KeyTable::split(Epoch epoch)
{
    std::vector<SharedPiece<Part>> halves;
    halves.reserve(m_parts.size() * 2);
    const unsigned bits = m_partBits++;
    for (auto &whole : m_parts) {
        std::array<std::vector<Slot>, 2> slots;
        for (const auto &slot : whole->slots) {
            if (!slot.isFree())
                slots[slot.key().high << bits >> 63].push_back(slot);
        }
        whole = {};
        for (const auto &half : slots) {
            Part part{.slots = std::vector<Slot>(slotsFor(half.size()))};
            for (const auto &slot : half)
                insert(part, slot.key(), slot.record());
            halves.emplace_back(std::move(part), epoch);
        }
    }
    m_parts = std::move(halves);
}

std::uint64_t KeyTable::memoryBytes() const
{
    std::uint64_t bytes = m_parts.capacity() * sizeof(SharedPiece<Part>);
    for (const auto &part : m_parts)
        bytes += sizeof(Part) + part->slots.capacity() * sizeof(Slot);
    return bytes;
}

} // namespace modelvault
