#include "commands.h"
#include "describe.h"
#include "explain.h"

#include "printable.h"

#include <CLI/CLI.hpp>

#include <charconv>
#include <iostream>
#include <optional>
#include <string_view>
#include <system_error>

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

void addLock(CLI::App &command, LockWish &into)
{
    const auto assign = [&into](const std::string &text) {
        if (text != "shared" && text != "none")
            throw CLI::ValidationError("--lock", "neither shared nor none: " + text);
        into = text == "shared" ? LockWish::Shared : LockWish::None;
    };
    command
        .add_option_function<std::string>("--lock", assign,
                                          "shared (default): keep writers out meanwhile; none: take no lock")
        ->type_name("shared|none");
}

CLI::App *addCommand(CLI::App &app, const char *name, const char *what, inspect::Options &options, bool reads = true)
{
    auto *command = app.add_subcommand(name, what);
    command->add_option("FILE", options.file, "The database")->required();
    command->add_flag("--json", options.json, "For programs: JSON instead of text");
    if (reads)
        addLock(*command, options.lock);
    return command;
}

/// The words on the command line may be names of files, by way of a wildcard say.
std::string misuse(const CLI::App * /*app*/, const CLI::Error &error)
{
    return "mvinspect: " + printable(error.what()) + "\nRun with --help for more information.\n";
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

} // namespace

int main(int argc, char **argv)
{
    occupyStandardStreams();
    CLI::App app("Looks into ModelVault database files and never changes them.\n"
                 "Exit status: 0 clean, 1 there are findings, 2 can't read the file or wrong use.",
                 "mvinspect");
    app.require_subcommand(1);
    app.set_version_flag("--version", MODELVAULT_VERSION);
    app.failure_message(misuse);

    inspect::Options options;
    inspect::SegmentRange segments;
    inspect::ByteRange bytes;
    std::optional<Offset> explained;
    const auto *summaryCommand =
        addCommand(app, "summary", "What this file is: header, superblocks, log, findings", options);
    auto *segmentsCommand = addCommand(app, "segments", "The segments of the log, one a line", options);
    addNumber(*segmentsCommand, "--from", segments.from, "First segment, counted from 0");
    addNumber(*segmentsCommand, "--count", segments.count, "How many");
    segmentsCommand->add_flag("--what", segments.what, "What each of them says too: rows, indexes, schemas");
    auto *hexCommand = addCommand(app, "hex", "Bytes of the file", options);
    addNumber(*hexCommand, "--offset", bytes.offset.value, "First byte, in decimal or as 0x…; default 0");
    addNumber(*hexCommand, "--length", bytes.length, "How many bytes; default 256");
    const auto *verifyCommand = addCommand(app, "verify", "Every checksum and the framing of transactions", options);
    auto *explainCommand = addCommand(app, "explain", "What each byte of the file means", options);
    addNumber(*explainCommand, "--offset", explained, "Only the byte at this offset");
    const auto *coverageCommand =
        addCommand(app, "coverage", "How many bytes are known by name, are padding, or neither", options);
    auto *describeCommand = addCommand(
        app, "describe", "All that is in the file, and what opening it would do, as one JSON document", options);
    bool states = false;
    describeCommand->add_flag("--states", states, "The rows after each commit too");
    const auto *locksCommand =
        addCommand(app, "locks", "Who holds locks on the database; takes none itself", options, false);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return finish(app.exit(error) == 0 ? inspect::kClean : inspect::kCannot);
    }

    const inspect::Output output{std::cout, std::cerr};
    inspect::ExitCode code = inspect::kCannot;
    if (summaryCommand->parsed())
        code = summary(options, output);
    else if (segmentsCommand->parsed())
        code = inspect::segments(options, segments, output);
    else if (hexCommand->parsed())
        code = hexDump(options, bytes, output);
    else if (verifyCommand->parsed())
        code = verify(options, output);
    else if (explainCommand->parsed())
        code = explain(options, explained, output);
    else if (coverageCommand->parsed())
        code = coverage(options, output);
    else if (describeCommand->parsed())
        code = describe(options, states, output);
    else if (locksCommand->parsed())
        code = locks(options, output);
    return finish(code);
}
