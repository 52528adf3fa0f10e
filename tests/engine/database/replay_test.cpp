#include "database/replay.h"

#include "format/checkpoint.h"
#include "format/limits.h"
#include "log/recovery.h"
#include "support/file_builder.h"
#include "support/plain_replay.h"
#include "support/sample_rows.h"
#include "support/scanned.h"

#include <gmock/gmock.h>

#include <array>
#include <random>
#include <set>

namespace modelvault {
namespace {

using test::countedWord;
using test::createWords;
using test::extendWords;
using test::FileBuilder;
using test::indexChange;
using test::Scanned;
using test::word;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using Kind = IndexKind;

/// Of the whole log.
Replay replayed(const Scanned &file)
{
    const auto end = findLogCut(*file.store, file.snapshot->log).value().safeEnd;
    return replay(*file.store, {.source = {.checkpoint = {}, .from = kLogStart, .end = end}}, file.snapshot->catalog,
                  file.snapshot->head.hasTransactions())
        .value();
}

Replay replayed(FileBuilder &builder)
{
    return replayed(Scanned(builder.bytes()));
}

std::string_view refusalOf(FileBuilder &builder)
{
    const auto all = replayed(builder);
    return all.refusal ? errorName(all.refusal->code) : "ok";
}

auto marks(ErrorCode code, Offset segment)
{
    return testing::AllOf(Field("code", &Finding::code, code), Field("offset", &Finding::offset, segment));
}

/// Each in a transaction of its own.
FileBuilder &addRecord(FileBuilder &builder, const Record &record)
{
    return builder.begin().append(SegmentType::Record, record.encode()).commit();
}
FileBuilder &addChange(FileBuilder &builder, const IndexChanges &changes)
{
    return builder.begin().append(SegmentType::Index, changes.encode()).commit();
}
FileBuilder wordsFile()
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, createWords().encode()).commit();
    return builder;
}

TEST(Replays, OfASoundLogHaveCatalogAndIndexesAndNoFindings)
{
    auto builder = wordsFile();
    addRecord(builder, word("a"));
    addChange(builder, indexChange(Kind::Unique, "key", "a"));
    const auto all = replayed(builder);
    EXPECT_FALSE(all.refusal);
    EXPECT_FALSE(all.refusesLog);
    EXPECT_THAT(all.findings, IsEmpty());
    EXPECT_EQ(all.catalog->collections().size(), 1U);
    EXPECT_EQ(all.indexes.entryCount(), 1U);
}

TEST(Replays, OnlyWhatIsCommittedCounts)
{
    auto builder = wordsFile();
    builder.begin().append(SegmentType::Index, indexChange(Kind::Unique, "k", "a").encode());
    builder.append(SegmentType::Record, "not a record").abort();
    builder.begin(2).append(SegmentType::Index, indexChange(Kind::Unique, "k", "b").encode()).commit(2);
    builder.begin(3).append(SegmentType::Index, indexChange(Kind::Unique, "k", "c").encode());
    const auto all = replayed(builder);
    EXPECT_FALSE(all.refusal);
    EXPECT_THAT(all.findings, IsEmpty());
    ASSERT_EQ(all.indexes.entryCount(), 1U);
    EXPECT_EQ(all.indexes.indexes().begin()->second.begin()->primaryKey, "b");
}

TEST(Replays, BeforeMinorSixAllCounts)
{
    FileBuilder builder(5);
    builder.append(SegmentType::Schema, createWords().encode())
        .append(SegmentType::Index, indexChange(Kind::Unique, "k", "a").encode())
        .append(SegmentType::Record, "not a record");
    const auto all = replayed(builder);
    EXPECT_EQ(all.indexes.entryCount(), 1U);
    EXPECT_THAT(all.findings, ElementsAre(marks(ErrorCode::UnknownCollection, builder.last())));
}

