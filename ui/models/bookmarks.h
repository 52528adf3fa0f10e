#pragma once

#include "position.h"
#include "store/file_handle.h"

#include <QAbstractTableModel>
#include <QString>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace modelvault::ui {

/// A place worth coming back to.
struct Bookmark {
    Offset begin;
    Offset end;   ///< exclusive, behind begin
    QString name; ///< the user's words, never markup
    bool operator==(const Bookmark &) const = default;
};

/// Keeps the bookmarks of databases from one start to the next. GUI thread.
class BookmarkKeeper {
public:
    virtual ~BookmarkKeeper() = default;

    /// In any order; none for a database that is not known. Bookmarks belong to the file, whatever its path by now.
    /// Those of a file that is not known come from its path, as writers replace files. Where the file system doesn't
    /// know when a file was made, its path comes first, and then the same identity under the same name in another
    /// folder: systems use identities again. Counts as use: what is used least is forgotten first.
    [[nodiscard]] virtual std::vector<Bookmark> keptBookmarks(const FileOrigin &file,
                                                              const std::filesystem::path &path) = 0;
    /// Instead of those kept for the path before.
    virtual void keepBookmarks(const FileOrigin &file, const std::filesystem::path &path,
                               const std::vector<Bookmark> &bookmarks) = 0;
};

/// The bookmarks of one database as a table, in the order of the file. Names are edited in place; each change is kept
/// at once. GUI thread.
class Bookmarks : public QAbstractTableModel {
    Q_OBJECT

public:
    enum class Column : std::uint8_t { Name, Place, Length };
    static constexpr int kColumns = 3;
    enum Role {
        BehindEndRole = Qt::UserRole, ///< whether nothing of it lies in the file
    };
    static constexpr std::size_t kMost = 1000;
    static constexpr qsizetype kLongestName = 200;

    /// Borrows the keeper.
    explicit Bookmarks(BookmarkKeeper &keeper, QObject *parent = nullptr);

    /// Shows those of this database. The same one again, after a reload, keeps what can be undone.
    void open(const FileOrigin &file, const std::filesystem::path &path);
    /// Shows none; what is kept stays.
    void close();
    /// Of the file as it is now.
    void setFileLength(std::uint64_t length);

    /// In the order of their begins, then ends.
    [[nodiscard]] const std::vector<Bookmark> &list() const { return m_list; }
    [[nodiscard]] const Bookmark &bookmark(const QModelIndex &index) const;
    [[nodiscard]] bool isBehindEnd(const Bookmark &bookmark) const { return bookmark.begin.value >= m_fileLength; }

    /// What [begin, end) is called already stays; else it gets this name. Invalid if the range is empty, no database is
    /// open, or there are kMost.
    QModelIndex add(Offset begin, Offset end, const QString &name);
    void remove(const QModelIndex &index);
    /// What restore() would bring back: nothing whose place has another name by now, nor anything beyond kMost.
    [[nodiscard]] std::optional<Bookmark> lastRemoved() const;
    /// Brings back lastRemoved(), and again what was removed before that. Invalid if there is nothing.
    QModelIndex restore();

    /// The nearest in the file that lies behind [begin, end), in the order of list(). Invalid if there is none.
    [[nodiscard]] QModelIndex next(Offset begin, Offset end) const;
    [[nodiscard]] QModelIndex previous(Offset begin, Offset end) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation,
                                      int role = Qt::DisplayRole) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;

Q_SIGNALS:
    /// Whatever it was: list() is another.
    void changed();

private:
    [[nodiscard]] QModelIndex indexOf(std::size_t row) const;
    [[nodiscard]] QModelIndex insert(Bookmark bookmark);
    void noteChange();
    [[nodiscard]] QString describe(const Bookmark &bookmark) const;

    BookmarkKeeper &m_keeper;
    std::optional<FileOrigin> m_file; // that is open
    std::filesystem::path m_path;
    std::uint64_t m_fileLength = 0;
    std::vector<Bookmark> m_list;
    std::vector<Bookmark> m_removed; // the last at the end
};

} // namespace modelvault::ui
