// What becomes of schemas, in words.

#include "models/schema_picture.h"

#include "sample/schema.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <string>

namespace modelvault::ui {
namespace {

using Mark = SchemaLine::Mark;
using sample::field;
using sample::index;
using sample::object;
using sample::oneOf;
using sample::optional;
using sample::unique;

/// One line each, indented; marks in front.
void dump(const std::vector<SchemaLine> &lines, int depth, QString &out)
{
    static const QMap<Mark, QString> kSigns{
        {Mark::PrimaryKey, QStringLiteral("key ")}, {Mark::UniqueIndex, QStringLiteral("1 ")},
        {Mark::Index, QStringLiteral("n ")},        {Mark::Added, QStringLiteral("+ ")},
        {Mark::Removed, QStringLiteral("- ")},      {Mark::Changed, QStringLiteral("~ ")}};
    for (const auto &line : lines) {
        auto cells = line.cells;
        cells.removeAll(QString());
        out += QString(2 * depth, QLatin1Char(' ')) + kSigns.value(line.mark) + cells.join(QStringLiteral(" | "))
            + QLatin1Char('\n');
        dump(line.below, depth + 1, out);
    }
}

QString dumped(const std::vector<SchemaLine> &lines)
{
    QString out;
    dump(lines, 0, out);
    return out;
}

SchemaVersion version(std::uint32_t number, std::vector<FieldDefinition> fields,
                      std::vector<IndexDefinition> indexes = {})
{
    return {.number = number,
            .fields = std::move(fields),
            .indexes = std::move(indexes),
            .place = {.segment = {number}, .payload = {0x2000 + number * 0x100}, .transaction = TransactionNo{number}}};
}

Collection books(std::vector<SchemaVersion> versions)
{
    return {.id = 1, .name = "books", .primaryField = "id", .versions = std::move(versions)};
}

SchemaPicture pictureOf(const Collection &collection, std::optional<std::size_t> before = {},
                        std::optional<std::size_t> after = {})
{
    static const CatalogHistory kHistory;
    return schemaPicture(collection, before, after, kHistory);
}

const FieldDefinition kId = field({"id"}, TypeTag::Int64);
const FieldDefinition kTitle = field({"title"}, TypeTag::String);
const FieldDefinition kNote = field({"note"}, optional(TypeTag::String));

} // namespace

class SchemaPictureTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fieldsSayTheirTypesAndRules();
    void whatTypesHoldLiesBelowThem();
    void theNewestVersionIsComparedWithTheOneBefore();
    void everyChangeSaysWhatItAsksOfRows_data();
    void everyChangeSaysWhatItAsksOfRows();
    void anyTwoVersionsAreCompared();
    void oneVersionAloneIsComparedWithNothing();
    void versionsComeNewestFirst();
    void manyVersionsAreLeftOut();
    void theJsonIsThatOfTheCommandLine();
    void namesOfTheFileAreMadeHarmless();
    void whatIsTooMuchIsSaid();
};

void SchemaPictureTest::fieldsSayTheirTypesAndRules()
{
    auto year = field({"year"}, TypeTag::Int64, {{.kind = ConstraintKind::MinInt64, .value = std::int64_t{1450}}});
    const auto picture =
        pictureOf(books({version(1, {kId, year}, {unique("by_id", {"id"}), index("by_year", {"year"})})}));
    QCOMPARE(dumped(picture.fields),
             QStringLiteral("Fields (2)\n"
                            "  key id | int64, primary key\n"
                            "  year | int64 | min_i64 1450\n"
                            "Indexes (2)\n"
                            "  1 by_id | unique | of id\n"
                            "  n by_year | not unique | of year\n"));
}

