#pragma once

#include "error.h"
#include "log/segment_index.h"
#include "store/store.h"

#include <cstddef>
#include <span>
#include <vector>

namespace modelvault {

/// Reads the payloads of segments, of records at first only as much as their head needs, usually. What it returns is
/// valid until the next call.
class PayloadLoader {
public:
    /// Borrows the store.
    explicit PayloadLoader(const Store &store) : m_store(store) { }

    /// Of a record the beginning, of others all. `atHand`: the whole payload, or empty where it has to be read.
    /// PayloadOverLimit, or the store's errors.
    [[nodiscard]] Result<std::span<const std::byte>> beginning(const Segment &segment,
                                                               std::span<const std::byte> atHand = {});
    [[nodiscard]] Result<std::span<const std::byte>> whole(const Segment &segment);

private:
    [[nodiscard]] Result<std::span<const std::byte>> load(const Segment &segment, std::uint64_t length);

    const Store &m_store;
    std::vector<std::byte> m_buffer;
};

} // namespace modelvault
