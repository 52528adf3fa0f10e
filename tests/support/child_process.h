#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace modelvault::test {

/// Another program, run beside the test, talking through its standard input and output. Gone when the object is.
class ChildProcess {
public:
    /// The program is looked for in PATH; words are bytes.
    explicit ChildProcess(const std::vector<std::string> &command);
    ChildProcess(const ChildProcess &) = delete;
    ChildProcess &operator=(const ChildProcess &) = delete;
    /// As finish().
    ~ChildProcess();

    [[nodiscard]] std::int64_t processId() const { return m_processId; }

    /// To its standard input; nothing happens if it has ended.
    void write(const std::string &text);
    /// Whether a line of output, or its end, comes within that time.
    [[nodiscard]] bool hasOutput(std::chrono::milliseconds wait);
    /// Asks it to end, as Ctrl+C does.
    void interrupt() const;
    /// Its exit status, once it has ended by itself: as in ProgramRun. Waits for that.
    [[nodiscard]] int status();
    /// Waits for the next line of output; empty at its end. Without the line break.
    [[nodiscard]] std::string readLine();
    /// All output that is left, once the program has ended it.
    [[nodiscard]] std::vector<std::string> readLines();
    /// Closes its input, which every program used here takes as its end, and waits for it.
    void finish();
    /// Ends it without a chance to tidy up, and waits for it.
    void kill();

private:
    void closeInput();
    void wait();

    int m_processId = -1;
    int m_input = -1;  // its input, our end
    int m_output = -1; // its output, our end
    std::string m_read;
};

/// How a program ended, and all that it said.
struct ProgramRun {
    int status = -1; ///< its exit status, or 128 and the number of the signal that ended it, as shells say
    std::string out;
    std::string err;
};

/// Runs a program to its end, with nothing to read. It is looked for in PATH; words are bytes.
[[nodiscard]] ProgramRun runProgram(const std::vector<std::string> &command);

} // namespace modelvault::test
