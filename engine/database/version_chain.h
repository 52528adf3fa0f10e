#pragma once

#include "database/shared_chunks.h"
#include "position.h"

#include <cstdint>
#include <map>
#include <optional>

namespace modelvault {

/// From each record to the one that it took the place of: 4 bytes for each that did, and little more than a bit for
/// each number. The versions of a row are a chain through it. Copies share their chunks.
class VersionChain {
public:
    /// `record` is higher than all before; `earlier` is lower, or none for the first of its key.
    void add(RecordNo record, std::optional<RecordNo> earlier, Epoch epoch);

    /// None for the first of a key, and for records that were never added.
    [[nodiscard]] std::optional<RecordNo> earlier(RecordNo record) const;
    /// How many records took another one's place.
    [[nodiscard]] std::uint64_t links() const { return m_distances.size(); }

    [[nodiscard]] std::uint64_t memoryBytes() const;

private:
    static constexpr std::uint64_t kBlock = 512; // numbers that share a count
    static constexpr std::uint32_t kFar = UINT32_MAX;

    SharedArray<std::uint64_t> m_hasEarlier; // a bit a record
    SharedArray<std::uint64_t> m_before;     // links of the records before each block
    SharedArray<std::uint32_t> m_distances;  // back to the earlier record, in the order of the later; kFar: see m_far
    std::map<RecordNo, RecordNo> m_far;
};

} // namespace modelvault
