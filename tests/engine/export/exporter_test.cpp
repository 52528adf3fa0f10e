// What is exported is what the rows say, and a file is there whole or not at all.

#include "export/exporter.h"

#include "database/database_writer.h"
#include "database/row_reader.h"
#include "export/value_text.h"
#include "sample/schema.h"
#include "store/fault_store.h"
#include "support/corpus.h"
#include "support/read_back.h"
#include "support/results.h"
#include "support/scanned.h"
#include "support/scratch_dir.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <set>

#include <unistd.h>

namespace modelvault {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using sample::field;
using sample::none;
using sample::object;
using sample::optional;
using sample::some;
using sample::text;
using test::CsvLine;
using test::outcome;
using test::Scanned;
using test::ScratchDir;
using test::SqliteBlob;
using test::SqliteFile;
using test::SqliteRow;
using test::SqliteValue;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string contentOf(const fs::path &path)
{
    const auto bytes = test::readFile(path);
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

std::set<std::string> namesIn(const fs::path &folder)
{
    std::set<std::string> names;
    for (const auto &entry : fs::directory_iterator(folder))
        names.insert(entry.path().filename().native());
    return names;
}

/// Writes a database in memory; a verb that fails fails the test.
class Database {
public:
    Database &collection(const std::string &name, std::vector<FieldDefinition> fields, const std::string &primaryField)
    {
        EXPECT_EQ(outcome(m_writer.createCollection(name, std::move(fields), {}, primaryField)), "ok");
        ++m_collections;
        return *this;
    }
    /// Into the collection that came last.
    Database &row(const RowValues &values)
    {
        EXPECT_EQ(outcome(m_writer.write(m_collections, values)), "ok");
        return *this;
    }
    Database &change(std::vector<FieldDefinition> fields)
    {
        EXPECT_EQ(outcome(m_writer.changeCollection(m_collections, std::move(fields), {})), "ok");
        return *this;
    }
    Database &remove(const Value &key)
    {
        EXPECT_EQ(m_writer.remove(m_collections, key), true);
        return *this;
    }

    [[nodiscard]] std::vector<std::byte> bytes()
    {
        auto &memory = dynamic_cast<MemoryStore &>(m_writer.store());
        return {memory.view().begin(), memory.view().end()};
    }
    [[nodiscard]] Scanned scanned() { return Scanned(bytes()); }

private:
    DatabaseWriter m_writer = DatabaseWriter::create(std::make_unique<MemoryStore>()).value();
    std::uint32_t m_collections = 0;
};

Database books(int count = 2)
{
    Database database;
    database.collection("books", {field({"title"}, TypeTag::String), field({"year"}, TypeTag::Int64)}, "title");
    for (int i = 0; i < count; ++i)
        database.row({text("book " + std::to_string(i)), {std::int64_t{1900} + i}});
    return database;
}

std::vector<ExportPart> allOf(const Scanned &scanned)
{
    std::vector<ExportPart> parts;
    for (const auto &[id, collection] : scanned.catalog().catalog().collections())
        parts.push_back({.collectionId = id});
    return parts;
}

Result<ExportSummary> exportAll(const Scanned &scanned, const ExportTarget &target, const Progress &progress = {})
{
    return exportRows(*scanned.store, scanned.snapshot, allOf(scanned), target, progress);
}

std::string exported(const Scanned &scanned, ExportFormat format, std::uint32_t collectionId = 1)
{
    const ScratchDir dir;
    const std::vector<ExportPart> parts{{.collectionId = collectionId}};
    EXPECT_EQ(outcome(exportRows(*scanned.store, scanned.snapshot, parts, {.path = dir / "it", .format = format})),
              "ok");
    return contentOf(dir / "it");
}

// --- There and back again ---

/// Whatever the optionals around it; null for none.
const Value *held(const Value *value)
{
    return value != nullptr ? heldValue(*value) : nullptr;
}

/// Made by hand, not by what the export uses.
json jsonOf(const Value &value)
{
    struct Maker {
        json operator()(bool it) const { return it; }
        json operator()(std::int64_t it) const { return it; }
        json operator()(std::uint64_t it) const { return it; }
        json operator()(double it) const
        {
            if (std::isnan(it))
                return "NaN";
            return std::isinf(it) ? json(it < 0 ? "-Infinity" : "Infinity") : json(it);
        }
        json operator()(const std::string &it) const { return it; }
        json operator()(const Value::Bytes &it) const { return hexDigits(it); }
        json operator()(const UuidBytes &it) const { return uuidText(it); }
        json operator()(Timestamp it) const { return timestampText(it); }
        json operator()(const OptionalValue &it) const { return it.held.empty() ? json() : jsonOf(it.held.front()); }
        json operator()(const ListValue &it) const
        {
            auto list = json::array();
            for (const auto &one : it.values)
                list.push_back(jsonOf(one));
            return list;
        }
        json operator()(const ObjectValue &it) const
        {
            auto object = json::object();
            for (const auto &member : it.members)
                object[member.name.str()] = jsonOf(member.value);
            return object;
        }
    };
    return std::visit(Maker{}, value.data);
}

SqliteValue sqliteOf(const Value *value)
{
    if (value == nullptr)
        return {};
    struct Maker {
        SqliteValue operator()(bool it) const { return std::int64_t{it ? 1 : 0}; }
        SqliteValue operator()(std::int64_t it) const { return it; }
        SqliteValue operator()(std::uint64_t it) const
        {
            if (std::in_range<std::int64_t>(it))
                return static_cast<std::int64_t>(it);
            return std::to_string(it);
        }
        SqliteValue operator()(double it) const { return std::isnan(it) ? SqliteValue("NaN") : SqliteValue(it); }
        SqliteValue operator()(const std::string &it) const { return it; }
        SqliteValue operator()(const Value::Bytes &it) const
        {
            return SqliteBlob{{reinterpret_cast<const char *>(it.data()), it.size()}};
        }
        SqliteValue operator()(const UuidBytes &it) const { return uuidText(it); }
        SqliteValue operator()(Timestamp it) const { return timestampText(it); }
        SqliteValue operator()(const OptionalValue &) const { return {}; }
        SqliteValue operator()(const ListValue &) const { return {}; }
        SqliteValue operator()(const ObjectValue &) const { return {}; }
    };
    return std::visit(Maker{}, value->data);
}

bool isNested(const Value *value)
{
    return value != nullptr
        && (std::holds_alternative<ListValue>(value->data) || std::holds_alternative<ObjectValue>(value->data));
}

class RoundTrip : public testing::TestWithParam<std::string> {
protected:
    static std::vector<std::byte> bytesOfParam()
    {
        return GetParam() == "sample" ? test::readFile(MODELVAULT_SAMPLE) : test::corpusFile(GetParam()).bytes();
    }
    [[nodiscard]] const std::map<std::uint32_t, Collection> &collections() const
    {
        return scanned.catalog().catalog().collections();
    }
    /// The live rows, in the order of the log.
    [[nodiscard]] std::vector<RowVersion> rowsOf(std::uint32_t collectionId) const
    {
        std::vector<RowVersion> rows;
        RowReader reader(*scanned.store, scanned.snapshot);
        scanned.snapshot->rows->collection(collectionId).live.forEach([&](RecordNo record) {
            rows.push_back(reader.read(record).value());
        });
        return rows;
    }

    const Scanned scanned{bytesOfParam()};
    ScratchDir dir;
};

TEST_P(RoundTrip, CsvHasTheTextOfEveryValue)
{
    const auto summary = exportAll(scanned, {.path = dir / "all", .format = ExportFormat::Csv, .isFolder = true});
    ASSERT_TRUE(summary);
    ASSERT_THAT(summary->files, SizeIs(collections().size()));
    std::size_t file = 0;
    for (const auto &[id, collection] : collections()) {
        const auto lines = test::parseCsv(contentOf(summary->files[file++]));
        const auto rows = rowsOf(id);
        ASSERT_THAT(lines, SizeIs(1 + rows.size()));
        EXPECT_THAT(lines.front(), SizeIs(collection.current().fields.size()));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            CsvLine expected;
            for (const auto &column : collection.current().fields) {
                const auto *value = held(rows[i].value(column.path));
                expected.push_back(value != nullptr ? std::optional(valueText(*value)) : std::nullopt);
            }
            EXPECT_EQ(lines[1 + i], expected) << collection.name << ' ' << i;
        }
    }
}

TEST_P(RoundTrip, JsonLinesHaveEveryValueInItsPlace)
{
    const auto summary = exportAll(scanned, {.path = dir / "all", .format = ExportFormat::JsonLines, .isFolder = true});
    ASSERT_TRUE(summary);
    std::size_t file = 0;
    for (const auto &[id, collection] : collections()) {
        std::ifstream lines(summary->files[file++]);
        std::string line;
        for (const auto &row : rowsOf(id)) {
            json expected;
            for (const auto &column : collection.current().fields) {
                auto *into = &expected;
                for (const auto &segment : column.path.segments)
                    into = &(*into)[segment.str()];
                const auto value = row.value(column.path);
                *into = value ? jsonOf(*value) : json();
            }
            ASSERT_TRUE(std::getline(lines, line));
            EXPECT_EQ(json::parse(line), expected);
        }
        EXPECT_FALSE(std::getline(lines, line));
    }
}

TEST_P(RoundTrip, SqliteHasEveryValueInItsStorageClass)
{
    ASSERT_EQ(outcome(exportAll(scanned, {.path = dir / "all.sqlite", .format = ExportFormat::Sqlite})), "ok");
    EXPECT_EQ(namesIn(dir.path()), std::set<std::string>{"all.sqlite"});
    const SqliteFile made(dir / "all.sqlite");
    EXPECT_THAT(made.texts("PRAGMA integrity_check"), ElementsAre("ok"));
    const auto tables = made.tables();
    ASSERT_THAT(tables, SizeIs(collections().size()));
    std::size_t table = 0;
    for (const auto &[id, collection] : collections()) {
        const auto made_rows = made.query("SELECT * FROM " + test::sqlName(tables[table++]) + " ORDER BY rowid");
        auto rows = rowsOf(id);
        const auto keyOf = [](const RowVersion &row) { return std::get_if<std::int64_t>(&row.record.head.key.data); };
        if (!rows.empty() && keyOf(rows.front()) != nullptr) // the key is the rowid
            std::ranges::sort(rows, {}, [&](const RowVersion &row) { return *keyOf(row); });
        ASSERT_THAT(made_rows, SizeIs(rows.size()));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            for (std::size_t column = 0; column < made_rows[i].size(); ++column) {
                const auto *value = held(rows[i].value(collection.current().fields[column].path));
                if (isNested(value))
                    EXPECT_EQ(json::parse(std::get<std::string>(made_rows[i][column])), jsonOf(*value));
                else
                    EXPECT_EQ(made_rows[i][column], sqliteOf(value)) << collection.name << ' ' << i << ' ' << column;
            }
        }
    }
}

