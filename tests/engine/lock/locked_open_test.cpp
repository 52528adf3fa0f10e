// Opening under locks while somebody else replaces the files: the stand-in for FileHandle::open lets it happen at the
// worst moment.

#include "lock/locked_open.h"

#include "support/lock_holding.h"
#include "support/results.h"
#include "support/scratch_dir.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <utility>

#include <fcntl.h>

namespace modelvault {
namespace {

namespace fs = std::filesystem;
using test::canLock;
using test::outcome;

class LockedOpen : public testing::Test {
protected:
    /// Opens files, and after each calls `afterOpening` with its path.
    OpenFile opener()
    {
        return [this](const fs::path &path, OpenMode mode) {
            ++m_opened;
            auto file = FileHandle::open(path, mode);
            afterOpening(path);
            return file;
        };
    }

    void replace(const fs::path &path) const { fs::rename(m_dir.write("replacement", "new"), path); }

    /// A file is replaced right after it was opened, the first few times.
    void replaceAfterOpening(fs::path victim, int times)
    {
        afterOpening = [this, victim = std::move(victim), times](const fs::path &path) mutable {
            if (path == victim && times-- > 0)
                replace(victim);
        };
    }

    void expectNoLockLeft() const
    {
        EXPECT_TRUE(canLock("--exclusive", m_path));
        EXPECT_TRUE(canLock("--exclusive", m_lockFile));
    }

