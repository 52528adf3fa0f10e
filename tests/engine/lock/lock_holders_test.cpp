#include "lock/lock_holders.h"
#include "store/file_store.h"

#include "support/lock_holding.h"
#include "support/results.h"
#include "support/scratch_dir.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <format>
#include <string>

#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace modelvault {

void PrintTo(const LockHolder &holder, std::ostream *out)
{
    *out << (holder.target == LockHolder::Target::Database ? "database " : "lock file ") << holder.file
         << (holder.mode == LockMode::Shared ? " shared " : " exclusive ") << holder.processId << ' ' << holder.program
         << (holder.evidence == LockHolder::Evidence::LockTable ? " (table)" : "")
         << (holder.isThisProcess ? " (we)" : "") << (holder.isProbable ? " (probable)" : "");
}

namespace {

namespace fs = std::filesystem;
using test::ChildProcess;
using test::FlockProcess;
using test::HelperProcess;
using Evidence = LockHolder::Evidence;
using Target = LockHolder::Target;

/// A shell that has a child take the lock on a file that both have open; the child ends, the shell keeps the lock.
class ForkedLock {
public:
    explicit ForkedLock(const fs::path &file)
        : m_shell({"sh", "-c", "exec 9<>\"$0\"; flock 9; echo held; read line", file.native()})
    {
        EXPECT_EQ(m_shell.readLine(), "held");
    }

    [[nodiscard]] std::int64_t processId() const { return m_shell.processId(); }

private:
    ChildProcess m_shell;
};

class LockHoldersTest : public testing::Test {
protected:
    void SetUp() override
    {
        if (!fs::exists("/proc/locks"))
            GTEST_SKIP() << "needs Linux' /proc";
    }

    /// On a file system without a device of its own, the locks of processes that may not be looked at can be on any
    /// file; root in a container can't look at all of them either.
    [[nodiscard]] bool hasDevice() const { return major(identityOf(m_path).value().device) != 0; }
    [[nodiscard]] bool seesAll(const LockHolders &found) const { return found.isComplete || !hasDevice(); }

