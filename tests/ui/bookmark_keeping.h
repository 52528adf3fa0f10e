#pragma once

#include "models/bookmarks.h"

#include <filesystem>
#include <map>
#include <vector>

namespace modelvault::test {

/// Keeps bookmarks where a test can look at them.
struct KeptInMemory final : ui::BookmarkKeeper {
    [[nodiscard]] std::vector<ui::Bookmark> keptBookmarks(const FileOrigin &file,
                                                          const std::filesystem::path & /*path*/) override
    {
        return kept[file.identity];
    }
    void keepBookmarks(const FileOrigin &file, const std::filesystem::path &of,
                       const std::vector<ui::Bookmark> &bookmarks) override
    {
        kept[file.identity] = bookmarks;
        path = of;
    }

    std::map<FileIdentity, std::vector<ui::Bookmark>> kept;
    std::filesystem::path path; ///< said last
};

} // namespace modelvault::test
