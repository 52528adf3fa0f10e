#pragma once

#include "views/hex_view.h"

#include <QByteArray>
#include <QSettings>

#include <filesystem>
#include <vector>

namespace modelvault::app {

enum class Theme : std::uint8_t { System, Light, Dark };

/// What is remembered from one start to the next. Whatever can't be read counts as not set. GUI thread.
class Settings {
public:
    static constexpr std::size_t kMostRecentFiles = 12;

    /// `remembers`: false for a start that neither uses nor changes what is remembered.
    explicit Settings(bool remembers);

    [[nodiscard]] QByteArray geometry() const;
    [[nodiscard]] QByteArray windowState() const;
    void setWindow(const QByteArray &geometry, const QByteArray &state);

    [[nodiscard]] Theme theme() const;
    void setTheme(Theme theme);

    [[nodiscard]] ui::HexView::Options hexOptions() const;
    void setHexOptions(const ui::HexView::Options &options);

    /// For VirtualTableView::restoreColumns().
    [[nodiscard]] QByteArray logColumns() const;
    /// Empty for columns as they come: what was chosen before stays.
    void setLogColumns(const QByteArray &state);

    /// Newest first; names need not be UTF-8.
    [[nodiscard]] std::vector<std::filesystem::path> recentFiles() const;
    void addRecentFile(const std::filesystem::path &path);
    void clearRecentFiles();

private:
    [[nodiscard]] int number(const char *key, int otherwise) const;

    mutable QSettings m_settings;
    bool m_remembers;
};

} // namespace modelvault::app
