#include "settings.h"

#include "support/scratch_dir.h"

#include <QSettings>
#include <QTest>

#include <optional>

using namespace modelvault;
using app::Settings;
using ui::Bookmark;

namespace {

constexpr FileIdentity kFile{0xfd01, 0x7fff'ffff'ffff'ffff};

Bookmark bookmark(std::uint64_t begin, std::uint64_t end, const QString &name)
{
    return {{begin}, {end}, name};
}

/// The file itself, as somebody may edit it.
QSettings file()
{
    return QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("modelvault"),
                     QStringLiteral("viewer"));
}

} // namespace

class SettingsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder.emplace();
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope,
                           QString::fromStdString(m_folder->path().native()));
    }

    void bookmarksAreKeptByIdentity()
    {
        const std::vector<Bookmark> kept{
            bookmark(0, 1, QStringLiteral("a")),
            bookmark(0x7fff'ffff'ffff'fff0, 0xffff'ffff'ffff'ffff, QStringLiteral("the end")),
            bookmark(5, 6, QStringLiteral("Größe, \"100 %\"; -1 = \\ 🙂")),
        };
        Settings(true).keepBookmarks(kFile, "/data/a.mv", kept);
        Settings(true).keepBookmarks({kFile.device, 1}, "/data/b.mv", {bookmark(7, 8, QStringLiteral("of b"))});
        QCOMPARE(Settings(true).keptBookmarks(kFile), kept);
        QCOMPARE(Settings(true).keptBookmarks({kFile.device, 1}).size(), std::size_t{1});
        QVERIFY(Settings(true).keptBookmarks({1, kFile.inode}).empty());
        QCOMPARE(file().value(QStringLiteral("bookmarks/fd01-7fffffffffffffff/path")).toString(),
                 QStringLiteral("/data/a.mv"));
    }

    void theLastBookmarkTakesTheDatabaseAlong()
    {
        Settings settings(true);
        settings.keepBookmarks(kFile, "/data/a.mv", {bookmark(5, 6, QStringLiteral("one"))});
        settings.keepBookmarks(kFile, "/data/a.mv", {});
        QVERIFY(settings.keptBookmarks(kFile).empty());
        QVERIFY(file().allKeys().filter(QStringLiteral("bookmarks")).isEmpty());
    }

    void whatWasUsedLongAgoIsForgotten()
    {
        Settings settings(true);
        const auto keep = [&](std::uint64_t inode) {
            settings.keepBookmarks({1, inode}, "/data/a.mv", {bookmark(5, 6, QStringLiteral("one"))});
        };
        for (std::uint64_t inode = 0; inode < Settings::kMostBookmarkedFiles; ++inode)
            keep(inode);
        QVERIFY(!settings.keptBookmarks({1, 0}).empty()); // looked at, which is a use
        keep(1000);
        keep(1001);
        QVERIFY(!settings.keptBookmarks({1, 0}).empty());
        QVERIFY(settings.keptBookmarks({1, 1}).empty());
        QVERIFY(settings.keptBookmarks({1, 2}).empty());
        QVERIFY(!settings.keptBookmarks({1, 3}).empty());
        QVERIFY(!settings.keptBookmarks({1, 1001}).empty());
        auto there = file();
        there.beginGroup(QStringLiteral("bookmarks"));
        QCOMPARE(there.childGroups().size(), qsizetype(Settings::kMostBookmarkedFiles));
    }

    void damagedEntriesAreNotThere()
    {
        {
            auto there = file();
            there.setValue(QStringLiteral("bookmarks/fd01-7fffffffffffffff/places"),
                           QStringList{QStringLiteral("5-6 sound"), QStringLiteral("nonsense"), QString(),
                                       QStringLiteral("5 no end"), QStringLiteral("-5-6 negative"),
                                       QStringLiteral("0x5-0x6 hex"),
                                       QStringLiteral("18446744073709551616-7 too large"),
                                       QStringLiteral("5-6-7 three"), QStringLiteral("7-9 also sound")});
            there.setValue(QStringLiteral("bookmarks/fd01-7fffffffffffffff/use"), QStringLiteral("often"));
            there.setValue(QStringLiteral("bookmarks/1-1/use"), QStringLiteral("18446744073709551615"));
            there.setValue(QStringLiteral("bookmarks/1-2/places"), 17);
            there.setValue(QStringLiteral("bookmarks/1-3"), QStringLiteral("no group"));
        }
        Settings settings(true);
        QCOMPARE(settings.keptBookmarks(kFile),
                 (std::vector{bookmark(5, 6, QStringLiteral("sound")), bookmark(7, 9, QStringLiteral("also sound"))}));
        for (std::uint64_t inode = 1; inode <= 3; ++inode)
            QVERIFY(settings.keptBookmarks({1, inode}).empty());
        // Nor do they keep others from being kept.
        for (std::uint64_t inode = 10; inode < 10 + 2 * Settings::kMostBookmarkedFiles; ++inode)
            settings.keepBookmarks({1, inode}, "/data/a.mv", {bookmark(5, 6, QStringLiteral("one"))});
        QVERIFY(!settings.keptBookmarks({1, 9 + 2 * Settings::kMostBookmarkedFiles}).empty());
    }

    void withoutRememberingTheyAreKeptForTheMoment()
    {
        Settings settings(false);
        const std::vector kept{bookmark(5, 6, QStringLiteral("one"))};
        settings.keepBookmarks(kFile, "/data/a.mv", kept);
        QCOMPARE(settings.keptBookmarks(kFile), kept);
        QVERIFY(Settings(false).keptBookmarks(kFile).empty());
        QVERIFY(Settings(true).keptBookmarks(kFile).empty());
        QVERIFY(file().allKeys().isEmpty());
    }

    void theByteOrderIsLittleUntilItIsChosen()
    {
        QCOMPARE(Settings(true).byteOrder(), ui::ByteOrder::Little);
        Settings(true).setByteOrder(ui::ByteOrder::Big);
        QCOMPARE(Settings(true).byteOrder(), ui::ByteOrder::Big);
        QCOMPARE(Settings(false).byteOrder(), ui::ByteOrder::Little);
        Settings(false).setByteOrder(ui::ByteOrder::Little);
        QCOMPARE(Settings(true).byteOrder(), ui::ByteOrder::Big);
    }

private:
    std::optional<test::ScratchDir> m_folder;
};

QTEST_GUILESS_MAIN(SettingsTest)
#include "settings_test.moc"
