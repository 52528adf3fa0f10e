// What the fuzzers found once, and what they begin with, through the functions that they call. Each input of
// tests/data/ crashes lies in a folder that is named after its target; ./dev fuzz says how to add one.

#include "format/superblock.h"
#include "fuzz/packed_file.h"
#include "fuzz/targets.h"
#include "support/corpus.h"
#include "support/scratch_dir.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace modelvault {
namespace {

class FuzzTargets : public testing::TestWithParam<fuzz::Target> {
protected:
    /// Also with right checksums: so a fuzzer saw it that ignores them.
    static void run(const std::vector<std::byte> &input)
    {
        GetParam().run(input);
        if (!GetParam().isFile)
            return;
        auto repaired = input;
        fuzz::repairChecksums(repaired);
        GetParam().run(repaired);
    }
};

TEST_P(FuzzTargets, TakeWhatWasFoundBefore)
{
    const auto folder = std::filesystem::path(MODELVAULT_CRASHES) / GetParam().name;
    if (!std::filesystem::exists(folder))
        return;
    for (const auto &entry : std::filesystem::directory_iterator(folder)) {
        SCOPED_TRACE(entry.path());
        run(test::readFile(entry.path()));
    }
}

TEST_P(FuzzTargets, TakeTheirSeedsAndWhatIsLeftOfThem)
{
    const auto seeds = fuzz::seeds(GetParam());
    ASSERT_FALSE(seeds.empty());
    for (const auto &seed : seeds) {
        run(seed);
        run({seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(seed.size() / 2)});
    }
    run({});
}

INSTANTIATE_TEST_SUITE_P(, FuzzTargets, testing::ValuesIn(fuzz::targets().begin(), fuzz::targets().end()),
                         [](const auto &target) { return std::string(target.param.name); });

TEST(Crashes, BelongToATarget)
{
    for (const auto &entry : std::filesystem::directory_iterator(MODELVAULT_CRASHES))
        EXPECT_TRUE(!entry.is_directory() || fuzz::targetNamed(entry.path().filename().native()) != nullptr)
            << entry.path();
}

// --- Packed files ---

TEST(PackedFile, UnpacksToTheFileThatItWas)
{
    for (const auto &name : test::corpusNames()) {
        const auto file = test::corpusFile(name).bytes();
        const auto again = fuzz::unpacked(fuzz::packed(file));
        // What ends before the log is cut, and noise has bytes where others have zeros.
        EXPECT_EQ(again == file,
                  file.size() <= fuzz::kPackedHead || (file.size() >= kLogStart.value && name != "damaged-noise"))
            << name;
    }
}

TEST(PackedFile, ChecksumsOfASoundFileAreRightAlready)
{
    for (const auto *name : {"valid-books", "valid-checkpoint", "legacy-superblock-v0"}) {
        const auto input = fuzz::packed(test::corpusFile(name).bytes());
        auto repaired = input;
        fuzz::repairChecksums(repaired);
        EXPECT_EQ(repaired, input) << name;
    }
}

TEST(PackedFile, RepairsWhatAMutationBroke)
{
    const auto input = fuzz::packed(test::corpusFile("valid-books").bytes());
    const auto segments = fuzz::segmentsOf(input);
    ASSERT_GT(segments.size(), 3U);
    auto broken = input;
    broken[segments[2].begin + 8 + 24] ^= std::byte{0xFF}; // in the payload
    auto repaired = broken;
    fuzz::repairChecksums(repaired);
    EXPECT_NE(repaired, broken);
    EXPECT_EQ(fuzz::segmentsOf(repaired).size(), segments.size());
    auto again = repaired;
    fuzz::repairChecksums(again);
    EXPECT_EQ(again, repaired);
}

TEST(PackedFile, MutatesWithinItsRoomAndKeepsChecksumsRight)
{
    const auto seed = fuzz::packed(test::corpusFile("valid-history").bytes());
    const auto grow = [](std::byte *bytes, std::size_t size, std::size_t room) {
        const auto grown = std::min(size + 3, room);
        std::fill(bytes + std::min(size, grown), bytes + grown, std::byte{0x5A});
        return grown;
    };
    auto input = seed;
    for (std::uint32_t i = 0; i < 200; ++i) {
        fuzz::mutate(input, 8192, i, grow, true);
        ASSERT_LE(input.size(), 8192U);
        auto repaired = input;
        fuzz::repairChecksums(repaired);
        ASSERT_EQ(repaired, input);
    }
    EXPECT_NE(input, seed);
}

} // namespace
} // namespace modelvault
