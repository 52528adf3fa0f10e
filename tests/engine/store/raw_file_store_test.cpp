#include "store/raw_file_store.h"
#include "store/transfer.h"

#include "support/results.h"
#include "support/scratch_dir.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>
#include <deque>
#include <functional>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace modelvault {
namespace {

namespace fs = std::filesystem;
using test::byteVector;
using test::outcome;
using test::ScratchDir;

/// A system whose calls come back as scripted, and that remembers what it was asked for.
class ScriptedSystem {
public:
    using Answer = Result<std::size_t>;

    void answers(Answer answer) { m_answers.push_back(std::move(answer)); }

    Answer operator()(Offset offset, std::span<const std::byte> part)
    {
        m_asked.emplace_back(offset.value, part.size());
        auto answer = m_answers.front();
        m_answers.pop_front();
        return answer;
    }

    [[nodiscard]] const std::vector<std::pair<std::uint64_t, std::size_t>> &asked() const { return m_asked; }

private:
    std::deque<Answer> m_answers;
    std::vector<std::pair<std::uint64_t, std::size_t>> m_asked;
};

using Asked = std::vector<std::pair<std::uint64_t, std::size_t>>;

TEST(Transfer, GoesOnAfterAShortCall)
{
    ScriptedSystem system;
    system.answers(3);
    system.answers(1);
    system.answers(6);
    const std::vector<std::byte> bytes(10);
    EXPECT_EQ(transfer(Offset{100}, std::span(bytes), std::ref(system)), 10U);
    EXPECT_EQ(system.asked(), (Asked{{100, 10}, {103, 7}, {104, 6}}));
}

TEST(Transfer, RepeatsACallThatASignalBrokeOff)
{
    ScriptedSystem system;
    system.answers(std::unexpected(systemError(EINTR)));
    system.answers(4);
    system.answers(std::unexpected(systemError(EINTR)));
    system.answers(6);
    const std::vector<std::byte> bytes(10);
    EXPECT_EQ(transfer(Offset{0}, std::span(bytes), std::ref(system)), 10U);
    EXPECT_EQ(system.asked(), (Asked{{0, 10}, {0, 10}, {4, 6}, {4, 6}}));
}

TEST(Transfer, StopsAtTheEndAndAtAnyOtherError)
{
    const std::vector<std::byte> bytes(10);
    ScriptedSystem ending;
    ending.answers(4);
    ending.answers(0);
    EXPECT_EQ(transfer(Offset{0}, std::span(bytes), std::ref(ending)), 4U);

    ScriptedSystem failing;
    failing.answers(4);
    failing.answers(std::unexpected(systemError(EIO, {4})));
    EXPECT_EQ(transfer(Offset{0}, std::span(bytes), std::ref(failing)), std::unexpected(systemError(EIO, {4})));
}

TEST(Transfer, AsksForNoMoreThanTheCapAtOnce)
{
    // The bytes are never touched: only the system would.
    const std::byte first{};
    const std::span<const std::byte> bytes(&first, 2 * kMaxTransfer + 5);
    ScriptedSystem system;
    system.answers(kMaxTransfer);
    system.answers(kMaxTransfer);
    system.answers(5);
    EXPECT_EQ(transfer(Offset{0}, bytes, std::ref(system)), bytes.size());
    EXPECT_EQ(system.asked(), (Asked{{0, kMaxTransfer}, {kMaxTransfer, kMaxTransfer}, {2 * kMaxTransfer, 5}}));
}

TEST(FileHandle, OpensForReadingOnlyWhatExists)
{
    const ScratchDir dir;
    EXPECT_EQ(outcome(FileHandle::open(dir / "none", OpenMode::Read)), "NotFound");
    EXPECT_EQ(outcome(FileHandle::open(dir / "none", OpenMode::ReadWrite)), "NotFound");
    EXPECT_FALSE(fs::exists(dir / "none"));
}

TEST(FileHandle, CreatesWithoutEverTruncating)
{
    const ScratchDir dir;
    EXPECT_EQ(outcome(FileHandle::open(dir / "new", OpenMode::ReadWriteOrCreate)), "ok");
    EXPECT_TRUE(fs::exists(dir / "new"));
    const auto old = dir.write("old", "content");
    EXPECT_EQ(outcome(FileHandle::open(old, OpenMode::ReadWriteOrCreate)), "ok");
    EXPECT_EQ(test::readFile(old), byteVector("content"));
}

TEST(FileHandle, CreatesANewFileOnlyWhereThereIsNothing)
{
    const ScratchDir dir;
    const auto old = dir.write("old", "content");
    fs::create_symlink(dir / "nowhere", dir / "dangling");
    for (const auto &taken : {old, dir / "dangling", dir.path()})
        EXPECT_EQ(outcome(FileHandle::open(taken, OpenMode::CreateNew)), "AlreadyExists");
    EXPECT_EQ(test::readFile(old), byteVector("content"));
    EXPECT_FALSE(fs::exists(dir / "nowhere"));
    EXPECT_TRUE(FileHandle::open(dir / "new", OpenMode::CreateNew).value().canWrite());
    EXPECT_TRUE(fs::exists(dir / "new"));
}

TEST(FileHandle, RefusesFoldersPipesDevicesAndSocketsWithoutWaiting)
{
    const ScratchDir dir;
    ASSERT_EQ(::mkfifo((dir / "pipe").c_str(), 0600), 0);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (dir / "socket").native().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
    for (const auto mode : {OpenMode::Read, OpenMode::ReadWrite, OpenMode::ReadWriteOrCreate}) {
        EXPECT_EQ(outcome(FileHandle::open(dir.path(), mode)), "IsDirectory");
        EXPECT_EQ(outcome(FileHandle::open(dir / "pipe", mode)), "NotARegularFile");
        EXPECT_EQ(outcome(FileHandle::open(dir / "socket", mode)), "NotARegularFile");
        EXPECT_EQ(outcome(FileHandle::open("/dev/null", mode)), "NotARegularFile");
    }
    ::close(socket);

    const auto kind = [](const fs::path &path) {
        const auto error = FileHandle::open(path, OpenMode::Read).error();
        EXPECT_EQ(checkRegularFile(path), std::unexpected(error));
        return static_cast<FileKind>(error.found);
    };
    EXPECT_EQ(kind(dir / "pipe"), FileKind::Pipe);
    EXPECT_EQ(kind(dir / "socket"), FileKind::Socket);
    EXPECT_EQ(kind("/dev/null"), FileKind::Device);
    EXPECT_EQ(outcome(checkRegularFile(dir.path())), "IsDirectory");
    EXPECT_EQ(outcome(checkRegularFile(dir / "missing")), "NotFound");
    EXPECT_EQ(outcome(checkRegularFile(dir.write("regular", ""))), "ok");
}

TEST(FileHandle, IsTheSameFileByWhateverPath)
{
    const ScratchDir dir;
    const auto file = FileHandle::open(dir.write("file", "x"), OpenMode::Read).value();
    fs::create_symlink("file", dir / "symlink");
    fs::create_hard_link(dir / "file", dir / "hardlink");
    dir.write("other", "x");
    EXPECT_EQ(identityOf(dir / "symlink"), file.identity());
    EXPECT_EQ(identityOf(dir / "hardlink"), file.identity());
    EXPECT_NE(identityOf(dir / "other"), file.identity());
    EXPECT_EQ(outcome(identityOf(dir / "none")), "NotFound");
}

TEST(FileHandle, TakesOverOnlyRegularFilesAndClosesWhatItIsGiven)
{
    const ScratchDir dir;
    const int file = ::open(dir.write("file", "x").c_str(), O_RDONLY);
    EXPECT_EQ(outcome(FileHandle::adopt(file)), "ok");
    EXPECT_EQ(::fcntl(file, F_GETFD), -1);
    const int folder = ::open(dir.path().c_str(), O_RDONLY);
    EXPECT_EQ(outcome(FileHandle::adopt(folder)), "IsDirectory");
    EXPECT_EQ(::fcntl(folder, F_GETFD), -1);
}

TEST(FileHandle, KnowsWhetherItCanWrite)
{
    const ScratchDir dir;
    const auto path = dir.write("file", "x");
    EXPECT_FALSE(FileHandle::open(path, OpenMode::Read)->canWrite());
    EXPECT_TRUE(FileHandle::open(path, OpenMode::ReadWrite)->canWrite());
    EXPECT_FALSE(FileHandle::adopt(::open(path.c_str(), O_RDONLY))->canWrite());
    EXPECT_TRUE(FileHandle::adopt(::open(path.c_str(), O_RDWR))->canWrite());
}

TEST(RawFileStore, RefusesToWriteWhatWasOpenedForReading)
{
    const ScratchDir dir;
    const auto path = dir.write("file", "abc");
    RawFileStore store(FileHandle::open(path, OpenMode::Read).value());
    EXPECT_EQ(outcome(store.writeAllAt({0}, byteVector("X"))), "PermissionDenied");
    EXPECT_EQ(outcome(store.writeAllAt({0}, {})), "PermissionDenied");
    EXPECT_EQ(outcome(store.truncate(0)), "PermissionDenied");
    EXPECT_EQ(outcome(store.sync()), "ok");
    EXPECT_EQ(test::readFile(path), byteVector("abc"));
}

TEST(RawFileStore, RefusesOffsetsThatNoFileHas)
{
    const ScratchDir dir;
    RawFileStore store(FileHandle::open(dir / "file", OpenMode::ReadWriteOrCreate).value());
    EXPECT_EQ(outcome(store.writeAllAt({1ULL << 63U}, byteVector("X"))), "InvalidInput");
    EXPECT_EQ(outcome(store.truncate(1ULL << 63U)), "InvalidInput");
    EXPECT_EQ(store.length(), 0U);
}

TEST(RawFileStore, ReadsAndWritesFarBeyondFourGigabytes)
{
    const ScratchDir dir;
    RawFileStore store(FileHandle::open(dir / "sparse", OpenMode::ReadWriteOrCreate).value());
    constexpr Offset kFar{100'000'000'000};
    ASSERT_EQ(outcome(store.writeAllAt(kFar, byteVector("far"))), "ok");
    EXPECT_EQ(store.length(), kFar.value + 3);
    std::vector<std::byte> bytes(4);
    ASSERT_EQ(outcome(store.readExactAt({kFar.value - 1}, bytes)), "ok");
    EXPECT_EQ(bytes, byteVector(std::string_view("\0far", 4)));
}

/// Lets no file of this process grow further while it lives.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{.rlim_cur = bytes, .rlim_max = m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    FileSizeLimit(const FileSizeLimit &) = delete;
    FileSizeLimit &operator=(const FileSizeLimit &) = delete;
    ~FileSizeLimit()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handlerBefore);
    }

