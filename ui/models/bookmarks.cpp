#include "models/bookmarks.h"

#include "text/words.h"

#include <QFontDatabase>

#include <algorithm>
#include <utility>

namespace modelvault::ui {
namespace {

constexpr Qt::Alignment alignmentOf(Bookmarks::Column column)
{
    return (column == Bookmarks::Column::Name ? Qt::AlignLeading : Qt::AlignTrailing) | Qt::AlignVCenter;
}

std::pair<Offset, Offset> placeOf(const Bookmark &bookmark)
{
    return {bookmark.begin, bookmark.end};
}

bool turnsText(QChar::Direction direction)
{
    switch (direction) {
    case QChar::DirLRE:
    case QChar::DirLRO:
    case QChar::DirRLE:
    case QChar::DirRLO:
    case QChar::DirPDF:
    case QChar::DirLRI:
    case QChar::DirRLI:
    case QChar::DirFSI:
    case QChar::DirPDI:
        return true;
    default:
        return false;
    }
}

/// One line of visible characters: names also come from a settings file that anybody may have edited.
QString cleanName(const QString &name)
{
    QString clean = name;
    clean.removeIf(
        [](QChar c) { return turnsText(c.direction()) || (c.category() == QChar::Other_Control && !c.isSpace()); });
    clean = clean.simplified().left(Bookmarks::kLongestName);
    if (!clean.isEmpty() && clean.back().isHighSurrogate())
        clean.chop(1);
    return clean;
}

} // namespace

Bookmarks::Bookmarks(BookmarkKeeper &keeper, QObject *parent) : QAbstractTableModel(parent), m_keeper(keeper) { }

void Bookmarks::open(const FileOrigin &file, const std::filesystem::path &path)
{
    m_path = path;
    if (m_file == file)
        return;
    beginResetModel();
    m_file = file;
    m_removed.clear();
    m_list.clear();
    for (auto &bookmark : m_keeper.keptBookmarks(file, path)) {
        bookmark.name = cleanName(bookmark.name);
        if (bookmark.begin < bookmark.end && !bookmark.name.isEmpty())
            m_list.push_back(std::move(bookmark));
    }
    std::ranges::stable_sort(m_list, {}, placeOf);
    m_list.erase(std::ranges::unique(m_list, {}, placeOf).begin(), m_list.end());
    if (m_list.size() > kMost)
        m_list.erase(m_list.begin() + kMost, m_list.end());
    endResetModel();
    Q_EMIT changed();
}

void Bookmarks::close()
{
    if (!m_file)
        return;
    beginResetModel();
    m_file.reset();
    m_list.clear();
    m_removed.clear();
    endResetModel();
    Q_EMIT changed();
}

void Bookmarks::setFileLength(std::uint64_t length)
{
    if (length == std::exchange(m_fileLength, length) || m_list.empty())
        return;
    Q_EMIT dataChanged(indexOf(0), index(rowCount() - 1, kColumns - 1));
}

QModelIndex Bookmarks::indexOf(std::size_t row) const
{
    return index(static_cast<int>(row), 0);
}

const Bookmark &Bookmarks::bookmark(const QModelIndex &index) const
{
    return m_list.at(static_cast<std::size_t>(index.row()));
}

QModelIndex Bookmarks::add(Offset begin, Offset end, const QString &name)
{
    const auto same = std::ranges::find(m_list, std::pair(begin, end), placeOf);
    if (same != m_list.end())
        return indexOf(static_cast<std::size_t>(same - m_list.begin()));
    auto clean = cleanName(name);
    if (!m_file || begin >= end || clean.isEmpty() || m_list.size() >= kMost)
        return {};
    return insert({begin, end, std::move(clean)});
}

QModelIndex Bookmarks::insert(Bookmark bookmark)
{
    const auto place = placeOf(bookmark);
    std::erase_if(m_removed, [&place](const Bookmark &removed) { return placeOf(removed) == place; });
    const auto at = std::ranges::upper_bound(m_list, place, {}, placeOf);
    const auto row = at - m_list.begin();
    beginInsertRows({}, static_cast<int>(row), static_cast<int>(row));
    m_list.insert(at, std::move(bookmark));
    endInsertRows();
    noteChange();
    return indexOf(static_cast<std::size_t>(row));
}

void Bookmarks::remove(const QModelIndex &index)
{
    if (!index.isValid())
        return;
    const auto at = m_list.begin() + index.row();
    beginRemoveRows({}, index.row(), index.row());
    m_removed.push_back(std::move(*at));
    m_list.erase(at);
    endRemoveRows();
    noteChange();
}

std::optional<Bookmark> Bookmarks::lastRemoved() const
{
    return m_removed.empty() || m_list.size() >= kMost ? std::nullopt : std::optional(m_removed.back());
}

QModelIndex Bookmarks::restore()
{
    auto bookmark = lastRemoved();
    return bookmark ? insert(*std::move(bookmark)) : QModelIndex();
}

void Bookmarks::noteChange()
{
    m_keeper.keepBookmarks(*m_file, m_path, m_list);
    Q_EMIT changed();
}

QModelIndex Bookmarks::next(Offset begin, Offset end) const
{
    const auto at = std::ranges::upper_bound(m_list, std::pair(begin, end), {}, placeOf);
    return at != m_list.end() && !isBehindEnd(*at) ? indexOf(static_cast<std::size_t>(at - m_list.begin()))
                                                   : QModelIndex();
}

QModelIndex Bookmarks::previous(Offset begin, Offset end) const
{
    auto at = std::ranges::lower_bound(m_list, std::pair(begin, end), {}, placeOf);
    while (at != m_list.begin()) {
        --at;
        if (!isBehindEnd(*at))
            return indexOf(static_cast<std::size_t>(at - m_list.begin()));
    }
    return {};
}

int Bookmarks::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_list.size());
}

