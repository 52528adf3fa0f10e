#include "database/key_fingerprint.h"

#include "support/results.h"

#include <gtest/gtest.h>

#include <set>

namespace modelvault {
namespace {

/// The key of the reference implementation's test vectors: bytes 00, 01, … 0f.
constexpr KeyHasher::Secret kReferenceKey{0x0706050403020100, 0x0f0e0d0c0b0a0908};

TEST(SipHash, GivesTheReferenceVectors)
{
    using Hash = std::array<std::uint64_t, 2>;
    EXPECT_EQ(sipHash128(kReferenceKey, {}, {}), (Hash{0xe6a825ba047f81a3, 0x930255c71472f66d}));
    const std::array<std::byte, 1> one{};
    EXPECT_EQ(sipHash128(kReferenceKey, {}, one), (Hash{0x44af996bd8c187da, 0x45fc229b11597634}));
}

TEST(SipHash, TakesWordsAsTheBytesBeforeTheOthers)
{
    const auto bytes = test::byteVector("\x01\x02\x03\x04\x05\x06\x07\x08tail");
    const std::array<std::uint64_t, 1> word{0x0807060504030201};
    EXPECT_EQ(sipHash128(kReferenceKey, word, test::byteVector("tail")), sipHash128(kReferenceKey, {}, bytes));
}

TEST(KeyHasher, TellsCollectionsAndKeysApart)
{
    const KeyHasher hasher;
    std::set<KeyFingerprint> seen;
    for (const std::uint32_t collection : {1U, 2U}) {
        for (const auto *key : {"", "a", "b", "ab", "a longer key than one word", "a longer key than one worD"})
            EXPECT_TRUE(seen.insert(hasher(collection, test::byteVector(key))).second);
    }
    EXPECT_EQ(hasher(1, test::byteVector("ab")), KeyHasher(hasher)(1, test::byteVector("ab")));
    EXPECT_NE(hasher(1, test::byteVector("ab")), KeyHasher()(1, test::byteVector("ab"))) << "each has its own secret";
}

} // namespace
} // namespace modelvault
