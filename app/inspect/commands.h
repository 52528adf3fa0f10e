#pragma once

#include "database/open_database.h"
#include "position.h"

#include <cstdint>
#include <filesystem>
#include <new>
#include <optional>
#include <ostream>
#include <string>

namespace modelvault::inspect {

enum ExitCode : int {
    kClean = 0,
    kFindings = 1,
    kCannot = 2, ///< the file can't be read, or the command line is wrong
};

struct Options {
    std::filesystem::path file;
    bool json = false;
    LockWish lock = LockWish::Shared;
};

struct SegmentRange {
    std::uint64_t from = 0;
    std::uint64_t count = ~std::uint64_t{0}; ///< of those that are listed
    bool what = false;                       ///< what each of them says too
    std::string filter;                      ///< only those that pass: see filter.h
};

struct ByteRange {
    Offset offset;
    std::uint64_t length = 256;
};

/// The commands of mvinspect. Results go to `out`, what went wrong with the command itself to `err`.
struct Output {
    std::ostream &out;
    std::ostream &err;
};

[[nodiscard]] ExitCode summary(const Options &options, Output output);
[[nodiscard]] ExitCode segments(const Options &options, const SegmentRange &range, Output output);
[[nodiscard]] ExitCode hexDump(const Options &options, ByteRange range, Output output);
[[nodiscard]] ExitCode verify(const Options &options, Output output);
/// Looks only: opens neither the database nor its lock file.
[[nodiscard]] ExitCode locks(const Options &options, Output output);

/// Runs a command. The engine says itself what it has no memory for; where it is the words that none is left for, this
/// does, without any.
template <class Command>
[[nodiscard]] ExitCode withinMemory(Output output, const Command &command)
{
    try {
        return command();
    } catch (const std::bad_alloc &) {
        output.err << "mvinspect: there is not enough memory for it\n";
        return kCannot;
    }
}

} // namespace modelvault::inspect
