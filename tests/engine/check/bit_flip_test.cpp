// A bit that changes where anything covers it is never passed over in silence.

#include "database/open_preview.h"
#include "support/checked.h"
#include "support/corpus.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <utility>

namespace modelvault {
namespace {

using test::Scanned;

struct Flip {
    std::uint64_t byte;
    int bit;

    auto operator<=>(const Flip &) const = default;
};

/// One legal minor becomes another: no checksum covers the header. Of minor 2, all that follows is too much then, and
/// that is what is told.
const std::set<Flip> kUncovered{{6, 1}, {6, 2}}; // 6 to 4, 6 to 2

/// The stretch of a sound file in which a finding tells of the byte: its segment; in front of the log, itself.
struct Stretch {
    Offset begin;
    Offset end;
};

Stretch stretchOf(const Scanned &sound, Offset byte)
{
    const auto segment = byte < kLogStart ? std::nullopt : sound.log().segmentAt(byte).value();
    return segment ? Stretch{segment->offset, segment->end()} : Stretch{byte, byte + 1};
}

/// Those within [begin, end) that no finding names.
std::set<Flip> silentFlips(const std::vector<std::byte> &bytes, std::uint64_t begin, std::uint64_t end,
                           CheckDepth depth)
{
    std::set<Flip> silent;
    const Scanned sound(bytes);
    std::uint64_t tried = 0;
    for (auto byte = begin; byte < end; ++byte) {
        const auto stretch = stretchOf(sound, {byte});
        for (int bit = 0; bit < 8; ++bit) {
            auto flipped = bytes;
            flipped[byte] ^= std::byte{static_cast<unsigned char>(1U << static_cast<unsigned>(bit))};
            const Scanned file(std::move(flipped));
            const auto &snapshot = *file.snapshot;
            const auto report = check(*file.store, snapshot, depth).value();
            // An error is what stops the engine, and nothing else is.
            const auto strict = previewOpens(*file.store, snapshot.head, snapshot.log, snapshot.catalog).value().strict;
            EXPECT_EQ(report.count(Severity::Error) > 0, strict.has_value())
                << "bit " << bit << " of byte " << byte << ": " << (strict ? errorName(strict->code) : "ok");
            const bool isNamed = std::ranges::any_of(report.findings, [&stretch](const CheckFinding &finding) {
                return finding.what.offset < stretch.end && finding.what.end() > stretch.begin;
            });
            if (!isNamed)
                silent.insert({byte, bit});
            ++tried;
        }
    }
    std::printf("%llu flips, %zu that no finding names\n", static_cast<unsigned long long>(tried), silent.size());
    return silent;
}

TEST(BitFlips, OfAnEmptyDatabaseAreAllTold)
{
    const auto bytes = test::corpusFile("valid-empty").bytes();
    EXPECT_EQ(silentFlips(bytes, 0, bytes.size(), CheckDepth::Quick), kUncovered);
}

TEST(BitFlips, OfACheckpointAreAllTold)
{
    const auto bytes = test::corpusFile("valid-checkpoint").bytes();
    const auto checkpoint = Scanned(bytes).log().segmentsOfType(SegmentType::Checkpoint, 0, 1).value().at(0);
    EXPECT_EQ(silentFlips(bytes, checkpoint.offset.value, checkpoint.end().value, CheckDepth::Full), std::set<Flip>());
}

TEST(BitFlips, OfALogWithoutTransactionsAreAllTold)
{
    const auto bytes = test::corpusFile("legacy-minor5-record-v1-index-v1").bytes();
    EXPECT_EQ(silentFlips(bytes, kLogStart.value, bytes.size(), CheckDepth::Full), std::set<Flip>());
}

TEST(BitFlips, OfALogAreAllTold)
{
    const auto bytes = test::corpusFile("valid-books").bytes();
    EXPECT_EQ(silentFlips(bytes, kLogStart.value, kLogStart.value + 1024, CheckDepth::Full), std::set<Flip>());
}

} // namespace
} // namespace modelvault
