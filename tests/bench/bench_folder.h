#pragma once

#include <cstdlib>
#include <filesystem>

namespace modelvault {

/// One for all benchmarks of a run, removed at its end.
inline const std::filesystem::path &benchFolder()
{
    static const struct Folder {
        std::filesystem::path path;
        Folder()
        {
            auto name = (std::filesystem::temp_directory_path() / "modelvault-bench-XXXXXX").string();
            path = ::mkdtemp(name.data());
        }
        ~Folder() { std::filesystem::remove_all(path); }
    } made;
    return made.path;
}

} // namespace modelvault
