#pragma once

#include <QDesktopServices>
#include <QFile>
#include <QUrl>

#include <filesystem>

namespace modelvault::ui {

/// Shows a file or a folder in the program that the system has for it. Asks, and does not wait.
inline void openWithSystem(const std::filesystem::path &path)
{
    QDesktopServices::openUrl(QUrl::fromLocalFile(QFile::decodeName(path.string().c_str())));
}

} // namespace modelvault::ui