    test::ScratchDir m_dir;
    fs::path m_path = m_dir.write("database.mv", "content");
    fs::path m_lockFile = m_dir.write("database.mv.writer.lock", "");
};

TEST_F(LockHoldersTest, NobodyHoldsWhatNobodyLocked)
{
    EXPECT_TRUE(lockHolders(m_path).holders.empty());
    EXPECT_TRUE(seesAll(lockHolders(m_path)));
    EXPECT_TRUE(lockHolders(m_dir / "none").holders.empty());
}

TEST_F(LockHoldersTest, AReaderHoldsASharedLockOnTheLockFile)
{
    const HelperProcess reader("reader", m_path);
    const auto found = lockHolders(m_path);
    ASSERT_EQ(found.holders.size(), 1U);
    const auto &holder = found.holders.front();
    EXPECT_EQ(holder.target, Target::LockFile);
    EXPECT_EQ(holder.file, m_lockFile);
    EXPECT_EQ(holder.mode, LockMode::Shared);
    EXPECT_EQ(holder.processId, reader.processId());
    EXPECT_EQ(holder.program, "modelvault_lock_helper");
    EXPECT_EQ(holder.commandLine, (std::vector<std::string>{MODELVAULT_LOCK_HELPER, "reader", m_path.native()}));
    EXPECT_EQ(holder.userId, ::getuid());
    EXPECT_EQ(holder.evidence, Evidence::SeenOnDescriptor);
    EXPECT_FALSE(holder.isThisProcess);
    EXPECT_FALSE(holder.isProbable);
    EXPECT_TRUE(seesAll(found));
}

TEST_F(LockHoldersTest, AWriterHoldsExclusiveLocksOnBothFilesTheDatabaseFirst)
{
    const HelperProcess writer("writer", m_path);
    const auto found = lockHolders(m_path);
    ASSERT_EQ(found.holders.size(), 2U);
    EXPECT_EQ(found.holders[0].target, Target::Database);
    EXPECT_EQ(found.holders[0].file, m_path);
    EXPECT_EQ(found.holders[1].target, Target::LockFile);
    for (const auto &holder : found.holders) {
        EXPECT_EQ(holder.mode, LockMode::Exclusive);
        EXPECT_EQ(holder.processId, writer.processId());
    }
}

TEST_F(LockHoldersTest, WeAreKnownAsOurselves)
{
    const auto reader = FileStore::openLocked(m_path, FileMode::ReadOnly).value();
    const auto second = FileStore::openLocked(m_path, FileMode::ReadOnly).value();
    const auto found = lockHolders(m_path);
    ASSERT_EQ(found.holders.size(), 1U) << "one process, however many locks";
    EXPECT_TRUE(found.holders.front().isThisProcess);
    EXPECT_EQ(found.holders.front().processId, ::getpid());
}

TEST_F(LockHoldersTest, AllHoldersAreListed)
{
    const auto own = FileStore::openLocked(m_path, FileMode::ReadOnly).value();
    const HelperProcess reader("reader", m_path);
    const FlockProcess flock("--shared", m_lockFile);
    const auto found = lockHolders(m_path);
    std::vector<std::int64_t> expected{::getpid(), reader.processId(), flock.processId()};
    std::ranges::sort(expected);
    std::vector<std::int64_t> processIds;
    for (const auto &holder : found.holders)
        processIds.push_back(holder.processId);
    EXPECT_EQ(processIds, expected);
}

TEST_F(LockHoldersTest, LocksThatWereGivenBackAreGone)
{
    HelperProcess writer("writer", m_path);
    EXPECT_EQ(lockHolders(m_path).holders.size(), 2U);
    writer.finish();
    EXPECT_TRUE(lockHolders(m_path).holders.empty());
}

TEST_F(LockHoldersTest, ALockLeftByAProcessThatEndedIsFoundOnTheDescriptorOfTheOneThatHasIt)
{
    const ForkedLock shell(m_path);
    const auto found = lockHolders(m_path);
    ASSERT_EQ(found.holders.size(), 1U);
    EXPECT_EQ(found.holders.front().processId, shell.processId());
    EXPECT_EQ(found.holders.front().program, "sh");
    EXPECT_EQ(found.holders.front().evidence, Evidence::SeenOnDescriptor);
    EXPECT_TRUE(seesAll(found));
}

TEST_F(LockHoldersTest, ForASymlinkTheTargetsLockFileCountsToo)
{
    fs::create_directory(m_dir / "folder");
    fs::create_symlink("../database.mv", m_dir / "folder" / "link.mv");
    const auto link = m_dir / "folder" / "link.mv";
    const HelperProcess throughLink("reader", link);
    const HelperProcess direct("reader", m_path);
    const auto found = lockHolders(link);
    ASSERT_EQ(found.holders.size(), 2U);
    const auto byFile = [&](const fs::path &file) {
        const auto holder = std::ranges::find(found.holders, file, &LockHolder::file);
        return holder == found.holders.end() ? 0 : holder->processId;
    };
    EXPECT_EQ(byFile(m_dir / "folder" / "link.mv.writer.lock"), throughLink.processId());
    EXPECT_EQ(byFile(m_lockFile), direct.processId());
    EXPECT_EQ(lockHolders(m_path).holders.size(), 1U);
}

TEST_F(LockHoldersTest, PathsAreBytes)
{
    const auto path = m_dir.write("spaces and \xff\xfe.mv", "content");
    const HelperProcess reader("reader", path);
    const auto found = lockHolders(path);
    ASSERT_EQ(found.holders.size(), 1U);
    EXPECT_EQ(found.holders.front().file.native(), path.native() + ".writer.lock");
    EXPECT_EQ(found.holders.front().commandLine.back(), path.native());
}

TEST_F(LockHoldersTest, LookingNeverWaitsForAPipe)
{
    ASSERT_EQ(::mkfifo((m_dir / "pipe").c_str(), 0600), 0);
    EXPECT_TRUE(lockHolders(m_dir / "pipe").holders.empty());
}

/// Counts how often files are opened, by whomever.
class OpenWatch {
public:
    explicit OpenWatch(std::initializer_list<fs::path> files)
    {
        for (const auto &file : files)
            EXPECT_GE(::inotify_add_watch(m_events, file.c_str(), IN_OPEN), 0);
    }
    OpenWatch(const OpenWatch &) = delete;
    OpenWatch &operator=(const OpenWatch &) = delete;
    ~OpenWatch() { ::close(m_events); }

