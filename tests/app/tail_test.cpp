// mvinspect tail beside an application that writes the file: each in a process of its own.

#include "support/child_process.h"
#include "support/corpus.h"
#include "support/folder_trace.h"
#include "support/scratch_dir.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace modelvault {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using nlohmann::json;
using test::ChildProcess;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using Words = std::vector<std::string>;

class Tail : public testing::Test {
protected:
    void SetUp() override { startWriter(); }
    /// It does not end by itself.
    void TearDown() override
    {
        if (m_tail)
            m_tail->kill();
    }

    void startWriter()
    {
        m_writer = std::make_unique<ChildProcess>(Words{MODELVAULT_SOAK_WRITER, m_file});
        ASSERT_THAT(m_writer->readLine(), testing::ContainsRegex("^[0-9]+ [0-9]+ [0-9]+$"));
    }
    void ask(const std::string &what)
    {
        m_writer->write(what + '\n');
        ASSERT_THAT(m_writer->readLine(), testing::ContainsRegex("^[0-9]+ "));
    }

    void startTail(const Words &words)
    {
        // Both of its outputs, and in its own process: a signal has to get there.
        Words command{"sh", "-c", "exec \"$0\" tail \"$@\" 2>&1", MODELVAULT_INSPECT, m_file};
        command.insert(command.end(), words.begin(), words.end());
        m_tail = std::make_unique<ChildProcess>(command);
    }
    /// Empty if nothing comes for a while.
    std::string nextLine(std::chrono::milliseconds wait = 10s)
    {
        return m_tail->hasOutput(wait) ? m_tail->readLine() : std::string();
    }
    Words nextLines(std::size_t count)
    {
        Words lines;
        while (lines.size() < count) {
            lines.push_back(nextLine());
            if (lines.back().empty())
                break;
        }
        return lines;
    }
    /// Its exit status.
    int interrupt()
    {
        m_tail->interrupt();
        return m_tail->status();
    }

    /// What the other command says of all segments.
    Words segments(const Words &words = {})
    {
        Words command{MODELVAULT_INSPECT, "segments", "--lock", "none", m_file};
        command.insert(command.end(), words.begin(), words.end());
        const auto out = test::runProgram(command).out;
        Words lines;
        for (std::size_t at = 0; at < out.size(); at = out.find('\n', at) + 1)
            lines.push_back(out.substr(at, out.find('\n', at) - at));
        return {lines.begin() + 1, lines.end()};
    }

    const test::ScratchDir m_dir;
    const fs::path m_file = m_dir / "followed.mv";
    std::unique_ptr<ChildProcess> m_writer;
    std::unique_ptr<ChildProcess> m_tail;
};

TEST_F(Tail, BeginsWithTheLastSegmentsAndGoesOnWithThoseThatAreCommitted)
{
    ask("commit 2");
    startTail({"-n", "3"});
    EXPECT_THAT(nextLine(), HasSubstr("number  offset"));
    const auto there = segments();
    EXPECT_EQ(nextLines(3), Words(there.end() - 3, there.end()));

    ask("commit 1");
    const auto added = nextLines(5);
    EXPECT_THAT(added,
                ElementsAre(HasSubstr("txn_begin"), HasSubstr("index"), HasSubstr("record"), HasSubstr("txn_commit"),
                            HasSubstr("manifest")));
    const auto all = segments();
    EXPECT_EQ(added, Words(all.end() - 5, all.end()));
    ask("abort");
    EXPECT_THAT(
        nextLines(4),
        ElementsAre(HasSubstr("txn_begin"), HasSubstr("record"), HasSubstr("txn_abort"), HasSubstr("manifest")));
    EXPECT_EQ(interrupt(), 0);
}

TEST_F(Tail, WhatIsNotCommittedIsNotListedAndItsEndIsSaid)
{
    startTail({"--last", "0"});
    ASSERT_FALSE(nextLine().empty());
    ask("open");
    EXPECT_EQ(nextLine(500ms), "");
    m_writer->kill();
    startWriter();
    EXPECT_THAT(nextLine(), EndsWith("it became shorter: 8.3 KiB"));
    ask("commit 1");
    EXPECT_THAT(nextLines(5),
                ElementsAre(HasSubstr("txn_begin"), HasSubstr("index"), HasSubstr("record"), HasSubstr("txn_commit"),
                            HasSubstr("manifest")));
    EXPECT_EQ(interrupt(), 0);
}

TEST_F(Tail, ATornEndIsSaidByNobody)
{
    startTail({"-n", "0"});
    ASSERT_FALSE(nextLine().empty());
    m_writer->write("torn\n");
    m_writer->finish();
    EXPECT_EQ(nextLine(300ms), "");
    startWriter();
    ask("commit 1");
    EXPECT_THAT(nextLines(5),
                ElementsAre(HasSubstr("txn_begin"), HasSubstr("index"), HasSubstr("record"), HasSubstr("txn_commit"),
                            HasSubstr("manifest")));
}