std::vector<std::string> soundFiles()
{
    std::vector<std::string> names{"sample"};
    std::ranges::copy_if(test::corpusNames(), std::back_inserter(names), [](const std::string &name) {
        return name.starts_with("valid-")
            && !Scanned(test::corpusFile(name).bytes()).snapshot->rows->collections().empty();
    });
    return names;
}

INSTANTIATE_TEST_SUITE_P(Files, RoundTrip, testing::ValuesIn(soundFiles()), [](const auto &made) {
    std::string name = made.param;
    std::ranges::replace_if(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
    return name;
});

// --- Values ---

TEST(Export, IsReadableAtAGlance)
{
    Database database;
    database.collection("books",
                        {field({"title"}, TypeTag::String), field({"author", "name"}, TypeTag::String),
                         field({"price"}, TypeTag::Float64), field({"author", "born"}, optional(TypeTag::Int64)),
                         field({"tags"}, sample::listOf(sample::type(TypeTag::String)))},
                        "title");
    database.row({text("Dune, \"the\" book"),
                  text("Frank"),
                  {9.5},
                  some({std::int64_t{1920}}),
                  {ListValue{{text("sand"), text("\n")}}}});
    database.row({text(""), text("=1+1"), {3.0}, none(), {ListValue{}}});
    const auto scanned = database.scanned();
    EXPECT_EQ(exported(scanned, ExportFormat::Csv),
              "title,author.name,price,author.born,tags\r\n"
              "\"Dune, \"\"the\"\" book\",Frank,9.5,1920,\"[\"\"sand\"\", \"\"\\u000a\"\"]\"\r\n"
              "\"\",=1+1,3.0,,[]\r\n");
    EXPECT_EQ(exported(scanned, ExportFormat::JsonLines),
              R"({"title": "Dune, \"the\" book", "author": {"name": "Frank", "born": 1920}, "price": 9.5, )"
              R"("tags": ["sand", "\u000a"]})"
              "\n"
              R"({"title": "", "author": {"name": "=1+1", "born": null}, "price": 3.0, "tags": []})"
              "\n");
}

