#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace modelvault {

/// An array that grows at its end, and whose copies share all but its last elements: a copy of a long one costs next to
/// nothing, and each of the two may grow on its own. Only the last element may still be written to.
template <class T, std::size_t N = 256>
class GrowingArray {
public:
    [[nodiscard]] std::size_t size() const { return m_full.size() * N + m_last.size(); }
    [[nodiscard]] bool empty() const { return m_last.empty(); }
    [[nodiscard]] const T &operator[](std::size_t i) const
    {
        return i / N < m_full.size() ? (*m_full[i / N])[i % N] : m_last[i - m_full.size() * N];
    }
    [[nodiscard]] T &back() { return m_last.back(); }

    void push_back(T value)
    {
        if (m_last.size() == N) {
            m_full.push_back(std::make_shared<const std::vector<T>>(std::move(m_last)));
            m_last.clear();
            m_last.reserve(N);
        }
        m_last.push_back(std::move(value));
    }

    /// The first element for which `isBehind(element)` is true, where all such stand behind the others; size() if none.
    template <class IsBehind>
    [[nodiscard]] std::size_t firstBehind(const IsBehind &isBehind) const
    {
        std::size_t first = 0;
        std::size_t end = size();
        while (first < end) {
            const auto middle = first + (end - first) / 2;
            if (isBehind((*this)[middle]))
                end = middle;
            else
                first = middle + 1;
        }
        return first;
    }

    /// With what is shared.
    [[nodiscard]] std::uint64_t memoryBytes() const
    {
        return m_full.capacity() * sizeof(m_full[0]) + m_full.size() * N * sizeof(T) + m_last.capacity() * sizeof(T);
    }

private:
    std::vector<std::shared_ptr<const std::vector<T>>> m_full; // N each
    std::vector<T> m_last;                                     // never empty where there is anything
};

} // namespace modelvault
