#include "settings.h"

#include <QCryptographicHash>

#include <algorithm>
#include <optional>
#include <utility>

namespace modelvault::app {
namespace {

constexpr const char *kGeometry = "window/geometry";
constexpr const char *kState = "window/state";
constexpr const char *kTheme = "window/theme";
constexpr const char *kRecentFiles = "recentFiles";
constexpr const char *kBytesPerLine = "hex/bytesPerLine";
constexpr const char *kGroupSize = "hex/groupSize";
constexpr const char *kDecimal = "hex/decimalAddresses";
constexpr const char *kUtf8 = "hex/utf8";
constexpr const char *kZoom = "hex/zoom";
constexpr const char *kBigEndian = "inspector/bigEndian";
constexpr const char *kLogColumns = "log/columns";
// As in FindRequest::Kind.
constexpr const char *kFindHistory[] = {"find/text", "find/hex", "find/number", "find/regex"};
constexpr const char *kFilters = "log/filters";
// One group a path, named by its digest: slashes would part the name of a group.
constexpr const char *kBookmarks = "bookmarks";
constexpr const char *kPath = "/path";
constexpr const char *kFile = "/file"; // its identity
constexpr const char *kPlaces = "/places";
constexpr const char *kUse = "/use";                         // the larger, the later
constexpr std::uint64_t kMostUses = std::uint64_t{1} << 53U; // more was never counted

// Settings files hold text: bytes that are no UTF-8 are written as in an address.
QString encoded(const std::filesystem::path &path)
{
#ifdef _WIN32
    return QString::fromStdWString(path.native());
#else
    return QString::fromLatin1(QByteArray::fromStdString(path.native()).toPercentEncoding("/ "));
#endif
}

std::filesystem::path decoded(const QString &text)
{
#ifdef _WIN32
    return text.toStdWString();
#else
    return QByteArray::fromPercentEncoding(text.toLatin1()).toStdString();
#endif
}

QString encoded(const FileOrigin &file)
{
    const auto identity = QStringLiteral("%1-%2").arg(file.identity.device, 0, 16).arg(file.identity.inode, 0, 16);
    return file.born ? QStringLiteral("%1-%2").arg(identity).arg(*file.born) : identity;
}

QString bookmarksGroup(const std::filesystem::path &path)
{
    const auto digest = QCryptographicHash::hash(encoded(path).toUtf8(), QCryptographicHash::Sha256);
    return QLatin1String(kBookmarks) + QLatin1Char('/') + QLatin1String(digest.toHex());
}

/// "8849-8946 a name": offsets in decimal, the end exclusive.
QString encoded(const ui::Bookmark &bookmark)
{
    return QStringLiteral("%1-%2 ").arg(bookmark.begin.value).arg(bookmark.end.value) + bookmark.name;
}

std::optional<ui::Bookmark> decodedBookmark(const QString &text)
{
    const QString place = text.section(QLatin1Char(' '), 0, 0);
    bool hasBegin = false;
    bool hasEnd = false;
    ui::Bookmark bookmark{.begin = {place.section(QLatin1Char('-'), 0, 0).toULongLong(&hasBegin)},
                          .end = {place.section(QLatin1Char('-'), 1).toULongLong(&hasEnd)},
                          .name = text.section(QLatin1Char(' '), 1)};
    return hasBegin && hasEnd ? std::optional(std::move(bookmark)) : std::nullopt;
}

} // namespace

Settings::Settings(bool remembers)
    : m_settings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("modelvault"), QStringLiteral("viewer")),
      m_remembers(remembers)
{ }

QByteArray Settings::geometry() const
{
    return m_remembers ? m_settings.value(QLatin1String(kGeometry)).toByteArray() : QByteArray();
}

QByteArray Settings::windowState() const
{
    return m_remembers ? m_settings.value(QLatin1String(kState)).toByteArray() : QByteArray();
}

void Settings::setWindow(const QByteArray &geometry, const QByteArray &state)
{
    if (!m_remembers)
        return;
    m_settings.setValue(QLatin1String(kGeometry), geometry);
    m_settings.setValue(QLatin1String(kState), state);
}