private:
    rlimit m_before{};
    void (*m_handlerBefore)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

TEST(RawFileStore, GoesOnAfterAShortWriteAndSaysWhyTheRestFailed)
{
    const ScratchDir dir;
    RawFileStore store(FileHandle::open(dir / "file", OpenMode::ReadWriteOrCreate).value());
    const std::vector<std::byte> bytes(2000, std::byte{0x5a});
    const auto written = [&] {
        const FileSizeLimit limit(1000);
        return store.writeAllAt({100}, bytes);
    }();
    EXPECT_EQ(written, std::unexpected(systemError(EFBIG, {1000})));
    EXPECT_EQ(store.length(), 1000U);
    EXPECT_EQ(outcome(store.writeAllAt({100}, bytes)), "ok");
    EXPECT_EQ(store.length(), 2100U);
}

TEST(RawFileStore, SeesWhatAnotherHandleWrites)
{
    const ScratchDir dir;
    const auto path = dir.write("file", "abc");
    const RawFileStore reader(FileHandle::open(path, OpenMode::Read).value());
    RawFileStore writer(FileHandle::open(path, OpenMode::ReadWrite).value());
    std::vector<std::byte> bytes(3);
    ASSERT_TRUE(reader.readExactAt({0}, bytes));
    ASSERT_TRUE(writer.writeAllAt({0}, byteVector("XYZ")));
    ASSERT_TRUE(reader.readExactAt({0}, bytes));
    EXPECT_EQ(bytes, byteVector("XYZ"));
}

TEST(RawFileStore, CountsTheReadsOfTheSystem)
{
    const ScratchDir dir;
    const RawFileStore store(FileHandle::open(dir.write("ten", "0123456789"), OpenMode::Read).value());
    EXPECT_EQ(store.readStats(), ReadStats{});
    std::vector<std::byte> bytes(10);
    ASSERT_TRUE(store.readExactAt({0}, bytes));
    EXPECT_EQ(store.readStats(), (ReadStats{.calls = 1, .bytes = 10}));
    // One that comes short, and the one that then meets the end.
    ASSERT_FALSE(store.readExactAt({4}, bytes));
    EXPECT_EQ(store.readStats(), (ReadStats{.calls = 3, .bytes = 16}));
    ASSERT_TRUE(store.length());
    ASSERT_TRUE(store.readExactAt({0}, std::span(bytes).first(0)));
    EXPECT_EQ(store.readStats(), (ReadStats{.calls = 3, .bytes = 16}));
}

} // namespace
} // namespace modelvault