TEST(Replays, RecordsAreMetAfterIndexesAndThoseAfterSchemas)
{
    FileBuilder builder;
    builder.begin().append(SegmentType::Record, "??").commit();
    EXPECT_EQ(refusalOf(builder), "TruncatedRecordPayload");
    builder.begin().append(SegmentType::Index, "\x09").commit();
    EXPECT_EQ(refusalOf(builder), "InvalidCatalogPayload");
    builder.begin().append(SegmentType::Schema, createWords(7).encode()).commit();
    EXPECT_EQ(refusalOf(builder), "UnexpectedCollectionId");
    const auto &at = builder.offsets();
    EXPECT_THAT(replayed(builder).findings,
                ElementsAre(marks(ErrorCode::TruncatedRecordPayload, at[2]),
                            marks(ErrorCode::InvalidCatalogPayload, at[5]),
                            marks(ErrorCode::UnexpectedCollectionId, at[8])))
        << "a viewer marks them all, in the order of the file";

    builder.append(SegmentType::Record, "loose");
    EXPECT_EQ(refusalOf(builder), "InvalidTxnPayload");
    EXPECT_TRUE(replayed(builder).refusesLog);
}

TEST(Replays, TheSecondRowUnderAUniqueKeyIsAViolationAndTheRestIsApplied)
{
    auto builder = wordsFile();
    auto changes = indexChange(Kind::Unique, "key", "a");
    changes.entries.push_back(indexChange(Kind::Unique, "key", "b").entries.front());
    changes.entries.push_back(indexChange(Kind::Unique, "other", "b").entries.front());
    addChange(builder, changes);
    EXPECT_EQ(refusalOf(builder), "UniqueIndexViolation");
    const auto all = replayed(builder);
    EXPECT_THAT(all.findings, ElementsAre(marks(ErrorCode::UniqueIndexViolation, builder.offsets()[5])));
    EXPECT_EQ(all.indexes.entryCount(), 2U);
}

TEST(Replays, EachRecordMustBeOfTheVersionThatIsCurrentInTheEnd)
{
    auto builder = wordsFile();
    addRecord(builder, word("old"));
    EXPECT_EQ(refusalOf(builder), "ok");
    builder.begin().append(SegmentType::Schema, extendWords().encode()).commit();
    addRecord(builder, countedWord("new", 1));
    EXPECT_EQ(refusalOf(builder), "RecordPayloadTypeMismatch") << "the engine reads it with the current fields";
    EXPECT_THAT(replayed(builder).findings, ElementsAre(marks(ErrorCode::InvalidSchemaVersion, builder.offsets()[5])))
        << "a viewer with its own";

    auto deleted = wordsFile();
    addRecord(deleted, word("old", RecordHead::Delete));
    deleted.begin().append(SegmentType::Schema, extendWords().encode()).commit();
    EXPECT_EQ(refusalOf(deleted), "InvalidSchemaVersion") << "deletes too";
}

TEST(Replays, TheCollectionIsLookedForBeforeAllElse)
{
    auto builder = wordsFile();
    auto unknown = word("a");
    unknown.head.collectionId = 9;
    unknown.head.payloadVersion = 77;
    addRecord(builder, unknown);
    EXPECT_EQ(refusalOf(builder), "UnknownCollection");
}

TEST(Replays, RecordsOfACollectionWithoutPrimaryFieldAreSkipped)
{
    auto entry = createWords();
    entry.primaryField.clear();
    FileBuilder builder;
    builder.begin().append(SegmentType::Schema, entry.encode()).commit();
    auto record = word("a").encode();
    record.resize(8);
    builder.begin().append(SegmentType::Record, record).commit();
    EXPECT_EQ(refusalOf(builder), "ok");
}

TEST(Replays, PayloadsOverTheLimitAreMarkedUnread)
{
    auto builder = wordsFile();
    builder.begin().commit();
    const auto marker = builder.bytes();
    const Offset commit = builder.last();
    builder.cut(commit.value).appendOversized(SegmentType::Record, kMaxPayload + 1);
    builder.overwrite({builder.length()}, std::span(marker).subspan(commit.value));
    EXPECT_EQ(refusalOf(builder), "PayloadOverLimit");
}

