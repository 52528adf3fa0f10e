#include "support/child_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
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

} // namespace

ChildProcess::ChildProcess(const std::vector<std::string> &command)
{
    const auto input = newPipe();
    const auto output = newPipe();
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, input.readEnd, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, output.writeEnd, STDOUT_FILENO);
    std::vector<char *> words;
    for (const auto &word : command)
        words.push_back(const_cast<char *>(word.c_str()));
    words.push_back(nullptr);
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
    int status = 0;
    while (::waitpid(m_processId, &status, 0) < 0 && errno == EINTR) { }
    m_processId = -1;
}

} // namespace modelvault::test
