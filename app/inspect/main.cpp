#include "browse.h"
#include "check.h"
#include "commands.h"
#include "describe.h"
#include "explain.h"
#include "find.h"
#include "recover.h"
#include "rescue.h"
#include "tail.h"

#include "format/crc32c.h"
#include "printable.h"
#include "version.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#if __has_include(<unistd.h>)
#include <fcntl.h>
#include <unistd.h>
#endif

using namespace modelvault;

namespace {

/// Whoever starts us may have closed the standard streams. Their numbers must not go to the database or its lock file,
/// which then would get what is meant for the terminal. Read-only, so that lost output is noticed.
void occupyStandardStreams()
{
#if __has_include(<unistd.h>)
    int descriptor = -1;
    do
        descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    while (descriptor >= 0 && descriptor <= STDERR_FILENO);
    if (descriptor > STDERR_FILENO)
        ::close(descriptor);
#endif
}

constexpr const char *kFilterHelp = R"(
A filter compares fields of a segment: number, offset, length, type, transaction
(or txn), collection, operation, key and crc. A field alone asks whether there is one.

  type == record and collection == "books" and key contains "une"
  operation in {replace, delete} or crc == bad
  not transaction and length > 0x1000 or number in 100..200

  comparisons   ==  !=  <  <=  >  >=  contains  in {a, b, c..d}  in c..d
  together      and  or  not  ( )
  transaction   which of the log's the segment lies in, counted from 0; not the
                id that its markers have
  type          schema record manifest checkpoint index begin commit abort temp
  operation     insert replace delete, of records and index changes
  collection    a name or an id, of records, index changes and schemas
  key           a number, "text", true or false, of records; timestamps are
                microseconds since 1970, UUIDs are text; "contains" looks into
                the decimal digits of numbers
  crc           good, bad, or the number that is stored)";

/// Decimal, or hexadecimal behind 0x. A leading zero means nothing, as in the offsets that we print.
std::optional<std::uint64_t> parseNumber(std::string_view text)
{
    const bool isHex = text.starts_with("0x") || text.starts_with("0X");
    text.remove_prefix(isHex ? 2 : 0);
    std::uint64_t number = 0;
    const auto *end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number, isHex ? 16 : 10);
    if (parsed.ec != std::errc() || parsed.ptr != end)
        return std::nullopt;
    return number;
}

template <class Number>
void addNumber(CLI::App &command, const char *name, Number &into, const char *what)
{
    const auto assign = [name, &into](const std::string &text) {
        const auto number = parseNumber(text);
        if (!number)
            throw CLI::ValidationError(name, "not a number from 0 to 2^64-1: " + text);
        into = Number{*number};
    };
    command.add_option_function<std::string>(name, assign, what)->type_name("NUMBER");
}

/// One of a few words, each of which stands for a value.
template <class Value>
void addChoice(CLI::App &command, const char *name, std::vector<std::pair<std::string, Value>> choices, Value &into,
               const char *what)
{
    std::string all;
    for (const auto &[word, value] : choices)
        all += (all.empty() ? "" : "|") + word;
    const auto assign = [name, choices = std::move(choices), all, &into](const std::string &text) {
        const auto choice = std::ranges::find(choices, text, &std::pair<std::string, Value>::first);
        if (choice == choices.end())
            throw CLI::ValidationError(name, "none of " + all + ": " + text);
        into = choice->second;
    };
    command.add_option_function<std::string>(name, assign, what)->type_name(all);
}