void SchemaPictureTest::whatTypesHoldLiesBelowThem()
{
    const auto address = object({{.path = {{"city"}}, .type = sample::type(TypeTag::String)}});
    const auto picture = pictureOf(books({version(
        1, {kId, field({"kind"}, oneOf({"novel", "poetry"})), field({"home"}, optional(sample::listOf(address)))})}));
    QCOMPARE(dumped(picture.fields),
             QStringLiteral("Fields (3)\n"
                            "  key id | int64, primary key\n"
                            "  kind | enum(novel, poetry)\n"
                            "    novel | variant\n"
                            "    poetry | variant\n"
                            "  home | optional<list<object{city: string}>>\n"
                            "    city | string\n"
                            "Indexes (0)\n"));
}

void SchemaPictureTest::theNewestVersionIsComparedWithTheOneBefore()
{
    const auto picture = pictureOf(books({version(1, {kId}), version(2, {kId, kTitle}),
                                          version(3, {kId, kTitle, kNote}, {unique("by_title", {"title"})})}));
    QCOMPARE(picture.before, std::optional<std::size_t>(1));
    QCOMPARE(picture.after, std::size_t{2});
    QCOMPARE(picture.summary, QStringLiteral("needs migration: 2 changes"));
    QCOMPARE(dumped(picture.changes),
             QStringLiteral("Changed (2)\n"
                            "  + field added | note | – | optional<string> | safe: rows without it have none\n"
                            "  + index added | by_title | – | unique, of title | needs migration: two rows may have "
                            "the same key\n"
                            "The same (2)\n"
                            "  field | id | int64 | int64\n"
                            "  field | title | string | string\n"));
}

void SchemaPictureTest::everyChangeSaysWhatItAsksOfRows_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("summary");
    const auto row = [](const char *name, const QString &line, const QString &summary) {
        QTest::newRow(name) << line << summary;
    };
    row("removed",
        QStringLiteral("- field removed | title | string | – | breaking: what rows hold there has no place any more"),
        QStringLiteral("breaking: 1 change"));
    row("required", QStringLiteral("+ field added | year | – | uint64 | needs migration: rows have no value for it"),
        QStringLiteral("needs migration: 1 change"));
    row("type",
        QStringLiteral("~ type changed | title | string | bytes | breaking: what rows hold there is of the other type"),
        QStringLiteral("breaking: 1 change"));
    row("constraint",
        QStringLiteral("~ constraints changed | title | no constraints | nonempty | breaking: what rows hold there "
                       "may not be allowed"),
        QStringLiteral("breaking: 1 change"));
    row("index", QStringLiteral("+ index added | i | – | not unique, of title | safe: rows stay as they are"),
        QStringLiteral("safe: 1 change"));
    row("no index", QStringLiteral("- index removed | old | unique, of id | – | safe: rows stay as they are"),
        QStringLiteral("safe: 1 change"));
}

void SchemaPictureTest::everyChangeSaysWhatItAsksOfRows()
{
    QFETCH(const QString, line);
    QFETCH(const QString, summary);
    const std::string name = QTest::currentDataTag();
    const auto first = version(1, {kId, kTitle}, {unique("old", {"id"})});
    auto second = version(2, first.fields, first.indexes);
    if (name == "removed")
        second.fields.pop_back();
    else if (name == "required")
        second.fields.push_back(field({"year"}, TypeTag::Uint64));
    else if (name == "type")
        second.fields.back().type.tag = TypeTag::Bytes;
    else if (name == "constraint")
        second.fields.back().constraints = {{.kind = ConstraintKind::NotEmpty, .value = {}}};
    else if (name == "index")
        second.indexes.push_back(index("i", {"title"}));
    else
        second.indexes.clear();
    const auto picture = pictureOf(books({first, second}));
    QCOMPARE(dumped(picture.changes).section(QLatin1Char('\n'), 1, 1).trimmed(), line);
    QCOMPARE(picture.summary, summary);
    QCOMPARE(picture.versions.front().changes, summary);
}

void SchemaPictureTest::anyTwoVersionsAreCompared()
{
    const auto collection = books({version(1, {kId}), version(2, {kId, kTitle}), version(3, {kId, kTitle, kNote})});
    const auto forward = pictureOf(collection, 0, 2);
    QCOMPARE(forward.summary, QStringLiteral("needs migration: 2 changes"));
    const auto back = pictureOf(collection, 2, 0);
    QCOMPARE(back.summary, QStringLiteral("breaking: 2 changes"));
    QVERIFY(dumped(back.fields).startsWith(QStringLiteral("Fields (1)\n")));
    QCOMPARE(pictureOf(collection, 1, 1).summary, QStringLiteral("nothing changed"));
}

