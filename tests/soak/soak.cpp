// Follows a file for a while that an application writes, crashes on, recovers, compacts and puts checkpoints into, and
// compares what it sees with what the application says it wrote: modelvault_soak SECONDS

#include "database/follower.h"
#include "database/open_database.h"
#include "database/row_reader.h"
#include "soak/words_model.h"
#include "support/child_process.h"
#include "support/scanned.h"
#include "support/scratch_dir.h"
#include "support/snapshot_text.h"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <format>
#include <map>
#include <memory>
#include <optional>
#include <print>
#include <random>
#include <sstream>
#include <string>
#include <string_view>

#include <sys/resource.h>

namespace modelvault::soak {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Starting the application again may take longer than a second on a busy machine.
constexpr std::chrono::seconds kPatience(20);
/// A hundred times what the file and all that is known of it take.
constexpr long kMostMemory = 400L * 1024; // KiB; sanitizers take their share

[[noreturn]] void fail(const std::string &why)
{
    std::println(stderr, "soak: {}", why);
    std::exit(EXIT_FAILURE);
}

template <class T>
T must(Result<T> result, std::string_view what)
{
    if (!result)
        fail(std::format("{}: {}", what, errorName(result.error().code)));
    return *std::move(result);
}

struct Committed {
    std::uint64_t commits = 0;
    std::uint64_t rows = 0;
    std::uint64_t digest = 0;
};

class Soak {
public:
    explicit Soak(unsigned seed) : m_random(seed) { }

    void run(std::chrono::seconds duration)
    {
        keepWritersOut();
        startWriter();
        openFile();
        expectRowsOf(m_committed);
        for (const auto end = Clock::now() + duration; Clock::now() < end;)
            step();
        m_writer->finish();
        expectRowsOf(m_committed);
        expectSameAsNewScan();
        report();
    }

private:
    // Under a shared lock a writer can't open it, and can once that is released.
    void keepWritersOut()
    {
        startWriter();
        m_writer->finish();
        const auto opened = must(openDatabase(m_path, LockWish::Shared), "open");
        test::ChildProcess writer({MODELVAULT_SOAK_WRITER, m_path});
        if (const auto line = writer.readLine(); line != "WouldBlock")
            fail("a writer beside a shared lock says " + line);
    }

    void startWriter()
    {
        m_writer = std::make_unique<test::ChildProcess>(std::vector<std::string>{MODELVAULT_SOAK_WRITER, m_path});
        takeAnswer();
    }

    void takeAnswer()
    {
        std::istringstream words(m_writer->readLine());
        if (!(words >> m_committed.commits >> m_committed.rows >> m_committed.digest))
            fail("the writer says " + words.str());
    }

    /// Looks at the file as fast as a viewer may until the writer answers.
    void ask(const std::string &what)
    {
        m_writer->write(what + '\n');
        while (!m_writer->hasOutput(milliseconds(5)))
            refresh();
        takeAnswer();
    }

    void step()
    {
        switch (m_random() % 12) {
        case 0:
            ask("checkpoint");
            break;
        case 1:
            ask("compact");
            break;
        case 2:
            ask("abort");
            break;
        case 3:
            m_writer->write("torn\n");
            restart(false);
            break;
        case 4:
            ask("open");
            restart(true);
            break;
        case 5: {
            m_writer->write("commit 1000\n");
            const auto end = Clock::now() + milliseconds(m_random() % 100);
            while (Clock::now() < end) {
                std::ignore = m_writer->hasOutput(milliseconds(2));
                refresh();
            }
            restart(true);
            break;
        }
        default:
            ask("commit 100");
        }
        expectRowsOf(m_committed);
    }

    void restart(bool kills)
    {
        if (kills)
            m_writer->kill();
        else
            m_writer->finish();
        refresh(); // what a crash leaves
        ++m_crashes;
        startWriter();
    }

