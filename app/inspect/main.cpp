#include "commands.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <map>

using namespace modelvault;

namespace {

CLI::App *addCommand(CLI::App &app, const char *name, const char *what, inspect::Options &options, bool reads = true)
{
    static const std::map<std::string, LockWish> kLocks{{"shared", LockWish::Shared}, {"none", LockWish::None}};
    auto *command = app.add_subcommand(name, what);
    command->add_option("FILE", options.file, "The database")->required();
    command->add_flag("--json", options.json, "For programs: JSON instead of text");
    if (reads)
        command->add_option("--lock", options.lock, "shared (default): keep writers out meanwhile; none: take no lock")
            ->transform(CLI::CheckedTransformer(kLocks).description(""))
            ->type_name("shared|none");
    return command;
}

} // namespace

int main(int argc, char **argv)
{
    CLI::App app("Looks into ModelVault database files and never changes them.\n"
                 "Exit status: 0 clean, 1 there are findings, 2 can't read the file or wrong use.",
                 "mvinspect");
    app.require_subcommand(1);
    app.set_version_flag("--version", MODELVAULT_VERSION);

    inspect::Options options;
    inspect::SegmentRange segments;
    inspect::ByteRange bytes;
    const auto *summaryCommand =
        addCommand(app, "summary", "What this file is: header, superblocks, log, findings", options);
    auto *segmentsCommand = addCommand(app, "segments", "The segments of the log, one a line", options);
    segmentsCommand->add_option("--from", segments.from, "First segment, counted from 0");
    segmentsCommand->add_option("--count", segments.count, "How many");
    auto *hexCommand = addCommand(app, "hex", "Bytes of the file", options);
    hexCommand->add_option("--offset", bytes.offset.value, "Where to begin (0x… for hexadecimal); default 0");
    hexCommand->add_option("--length", bytes.length, "How many bytes; default 256");
    const auto *verifyCommand = addCommand(app, "verify", "Every checksum and the framing of transactions", options);
    const auto *locksCommand =
        addCommand(app, "locks", "Who holds locks on the database; takes none itself", options, false);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return app.exit(error) == 0 ? inspect::kClean : inspect::kCannot;
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
    else if (locksCommand->parsed())
        code = locks(options, output);

    std::cout.flush();
    if (!std::cout) {
        std::cerr << "mvinspect: the output could not be written\n";
        return inspect::kCannot;
    }
    return code;
}