int Settings::number(const char *key, int otherwise) const
{
    bool isNumber = false;
    const int value = m_remembers ? m_settings.value(QLatin1String(key)).toInt(&isNumber) : 0;
    return isNumber ? value : otherwise;
}

Theme Settings::theme() const
{
    return static_cast<Theme>(std::clamp(number(kTheme, 0), 0, static_cast<int>(Theme::Dark)));
}

void Settings::setTheme(Theme theme)
{
    if (m_remembers)
        m_settings.setValue(QLatin1String(kTheme), static_cast<int>(theme));
}

ui::HexView::Options Settings::hexOptions() const
{
    using ui::HexLayout;
    using ui::HexView;
    const HexView::Options usual;
    const int zoom = number(kZoom, usual.zoom);
    return {.bytesPerLine = number(kBytesPerLine, usual.bytesPerLine),
            .groupSize = number(kGroupSize, usual.groupSize),
            .addresses = number(kDecimal, 0) != 0 ? HexLayout::Addresses::Decimal : HexLayout::Addresses::Hex,
            .text = number(kUtf8, 0) != 0 ? HexView::TextEncoding::Utf8 : HexView::TextEncoding::Ascii,
            .zoom = std::abs(std::int64_t{zoom}) <= HexView::kMostZoom ? zoom : usual.zoom};
}

void Settings::setHexOptions(const ui::HexView::Options &options)
{
    if (!m_remembers)
        return;
    m_settings.setValue(QLatin1String(kBytesPerLine), options.bytesPerLine);
    m_settings.setValue(QLatin1String(kGroupSize), options.groupSize);
    m_settings.setValue(QLatin1String(kDecimal), options.addresses == ui::HexLayout::Addresses::Decimal ? 1 : 0);
    m_settings.setValue(QLatin1String(kUtf8), options.text == ui::HexView::TextEncoding::Utf8 ? 1 : 0);
    m_settings.setValue(QLatin1String(kZoom), options.zoom);
}

ui::ByteOrder Settings::byteOrder() const
{
    return number(kBigEndian, 0) != 0 ? ui::ByteOrder::Big : ui::ByteOrder::Little;
}

void Settings::setByteOrder(ui::ByteOrder order)
{
    if (m_remembers)
        m_settings.setValue(QLatin1String(kBigEndian), order == ui::ByteOrder::Big ? 1 : 0);
}

QByteArray Settings::logColumns() const
{
    return m_remembers ? m_settings.value(QLatin1String(kLogColumns)).toByteArray() : QByteArray();
}

void Settings::setLogColumns(const QByteArray &state)
{
    if (m_remembers && !state.isEmpty())
        m_settings.setValue(QLatin1String(kLogColumns), state);
}

QStringList Settings::findHistory(ui::FindRequest::Kind kind) const
{
    return m_remembers ? m_settings.value(QLatin1String(kFindHistory[std::to_underlying(kind)])).toStringList()
                       : QStringList();
}

void Settings::setFindHistory(ui::FindRequest::Kind kind, const QStringList &patterns)
{
    if (m_remembers)
        m_settings.setValue(QLatin1String(kFindHistory[std::to_underlying(kind)]), patterns);
}

QStringList Settings::filters() const
{
    return m_remembers ? m_settings.value(QLatin1String(kFilters)).toStringList() : QStringList();
}

void Settings::setFilters(const QStringList &filters)
{
    if (m_remembers)
        m_settings.setValue(QLatin1String(kFilters), filters);
}

std::vector<std::filesystem::path> Settings::recentFiles() const
{
    std::vector<std::filesystem::path> files;
    if (!m_remembers)
        return files;
    for (const auto &text : m_settings.value(QLatin1String(kRecentFiles)).toStringList()) {
        if (files.size() < kMostRecentFiles && !text.isEmpty())
            files.push_back(decoded(text));
    }
    return files;
}

