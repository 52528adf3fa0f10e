// What a recovery plan keeps and loses: of files as they are, as if they ended earlier, and by the other superblock.

#include "check/recovery_plan.h"

#include "export/described_json.h"
#include "support/corpus.h"
#include "support/file_builder.h"
#include "support/sample_rows.h"
#include "support/scanned.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace modelvault {
namespace {

using nlohmann::json;
using test::FileBuilder;
using test::Scanned;
using testing::ElementsAre;
using testing::IsEmpty;

std::shared_ptr<const RecoveryPlan> planOf(const Scanned &file, const RecoveryView &view = {})
{
    return RecoveryPlan::make(*file.store, file.snapshot, view).value();
}

/// As the reference says what it keeps: by collection and key.
json keptRows(const Scanned &file, const RecoveryPlan &plan)
{
    if (!plan.reachesRows())
        return {};
    json rows = json::object();
    for (const auto &[id, collection] : plan.kept()->catalog().collections()) {
        auto &list = rows[collection.name] = json::array();
        const auto places = plan.kept()->placesByKey(*file.store, id).value();
        for (const auto &place : places)
            list.push_back(describedRow(collection.primaryField, plan.kept()->row(*file.store, place)->record));
    }
    return rows;
}

std::vector<RowChange> changes(const Scanned &file, const RecoveryPlan &plan)
{
    std::vector<RowChange> all;
    for (std::uint64_t n = 0; n < plan.changeCount(); ++n)
        all.push_back(plan.change(*file.store, n).value());
    return all;
}

std::vector<std::string> told(const Scanned &file, const RecoveryPlan &plan)
{
    std::vector<std::string> lines;
    for (const auto &change : changes(file, plan))
        lines.push_back(std::string(rowFateName(change.fate)) + ' ' + std::get<std::string>(change.key.data)
                        + (change.committed ? "" : " (never committed)"));
    return lines;
}

// --- The corpus ---

class PlannedCorpus : public testing::TestWithParam<std::string> {
protected:
    test::CorpusFile m_corpus = test::corpusFile(GetParam());
    Scanned m_file{m_corpus.bytes()};
};

TEST_P(PlannedCorpus, KeepsTheRowsAndCutsWhereTheReferenceDoes)
{
    const auto plan = planOf(m_file);
    const auto &said = m_corpus.said;
    const auto &cut = plan->opens().autoTruncate.cut;
    if (said.contains("framing_error")) { // whose cut the reference does not know
        EXPECT_EQ(keptRows(m_file, *plan), test::corpusFile("valid-books").said["rows"]);
        return;
    }
    EXPECT_EQ(cut ? json(cut->safeEnd.value) : json(), said["safe_end"]);
    if (plan->kept() == nullptr) { // there is no log
        EXPECT_TRUE(said["rows"].empty());
    } else if (said["salvage_open"]["ok"] == true) {
        EXPECT_EQ(keptRows(m_file, *plan), said["rows"]);
    } else {
        EXPECT_TRUE(plan->opens().autoTruncate.refusal || plan->opens().autoTruncate.makesNewDatabase);
    }
}

TEST_P(PlannedCorpus, EachEndIsPlannedAsAFileThatEndsThere)
{
    const auto whole = m_corpus.bytes();
    // Around each segment's begin, and in its header and payload.
    std::vector<std::uint64_t> ends{0, 31, 32, 4127, 8223, 8224};
    for (const auto &segment : m_file.segments()) {
        for (const auto into : {0U, 1U, 31U, 32U, 40U})
            ends.push_back(segment.offset.value + into);
    }
    std::ranges::sort(ends);
    const auto step = std::max<std::size_t>(1, ends.size() / 60);
    for (std::size_t i = 0; i < ends.size() && ends[i] <= whole.size(); i += step) {
        SCOPED_TRACE(ends[i]);
        const auto plan = planOf(m_file, {.end = Offset{ends[i]}, .superblock = {}});
        const Scanned cut({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(ends[i])});
        const auto asIs = planOf(cut);
        EXPECT_EQ(plan->opens().strict, asIs->opens().strict);
        EXPECT_EQ(plan->opens().autoTruncate.refusal, asIs->opens().autoTruncate.refusal);
        EXPECT_EQ(plan->opens().autoTruncate.cut, asIs->opens().autoTruncate.cut);
        EXPECT_EQ(plan->discardedBytes(), asIs->discardedBytes());
        EXPECT_EQ(plan->fileLength(), ends[i]);
        EXPECT_EQ(keptRows(m_file, *plan), keptRows(cut, *asIs));
    }
}

/// What is kept and what is lost make up what the file says: nothing goes without being told.
TEST_P(PlannedCorpus, RowsThatAreNotKeptAreLost)
{
    if (!GetParam().starts_with("valid-"))
        return;
    const auto before = planOf(m_file);
    const auto all = keptRows(m_file, *before);
    ASSERT_THAT(told(m_file, *before), IsEmpty());
    if (before->opens()
            .source->checkpoint) // cut before it, the rows are the same, and their schema versions not always
        return;
    for (const auto &segment : m_file.segments()) {
        if (segment.header.type != SegmentType::TxnCommit)
            continue;
        const auto plan = planOf(m_file, {.end = segment.offset, .superblock = {}});
        auto rows = keptRows(m_file, *plan);
        for (const auto &change : changes(m_file, *plan)) {
            const auto &name = change.collection->name;
            auto &list = rows[name];
            if (change.after)
                list.erase(std::ranges::find(list, describedRow(change.collectionAfter->primaryField, *change.after)));
            if (change.now && change.committed)
                list.push_back(describedRow(change.collection->primaryField, *change.now));
        }
        for (const auto &[name, list] : all.items()) {
            auto sorted = rows.value(name, json::array());
            auto wanted = list;
            std::sort(sorted.begin(), sorted.end());
            std::sort(wanted.begin(), wanted.end());
            EXPECT_EQ(sorted, wanted) << "cut at " << segment.offset.value;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(, PlannedCorpus, testing::ValuesIn(test::corpusNames()), [](const auto &corpus) {
    std::string name = corpus.param;
    std::ranges::replace(name, '-', '_');
    return name;
});

// --- What becomes of rows ---

class Plans : public testing::Test {
protected:
    Plans() { add(SegmentType::Schema, test::createWords().encode()); }

    FileBuilder &add(SegmentType type, const std::vector<std::byte> &payload)
    {
        return m_builder.begin().append(type, payload).commit();
    }
    void write(std::string_view key, RecordHead::Operation operation = RecordHead::Insert)
    {
        add(SegmentType::Record, test::word(std::string(key), operation).encode());
    }

    FileBuilder m_builder;
};

TEST_F(Plans, ASoundFileLosesNothing)
{
    write("a");
    write("b");
    const Scanned file(m_builder.bytes());
    const auto plan = planOf(file);
    EXPECT_FALSE(plan->opens().strict);
    EXPECT_EQ(plan->discardedBytes(), 0U);
    EXPECT_EQ(plan->lossBegin().value, file.snapshot->fileLength());
    EXPECT_EQ(plan->lostTransactionCount(), 0U);
    EXPECT_EQ(plan->counts().at(1).kept, 2U);
    EXPECT_EQ(plan->counts().at(1).changed(), 0U);
}

TEST_F(Plans, RowsAreLostAndComeBack)
{
    write("a");
    write("b");
    const Offset damaged{m_builder.length()};
    m_builder.begin(9).commit(9).flip(damaged);
    write("a", RecordHead::Delete);
    write("c");
    write("d");
    write("d", RecordHead::Delete);
    m_builder.begin().append(SegmentType::Record, test::word("e").encode());

    const Scanned file(m_builder.bytes());
    const auto plan = planOf(file);
    EXPECT_EQ(plan->lossBegin(), damaged);
    EXPECT_EQ(plan->discardedBytes(), file.snapshot->fileLength() - damaged.value);
    EXPECT_THAT(told(file, *plan), ElementsAre("comes_back a", "lost c", "lost e (never committed)"));
    const auto &counts = plan->counts().at(1);
    EXPECT_EQ(counts, (RowCounts{.collection = "words", .kept = 2, .lost = 1, .comeBack = 1, .neverCommitted = 1}));

    const auto transactions = plan->lostTransactions(*file.store, 0, 100).value();
    ASSERT_EQ(transactions.size(), plan->lostTransactionCount());
    EXPECT_EQ(transactions.back().state, TransactionState::Open);
    EXPECT_EQ(plan->lostTransactions(*file.store, 2, 1)->front(), transactions[2]);
    EXPECT_THAT(plan->lostTransactions(*file.store, transactions.size(), 1).value(), IsEmpty());
    EXPECT_EQ(plan->change(*file.store, plan->changeCount()).error().code, ErrorCode::InvalidInput);
}

TEST_F(Plans, WhatIsGivenUpIsNotLost)
{
    write("a");
    const Offset damaged{m_builder.length()};
    m_builder.begin(9).commit(9).flip(damaged);
    m_builder.begin().append(SegmentType::Record, test::word("b").encode()).abort();
    const Scanned file(m_builder.bytes());
    EXPECT_THAT(told(file, *planOf(file)), IsEmpty());
}

TEST_F(Plans, WhatIsWrittenAgainAsItWasIsNotLost)
{
    write("a");
    const Offset damaged{m_builder.length()};
    m_builder.begin(9).commit(9).flip(damaged);
    write("a", RecordHead::Replace);
    const Scanned file(m_builder.bytes());
    EXPECT_THAT(told(file, *planOf(file)), IsEmpty());
}

// --- Views ---

TEST_F(Plans, AnEndTakesAwayAllThatLiesBehindIt)
{
    write("a");
    const Offset end{m_builder.length()};
    write("b");
    const Scanned file(m_builder.bytes());
    const auto plan = planOf(file, {.end = end, .superblock = {}});
    EXPECT_EQ(plan->discardedBytes(), 0U) << "it is clean up to there";
    EXPECT_THAT(told(file, *plan), ElementsAre("lost b"));

    const auto amid = planOf(file, {.end = end + 40, .superblock = {}});
    EXPECT_EQ(amid->discardedBytes(), 40U);
    EXPECT_EQ(amid->opens().autoTruncate.cut->cause->error.code, ErrorCode::SegmentPayloadPastEof);
    EXPECT_THAT(told(file, *amid), ElementsAre("lost b"));

    const auto none = planOf(file, {.end = Offset{5000}, .superblock = {}});
    EXPECT_EQ(none->opens().strict->code, ErrorCode::TruncatedSuperblock);
    EXPECT_EQ(none->kept(), nullptr);
    EXPECT_THAT(told(file, *none), ElementsAre("lost a", "lost b"));

    const auto beyond = planOf(file, {.end = Offset{~std::uint64_t{0}}, .superblock = {}});
    EXPECT_EQ(beyond->fileLength(), file.snapshot->fileLength());
    EXPECT_THAT(told(file, *beyond), IsEmpty());
}

TEST_F(Plans, ASuperblockIsLookedAtAlone)
{
    const Scanned file(m_builder.bytes());
    ASSERT_EQ(file.snapshot->head.selected, SuperblockSlot::B);
    const auto a = planOf(file, {.end = {}, .superblock = SuperblockSlot::A});
    EXPECT_EQ(a->head().selected, SuperblockSlot::A);
    EXPECT_FALSE(a->opens().strict);

    const Scanned broken(m_builder.flip({40}).bytes()); // in slot A
    EXPECT_FALSE(planOf(broken)->opens().strict);
    const auto none = planOf(broken, {.end = {}, .superblock = SuperblockSlot::A});
    EXPECT_EQ(none->opens().strict->code, ErrorCode::BadSuperblockChecksum);
    EXPECT_FALSE(none->reachesRows());
    ASSERT_NE(none->kept(), nullptr) << "what it is about is known all the same";
}

TEST(PlansByCheckpoint, TheOtherSuperblockHasTheCheckpointBefore)
{
    const Scanned file(test::corpusFile("valid-two-checkpoints").bytes());
    const auto selected = *file.snapshot->head.selected;
    const auto other = selected == SuperblockSlot::A ? SuperblockSlot::B : SuperblockSlot::A;
    const auto here = planOf(file);
    const auto there = planOf(file, {.end = {}, .superblock = other});
    EXPECT_FALSE(there->opens().strict);
    EXPECT_EQ(keptRows(file, *there), keptRows(file, *here));
}

TEST(PlansCancelled, StopWhenTheyAreAsked)
{
    const Scanned file(test::corpusFile("damaged-record-payload-bit").bytes());
    std::uint64_t asked = 0;
    const auto count = [&asked](std::uint64_t done, std::uint64_t total) {
        EXPECT_LE(done, total);
        ++asked;
        return true;
    };
    ASSERT_TRUE(RecoveryPlan::make(*file.store, file.snapshot, {}, count));
    ASSERT_GT(asked, 2U);
    for (std::uint64_t stop = 0; stop < asked; ++stop) {
        std::uint64_t left = stop;
        const auto plan = RecoveryPlan::make(*file.store, file.snapshot, {},
                                             [&left](std::uint64_t, std::uint64_t) { return left-- > 0; });
        ASSERT_FALSE(plan);
        EXPECT_EQ(plan.error().code, ErrorCode::Cancelled);
    }
}

} // namespace
} // namespace modelvault
