#include "support/scratch_dir.h"

#include <atomic>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <string>
#include <system_error>

namespace fs = std::filesystem;

namespace modelvault::test {
namespace {

fs::path newFolderIn(const fs::path &parent)
{
    static std::atomic<unsigned> s_count = 0;
    std::random_device random;
    for (int attempt = 0; attempt < 100; ++attempt) {
        const auto path = parent / ("modelvault-test-" + std::to_string(random()) + "-" + std::to_string(s_count++));
        if (fs::create_directory(path))
            return path;
    }
    throw std::runtime_error("no name left for a scratch folder in " + parent.string());
}

void makeRemovable(const fs::path &folder)
{
    std::error_code ignored;
    fs::permissions(folder, fs::perms::owner_all, fs::perm_options::add, ignored);
    for (fs::directory_iterator entry(folder, ignored); !ignored && entry != fs::directory_iterator();
         entry.increment(ignored)) {
        if (entry->symlink_status(ignored).type() == fs::file_type::directory)
            makeRemovable(entry->path());
    }
}

} // namespace

ScratchDir::ScratchDir(const fs::path &parent) : m_path(newFolderIn(fs::canonical(parent)))
{
    fs::permissions(m_path, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
}

ScratchDir::~ScratchDir()
{
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
    if (!ignored)
        return;
    makeRemovable(m_path);
    fs::remove_all(m_path, ignored);
}

fs::path ScratchDir::write(const fs::path &name, std::span<const std::byte> bytes) const
{
    return write(name, std::string_view(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
}

fs::path ScratchDir::write(const fs::path &name, std::string_view text) const
{
    const auto path = m_path / name;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.flush())
        throw std::runtime_error("cannot write " + path.string());
    return path;
}

std::vector<std::byte> readFile(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

std::map<std::string, std::string> contentsOf(const fs::path &folder)
{
    std::map<std::string, std::string> contents;
    for (const auto &entry : fs::directory_iterator(folder)) {
        const auto name = entry.path().filename().native();
        auto &what = contents[name];
        const auto type = entry.symlink_status().type();
        if (type == fs::file_type::symlink) {
            what = "link to " + fs::read_symlink(entry.path()).native();
        } else if (type == fs::file_type::regular) {
            const auto bytes = readFile(entry.path());
            what = "file: " + std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size());
        } else if (type == fs::file_type::directory) {
            what = "folder";
            for (const auto &[below, it] : contentsOf(entry.path()))
                contents[name + '/' + below] = it;
        } else {
            what = type == fs::file_type::fifo ? "pipe" : "other";
        }
    }
    return contents;
}

} // namespace modelvault::test