TEST(Export, NumbersKeepAllTheirDigits)
{
    Database database;
    database.collection(
        "numbers",
        {field({"id"}, TypeTag::Uint64), field({"small"}, TypeTag::Int64), field({"float"}, TypeTag::Float64)}, "id");
    constexpr auto kLowest = std::numeric_limits<std::int64_t>::min();
    constexpr auto kHighest = std::numeric_limits<std::uint64_t>::max();
    database.row({{kHighest}, {kLowest}, {std::numeric_limits<double>::quiet_NaN()}});
    database.row({{kHighest - 1}, {std::int64_t{1}}, {0.1}});
    database.row({{std::uint64_t{7}}, {std::int64_t{-1}}, {-std::numeric_limits<double>::infinity()}});
    const auto scanned = database.scanned();
    EXPECT_EQ(exported(scanned, ExportFormat::JsonLines),
              "{\"id\": 18446744073709551615, \"small\": -9223372036854775808, \"float\": \"NaN\"}\n"
              "{\"id\": 18446744073709551614, \"small\": 1, \"float\": 0.1}\n"
              "{\"id\": 7, \"small\": -1, \"float\": \"-Infinity\"}\n");

    const ScratchDir dir;
    ASSERT_EQ(outcome(exportAll(scanned, {.path = dir / "it", .format = ExportFormat::Sqlite})), "ok");
    const SqliteFile made(dir / "it");
    EXPECT_THAT(made.query("SELECT * FROM numbers ORDER BY rowid"),
                ElementsAre(SqliteRow{"18446744073709551615", kLowest, "NaN"},
                            SqliteRow{"18446744073709551614", std::int64_t{1}, 0.1},
                            SqliteRow{std::int64_t{7}, std::int64_t{-1}, -std::numeric_limits<double>::infinity()}));
}