void SchemaPictureTest::oneVersionAloneIsComparedWithNothing()
{
    const auto picture = pictureOf(books({version(1, {kId})}));
    QCOMPARE(picture.before, std::nullopt);
    QVERIFY(picture.changes.empty());
    QVERIFY(picture.summary.isEmpty());
    QCOMPARE(picture.versions.front().changes, QStringLiteral("the first"));
}

void SchemaPictureTest::versionsComeNewestFirst()
{
    const auto picture = pictureOf(books({version(1, {kId}), version(2, {kId, kTitle})}));
    QCOMPARE(picture.versions.size(), std::size_t{2});
    QCOMPARE(picture.versions[0].name, QStringLiteral("Version 2"));
    QCOMPARE(picture.versions[0].version, std::size_t{1});
    QCOMPARE(picture.versions[0].begin, (Offset{0x2200 - SegmentHeader::kSize}));
    QCOMPARE(picture.versions[1].name, QStringLiteral("Version 1"));
}

void SchemaPictureTest::manyVersionsAreLeftOut()
{
    std::vector<SchemaVersion> versions;
    for (std::uint32_t i = 1; i <= kMostVersions + 5; ++i)
        versions.push_back(version(i, {kId}));
    const auto picture = pictureOf(books(std::move(versions)));
    QCOMPARE(picture.versions.size(), kMostVersions);
    QCOMPARE(picture.versions.front().name, QStringLiteral("Version 1005"));
    QCOMPARE(picture.leftOut, QStringLiteral("The 5 oldest versions are left out."));
}

void SchemaPictureTest::theJsonIsThatOfTheCommandLine()
{
    const auto collection = books({version(1, {kId}), version(2, {kId, kTitle})});
    const auto json = nlohmann::json::parse(pictureOf(collection).json.toStdString());
    QVERIFY(json["version"] == 2);
    QVERIFY(json["class"] == "needs_migration");
    QVERIFY(json["changes"][0]["after"]["path"] == nlohmann::json::array({"title"}));
    QVERIFY(!nlohmann::json::parse(pictureOf(collection, {}, 0).json.toStdString()).contains("changes"));
}

void SchemaPictureTest::namesOfTheFileAreMadeHarmless()
{
    const auto picture =
        pictureOf(books({version(1, {kId, field({"a\nb\u202e"}, oneOf({"x\ty"}))}, {index("i\n", {"a\nb\u202e"})})}));
    const auto text = dumped(picture.fields);
    QCOMPARE(text.count(QLatin1Char('\n')), 6); // one for each line
    QVERIFY(!text.contains(QChar(0x202e)));
    QVERIFY(!text.contains(QLatin1Char('\t')));
}

void SchemaPictureTest::whatIsTooMuchIsSaid()
{
    const auto many = oneOf(std::vector<std::string>(60'000, "v"));
    const auto picture = pictureOf(books({version(1, {kId, field({"kind"}, many)})}));
    const auto &kind = picture.fields.front().below.back();
    QCOMPARE(kind.below.size(), std::size_t{101});
    QVERIFY(kind.below.back().cells.front().startsWith(QStringLiteral("and 59")));
    QVERIFY(picture.json.contains(QStringLiteral("too many to show here")));

    std::vector<IndexDefinition> indexes(6000, index("i", {"id"}));
    const auto indexed = pictureOf(books({version(1, {kId}, indexes)}));
    QCOMPARE(indexed.fields.back().below.size(), std::size_t{5001});
    QVERIFY(indexed.json.contains(QStringLiteral("(the first ")));
}

} // namespace modelvault::ui

QTEST_GUILESS_MAIN(modelvault::ui::SchemaPictureTest)
#include "schema_picture_test.moc"
