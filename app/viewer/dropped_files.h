#pragma once

#include <QList>
#include <QUrl>

#include <filesystem>
#include <vector>

namespace modelvault::app {

/// The local files among them, byte for byte: names need not be UTF-8.
[[nodiscard]] std::vector<std::filesystem::path> localFiles(const QList<QUrl> &urls);

} // namespace modelvault::app