    /// Since the last call.
    [[nodiscard]] bool sawOne() const
    {
        std::array<std::byte, 4096> events{};
        return ::read(m_events, events.data(), events.size()) > 0;
    }

private:
    int m_events = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
};

TEST_F(LockHoldersTest, LookingOpensNeitherFile)
{
    const HelperProcess reader("reader", m_path);
    const OpenWatch watch({m_path, m_lockFile});
    EXPECT_EQ(lockHolders(m_path).holders.size(), 1U);
    EXPECT_FALSE(watch.sawOne());
    EXPECT_TRUE(FileHandle::open(m_lockFile, OpenMode::Read));
    EXPECT_TRUE(watch.sawOne()) << "the watch works";
}

TEST_F(LockHoldersTest, ObservingOpensTheDatabaseAlone)
{
    const OpenWatch lockFile({m_lockFile});
    const OpenWatch database({m_path});
    EXPECT_TRUE(FileStore::openUnlocked(m_path));
    EXPECT_TRUE(database.sawOne());
    EXPECT_FALSE(lockFile.sawOne());
}

/// As in a bubblewrap root that an ordinary user made: there the numbers of a process's descriptors can be listed, but
/// not what they are.
class LockHoldersInUserNamespace : public LockHoldersTest {
protected:
    [[nodiscard]] std::vector<std::string> seen() const
    {
        return ChildProcess({"unshare", "--user", MODELVAULT_LOCK_HELPER, "holders", m_path.native()}).readLines();
    }

    void SetUp() override
    {
        LockHoldersTest::SetUp();
        if (seen().empty())
            GTEST_SKIP() << "needs user namespaces";
    }
};

TEST_F(LockHoldersInUserNamespace, LocksAreKnownFromTheTableAndProcessesByTheirNames)
{
    const HelperProcess writer("writer", m_path);
    EXPECT_EQ(seen(),
              (std::vector<std::string>{
                  std::format("database exclusive {} table other modelvault_lock_helper", writer.processId()),
                  std::format("lock-file exclusive {} table other modelvault_lock_helper", writer.processId()),
                  "incomplete"}));
}

TEST_F(LockHoldersInUserNamespace, OfALockLeftByAnEndedProcessNoNameIsKnown)
{
    const ForkedLock shell(m_path);
    const auto lines = seen();
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_TRUE(lines[0].starts_with("database exclusive ")) << lines[0];
    EXPECT_TRUE(lines[0].ends_with(" table other unknown")) << lines[0];
    EXPECT_FALSE(lines[0].contains(std::format(" {} ", shell.processId()))) << "that one is hidden";
    EXPECT_EQ(lines[1], "incomplete");
}

/// What a second process sees that runs as another user.
class LockHoldersOfNobody : public LockHoldersTest {
protected:
    void SetUp() override
    {
        LockHoldersTest::SetUp();
        if (::getuid() != 0)
            GTEST_SKIP() << "only root can act as another user";
    }

