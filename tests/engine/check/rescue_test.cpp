// New databases of what is readable in damaged ones: what is in them, that they are sound, and that nothing is written
// where it should not be.

#include "check/rescue.h"

#include "check/recovery_plan.h"
#include "database/database_writer.h"
#include "database/open_database.h"
#include "export/described_json.h"
#include "store/fault_store.h"
#include "support/checked.h"
#include "support/corpus.h"
#include "support/file_builder.h"
#include "support/sample_rows.h"
#include "support/scanned.h"
#include "support/scratch_dir.h"
#include "support/strict_open.h"
#include "support/watched_store.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>

#include <unistd.h>

namespace modelvault {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::FileBuilder;
using test::Scanned;
using test::ScratchDir;
using testing::ElementsAre;
using testing::IsEmpty;

struct Rescued {
    RescueReport report;
    std::vector<std::byte> bytes;
};

Rescued rescued(const Scanned &file, RescueKeep keep)
{
    auto memory = std::make_shared<MemoryStore>();
    auto report = rescueInto(std::make_unique<test::WatchedStore>(memory), *file.store, file.snapshot, keep).value();
    const auto bytes = memory->view();
    return {.report = std::move(report), .bytes = {bytes.begin(), bytes.end()}};
}

/// By collection: a multiset of rows as JSON.
using Rows = std::map<std::string, std::multiset<json>>;

/// Collections that can hold rows; others are in no rescued file.
Rows keptRows(const Scanned &file)
{
    Rows rows;
    const auto plan = RecoveryPlan::make(*file.store, file.snapshot).value();
    const auto *kept = plan->kept();
    if (kept == nullptr)
        return rows;
    for (const auto &[id, collection] : kept->catalog().collections()) {
        if (collection.primaryField.empty())
            continue;
        auto &list = rows[collection.name];
        for (const auto &place : kept->places(id))
            list.insert(describedRow(collection.primaryField, kept->row(*file.store, place)->record));
    }
    return rows;
}

Rows rowsOf(const test::DatabaseState &state)
{
    Rows rows;
    for (const auto &[id, collection] : state.catalog.collections()) {
        auto &list = rows[collection.name];
        if (const auto some = state.rows.find(id); some != state.rows.end()) {
            for (const auto &[key, record] : some->second)
                list.insert(describedRow(collection.primaryField, record));
        }
    }
    return rows;
}

/// What a strict open finds in it; it must, and a check must find nothing.
Rows soundRows(const std::vector<std::byte> &bytes)
{
    const auto state = test::openStrictly(bytes);
    EXPECT_TRUE(state) << (state ? "" : errorName(state.error().code));
    const Scanned file(bytes);
    const auto plan = RecoveryPlan::make(*file.store, file.snapshot).value();
    EXPECT_FALSE(plan->opens().strict);
    EXPECT_THAT(test::told(test::checked(bytes, CheckDepth::Full), Severity::Warning), IsEmpty());
    return state ? rowsOf(*state) : Rows();
}

// --- The corpus ---

class RescuedCorpus : public testing::TestWithParam<std::string> {
protected:
    test::CorpusFile m_corpus = test::corpusFile(GetParam());
    Scanned m_file{m_corpus.bytes()};
};

TEST_P(RescuedCorpus, HasTheRowsThatThePreviewPromises)
{
    const auto engine = rescued(m_file, RescueKeep::Engine);
    EXPECT_EQ(soundRows(engine.bytes), keptRows(m_file));
    for (const auto &collection : engine.report.collections) {
        EXPECT_EQ(collection.leftOut, 0U);
        EXPECT_EQ(collection.unseen, 0U);
    }
    // What the reference says that it keeps, where it keeps anything.
    if (m_corpus.said["salvage_open"]["ok"] == true && !m_corpus.said["rows"].is_null()) {
        std::size_t wanted = 0;
        for (const auto &[name, rows] : m_corpus.said["rows"].items())
            wanted += rows.size();
        EXPECT_EQ(engine.report.rows(), wanted);
    }
}

TEST_P(RescuedCorpus, AllIsAtLeastThese)
{
    const auto all = rescued(m_file, RescueKeep::All);
    const auto rows = soundRows(all.bytes);
    for (const auto &[name, kept] : keptRows(m_file)) {
        ASSERT_TRUE(rows.contains(name));
        EXPECT_GE(rows.at(name).size(), kept.size());
    }
    if (GetParam().starts_with("valid-")) {
        EXPECT_TRUE(all.report.isComplete());
        EXPECT_EQ(rows, keptRows(m_file));
    } else if (GetParam().starts_with("damaged-")) {
        // Where only a pointer is wrong, nothing is missing.
        EXPECT_EQ(all.report.isComplete(), GetParam().ends_with("-pointer"));
    }
}

INSTANTIATE_TEST_SUITE_P(, RescuedCorpus, testing::ValuesIn(test::corpusNames()), [](const auto &corpus) {
    std::string name = corpus.param;
    std::ranges::replace(name, '-', '_');
    return name;
});

// --- What is in it ---

class Rescues : public testing::Test {
protected:
    Rescues() { add(SegmentType::Schema, test::createWords().encode()); }

