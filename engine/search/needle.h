#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace modelvault {

/// A run of bytes to look for, of which any bit may be left open. A frozen value; any thread.
class Needle {
public:
    /// A stretch that has one of two forms, where open bits alone would let through mixtures of both.
    struct TwoForms {
        static constexpr std::size_t kMost = 4;

        std::size_t at = 0;
        std::size_t size = 0; ///< at most kMost
        std::array<std::byte, kMost> one{};
        std::array<std::byte, kMost> other{};
    };

    Needle() = default;
    /// Not empty, and of one size; `mask` has the bits that count.
    Needle(std::vector<std::byte> bytes, std::vector<std::byte> mask, std::vector<TwoForms> twoForms = {});
    /// All bits count.
    explicit Needle(std::vector<std::byte> bytes);

    [[nodiscard]] std::size_t size() const { return m_bytes.size(); }
    /// The first place in [from, to) where it begins and lies wholly in `text`.
    [[nodiscard]] std::optional<std::size_t> find(std::span<const std::byte> text, std::size_t from,
                                                  std::size_t to) const;

private:
    void chooseProbes();
    [[nodiscard]] bool isAt(const std::byte *place) const;

    std::vector<std::byte> m_bytes; // open bits are 0
    std::vector<std::byte> m_mask;
    std::vector<TwoForms> m_twoForms;
    bool m_isExact = true;
    // The two bytes that are compared first, everywhere.
    std::size_t m_probe = 0;
    std::size_t m_secondProbe = 0;
};

} // namespace modelvault