    [[nodiscard]] std::vector<std::string> seenByNobody() const
    {
        return ChildProcess(
                   {MODELVAULT_LOCK_HELPER, "--uid", std::to_string(test::kNobody), "holders", m_path.native()})
            .readLines();
    }
};

TEST_F(LockHoldersOfNobody, LocksOfItsOwnProcessesAreSeenOnTheirDescriptors)
{
    const HelperProcess reader("reader", m_path, test::kNobody);
    ASSERT_EQ(reader.outcome(), "ok");
    const auto seen = seenByNobody();
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_EQ(seen[0], std::format("lock-file shared {} seen other modelvault_lock_helper", reader.processId()));
    EXPECT_TRUE(seen[1] == "complete" || !hasDevice()) << seen[1];
}

TEST_F(LockHoldersOfNobody, LocksOfOtherUsersAreKnownFromTheTableAlone)
{
    const HelperProcess reader("reader", m_path);
    EXPECT_EQ(
        seenByNobody(),
        (std::vector<std::string>{
            std::format("lock-file shared {} table other modelvault_lock_helper", reader.processId()), "incomplete"}));
}

TEST_F(LockHoldersOfNobody, ALockLeftByAnEndedProcessOfAnotherUserIsShownAsTheTableHasIt)
{
    const ForkedLock shell(m_path);
    const auto seen = seenByNobody();
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_TRUE(seen[0].starts_with("database exclusive ")) << seen[0];
    EXPECT_TRUE(seen[0].ends_with(" table other unknown")) << seen[0];
    EXPECT_FALSE(seen[0].contains(std::format(" {} ", shell.processId()))) << "that one is hidden";
    EXPECT_EQ(seen[1], "incomplete");
}

/// A /proc of our own making, about files that really exist.
class LockHoldersInFixture : public testing::Test {
protected:
    explicit LockHoldersInFixture(const fs::path &parent = fs::temp_directory_path()) : m_dir(parent) { }

    void SetUp() override { fs::create_directory(m_procfs); }

    void tableIs(const std::string &text) { m_dir.write("proc/locks", text); }

    /// Process with a descriptor on a file, which has this line about a lock, or none.
    void process(int id, const std::string &name, const fs::path &file, const std::string &lockLine = {})
    {
        const auto folder = m_procfs / std::to_string(id);
        fs::create_directories(folder / "fd");
        fs::create_directories(folder / "fdinfo");
        fs::create_symlink(file, folder / "fd" / "3");
        m_dir.write(folder / "fdinfo" / "3", "pos:\t0\n" + (lockLine.empty() ? "" : "lock:\t" + lockLine + "\n"));
        m_dir.write(folder / "comm", name + "\n");
        m_dir.write(folder / "cmdline", std::string_view("program\0\0two words\0", 19));
    }

    [[nodiscard]] std::string line(const std::string &mode, int processId, const fs::path &file) const
    {
        const auto identity = identityOf(file).value();
        return std::format("1: FLOCK  ADVISORY  {} {} {:02x}:{:02x}:{} 0 EOF", mode, processId, major(identity.device),
                           minor(identity.device), identity.inode);
    }

    [[nodiscard]] LockHolders holders() const { return lockHolders(m_path, m_procfs); }

