// What bytes look like: how much of them is text, how disordered they are.

#include "explain/byte_sample.h"

#include "store/fault_store.h"
#include "support/corpus.h"
#include "support/results.h"
#include "support/scanned.h"

#include <gtest/gtest.h>

#include <random>

namespace modelvault {
namespace {

using test::Scanned;

TEST(Entropy, IsTheBitsThatAByteNeeds)
{
    EXPECT_EQ(entropyOf({}), 0);
    EXPECT_EQ(entropyOf(test::byteVector("aaaaaaaa")), 0);
    EXPECT_DOUBLE_EQ(entropyOf(test::byteVector("abababab")), 1);
    EXPECT_DOUBLE_EQ(entropyOf(test::byteVector("abcd")), 2);
    std::vector<std::byte> all(256);
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = static_cast<std::byte>(i);
    EXPECT_DOUBLE_EQ(entropyOf(all), 8);
}

TEST(ByteSample, ClassesOfAWholeFileAddUpToItsCoverage)
{
    for (const auto &name : test::corpusNames()) {
        const Scanned file(test::corpusFile(name).bytes());
        const auto length = file.snapshot->fileLength();
        if (length == 0)
            continue;
        const Explainer explainer(*file.store, file.snapshot);
        std::array<std::uint64_t, kByteClasses> classes{};
        constexpr std::uint64_t kStep = 1000;
        std::vector<ByteStretch> stretches;
        for (std::uint64_t at = 0; at < length; at += kStep)
            stretches.push_back({{at}, {std::min(at + kStep, length)}});
        const auto samples = sampleBytes(*file.store, explainer, stretches);
        ASSERT_TRUE(samples) << name;
        for (std::size_t i = 0; i < stretches.size(); ++i) {
            EXPECT_EQ((*samples)[i].bytes(), stretches[i].length()) << name << " at " << stretches[i].begin.value;
            for (std::size_t kind = 0; kind < kByteClasses; ++kind)
                classes[kind] += (*samples)[i].classes[kind];
        }
        Coverage whole;
        const auto structures = coverage(explainer).value();
        for (const auto &[structure, part] : structures) {
            whole.named += part.named;
            whole.padding += part.padding;
            whole.unexplained += part.unexplained;
        }
        EXPECT_EQ(classes[static_cast<std::size_t>(ByteClass::Padding)], whole.padding) << name;
        EXPECT_EQ(classes[static_cast<std::size_t>(ByteClass::Unexplained)], whole.unexplained) << name;
    }
}

TEST(ByteSample, SaysWhatMostBytesAre)
{
    const Scanned file(test::corpusFile("valid-large-record").bytes());
    const Explainer explainer(*file.store, file.snapshot);
    const std::array superblock{ByteStretch{{1000}, {2000}}};
    EXPECT_EQ(sampleBytes(*file.store, explainer, superblock)->front().mostly(), ByteClass::Padding);
    const std::array magic{ByteStretch{{0}, {6}}, ByteStretch{{6}, {8}}};
    const auto samples = sampleBytes(*file.store, explainer, magic).value();
    EXPECT_EQ(samples[0].mostly(), ByteClass::Framing);
    EXPECT_EQ(samples[0].bytes(), 6U);
    EXPECT_EQ(samples[1].bytes(), 2U);
}

TEST(ByteSample, PassesOnThatTheFileCanNotBeRead)
{
    const Scanned file(test::corpusFile("valid-books").bytes());
    const MemoryStore shorter(std::vector<std::byte>(100));
    const std::array stretch{ByteStretch{{50}, {200}}};
    EXPECT_EQ(test::outcome(sampleBytes(shorter, Explainer(*file.store, file.snapshot), stretch)), "UnexpectedEof");
}

} // namespace
} // namespace modelvault
