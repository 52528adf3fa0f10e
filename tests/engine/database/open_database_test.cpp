#include "database/open_database.h"

#include "support/corpus.h"
#include "support/file_builder.h"
#include "support/lock_holding.h"
#include "support/results.h"
#include "support/scratch_dir.h"

#include <gtest/gtest.h>

namespace modelvault {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;
using test::FileBuilder;
using test::outcome;

class OpenDatabase : public testing::Test {
protected:
    OpenDatabase() { m_file.transaction(3, 10'000).publish(); }

    fs::path write() { return m_dir.write("database.mv", m_file.bytes()); }

    FileBuilder m_file;
    test::ScratchDir m_dir;
    const fs::path m_lockFile = m_dir / "database.mv.writer.lock";
};

TEST_F(OpenDatabase, ObservesByOneReadOfTheHead)
{
    const auto opened = openDatabase(write(), LockWish::None);
    ASSERT_EQ(outcome(opened), "ok");
    EXPECT_EQ(opened->store->lockState(), LockState::Unlocked);
    EXPECT_FALSE(opened->lockRefusal);
    EXPECT_FALSE(fs::exists(m_lockFile));
    EXPECT_EQ(opened->head.fileLength, m_file.length());
    EXPECT_TRUE(opened->head.selected);
    EXPECT_EQ(opened->store->readStats(), (ReadStats{.calls = 1, .bytes = kLogStart.value}));
}

TEST_F(OpenDatabase, ReadsTheHeadAgainUnderItsLock)
{
    const auto opened = openDatabase(write(), LockWish::Shared);
    ASSERT_EQ(outcome(opened), "ok");
    EXPECT_EQ(opened->store->lockState(), LockState::Shared);
    EXPECT_EQ(opened->head.fileLength, m_file.length());
    // The second one by the page, which is kept from then on.
    EXPECT_EQ(opened->store->readStats(), (ReadStats{.calls = 2, .bytes = kLogStart.value + PagerOptions().pageSize}));
    EXPECT_EQ(opened->store->pagerStats().misses, 1U);
}

TEST_F(OpenDatabase, LooksWithoutALockWhereAWriterHoldsIt)
{
    const test::HelperProcess writer("writer", write());
    ASSERT_EQ(writer.outcome(), "ok");
    const auto opened = openDatabase(m_dir / "database.mv", LockWish::Shared);
    ASSERT_EQ(outcome(opened), "ok");
    EXPECT_EQ(opened->store->lockState(), LockState::Unlocked);
    ASSERT_TRUE(opened->lockRefusal);
    EXPECT_EQ(opened->lockRefusal->code, ErrorCode::WouldBlock);
    EXPECT_TRUE(opened->head.selected);
}

TEST_F(OpenDatabase, LooksWithoutALockWhereAWriterHasTheFileByAnotherName)
{
    const auto database = write();
    fs::create_symlink(database, m_dir / "link.mv");
    fs::create_hard_link(database, m_dir / "second.mv");
    for (const auto &name : {m_dir / "link.mv", m_dir / "second.mv"}) {
        auto opened = openDatabase(name, LockWish::Shared);
        ASSERT_EQ(outcome(opened), "ok");
        EXPECT_EQ(opened->store->lockState(), LockState::Shared) << "nobody writes";
        EXPECT_TRUE(opened->hasOtherNames);
        opened->store->releaseSharedLock();

        test::HelperProcess writer("writer", database);
        ASSERT_EQ(writer.outcome(), "ok");
        EXPECT_EQ(outcome(lockForLooking(*opened->store)), "WouldBlock");
        EXPECT_EQ(opened->store->lockState(), LockState::Unlocked);
        const auto again = openDatabase(name, LockWish::Shared);
        ASSERT_EQ(outcome(again), "ok");
        EXPECT_EQ(again->store->lockState(), LockState::Unlocked);
        ASSERT_TRUE(again->lockRefusal);
        EXPECT_EQ(again->lockRefusal->code, ErrorCode::WouldBlock);
        EXPECT_TRUE(test::canLock("--exclusive", name.native() + ".writer.lock")) << "nothing is left behind";

        writer.finish();
        EXPECT_EQ(outcome(lockForLooking(*opened->store)), "ok");
    }
}

TEST_F(OpenDatabase, AFileWithOneNameHasNoOthers)
{
    EXPECT_FALSE(openDatabase(write(), LockWish::Shared)->hasOtherNames);
}

TEST_F(OpenDatabase, LeavesNoLockFileBesideAFileOfAnotherKind)
{
    const auto opened = openDatabase(m_dir.write("database.mv", "SQLite format 3\0"sv), LockWish::Shared);
    ASSERT_EQ(outcome(opened), "ok");
    EXPECT_EQ(opened->head.foreign, ForeignFormat::Sqlite);
    EXPECT_EQ(opened->store->lockState(), LockState::Unlocked);
    EXPECT_FALSE(opened->lockRefusal);
    EXPECT_FALSE(fs::exists(m_lockFile));
}

TEST_F(OpenDatabase, NorBesideNoiseButBesideWhatIsADatabaseByAnyOfItsStructures)
{
    for (const auto *name : {"damaged-noise", "damaged-all-zeros", "damaged-bad-magic"}) {
        const auto file = m_dir.write(std::string(name) + ".mv", test::corpusFile(name).bytes());
        const auto opened = openDatabase(file, LockWish::Shared);
        ASSERT_EQ(outcome(opened), "ok");
        EXPECT_EQ(fs::exists(file.native() + ".writer.lock"), std::string_view(name) == "damaged-bad-magic") << name;
        EXPECT_FALSE(opened->lockRefusal);
    }
}

TEST_F(OpenDatabase, FailsOnlyWithoutAFile)
{
    EXPECT_EQ(outcome(openDatabase(m_dir / "none.mv", LockWish::Shared)), "NotFound");
    EXPECT_EQ(outcome(openDatabase(m_dir.path(), LockWish::None)), "IsDirectory");
    EXPECT_EQ(outcome(openDatabase(m_dir.write("empty.mv", ""), LockWish::Shared)), "ok");
}

} // namespace
} // namespace modelvault
