// What the bytes of a file are good for: rows, what they were before, what never counted.

#include "database/space_use.h"

#include "database/row_index.h"
#include "format/superblock.h"
#include "store/fault_store.h"
#include "support/corpus.h"
#include "support/results.h"
#include "support/scanned.h"
#include "support/scratch_dir.h"

#include <gtest/gtest.h>

#include <numeric>

namespace modelvault {
namespace {

using test::Scanned;

std::uint64_t of(const SpaceUse::Bytes &bytes, Liveness liveness)
{
    return SpaceUse::of(bytes, liveness);
}

SpaceUse measured(const Scanned &file)
{
    return measureSpace(*file.store, file.snapshot).value();
}

TEST(SpaceUse, HasAPlaceForEveryByteOfEveryFile)
{
    for (const auto &name : test::corpusNames()) {
        const Scanned file(test::corpusFile(name).bytes());
        const auto use = measured(file);
        EXPECT_EQ(std::accumulate(use.all.begin(), use.all.end(), std::uint64_t{0}), file.snapshot->fileLength())
            << name;
    }
}

TEST(SpaceUse, CountsTheRecordsOfRowsAsLive)
{
    const Scanned file(test::corpusFile("valid-history").bytes());
    std::uint64_t live = 0;
    std::uint64_t superseded = 0;
    RecordNo next;
    for (const auto &segment : file.segments()) {
        if (segment.header.type != SegmentType::Record)
            continue;
        const RecordNo record{next.value++};
        const bool isRow = file.snapshot->rows->collection(1).live.contains(record);
        (isRow ? live : superseded) += segment.end() - segment.offset;
    }
    ASSERT_GT(live, 0U);
    ASSERT_GT(superseded, 0U);
    const auto use = measured(file);
    EXPECT_EQ(of(use.all, Liveness::Live), live);
    EXPECT_EQ(of(use.all, Liveness::Superseded), superseded);
    EXPECT_EQ(of(use.collections.at(1), Liveness::Live), live);
    EXPECT_EQ(of(use.collections.at(1), Liveness::Superseded), superseded);
}

TEST(SpaceUse, TellsWhatNeverCountedFromWhatDidOnce)
{
    const Scanned file(test::corpusFile("valid-transactions").bytes());
    const auto log = file.log();
    std::uint64_t dropped = 0;
    for (const auto &segment : file.segments()) {
        if (isTransactionMarker(segment.header.type) || segment.header.type == SegmentType::Manifest)
            continue;
        if (!segment.transaction || log.transaction(*segment.transaction)->state != TransactionState::Committed)
            dropped += segment.end() - segment.offset;
    }
    ASSERT_GT(dropped, 0U);
    EXPECT_EQ(of(measured(file).all, Liveness::Dropped), dropped);
}

TEST(SpaceUse, AnyStretchIsSaidAsTheWholeFileSaysIt)
{
    for (const auto *name : {"valid-transactions", "valid-two-checkpoints", "valid-many-collections"}) {
        const Scanned file(test::corpusFile(name).bytes());
        const Offset end{file.snapshot->fileLength()};
        std::vector<Liveness> whole(end.value, Liveness::Damaged);
        SpaceReader reader(*file.store, file.snapshot);
        const auto fill = [](std::vector<Liveness> &bytes, Offset from) {
            return [&bytes, from, at = from](const SpacePiece &piece) mutable {
                EXPECT_EQ(piece.begin, at);
                at = piece.end;
                std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(piece.begin - from),
                          bytes.begin() + static_cast<std::ptrdiff_t>(piece.end - from), piece.liveness);
                return true;
            };
        };
        ASSERT_TRUE(reader.forEach({}, end, fill(whole, {})));
        for (std::uint64_t at = kLogStart.value - 50; at + 100 < end.value; at += 97) {
            std::vector<Liveness> part(100, Liveness::Damaged);
            ASSERT_TRUE(reader.forEach({at}, {at + 100}, fill(part, {at})));
            EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + static_cast<std::ptrdiff_t>(at)))
                << name << " at " << at;
        }
    }
}

TEST(SpaceUse, DamageIsSaidToBeDamage)
{
    auto bytes = test::corpusFile("valid-books").bytes();
    const auto last = Scanned(bytes).segments().back();
    bytes[last.offset.value + 5] ^= std::byte{1};
    const Scanned file(bytes);
    EXPECT_EQ(of(measured(file).all, Liveness::Damaged), last.end() - last.offset);
}

TEST(SpaceUse, ACompactionKeepsWhatIsAlive)
{
    const Scanned file(test::corpusFile("valid-history").bytes());
    const auto use = measured(file);
    EXPECT_GT(use.schemas, 0U);
    EXPECT_GE(use.compactedLength(), kLogStart.value + use.schemas + of(use.all, Liveness::Live));
    EXPECT_LT(use.compactedLength(), file.snapshot->fileLength());
}

TEST(SpaceUse, CanBeStopped)
{
    const Scanned file(test::readFile(MODELVAULT_SAMPLE));
    ASSERT_GT(file.snapshot->fileLength(), 1U << 20); // else there is nothing to tell of
    EXPECT_EQ(test::outcome(measureSpace(*file.store, file.snapshot, [](auto, auto) { return false; })), "Cancelled");
}

TEST(SpaceUse, PassesOnThatTheFileCanNotBeRead)
{
    const Scanned file(test::corpusFile("valid-books").bytes());
    const MemoryStore shorter(std::vector<std::byte>(100));
    EXPECT_NE(test::outcome(measureSpace(shorter, file.snapshot)), "ok");
}

} // namespace
} // namespace modelvault
