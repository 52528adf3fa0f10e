#include "search/needle.h"

#include "support/results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace modelvault {
namespace {

using test::byteVector;
using testing::Optional;

std::vector<std::byte> bytesOf(std::initializer_list<int> values)
{
    std::vector<std::byte> bytes;
    for (const int value : values)
        bytes.push_back(static_cast<std::byte>(value));
    return bytes;
}

TEST(Needle, IsFoundAtEveryPlaceOfATextThatFits)
{
    const Needle needle(byteVector("xyz"));
    for (std::size_t length = 3; length < 200; ++length) {
        for (std::size_t at = 0; at + 3 <= length; ++at) {
            std::vector<std::byte> text(length, std::byte{'x'}); // right for the first byte everywhere
            std::ranges::copy(byteVector("xyz"), text.begin() + static_cast<std::ptrdiff_t>(at));
            ASSERT_THAT(needle.find(text, 0, length), Optional(at)) << "of " << length;
        }
    }
}

TEST(Needle, LiesWhollyInTheText)
{
    const Needle needle(byteVector("abc"));
    EXPECT_EQ(needle.find(byteVector("xxab"), 0, 4), std::nullopt);
    EXPECT_EQ(needle.find(byteVector("ab"), 0, 2), std::nullopt);
    EXPECT_EQ(needle.find({}, 0, 0), std::nullopt);
}

TEST(Needle, BeginsInTheStretchAskedFor)
{
    const Needle needle(byteVector("aa"));
    const auto text = byteVector("aaxaaxaa");
    EXPECT_THAT(needle.find(text, 1, 8), Optional(3U));
    EXPECT_THAT(needle.find(text, 4, 8), Optional(6U));
    EXPECT_EQ(needle.find(text, 4, 6), std::nullopt);
    EXPECT_EQ(needle.find(text, 7, 3), std::nullopt);
}

TEST(Needle, OpenBitsFitAnything)
{
    const Needle needle(bytesOf({0xDE, 0x00, 0xFF}), bytesOf({0xFF, 0x00, 0x0F})); // de ?? ?f
    EXPECT_THAT(needle.find(bytesOf({1, 0xDE, 0x42, 0x3F}), 0, 4), Optional(1U));
    EXPECT_EQ(needle.find(bytesOf({1, 0xDE, 0x42, 0xF3}), 0, 4), std::nullopt);
}

TEST(Needle, TwoFormsDoNotMix)
{
    // р and Р in UTF-8 differ in both bytes.
    const Needle needle(
        bytesOf({0xD1, 0x80}), bytesOf({0xFE, 0xDF}),
        {{.at = 0, .size = 2, .one = {std::byte{0xD1}, std::byte{0x80}}, .other = {std::byte{0xD0}, std::byte{0xA0}}}});
    EXPECT_THAT(needle.find(bytesOf({0xD0, 0x80, 0xD1, 0xA0, 0xD0, 0xA0}), 0, 6), Optional(4U));
    EXPECT_THAT(needle.find(bytesOf({0xD0, 0x80, 0xD1, 0x80}), 0, 4), Optional(2U));
}

TEST(Needle, FindsWhatALoopOverAllBytesFinds)
{
    std::mt19937_64 random(7);
    for (int round = 0; round < 3000; ++round) {
        const auto letters = 2 + random() % 3;
        const auto randomBytes = [&](std::size_t size) {
            std::vector<std::byte> bytes(size);
            std::ranges::generate(bytes, [&] { return static_cast<std::byte>('a' + random() % letters); });
            return bytes;
        };
        const auto text = randomBytes(random() % 400);
        auto bytes = randomBytes(1 + random() % 20);
        auto mask = bytes;
        std::ranges::generate(mask,
                              [&] { return static_cast<std::byte>(random() % 4 == 0 ? 0xF0 | random() % 4 : 0xFF); });
        const auto from = random() % 10;
        std::optional<std::size_t> first;
        for (std::size_t at = from; at + bytes.size() <= text.size() && !first; ++at) {
            bool fits = true;
            for (std::size_t i = 0; i < bytes.size(); ++i)
                fits &= (text[at + i] & mask[i]) == (bytes[i] & mask[i]);
            if (fits)
                first = at;
        }
        ASSERT_EQ(Needle(bytes, mask).find(text, from, text.size()), first) << "round " << round;
    }
}

} // namespace
} // namespace modelvault