    test::ScratchDir m_dir;
    fs::path m_procfs = m_dir / "proc";
    fs::path m_path = m_dir.write("database.mv", "content");
    fs::path m_lockFile = m_dir.write("database.mv.writer.lock", "");
};

TEST_F(LockHoldersInFixture, TheNamedProcessThatHasTheFileOpenIsTheHolder)
{
    tableIs(line("WRITE", 70, m_path) + "\n");
    process(70, "writer", m_path, line("WRITE", 70, m_path));
    const auto found = holders();
    ASSERT_EQ(found.holders.size(), 1U);
    EXPECT_EQ(found.holders.front().program, "writer");
    EXPECT_EQ(found.holders.front().commandLine, (std::vector<std::string>{"program", "", "two words"}));
    EXPECT_EQ(found.holders.front().evidence, Evidence::SeenOnDescriptor);
}

TEST_F(LockHoldersInFixture, HavingTheFileOpenIsNotHoldingALock)
{
    tableIs(line("READ", 70, m_lockFile) + "\n");
    process(70, "reader", m_lockFile, line("READ", 70, m_lockFile));
    process(71, "onlooker", m_path);
    const auto found = holders();
    ASSERT_EQ(found.holders.size(), 1U);
    EXPECT_EQ(found.holders.front().processId, 70);
}

TEST_F(LockHoldersInFixture, AllWhoInheritedTheLockOfAnEndedProcessHoldIt)
{
    tableIs(line("WRITE", 69, m_path) + "\n");
    process(70, "parent", m_path, line("WRITE", 69, m_path));
    process(71, "child", m_path, line("WRITE", 69, m_path));
    const auto found = holders();
    ASSERT_EQ(found.holders.size(), 2U);
    EXPECT_EQ(found.holders[0].program, "parent");
    EXPECT_EQ(found.holders[1].program, "child");
    EXPECT_TRUE(found.isComplete);
}

TEST_F(LockHoldersInFixture, ALockFoundOnNoDescriptorMayBeStale)
{
    tableIs(line("WRITE", 69, m_path) + "\n");
    const auto found = holders();
    ASSERT_EQ(found.holders.size(), 1U);
    EXPECT_EQ(found.holders.front().processId, 69);
    EXPECT_EQ(found.holders.front().program, "");
    EXPECT_EQ(found.holders.front().evidence, Evidence::LockTable);
    EXPECT_FALSE(found.isComplete);
}

TEST_F(LockHoldersInFixture, AnotherProcessThatGotTheNumberOfAnEndedOneIsNotTakenForIt)
{
    tableIs(line("WRITE", 70, m_path) + "\n");
    process(70, "innocent", m_lockFile);
    const auto found = holders();
    ASSERT_EQ(found.holders.size(), 1U);
    EXPECT_EQ(found.holders.front().program, "");
    EXPECT_EQ(found.holders.front().evidence, Evidence::LockTable);
}

TEST_F(LockHoldersInFixture, LocksOnOtherFilesAndThoseWhoWaitDoNotCount)
{
    auto waiting = line("WRITE", 71, m_path);
    waiting.replace(0, 3, "1: -> ");
    const auto identity = identityOf(m_path).value();
    tableIs(waiting + "\n" + line("WRITE", 72, m_dir.write("other", "x")) + "\n"
            + std::format("3: FLOCK  ADVISORY  WRITE 73 fffff:01:{} 0 EOF\n", identity.inode) + "garbage\n");
    EXPECT_TRUE(holders().holders.empty());
    EXPECT_TRUE(holders().isComplete);
}

/// The table of such file systems as btrfs and overlayfs has another device than stat() tells; theirs are without a
/// driver, major number 0, as that of a tmpfs is.
class LockHoldersOnAnonymousDevice : public LockHoldersInFixture {
protected:
    LockHoldersOnAnonymousDevice()
        : LockHoldersInFixture(fs::is_directory("/dev/shm") ? "/dev/shm" : fs::temp_directory_path())
    { }

    void SetUp() override
    {
        LockHoldersInFixture::SetUp();
        if (major(identityOf(m_path).value().device) != 0)
            GTEST_SKIP() << "no file system without a device at hand";
    }

    [[nodiscard]] static std::string lineOf(int processId, const std::string &device, std::uint64_t inode)
    {
        return std::format("1: FLOCK  ADVISORY  WRITE {} {}:{} 0 EOF", processId, device, inode);
    }

