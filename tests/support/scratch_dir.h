#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace modelvault::test {

/// A new empty folder for one test, removed with all that is in it when the object goes, also where the test took
/// away its own permissions. Any user may enter it, so that a test can look at its files as somebody else.
class ScratchDir {
public:
    explicit ScratchDir(const std::filesystem::path &parent = std::filesystem::temp_directory_path());
    ScratchDir(const ScratchDir &) = delete;
    ScratchDir &operator=(const ScratchDir &) = delete;
    ~ScratchDir();

    /// Absolute and without symlinks.
    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }
    [[nodiscard]] std::filesystem::path operator/(const std::filesystem::path &name) const { return m_path / name; }

    /// Creates the file, or replaces all that is in it, and returns its path.
    std::filesystem::path write(const std::filesystem::path &name, std::span<const std::byte> bytes) const;
    std::filesystem::path write(const std::filesystem::path &name, std::string_view text) const;

private:
    std::filesystem::path m_path;
};

/// All bytes of a file; none if it can't be read.
[[nodiscard]] std::vector<std::byte> readFile(const std::filesystem::path &path);

/// What is in a folder and below, for comparison: files with their bytes, anything else with what it is. By name.
[[nodiscard]] std::map<std::string, std::string> contentsOf(const std::filesystem::path &folder);

} // namespace modelvault::test