    FileBuilder &add(SegmentType type, const std::vector<std::byte> &payload)
    {
        return m_builder.begin().append(type, payload).commit();
    }
    void write(const Record &record) { add(SegmentType::Record, record.encode()); }
    void damage()
    {
        const Offset at{m_builder.length()};
        m_builder.begin(9).commit(9).flip(at);
    }

    [[nodiscard]] static std::vector<std::string> keys(const Rescued &rescued)
    {
        std::vector<std::string> keys;
        const auto rows = soundRows(rescued.bytes);
        for (const auto &row : rows.at("words"))
            keys.push_back(row.at("word"));
        return keys;
    }
    static std::vector<std::string> told(const RescueReport &report)
    {
        std::vector<std::string> lines;
        for (const auto &finding : report.findings)
            lines.push_back(std::string(errorName(finding.what.code))
                            + (finding.key ? " " + std::get<std::string>(finding.key->data) : ""));
        return lines;
    }

    FileBuilder m_builder;
};

TEST_F(Rescues, RowsBehindTheDamageAndWithoutCommit)
{
    write(test::word("a"));
    write(test::word("b"));
    damage();
    write(test::word("a", RecordHead::Delete));
    write(test::word("c"));
    write(test::word("d"));
    write(test::word("d", RecordHead::Delete));
    m_builder.begin().append(SegmentType::Record, test::word("given up").encode()).abort();
    m_builder.begin().append(SegmentType::Record, test::word("e").encode());
    const Scanned file(m_builder.bytes());

    const auto engine = rescued(file, RescueKeep::Engine);
    EXPECT_THAT(keys(engine), ElementsAre("a", "b"));
    EXPECT_EQ(engine.report.collections.front().notAskedFor, 3U) << "a, c and e";
    EXPECT_FALSE(engine.report.isComplete());
    EXPECT_THAT(told(engine.report), ElementsAre("BadSegmentMagic", "InvalidTxnPayload", "UncleanLogTail"));

    const auto all = rescued(file, RescueKeep::All);
    EXPECT_THAT(keys(all), ElementsAre("a", "b", "c", "e"));
    EXPECT_EQ(all.report.collections.front().rows, 4U);
    EXPECT_EQ(all.report.collections.front().unseen, 2U);
    EXPECT_EQ(all.report.collections.front().notAskedFor, 1U) << "the delete of a";
}

TEST_F(Rescues, ABadHeadHidesNothingOfWhatADamagedLogHas)
{
    write(test::word("a"));
    damage();
    write(test::word("a", RecordHead::Delete));
    write(test::word("b"));
    const std::map<std::string, std::vector<Offset>> heads{
        {"magic", {Offset{0}}},
        {"minor 7", {Offset{6}}},
        {"superblocks", {Superblock::slotOffset(SuperblockSlot::A), Superblock::slotOffset(SuperblockSlot::B)}}};
    for (const auto &[name, places] : heads) {
        SCOPED_TRACE(name);
        FileBuilder builder(m_builder.bytes());
        for (const auto at : places)
            builder.flip(at);
        const Scanned file(builder.bytes());
        const auto plan = RecoveryPlan::make(*file.store, file.snapshot).value();
        EXPECT_FALSE(plan->reachesRows());
        EXPECT_EQ(plan->changeCount(), 2U);
        EXPECT_EQ(plan->discardedBytes(), 0U) << "no open comes to that";

        const auto engine = rescued(file, RescueKeep::Engine);
        EXPECT_THAT(keys(engine), ElementsAre("a"));
        EXPECT_EQ(engine.report.collections.front().notAskedFor, 2U);
        const auto all = rescued(file, RescueKeep::All);
        EXPECT_THAT(keys(all), ElementsAre("a", "b"));
        EXPECT_EQ(all.report.collections.front().unseen, 1U);
    }
}

TEST_F(Rescues, NewerValuesBehindTheDamageCountOnlyCommitted)
{
    add(SegmentType::Schema, test::extendWords().encode());
    write(test::countedWord("a", 1));
    write(test::countedWord("b", 1));
    damage();
    write(test::countedWord("a", 2));
    m_builder.begin().append(SegmentType::Record, test::countedWord("b", 3).encode());
    const Scanned file(m_builder.bytes());
    const auto rows = [&](RescueKeep keep) { return json(soundRows(rescued(file, keep).bytes).at("words")); };
    EXPECT_EQ(rows(RescueKeep::Engine), json::parse(R"([{"count": {"$u64": "1"}, "word": "a"},
                                                        {"count": {"$u64": "1"}, "word": "b"}])"));
    EXPECT_EQ(rows(RescueKeep::All), json::parse(R"([{"count": {"$u64": "1"}, "word": "b"},
                                                     {"count": {"$u64": "2"}, "word": "a"}])"));
}

TEST_F(Rescues, CollectionsBehindTheDamage)
{
    damage();
    add(SegmentType::Schema, test::createWords(2, "more").encode());
    auto row = test::word("x");
    row.head.collectionId = 2;
    write(row);
    const Scanned file(m_builder.bytes());
    EXPECT_FALSE(soundRows(rescued(file, RescueKeep::Engine).bytes).contains("more"));
    const auto all = rescued(file, RescueKeep::All);
    EXPECT_EQ(json(soundRows(all.bytes).at("more")), json::parse(R"([{"word": "x"}])"));
    ASSERT_EQ(all.report.collections.size(), 2U);
    EXPECT_EQ(all.report.collections[1].unseen, 1U);
}

TEST_F(Rescues, RowsOutsideOfTransactionsAreOnlyForAll)
{
    write(test::word("a"));
    m_builder.append(SegmentType::Record, test::word("loose").encode());
    m_builder.append(SegmentType::Record, test::word("a").encode());
    m_builder.append(SegmentType::Record, test::word("gone", RecordHead::Delete).encode());
    const Scanned file(m_builder.bytes());
    EXPECT_THAT(keys(rescued(file, RescueKeep::Engine)), ElementsAre("a"));
    const auto all = rescued(file, RescueKeep::All);
    EXPECT_THAT(keys(all), ElementsAre("a", "loose"));
    EXPECT_EQ(all.report.collections.front().unseen, 1U);
}

TEST_F(Rescues, WhatDoesNotFitIsLeftOutAndTold)
{
    // Of the first schema version, without the number that the current one demands.
    write(test::word("old"));
    add(SegmentType::Schema, test::extendWords().encode());
    write(test::countedWord("new", 1));
    damage();
    auto broken = test::countedWord("broken", 1).encode();
    broken.push_back(std::byte{0});
    add(SegmentType::Record, broken);
    const Scanned file(m_builder.bytes());
    const auto all = rescued(file, RescueKeep::All);
    EXPECT_THAT(keys(all), ElementsAre("new"));
    EXPECT_EQ(all.report.collections.front().leftOut, 1U);
    EXPECT_THAT(told(all.report),
                ElementsAre("InvalidSchemaVersion", "RecordPayloadTypeMismatch old", "BadSegmentMagic",
                            "InvalidTxnPayload", "TrailingRecordPayload"));
}

TEST_F(Rescues, UniqueKeysStayUnique)
{
    auto schema = test::createWords(2, "people");
    schema.fields.push_back({{{"mail"}}, {.tag = TypeTag::String}, {}});
    schema.indexes.push_back({.kind = IndexKind::Unique, .path = {{"mail"}}, .name = "by_mail"});
    add(SegmentType::Schema, schema.encode());
    const auto person = [](std::string name, std::string mail) {
        auto row = test::word(std::move(name));
        row.head.collectionId = 2;
        auto &field = row.fields.emplace_back();
        field.path = {{"mail"}};
        field.value.data = std::move(mail);
        return row;
    };
    write(person("Ann", "a@x")); // without index entries, which is for check to tell
    write(person("Bob", "b@x"));
    damage();
    write(person("Ann", "b@x"));
    write(person("Cid", "c@x"));
    const Scanned file(m_builder.bytes());
    const auto all = rescued(file, RescueKeep::All);
    EXPECT_EQ(json(soundRows(all.bytes).at("people")),
              json::parse(R"([{"mail": "a@x", "word": "Ann"}, {"mail": "b@x", "word": "Bob"},
                              {"mail": "c@x", "word": "Cid"}])"))
        << "what the engine keeps comes first";
    EXPECT_THAT(told(all.report), ElementsAre("BadSegmentMagic", "InvalidTxnPayload", "UniqueIndexViolation Ann"));
}

TEST_F(Rescues, ManyRowsAreInManyTransactions)
{
    m_builder.begin();
    for (int i = 0; i < 2500; ++i)
        m_builder.append(SegmentType::Record, test::word("w" + std::to_string(i)).encode());
    m_builder.commit();
    const Scanned file(m_builder.bytes());
    const auto engine = rescued(file, RescueKeep::Engine);
    EXPECT_TRUE(engine.report.isComplete());
    EXPECT_EQ(soundRows(engine.bytes).at("words").size(), 2500U);
    EXPECT_EQ(Scanned(engine.bytes).snapshot->log.index->transactionCount(), 1 + 3U);
}

// --- Where it is written ---

class RescueTargets : public testing::Test {
protected:
    RescueTargets()
        : m_path(m_dir.write("damaged.mv", test::corpusFile("damaged-record-payload-bit").bytes())),
          m_opened(openDatabase(m_path, LockWish::None).value())
    {
        auto log = scanLog(*m_opened.store, m_opened.head.fileLength, {.framed = true}).value();
        auto catalog = CatalogHistory::read(*m_opened.store, log, true).value();
        m_snapshot = makeSnapshot(m_opened.store->identity(), m_opened.head, std::move(log), std::move(catalog));
    }