void addFind(CLI::App &command, inspect::FindOptions &into)
{
    using Kind = inspect::FindOptions::Kind;
    command.add_option("PATTERN", into.pattern, "What to look for; behind -- if it begins with a dash")->required();
    const std::pair<const char *, Kind> kinds[] = {{"--text", Kind::Text},
                                                   {"--hex", Kind::Hex},
                                                   {"--int", Kind::Integer},
                                                   {"--float", Kind::Real},
                                                   {"--regex", Kind::Regex}};
    const char *const what[] = {"PATTERN is text (default)", "PATTERN is bytes, such as de ad ?? ?f; ? is any digit",
                                "PATTERN is an integer, in decimal or as 0x…", "PATTERN is a float",
                                "PATTERN is a regular expression over bytes, in RE2's syntax"};
    auto *group = command.add_option_group("What PATTERN is");
    for (std::size_t i = 0; i < std::size(kinds); ++i)
        group->add_flag_callback(kinds[i].first, [&into, kind = kinds[i].second] { into.kind = kind; }, what[i]);
    group->require_option(0, 1);
    command.add_flag_callback("--ignore-case", [&into] { into.matchCase = false; }, "Text and regex: in any case");
    addChoice<TextEncoding>(command, "--encoding",
                            {{"utf-8", TextEncoding::Utf8},
                             {"utf-16le", TextEncoding::Utf16Le},
                             {"utf-16be", TextEncoding::Utf16Be},
                             {"any", TextEncoding::Any}},
                            into.encoding, "Of text; default utf-8");
    addChoice<unsigned>(command, "--bits",
                        {{"8", 1}, {"16", 2}, {"24", 3}, {"32", 4}, {"40", 5}, {"48", 6}, {"56", 7}, {"64", 8}},
                        into.bytes, "Of a number; default 64. Floats have 16, 32 or 64");
    command.add_flag_callback("--unsigned", [&into] { into.isSigned = false; }, "The integer has no sign");
    addChoice<NumberOrder>(command, "--order",
                           {{"little", NumberOrder::Little}, {"big", NumberOrder::Big}, {"both", NumberOrder::Both}},
                           into.order, "Of a number's bytes; default little");
    command.add_flag("--across-lines", into.acrossLines,
                     "Regex: a line feed is a byte as any other, ^ and $ are where the file begins and ends");
    const auto assignRange = [&into](const std::string &text) {
        const auto colon = text.find(':');
        const auto begin = parseNumber(text.substr(0, colon));
        const auto end = colon == std::string::npos ? std::nullopt : parseNumber(text.substr(colon + 1));
        if (!begin || !end || *begin > *end)
            throw CLI::ValidationError("--in", "not two numbers BEGIN:END, the first not beyond the second: " + text);
        into.in = SearchRange{{*begin}, {*end}};
    };
    auto *in = command
                   .add_option_function<std::string>("--in", assignRange,
                                                     "Only from BEGIN up to END, exclusive, in decimal or as 0x…")
                   ->type_name("BEGIN:END");
    const auto assignSegment = [&into](const std::string &text) {
        const auto number = parseNumber(text);
        if (!number)
            throw CLI::ValidationError("--segment", "not a number from 0 to 2^64-1: " + text);
        into.segment = SegmentNo{*number};
    };
    command.add_option_function<std::string>("--segment", assignSegment, "Only in that segment, counted from 0")
        ->type_name("NUMBER")
        ->excludes(in);
    command.add_flag("--count", into.countOnly, "Only how many hits there are");
    command.callback([&into] {
        if (into.kind == Kind::Real && into.bytes != 2 && into.bytes != 4 && into.bytes != 8)
            throw CLI::ValidationError("--bits", "floats have 16, 32 or 64");
    });
}

void addLock(CLI::App &command, LockWish &into, const char *what)
{
    const auto assign = [&into](const std::string &text) {
        if (text != "shared" && text != "none")
            throw CLI::ValidationError("--lock", "neither shared nor none: " + text);
        into = text == "shared" ? LockWish::Shared : LockWish::None;
    };
    command.add_option_function<std::string>("--lock", assign, what)->type_name("shared|none");
}

CLI::App *addCommand(CLI::App &app, const char *name, const char *what, inspect::Options &options,
                     const char *lock = "shared (default): keep writers out meanwhile; none: take no lock")
{
    auto *command = app.add_subcommand(name, what);
    command->add_option("FILE", options.file, "The database")->required();
    command->add_flag("--json", options.json, "For programs: JSON instead of text");
    addLock(*command, options.lock, lock);
    return command;
}

constexpr const char *kExportHelp =
    "SQLite holds all collections, a table each. A file of CSV or JSON Lines holds one: of several, PATH is a folder, "
    "in\n"
    "which each gets a file. Nothing has its name before it is whole. CSV: none is nothing at all, an empty text two\n"
    "quotes; bytes are hex digits, lists and objects JSON; text that spreadsheets take for formulas stays as it is.";

void addExport(CLI::App &command, inspect::ExportWish &into)
{
    command.add_option("--to", into.to, "What to write")->required()->type_name("PATH");
    addChoice<std::optional<ExportFormat>>(
        command, "--format",
        {{"csv", ExportFormat::Csv}, {"jsonl", ExportFormat::JsonLines}, {"sqlite", ExportFormat::Sqlite}}, into.format,
        "Default: as the extension of PATH says");
    command.add_option("--collection", into.collections, "Only this one; may be given several times")
        ->type_name("NAME")
        ->allow_extra_args(false);
    command.add_flag("--overwrite", into.overwrite, "Replace files that are there");
    command.footer(kExportHelp);
}

