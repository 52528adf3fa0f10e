#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>

namespace modelvault {

/// Stands for a key of a collection, so that the key need not be kept: that two of a billion keys share one is less
/// likely than 1 in 10^11.
struct KeyFingerprint {
    std::uint64_t high = 0;
    std::uint32_t low = 0;

    auto operator<=>(const KeyFingerprint &) const = default;
};

/// Makes fingerprints with a secret of its own (SipHash-2-4, 128 bits), so that no file can be written whose keys
/// share one.
class KeyHasher {
public:
    using Secret = std::array<std::uint64_t, 2>;

    /// With a random secret.
    KeyHasher();
    explicit KeyHasher(Secret secret) : m_secret(secret) { }

    [[nodiscard]] KeyFingerprint operator()(std::uint32_t collectionId, std::span<const std::byte> keyBytes) const;

private:
    Secret m_secret;
};

/// SipHash-2-4 with 128 bits of result, of the bytes behind the words in `before`.
[[nodiscard]] std::array<std::uint64_t, 2>
sipHash128(const KeyHasher::Secret &secret, std::span<const std::uint64_t> before, std::span<const std::byte> bytes);

} // namespace modelvault
