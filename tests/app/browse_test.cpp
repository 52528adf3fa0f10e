// What mvinspect shows of the contents of a database: collections, rows, history, indexes; and what it exports.

#include "database/database_writer.h"
#include "sample/schema.h"
#include "store/memory_store.h"
#include "support/child_process.h"
#include "support/corpus.h"
#include "support/read_back.h"
#include "support/results.h"
#include "support/scratch_dir.h"

#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <sys/stat.h>

namespace modelvault {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using sample::field;
using sample::index;
using sample::none;
using sample::optional;
using sample::some;
using sample::text;
using sample::unique;
using test::outcome;
using test::ProgramRun;
using test::runProgram;
using test::SqliteFile;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using Words = std::vector<std::string>;

std::set<std::string> namesIn(const fs::path &folder)
{
    std::set<std::string> names;
    for (const auto &entry : fs::directory_iterator(folder))
        names.insert(entry.path().filename().native());
    return names;
}

std::string contentOf(const fs::path &path)
{
    const auto bytes = test::readFile(path);
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

/// A library whose books got a field more, and one of which is gone.
class Browse : public testing::Test {
protected:
    Browse()
    {
        auto writer = DatabaseWriter::create(std::make_unique<MemoryStore>()).value();
        std::vector<FieldDefinition> fields{field({"title"}, TypeTag::String), field({"year"}, TypeTag::Int64)};
        const std::vector<IndexDefinition> byYear{index("by_year", {"year"})};
        EXPECT_EQ(writer.createCollection("books", fields, byYear, "title"), 1U);
        EXPECT_EQ(writer.createCollection("people", {field({"id"}, TypeTag::Int64)}, {}, "id"), 2U);
        put(writer, 1, {text("Dune"), {std::int64_t{1964}}});
        put(writer, 1, {text("Emma"), {std::int64_t{1815}}});
        put(writer, 1, {text("Ulysses"), {std::int64_t{1922}}});
        put(writer, 1, {text("Dune"), {std::int64_t{1965}}});
        EXPECT_EQ(writer.remove(1, text("Emma")), true);
        fields.push_back(field({"note"}, optional(TypeTag::String)));
        EXPECT_EQ(writer.changeCollection(1, fields, {index("by_year", {"year"}), unique("by_note", {"note"})}), 2U);
        put(writer, 1, {text("Dune"), {std::int64_t{1965}}, some(text("\x1B[31m=1+1"))});
        put(writer, 2, {{std::int64_t{-1}}});
        const auto bytes = dynamic_cast<MemoryStore &>(writer.store()).view();
        m_file = m_dir.write("library.mv", {bytes.begin(), bytes.end()});
    }

    static void put(DatabaseWriter &writer, std::uint32_t collection, const RowValues &row)
    {
        EXPECT_EQ(outcome(writer.write(collection, row)), "ok");
    }
    [[nodiscard]] ProgramRun inspect(Words words) const
    {
        words.insert(words.begin(), MODELVAULT_INSPECT);
        words.insert(words.begin() + 2, {m_file, "--lock", "none"});
        return runProgram(words);
    }
    [[nodiscard]] json inspectJson(Words words) const
    {
        words.push_back("--json");
        return json::parse(inspect(std::move(words)).out);
    }

    test::ScratchDir m_dir;
    fs::path m_file;
};

// A row of an older schema is a finding, as the engine refuses it: hence the exit status 1 throughout.

TEST_F(Browse, CatalogSaysWhatCollectionsThereAre)
{
    const auto run = inspect({"catalog"});
    EXPECT_EQ(run.status, 1);
    EXPECT_EQ(run.out,
              "books: 2 rows, 1 deleted, 6 versions; schema version 2\n"
              "    title                     string  primary\n"
              "    year                      int64\n"
              "    note                      optional<string>\n"
              "    index non_unique by_year (year)\n"
              "    index unique by_note (note)\n"
              "people: 1 row, 0 deleted, 1 version; schema version 1\n"
              "    id                        int64  primary\n");
    const auto catalog = inspectJson({"catalog"});
    ASSERT_THAT(catalog, SizeIs(2));
    EXPECT_EQ(catalog[0]["rows"], 2);
    EXPECT_EQ(catalog[0]["deleted_rows"], 1);
    EXPECT_EQ(catalog[0]["row_versions"], 6);
    EXPECT_EQ(catalog[0]["fields"][2]["type"], json({{"optional", "string"}}));
}

TEST_F(Browse, SchemaSaysWhatEachVersionChanged)
{
    const auto run = inspect({"schema", "books"});
    EXPECT_THAT(run.out, StartsWith("books: 2 versions\n  version 1 at 0x"));
    EXPECT_THAT(run.out,
                EndsWith(": needs migration\n"
                         "    + note                      optional<string>  [safe]\n"
                         "    + index unique by_note (note)  [needs migration]\n"));
    const auto all = inspectJson({"schema"});
    ASSERT_THAT(all, SizeIs(2));
    const auto &second = all[0]["versions"][1];
    EXPECT_EQ(second["class"], "needs_migration");
    EXPECT_EQ(second["changes"][0]["change"], "field_added");
    EXPECT_EQ(second["changes"][0]["class"], "safe");
    EXPECT_EQ(second["changes"][1]["index"]["name"], "by_note");
}

TEST_F(Browse, RowsAreThoseThatLiveInTheOrderOfTheLog)
{
    const auto run = inspect({"rows", "books"});
    EXPECT_THAT(run.out, StartsWith("books: 2 rows, 1 deleted\n         2  0x"));
    EXPECT_THAT(run.out, HasSubstr("  title: \"Ulysses\"  year: 1922  note: none\n"));
    EXPECT_THAT(run.out, EndsWith("  title: \"Dune\"  year: 1965  note: \"\\u{1b}[31m=1+1\"\n"));
    const auto rows = inspectJson({"rows", "books"});
    ASSERT_THAT(rows, SizeIs(2));
    EXPECT_EQ(rows[0]["values"], json({{"title", "Ulysses"}, {"year", 1922}, {"note", nullptr}}));
    EXPECT_EQ(rows[0]["schema_version"], 1);
    EXPECT_EQ(rows[1]["key"], "Dune");
    EXPECT_EQ(rows[1]["operation"], "replace");
}

TEST_F(Browse, RowsAreListedPiecewise)
{
    const auto second = inspectJson({"rows", "books", "--offset", "1", "--limit", "1"});
    ASSERT_THAT(second, SizeIs(1));
    EXPECT_EQ(second[0]["key"], "Dune");
    EXPECT_THAT(inspectJson({"rows", "books", "--limit", "1"}), SizeIs(1));
    EXPECT_THAT(inspectJson({"rows", "books", "--limit", "0"}), IsEmpty());
    EXPECT_THAT(inspectJson({"rows", "books", "--offset", "2"}), IsEmpty());
    EXPECT_THAT(inspectJson({"rows", "books", "--deleted", "--offset", "18446744073709551615"}), IsEmpty());
}

TEST_F(Browse, DeletedRowsShowWhatTheyHeldLast)
{
    const auto rows = inspectJson({"rows", "books", "--deleted"});
    ASSERT_THAT(rows, SizeIs(1));
    EXPECT_EQ(rows[0]["operation"], "delete");
    EXPECT_EQ(rows[0]["values"], json({{"title", "Emma"}, {"year", 1815}, {"note", nullptr}}));
    EXPECT_THAT(inspect({"rows", "books", "--deleted"}).out, EndsWith("  title: \"Emma\"  year: 1815  note: none\n"));
}

TEST(Texts, HaveTheirQuotesEscaped)
{
    auto writer = DatabaseWriter::create(std::make_unique<MemoryStore>()).value();
    ASSERT_EQ(writer.createCollection("books", {field({"title"}, TypeTag::String), field({"note"}, TypeTag::String)},
                                      {}, "title"),
              1U);
    ASSERT_EQ(outcome(writer.write(1, RowValues{text("a\"  note: \"b"), text("\\")})), "ok");
    const auto bytes = dynamic_cast<MemoryStore &>(writer.store()).view();
    const test::ScratchDir dir;
    const auto file = dir.write("library.mv", {bytes.begin(), bytes.end()});
    EXPECT_THAT(runProgram({MODELVAULT_INSPECT, "rows", file, "--lock", "none", "books"}).out,
                EndsWith("  title: \"a\\\"  note: \\\"b\"  note: \"\\\\\"\n"));
    EXPECT_THAT(runProgram({MODELVAULT_INSPECT, "history", file, "--lock", "none", "books", "a\"  note: \"b"}).out,
                StartsWith("books \"a\\\"  note: \\\"b\", newest first\n"));
}

TEST_F(Browse, HistoryIsEveryVersionOfARow)
{
    const auto versions = inspectJson({"history", "books", "Dune"});
    ASSERT_THAT(versions, SizeIs(3));
    EXPECT_EQ(versions[0]["changes"],
              json::array({{{"path", {"note"}}, {"before", nullptr}, {"after", "\x1B[31m=1+1"}}}));
    EXPECT_EQ(versions[1]["changes"], json::array({{{"path", {"year"}}, {"before", 1964}, {"after", 1965}}}));
    EXPECT_EQ(versions[2]["operation"], "insert");
    EXPECT_LT(versions[2]["transaction"], versions[1]["transaction"]);
    const auto run = inspect({"history", "books", "Dune"});
    EXPECT_THAT(run.out, StartsWith("books \"Dune\", newest first\n  record 5 at 0x"));
    EXPECT_THAT(run.out, HasSubstr("      year: 1964 becomes 1965\n"));
    EXPECT_THAT(run.out, EndsWith(": insert, schema version 1\n      year: 1964\n"));

    const auto gone = inspectJson({"history", "books", "Emma"});
    ASSERT_THAT(gone, SizeIs(2));
    EXPECT_EQ(gone[0]["operation"], "delete");
    EXPECT_THAT(gone[0]["changes"], IsEmpty());
    EXPECT_THAT(json::parse(inspect({"history", "--json", "people", "--", "-1"}).out), SizeIs(1));
}

TEST_F(Browse, WhatIsNotThereIsSaidWithWhatIs)
{
    const auto refused = [this](const Words &words) {
        const auto run = inspect(words);
        EXPECT_EQ(run.status, 2);
        EXPECT_EQ(run.out, "");
        return run.err;
    };
    const auto there =
        "mvinspect: " + m_file.native() + ": there is no collection \"b\"; there are: \"books\", \"people\"\n";
    EXPECT_EQ(refused({"rows", "b"}), there);
    EXPECT_EQ(refused({"schema", "b"}), there);
    EXPECT_EQ(refused({"history", "b", "x"}), there);
    EXPECT_EQ(refused({"export", "--to", m_dir / "x.csv", "--collection", "b"}), there);
    EXPECT_THAT(refused({"history", "books", "Nobody"}), HasSubstr("there never was a row \"Nobody\" in \"books\""));
    EXPECT_THAT(refused({"history", "people", "x"}), HasSubstr("\"x\" is no such key: wanted is int64"));
    EXPECT_THAT(refused({"indexes", "x"}), HasSubstr("there is no index \"x\"; there are: \"by_note\", \"by_year\""));
    EXPECT_THAT(refused({"export", "--to", m_dir / "x"}), HasSubstr("choose one by --format"));
    EXPECT_THAT(refused({"export", "--to", m_dir / "x.csv"}), HasSubstr("such a file holds one collection"));
    EXPECT_EQ(namesIn(m_dir.path()), std::set<std::string>{"library.mv"});
}

TEST_F(Browse, IndexesAreComparedWithTheRows)
{
    const auto run = inspect({"indexes"});
    EXPECT_EQ(run.status, 1);
    EXPECT_EQ(run.out,
              "books by_note, unique (note): 1 entry, 0 missing, 0 stale\n"
              "books by_year, non_unique (year): 2 entries, 0 missing, 0 stale\n");
    EXPECT_THAT(inspect({"indexes", "by_year"}).out, HasSubstr("\n  1965 -> \"Dune\"\n"));
    const auto by_year = inspectJson({"indexes", "by_year"});
    ASSERT_THAT(by_year, SizeIs(1));
    EXPECT_THAT(by_year[0]["contents"], SizeIs(2));
    EXPECT_EQ(by_year[0]["contents"][1]["key_value"].is_number(), true);
    EXPECT_THAT(by_year[0]["faults"], IsEmpty());
}

TEST(BrowseIndexes, ThatDoNotGoWithTheRowsAreFindings)
{
    auto writer = DatabaseWriter::create(std::make_unique<MemoryStore>()).value();
    const std::vector<FieldDefinition> fields{field({"id"}, TypeTag::Int64)};
    ASSERT_EQ(writer.createCollection("c", fields, {}, "id"), 1U);
    ASSERT_EQ(outcome(writer.write(1, RowValues{{std::int64_t{7}}})), "ok");
    ASSERT_EQ(outcome(writer.changeCollection(1, fields, {index("late", {"id"})})), "ok");
    ASSERT_EQ(outcome(writer.checkpoint()), "ok") << "so that only the index is wrong";
    const auto bytes = dynamic_cast<MemoryStore &>(writer.store()).view();
    const test::ScratchDir dir;
    const auto file = dir.write("late.mv", {bytes.begin(), bytes.end()});
    const auto run = runProgram({MODELVAULT_INSPECT, "indexes", file, "--lock", "none"});
    EXPECT_EQ(run.status, 1);
    EXPECT_EQ(run.out, "c late, non_unique (id): 0 entries, 1 missing, 0 stale\n  missing: 7 -> 7\n");
}

// --- Export ---

TEST_F(Browse, ExportsOneCollectionToAFile)
{
    const auto run = inspect({"export", "--to", m_dir / "books.csv", "--collection", "books"});
    EXPECT_EQ(run.status, 1);
    EXPECT_EQ(run.out, "2 rows to 1 file\n  " + (m_dir / "books.csv").native() + '\n');
    EXPECT_THAT(run.err, EndsWith(": 1 row of older schemas: fields that are no more are left out\n"));
    EXPECT_EQ(contentOf(m_dir / "books.csv"), "title,year,note\r\nUlysses,1922,\r\nDune,1965,\x1B[31m=1+1\r\n");
}

TEST_F(Browse, ExportsAllToAFolderOrToSqlite)
{
    const auto made = inspectJson({"export", "--to", m_dir / "all", "--format", "jsonl"});
    EXPECT_EQ(made["rows"], 3);
    EXPECT_EQ(namesIn(m_dir / "all"), (std::set<std::string>{"books.jsonl", "people.jsonl"}));
    EXPECT_EQ(contentOf(m_dir / "all" / "people.jsonl"), "{\"id\": -1}\n");

    EXPECT_EQ(inspect({"export", "--to", m_dir / "all.db"}).status, 1);
    EXPECT_THAT(SqliteFile(m_dir / "all.db").tables(), ElementsAre("books", "people"));
    const auto one = inspect({"export", "--to", m_dir / "one.sqlite", "--collection", "people", "--json"});
    EXPECT_EQ(json::parse(one.out)["files"], json::array({(m_dir / "one.sqlite").native()}));
    EXPECT_THAT(SqliteFile(m_dir / "one.sqlite").tables(), ElementsAre("people"));
}

TEST_F(Browse, ExportReplacesNothingUnlessAskedAndNeverTheDatabase)
{
    const auto target = m_dir.write("it.csv", "precious");
    const auto refused = inspect({"export", "--to", target, "--collection", "books"});
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.err, EndsWith("it.csv: it is there already; --overwrite replaces it\n"));
    EXPECT_EQ(contentOf(target), "precious");
    EXPECT_EQ(inspect({"export", "--to", target, "--collection", "books", "--overwrite"}).status, 1);
    EXPECT_THAT(contentOf(target), StartsWith("title,"));

    const auto before = contentOf(m_file);
    const auto itself = inspect({"export", "--to", m_file, "--format", "sqlite", "--overwrite"});
    EXPECT_EQ(itself.status, 2);
    EXPECT_THAT(itself.err, HasSubstr("this is the database itself"));
    EXPECT_EQ(contentOf(m_file), before);

    const auto pipe = m_dir / "pipe.csv";
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    const auto piped = inspect({"export", "--to", pipe, "--collection", "books", "--overwrite"});
    EXPECT_EQ(piped.status, 2);
    EXPECT_THAT(piped.err, EndsWith("pipe.csv: this is a pipe, not a regular file\n"));
    EXPECT_TRUE(std::filesystem::is_fifo(pipe));
}

/// Run by a shell that lets files grow to so many blocks of 512 bytes.
class FullDisk : public testing::TestWithParam<std::string> { };

TEST_P(FullDisk, LeavesNothing)
{
    const test::ScratchDir dir;
    const auto run =
        runProgram({"sh", "-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh", MODELVAULT_INSPECT, "export",
                    MODELVAULT_SAMPLE, "--lock", "none", "--to", dir / ("it." + GetParam()), "--collection", "books"});
    EXPECT_EQ(run.status, 2);
    EXPECT_THAT(run.err, HasSubstr("it." + GetParam()));
    EXPECT_THAT(namesIn(dir.path()), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Export, FullDisk, testing::Values("csv", "jsonl", "sqlite"));

TEST(BrowseExport, ThatIsInterruptedLeavesNothing)
{
    const test::ScratchDir dir;
    const auto file = dir / "big.mv";
    ASSERT_EQ(runProgram({MODELVAULT_MAKE_DB, "300000", file}).status, 0);
    const auto folder = dir / "out";
    fs::create_directory(folder);
    test::ChildProcess child({"sh", "-c", "\"$@\"; echo \"status $?\"", "sh", MODELVAULT_INSPECT, "export", file,
                              "--lock", "none", "--to", folder / "it.sqlite"});
    while (namesIn(folder).empty()) // until it has begun
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    ASSERT_EQ(runProgram({"pkill", "-INT", "-P", std::to_string(child.processId())}).status, 0);
    EXPECT_EQ(child.readLine(), "status 2");
    EXPECT_THAT(namesIn(folder), IsEmpty());
}

// --- What the reference engine says ---

class BrowseCorpus : public testing::TestWithParam<std::string> { };

TEST_P(BrowseCorpus, CatalogAndRowsAreThoseOfTheReference)
{
    const auto corpus = test::corpusFile(GetParam());
    const auto run = runProgram({MODELVAULT_INSPECT, "catalog", corpus.database, "--lock", "none", "--json"});
    auto catalog = json::parse(run.out);
    for (auto &collection : catalog) {
        const auto name = collection["name"].get<std::string>();
        const auto &rows = corpus.said["rows"];
        EXPECT_EQ(collection["rows"], rows.contains(name) ? rows[name].size() : 0U) << name;
        for (const auto *ours : {"rows", "deleted_rows", "row_versions"})
            collection.erase(ours);
        const auto listed =
            runProgram({MODELVAULT_INSPECT, "rows", corpus.database, "--lock", "none", "--json", "--", name});
        EXPECT_EQ(json::parse(listed.out).size(), rows.contains(name) ? rows[name].size() : 0U) << name;
    }
    EXPECT_EQ(catalog, corpus.said["catalog"]);
    const auto indexes = runProgram({MODELVAULT_INSPECT, "indexes", corpus.database, "--lock", "none", "--json"});
    std::size_t entries = 0;
    for (const auto &one : json::parse(indexes.out)) {
        entries += one["entries"].get<std::size_t>();
        EXPECT_THAT(one["faults"], IsEmpty());
    }
    EXPECT_EQ(entries, corpus.said["index_entries"].size());
}

std::vector<std::string> soundNames()
{
    std::vector<std::string> names;
    for (const auto &name : test::corpusNames()) {
        if (name.starts_with("valid-"))
            names.push_back(name);
    }
    return names;
}

INSTANTIATE_TEST_SUITE_P(Files, BrowseCorpus, testing::ValuesIn(soundNames()));

} // namespace
} // namespace modelvault
