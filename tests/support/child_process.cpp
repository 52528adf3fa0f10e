#include "support/child_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace modelvault::test {
namespace {

struct Pipe {
    int readEnd = -1;
    int writeEnd = -1;
};

Pipe newPipe()
{
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0)
        throw std::runtime_error("no pipe to be had");
    for (const int end : ends)
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
    return {.readEnd = ends[0], .writeEnd = ends[1]};
}

/// A null pointer at the end, as exec() wants it. Borrows the words.
std::vector<char *> argumentsOf(const std::vector<std::string> &command)
{
    std::vector<char *> words;
    for (const auto &word : command)
        words.push_back(const_cast<char *>(word.c_str()));
    words.push_back(nullptr);
    return words;
}

/// Takes what a program says, however much: unlike a pipe it never makes the program wait.
class Transcript {
public:
    Transcript() : m_file(std::tmpfile())
    {
        if (!m_file)
            throw std::runtime_error("no temporary file to be had");
        ::fcntl(descriptor(), F_SETFD, FD_CLOEXEC);
    }

    [[nodiscard]] int descriptor() const { return ::fileno(m_file.get()); }
    [[nodiscard]] std::string text() const
    {
        std::rewind(m_file.get());
        std::string text;
        std::array<char, 4096> part{};
        while (const auto count = std::fread(part.data(), 1, part.size(), m_file.get()))
            text.append(part.data(), count);
        return text;
    }

private:
    struct Closer {
        void operator()(std::FILE *file) const { std::fclose(file); }
    };
    std::unique_ptr<std::FILE, Closer> m_file;
};

int statusOfEnded(int processId)
{
    int status = 0;
    while (::waitpid(processId, &status, 0) < 0 && errno == EINTR) { }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace

ChildProcess::ChildProcess(const std::vector<std::string> &command)
{
    const auto input = newPipe();
    const auto output = newPipe();
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input.readEnd, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output.writeEnd, STDOUT_FILENO);
    const auto words = argumentsOf(command);
    const int error = ::posix_spawnp(&m_processId, words[0], &actions, nullptr, words.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(input.readEnd);
    ::close(output.writeEnd);
    m_input = input.writeEnd;
    m_output = output.readEnd;
    if (error != 0)
        throw std::runtime_error("cannot start " + command.front());
}

ChildProcess::~ChildProcess()
{
    finish();
    ::close(m_output);
}

void ChildProcess::write(const std::string &text)
{
    // One that has ended is no reason to end here too.
    const auto before = std::signal(SIGPIPE, SIG_IGN);
    std::string_view left = text;
    while (!left.empty()) {
        const auto count = ::write(m_input, left.data(), left.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        left.remove_prefix(static_cast<std::size_t>(count));
    }
    std::signal(SIGPIPE, before);
}

bool ChildProcess::hasOutput(std::chrono::milliseconds wait)
{
    if (m_read.contains('\n'))
        return true;
    pollfd waited{.fd = m_output, .events = POLLIN, .revents = 0};
    return ::poll(&waited, 1, static_cast<int>(wait.count())) > 0;
}

void ChildProcess::interrupt() const
{
    if (m_processId > 0)
        ::kill(m_processId, SIGINT);
}

int ChildProcess::status()
{
    return m_processId > 0 ? statusOfEnded(std::exchange(m_processId, -1)) : -1;
}

std::string ChildProcess::readLine()
{
    while (!m_read.contains('\n')) {
        std::array<char, 4096> part{};
        const auto count = ::read(m_output, part.data(), part.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return std::exchange(m_read, {});
        m_read.append(part.data(), static_cast<std::size_t>(count));
    }
    const auto end = m_read.find('\n');
    auto line = m_read.substr(0, end);
    m_read.erase(0, end + 1);
    return line;
}

std::vector<std::string> ChildProcess::readLines()
{
    std::vector<std::string> lines;
    for (auto line = readLine(); !line.empty(); line = readLine())
        lines.push_back(std::move(line));
    return lines;
}

void ChildProcess::finish()
{
    closeInput();
    wait();
}

void ChildProcess::kill()
{
    if (m_processId > 0)
        ::kill(m_processId, SIGKILL);
    wait();
}

void ChildProcess::closeInput()
{
    if (m_input >= 0)
        ::close(std::exchange(m_input, -1));
}

void ChildProcess::wait()
{
    if (m_processId <= 0)
        return;
    statusOfEnded(m_processId);
    m_processId = -1;
}

ProgramRun runProgram(const std::vector<std::string> &command)
{
    const Transcript out;
    const Transcript err;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, out.descriptor(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, err.descriptor(), STDERR_FILENO);
    // Whatever runs the tests may ignore this signal, and a shell could not change that any more.
    ::sigset_t reset;
    ::sigemptyset(&reset);
    ::sigaddset(&reset, SIGPIPE);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setsigdefault(&attributes, &reset);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    const auto words = argumentsOf(command);
    int processId = -1;
    const int error = ::posix_spawnp(&processId, words[0], &actions, &attributes, words.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        throw std::runtime_error("cannot start " + command.front());
    const int status = statusOfEnded(processId);
    return {.status = status, .out = out.text(), .err = err.text()};
}

} // namespace modelvault::test
