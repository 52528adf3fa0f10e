#include "database/open_preview.h"

#include "format/checkpoint.h"
#include "support/file_builder.h"
#include "support/sample_rows.h"
#include "support/scanned.h"

#include <gtest/gtest.h>

namespace modelvault {
namespace {

using test::createWords;
using test::FileBuilder;
using test::Scanned;
using test::word;

OpenPreview previewOf(std::vector<std::byte> bytes)
{
    const Scanned file(std::move(bytes));
    const auto &snapshot = *file.snapshot;
    return previewOpens(*file.store, snapshot.head, snapshot.log, snapshot.catalog).value();
}

std::string_view nameOf(const std::optional<Error> &refusal)
{
    return refusal ? errorName(refusal->code) : "ok";
}

FileBuilder wordsFile()
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, createWords().encode()).commit();
    builder.begin().append(SegmentType::Record, word("a").encode()).commit();
    return builder;
}

TEST(OpenPreviews, OfASoundFileBothOpensReadAllOfIt)
{
    auto builder = wordsFile();
    const auto preview = previewOf(builder.bytes());
    EXPECT_EQ(nameOf(preview.strict), "ok");
    EXPECT_EQ(nameOf(preview.autoTruncate.refusal), "ok");
    EXPECT_EQ(preview.autoTruncate.cut, (LogCut{.safeEnd = {builder.length()}, .cause = {}}));
    EXPECT_EQ(preview.source, (ReplaySource{.checkpoint = {}, .from = kLogStart, .end = {builder.length()}}));
    EXPECT_EQ(preview.replay->catalog->collections().size(), 1U);
}

TEST(OpenPreviews, WhatStrictRefusesAutoTruncateMayCut)
{
    auto builder = wordsFile();
    const auto sound = builder.length();
    builder.begin().append(SegmentType::Record, "??");
    auto preview = previewOf(builder.bytes());
    EXPECT_EQ(nameOf(preview.strict), "UncleanLogTail");
    EXPECT_EQ(nameOf(preview.autoTruncate.refusal), "ok") << "what does not decode is cut off";
    EXPECT_EQ(preview.autoTruncate.cut->safeEnd, Offset{sound});

    builder.commit();
    preview = previewOf(builder.bytes());
    EXPECT_EQ(nameOf(preview.strict), "TruncatedRecordPayload");
    EXPECT_EQ(nameOf(preview.autoTruncate.refusal), "TruncatedRecordPayload") << "and here it stays";
    EXPECT_EQ(preview.autoTruncate.cut->safeEnd, Offset{builder.length()});

    builder.append(SegmentType::Record, "loose");
    preview = previewOf(builder.bytes());
    EXPECT_EQ(nameOf(preview.strict), "InvalidTxnPayload");
    EXPECT_EQ(nameOf(preview.autoTruncate.refusal), "InvalidTxnPayload");
}

TEST(OpenPreviews, StrictSaysWhatItMeetsFirst)
{
    // From the last to the first: manifest, walk, marker, replay.
    auto builder = wordsFile();
    builder.begin().append(SegmentType::Record, "??").commit();
    EXPECT_EQ(nameOf(previewOf(builder.bytes()).strict), "TruncatedRecordPayload");
    builder.commit(9);
    EXPECT_EQ(nameOf(previewOf(builder.bytes()).strict), "InvalidTxnPayload");
    builder.flip(builder.last() + 29);
    EXPECT_EQ(nameOf(previewOf(builder.bytes()).strict), "BadSegmentHeaderChecksum");
    builder.flip(kLogStart);
    EXPECT_EQ(nameOf(previewOf(builder.bytes()).strict), "BadSegmentMagic") << "the manifest";
    EXPECT_EQ(nameOf(previewOf(builder.bytes()).autoTruncate.refusal), "ok") << "all is cut off";
}

TEST(OpenPreviews, ABadCheckpointIsStrictsToRefuse)
{
    auto builder = wordsFile();
    builder.append(SegmentType::Checkpoint, "no checkpoint").publish(builder.last(), 13);
    auto preview = previewOf(builder.bytes());
    EXPECT_EQ(nameOf(preview.strict), "UnsupportedVersion");
    EXPECT_EQ(nameOf(preview.autoTruncate.refusal), "ok");
    EXPECT_EQ(preview.source->from, kLogStart);

    builder.begin().append(SegmentType::Record, "??").commit();
    preview = previewOf(builder.bytes());
    EXPECT_EQ(nameOf(preview.strict), "UnsupportedVersion") << "met before what is behind it";
    EXPECT_EQ(nameOf(preview.autoTruncate.refusal), "TruncatedRecordPayload");
}

TEST(OpenPreviews, ACheckpointThatIsCutOffIsNotUsed)
{
    auto builder = wordsFile();
    const std::vector<std::byte> index = IndexChanges{}.encode();
    const Checkpoint empty{.replayFrom = {}, .catalogEntries = {}, .records = {}, .indexChanges = {{}, index}};
    builder.commit(9); // no open gets behind this
    builder.append(SegmentType::Checkpoint, empty.encode()).publish(builder.last(), 1);
    const auto preview = previewOf(builder.bytes());
    EXPECT_FALSE(preview.source->checkpoint);
    EXPECT_EQ(preview.replay->catalog->collections().size(), 1U);
}

TEST(OpenPreviews, AnEmptyFileBecomesADatabase)
{
    const auto preview = previewOf(FileBuilder().cut(0).bytes());
    EXPECT_EQ(nameOf(preview.strict), "ok");
    EXPECT_TRUE(preview.autoTruncate.makesNewDatabase);
    EXPECT_FALSE(preview.autoTruncate.cut);
    EXPECT_FALSE(preview.source);
}

TEST(OpenPreviews, TheStateIsThereAlsoWhereNoOpenGetsToIt)
{
    auto builder = wordsFile();
    builder.flip(Superblock::slotOffset(SuperblockSlot::A)).flip(Superblock::slotOffset(SuperblockSlot::B));
    auto preview = previewOf(builder.bytes());
    EXPECT_EQ(nameOf(preview.strict), "BadSuperblockChecksum");
    EXPECT_EQ(nameOf(preview.autoTruncate.refusal), "BadSuperblockChecksum");
    EXPECT_FALSE(preview.autoTruncate.cut) << "it does not come to that";
    EXPECT_EQ(preview.replay->catalog->collections().size(), 1U);

    builder.flip(Offset{0});
    preview = previewOf(builder.bytes());
    EXPECT_EQ(nameOf(preview.strict), "BadMagic");
    EXPECT_EQ(preview.replay->catalog->collections().size(), 1U);
}

TEST(OpenPreviews, WithoutALogThereIsNoState)
{
    EXPECT_FALSE(previewOf(FileBuilder(2).bytes()).source);
    EXPECT_FALSE(previewOf(FileBuilder(2).appendZeros(9000).bytes()).source);
    EXPECT_FALSE(previewOf(FileBuilder().cut(8000).bytes()).source);
    EXPECT_EQ(nameOf(previewOf(FileBuilder().cut(8000).bytes()).autoTruncate.refusal), "TruncatedSuperblock");
    EXPECT_TRUE(previewOf(FileBuilder().cut(kLogStart.value).bytes()).source) << "an empty one is a log";
}

TEST(OpenPreviews, CanBeStopped)
{
    const Scanned file(wordsFile().bytes());
    const auto &snapshot = *file.snapshot;
    const auto stopped =
        previewOpens(*file.store, snapshot.head, snapshot.log, snapshot.catalog, [](auto, auto) { return false; });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

} // namespace
} // namespace modelvault
