// A second process for the tests of locks: modelvault_lock_helper [--uid N] WHAT PATH
//
// WHAT is reader, writer or unlocked: opens the database that way, prints "ok" or the error's name, and keeps it open
// until standard input ends. Or holders: prints a line per lock that it sees.

#include "lock/lock_holders.h"
#include "store/file_store.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <print>
#include <span>
#include <string>
#include <string_view>

#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace {

using namespace modelvault;

Result<std::unique_ptr<FileStore>> open(std::string_view what, const std::filesystem::path &path)
{
    if (what == "reader")
        return FileStore::openLocked(path, FileMode::ReadOnly);
    if (what == "writer")
        return FileStore::openLocked(path, FileMode::ReadWrite);
    return FileStore::openUnlocked(path);
}

void hold(std::string_view what, const std::filesystem::path &path)
{
    const auto store = open(what, path);
    std::println("{}", store ? "ok" : errorName(store.error().code));
    std::fflush(stdout);
    std::cin.ignore(std::numeric_limits<std::streamsize>::max());
}

void printHolders(const std::filesystem::path &path)
{
    const auto found = lockHolders(path);
    for (const auto &holder : found.holders) {
        std::println("{} {} {} {} {} {}", holder.target == LockHolder::Target::Database ? "database" : "lock-file",
                     holder.mode == LockMode::Shared ? "shared" : "exclusive", holder.processId,
                     holder.evidence == LockHolder::Evidence::SeenOnDescriptor ? "seen" : "table",
                     holder.isThisProcess ? "self" : "other", holder.program.empty() ? "unknown" : holder.program);
    }
    std::println("{}", found.isComplete ? "complete" : "incomplete");
}

bool becomeUser(std::string_view text)
{
    unsigned id = 0;
    std::from_chars(text.data(), text.data() + text.size(), id);
    if (::setgid(id) != 0 || ::setuid(id) != 0)
        return false;
#ifdef __linux__
    // As of a program that this user started: other processes of the same user may look at it.
    ::prctl(PR_SET_DUMPABLE, 1);
#endif
    return true;
}

} // namespace

int main(int count, char **words)
{
    std::span<char *> arguments(words + 1, static_cast<std::size_t>(count - 1));
    if (arguments.size() == 4 && std::string_view(arguments[0]) == "--uid") {
        if (!becomeUser(arguments[1]))
            return EXIT_FAILURE;
        arguments = arguments.subspan(2);
    }
    if (arguments.size() != 2)
        return EXIT_FAILURE;
    if (std::string_view(arguments[0]) == "holders")
        printHolders(arguments[1]);
    else
        hold(arguments[0], arguments[1]);
    return EXIT_SUCCESS;
}