TEST(Export, SqliteColumnsHaveTypesAndTheKeyIsPrimary)
{
    Database database;
    database.collection("all",
                        {field({"id"}, TypeTag::Int64), field({"flag"}, TypeTag::Bool),
                         field({"bytes"}, optional(TypeTag::Bytes)), field({"at"}, TypeTag::Timestamp),
                         field({"kind"}, sample::oneOf({"a", "b"})), field({"big"}, TypeTag::Uint64)},
                        "id");
    database.collection("floats", {field({"id"}, TypeTag::Float64)}, "id").row({{0.0}}).row({{-0.0}});
    const auto scanned = database.scanned();
    const ScratchDir dir;
    ASSERT_EQ(outcome(exportAll(scanned, {.path = dir / "it", .format = ExportFormat::Sqlite})), "ok");
    const SqliteFile made(dir / "it");
    EXPECT_THAT(made.texts("SELECT sql FROM sqlite_schema WHERE type = 'table' ORDER BY rowid"),
                ElementsAre("CREATE TABLE \"all\" (\"id\" INTEGER PRIMARY KEY NOT NULL, \"flag\" INTEGER, \"bytes\" "
                            "BLOB, \"at\" TEXT, \"kind\" TEXT, \"big\")",
                            "CREATE TABLE \"floats\" (\"id\" REAL)"));
    EXPECT_THAT(made.query("SELECT * FROM floats"), SizeIs(2)) << "zeros of both signs are two keys";
}