int Bookmarks::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

QVariant Bookmarks::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const auto &bookmark = m_list[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<Column>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Column::Name:
            return bookmark.name;
        case Column::Place:
            return fixedOffsetText(bookmark.begin);
        case Column::Length:
            return groupedText(bookmark.end - bookmark.begin);
        }
        return {};
    case Qt::EditRole:
        return column == Column::Name ? bookmark.name : QVariant();
    case Qt::ToolTipRole:
        return toolTipText(describe(bookmark));
    case Qt::AccessibleDescriptionRole:
        return describe(bookmark);
    case Qt::FontRole:
        return column == Column::Place ? QVariant(QFontDatabase::systemFont(QFontDatabase::FixedFont)) : QVariant();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(alignmentOf(column));
    case BehindEndRole:
        return isBehindEnd(bookmark);
    default:
        return {};
    }
}

QString Bookmarks::describe(const Bookmark &bookmark) const
{
    QStringList lines{bookmark.name};
    lines += tr("%1 to %2 (%3 to %4), %5 bytes")
                 .arg(offsetText(bookmark.begin), offsetText(bookmark.end), groupedText(bookmark.begin.value),
                      groupedText(bookmark.end.value), groupedText(bookmark.end - bookmark.begin));
    if (isBehindEnd(bookmark))
        lines += tr("Lies behind the end of the file, which has %1 now.").arg(exactSizeText(m_fileLength));
    else if (bookmark.end.value > m_fileLength)
        lines += tr("Reaches beyond the end of the file, which has %1 now.").arg(exactSizeText(m_fileLength));
    return lines.join(QLatin1Char('\n'));
}

bool Bookmarks::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid() || role != Qt::EditRole || static_cast<Column>(index.column()) != Column::Name)
        return false;
    auto name = cleanName(value.toString());
    auto &bookmark = m_list[static_cast<std::size_t>(index.row())];
    if (name.isEmpty()) // nothing typed: what it was called stays
        return false;
    if (name == bookmark.name)
        return true;
    bookmark.name = std::move(name);
    Q_EMIT dataChanged(index, index.siblingAtColumn(kColumns - 1));
    noteChange();
    return true;
}

QVariant Bookmarks::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kColumns)
        return {};
    const auto column = static_cast<Column>(section);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(alignmentOf(column));
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case Column::Name:
        return tr("Name");
    case Column::Place:
        return tr("Offset");
    case Column::Length:
        return tr("Length");
    }
    return {};
}

Qt::ItemFlags Bookmarks::flags(const QModelIndex &index) const
{
    auto flags = QAbstractTableModel::flags(index);
    if (index.isValid() && static_cast<Column>(index.column()) == Column::Name)
        flags |= Qt::ItemIsEditable;
    return flags;
}

} // namespace modelvault::ui