TEST(Replays, PayloadsTooLongToComeAlongAreReadByThemselves)
{
    auto builder = wordsFile();
    addRecord(builder, word(std::string(200'000, 'k')));
    EXPECT_EQ(refusalOf(builder), "ok");
    auto longer = word(std::string(200'000, 'k')).encode();
    longer.push_back(std::byte{0});
    builder.begin().append(SegmentType::Record, longer).commit();
    EXPECT_EQ(refusalOf(builder), "TrailingRecordPayload");
}

TEST(Replays, CanBeStopped)
{
    auto builder = wordsFile();
    const Scanned file(builder.bytes());
    const auto stopped =
        replay(*file.store, {.source = {.checkpoint = {}, .from = kLogStart, .end = {builder.length()}}},
               file.snapshot->catalog, true, [](auto, auto) { return false; });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::Cancelled);
}

// --- Checkpoints ---

/// A file whose checkpoint says other things than the log before it, so that one sees which is read.
class CheckpointedFile {
public:
    struct Outcome {
        ReplayStart start;
        Replay replay;
        std::string_view fault;
        std::string_view refusal;
        std::vector<std::string> keys; ///< of all index entries
    };

    CheckpointedFile()
    {
        builder.begin().append(SegmentType::Schema, createWords(1, "log").encode());
        builder.append(SegmentType::Index, indexChange(Kind::NonUnique, "log", "a").encode()).commit();
    }

    /// Appends it with a change behind it, and has the superblock name it.
    CheckpointedFile &addCheckpoint()
    {
        const Offset end = Offset{builder.length()} + SegmentHeader::kSize + payload({}).size();
        const auto bytes = payload(replayFrom.value_or(end));
        builder.append(SegmentType::Checkpoint, bytes);
        at = builder.last();
        builder.begin(2).append(SegmentType::Index, indexChange(Kind::NonUnique, "tail", "a").encode()).commit(2);
        builder.publish(at, static_cast<std::uint32_t>(bytes.size()));
        return *this;
    }

    Outcome read()
    {
        const Scanned file(builder.bytes());
        const auto &log = file.snapshot->log;
        const auto end = findLogCut(*file.store, log).value().safeEnd;
        Outcome outcome;
        outcome.start = findReplayStart(*file.store, file.snapshot->head, end).value();
        outcome.replay = replay(*file.store, outcome.start, file.snapshot->catalog, true).value();
        const auto nameOf = [](const auto &error) { return error ? errorName(error->code) : "ok"; };
        outcome.fault = nameOf(outcome.start.checkpointFault);
        outcome.refusal = nameOf(outcome.replay.refusal);
        for (const auto &[id, some] : outcome.replay.indexes.indexes())
            for (const auto &entry : some)
                outcome.keys.push_back(entry.key);
        return outcome;
    }

    FileBuilder builder;
    Offset at; ///< of the checkpoint
    // What it holds.
    std::vector<std::vector<std::byte>> entries = {createWords(1, "checkpoint").encode()};
    std::vector<std::vector<std::byte>> records = {word("a").encode()};
    std::vector<std::byte> index = indexChange(Kind::NonUnique, "checkpoint", "a").encode();
    std::optional<Offset> replayFrom; ///< none: behind its own segment, as the engine writes it

private:
    [[nodiscard]] std::vector<std::byte> payload(Offset from) const
    {
        const auto part = [](const std::vector<std::byte> &bytes) {
            return Checkpoint::Part{.at = {}, .bytes = bytes};
        };
        Checkpoint made{.replayFrom = from, .catalogEntries = {}, .records = {}, .indexChanges = part(index)};
        for (const auto &entry : entries)
            made.catalogEntries.push_back(part(entry));
        for (const auto &record : records)
            made.records.push_back(part(record));
        return made.encode();
    }
};

TEST(Checkpointed, StateIsThatOfTheCheckpointThenOfTheLogBehind)
{
    CheckpointedFile file;
    const auto outcome = file.addCheckpoint().read();
    EXPECT_EQ(outcome.fault, "ok");
    EXPECT_EQ(outcome.refusal, "ok");
    EXPECT_EQ(outcome.start.source.checkpoint->segment, file.at);
    EXPECT_EQ(outcome.replay.catalog->find(1)->name, "checkpoint");
    EXPECT_THAT(outcome.keys, ElementsAre("checkpoint", "tail"));
}

TEST(Checkpointed, SchemasBehindItAreAppliedOnTopOfIt)
{
    CheckpointedFile file;
    file.addCheckpoint();
    const auto create = [&file](std::uint32_t id, const char *name) {
        file.builder.begin().append(SegmentType::Schema, createWords(id, name).encode()).commit();
        return file.read();
    };
    EXPECT_EQ(create(2, "second").replay.catalog->find(2)->name, "second");
    EXPECT_EQ(create(3, "log").replay.catalog->find(3)->name, "log") << "a name that only the log before it has";
    const auto outcome = create(4, "checkpoint");
    EXPECT_EQ(outcome.refusal, "DuplicateCollectionName");
    EXPECT_THAT(outcome.replay.findings, testing::SizeIs(1));
}

TEST(Checkpointed, PointersThatLeadNowhereAreIgnored)
{
    CheckpointedFile file;
    file.addCheckpoint();
    const auto isIgnored = [&file](Offset pointer, std::uint32_t length) {
        file.builder.publish(pointer, length);
        const auto outcome = file.read();
        EXPECT_EQ(outcome.fault, "ok");
        EXPECT_THAT(outcome.keys, ElementsAre("log", "tail"));
        return outcome.start.source.from == kLogStart && !outcome.start.source.checkpoint;
    };
    EXPECT_TRUE(isIgnored(Offset{100}, 10)) << "before the log";
    EXPECT_TRUE(isIgnored(Offset{1ULL << 63U}, 10)) << "behind it";
    EXPECT_TRUE(isIgnored(kLogStart, 10)) << "a manifest";
    EXPECT_TRUE(isIgnored(file.at, 0)) << "no length";
}

TEST(Checkpointed, ADamagedOneIsPassedOverForTheWholeLog)
{
    CheckpointedFile file;
    file.addCheckpoint().builder.flip(file.at + SegmentHeader::kSize);
    auto outcome = file.read();
    EXPECT_EQ(outcome.fault, "BadSegmentPayloadChecksum");
    EXPECT_THAT(outcome.keys, ElementsAre("log", "tail"));
    file.builder.publish(file.at + 1, 10);
    outcome = file.read();
    EXPECT_EQ(outcome.fault, "BadSegmentMagic");
    EXPECT_THAT(outcome.keys, ElementsAre("log", "tail"));
}

TEST(Checkpointed, AllThatItHoldsMustDecodeAndKeepTheRules)
{
    const auto faultWith = [](const auto &change) {
        CheckpointedFile file;
        change(file);
        const auto outcome = file.addCheckpoint().read();
        EXPECT_THAT(outcome.keys, ElementsAre("log", "tail"));
        return outcome.fault;
    };
    EXPECT_EQ(faultWith([](auto &file) { file.entries.push_back(test::byteVector("??")); }), "InvalidCatalogPayload");
    EXPECT_EQ(faultWith([](auto &file) { file.entries.push_back(createWords(3).encode()); }), "UnexpectedCollectionId");
    EXPECT_EQ(faultWith([](auto &file) { file.records.push_back(test::byteVector("??")); }), "TruncatedRecordPayload");
    EXPECT_EQ(faultWith([](auto &file) { file.index = test::byteVector("\x09\x09"); }), "UnsupportedVersion");
    EXPECT_EQ(faultWith([](auto &file) {
                  auto changes = indexChange(Kind::Unique, "k", "a");
                  changes.entries.push_back(indexChange(Kind::Unique, "k", "b").entries.front());
                  file.index = changes.encode();
              }),
              "UniqueIndexViolation");
}

TEST(Checkpointed, ItsRecordsMayNameOtherSchemaVersions)
{
    CheckpointedFile file;
    auto record = word("a");
    record.head.schemaVersion = 9;
    file.records = {record.encode()};
    EXPECT_EQ(file.addCheckpoint().read().fault, "ok");
}

TEST(Checkpointed, APlaceToGoOnFromThatIsOutsideOfTheLogMeansNothingFollows)
{
    for (const Offset from : {Offset{0}, Offset{kLogStart.value - 1}, Offset{1ULL << 63U}}) {
        CheckpointedFile file;
        file.replayFrom = from;
        const auto outcome = file.addCheckpoint().read();
        EXPECT_EQ(outcome.fault, "ok") << from.value;
        EXPECT_EQ(outcome.refusal, "ok") << from.value;
        EXPECT_THAT(outcome.keys, ElementsAre("checkpoint")) << from.value;
    }
}

TEST(Checkpointed, APlaceToGoOnFromWhereNoSegmentBeginsFailsTheReplay)
{
    CheckpointedFile file;
    file.replayFrom = kLogStart + 1;
    const auto outcome = file.addCheckpoint().read();
    EXPECT_EQ(outcome.fault, "ok");
    EXPECT_EQ(outcome.refusal, "BadSegmentMagic");
    EXPECT_TRUE(outcome.replay.refusesLog);

    CheckpointedFile amid;
    amid.replayFrom = amid.builder.offsets()[3]; // a change, whose begin comes before
    EXPECT_EQ(amid.addCheckpoint().read().refusal, "InvalidTxnPayload");
}

TEST(Checkpointed, DataOutsideOfTransactionsBeforeItIsNotMet)
{
    CheckpointedFile file;
    file.builder.append(SegmentType::Record, "loose");
    const auto outcome = file.addCheckpoint().read();
    EXPECT_EQ(outcome.refusal, "ok");
    EXPECT_FALSE(outcome.replay.refusesLog);
}

// --- Against the plain one ---

TEST(Replays, ManyChangesGiveThePlainStateAtEveryCommit)
{
    FileBuilder builder;
    std::vector<Offset> commits;
    std::minstd_rand random(7);
    const auto pick = [&random](auto... choices) {
        const std::array all{choices...};
        return all[random() % all.size()];
    };
    builder.begin().append(SegmentType::Schema, createWords().encode()).commit();
    for (int i = 0; i < 300; ++i) {
        builder.begin();
        for (auto changes = random() % 4; changes > 0; --changes)
            builder.append(SegmentType::Index,
                           indexChange(pick(Kind::Unique, Kind::NonUnique), pick("a", "b", "c"), pick("x", "y", "z"),
                                       pick(IndexOperation::Insert, IndexOperation::Insert, IndexOperation::Delete))
                               .encode());
        if (random() % 4 == 0)
            builder.abort();
        else
            builder.commit();
        commits.push_back(Offset{builder.length()});
    }
    const auto bytes = builder.bytes();
    const Scanned file(bytes);
    for (const Offset end : commits) {
        const auto all = replay(*file.store, {.source = {.checkpoint = {}, .from = kLogStart, .end = end}},
                                file.snapshot->catalog, true)
                             .value();
        std::set<test::PlainReplay::IndexEntryKey> entries;
        for (const auto &[index, some] : all.indexes.indexes())
            for (const auto &entry : some)
                entries.emplace(index.collectionId, index.name, index.kind, test::byteVector(entry.key),
                                test::byteVector(entry.primaryKey));
        ASSERT_EQ(entries, test::plainReplay(bytes, end).indexEntries) << end.value;
    }
}

} // namespace
} // namespace modelvault