TEST_F(Tail, GoesOnWithTheFileThatTakesTheOthersPlace)
{
    ask("commit 3");
    startTail({"-n", "1"});
    std::ignore = nextLines(2);
    ask("compact");
    EXPECT_THAT(nextLine(), HasSubstr("another file has taken its place, with "));
    EXPECT_THAT(nextLine(), HasSubstr("manifest"));
    ask("commit 1");
    EXPECT_EQ(nextLines(5).back(), segments().back());
}

TEST_F(Tail, SaysThatTheFileWasDeletedAndThatItIsBack)
{
    startTail({"-n", "0"});
    ASSERT_FALSE(nextLine().empty());
    m_writer->finish();
    fs::remove(m_file);
    EXPECT_THAT(nextLine(), EndsWith("it was deleted; waiting for it to come back"));
    startWriter();
    EXPECT_THAT(nextLine(), HasSubstr("it is back, with "));
    ask("commit 1");
    EXPECT_FALSE(nextLine().empty());
    EXPECT_EQ(interrupt(), 0);
}

TEST_F(Tail, AMomentWithoutNameIsNothingToSay)
{
    startTail({"-n", "0"});
    ASSERT_FALSE(nextLine().empty());
    fs::rename(m_file, m_dir / "aside");
    EXPECT_EQ(nextLine(300ms), "");
    fs::rename(m_dir / "aside", m_file);
    EXPECT_EQ(nextLine(1500ms), "");
    ask("commit 1");
    EXPECT_EQ(nextLines(5).back(), segments().back());
}

TEST_F(Tail, ForProgramsEachLineIsAnObject)
{
    startTail({"-n", "0", "--json", "--what", "--filter", "type == record and collection == \"words\""});
    std::this_thread::sleep_for(300ms); // it has begun
    ask("commit 2");
    const auto lines = nextLines(2);
    ASSERT_EQ(lines.size(), 2U);
    for (const auto &line : lines) {
        const auto record = json::parse(line);
        EXPECT_EQ(record["type"], "record");
        EXPECT_THAT(record["what"].get<std::string>(), StartsWith("words \"word "));
    }
    ask("compact");
    const auto event = json::parse(nextLine());
    EXPECT_EQ(event["event"], "replaced");
    EXPECT_EQ(interrupt(), 0);
}

TEST_F(Tail, WhatItCantDoItSaysAtOnce)
{
    const auto run = [](const Words &words) {
        Words command{MODELVAULT_INSPECT, "tail"};
        command.insert(command.end(), words.begin(), words.end());
        return test::runProgram(command);
    };
    const auto missing = run({m_dir / "nowhere.mv"});
    EXPECT_EQ(missing.status, 2);
    EXPECT_THAT(missing.out, IsEmpty());
    EXPECT_THAT(missing.err, HasSubstr("nowhere.mv"));
    EXPECT_EQ(run({m_file, "--filter", "type =="}).status, 2);
    EXPECT_EQ(run({m_file, "-n", "many"}).status, 2);
}

TEST_F(Tail, ObservingLeavesNoTrace)
{
    ask("commit 3");
    m_writer->finish();
    fs::remove(m_file.native() + ".writer.lock"); // of the writer: now nothing is there but the file
    const auto before = test::traceOf(m_dir.path());
    startTail({"-n", "5", "--what"});
    EXPECT_EQ(nextLines(6).size(), 6U);
    std::this_thread::sleep_for(300ms);
    EXPECT_EQ(test::traceOf(m_dir.path()), before);
    EXPECT_EQ(interrupt(), 0);
    EXPECT_EQ(test::traceOf(m_dir.path()), before);
}

TEST_F(Tail, ASharedLockLeavesNothingButItsFile)
{
    ask("commit 3");
    m_writer->finish();
    fs::remove(m_file.native() + ".writer.lock");
    auto before = test::traceOf(m_dir.path());
    startTail({"-n", "5", "--lock", "shared"});
    EXPECT_EQ(nextLines(6).size(), 6U);
    EXPECT_EQ(interrupt(), 0);
    auto after = test::traceOf(m_dir.path());
    ASSERT_TRUE(after.contains("followed.mv.writer.lock"));
    EXPECT_THAT(after["followed.mv.writer.lock"], HasSubstr(" size 0 "));
    after.erase("followed.mv.writer.lock");
    // The folder's own time of change tells of that file.
    before.erase(".");
    after.erase(".");
    EXPECT_EQ(after, before);

    const auto again = test::traceOf(m_dir.path());
    startTail({"-n", "5", "--lock", "shared"});
    EXPECT_EQ(nextLines(6).size(), 6U);
    EXPECT_EQ(interrupt(), 0);
    EXPECT_EQ(test::traceOf(m_dir.path()), again) << "where the lock file is there, nothing at all";
}

} // namespace
} // namespace modelvault
