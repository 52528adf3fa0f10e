#include "store/pending_file.h"

#include "support/results.h"
#include "support/scratch_dir.h"

#include <gtest/gtest.h>

#include <utility>

#include <sys/stat.h>

namespace modelvault {
namespace {

using test::byteVector;
using test::outcome;
using test::readFile;
using test::ScratchDir;
using Contents = std::map<std::string, std::string>;

PendingFile pending(const std::filesystem::path &target, Existing existing = Existing::Keep)
{
    auto file = PendingFile::create(target, existing).value();
    EXPECT_EQ(file.file().writeSome({}, byteVector("new")), 3U);
    return file;
}

TEST(PendingFile, HasItsNameOnceItIsPlaced)
{
    const ScratchDir dir;
    {
        auto file = pending(dir / "name");
        EXPECT_FALSE(std::filesystem::exists(dir / "name"));
        EXPECT_EQ(file.temporaryPath().parent_path(), dir.path());
        EXPECT_EQ(outcome(file.place()), "ok");
        EXPECT_TRUE(file.temporaryPath().empty());
        EXPECT_EQ(file.target(), dir / "name");
    }
    EXPECT_EQ(test::contentsOf(dir.path()), (Contents{{"name", "file: new"}}));
}

TEST(PendingFile, GoesWithTheObject)
{
    const ScratchDir dir;
    {
        auto file = pending(dir / "name");
        EXPECT_EQ(outcome(file.seal()), "ok");
        const auto moved = std::move(file);
        EXPECT_EQ(test::contentsOf(dir.path()).size(), 1U);
    }
    EXPECT_EQ(test::contentsOf(dir.path()), Contents{});
}

TEST(PendingFile, AWholeFileTakesThePlaceOfAnother)
{
    const ScratchDir dir;
    dir.write("name", "old");
    auto file = pending(dir / "name", Existing::Replace);
    EXPECT_EQ(readFile(dir / "name"), byteVector("old"));
    EXPECT_EQ(outcome(file.place()), "ok");
    EXPECT_EQ(test::contentsOf(dir.path()), (Contents{{"name", "file: new"}}));
}

TEST(PendingFile, AFileThatIsToStayStaysAlsoIfItComesInBetween)
{
    const ScratchDir dir;
    auto late = pending(dir / "name");
    dir.write("name", "old");
    EXPECT_EQ(outcome(PendingFile::create(dir / "name", Existing::Keep)), "AlreadyExists");
    EXPECT_EQ(outcome(late.place()), "AlreadyExists");
    EXPECT_FALSE(late.temporaryPath().empty());
    EXPECT_EQ(readFile(dir / "name"), byteVector("old"));
}

TEST(PendingFile, OnlyRegularFilesAreReplaced)
{
    const ScratchDir dir;
    dir.write("old", "old");
    std::filesystem::create_symlink(dir / "nowhere", dir / "dangling");
    EXPECT_EQ(outcome(PendingFile::create(dir / "dangling", Existing::Keep)), "AlreadyExists");
    std::filesystem::create_symlink(dir / "old", dir / "link");
    ASSERT_EQ(::mkfifo((dir / "pipe").c_str(), 0600), 0);
    const auto before = test::contentsOf(dir.path());
    for (const auto &[name, kind] : {std::pair("dangling", FileKind::Symlink), std::pair("link", FileKind::Symlink),
                                     std::pair("pipe", FileKind::Pipe)}) {
        const auto refused = PendingFile::create(dir / name, Existing::Replace);
        ASSERT_EQ(outcome(refused), "NotARegularFile") << name;
        EXPECT_EQ(refused.error().found, std::to_underlying(kind)) << name;
    }
    EXPECT_EQ(test::contentsOf(dir.path()), before);
}

TEST(PendingFile, APipeThatComesInBetweenStays)
{
    const ScratchDir dir;
    auto late = pending(dir / "name", Existing::Replace);
    ASSERT_EQ(::mkfifo((dir / "name").c_str(), 0600), 0);
    EXPECT_EQ(outcome(late.place()), "NotARegularFile");
    EXPECT_TRUE(std::filesystem::is_fifo(dir / "name"));
}

TEST(PendingFile, FoldersAreNotReplaced)
{
    const ScratchDir dir;
    EXPECT_EQ(outcome(PendingFile::create(dir.path(), Existing::Replace)), "IsDirectory");
    EXPECT_EQ(outcome(PendingFile::create(dir / "no" / "name", Existing::Keep)), "NotFound");
}

TEST(PendingFile, NamesMayBeAsLongAsTheSystemTakesThem)
{
    const ScratchDir dir;
    const std::string longest(255, 'n');
    EXPECT_EQ(outcome(pending(dir / longest).place()), "ok");
    EXPECT_TRUE(std::filesystem::exists(dir / longest));
}

} // namespace
} // namespace modelvault