    [[nodiscard]] std::string outcome(const fs::path &target, const Progress &progress = {}) const
    {
        const auto report = rescue(*m_opened.store, m_snapshot, RescueKeep::All, target, progress);
        return report ? "written" : std::string(errorName(report.error().code));
    }

    ScratchDir m_dir;
    fs::path m_path;
    OpenedDatabase m_opened;
    std::shared_ptr<const Snapshot> m_snapshot;
};

TEST_F(RescueTargets, ANewFileOpensCleanUnderItsLock)
{
    ASSERT_EQ(outcome(m_dir / "new.mv"), "written");
    const auto opened = openDatabase(m_dir / "new.mv", LockWish::Shared);
    ASSERT_TRUE(opened);
    EXPECT_FALSE(opened->lockRefusal);
    EXPECT_FALSE(soundRows(test::readFile(m_dir / "new.mv")).at("books").empty());
    EXPECT_EQ(outcome(m_dir / "new.mv"), "AlreadyExists") << "also a second time";
}

TEST_F(RescueTargets, NothingThatIsThereIsTouched)
{
    m_dir.write("other.mv", "other");
    fs::create_directory(m_dir / "folder");
    fs::create_symlink(m_path, m_dir / "symlink.mv");
    fs::create_hard_link(m_path, m_dir / "hardlink.mv");
    fs::create_symlink(m_dir / "nowhere.mv", m_dir / "dangling.mv");
    fs::create_symlink(m_dir / "other.mv", m_dir / "to-other.mv");
    const auto before = test::contentsOf(m_dir.path());
    EXPECT_EQ(outcome(m_path), "OverwritesDatabase");
    EXPECT_EQ(outcome(m_dir / "folder/../damaged.mv"), "OverwritesDatabase");
    EXPECT_EQ(outcome(m_dir / "symlink.mv"), "OverwritesDatabase");
    EXPECT_EQ(outcome(m_dir / "hardlink.mv"), "OverwritesDatabase");
    EXPECT_EQ(outcome(m_dir / "x.mv.writer.lock"), "OverwritesDatabase");
    EXPECT_EQ(outcome(m_dir / "other.mv"), "AlreadyExists");
    EXPECT_EQ(outcome(m_dir / "to-other.mv"), "AlreadyExists");
    EXPECT_EQ(outcome(m_dir / "dangling.mv"), "AlreadyExists");
    EXPECT_EQ(outcome(m_dir / "folder"), "IsDirectory");
    EXPECT_EQ(outcome(m_dir / "missing/new.mv"), "NotFound");
    EXPECT_EQ(test::contentsOf(m_dir.path()), before);
}

TEST_F(RescueTargets, AFolderThatCantBeWrittenIsToldAndLeftAlone)
{
    if (geteuid() == 0)
        EXPECT_EQ(outcome("/proc/new.mv"), "NotFound"); // root may write everywhere else
    else {
        fs::create_directory(m_dir / "closed");
        fs::permissions(m_dir / "closed", fs::perms::owner_read | fs::perms::owner_exec);
        EXPECT_EQ(outcome(m_dir / "closed/new.mv"), "PermissionDenied");
        fs::permissions(m_dir / "closed", fs::perms::owner_all);
    }
}

TEST_F(RescueTargets, AFileThatComesMeanwhileStays)
{
    bool isMade = false;
    const auto interfere = [&](std::uint64_t, std::uint64_t) {
        if (!std::exchange(isMade, true))
            m_dir.write("new.mv", "of somebody else");
        return true;
    };
    EXPECT_EQ(outcome(m_dir / "new.mv", interfere), "AlreadyExists");
    EXPECT_EQ(test::contentsOf(m_dir.path()).at("new.mv"), "file: of somebody else");
}

TEST_F(RescueTargets, StoppedAnywhereNothingIsLeft)
{
    std::uint64_t asked = 0;
    std::uint64_t last = 0;
    const auto count = [&](std::uint64_t done, std::uint64_t total) {
        EXPECT_LE(done, total);
        EXPECT_GE(done, last);
        last = done;
        ++asked;
        return true;
    };
    ASSERT_EQ(outcome(m_dir / "whole.mv", count), "written");
    const auto before = test::contentsOf(m_dir.path());
    ASSERT_GT(asked, 5U);
    for (std::uint64_t stop = 0; stop < asked; ++stop) {
        std::uint64_t left = stop;
        EXPECT_EQ(outcome(m_dir / "new.mv", [&left](std::uint64_t, std::uint64_t) { return left-- > 0; }), "Cancelled");
    }
    EXPECT_EQ(test::contentsOf(m_dir.path()), before);
}

TEST_F(RescueTargets, ReadsThatFailLeaveNothing)
{
    FaultStore store(std::make_unique<MemoryStore>(test::readFile(m_path)));
    ASSERT_TRUE(rescue(store, m_snapshot, RescueKeep::All, m_dir / "whole.mv"));
    const auto reads = store.readAttempts();
    const auto before = test::contentsOf(m_dir.path());
    for (std::uint64_t n = 0; n < reads; ++n) {
        store.failReadsAfter(n);
        const auto report = rescue(store, m_snapshot, RescueKeep::All, m_dir / "new.mv");
        ASSERT_FALSE(report) << n;
        store.heal();
    }
    EXPECT_EQ(test::contentsOf(m_dir.path()), before);
}

TEST_F(RescueTargets, WritesThatFailAreToldAtOnce)
{
    const auto write = [this](std::uint64_t passing) {
        auto store = std::make_unique<FaultStore>(std::make_unique<MemoryStore>());
        store->failWritesAfter(passing);
        const auto report = rescueInto(std::move(store), *m_opened.store, m_snapshot, RescueKeep::All);
        return report ? "written" : std::string(errorName(report.error().code));
    };
    std::uint64_t passing = 0;
    for (; write(passing) != "written"; ++passing)
        ASSERT_EQ(write(passing), "Io") << passing;
    EXPECT_GT(passing, 3U);
}

} // namespace
} // namespace modelvault