    const std::uint64_t m_inode = identityOf(m_path).value().inode;
};

TEST_F(LockHoldersOnAnonymousDevice, AnotherDeviceNumberInTheTableIsConfirmedByTheDescriptor)
{
    tableIs(lineOf(70, "00:fffff", m_inode) + "\n");
    process(70, "writer", m_path, lineOf(70, "00:fffff", m_inode));
    const auto found = holders();
    ASSERT_EQ(found.holders.size(), 1U);
    EXPECT_EQ(found.holders.front().evidence, Evidence::SeenOnDescriptor);
    EXPECT_FALSE(found.holders.front().isProbable);
    EXPECT_TRUE(found.isComplete);
}

TEST_F(LockHoldersOnAnonymousDevice, AnotherInodeNumberInTheTableIsFoundByTheDescriptorToo)
{
    tableIs(lineOf(70, "00:fffff", m_inode + 1) + "\n");
    process(70, "writer", m_path, lineOf(70, "00:fffff", m_inode + 1));
    const auto found = holders();
    ASSERT_EQ(found.holders.size(), 1U);
    EXPECT_EQ(found.holders.front().processId, 70);
}

TEST_F(LockHoldersOnAnonymousDevice, AFileOfTheSameNumberElsewhereIsToldApartByTheDescriptors)
{
    tableIs(lineOf(70, "00:fffff", m_inode) + "\n");
    process(70, "elsewhere", m_dir.write("elsewhere", "x"), lineOf(70, "00:fffff", m_inode));
    EXPECT_TRUE(holders().holders.empty());
}

TEST_F(LockHoldersOnAnonymousDevice, ARealDeviceInTheTableIsAnotherFile)
{
    tableIs(lineOf(70, "08:01", m_inode) + "\n");
    EXPECT_TRUE(holders().holders.empty());
    EXPECT_TRUE(holders().isComplete);
}

TEST_F(LockHoldersInFixture, WithoutATableTheDescriptorsStillTell)
{
    process(70, "writer", m_path, line("WRITE", 70, m_path));
    const auto found = holders();
    ASSERT_EQ(found.holders.size(), 1U);
    EXPECT_EQ(found.holders.front().processId, 70);
    EXPECT_FALSE(found.isComplete);
}

TEST_F(LockHoldersInFixture, WithoutAnythingNothingIsKnown)
{
    fs::remove(m_procfs);
    EXPECT_TRUE(holders().holders.empty());
    EXPECT_FALSE(holders().isComplete);
}

TEST_F(LockHoldersInFixture, AFileThatOpensButCannotBeReadIsNoError)
{
    const auto becomesUnreadable = [this](const fs::path &file) {
        fs::remove(m_procfs / file);
        fs::create_directory(m_procfs / file); // as one of a process that is gone: it opens, and reading it fails
    };
    tableIs(line("WRITE", 70, m_path) + "\n");
    process(70, "gone", m_path, line("WRITE", 70, m_path));
    becomesUnreadable("70/comm");
    becomesUnreadable("70/cmdline");
    EXPECT_EQ(holders().holders.front().evidence, Evidence::SeenOnDescriptor);
    EXPECT_EQ(holders().holders.front().program, "");
    becomesUnreadable("70/fdinfo/3");
    EXPECT_EQ(holders().holders.front().evidence, Evidence::LockTable);
    becomesUnreadable("locks");
    EXPECT_TRUE(holders().holders.empty());
    EXPECT_FALSE(holders().isComplete);
}

TEST_F(LockHoldersInFixture, OtherThingsInTheFolderAreNoProcesses)
{
    tableIs(line("WRITE", 69, m_path) + "\n");
    for (const auto *name : {"self", "-1", "12x", "99999999999999999999999"})
        fs::create_directories(m_procfs / name / "fd");
    EXPECT_EQ(holders().holders.size(), 1U);
}

TEST_F(LockHoldersInFixture, HostileTextIsKeptAsItIs)
{
    tableIs(line("WRITE", 70, m_path) + "\n");
    process(70, "\x1b[31mred\nline\xff", m_path, line("WRITE", 70, m_path));
    m_dir.write("proc/70/cmdline", "no terminating zero \x1b[2J");
    const auto found = holders();
    ASSERT_EQ(found.holders.size(), 1U);
    EXPECT_EQ(found.holders.front().program, "\x1b[31mred\nline\xff");
    EXPECT_EQ(found.holders.front().commandLine, (std::vector<std::string>{"no terminating zero \x1b[2J"}));
}

TEST_F(LockHoldersInFixture, AnEndlessCommandLineIsCut)
{
    tableIs(line("WRITE", 70, m_path) + "\n");
    process(70, "long", m_path, line("WRITE", 70, m_path));
    m_dir.write("proc/70/cmdline", std::string(1'000'000, 'x'));
    EXPECT_EQ(holders().holders.front().commandLine.front().size(), 64U * 1024U);
}

} // namespace
} // namespace modelvault
