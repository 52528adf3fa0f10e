#include "settings.h"

#include "support/scratch_dir.h"

#include <QSettings>
#include <QTest>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

using namespace modelvault;
using app::Settings;
using ui::Bookmark;

namespace {

constexpr FileIdentity kFile{0xfd01, 0x7fff'ffff'ffff'ffff};
constexpr FileIdentity kOther{0xfd01, 1};

Bookmark bookmark(std::uint64_t begin, std::uint64_t end, const QString &name)
{
    return {{begin}, {end}, name};
}

std::filesystem::path numbered(std::uint64_t no)
{
    return "/data/" + std::to_string(no) + ".mv";
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

    void patternsAreRememberedByKind()
    {
        const QStringList texts{QStringLiteral("Dune, é"), QStringLiteral("a")};
        Settings(true).setFindHistory(ui::FindRequest::Kind::Text, texts);
        Settings(true).setFindHistory(ui::FindRequest::Kind::Regex, {QStringLiteral("a\\d")});
        Settings(false).setFindHistory(ui::FindRequest::Kind::Hex, {QStringLiteral("de")});
        QCOMPARE(Settings(true).findHistory(ui::FindRequest::Kind::Text), texts);
        QCOMPARE(Settings(true).findHistory(ui::FindRequest::Kind::Regex), QStringList({QStringLiteral("a\\d")}));
        QCOMPARE(Settings(true).findHistory(ui::FindRequest::Kind::Hex), QStringList());
        QCOMPARE(Settings(false).findHistory(ui::FindRequest::Kind::Text), QStringList());
    }

    void bookmarksAreKeptByPath()
    {
        const std::vector<Bookmark> kept{
            bookmark(0, 1, QStringLiteral("a")),
            bookmark(0x7fff'ffff'ffff'fff0, 0xffff'ffff'ffff'ffff, QStringLiteral("the end")),
            bookmark(5, 6, QStringLiteral("Größe, \"100 %\"; -1 = \\ 🙂")),
        };
        Settings(true).keepBookmarks(kFile, "/data/a.mv", kept);
        Settings(true).keepBookmarks(kOther, "/data/b.mv", {bookmark(7, 8, QStringLiteral("of b"))});
        QCOMPARE(Settings(true).keptBookmarks(kFile, "/data/a.mv"), kept);
        QCOMPARE(Settings(true).keptBookmarks(kOther, "/data/b.mv").size(), std::size_t{1});
        QVERIFY(Settings(true).keptBookmarks(FileIdentity{1, 1}, "/data/c.mv").empty());
    }

    void aFileThatTookThePlaceOfAnotherKeepsItsBookmarks()
    {
        Settings settings(true);
        settings.keepBookmarks(kFile, "/data/a.mv", m_one);
        // Compacted: written anew beside it and renamed.
        QCOMPARE(settings.keptBookmarks(kOther, "/data/a.mv"), m_one);
        // That one is moved now.
        QCOMPARE(settings.keptBookmarks(kOther, "/backup/a.mv"), m_one);
    }

    void aMovedFileTakesItsBookmarksAlong()
    {
        Settings settings(true);
        settings.keepBookmarks(kFile, "/data/a.mv", m_one);
        QCOMPARE(settings.keptBookmarks(kFile, "/backup/a.mv"), m_one);
        QVERIFY2(settings.keptBookmarks(kOther, "/data/a.mv").empty(), "another one in the old place has none");
        settings.keepBookmarks(kFile, "/backup/a.mv", {});
        QVERIFY2(file().allKeys().isEmpty(), "nothing is left behind");
    }

    void anotherFileWithTheSameIdentityHasNoneOfThem()
    {
        Settings settings(true);
        settings.keepBookmarks(kFile, "/data/a.mv", m_one);
        // a.mv is deleted, and the system gives its inode to the next file.
        QVERIFY(settings.keptBookmarks(kFile, "/data/b.mv").empty());
        const std::vector ofB{bookmark(7, 8, QStringLiteral("of b"))};
        settings.keepBookmarks(kFile, "/data/b.mv", ofB);
        QCOMPARE(settings.keptBookmarks(kOther, "/data/a.mv"), m_one); // made anew
        QCOMPARE(settings.keptBookmarks(kFile, "/data/b.mv"), ofB);
    }

    void aPlaceThatHasBookmarksTakesNoOthers()
    {
        Settings settings(true);
        const std::vector ofBackup{bookmark(7, 8, QStringLiteral("of the backup"))};
        settings.keepBookmarks(kFile, "/data/a.mv", m_one);
        settings.keepBookmarks(kOther, "/backup/a.mv", ofBackup);
        QCOMPARE(settings.keptBookmarks(kFile, "/backup/a.mv"), ofBackup);
    }

    void aFileThatIsKnownTakesItsBookmarksAlongWhereverItGoes()
    {
        const FileOrigin born{kFile, 1'700'000'000'123'456'789};
        Settings settings(true);
        settings.keepBookmarks(born, "/data/a.mv", m_one);
        QCOMPARE(settings.keptBookmarks(born, "/backup/renamed.mv"), m_one);
        // Moved over another that has its own.
        settings.keepBookmarks(FileOrigin(kOther, 5), "/data/b.mv", {bookmark(7, 8, QStringLiteral("of b"))});
        QCOMPARE(settings.keptBookmarks(born, "/data/b.mv"), m_one);
        // Deleted, and its identity given to the next file.
        QVERIFY(settings.keptBookmarks(FileOrigin(kFile, 1'800'000'000'000'000'000), "/data/c.mv").empty());
        // A writer puts a new file in its place.
        QCOMPARE(settings.keptBookmarks(FileOrigin(kOther, 6), "/data/b.mv"), m_one);
    }

    void pathsNeedNotBeUtf8()
    {
        Settings(true).keepBookmarks(kFile, "/data/caf\xe9 & 50%.mv", m_one);
        QCOMPARE(Settings(true).keptBookmarks(kOther, "/data/caf\xe9 & 50%.mv"), m_one);
        QVERIFY(Settings(true).keptBookmarks(kOther, "/data/caf\xe8 & 50%.mv").empty());
        QCOMPARE(Settings(true).keptBookmarks(kOther, "/backup/caf\xe9 & 50%.mv"), m_one);
    }

    void theLastBookmarkTakesTheDatabaseAlong()
    {
        Settings settings(true);
        settings.keepBookmarks(kFile, "/data/a.mv", m_one);
        settings.keepBookmarks(kFile, "/data/a.mv", {});
        QVERIFY(settings.keptBookmarks(kFile, "/data/a.mv").empty());
        QVERIFY(file().allKeys().filter(QStringLiteral("bookmarks")).isEmpty());
    }

    void whatWasUsedLongAgoIsForgotten()
    {
        Settings settings(true);
        for (std::uint64_t no = 0; no < Settings::kMostBookmarkedFiles; ++no)
            settings.keepBookmarks(FileIdentity{1, no}, numbered(no), m_one);
        const auto isKept = [&](std::uint64_t no) { return !settings.keptBookmarks(FileIdentity{1, no}, numbered(no)).empty(); };
        QVERIFY(isKept(0)); // looked at, which is a use
        settings.keepBookmarks(FileIdentity{1, 1000}, numbered(1000), m_one);
        settings.keepBookmarks(FileIdentity{1, 1001}, numbered(1001), m_one);
        QVERIFY(isKept(0));
        QVERIFY(!isKept(1));
        QVERIFY(!isKept(2));
        QVERIFY(isKept(3));
        QVERIFY(isKept(1001));
        auto there = file();
        there.beginGroup(QStringLiteral("bookmarks"));
        QCOMPARE(there.childGroups().size(), qsizetype(Settings::kMostBookmarkedFiles));
    }

    void damagedEntriesAreNotThere()
    {
        Settings(true).keepBookmarks(kFile, "/data/a.mv", m_one);
        {
            auto there = file();
            const auto places = there.allKeys().filter(QStringLiteral("/places"));
            QCOMPARE(places.size(), 1);
            const auto group = places.front().chopped(qsizetype(sizeof("places") - 1));
            there.setValue(group + QStringLiteral("places"),
                           QStringList{QStringLiteral("5-6 sound"), QStringLiteral("nonsense"), QString(),
                                       QStringLiteral("5 no end"), QStringLiteral("-5-6 negative"),
                                       QStringLiteral("0x5-0x6 hex"),
                                       QStringLiteral("18446744073709551616-7 too large"),
                                       QStringLiteral("5-6-7 three"), QStringLiteral("7-9 also sound")});
            there.setValue(group + QStringLiteral("use"), QStringLiteral("often"));
            there.setValue(QStringLiteral("bookmarks/1-1/use"), QStringLiteral("18446744073709551615"));
            there.setValue(QStringLiteral("bookmarks/1-2/file"), QStringLiteral("1-2"));
            there.setValue(QStringLiteral("bookmarks/1-2/path"), QStringLiteral("/data/b.mv"));
            there.setValue(QStringLiteral("bookmarks/1-2/places"), 17);
            there.setValue(QStringLiteral("bookmarks/1-3"), QStringLiteral("no group"));
        }
        Settings settings(true);
        const std::vector sound{bookmark(5, 6, QStringLiteral("sound")), bookmark(7, 9, QStringLiteral("also sound"))};
        QCOMPARE(settings.keptBookmarks(kFile, "/data/a.mv"), sound);
        for (std::uint64_t inode = 1; inode <= 3; ++inode)
            QVERIFY(settings.keptBookmarks(FileIdentity{1, inode}, "/backup/b.mv").empty());
        // Nor do they keep others from being kept.
        constexpr auto kLast = 2 * Settings::kMostBookmarkedFiles;
        for (std::uint64_t no = 0; no <= kLast; ++no)
            settings.keepBookmarks(FileIdentity{1, no}, numbered(no), m_one);
        QVERIFY(!settings.keptBookmarks(FileIdentity{1, kLast}, numbered(kLast)).empty());
    }

    void withoutRememberingTheyAreKeptForTheMoment()
    {
        Settings settings(false);
        settings.keepBookmarks(kFile, "/data/a.mv", m_one);
        QCOMPARE(settings.keptBookmarks(kFile, "/data/a.mv"), m_one);
        QVERIFY(Settings(false).keptBookmarks(kFile, "/data/a.mv").empty());
        QVERIFY(Settings(true).keptBookmarks(kFile, "/data/a.mv").empty());
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

    void filtersAreRemembered()
    {
        const QStringList filters{QStringLiteral("key == \"a, b\""), QStringLiteral("type == record")};
        QVERIFY(Settings(true).filters().isEmpty());
        Settings(true).setFilters(filters);
        QCOMPARE(Settings(true).filters(), filters);
        Settings(false).setFilters({});
        QVERIFY(Settings(false).filters().isEmpty());
        QCOMPARE(Settings(true).filters(), filters);
    }

private:
    const std::vector<Bookmark> m_one{bookmark(5, 6, QStringLiteral("one"))};
    std::optional<test::ScratchDir> m_folder;
};

QTEST_GUILESS_MAIN(SettingsTest)
#include "settings_test.moc"
