#include "lock/lock_holders.h"

#include "lock/proc_locks.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <memory>
#include <set>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

// Two sources, neither enough: /proc/locks says that a lock is held, for every process, but names the process that took
// it, which may have ended and left the open file to a child. /proc/PID/fdinfo says who has the locked file open, but
// only where this user may look, and there are many of them. So the table is read first; the processes it names are
// looked at, and all others only if those don't explain every lock.

namespace modelvault {
namespace {

namespace fs = std::filesystem;
using Target = LockHolder::Target;
using Evidence = LockHolder::Evidence;

constexpr std::size_t kMaxCommandLine = 64 * 1024; // bytes; a process may make its own as long as it likes
constexpr std::size_t kMaxProgramName = 15;

struct LockedFile {
    Target target = Target::Database;
    fs::path path;
    FileIdentity identity;

    /// Such devices are not the ones that the lock table names, on some file systems (btrfs, overlayfs).
    [[nodiscard]] bool isOnAnonymousDevice() const { return major(identity.device) == 0; }
};

/// A line of the lock table that is about one of the files.
struct TableEntry {
    ProcLock lock;
    const LockedFile *file = nullptr;
    bool isProbable = false;
    bool isSeen = false; ///< on a process's descriptor
};

/// std::filesystem::directory_iterator ends the program where memory runs out (GCC 14).
template <typename Visit>
std::error_code forEachNameIn(const fs::path &folder, Visit visit)
{
    const std::unique_ptr<DIR, decltype([](DIR *open) { ::closedir(open); })> open(::opendir(folder.c_str()));
    if (!open)
        return {errno, std::generic_category()};
    for (;;) {
        errno = 0;
        const auto *entry = ::readdir(open.get());
        if (entry == nullptr)
            return {errno, std::generic_category()};
        const std::string_view name(entry->d_name);
        if (name != "." && name != "..")
            visit(entry->d_name);
    }
}

/// Nothing if it can't be read to its end: a process may go while its files are read.
std::optional<std::string> contentOf(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    std::string text;
    std::array<char, 4096> part{};
    while (file.read(part.data(), part.size()) || file.gcount() > 0)
        text.append(part.data(), static_cast<std::size_t>(file.gcount()));
    return file.eof() ? std::optional(std::move(text)) : std::nullopt;
}

std::string startOf(const fs::path &path, std::size_t maxBytes)
{
    std::string text(maxBytes, '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(text.data(), static_cast<std::streamsize>(maxBytes));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

std::optional<std::int64_t> processIdOf(std::string_view name)
{
    if (name.empty() || name.size() > 18 || !std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    std::int64_t processId = 0;
    std::from_chars(name.data(), name.data() + name.size(), processId);
    return processId;
}

std::vector<std::string> splitCommandLine(std::string_view text)
{
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto end = std::min(text.find('\0'), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

/// Which file a descriptor of another process names. As far as known here: asking a file server that is gone would wait
/// for it, for a file that isn't even ours.
Result<FileIdentity> identityOfDescriptor(const fs::path &path)
{
    struct ::statx status{};
    if (::statx(AT_FDCWD, path.c_str(), AT_STATX_DONT_SYNC, STATX_INO, &status) != 0)
        return std::unexpected(systemError(errno));
    return FileIdentity{.device = makedev(status.stx_dev_major, status.stx_dev_minor), .inode = status.stx_ino};
}

void addFile(std::vector<LockedFile> &files, Target target, const fs::path &path)
{
    const auto identity = identityOf(path);
    if (!identity || std::ranges::contains(files, *identity, &LockedFile::identity))
        return;
    files.push_back({.target = target, .path = path, .identity = *identity});
}

std::vector<LockedFile> lockedFilesOf(const fs::path &database)
{
    std::vector<LockedFile> files;
    addFile(files, Target::Database, database);
    addFile(files, Target::LockFile, lockFilePath(database));
    std::error_code error;
    if (const auto resolved = fs::canonical(database, error); !error)
        addFile(files, Target::LockFile, lockFilePath(resolved));
    return files;
}

LockHolder holderOf(const LockedFile &file, const ProcLock &lock, std::int64_t processId, Evidence evidence)
{
    LockHolder holder;
    holder.target = file.target;
    holder.file = file.path;
    holder.mode = lock.mode;
    holder.processId = processId;
    holder.isThisProcess = processId == ::getpid();
    holder.evidence = evidence;
    return holder;
}

class HolderSearch {
public:
    HolderSearch(const fs::path &database, const fs::path &procfs) : m_procfs(procfs), m_files(lockedFilesOf(database))
    { }

    LockHolders run();

private:
    struct Table {
        bool isReadable = false;
        std::vector<ProcLock> locks;
    };

    [[nodiscard]] Table readTable() const;
    void matchEntries(const Table &table);
    void lookAtNamedProcesses(const Table &table);
    void lookAtAllProcesses();
    void lookAtProcess(std::int64_t processId);
    void lookAtDescriptor(std::int64_t processId, const fs::path &name);
    void addSeen(std::int64_t processId, const LockedFile &file, const ProcLock &lock);
    void dropEntriesThatProvedWrong();
    void addUnseenEntries();

    [[nodiscard]] bool allSeen() const { return std::ranges::all_of(m_entries, &TableEntry::isSeen); }
    [[nodiscard]] bool anyOnAnonymousDevice() const
    {
        return std::ranges::any_of(m_files, &LockedFile::isOnAnonymousDevice);
    }
    [[nodiscard]] fs::path folderOf(std::int64_t processId) const { return m_procfs / std::to_string(processId); }
    void describe(LockHolder &holder) const;

    const fs::path &m_procfs;
    const std::vector<LockedFile> m_files;
    std::vector<TableEntry> m_entries;
    std::set<std::int64_t> m_lookedAt;
    std::set<std::int64_t> m_denied; // processes whose descriptors this user may not see
    std::vector<LockHolder> m_holders;
};

LockHolders HolderSearch::run()
{
    const auto table = readTable();
    matchEntries(table);
    lookAtNamedProcesses(table);
    if (!table.isReadable || !allSeen())
        lookAtAllProcesses();
    dropEntriesThatProvedWrong();
    const bool mayHideLocks = anyOnAnonymousDevice() && !m_denied.empty();
    const bool isComplete = table.isReadable && allSeen() && !mayHideLocks;
    addUnseenEntries();
    std::ranges::sort(m_holders, {}, [](const LockHolder &holder) {
        return std::tie(holder.target, holder.processId, holder.file, holder.mode);
    });
    return {.holders = std::move(m_holders), .isComplete = isComplete};
}

HolderSearch::Table HolderSearch::readTable() const
{
    const auto text = contentOf(m_procfs / "locks");
    if (!text)
        return {};
    return {.isReadable = true, .locks = parseLockTable(*text)};
}

void HolderSearch::matchEntries(const Table &table)
{
    for (const auto &lock : table.locks) {
        for (const auto &file : m_files) {
            const auto device = file.identity.device;
            const bool sameDevice = lock.deviceMajor == major(device) && lock.deviceMinor == minor(device);
            const bool perhapsSame = file.isOnAnonymousDevice() && lock.deviceMajor == 0;
            if (lock.inode == file.identity.inode && (sameDevice || perhapsSame))
                m_entries.push_back({.lock = lock, .file = &file, .isProbable = !sameDevice, .isSeen = false});
        }
    }
}

/// Where the table may number our files otherwise than stat() does, any lock on such a device may be on one of them.
void HolderSearch::lookAtNamedProcesses(const Table &table)
{
    for (const auto &entry : m_entries)
        lookAtProcess(entry.lock.processId);
    if (!anyOnAnonymousDevice())
        return;
    for (const auto &lock : table.locks) {
        if (lock.deviceMajor == 0)
            lookAtProcess(lock.processId);
    }
}

void HolderSearch::lookAtAllProcesses()
{
    forEachNameIn(m_procfs, [this](const char *name) {
        if (const auto processId = processIdOf(name))
            lookAtProcess(*processId);
    });
}

void HolderSearch::lookAtProcess(std::int64_t processId)
{
    if (!m_lookedAt.insert(processId).second)
        return;
    const auto error =
        forEachNameIn(folderOf(processId) / "fd", [&](const char *name) { lookAtDescriptor(processId, name); });
    if (error == std::errc::permission_denied || error == std::errc::operation_not_permitted)
        m_denied.insert(processId);
}

void HolderSearch::lookAtDescriptor(std::int64_t processId, const fs::path &name)
{
    const auto identity = identityOfDescriptor(folderOf(processId) / "fd" / name);
    if (!identity) {
        // From inside a user namespace the numbers of this user's own descriptors show, but not what they are.
        if (identity.error().code == ErrorCode::PermissionDenied)
            m_denied.insert(processId);
        return;
    }
    const auto file = std::ranges::find(m_files, *identity, &LockedFile::identity);
    if (file == m_files.end())
        return;
    const auto text = contentOf(folderOf(processId) / "fdinfo" / name);
    if (!text)
        return;
    for (const auto &lock : parseDescriptorLocks(*text))
        addSeen(processId, *file, lock);
}

void HolderSearch::addSeen(std::int64_t processId, const LockedFile &file, const ProcLock &lock)
{
    for (auto &entry : m_entries)
        entry.isSeen = entry.isSeen || entry.lock == lock;
    auto holder = holderOf(file, lock, processId, Evidence::SeenOnDescriptor);
    describe(holder);
    if (!std::ranges::contains(m_holders, holder))
        m_holders.push_back(std::move(holder));
}

/// Locks that were given back while we looked and, if no process was hidden from us, those that were on our files only
/// by guess.
void HolderSearch::dropEntriesThatProvedWrong()
{
    if (allSeen())
        return;
    const auto now = readTable();
    std::erase_if(m_entries, [&](const TableEntry &entry) {
        const bool isGone = !std::ranges::contains(now.locks, entry.lock);
        const bool isElsewhere = entry.isProbable && m_denied.empty();
        return !entry.isSeen && (isGone || isElsewhere);
    });
}

void HolderSearch::addUnseenEntries()
{
    for (const auto &entry : m_entries) {
        if (entry.isSeen)
            continue;
        auto holder = holderOf(*entry.file, entry.lock, entry.lock.processId, Evidence::LockTable);
        holder.isProbable = entry.isProbable;
        // A process that showed its descriptors, and not this file, is another one by now.
        if (m_denied.contains(holder.processId))
            describe(holder);
        if (!std::ranges::contains(m_holders, holder))
            m_holders.push_back(std::move(holder));
    }
}

void HolderSearch::describe(LockHolder &holder) const
{
    const auto folder = folderOf(holder.processId);
    holder.program = contentOf(folder / "comm").value_or(std::string());
    if (holder.program.ends_with('\n'))
        holder.program.pop_back();
    holder.commandLine = splitCommandLine(startOf(folder / "cmdline", kMaxCommandLine));
    // The system cuts names to 15 bytes; the command line has the whole of it, where it begins with the same.
    if (holder.program.size() == kMaxProgramName && !holder.commandLine.empty()) {
        const auto whole = fs::path(holder.commandLine.front()).filename().native();
        if (whole.starts_with(holder.program))
            holder.program = whole;
    }
    struct ::stat status{};
    if (::stat(folder.c_str(), &status) == 0)
        holder.userId = status.st_uid;
}

} // namespace

LockHolders lockHolders(const fs::path &database, const fs::path &procfs)
{
    return HolderSearch(database, procfs).run();
}

} // namespace modelvault
