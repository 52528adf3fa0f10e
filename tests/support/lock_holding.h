#pragma once

#include "support/child_process.h"

#include <filesystem>
#include <string>
#include <vector>

// Other programs that hold locks, for tests.

namespace modelvault::test {

/// Holds a lock on one file with flock(1), or doesn't get it; until finish() or kill().
class FlockProcess {
public:
    /// `option` is "--shared" or "--exclusive".
    FlockProcess(const std::string &option, const std::filesystem::path &file)
        : m_process({"flock", "--nonblock", option, file.native(), "sh", "-c", "echo held; exec cat"}),
          m_isHeld(m_process.readLine() == "held")
    { }

    [[nodiscard]] bool isHeld() const { return m_isHeld; }
    [[nodiscard]] std::int64_t processId() const { return m_process.processId(); }
    void finish() { m_process.finish(); }

private:
    ChildProcess m_process;
    bool m_isHeld;
};

/// Whether another program would get this lock now.
[[nodiscard]] inline bool canLock(const std::string &option, const std::filesystem::path &file)
{
    return FlockProcess(option, file).isHeld();
}

/// Has a database open in a second process of ours; until finish() or kill().
class HelperProcess {
public:
    /// `what` is "reader", "writer" or "unlocked".
    HelperProcess(const std::string &what, const std::filesystem::path &database)
        : HelperProcess({MODELVAULT_LOCK_HELPER, what, database.native()})
    { }

    /// As another user; only root may.
    HelperProcess(const std::string &what, const std::filesystem::path &database, unsigned userId)
        : HelperProcess({MODELVAULT_LOCK_HELPER, "--uid", std::to_string(userId), what, database.native()})
    { }

    /// "ok" or the error's name.
    [[nodiscard]] const std::string &outcome() const { return m_outcome; }
    [[nodiscard]] std::int64_t processId() const { return m_process.processId(); }
    void finish() { m_process.finish(); }
    void kill() { m_process.kill(); }

private:
    explicit HelperProcess(const std::vector<std::string> &command)
        : m_process(command),
          m_outcome(m_process.readLine())
    { }

    ChildProcess m_process;
    std::string m_outcome;
};

/// What a second process gets that opens the database and closes it again.
[[nodiscard]] inline std::string outcomeElsewhere(const std::string &what, const std::filesystem::path &database)
{
    return HelperProcess(what, database).outcome();
}

/// An ordinary user without a name, files or groups.
inline constexpr unsigned kNobody = 65534;

} // namespace modelvault::test