constexpr const char *kRescueHelp =
    "engine: the rows that the engine would keep after it has cut the file (see recover --preview), as if header and\n"
    "superblocks were right. all: also what decodes behind the damage, in transactions without commit and outside of\n"
    "transactions. Of a row, the last committed record counts, one without commit only where there is no other; what\n"
    "was aborted does not count, and a delete behind the damage takes no row away. The new file opens clean; rows "
    "that\n"
    "do not fit their types or a unique index are left out and listed. Exit status 1: not all is in the new file.";

void addRescue(CLI::App &command, inspect::RescueWish &into)
{
    command.add_option("--to", into.to, "The new file, which must not be there")->required()->type_name("NEW");
    addChoice<RescueKeep>(command, "--keep", {{"engine", RescueKeep::Engine}, {"all", RescueKeep::All}}, into.keep,
                          "engine (default): what the engine would keep; all: everything that decodes");
    command.footer(kRescueHelp);
}

/// The words on the command line may be names of files, by way of a wildcard say.
std::string misuse(const CLI::App *app, const CLI::Error &error)
{
    std::string why = error.what();
    // The library says only that a command is missing.
    if (const auto words = app->remaining(); !words.empty() && app->get_subcommands().empty())
        why = "there is no command " + words.front();
    return "mvinspect: " + printable(why) + "\nRun with --help for more information.\n";
}

std::string versions()
{
    return std::string("mvinspect ") + app::version() + "\nCommit " + app::commit()
        + "\nChecksums: " + std::string(crc32cMethod());
}

/// The exit status, once all is written.
int finish(int code)
{
    std::cout.flush();
    if (std::cout)
        return code;
    std::cerr << "mvinspect: the output could not be written\n";
    return inspect::kCannot;
}

