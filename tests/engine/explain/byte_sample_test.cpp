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
        const auto samples = ByteSampler(*file.store, file.snapshot).sample(stretches);
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
    ByteSampler sampler(*file.store, file.snapshot);
    const std::array superblock{ByteStretch{{1000}, {2000}}};
    EXPECT_EQ(sampler.sample(superblock)->front().mostly(), ByteClass::Padding);
    const std::array magic{ByteStretch{{0}, {6}}, ByteStretch{{6}, {8}}};
    const auto samples = sampler.sample(magic).value();
    EXPECT_EQ(samples[0].mostly(), ByteClass::Framing);
    EXPECT_EQ(samples[0].bytes(), 6U);
    EXPECT_EQ(samples[1].bytes(), 2U);
}

TEST(ByteSample, SaysWhatMostBytesAreGoodForOnceRowsAreKnown)
{
    const Scanned file(test::corpusFile("valid-large-record").bytes());
    const std::array superblock{ByteStretch{{1000}, {2000}}};
    const auto segments = file.segments();
    const auto record =
        std::ranges::find(segments, SegmentType::Record, [](const Segment &it) { return it.header.type; });
    ASSERT_NE(record, segments.end());
    const std::array row{ByteStretch{record->offset, record->end()}};
    ByteSampler sampler(*file.store, file.snapshot);
    EXPECT_EQ(sampler.sample(superblock)->front().mostlyFor(), Liveness::Overhead);
    EXPECT_EQ(sampler.sample(row)->front().mostlyFor(), Liveness::Live);

    const auto without = makeSnapshot({}, file.snapshot->head, file.snapshot->log);
    EXPECT_EQ(ByteSampler(*file.store, without).sample(row)->front().mostlyFor(), std::nullopt);
}

TEST(ByteSample, PassesOnThatTheFileCanNotBeRead)
{
    const Scanned file(test::corpusFile("valid-books").bytes());
    const MemoryStore shorter(std::vector<std::byte>(100));
    const std::array stretch{ByteStretch{{50}, {200}}};
    EXPECT_EQ(test::outcome(ByteSampler(shorter, file.snapshot).sample(stretch)), "UnexpectedEof");
}

} // namespace
} // namespace modelvault
