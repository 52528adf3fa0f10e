// The n-th allocation of a command of mvinspect fails, for every n: once, and it with all that follow. Either nothing
// comes of it, or the command says that it could not; nothing leaks, nothing is left behind, and the next run works.
// Not where others end the program: the destructors of nlohmann::json (--json) and those of RE2 (regular expressions)
// allocate.

#include "browse.h"
#include "check.h"
#include "check/recovery_plan.h"
#include "check/rescue.h"
#include "commands.h"
#include "database/open_preview.h"
#include "database/space_use.h"
#include "explain.h"
#include "faults/failing_new.h"
#include "find.h"
#include "inspected.h"
#include "support/corpus.h"
#include "support/sanitized.h"
#include "support/scratch_dir.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <ostream>
#include <streambuf>
#include <string>
#include <tuple>
#include <vector>

namespace modelvault {
namespace {

using inspect::ExitCode;
using inspect::Options;
using inspect::Output;
using test::Failing;
using test::FailingNew;

/// Takes what is printed without allocating.
class FixedBuffer : public std::streambuf {
public:
    FixedBuffer() { clear(); }
    void clear() { setp(m_text.data(), m_text.data() + m_text.size()); }
    [[nodiscard]] std::string_view text() const { return {m_text.data(), static_cast<std::size_t>(pptr() - pbase())}; }

private:
    std::array<char, 256 * 1024> m_text;
};

/// A command as a user would call it; what it writes, if anything, is `target`.
struct Command {
    const char *name;
    std::function<ExitCode(const Options &, const std::filesystem::path &target, Output)> run;
};

ExitCode exportAs(ExportFormat format, const Options &options, const std::filesystem::path &target, Output output)
{
    return inspect::exportTo(options, {.to = target, .format = format, .collections = {}, .overwrite = false}, output);
}

const std::vector<Command> &commands()
{
    static const std::vector<Command> s_commands = {
        {"summary", [](const auto &options, const auto &, Output output) { return summary(options, output); }},
        {"segments",
         [](const auto &options, const auto &, Output output) {
             return segments(options, {.what = true, .filter = "not type == temp and (key or length > 1)"}, output);
         }},
        {"hex", [](const auto &options, const auto &, Output output) { return hexDump(options, {}, output); }},
        {"verify", [](const auto &options, const auto &, Output output) { return verify(options, output); }},
        {"check",
         [](const auto &options, const auto &, Output output) { return check(options, CheckDepth::Full, output); }},
        {"find",
         [](const auto &options, const auto &, Output output) { return find(options, {.pattern = "e"}, output); }},
        {"explain",
         [](const auto &options, const auto &, Output output) { return explain(options, Offset{8224 + 400}, output); }},
        {"coverage", [](const auto &options, const auto &, Output output) { return coverage(options, output); }},
        {"catalog", [](const auto &options, const auto &, Output output) { return catalog(options, output); }},
        {"schema", [](const auto &options, const auto &, Output output) { return schema(options, {}, output); }},
        {"rows",
         [](const auto &options, const auto &, Output output) {
             return rows(options, {.collection = "books"}, output);
         }},
        {"history",
         [](const auto &options, const auto &, Output output) { return history(options, "counter", "b", output); }},
        {"indexes", [](const auto &options, const auto &, Output output) { return indexes(options, {}, output); }},
        {"export_csv",
         [](const auto &options, const auto &target, Output output) {
             return exportAs(ExportFormat::Csv, options, target, output);
         }},
        {"export_jsonl",
         [](const auto &options, const auto &target, Output output) {
             return exportAs(ExportFormat::JsonLines, options, target, output);
         }},
        {"export_sqlite",
         [](const auto &options, const auto &target, Output output) {
             return exportAs(ExportFormat::Sqlite, options, target, output);
         }},
        {"recover", // which prints JSON
         [](const auto &options, const auto &, Output output) {
             const auto inspected = inspect::inspectFile(options, inspect::Depth::Catalog);
             if (!inspected)
                 return inspect::cannot(options, inspected.error(), output);
             const auto &[head, log, catalog] =
                 std::tie(inspected->snapshot->head, inspected->snapshot->log, inspected->snapshot->catalog);
             const auto preview = previewOpens(*inspected->database.store, head, log, catalog);
             if (!preview)
                 return inspect::cannot(options, preview.error(), output);
             output.out << preview->replay->indexes.entryCount() << '\n';
             return inspected->exitCode();
         }},
        {"plan", // the same with the rows
         [](const auto &options, const auto &, Output output) {
             const auto inspected = inspect::inspectFile(options, inspect::Depth::Catalog);
             if (!inspected)
                 return inspect::cannot(options, inspected.error(), output);
             const auto &store = *inspected->database.store;
             const auto plan = RecoveryPlan::make(store, inspected->snapshot);
             if (!plan)
                 return inspect::cannot(options, plan.error(), output);
             output.out << (*plan)->discardedBytes() << '\n';
             for (std::uint64_t n = 0; n < (*plan)->changeCount(); ++n) {
                 const auto change = (*plan)->change(store, n);
                 if (!change)
                     return inspect::cannot(options, change.error(), output);
                 output.out << rowFateName(change->fate) << '\n';
             }
             return inspected->exitCode();
         }},
        {"rescue", // which prints JSON too
         [](const auto &options, const auto &target, Output output) {
             const auto inspected = inspect::inspectFile(options, inspect::Depth::Catalog);
             if (!inspected)
                 return inspect::cannot(options, inspected.error(), output);
             const auto report =
                 rescue(*inspected->database.store, inspected->snapshot, RescueKeep::All, target.string());
             if (!report)
                 return inspect::cannot(options, report.error(), output);
             output.out << report->rows() << '\n';
             return inspected->exitCode();
         }},
        {"space",
         [](const auto &options, const auto &, Output output) {
             const auto inspected = inspect::inspectFile(options, inspect::Depth::Rows);
             if (!inspected)
                 return inspect::cannot(options, inspected.error(), output);
             const auto use = measureSpace(*inspected->database.store, inspected->snapshot);
             if (!use)
                 return inspect::cannot(options, use.error(), output);
             output.out << use->compactedLength() << '\n';
             return inspected->exitCode();
         }},
        // Not "locks": what it reads changes with the other programs of the machine, from run to run.
    };
    return s_commands;
}

struct Case {
    Command command;
    std::string file;
};

std::vector<Case> cases()
{
    std::vector<Case> all;
    for (const auto &command : commands()) {
        const std::string name = command.name;
        if (name == "history") {
            all.push_back({command, "valid-history"});
            continue;
        }
        all.push_back({command, "valid-books"});
        if (name == "check" || name == "summary") {
            all.push_back({command, "valid-checkpoint"});
            all.push_back({command, "valid-all-types"});
            all.push_back({command, "valid-indexes"});
            all.push_back({command, "damaged-segment-magic"});
        }
        if (name == "plan" || name == "rescue")
            all.push_back({command, "damaged-cut-before-commit"});
    }
    return all;
}

class AllocationFaults : public testing::TestWithParam<Case> {
protected:
    struct Outcome {
        ExitCode code = inspect::kClean;
        std::string out;
        std::string err;
        std::vector<std::byte> exported;
        bool operator==(const Outcome &) const = default;
    };

