#pragma once

#include "database/key_fingerprint.h"
#include "database/shared_chunks.h"
#include "position.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace modelvault {

/// Which record is the last of each key: open addressing in 17 bytes a slot, of which 64 to 80 % are used.
/// Split into parts of about a thousand keys: growing copies one at a time, and copies of the table share them.
class KeyTable {
public:
    /// Record numbers take five bytes: a log of a million million records is 50 TB.
    static constexpr std::uint64_t kMostRecords = (std::uint64_t{1} << 40) - 1;

    [[nodiscard]] std::uint64_t size() const { return m_size; }
    [[nodiscard]] std::optional<RecordNo> find(const KeyFingerprint &key) const;
    /// Returns the record that the key had so far. `record` is lower than kMostRecords.
    std::optional<RecordNo> exchange(const KeyFingerprint &key, RecordNo record, Epoch epoch);

    [[nodiscard]] std::uint64_t memoryBytes() const;

private:
    static constexpr std::size_t kKeyBytes = 8 + 4;
    static constexpr std::size_t kRecordBytes = 5;
    static constexpr std::uint64_t kKeysAPart = 1024;

    class Slot {
    public:
        Slot() { m_bytes.fill(0xFF); }
        [[nodiscard]] bool isFree() const;
        [[nodiscard]] KeyFingerprint key() const;
        [[nodiscard]] bool has(const KeyFingerprint &key) const;
        [[nodiscard]] RecordNo record() const;
        void set(const KeyFingerprint &key, RecordNo record);
        void setRecord(RecordNo record);

    private:
        std::array<std::uint8_t, kKeyBytes + kRecordBytes> m_bytes;
    };
    struct Part {
        std::vector<Slot> slots;
        std::size_t used = 0;
    };

    [[nodiscard]] std::size_t partOf(const KeyFingerprint &key) const;
    /// Where the key is, or the free slot where it would be.
    [[nodiscard]] std::size_t slotOf(const Part &part, const KeyFingerprint &key) const;
    void insert(Part &part, const KeyFingerprint &key, RecordNo record) const;
    void resize(Part &part, std::size_t slots) const;
    void split(Epoch epoch);

    std::vector<SharedPiece<Part>> m_parts; // by the highest bits of the fingerprint
    unsigned m_partBits = 0;
    std::uint64_t m_size = 0;
};

} // namespace modelvault
