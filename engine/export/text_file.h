#pragma once

#include "error.h"
#include "position.h"
#include "store/file_handle.h"

#include <cstddef>
#include <string>

namespace modelvault {

/// Appends text to a file that is empty, in large pieces.
class TextFile {
public:
    /// Borrows the file.
    explicit TextFile(const FileHandle &file) : m_file(file) { }

    /// What is to come next; append to it, then call written().
    [[nodiscard]] std::string &text() { return m_text; }
    /// Writes once there is enough.
    [[nodiscard]] Result<void> written() { return m_text.size() < kEnough ? Result<void>() : flush(); }
    [[nodiscard]] Result<void> flush();

private:
    static constexpr std::size_t kEnough = 256 * 1024;

    const FileHandle &m_file;
    Offset m_end;
    std::string m_text;
};

} // namespace modelvault