inspect::ExitCode run(int argc, char **argv, inspect::Output output)
{
    CLI::App app("Looks into ModelVault database files and never changes them.\n"
                 "Exit status: 0 clean, 1 there are findings, 2 can't read the file or wrong use.",
                 "mvinspect");
    app.require_subcommand(1);
    app.set_version_flag("--version", versions());
    app.failure_message(misuse);

    inspect::Options options;
    inspect::SegmentRange segments;
    inspect::ByteRange bytes;
    std::optional<Offset> explained;
    inspect::FindOptions wanted;
    const auto *summaryCommand =
        addCommand(app, "summary", "What this file is: header, superblocks, log, findings", options);
    auto *segmentsCommand = addCommand(app, "segments", "The segments of the log, one a line", options);
    addNumber(*segmentsCommand, "--from", segments.from, "First segment, counted from 0");
    addNumber(*segmentsCommand, "--count", segments.count, "How many");
    segmentsCommand->add_flag("--what", segments.what, "What each of them says too: rows, indexes, schemas");
    segmentsCommand->add_option("--filter", segments.filter, "Only those that pass; --count then counts these")
        ->type_name("FILTER");
    segmentsCommand->footer(kFilterHelp);
    inspect::TailWish tailWish;
    auto *tailCommand = addCommand(app, "tail", "Segments as their transactions commit, until Ctrl+C", options,
                                   "none (default): take no lock; shared: keep writers out meanwhile");
    addNumber(*tailCommand, "-n,--last", tailWish.last, "So many of those that are there come first; default 10");
    tailCommand->add_flag("--what", tailWish.what, "What each of them says too: rows, indexes, schemas");
    tailCommand->add_option("--filter", tailWish.filter, "Only those that pass")->type_name("FILTER");
    tailCommand->preparse_callback([&options](std::size_t) { options.lock = LockWish::None; });
    tailCommand->footer(kFilterHelp);
    auto *hexCommand = addCommand(app, "hex", "Bytes of the file", options);
    addNumber(*hexCommand, "--offset", bytes.offset.value, "First byte, in decimal or as 0x…; default 0");
    addNumber(*hexCommand, "--length", bytes.length, "How many bytes; default 256");
    auto *findCommand = addCommand(app, "find", "Where text, bytes, a number or a regular expression is", options);
    addFind(*findCommand, wanted);
    const auto *verifyCommand = addCommand(app, "verify", "Every checksum and the framing of transactions", options);
    auto *checkCommand = addCommand(app, "check", "What is wrong with this file, and what that touches", options);
    auto depth = CheckDepth::Full;
    addChoice<CheckDepth>(*checkCommand, "--depth", {{"quick", CheckDepth::Quick}, {"full", CheckDepth::Full}}, depth,
                          "quick: header, segments, transactions and catalog; full (default): rows, indexes and "
                          "checkpoint too");
    auto *recoverCommand = addCommand(app, "recover", "What opening this file would keep and lose", options);
    recoverCommand->add_flag("--preview", "Only say it: all that there is, as nothing is ever changed")->required();
    RecoveryView view;
    addNumber(*recoverCommand, "--end", view.end, "As if the file ended at this offset");
    addChoice<std::optional<SuperblockSlot>>(*recoverCommand, "--superblock",
                                             {{"a", SuperblockSlot::A}, {"b", SuperblockSlot::B}}, view.superblock,
                                             "As if the other superblock were damaged");
    inspect::RescueWish rescueWish;
    auto *rescueCommand = addCommand(app, "rescue", "A new, clean database of what is readable in this one", options);
    addRescue(*rescueCommand, rescueWish);
    auto *explainCommand = addCommand(app, "explain", "What each byte of the file means", options);
    addNumber(*explainCommand, "--offset", explained, "Only the byte at this offset");
    const auto *coverageCommand =
        addCommand(app, "coverage", "How many bytes are known by name, are padding, or neither", options);
    auto *describeCommand = addCommand(
        app, "describe", "All that is in the file, and what opening it would do, as one JSON document", options);
    bool states = false;
    describeCommand->add_flag("--states", states, "The rows after each commit too");
    const auto *catalogCommand = addCommand(app, "catalog", "Collections: fields, indexes, how many rows", options);
    std::string collection;
    auto *schemaCommand = addCommand(app, "schema", "Every version of the schemas, and what each changed", options);
    schemaCommand->add_option("COLLECTION", collection, "Only that of this collection");
    inspect::RowRange rowRange;
    auto *rowsCommand = addCommand(app, "rows", "The rows of a collection, in the order of the log", options);
    rowsCommand->add_option("COLLECTION", rowRange.collection, "By its name")->required();
    addNumber(*rowsCommand, "--offset", rowRange.offset, "First row, counted from 0");
    addNumber(*rowsCommand, "--limit", rowRange.limit, "How many");
    auto *deletedFlag =
        rowsCommand->add_flag("--deleted", rowRange.deleted, "Those that are gone, with what they held last");
    rowsCommand
        ->add_flag("--all", rowRange.all,
                   "Behind the rows also what the engine would not see: records behind damage, of transactions without "
                   "commit, or outside of transactions; marked")
        ->excludes(deletedFlag);
    std::string key;
    auto *historyCommand = addCommand(app, "history", "Every version of one row, the newest first", options);
    historyCommand->add_option("COLLECTION", collection, "By its name")->required();
    historyCommand->add_option("KEY", key, "As its type is written; behind -- if it begins with a dash")->required();
    std::string index;
    auto *indexesCommand = addCommand(app, "indexes", "Every index, compared with the rows", options);
    indexesCommand->add_option("INDEX", index, "Only those of this name, with their entries");
    inspect::ExportWish wish;
    auto *exportCommand = addCommand(app, "export", "Rows to CSV, JSON Lines or SQLite", options);
    addExport(*exportCommand, wish);
    const auto *locksCommand =
        addCommand(app, "locks", "Who holds locks on the database; takes none itself", options,
                   "As elsewhere; no lock is taken here in either case");

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? inspect::kClean : inspect::kCannot;
    }

    inspect::ExitCode code = inspect::kCannot;
    if (summaryCommand->parsed())
        code = summary(options, output);
    else if (segmentsCommand->parsed())
        code = inspect::segments(options, segments, output);
    else if (tailCommand->parsed())
        code = inspect::tail(options, tailWish, output);
    else if (hexCommand->parsed())
        code = hexDump(options, bytes, output);
    else if (findCommand->parsed())
        code = find(options, wanted, output);
    else if (verifyCommand->parsed())
        code = verify(options, output);
    else if (checkCommand->parsed())
        code = check(options, depth, output);
    else if (recoverCommand->parsed())
        code = recoverPreview(options, view, output);
    else if (rescueCommand->parsed())
        code = inspect::rescueTo(options, rescueWish, output);
    else if (explainCommand->parsed())
        code = explain(options, explained, output);
    else if (coverageCommand->parsed())
        code = coverage(options, output);
    else if (describeCommand->parsed())
        code = describe(options, states, output);
    else if (catalogCommand->parsed())
        code = catalog(options, output);
    else if (schemaCommand->parsed())
        code = schema(options, collection, output);
    else if (rowsCommand->parsed())
        code = rows(options, rowRange, output);
    else if (historyCommand->parsed())
        code = history(options, collection, key, output);
    else if (indexesCommand->parsed())
        code = indexes(options, index, output);
    else if (exportCommand->parsed())
        code = exportTo(options, wish, output);
    else if (locksCommand->parsed())
        code = locks(options, output);
    return code;
}

} // namespace

int main(int argc, char **argv)
{
    occupyStandardStreams();
    const inspect::Output output{std::cout, std::cerr};
    return finish(inspect::withinMemory(output, [&] { return run(argc, argv, output); }));
}
