#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

// Growing structures whose copies share what they have in common: a snapshot is a copy of pointers, and the one that
// goes on copies only the pieces that it writes to.

namespace modelvault {

/// The stretch of time between two copies. A piece of an earlier epoch may be shared and must not be written to.
/// Counted by whoever makes the copies: none of the pieces asks how many owners it has.
using Epoch = std::uint64_t;

/// A piece of such a structure.
template <class Piece>
class SharedPiece {
public:
    SharedPiece() = default;
    SharedPiece(Piece piece, Epoch epoch) : m_held(std::make_shared<Held>(std::move(piece), epoch)) { }

    /// Not of a default-constructed one.
    [[nodiscard]] const Piece &operator*() const { return m_held->piece; }
    [[nodiscard]] const Piece *operator->() const { return &m_held->piece; }
    [[nodiscard]] explicit operator bool() const { return m_held != nullptr; }

    [[nodiscard]] Piece &writable(Epoch epoch)
    {
        if (m_held->epoch != epoch)
            m_held = std::make_shared<Held>(m_held->piece, epoch);
        return m_held->piece;
    }

private:
    struct Held {
        Piece piece;
        Epoch epoch;
    };
    std::shared_ptr<Held> m_held;
};

/// An array that grows at its end.
template <class T, std::size_t N = 4096>
class SharedArray {
public:
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] const T &operator[](std::size_t i) const { return (*m_chunks[i / N])[i % N]; }

    void add(T value, Epoch epoch)
    {
        if (m_size % N == 0)
            m_chunks.emplace_back(Chunk{}, epoch);
        m_chunks.back().writable(epoch)[m_size % N] = std::move(value);
        ++m_size;
    }
    [[nodiscard]] T &writable(std::size_t i, Epoch epoch) { return m_chunks[i / N].writable(epoch)[i % N]; }

    [[nodiscard]] std::uint64_t memoryBytes() const
    {
        return m_chunks.size() * sizeof(Chunk) + m_chunks.capacity() * sizeof(SharedPiece<Chunk>);
    }

private:
    using Chunk = std::array<T, N>;
    std::vector<SharedPiece<Chunk>> m_chunks;
    std::size_t m_size = 0;
};

} // namespace modelvault
