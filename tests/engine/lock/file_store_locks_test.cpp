// Who may open a database beside whom, FORMAT.md, "Locks": each rule with real locks of this and of other processes.

#include "store/file_store.h"

#include "support/lock_holding.h"
#include "support/results.h"
#include "support/scratch_dir.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <csignal>
#include <latch>
#include <thread>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace modelvault {
namespace {

namespace fs = std::filesystem;
using test::byteVector;
using test::canLock;
using test::FlockProcess;
using test::HelperProcess;
using test::outcome;
using test::outcomeElsewhere;
using Opened = Result<std::unique_ptr<FileStore>>;

class FileStoreLocks : public testing::Test {
protected:
    [[nodiscard]] Opened read() const { return FileStore::openLocked(m_path, FileMode::ReadOnly); }
    [[nodiscard]] Opened write() const { return FileStore::openLocked(m_path, FileMode::ReadWrite); }

    void expectNoLockLeft() const
    {
        EXPECT_TRUE(canLock("--exclusive", m_path));
        EXPECT_TRUE(!fs::exists(m_lockFile) || canLock("--exclusive", m_lockFile));
    }

    /// As a compaction does it.
    void renameNewFileOverPath() const { fs::rename(m_dir.write("new", "new content"), m_path); }

    test::ScratchDir m_dir;
    fs::path m_path = m_dir.write("database.mv", "content");
    fs::path m_lockFile = m_dir / "database.mv.writer.lock";
};

// Readers

TEST_F(FileStoreLocks, AReaderTakesASharedLockOnTheLockFileAndNoneOnTheDatabase)
{
    const auto reader = read();
    ASSERT_EQ(outcome(reader), "ok");
    EXPECT_EQ((*reader)->lockState(), LockState::Shared);
    EXPECT_TRUE(canLock("--shared", m_lockFile));
    EXPECT_FALSE(canLock("--exclusive", m_lockFile));
    EXPECT_TRUE(canLock("--exclusive", m_path));
}

TEST_F(FileStoreLocks, AReaderKeepsWritersOutAndLetsReadersIn)
{
    const auto reader = read();
    EXPECT_EQ(outcomeElsewhere("reader", m_path), "ok");
    EXPECT_EQ(outcomeElsewhere("writer", m_path), "WouldBlock");
    EXPECT_EQ(outcome(read()), "ok");
    EXPECT_EQ(outcome(write()), "WouldBlock");
}

TEST_F(FileStoreLocks, AReaderElsewhereKeepsWritersOut)
{
    HelperProcess reader("reader", m_path);
    ASSERT_EQ(reader.outcome(), "ok");
    EXPECT_EQ(outcome(write()), "WouldBlock");
    EXPECT_EQ(outcome(read()), "ok");
    reader.finish();
    EXPECT_EQ(outcome(write()), "ok");
}

TEST_F(FileStoreLocks, AReaderOfAMissingDatabaseMakesNoLockFile)
{
    fs::remove(m_path);
    EXPECT_EQ(outcome(read()), "NotFound");
    EXPECT_FALSE(fs::exists(m_lockFile));
    EXPECT_FALSE(fs::exists(m_path));
}

TEST_F(FileStoreLocks, AReaderIsTurnedAwayByAnExclusiveLockOnTheLockFile)
{
    const FlockProcess other("--exclusive", m_lockFile);
    EXPECT_EQ(outcome(read()), "WouldBlock");
}

TEST_F(FileStoreLocks, AReaderDoesNotMindALockOnTheDatabase)
{
    const FlockProcess other("--exclusive", m_path);
    EXPECT_EQ(outcome(read()), "ok");
}

TEST_F(FileStoreLocks, AReaderCannotWrite)
{
    const auto reader = read().value();
    EXPECT_EQ(outcome(reader->writeAllAt({0}, byteVector("X"))), "PermissionDenied");
    EXPECT_EQ(outcome(reader->truncate(0)), "PermissionDenied");
    EXPECT_EQ(test::readFile(m_path), byteVector("content"));
}

// Writers

TEST_F(FileStoreLocks, AWriterLocksTheDatabaseAndTheLockFile)
{
    const auto writer = write();
    ASSERT_EQ(outcome(writer), "ok");
    EXPECT_EQ((*writer)->lockState(), LockState::Writer);
    EXPECT_FALSE(canLock("--shared", m_path));
    EXPECT_FALSE(canLock("--shared", m_lockFile));
}

TEST_F(FileStoreLocks, AWriterKeepsAllOthersOut)
{
    HelperProcess writer("writer", m_path);
    ASSERT_EQ(writer.outcome(), "ok");
    EXPECT_EQ(outcome(read()), "WouldBlock");
    EXPECT_EQ(outcome(write()), "WouldBlock");
    EXPECT_EQ(outcome(FileStore::openUnlocked(m_path)), "ok");
    writer.finish();
    EXPECT_EQ(outcome(read()), "ok");
    EXPECT_EQ(outcome(write()), "ok");
}

TEST_F(FileStoreLocks, AWriterCreatesBothFilesAndLeavesTheLockFileBehind)
{
    fs::remove(m_path);
    ASSERT_EQ(outcome(write()), "ok");
    EXPECT_TRUE(fs::exists(m_path));
    EXPECT_TRUE(fs::exists(m_lockFile));
    expectNoLockLeft();
}

TEST_F(FileStoreLocks, AWriterIsTurnedAwayByAnyLockOnTheDatabase)
{
    const FlockProcess other("--shared", m_path);
    EXPECT_EQ(outcome(write()), "WouldBlock");
    EXPECT_FALSE(fs::exists(m_lockFile)) << "the database is locked first";
}

TEST_F(FileStoreLocks, AWriterReportsWhatTheSystemSaysOfTheLockFile)
{
    FlockProcess other("--shared", m_lockFile);
    const auto writer = write();
    ASSERT_EQ(outcome(writer), "WouldBlock");
    EXPECT_EQ(writer.error(), systemError(EWOULDBLOCK));
    EXPECT_TRUE(canLock("--exclusive", m_path)) << "no lock is left on the database";
    other.finish();
    EXPECT_EQ(outcome(write()), "ok");
}

TEST_F(FileStoreLocks, OneProcessOpensADatabaseForWritingOnce)
{
    const auto writer = write();
    EXPECT_EQ(outcome(write()), "AlreadyExists");
    fs::create_symlink("database.mv", m_dir / "symlink");
    fs::create_hard_link(m_path, m_dir / "hardlink");
    EXPECT_EQ(outcome(FileStore::openLocked(m_dir / "symlink", FileMode::ReadWrite)), "AlreadyExists");
    EXPECT_EQ(outcome(FileStore::openLocked(m_dir / "hardlink", FileMode::ReadWrite)), "AlreadyExists");
    EXPECT_FALSE(canLock("--shared", m_lockFile)) << "the refusal took nothing from the writer";
}

TEST_F(FileStoreLocks, ContentOfALockFileIsKept)
{
    m_dir.write("database.mv.writer.lock", "somebody's note");
    ASSERT_EQ(outcome(read()), "ok");
    ASSERT_EQ(outcome(write()), "ok");
    EXPECT_EQ(test::readFile(m_lockFile), byteVector("somebody's note"));
}

// A reader beside the writer of its own process

TEST_F(FileStoreLocks, AReaderBesideItsOwnWriterSharesTheWritersLock)
{
    const auto writer = write();
    const auto reader = read();
    ASSERT_EQ(outcome(reader), "ok");
    EXPECT_EQ((*reader)->lockState(), LockState::WithWriter);
    EXPECT_FALSE(canLock("--shared", m_lockFile)) << "the exclusive lock was not weakened";
}

TEST_F(FileStoreLocks, TheLockFilesLockGoesWithTheLastHandle)
{
    auto writer = write().value();
    auto reader = read().value();
    auto other = read().value();
    writer.reset();
    EXPECT_TRUE(canLock("--exclusive", m_path)) << "the database's own lock goes with its handle";
    EXPECT_EQ(outcome(write()), "AlreadyExists");
    reader.reset();
    EXPECT_FALSE(canLock("--shared", m_lockFile));
    EXPECT_EQ(outcome(write()), "AlreadyExists");
    other.reset();
    expectNoLockLeft();
    EXPECT_EQ(outcome(write()), "ok");
}

TEST_F(FileStoreLocks, AReaderGoneBeforeItsWriterTakesNothingAlong)
{
    const auto writer = write().value();
    ASSERT_EQ(outcome(read()), "ok");
    EXPECT_EQ(writer->lockState(), LockState::Writer);
    EXPECT_FALSE(canLock("--shared", m_lockFile));
}

TEST_F(FileStoreLocks, EarlyReleaseDropsTheLockFilesLockAndKeepsTheDatabases)
{
    const auto writer = write().value();
    const auto reader = read().value();
    writer->releaseWriterLock();
    EXPECT_EQ(writer->lockState(), LockState::DatabaseOnly);
    EXPECT_EQ(reader->lockState(), LockState::Unlocked);
    EXPECT_TRUE(canLock("--exclusive", m_lockFile));
    EXPECT_FALSE(canLock("--shared", m_path));
    EXPECT_EQ(outcome(write()), "WouldBlock") << "the same file";
    renameNewFileOverPath();
    EXPECT_EQ(outcome(write()), "ok") << "the file that was renamed over it";
}

TEST_F(FileStoreLocks, AReaderAfterAnEarlyReleaseTakesALockOfItsOwn)
{
    const auto writer = write().value();
    writer->releaseWriterLock();
    const auto reader = read();
    ASSERT_EQ(outcome(reader), "ok");
    EXPECT_EQ((*reader)->lockState(), LockState::Shared);
    EXPECT_FALSE(canLock("--exclusive", m_lockFile));
    renameNewFileOverPath();
    EXPECT_EQ(outcome(write()), "WouldBlock");
}

TEST_F(FileStoreLocks, ClosingAfterAnEarlyReleaseDoesNotTouchTheNextWriter)
{
    auto old = write().value();
    auto oldReader = read().value();
    old->releaseWriterLock();
    renameNewFileOverPath();
    const auto next = write().value();
    old.reset();
    oldReader.reset();
    EXPECT_EQ(next->lockState(), LockState::Writer);
    EXPECT_FALSE(canLock("--shared", m_lockFile));
    EXPECT_EQ(outcome(write()), "AlreadyExists");
}

TEST_F(FileStoreLocks, WithoutAnEarlyReleaseAReplacedDatabaseStaysLocked)
{
    const auto writer = write().value();
    renameNewFileOverPath();
    EXPECT_FALSE(writer->isPathStillThisFile());
    EXPECT_EQ(outcome(write()), "WouldBlock");
    EXPECT_EQ(outcome(read()), "WouldBlock");
}

// The shared lock, given back and taken again

TEST_F(FileStoreLocks, TheSharedLockIsReleasedAndTakenAgainOnTheSameStore)
{
    const auto reader = read().value();
    reader->releaseSharedLock();
    EXPECT_EQ(reader->lockState(), LockState::Unlocked);
    {
        const HelperProcess writer("writer", m_path);
        EXPECT_EQ(writer.outcome(), "ok");
        EXPECT_EQ(outcome(reader->takeSharedLock()), "WouldBlock");
        EXPECT_EQ(reader->lockState(), LockState::Unlocked);
        EXPECT_EQ(reader->length(), 7U) << "it still reads";
    }
    EXPECT_EQ(outcome(reader->takeSharedLock()), "ok");
    EXPECT_EQ(reader->lockState(), LockState::Shared);
    EXPECT_EQ(outcomeElsewhere("writer", m_path), "WouldBlock");
    EXPECT_EQ(outcome(reader->takeSharedLock()), "ok") << "nothing to do";
}

TEST_F(FileStoreLocks, AStoreOpenedUnlockedCanTakeTheSharedLockLater)
{
    const auto store = FileStore::openUnlocked(m_path).value();
    EXPECT_EQ(store->lockState(), LockState::Unlocked);
    EXPECT_FALSE(fs::exists(m_lockFile)) << "observing leaves nothing behind";
    EXPECT_EQ(outcome(store->writeAllAt({0}, byteVector("X"))), "PermissionDenied");
    ASSERT_EQ(outcome(store->takeSharedLock()), "ok");
    EXPECT_EQ(store->lockState(), LockState::Shared);
    EXPECT_FALSE(canLock("--exclusive", m_lockFile));
}

TEST_F(FileStoreLocks, TheSharedLockIsNotTakenForAFileThatWasReplaced)
{
    const auto reader = read().value();
    EXPECT_TRUE(reader->isPathStillThisFile());
    reader->releaseSharedLock();
    renameNewFileOverPath();
    EXPECT_FALSE(reader->isPathStillThisFile());
    EXPECT_EQ(outcome(reader->takeSharedLock()), "ReplacedMeanwhile");
    fs::remove(m_path);
    EXPECT_FALSE(reader->isPathStillThisFile());
    EXPECT_EQ(outcome(reader->takeSharedLock()), "ReplacedMeanwhile");
    EXPECT_EQ(reader->lockState(), LockState::Unlocked);
    EXPECT_TRUE(canLock("--exclusive", m_lockFile));
}

TEST_F(FileStoreLocks, OnlyReadersWithAPathTakeTheSharedLock)
{
    EXPECT_EQ(outcome(write().value()->takeSharedLock()), "InvalidInput");
    const auto store = FileStore::fromOpenFile(FileHandle::open(m_path, OpenMode::ReadWrite).value());
    EXPECT_EQ(store->lockState(), LockState::Unlocked);
    EXPECT_TRUE(store->path().empty());
    EXPECT_FALSE(store->isPathStillThisFile());
    EXPECT_EQ(outcome(store->takeSharedLock()), "InvalidInput");
    EXPECT_EQ(outcome(store->writeAllAt({0}, byteVector("C"))), "ok");
    EXPECT_EQ(test::readFile(m_path), byteVector("Content"));
}

// What a lock file can be

TEST_F(FileStoreLocks, ALockFileMustBeARegularFile)
{
    fs::create_directory(m_lockFile);
    EXPECT_EQ(outcome(read()), "IsDirectory");
    EXPECT_EQ(outcome(write()), "IsDirectory");
    fs::remove(m_lockFile);
    ASSERT_EQ(::mkfifo(m_lockFile.c_str(), 0600), 0);
    EXPECT_EQ(outcome(read()), "NotARegularFile");
    EXPECT_EQ(outcome(write()), "NotARegularFile");
    fs::remove(m_lockFile);
    expectNoLockLeft();
}

TEST_F(FileStoreLocks, ADatabaseMustBeARegularFile)
{
    fs::remove(m_path);
    ASSERT_EQ(::mkfifo(m_path.c_str(), 0600), 0);
    EXPECT_EQ(outcome(read()), "NotARegularFile");
    EXPECT_EQ(outcome(write()), "NotARegularFile");
    EXPECT_EQ(outcome(FileStore::openUnlocked(m_path)), "NotARegularFile");
    EXPECT_EQ(outcome(FileStore::openLocked(m_dir.path(), FileMode::ReadOnly)), "IsDirectory");
    EXPECT_FALSE(fs::exists(m_lockFile));
}

class FileStoreLocksOfNobody : public FileStoreLocks {
protected:
    void SetUp() override
    {
        if (::getuid() != 0)
            GTEST_SKIP() << "only root can act as another user";
    }
};

TEST_F(FileStoreLocksOfNobody, AFolderThatCannotBeWrittenIsSaidToBeTheReason)
{
    EXPECT_EQ(HelperProcess("reader", m_path, test::kNobody).outcome(), "PermissionDenied");
    EXPECT_EQ(HelperProcess("unlocked", m_path, test::kNobody).outcome(), "ok");
    EXPECT_FALSE(fs::exists(m_lockFile));
    expectNoLockLeft();
}

TEST_F(FileStoreLocksOfNobody, ALockFileThatCannotBeWrittenIsLockedAllTheSame)
{
    m_dir.write("database.mv.writer.lock", "");
    const HelperProcess reader("reader", m_path, test::kNobody);
    EXPECT_EQ(reader.outcome(), "ok");
    EXPECT_EQ(outcome(write()), "WouldBlock");
}

TEST_F(FileStoreLocksOfNobody, AWriterToo)
{
    m_dir.write("database.mv.writer.lock", "");
    fs::permissions(m_path, fs::perms::others_write, fs::perm_options::add);
    const HelperProcess writer("writer", m_path, test::kNobody);
    EXPECT_EQ(writer.outcome(), "ok");
    EXPECT_EQ(outcome(read()), "WouldBlock");
}

TEST_F(FileStoreLocksOfNobody, ALockFileThatCannotEvenBeReadIsSaidToBeTheReason)
{
    m_dir.write("database.mv.writer.lock", "");
    fs::permissions(m_lockFile, fs::perms::none);
    EXPECT_EQ(HelperProcess("reader", m_path, test::kNobody).outcome(), "PermissionDenied");
    expectNoLockLeft();
}

TEST_F(FileStoreLocksOfNobody, ADatabaseThatCannotBeReadIsSaidToBeTheReason)
{
    fs::permissions(m_path, fs::perms::none);
    EXPECT_EQ(HelperProcess("reader", m_path, test::kNobody).outcome(), "PermissionDenied");
    EXPECT_EQ(HelperProcess("unlocked", m_path, test::kNobody).outcome(), "PermissionDenied");
    EXPECT_EQ(HelperProcess("writer", m_path, test::kNobody).outcome(), "PermissionDenied");
}

// Processes that end and processes that start

TEST_F(FileStoreLocks, AKilledHolderFreesItsLocks)
{
    HelperProcess writer("writer", m_path);
    EXPECT_EQ(outcome(read()), "WouldBlock");
    writer.kill();
    EXPECT_EQ(outcome(read()), "ok");
    HelperProcess reader("reader", m_path);
    EXPECT_EQ(outcome(write()), "WouldBlock");
    reader.kill();
    EXPECT_EQ(outcome(write()), "ok");
}

TEST_F(FileStoreLocks, ProgramsStartedMeanwhileInheritNoDescriptor)
{
    if (!fs::exists("/proc/self/fd"))
        GTEST_SKIP() << "needs /proc to see another process's descriptors";
    for (const auto mode : {FileMode::ReadOnly, FileMode::ReadWrite}) {
        const auto store = FileStore::openLocked(m_path, mode).value();
        test::ChildProcess child({"sh", "-c", "echo started; exec cat"});
        ASSERT_EQ(child.readLine(), "started");
        for (const auto &entry : fs::directory_iterator("/proc/" + std::to_string(child.processId()) + "/fd")) {
            const auto open = identityOf(entry.path());
            EXPECT_NE(open, store->identity());
            EXPECT_NE(open, identityOf(m_lockFile));
        }
    }
}

TEST_F(FileStoreLocks, ACopyOfTheDescriptorsInAForkedChildKeepsNoLock)
{
    for (const auto mode : {FileMode::ReadOnly, FileMode::ReadWrite}) {
        auto store = FileStore::openLocked(m_path, mode).value();
        std::array<int, 2> ends{};
        ASSERT_EQ(::pipe(ends.data()), 0);
        const auto child = ::fork();
        if (child == 0) {
            ::close(ends[1]);
            char byte = 0;
            (void)::read(ends[0], &byte, 1); // until the test has closed its end
            ::raise(SIGKILL);                // and nothing that was copied from the test is tidied up
        }
        store.reset();
        expectNoLockLeft();
        ::close(ends[0]);
        ::close(ends[1]);
        EXPECT_EQ(::waitpid(child, nullptr, 0), child);
    }
}

// Paths

class FileStoreLockPaths : public testing::TestWithParam<const char *> { };

TEST_P(FileStoreLockPaths, MeetOtherProgramsAtTheLockFileBesideThePathAsGiven)
{
    const test::ScratchDir dir;
    fs::create_directory(dir / "folder");
    const auto path = dir / GetParam();
    const fs::path lockFile(path.native() + ".writer.lock");
    const HelperProcess writer("writer", path);
    ASSERT_EQ(writer.outcome(), "ok");
    EXPECT_EQ(lockFilePath(path).native(), lockFile.native());
    EXPECT_TRUE(fs::is_regular_file(lockFile));
    EXPECT_FALSE(canLock("--shared", lockFile));
    EXPECT_EQ(outcome(FileStore::openLocked(path, FileMode::ReadOnly)), "WouldBlock");
}

INSTANTIATE_TEST_SUITE_P(Paths, FileStoreLockPaths,
                         testing::Values("plain", "with spaces.mv", "folder/../dots.mv", "folder/./dot.mv",
                                         "gr\xc3\xbc\xc3\x9f \xe6\x97\xa5\xe6\x9c\xac.mv", "not utf-8 \xff\xfe\x80.mv",
                                         "line\nbreak.mv", "-option.mv"),
                         [](const auto &path) { return "Path" + std::to_string(path.index); });

TEST_F(FileStoreLocks, ASymlinkHasALockFileOfItsOwn)
{
    fs::create_symlink("database.mv", m_dir / "link.mv");
    const auto reader = FileStore::openLocked(m_dir / "link.mv", FileMode::ReadOnly);
    ASSERT_EQ(outcome(reader), "ok");
    EXPECT_FALSE(canLock("--exclusive", m_dir / "link.mv.writer.lock"));
    EXPECT_FALSE(fs::exists(m_lockFile));
    EXPECT_EQ((*reader)->identity(), identityOf(m_path));
    EXPECT_EQ(outcomeElsewhere("writer", m_dir / "link.mv"), "WouldBlock") << "the lock file is in the way";
    const HelperProcess writer("writer", m_path);
    EXPECT_EQ(writer.outcome(), "ok") << "the lock files differ";
    EXPECT_EQ(outcomeElsewhere("writer", m_dir / "link.mv"), "WouldBlock") << "the database is in the way";
}

// Threads

TEST_F(FileStoreLocks, OfManyThreadsOneBecomesTheWriter)
{
    for (int round = 0; round < 20; ++round) {
        constexpr int kThreads = 4;
        std::atomic<int> writers = 0;
        std::atomic<int> refused = 0;
        std::latch opened(kThreads);
        std::vector<std::jthread> threads;
        for (int i = 0; i < kThreads; ++i) {
            threads.emplace_back([&] {
                const auto store = write();
                ++(store ? writers : refused);
                EXPECT_TRUE(store || store.error().code == ErrorCode::AlreadyExists) << outcome(store);
                opened.arrive_and_wait();
            });
        }
        threads.clear();
        EXPECT_EQ(writers, 1);
        EXPECT_EQ(refused, kThreads - 1);
    }
    expectNoLockLeft();
}

TEST_F(FileStoreLocks, ReadersOfManyThreadsShareTheWritersLock)
{
    auto writer = write().value();
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < 50; ++round) {
                const auto reader = read();
                ASSERT_EQ(outcome(reader), "ok");
                EXPECT_EQ((*reader)->lockState(), LockState::WithWriter);
            }
        });
    }
    threads.clear();
    EXPECT_FALSE(canLock("--shared", m_lockFile));
    writer.reset();
    expectNoLockLeft();
}

TEST_F(FileStoreLocks, ReadersWithTheirOwnLockNeverMeetAWriter)
{
    std::atomic<int> readers = 0;
    std::atomic<int> writers = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < 50; ++round) {
                const auto store = i % 2 == 0 ? read() : write();
                if (!store || (*store)->lockState() == LockState::WithWriter)
                    continue;
                const bool writes = (*store)->lockState() == LockState::Writer;
                ++(writes ? writers : readers);
                EXPECT_EQ(writes ? readers : writers, 0);
                --(writes ? writers : readers);
            }
        });
    }
    threads.clear();
    expectNoLockLeft();
}

} // namespace
} // namespace modelvault
