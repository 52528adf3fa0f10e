#include "lock/proc_locks.h"

#include <algorithm>
#include <charconv>
#include <concepts>
#include <functional>

namespace modelvault {
namespace {

constexpr std::string_view kBlanks = " \t\r";

/// Takes the text up to the delimiter off the front, and the delimiter with it.
std::string_view takeUntil(std::string_view &text, char delimiter)
{
    const auto end = std::min(text.find(delimiter), text.size());
    const auto taken = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return taken;
}

/// Takes the next word off the front, empty at the end.
std::string_view takeWord(std::string_view &text)
{
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    const auto word = text.substr(0, text.find_first_of(kBlanks));
    text.remove_prefix(word.size());
    return word;
}

/// The number that the whole word is, and nothing else.
template <std::integral Number>
std::optional<Number> number(std::string_view word, int base = 10)
{
    Number value{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, base);
    if (error != std::errc() || end != word.data() + word.size())
        return std::nullopt;
    return value;
}

bool isLabel(std::string_view word)
{
    return word.ends_with(':') && number<std::uint64_t>(word.substr(0, word.size() - 1));
}

std::optional<LockMode> lockMode(std::string_view word)
{
    if (word == "READ")
        return LockMode::Shared;
    if (word == "WRITE")
        return LockMode::Exclusive;
    return std::nullopt;
}

void forEachLine(std::string_view text, const std::function<void(std::string_view)> &use)
{
    while (!text.empty())
        use(takeUntil(text, '\n'));
}

} // namespace

// "1: FLOCK  ADVISORY  WRITE 13860 fe:00:10952746 0 EOF"; one that waits has "->" before its kind.
std::optional<ProcLock> parseLockLine(std::string_view line)
{
    if (!isLabel(takeWord(line)) || takeWord(line) != "FLOCK" || takeWord(line) != "ADVISORY")
        return std::nullopt;
    const auto mode = lockMode(takeWord(line));
    const auto processId = number<std::int64_t>(takeWord(line));
    auto file = takeWord(line);
    const auto deviceMajor = number<std::uint32_t>(takeUntil(file, ':'), 16);
    const auto deviceMinor = number<std::uint32_t>(takeUntil(file, ':'), 16);
    const auto inode = number<std::uint64_t>(file);
    if (!mode || !processId || !deviceMajor || !deviceMinor || !inode)
        return std::nullopt;
    return ProcLock{.mode = *mode,
                    .processId = std::max<std::int64_t>(*processId, 0),
                    .deviceMajor = *deviceMajor,
                    .deviceMinor = *deviceMinor,
                    .inode = *inode};
}

std::vector<ProcLock> parseLockTable(std::string_view text)
{
    std::vector<ProcLock> locks;
    forEachLine(text, [&](std::string_view line) {
        if (const auto lock = parseLockLine(line))
            locks.push_back(*lock);
    });
    return locks;
}

std::vector<ProcLock> parseDescriptorLocks(std::string_view text)
{
    std::vector<ProcLock> locks;
    forEachLine(text, [&](std::string_view line) {
        if (takeWord(line) != "lock:")
            return;
        if (const auto lock = parseLockLine(line))
            locks.push_back(*lock);
    });
    return locks;
}

} // namespace modelvault