TEST(Export, RowsOfEarlierSchemasKeepWhatTheySay)
{
    Database database;
    database.collection("things", {field({"id"}, TypeTag::Int64), field({"code"}, TypeTag::String)}, "id");
    database.row({{std::int64_t{1}}, text("007")});
    database.change(
        {field({"id"}, TypeTag::Int64), field({"code"}, TypeTag::Int64), field({"note"}, optional(TypeTag::String))});
    database.row({{std::int64_t{2}}, {std::int64_t{7}}, some(text("new"))});
    const auto scanned = database.scanned();
    const ScratchDir dir;
    const auto summary = exportAll(scanned, {.path = dir / "it", .format = ExportFormat::Sqlite});
    ASSERT_TRUE(summary);
    EXPECT_EQ(summary->rows, 2U);
    EXPECT_EQ(summary->rowsOfOtherVersions, 1U);
    EXPECT_THAT(SqliteFile(dir / "it").query("SELECT * FROM things"),
                ElementsAre(SqliteRow{std::int64_t{1}, "007", {}}, SqliteRow{std::int64_t{2}, std::int64_t{7}, "new"}));
    EXPECT_EQ(exported(scanned, ExportFormat::Csv), "id,code,note\r\n1,007,\r\n2,7,new\r\n");
}

TEST(Export, IsOfTheRowsThatAreGivenInTheirOrder)
{
    const auto scanned = books(5).scanned();
    const ScratchDir dir;
    const std::vector<RecordNo> rows{{3}, {0}, {4}};
    const std::vector<ExportPart> parts{{.collectionId = 1, .rows = rows}};
    const ExportTarget target{.path = dir / "it", .format = ExportFormat::Csv};
    ASSERT_EQ(outcome(exportRows(*scanned.store, scanned.snapshot, parts, target)), "ok");
    EXPECT_EQ(contentOf(dir / "it"), "title,year\r\nbook 3,1903\r\nbook 0,1900\r\nbook 4,1904\r\n");
}

TEST(Export, IsOfNoRowsToo)
{
    const auto scanned = books(0).scanned();
    EXPECT_EQ(exported(scanned, ExportFormat::Csv), "title,year\r\n");
    EXPECT_EQ(exported(scanned, ExportFormat::JsonLines), "");
    const ScratchDir dir;
    ASSERT_EQ(outcome(exportAll(scanned, {.path = dir / "it", .format = ExportFormat::Sqlite})), "ok");
    EXPECT_THAT(SqliteFile(dir / "it").tables(), ElementsAre("books"));
}

TEST(Export, DeletedRowsAreGone)
{
    auto database = books(2);
    database.remove(text("book 0"));
    EXPECT_EQ(exported(database.scanned(), ExportFormat::Csv), "title,year\r\nbook 1,1901\r\n");
}

// --- Names ---

