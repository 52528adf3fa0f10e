#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// Exported files, read by other eyes than those that wrote them.

namespace modelvault::test {

/// None where nothing stood, not even quotes.
using CsvLine = std::vector<std::optional<std::string>>;

/// By the letter of RFC 4180; throws where a file breaks it.
inline std::vector<CsvLine> parseCsv(std::string_view text)
{
    std::vector<CsvLine> lines;
    CsvLine line;
    while (!text.empty()) {
        std::optional<std::string> field;
        if (text.starts_with('"')) {
            field.emplace();
            text.remove_prefix(1);
            for (;;) {
                const auto quote = text.find('"');
                if (quote == std::string_view::npos)
                    throw std::runtime_error("a quote is open");
                *field += text.substr(0, quote);
                text.remove_prefix(quote + 1);
                if (!text.starts_with('"'))
                    break;
                *field += '"';
                text.remove_prefix(1);
            }
        } else {
            const auto end = text.find_first_of(",\r\n\"");
            if (end != 0)
                field = std::string(text.substr(0, end));
            text.remove_prefix(std::min(end, text.size()));
        }
        line.push_back(std::move(field));
        if (text.starts_with("\r\n")) {
            lines.push_back(std::exchange(line, {}));
            text.remove_prefix(2);
        } else if (text.starts_with(',')) {
            text.remove_prefix(1);
            if (text.empty() || text.starts_with("\r\n")) {
                line.push_back(std::nullopt);
                lines.push_back(std::exchange(line, {}));
                text.remove_prefix(std::min<std::size_t>(2, text.size()));
            }
        } else {
            throw std::runtime_error("a field ends with neither a comma nor CR LF");
        }
    }
    if (!line.empty())
        throw std::runtime_error("the last line has no end");
    return lines;
}

/// A value with its storage class.
struct SqliteBlob {
    std::string bytes;
    bool operator==(const SqliteBlob &) const = default;
};
using SqliteValue = std::variant<std::monostate, std::int64_t, double, std::string, SqliteBlob>;
using SqliteRow = std::vector<SqliteValue>;

class SqliteFile {
public:
    explicit SqliteFile(const std::filesystem::path &path)
    {
        if (sqlite3_open_v2(path.c_str(), &m_database, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK)
            throw std::runtime_error("no SQLite database");
    }
    SqliteFile(const SqliteFile &) = delete;
    SqliteFile &operator=(const SqliteFile &) = delete;
    ~SqliteFile() { sqlite3_close(m_database); }

    [[nodiscard]] std::vector<SqliteRow> query(const std::string &sql) const
    {
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v2(m_database, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(m_database));
        const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> owner(statement, &sqlite3_finalize);
        std::vector<SqliteRow> rows;
        while (sqlite3_step(statement) == SQLITE_ROW) {
            SqliteRow row;
            for (int i = 0; i < sqlite3_column_count(statement); ++i)
                row.push_back(value(statement, i));
            rows.push_back(std::move(row));
        }
        return rows;
    }
    /// The first column of each row.
    [[nodiscard]] std::vector<std::string> texts(const std::string &sql) const
    {
        std::vector<std::string> texts;
        for (const auto &row : query(sql))
            texts.push_back(std::get<std::string>(row.front()));
        return texts;
    }
    [[nodiscard]] std::vector<std::string> tables() const
    {
        return texts("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid");
    }

private:
    static SqliteValue value(sqlite3_stmt *statement, int column)
    {
        const auto bytes = [&](const void *begin) {
            const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
            return std::string(static_cast<const char *>(begin), begin != nullptr ? size : 0);
        };
        switch (sqlite3_column_type(statement, column)) {
        case SQLITE_INTEGER:
            return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
        case SQLITE_FLOAT:
            return sqlite3_column_double(statement, column);
        case SQLITE_TEXT:
            return bytes(sqlite3_column_text(statement, column));
        case SQLITE_BLOB:
            return SqliteBlob{bytes(sqlite3_column_blob(statement, column))};
        default:
            return {};
        }
    }

    sqlite3 *m_database = nullptr;
};

/// A name as SQL has it.
inline std::string sqlName(const std::string &name)
{
    std::string quoted = "\"";
    for (const char sign : name)
        quoted += sign == '"' ? std::string("\"\"") : std::string(1, sign);
    return quoted + '"';
}

} // namespace modelvault::test
