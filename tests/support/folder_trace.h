#pragma once

#include "support/scratch_dir.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <format>
#include <map>
#include <string>

#include <sys/stat.h>

namespace modelvault::test {

/// All that somebody may leave behind in a folder who only looks, access times apart: of the folder itself (".") and of
/// each file its inode, mode, time of change and, of files, the bytes.
[[nodiscard]] inline std::map<std::string, std::string> traceOf(const std::filesystem::path &folder)
{
    std::map<std::string, std::string> trace;
    const auto add = [&trace](const std::string &name, const std::filesystem::path &path, const std::string &bytes) {
        struct stat is{};
        ::lstat(path.c_str(), &is);
        const auto changed = std::chrono::seconds(is.st_mtim.tv_sec) + std::chrono::nanoseconds(is.st_mtim.tv_nsec);
        trace[name] =
            std::format("inode {} mode {:o} size {} changed {}: ", is.st_ino, is.st_mode, is.st_size, changed.count())
            + bytes;
    };
    add(".", folder, {});
    for (const auto &[name, bytes] : contentsOf(folder))
        add(name, folder / name, bytes);
    return trace;
}

} // namespace modelvault::test