TEST(Export, NamesThatMeanSomethingElsewhereAreOnlyNames)
{
    const std::string withNul("a\0b", 3);
    const std::vector<std::string> names{
        "x\"; DROP TABLE y; --", "sqlite_schema", "Books", "books", withNul, "../up", "..",
        std::string(1023, 'n'),  "\u202Eevil\n",  "SELECT"};
    Database database;
    for (const auto &name : names)
        database.collection(name, {field({"id"}, TypeTag::Int64)}, "id").row({{std::int64_t{1}}});
    const auto scanned = database.scanned();
    const ScratchDir dir;
    ASSERT_EQ(outcome(exportAll(scanned, {.path = dir / "it", .format = ExportFormat::Sqlite})), "ok");
    const SqliteFile made(dir / "it");
    const auto tables = made.tables();
    EXPECT_THAT(tables,
                ElementsAre(names[0], "_sqlite_schema", "Books", "books (2)", "a\u2400b", "../up", "..", names[7],
                            names[8], "SELECT"));
    for (const auto &table : tables)
        EXPECT_THAT(made.query("SELECT * FROM " + test::sqlName(table)), SizeIs(1)) << table;

    ASSERT_EQ(outcome(exportAll(scanned, {.path = dir / "all", .format = ExportFormat::Csv, .isFolder = true})), "ok");
    EXPECT_EQ(namesIn(dir / "all"),
              (std::set<std::string>{"x_; DROP TABLE y; --.csv", "sqlite_schema.csv", "Books.csv", "books (2).csv",
                                     "a_b.csv", "_._up.csv", "_..csv", std::string(200, 'n') + ".csv",
                                     "\u202Eevil_.csv", "SELECT.csv"}));
    EXPECT_EQ(namesIn(dir.path()), (std::set<std::string>{"all", "it"})) << "nothing beside the folder";
}

TEST(Export, ColumnsWhosePathsReadTheSameAreTold)
{
    Database database;
    database.collection("c",
                        {field({"id"}, TypeTag::Int64), field({"a", "b"}, TypeTag::Int64),
                         field({"a.b"}, TypeTag::Int64), field({"ID"}, TypeTag::Int64)},
                        "id");
    database.row({{std::int64_t{1}}, {std::int64_t{2}}, {std::int64_t{3}}, {std::int64_t{4}}});
    const auto scanned = database.scanned();
    EXPECT_EQ(exported(scanned, ExportFormat::Csv), "id,a.b,a.b (2),ID\r\n1,2,3,4\r\n");
    EXPECT_EQ(exported(scanned, ExportFormat::JsonLines), "{\"id\": 1, \"a\": {\"b\": 2}, \"a.b\": 3, \"ID\": 4}\n");
    const ScratchDir dir;
    ASSERT_EQ(outcome(exportAll(scanned, {.path = dir / "it", .format = ExportFormat::Sqlite})), "ok");
    EXPECT_THAT(SqliteFile(dir / "it").texts("SELECT name FROM pragma_table_info('c')"),
                ElementsAre("id", "a.b", "a.b (2)", "ID (2)"));
}

TEST(Export, MoreFieldsThanSqliteHasColumnsAreRefused)
{
    Database database;
    std::vector<FieldDefinition> fields;
    for (int i = 0; i < 4096; ++i)
        fields.push_back(field({"f" + std::to_string(i)}, TypeTag::Int64));
    database.collection("wide", fields, "f0");
    const auto scanned = database.scanned();
    const ScratchDir dir;
    const auto made = exportAll(scanned, {.path = dir / "it", .format = ExportFormat::Sqlite});
    ASSERT_EQ(outcome(made), "TooManyColumns");
    EXPECT_EQ(made.error().found, 4096U);
    EXPECT_THAT(namesIn(dir.path()), IsEmpty());
    EXPECT_THAT(test::parseCsv(exported(scanned, ExportFormat::Csv)).front(), SizeIs(4096));
}

// --- Whole or not at all ---

class EachFormat : public testing::TestWithParam<ExportFormat> {
protected:
    [[nodiscard]] ExportTarget target(Existing existing = Existing::Keep) const
    {
        return {.path = dir / "it", .format = GetParam(), .existing = existing};
    }

    ScratchDir dir;
};

TEST_P(EachFormat, AFileThatIsThereStaysUnlessItShallBeReplaced)
{
    const auto scanned = books().scanned();
    dir.write("it", "precious");
    EXPECT_EQ(outcome(exportAll(scanned, target())), "AlreadyExists");
    EXPECT_EQ(test::contentsOf(dir.path()), (std::map<std::string, std::string>{{"it", "file: precious"}}));

    ASSERT_EQ(outcome(exportAll(scanned, target(Existing::Replace))), "ok");
    EXPECT_EQ(namesIn(dir.path()), std::set<std::string>{"it"});
    EXPECT_NE(contentOf(dir / "it"), "precious");
}

