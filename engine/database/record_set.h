#pragma once

#include "database/shared_chunks.h"
#include "position.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace modelvault {

/// A set of records that knows the n-th of them: 2 bytes a record or 1 bit for each number, whichever is less.
/// Copies share their chunks.
class RecordSet {
public:
    [[nodiscard]] std::uint64_t size() const { return m_size; }
    [[nodiscard]] bool contains(RecordNo record) const;
    /// The n-th in rising order, n < size(). To be asked of an indexed set only.
    [[nodiscard]] RecordNo at(std::uint64_t n) const;
    /// How many are lower. To be asked of an indexed set only.
    [[nodiscard]] std::uint64_t countBelow(RecordNo record) const;
    /// Calls `visit(RecordNo)` for each, in rising order.
    template <class Visit>
    void forEach(const Visit &visit) const;

    /// Higher than all that were ever added.
    void add(RecordNo record, Epoch epoch);
    /// One that is in the set.
    void remove(RecordNo record, Epoch epoch);
    /// After changes, before at() and countBelow().
    void index();

    [[nodiscard]] std::uint64_t memoryBytes() const;

private:
    static constexpr std::uint64_t kSpan = 65'536;
    static constexpr std::size_t kMostListed = kSpan / 16; // as long as the bits would be

    struct Members {
        std::vector<std::uint16_t> listed; // sorted
        std::vector<std::uint64_t> bits;   // of a chunk with more than kMostListed, ever
        std::uint32_t count = 0;

        [[nodiscard]] bool contains(std::uint16_t low) const;
        [[nodiscard]] std::uint16_t at(std::uint32_t n) const;
        [[nodiscard]] std::uint32_t countBelow(std::uint16_t low) const;
        void add(std::uint16_t low);
        void remove(std::uint16_t low);
    };
    struct Chunk {
        std::uint64_t number; // of records from number * kSpan on
        SharedPiece<Members> members;
    };

    [[nodiscard]] const Chunk *find(std::uint64_t number) const;

    std::vector<Chunk> m_chunks;         // by number
    std::vector<std::uint64_t> m_before; // members in the chunks before each
    std::uint64_t m_size = 0;
};

template <class Visit>
void RecordSet::forEach(const Visit &visit) const
{
    for (const auto &chunk : m_chunks) {
        const auto first = chunk.number * kSpan;
        for (const auto low : chunk.members->listed)
            visit(RecordNo{first + low});
        for (std::size_t i = 0; i < chunk.members->bits.size(); ++i) {
            for (auto word = chunk.members->bits[i]; word != 0; word &= word - 1)
                visit(RecordNo{first + i * 64 + static_cast<unsigned>(std::countr_zero(word))});
        }
    }
}

} // namespace modelvault
