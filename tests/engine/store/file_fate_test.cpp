#include "store/file_fate.h"

#include "support/results.h"
#include "support/scratch_dir.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <memory>

namespace modelvault {
namespace {

namespace fs = std::filesystem;
using Kind = FileFate::Kind;

class FileFateTest : public testing::Test {
protected:
    [[nodiscard]] FileFate fate() const { return fateOf(*m_store, 8); }
    [[nodiscard]] static FileFate ofLength(Kind kind, std::uint64_t now)
    {
        return {.kind = kind, .lengthRead = 8, .lengthNow = now};
    }

    test::ScratchDir m_dir;
    fs::path m_path = m_dir.write("database.mv", "12345678");
    std::unique_ptr<FileStore> m_store = FileStore::openUnlocked(m_path).value();
};

TEST_F(FileFateTest, NothingHappens)
{
    EXPECT_EQ(fate(), ofLength(Kind::Same, 8));
    m_dir.write("database.mv", "abcdefgh"); // which can't be told from lengths
    EXPECT_EQ(fate(), ofLength(Kind::Same, 8));
}

TEST_F(FileFateTest, ItGrowsAndShrinks)
{
    fs::resize_file(m_path, 9);
    EXPECT_EQ(fate(), ofLength(Kind::Grown, 9));
    fs::resize_file(m_path, std::uint64_t{1} << 40); // sparse
    EXPECT_EQ(fate(), ofLength(Kind::Grown, std::uint64_t{1} << 40));
    fs::resize_file(m_path, 0);
    EXPECT_EQ(fate(), ofLength(Kind::Shrunk, 0));
}

TEST_F(FileFateTest, AnotherFileTakesItsPath)
{
    fs::rename(m_dir.write("other.mv", "12345678"), m_path);
    EXPECT_EQ(fate(), ofLength(Kind::Replaced, 8));
    fs::resize_file(m_path, 100); // the other one
    EXPECT_EQ(fate(), ofLength(Kind::Replaced, 8));
    fs::remove(m_path);
    fs::create_directory(m_path);
    EXPECT_EQ(fate().kind, Kind::Replaced);
}

TEST_F(FileFateTest, ItIsDeletedOrMoved)
{
    const auto moved = m_dir / "moved.mv";
    fs::rename(m_path, moved);
    EXPECT_EQ(fate(), ofLength(Kind::Gone, 8));
    fs::resize_file(moved, 3); // what is open can still be looked at
    EXPECT_EQ(fate(), ofLength(Kind::Gone, 3));
    fs::remove(moved);
    EXPECT_EQ(fate(), ofLength(Kind::Gone, 3));
    fs::create_symlink("nowhere", m_path);
    EXPECT_EQ(fate(), ofLength(Kind::Gone, 3));
}

TEST_F(FileFateTest, ALinkToItIsItself)
{
    fs::rename(m_path, m_dir / "moved.mv");
    fs::create_symlink("moved.mv", m_path);
    EXPECT_EQ(fate(), ofLength(Kind::Same, 8));
}

TEST_F(FileFateTest, AFolderOfItsPathIsReplacedByAFile)
{
    const auto folder = m_dir / "folder";
    fs::create_directory(folder);
    m_path = m_dir.write("folder/database.mv", "12345678");
    m_store = FileStore::openUnlocked(m_path).value();
    fs::remove_all(folder);
    m_dir.write("folder", "");
    EXPECT_EQ(fate(), ofLength(Kind::Gone, 8));
}

TEST_F(FileFateTest, ItsPathCannotBeLookedAt)
{
    fs::remove(m_path);
    fs::create_symlink("database.mv", m_path); // to itself
    const auto looped = fate();
    EXPECT_EQ(looped.kind, Kind::Unknown);
    EXPECT_EQ(looped.lengthNow, 8U);
    EXPECT_EQ(looped.error.system, ELOOP);
}

TEST_F(FileFateTest, WithoutAPathOnlyLengthsCount)
{
    m_store = FileStore::fromOpenFile(FileHandle::open(m_path, OpenMode::Read).value());
    fs::remove(m_path);
    EXPECT_EQ(fate(), ofLength(Kind::Same, 8));
    EXPECT_EQ(fateOf(*m_store, 9).kind, Kind::Shrunk);
}

TEST_F(FileFateTest, LookingLeavesNoTrace)
{
    const auto before = test::contentsOf(m_dir.path());
    EXPECT_EQ(fate().kind, Kind::Same);
    EXPECT_EQ(test::contentsOf(m_dir.path()), before);
    EXPECT_EQ(m_store->pagerStats().misses, 0U);
}

} // namespace
} // namespace modelvault