TEST_P(EachFormat, WhatIsStoppedLeavesNothing)
{
    const auto scanned = books(20'000).scanned();
    int asked = 0;
    EXPECT_EQ(outcome(exportAll(scanned, target(), [&](std::uint64_t, std::uint64_t) { return ++asked < 3; })),
              "Cancelled");
    EXPECT_EQ(asked, 3);
    EXPECT_THAT(namesIn(dir.path()), IsEmpty());

    dir.write("it", "precious");
    EXPECT_EQ(outcome(exportAll(scanned, target(Existing::Replace), [](auto, auto) { return false; })), "Cancelled");
    EXPECT_EQ(test::contentsOf(dir.path()), (std::map<std::string, std::string>{{"it", "file: precious"}}));
}

TEST_P(EachFormat, ADatabaseThatCanNotBeReadAnyMoreLeavesNothing)
{
    auto database = books(20'000);
    const auto scanned = database.scanned();
    FaultStore broken(std::make_unique<MemoryStore>(database.bytes()));
    broken.failReadsAfter(4);
    const auto made = exportRows(broken, scanned.snapshot, allOf(scanned), target());
    EXPECT_FALSE(made);
    EXPECT_THAT(namesIn(dir.path()), IsEmpty());
}

TEST_P(EachFormat, AFolderThatCanNotBeWrittenToIsAnError)
{
    const auto scanned = books().scanned();
    auto there = target();
    there.path = dir / "no" / "such" / "folder";
    EXPECT_EQ(outcome(exportAll(scanned, there)), "NotFound");
    there.path = dir.path();
    EXPECT_EQ(outcome(exportAll(scanned, there)), "IsDirectory");
    if (::geteuid() == 0)
        return; // root writes everywhere
    fs::permissions(dir.path(), fs::perms::owner_read | fs::perms::owner_exec);
    EXPECT_EQ(outcome(exportAll(scanned, target())), "PermissionDenied");
}

TEST_P(EachFormat, NeitherTheDatabaseNorALockFileIsEverWrittenTo)
{
    const auto bytes = books().bytes();
    const auto path = dir.write("it", bytes);
    auto scanned = books().scanned();
    auto snapshot = *scanned.snapshot;
    snapshot.identity = identityOf(path).value();
    scanned.snapshot = std::make_shared<const Snapshot>(std::move(snapshot));
    fs::create_hard_link(path, dir / "link");
    fs::create_symlink(path, dir / "symlink");
    for (const auto *name : {"it", "link", "symlink", "other.mv.writer.lock"}) {
        auto there = target(Existing::Replace);
        there.path = dir / name;
        EXPECT_EQ(outcome(exportAll(scanned, there)), "OverwritesDatabase") << name;
    }
    EXPECT_EQ(test::readFile(path), bytes);
}

TEST_P(EachFormat, ProgressGoesUpToTheEnd)
{
    const auto scanned = books(20'000).scanned();
    std::uint64_t last = 0;
    ASSERT_EQ(outcome(exportAll(scanned, target(),
                                [&](std::uint64_t done, std::uint64_t total) {
                                    EXPECT_GE(done, last);
                                    EXPECT_LE(done, total);
                                    last = done;
                                    return true;
                                })),
              "ok");
    EXPECT_GT(last, 0U);
}

INSTANTIATE_TEST_SUITE_P(Formats, EachFormat,
                         testing::Values(ExportFormat::Csv, ExportFormat::JsonLines, ExportFormat::Sqlite),
                         [](const auto &made) { return std::string(fileExtension(made.param).substr(1)); });

Database twoCollections()
{
    auto database = books();
    database.collection("people", {field({"name"}, TypeTag::String)}, "name").row({text("Ada")});
    return database;
}

TEST(Export, AFolderIsMadeAndGoesAgainIfNothingComesOfIt)
{
    const auto scanned = twoCollections().scanned();
    const ScratchDir dir;
    const ExportTarget target{.path = dir / "all", .format = ExportFormat::Csv, .isFolder = true};
    EXPECT_EQ(outcome(exportAll(scanned, target,
                                [](std::uint64_t done, std::uint64_t total) {
                                    return done < total / 2; // the first file is whole
                                })),
              "Cancelled");
    EXPECT_THAT(namesIn(dir.path()), IsEmpty());

    const auto summary = exportAll(scanned, target);
    ASSERT_TRUE(summary);
    EXPECT_EQ(summary->rows, 3U);
    EXPECT_THAT(summary->files, ElementsAre(dir / "all" / "books.csv", dir / "all" / "people.csv"));
}

TEST(Export, OneFileThatIsInTheWayKeepsTheOthersFromBeingWritten)
{
    const auto scanned = twoCollections().scanned();
    const ScratchDir dir;
    fs::create_directory(dir / "all");
    dir.write("all/people.csv", "precious");
    ExportTarget target{.path = dir / "all", .format = ExportFormat::Csv, .isFolder = true};
    EXPECT_EQ(outcome(exportAll(scanned, target)), "AlreadyExists");
    EXPECT_EQ(namesIn(dir / "all"), std::set<std::string>{"people.csv"});

    target.existing = Existing::Replace;
    EXPECT_EQ(outcome(exportAll(scanned, target)), "ok");
    EXPECT_EQ(contentOf(dir / "all" / "people.csv"), "name\r\nAda\r\n");
}

TEST(Export, ATextFileIsOfOneCollection)
{
    const auto scanned = twoCollections().scanned();
    const ScratchDir dir;
    EXPECT_EQ(outcome(exportAll(scanned, {.path = dir / "it", .format = ExportFormat::Csv})), "InvalidInput");
    const std::vector<ExportPart> unknown{{.collectionId = 3}};
    EXPECT_EQ(outcome(exportRows(*scanned.store, scanned.snapshot, unknown, {.path = dir / "it"})),
              "UnknownCollection");
    const std::vector<RecordNo> ofPeople{{2}};
    const std::vector<ExportPart> wrong{{.collectionId = 1, .rows = ofPeople}};
    EXPECT_EQ(outcome(exportRows(*scanned.store, scanned.snapshot, wrong, {.path = dir / "it"})), "InvalidInput");
    EXPECT_THAT(namesIn(dir.path()), IsEmpty());
}

/// Whether it looks for each row or goes through the log.
TEST(Export, TheRowsThatWereAskedForComeInTheOrderThatWasAskedFor)
{
    const auto scanned = books(5).scanned();
    const ScratchDir dir;
    const auto years = [&](const std::vector<RecordNo> &rows) {
        const std::vector<ExportPart> parts{{.collectionId = 1, .rows = rows}};
        const ExportTarget target{.path = dir / "it", .format = ExportFormat::Csv, .existing = Existing::Replace};
        EXPECT_EQ(outcome(exportRows(*scanned.store, scanned.snapshot, parts, target)), "ok");
        std::vector<std::string> found;
        const auto content = contentOf(dir / "it");
        for (const auto &line : test::parseCsv(content))
            found.push_back(line[1].value());
        found.erase(found.begin());
        return found;
    };
    EXPECT_THAT(years({{1}, {2}, {4}}), ElementsAre("1901", "1902", "1904"));
    EXPECT_THAT(years({{4}, {0}, {2}}), ElementsAre("1904", "1900", "1902"));
    EXPECT_THAT(years({}), IsEmpty());
}

TEST(Export, ANameTellsAFormat)
{
    EXPECT_EQ(formatByExtension("a/b.csv"), ExportFormat::Csv);
    EXPECT_EQ(formatByExtension("b.c.ndjson"), ExportFormat::JsonLines);
    EXPECT_EQ(formatByExtension("b.db"), ExportFormat::Sqlite);
    EXPECT_EQ(formatByExtension("csv"), std::nullopt);
    for (const auto format : {ExportFormat::Csv, ExportFormat::JsonLines, ExportFormat::Sqlite})
        EXPECT_EQ(formatByExtension("a" + std::string(fileExtension(format))), format);
}

} // namespace
} // namespace modelvault
