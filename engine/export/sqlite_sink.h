#pragma once

#include "export/export_sink.h"
#include "export/unique_names.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace modelvault {

/// An SQLite database: a table for each collection, a column for each field, named by its path with dots.
///
/// | field                        | column  | value                                                                   |
/// |------------------------------|---------|-------------------------------------------------------------------------|
/// | bool, int64                  | INTEGER |                                                                         |
/// | uint64                       | no type | INTEGER; from 2^63 on TEXT, as SQLite has no such integers              |
/// | float64                      | REAL    | TEXT 'NaN' where it is no number, which SQLite would take for NULL      |
/// | string, enum                 | TEXT    |                                                                         |
/// | bytes                        | BLOB    |                                                                         |
/// | uuid                         | TEXT    | 8-4-4-4-12 digits                                                       |
/// | timestamp                    | TEXT    | ISO 8601 in UTC, with microseconds where there are any                  |
/// | list, object                 | TEXT    | JSON                                                                    |
/// | optional                     | that of what it holds | NULL for none                                             |
///
/// A field that had another type in another schema version gets a column without a type, in which values stay what
/// they are. The primary field becomes the PRIMARY KEY, unless its type ever changed, or is float64: to SQLite NaN is
/// no key, and 0 and -0 are one. Indexes and constraints are left out.
///
/// SQLite does not tell letters of different case apart, and knows no names with NUL (they become U+2400) or that
/// begin with "sqlite_" (they get an underscore); of names that are then the same, later ones get a number. A
/// collection without fields, which can hold no rows, gets no table.
///
/// All is one transaction. There is no journal: the file is of no use until finish() has succeeded.
class SqliteSink final : public ExportSink {
public:
    /// Of an empty file, and absolute. Errors: NoSpace, those of the system, Io.
    [[nodiscard]] static Result<std::unique_ptr<SqliteSink>> open(const std::filesystem::path &path);
    ~SqliteSink() override;

    /// TooManyColumns.
    [[nodiscard]] Result<void> begin(const Collection &collection) override;
    /// InvalidInput for a second row of one key.
    [[nodiscard]] Result<void> add(ExportRow row) override;
    [[nodiscard]] Result<void> finish() override;

private:
    struct CloseDatabase {
        void operator()(sqlite3 *database) const;
    };
    struct FinalizeStatement {
        void operator()(sqlite3_stmt *statement) const;
    };
    using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

    explicit SqliteSink(std::unique_ptr<sqlite3, CloseDatabase> database) : m_database(std::move(database)) { }

    [[nodiscard]] Result<void> run(const char *sql);
    [[nodiscard]] Result<Statement> prepare(const std::string &sql);
    [[nodiscard]] Result<void> bind(int parameter, const Value *value);
    [[nodiscard]] Result<void> checked(int outcome) const;

    std::unique_ptr<sqlite3, CloseDatabase> m_database;
    Statement m_insert; // into the table of the collection; null if it has none
    UniqueNames m_tables{UniqueNames::Letters::Fold};
    std::vector<std::string> m_texts; // that a row was given for its values
};

} // namespace modelvault