    AllocationFaults() { m_options.file = m_dir.write("it.mv", test::corpusFile(GetParam().file).bytes()); }

    /// In memory where there is such a folder: an export waits for the medium.
    static std::filesystem::path quickFolder()
    {
        return std::filesystem::is_directory("/dev/shm") ? "/dev/shm" : std::filesystem::temp_directory_path();
    }

    ExitCode run(std::uint64_t passing, Failing how)
    {
        m_out.clear();
        m_err.clear();
        std::ostream out(&m_out);
        std::ostream err(&m_err);
        const Output output{out, err};
        const auto before = test::liveAllocations();
        ExitCode code{};
        {
            const FailingNew failing(passing, how);
            code = inspect::withinMemory(output, [&] { return GetParam().command.run(m_options, m_target, output); });
            m_count = failing.count();
        }
        EXPECT_TRUE(out.good() && err.good());
        if (m_isWarm) {
            EXPECT_EQ(test::liveAllocations(), before) << "leaked";
        }
        return code;
    }

    Outcome outcome(std::uint64_t passing = FailingNew::kNever, Failing how = Failing::Once)
    {
        Outcome outcome{.code = run(passing, how), .out = {}, .err = {}, .exported = {}};
        outcome.out = m_out.text();
        outcome.err = m_err.text();
        if (std::filesystem::exists(m_target))
            outcome.exported = test::readFile(m_target);
        std::filesystem::remove(m_target);
        for (const auto &entry : std::filesystem::directory_iterator(m_dir.path()))
            EXPECT_TRUE(entry.path().filename().native().starts_with("it.mv")) << entry.path() << " is left";
        return outcome;
    }

    const test::ScratchDir m_dir{quickFolder()};
    const std::filesystem::path m_target = m_dir / "exported";
    Options m_options;
    FixedBuffer m_out;
    FixedBuffer m_err;
    std::uint64_t m_count = 0;
    bool m_isWarm = false;
};

TEST_P(AllocationFaults, EveryOneIsSaidOrHarmless)
{
    outcome(); // whatever is made once and kept
    m_isWarm = true;
    const auto clean = outcome();
    const auto total = m_count;
    ASSERT_LT(clean.code, inspect::kCannot) << clean.err;
    std::uint64_t harmless = 0;
    std::uint64_t said = 0;
    const auto stride = test::strideOver(total, 120);
    std::uint64_t points = 0;
    for (std::uint64_t n = 0; n < total; n += stride) {
        for (const auto how : {Failing::Once, Failing::ForEver}) {
            const auto faulty = outcome(n, how);
            if (faulty == clean) {
                ++harmless;
            } else {
                ++said;
                // Some say it beside what they have no memory for, in a list.
                EXPECT_GT(faulty.code, clean.code) << faulty.out;
                EXPECT_THAT(faulty.err + faulty.out, testing::HasSubstr("there is not enough memory for it"));
                EXPECT_TRUE(faulty.exported.empty() || faulty.exported == clean.exported) << "half an export";
            }
            ++points;
            ASSERT_FALSE(HasFailure()) << "allocation " << n << " of " << total;
        }
        ASSERT_EQ(outcome(), clean) << "the run after allocation " << n;
    }
    RecordProperty("points", static_cast<int>(points));
    std::printf("%llu points: %llu said, %llu harmless\n", static_cast<unsigned long long>(points),
                static_cast<unsigned long long>(said), static_cast<unsigned long long>(harmless));
}

INSTANTIATE_TEST_SUITE_P(, AllocationFaults, testing::ValuesIn(cases()), [](const auto &it) {
    std::string name = std::string(it.param.command.name) + "_" + it.param.file;
    std::ranges::replace(name, '-', '_');
    return name;
});

} // namespace
} // namespace modelvault