    test::ScratchDir m_dir;
    fs::path m_path = m_dir.write("database.mv", "old");
    fs::path m_lockFile = m_dir.write("database.mv.writer.lock", "");
    std::function<void(const fs::path &)> afterOpening = [](const fs::path &) { };
    int m_opened = 0;
};

constexpr int kAlways = 1'000'000;

TEST_F(LockedOpen, AReaderOpensADatabaseThatWasReplacedAnew)
{
    replaceAfterOpening(m_path, 1);
    const auto reader = openForReading(m_path, opener());
    ASSERT_EQ(outcome(reader), "ok");
    EXPECT_EQ(reader->database->identity(), identityOf(m_path));
    EXPECT_FALSE(canLock("--exclusive", m_lockFile));
}

TEST_F(LockedOpen, AReaderOpensALockFileThatWasReplacedAnew)
{
    replaceAfterOpening(m_lockFile, 2);
    const auto reader = openForReading(m_path, opener());
    ASSERT_EQ(outcome(reader), "ok");
    EXPECT_FALSE(canLock("--exclusive", m_lockFile)) << "the lock is on the file that others find";
}

TEST_F(LockedOpen, AReaderMakesALockFileThatWasRemovedAnew)
{
    bool removed = false;
    afterOpening = [&](const fs::path &path) {
        if (path == m_lockFile && !std::exchange(removed, true))
            fs::remove(m_lockFile);
    };
    const auto reader = openForReading(m_path, opener());
    ASSERT_EQ(outcome(reader), "ok");
    EXPECT_FALSE(canLock("--exclusive", m_lockFile));
}

TEST_F(LockedOpen, AReaderSeesADatabaseReplacedWhileTheLockFileWasOpened)
{
    bool replaced = false;
    afterOpening = [&](const fs::path &path) {
        if (path == m_lockFile && !std::exchange(replaced, true))
            replace(m_path);
    };
    const auto reader = openForReading(m_path, opener());
    ASSERT_EQ(outcome(reader), "ok");
    EXPECT_EQ(reader->database->identity(), identityOf(m_path));
}

TEST_F(LockedOpen, AReaderOfADatabaseRemovedMeanwhileDoesNotFindIt)
{
    afterOpening = [&](const fs::path &) { fs::remove(m_path); };
    EXPECT_EQ(outcome(openForReading(m_path, opener())), "NotFound");
    EXPECT_TRUE(canLock("--exclusive", m_lockFile));
}

TEST_F(LockedOpen, AWriterOpensFilesThatWereReplacedAnew)
{
    for (const auto &victim : {m_path, m_lockFile}) {
        replaceAfterOpening(victim, 1);
        const auto writer = openForWriting(m_path, opener());
        ASSERT_EQ(outcome(writer), "ok");
        EXPECT_EQ(writer->database->identity(), identityOf(m_path));
        EXPECT_FALSE(canLock("--shared", m_path));
        EXPECT_FALSE(canLock("--shared", m_lockFile));
    }
    expectNoLockLeft();
}

TEST_F(LockedOpen, GivesUpOnFilesThatAreReplacedAgainAndAgain)
{
    for (const auto &victim : {m_path, m_lockFile}) {
        replaceAfterOpening(victim, kAlways);
        m_opened = 0;
        EXPECT_EQ(outcome(openForReading(m_path, opener())), "WouldBlock");
        EXPECT_EQ(outcome(openForWriting(m_path, opener())), "WouldBlock");
        EXPECT_LT(m_opened, 50);
        expectNoLockLeft();
    }
}

TEST_F(LockedOpen, TheSharedLockAloneIsTakenOnTheLockFileThatOthersFind)
{
    const auto database = identityOf(m_path).value();
    replaceAfterOpening(m_lockFile, 2);
    const auto lock = takeSharedLock(m_path, database, opener());
    ASSERT_EQ(outcome(lock), "ok");
    EXPECT_FALSE(canLock("--exclusive", m_lockFile));
}

TEST_F(LockedOpen, TheSharedLockAloneIsGivenBackIfTheDatabaseWasReplacedMeanwhile)
{
    const auto database = identityOf(m_path).value();
    afterOpening = [&](const fs::path &) { replace(m_path); };
    EXPECT_EQ(outcome(takeSharedLock(m_path, database, opener())), "ReplacedMeanwhile");
    EXPECT_EQ(m_opened, 1);
    expectNoLockLeft();
}

TEST_F(LockedOpen, TheSharedLockAloneMakesNoLockFileForAnotherDatabase)
{
    const auto database = identityOf(m_path).value();
    replace(m_path);
    fs::remove(m_lockFile);
    EXPECT_EQ(outcome(takeSharedLock(m_path, database)), "ReplacedMeanwhile");
    EXPECT_FALSE(fs::exists(m_lockFile));
}

#ifdef O_PATH
/// Opens this file in a way that lets no lock be taken on it.
OpenFile withoutLocksOn(const fs::path &file)
{
    return [file](const fs::path &path, OpenMode mode) -> Result<FileHandle> {
        return path == file ? FileHandle::adopt(::open(path.c_str(), O_PATH)) : FileHandle::open(path, mode);
    };
}

TEST_F(LockedOpen, AnyFailureToLockIsWouldBlockButForTheLockFileOfAWriter)
{
    auto wouldBlock = systemError(EBADF);
    wouldBlock.code = ErrorCode::WouldBlock;
    EXPECT_EQ(openForReading(m_path, withoutLocksOn(m_lockFile)).error(), wouldBlock);
    EXPECT_EQ(openForWriting(m_path, withoutLocksOn(m_path)).error(), wouldBlock);
    EXPECT_EQ(openForWriting(m_path, withoutLocksOn(m_lockFile)).error(), systemError(EBADF));
    expectNoLockLeft();
}
#endif

/// A system that lets nobody write the lock file.
OpenFile readOnlySystem(int error)
{
    return [error](const fs::path &path, OpenMode mode) -> Result<FileHandle> {
        if (mode != OpenMode::Read && path.native().ends_with(".writer.lock"))
            return std::unexpected(systemError(error));
        return FileHandle::open(path, mode);
    };
}

TEST_F(LockedOpen, ALockFileOnAReadOnlyFileSystemIsLockedAllTheSame)
{
    {
        const auto reader = openForReading(m_path, readOnlySystem(EROFS));
        ASSERT_EQ(outcome(reader), "ok");
        EXPECT_FALSE(canLock("--exclusive", m_lockFile));
        EXPECT_TRUE(canLock("--shared", m_lockFile));
    }
    const auto writer = openForWriting(m_path, readOnlySystem(EACCES));
    ASSERT_EQ(outcome(writer), "ok");
    EXPECT_FALSE(canLock("--shared", m_lockFile));
}

TEST_F(LockedOpen, ALockFileThatCannotBeMadeIsReportedAsWhatTheSystemSays)
{
    fs::remove(m_lockFile);
    EXPECT_EQ(outcome(openForReading(m_path, readOnlySystem(EROFS))), "ReadOnlyFileSystem");
    EXPECT_EQ(outcome(openForReading(m_path, readOnlySystem(EACCES))), "PermissionDenied");
    EXPECT_EQ(outcome(openForReading(m_path, readOnlySystem(ENOSPC))), "NoSpace");
    EXPECT_EQ(outcome(openForWriting(m_path, readOnlySystem(EROFS))), "ReadOnlyFileSystem");
    EXPECT_TRUE(canLock("--exclusive", m_path));
}

} // namespace
} // namespace modelvault