    void openFile()
    {
        m_store = must(openDatabase(m_path, LockWish::None), "open").store;
        start();
    }

    void start()
    {
        m_follower.emplace(
            must(Follower::start(m_store, m_store->identity(), {.patience = kPatience}, Clock::now()), "start"));
    }

    void refresh()
    {
        ++m_looks;
        const auto update = must(m_follower->refresh(lookAt(*m_store), Clock::now()), "refresh");
        if (update.kind == Follower::Update::Kind::Next)
            ++m_snapshots;
        if (update.kind == Follower::Update::Kind::StartOver) {
            ++m_startOvers[startOverName(update.reason)];
            if (update.reason == StartOverReason::Replaced)
                openFile();
            else
                start();
        }
        if (!m_follower->snapshot()->findings.empty())
            fail(std::format("{} on sound data", errorName(m_follower->snapshot()->findings.front().code)));
    }

    void expectRowsOf(const Committed &wanted)
    {
        // Two looks where the first finds that it has to start over, which makes a snapshot too.
        refresh();
        refresh();
        const auto rows = rowsSeen();
        ++m_comparisons;
        if (rows.size() != wanted.rows || WordsModel::digest(rows) != wanted.digest)
            fail(std::format("{} rows instead of {} after {} commits", rows.size(), wanted.rows, wanted.commits));
    }

    WordsModel::Rows rowsSeen() const
    {
        WordsModel::Rows rows;
        RowReader reader(*m_store, m_follower->snapshot());
        const auto scanned = reader.scanAll([&rows](const RowPayload &row, const SchemaMatch &) {
            const auto record = row.decoder.decode(row.bytes, row.at);
            if (!record)
                fail("a row that does not decode");
            rows[std::get<std::string>(record->head.key.data)] =
                std::get<std::uint64_t>(record->fields.front().value.data);
            return true;
        });
        if (!scanned)
            fail(std::format("rows: {}", errorName(scanned.error().code)));
        return rows;
    }

    void expectSameAsNewScan() const
    {
        const test::Scanned fresh(test::readFile(m_path));
        const auto difference = test::firstDifference(test::snapshotText(*fresh.store, *fresh.snapshot),
                                                      test::snapshotText(*m_store, *m_follower->snapshot()));
        if (!difference.empty())
            fail("a new scan says " + difference);
    }

    void report() const
    {
        rusage used{};
        ::getrusage(RUSAGE_SELF, &used);
        std::string reasons;
        for (const auto &[reason, count] : m_startOvers)
            reasons += std::format(", {} {}", reason, count);
        std::println("{} commits, {} crashes; {} looks, {} snapshots, {} comparisons{}; {} MiB at most",
                     m_committed.commits, m_crashes, m_looks, m_snapshots, m_comparisons, reasons,
                     used.ru_maxrss / 1024);
        if (used.ru_maxrss > kMostMemory)
            fail("too much memory");
    }

    const test::ScratchDir m_dir;
    const std::string m_path = (m_dir / "soak.mv").string();
    std::mt19937 m_random;
    std::unique_ptr<test::ChildProcess> m_writer;
    Committed m_committed;
    std::shared_ptr<const FileStore> m_store;
    std::optional<Follower> m_follower;
    std::uint64_t m_looks = 0;
    std::uint64_t m_snapshots = 0;
    std::uint64_t m_comparisons = 0;
    std::uint64_t m_crashes = 0;
    std::map<std::string_view, std::uint64_t> m_startOvers;
};

} // namespace
} // namespace modelvault::soak

int main(int count, char **words)
{
    unsigned seconds = 0;
    const std::string_view text = count == 2 ? words[1] : "";
    if (const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
        text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) {
        std::println(stderr, "Usage: modelvault_soak SECONDS");
        return 2;
    }
    modelvault::soak::Soak(std::random_device{}()).run(std::chrono::seconds(seconds));
    return EXIT_SUCCESS;
}
