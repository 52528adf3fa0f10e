#include "database/key_fingerprint.h"

#include <bit>
#include <cstring>
#include <random>

namespace modelvault {
namespace {

struct SipState {
    std::uint64_t v0;
    std::uint64_t v1;
    std::uint64_t v2;
    std::uint64_t v3;

    void rounds(int count)
    {
        for (int i = 0; i < count; ++i) {
            v0 += v1;
            v1 = std::rotl(v1, 13) ^ v0;
            v0 = std::rotl(v0, 32);
            v2 += v3;
            v3 = std::rotl(v3, 16) ^ v2;
            v0 += v3;
            v3 = std::rotl(v3, 21) ^ v0;
            v2 += v1;
            v1 = std::rotl(v1, 17) ^ v2;
            v2 = std::rotl(v2, 32);
        }
    }

    void take(std::uint64_t word)
    {
        v3 ^= word;
        rounds(2);
        v0 ^= word;
    }

    [[nodiscard]] std::uint64_t sum() const { return v0 ^ v1 ^ v2 ^ v3; }
};

std::uint64_t wordOf(std::span<const std::byte> bytes)
{
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), bytes.size());
    return std::endian::native == std::endian::little ? word : std::byteswap(word);
}

KeyHasher::Secret randomSecret()
{
    std::random_device random;
    const auto word = [&random] { return std::uint64_t{random()} << 32 | random(); };
    return {word(), word()};
}

} // namespace

std::array<std::uint64_t, 2> sipHash128(const KeyHasher::Secret &secret, std::span<const std::uint64_t> before,
                                        std::span<const std::byte> bytes)
{
    SipState state{.v0 = secret[0] ^ 0x736f6d6570736575,
                   .v1 = secret[1] ^ 0x646f72616e646f6d ^ 0xee,
                   .v2 = secret[0] ^ 0x6c7967656e657261,
                   .v3 = secret[1] ^ 0x7465646279746573};
    const std::uint64_t length = before.size_bytes() + bytes.size();
    for (const auto word : before)
        state.take(word);
    while (bytes.size() >= sizeof(std::uint64_t)) {
        state.take(wordOf(bytes.first<sizeof(std::uint64_t)>()));
        bytes = bytes.subspan<sizeof(std::uint64_t)>();
    }
    state.take(length << 56 | (bytes.empty() ? 0 : wordOf(bytes)));
    state.v2 ^= 0xee;
    state.rounds(4);
    const auto first = state.sum();
    state.v1 ^= 0xdd;
    state.rounds(4);
    return {first, state.sum()};
}

KeyHasher::KeyHasher() : m_secret(randomSecret()) { }

KeyFingerprint KeyHasher::operator()(std::uint32_t collectionId, std::span<const std::byte> keyBytes) const
{
    const std::array<std::uint64_t, 1> before{collectionId};
    const auto hash = sipHash128(m_secret, before, keyBytes);
    return {.high = hash[0], .low = static_cast<std::uint32_t>(hash[1])};
}

} // namespace modelvault