void Settings::addRecentFile(const std::filesystem::path &path)
{
    if (!m_remembers)
        return;
    auto files = recentFiles();
    std::erase(files, path);
    files.insert(files.begin(), path);
    QStringList texts;
    for (std::size_t i = 0; i < std::min(files.size(), kMostRecentFiles); ++i)
        texts += encoded(files[i]);
    m_settings.setValue(QLatin1String(kRecentFiles), texts);
}

void Settings::clearRecentFiles()
{
    if (m_remembers)
        m_settings.remove(QLatin1String(kRecentFiles));
}

std::vector<ui::Bookmark> Settings::keptBookmarks(const FileOrigin &file, const std::filesystem::path &path)
{
    if (!m_remembers)
        return m_bookmarks[path];
    const auto group = groupOf(file, path);
    if (group.isNull())
        return {};
    const auto places = m_settings.value(group + QLatin1String(kPlaces)).toStringList();
    std::vector<ui::Bookmark> bookmarks;
    for (const auto &text : places) {
        if (auto bookmark = decodedBookmark(text))
            bookmarks.push_back(*std::move(bookmark));
    }
    if (bookmarks.empty())
        return bookmarks;
    if (group != bookmarksGroup(path))
        m_settings.remove(group);
    writeBookmarks(file, path, places);
    return bookmarks;
}

void Settings::keepBookmarks(const FileOrigin &file, const std::filesystem::path &path,
                             const std::vector<ui::Bookmark> &bookmarks)
{
    if (!m_remembers) {
        m_bookmarks[path] = bookmarks;
        return;
    }
    if (bookmarks.empty()) {
        m_settings.remove(bookmarksGroup(path));
        return;
    }
    QStringList places;
    for (const auto &bookmark : bookmarks)
        places += encoded(bookmark);
    writeBookmarks(file, path, places);
}

void Settings::writeBookmarks(const FileOrigin &file, const std::filesystem::path &path, const QStringList &places)
{
    const auto group = bookmarksGroup(path);
    m_settings.setValue(group + QLatin1String(kPath), encoded(path));
    m_settings.setValue(group + QLatin1String(kFile), encoded(file));
    m_settings.setValue(group + QLatin1String(kPlaces), places);
    noteUse(group);
}

QStringList Settings::bookmarkGroups() const
{
    m_settings.beginGroup(QLatin1String(kBookmarks));
    QStringList groups = m_settings.childGroups();
    m_settings.endGroup();
    for (auto &each : groups)
        each.prepend(QLatin1String(kBookmarks) + QLatin1Char('/'));
    return groups;
}

QString Settings::groupOf(const FileOrigin &file, const std::filesystem::path &path) const
{
    const auto ofPath = bookmarksGroup(path);
    const bool isPathKnown = m_settings.contains(ofPath + QLatin1String(kPlaces));
    if (isPathKnown && !file.born)
        return ofPath;
    const auto groups = bookmarkGroups();
    const auto found = std::ranges::find_if(groups, [&](const QString &group) {
        const auto pathBefore = decoded(m_settings.value(group + QLatin1String(kPath)).toString());
        return m_settings.value(group + QLatin1String(kFile)).toString() == encoded(file)
            && (file.born || pathBefore.filename() == path.filename());
    });
    if (found != groups.end())
        return *found;
    return isPathKnown ? ofPath : QString();
}

void Settings::noteUse(const QString &group)
{
    const auto useOf = [this](const QString &each) {
        const auto use = m_settings.value(each + QLatin1String(kUse)).toULongLong();
        return use < kMostUses ? use : 0;
    };
    auto groups = bookmarkGroups();
    groups.removeAll(group);
    std::ranges::stable_sort(groups, std::greater(), useOf); // the last used first
    const auto last = groups.isEmpty() ? 0 : useOf(groups.front());
    m_settings.setValue(group + QLatin1String(kUse), last + 1);
    while (groups.size() >= static_cast<qsizetype>(kMostBookmarkedFiles))
        m_settings.remove(groups.takeLast());
}

} // namespace modelvault::app
