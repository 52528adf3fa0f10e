// The program, run in another process.

#include "support/child_process.h"
#include "support/scratch_dir.h"

#include <gmock/gmock.h>

namespace modelvault {
namespace {

namespace fs = std::filesystem;
using test::ProgramRun;
using test::ScratchDir;
using testing::HasSubstr;

ProgramRun makeDb(std::vector<std::string> words)
{
    words.insert(words.begin(), MODELVAULT_MAKE_DB);
    return test::runProgram(words);
}

TEST(MakeDb, MakesADatabaseOfSoManyRows)
{
    const ScratchDir dir;
    EXPECT_EQ(makeDb({"100", dir / "hundred.mv"}).status, 0);
    EXPECT_EQ(makeDb({"--batch", "1", "100", dir / "each.mv"}).status, 0);
    EXPECT_GT(fs::file_size(dir / "each.mv"), fs::file_size(dir / "hundred.mv"));
}

TEST(MakeDb, MakesTheSample)
{
    const ScratchDir dir;
    EXPECT_EQ(makeDb({"--sample", dir / "library.mv"}).status, 0);
    EXPECT_TRUE(test::readFile(dir / "library.mv") == test::readFile(MODELVAULT_SAMPLE));
}

TEST(MakeDb, NeverWritesOverAnything)
{
    const ScratchDir dir;
    const auto old = dir.write("old.mv", "content");
    const auto run = makeDb({"100", old});
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.err, HasSubstr("AlreadyExists"));
    EXPECT_EQ(test::readFile(old).size(), 7U);
}

TEST(MakeDb, LeavesNoHalfDatabase)
{
    const ScratchDir dir;
    // The shell's limit on the size of files, in blocks of 512 or 1024 bytes, fails the writes behind it.
    const auto run = test::runProgram(
        {"sh", "-c", "trap '' XFSZ; ulimit -f 100; exec \"$@\"", "sh", MODELVAULT_MAKE_DB, "100000", dir / "cut.mv"});
    EXPECT_EQ(run.status, 1);
    EXPECT_FALSE(fs::exists(dir / "cut.mv"));
}

TEST(MakeDb, SaysWhatItWants)
{
    EXPECT_EQ(makeDb({}).status, 2);
    EXPECT_EQ(makeDb({"100"}).status, 2);
    EXPECT_EQ(makeDb({"many", "x.mv"}).status, 2);
    EXPECT_EQ(makeDb({"--batch", "0", "100", "x.mv"}).status, 2);
    EXPECT_EQ(makeDb({"--sample", "x.mv", "100", "y.mv"}).status, 2);
    EXPECT_EQ(makeDb({"--help"}).status, 0);
}

} // namespace
} // namespace modelvault
