#pragma once

#include "models/bookmarks.h"
#include "text/byte_values.h"
#include "text/find_request.h"
#include "views/hex_view.h"

#include <QByteArray>
#include <QSettings>
#include <QString>
#include <QStringList>

#include <filesystem>
#include <map>
#include <vector>

namespace modelvault::app {

enum class Theme : std::uint8_t { System, Light, Dark };

/// What is remembered from one start to the next. Whatever can't be read counts as not set. GUI thread.
class Settings : public ui::BookmarkKeeper {
public:
    static constexpr std::size_t kMostRecentFiles = 12;
    static constexpr std::size_t kMostBookmarkedFiles = 100;

    /// `remembers`: false for a start that neither uses nor changes what is remembered.
    explicit Settings(bool remembers);

    [[nodiscard]] QByteArray geometry() const;
    [[nodiscard]] QByteArray windowState() const;
    void setWindow(const QByteArray &geometry, const QByteArray &state);

    [[nodiscard]] Theme theme() const;
    void setTheme(Theme theme);

    [[nodiscard]] ui::HexView::Options hexOptions() const;
    void setHexOptions(const ui::HexView::Options &options);

    /// Of the inspector.
    [[nodiscard]] ui::ByteOrder byteOrder() const;
    void setByteOrder(ui::ByteOrder order);

    /// For VirtualTableView::restoreColumns().
    [[nodiscard]] QByteArray logColumns() const;
    /// Empty for columns as they come: what was chosen before stays.
    void setLogColumns(const QByteArray &state);

    /// What was looked for, newest first.
    [[nodiscard]] QStringList findHistory(ui::FindRequest::Kind kind) const;
    void setFindHistory(ui::FindRequest::Kind kind, const QStringList &patterns);
    /// Over segments, newest first.
    [[nodiscard]] QStringList filters() const;
    void setFilters(const QStringList &filters);

    /// Newest first; names need not be UTF-8.
    [[nodiscard]] std::vector<std::filesystem::path> recentFiles() const;
    void addRecentFile(const std::filesystem::path &path);
    void clearRecentFiles();

    /// Without remembering: as long as this object lives, by path alone.
    [[nodiscard]] std::vector<ui::Bookmark> keptBookmarks(const FileOrigin &file,
                                                          const std::filesystem::path &path) override;
    void keepBookmarks(const FileOrigin &file, const std::filesystem::path &path,
                       const std::vector<ui::Bookmark> &bookmarks) override;

private:
    [[nodiscard]] int number(const char *key, int otherwise) const;
    /// Of bookmarks, one for each path.
    [[nodiscard]] QStringList bookmarkGroups() const;
    /// Of what was kept of this very file, or else of its path; null for none.
    [[nodiscard]] QString groupOf(const FileOrigin &file, const std::filesystem::path &path) const;
    void writeBookmarks(const FileOrigin &file, const std::filesystem::path &path, const QStringList &places);
    /// The database at hand is the one used last, and the others beyond the most are forgotten.
    void noteUse(const QString &group);

    mutable QSettings m_settings;
    bool m_remembers;
    std::map<std::filesystem::path, std::vector<ui::Bookmark>> m_bookmarks; // unless m_remembers
};

} // namespace modelvault::app
