#include "export/sqlite_sink.h"

#include "export/value_text.h"

#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

namespace modelvault {
namespace {

Error errorOf(sqlite3 *database, int code)
{
    switch (code & 0xFF) {
    case SQLITE_FULL:
        return {.code = ErrorCode::NoSpace};
    case SQLITE_NOMEM:
        return {.code = ErrorCode::OutOfMemory};
    case SQLITE_CONSTRAINT:
        return {.code = ErrorCode::InvalidInput};
    default:
        break;
    }
    const int system = database != nullptr ? sqlite3_system_errno(database) : 0;
    return system != 0 ? systemError(system) : Error{.code = ErrorCode::Io};
}

std::string_view columnType(TypeTag tag)
{
    switch (tag) {
    case TypeTag::Bool:
    case TypeTag::Int64:
        return "INTEGER";
    case TypeTag::Uint64:
        return ""; // else texts of digits would become floats
    case TypeTag::Float64:
        return "REAL";
    case TypeTag::Bytes:
        return "BLOB";
    default:
        return "TEXT";
    }
}

/// What the field is in all schema versions that have it; none if they do not agree.
std::optional<TypeTag> steadyTag(const Collection &collection, const FieldDefinition &field)
{
    const auto tag = heldType(field.type).tag;
    for (const auto &version : collection.versions) {
        const auto same = std::ranges::find(version.fields, field.path, &FieldDefinition::path);
        if (same != version.fields.end() && heldType(same->type).tag != tag)
            return std::nullopt;
    }
    return tag;
}

std::string withoutNul(const std::string &name)
{
    std::string made;
    for (const char sign : name) {
        if (sign == '\0')
            made += "\u2400";
        else
            made += sign;
    }
    return made;
}

std::string tableName(const std::string &collection)
{
    constexpr std::string_view kReserved = "sqlite_";
    const bool isReserved = sqlite3_strnicmp(collection.c_str(), kReserved.data(), kReserved.size()) == 0;
    return (isReserved ? "_" : "") + withoutNul(collection);
}

std::string quoted(const std::string &name)
{
    std::string made = "\"";
    for (const char sign : name) {
        if (sign == '"')
            made += '"';
        made += sign;
    }
    return made + '"';
}

} // namespace

void SqliteSink::CloseDatabase::operator()(sqlite3 *database) const
{
    sqlite3_close_v2(database);
}

void SqliteSink::FinalizeStatement::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

SqliteSink::~SqliteSink() = default;

Result<std::unique_ptr<SqliteSink>> SqliteSink::open(const std::filesystem::path &path)
{
    sqlite3 *opened = nullptr;
    constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    const int outcome =
        sqlite3_open_v2(reinterpret_cast<const char *>(path.u8string().c_str()), &opened, kFlags, nullptr);
    std::unique_ptr<SqliteSink> sink(new SqliteSink(std::unique_ptr<sqlite3, CloseDatabase>(opened)));
    if (outcome != SQLITE_OK)
        return std::unexpected(errorOf(opened, outcome));
    // What fails is removed whole, and whoever opens the file waits until it is: a journal and syncs would help nobody.
    const auto begun = sink->run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
                                 "PRAGMA cache_size = -65536; BEGIN");
    return begun.transform([&sink] { return std::move(sink); });
}

Result<void> SqliteSink::begin(const Collection &collection)
{
    m_insert.reset();
    const auto &fields = collection.current().fields;
    const int most = std::min(sqlite3_limit(m_database.get(), SQLITE_LIMIT_COLUMN, -1),
                              sqlite3_limit(m_database.get(), SQLITE_LIMIT_VARIABLE_NUMBER, -1));
    if (std::cmp_greater(fields.size(), most))
        return failure(ErrorCode::TooManyColumns, {}, static_cast<std::uint64_t>(most), fields.size());
    if (fields.empty())
        return {};

    const auto table = quoted(m_tables.take(tableName(collection.name)));
    UniqueNames names(UniqueNames::Letters::Fold);
    std::string columns;
    std::string parameters;
    for (const auto &field : fields) {
        const auto tag = steadyTag(collection, field);
        const std::string_view separator = columns.empty() ? "" : ", ";
        columns += separator;
        columns += quoted(names.take(withoutNul(field.path.text())));
        if (tag && !columnType(*tag).empty())
            columns.append(" ").append(columnType(*tag));
        if (tag && *tag != TypeTag::Float64 && field.path.is(collection.primaryField))
            columns += " PRIMARY KEY NOT NULL";
        parameters.append(separator).append("?");
    }
    m_texts.resize(fields.size());
    if (const auto created = run(("CREATE TABLE " + table + " (" + columns + ")").c_str()); !created)
        return created;
    auto insert = prepare("INSERT INTO " + table + " VALUES (" + parameters + ")");
    if (!insert)
        return std::unexpected(insert.error());
    m_insert = *std::move(insert);
    return {};
}

Result<void> SqliteSink::add(ExportRow row)
{
    if (!m_insert)
        return failure(ErrorCode::InvalidInput);
    int parameter = 0;
    for (const auto *value : row) {
        if (const auto bound = bind(++parameter, value); !bound)
            return bound;
    }
    // Texts are borrowed until the next row: nothing is bound in between.
    const int outcome = sqlite3_step(m_insert.get());
    sqlite3_reset(m_insert.get());
    sqlite3_clear_bindings(m_insert.get());
    return outcome == SQLITE_DONE ? Result<void>() : checked(outcome);
}

Result<void> SqliteSink::finish()
{
    m_insert.reset();
    if (const auto committed = run("COMMIT"); !committed)
        return committed;
    const int outcome = sqlite3_close(m_database.get());
    if (outcome != SQLITE_OK)
        return checked(outcome);
    (void)m_database.release();
    return {};
}

Result<void> SqliteSink::run(const char *sql)
{
    return checked(sqlite3_exec(m_database.get(), sql, nullptr, nullptr, nullptr));
}

Result<SqliteSink::Statement> SqliteSink::prepare(const std::string &sql)
{
    sqlite3_stmt *prepared = nullptr;
    const int outcome = sqlite3_prepare_v2(m_database.get(), sql.c_str(), -1, &prepared, nullptr);
    Statement statement(prepared);
    return checked(outcome).transform([&statement] { return std::move(statement); });
}

Result<void> SqliteSink::bind(int parameter, const Value *value)
{
    sqlite3_stmt *into = m_insert.get();
    const auto bindText = [&](const std::string &text) {
        return sqlite3_bind_text64(into, parameter, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
    };
    struct Binder {
        sqlite3_stmt *into;
        int parameter;
        const Value &value;
        decltype(bindText) &text;
        std::string &made;

        int operator()(bool it) const { return sqlite3_bind_int(into, parameter, it ? 1 : 0); }
        int operator()(std::int64_t it) const { return sqlite3_bind_int64(into, parameter, it); }
        int operator()(std::uint64_t it) const
        {
            if (std::cmp_greater(it, std::numeric_limits<std::int64_t>::max()))
                return text(made = std::to_string(it));
            return sqlite3_bind_int64(into, parameter, static_cast<std::int64_t>(it));
        }
        int operator()(double it) const
        {
            return std::isnan(it) ? text(made = "NaN") : sqlite3_bind_double(into, parameter, it);
        }
        int operator()(const std::string &it) const { return text(it); }
        int operator()(const Value::Bytes &it) const
        {
            // Without an address there would be NULL.
            return it.empty() ? sqlite3_bind_zeroblob(into, parameter, 0)
                              : sqlite3_bind_blob64(into, parameter, it.data(), it.size(), SQLITE_STATIC);
        }
        int operator()(const UuidBytes &it) const { return text(made = uuidText(it)); }
        int operator()(Timestamp it) const { return text(made = timestampText(it)); }
        int operator()(const OptionalValue &) const { return sqlite3_bind_null(into, parameter); } // of none
        int operator()(const ListValue &) const { return text(made = jsonText(value)); }
        int operator()(const ObjectValue &) const { return text(made = jsonText(value)); }
    };
    if (value == nullptr)
        return checked(sqlite3_bind_null(into, parameter));
    const auto *optional = std::get_if<OptionalValue>(&value->data);
    if (optional != nullptr && !optional->held.empty())
        return bind(parameter, &optional->held.front());
    auto &made = m_texts[static_cast<std::size_t>(parameter) - 1];
    return checked(std::visit(Binder{into, parameter, *value, bindText, made}, value->data));
}

Result<void> SqliteSink::checked(int outcome) const
{
    return outcome == SQLITE_OK ? Result<void>() : std::unexpected(errorOf(m_database.get(), outcome));
}

} // namespace modelvault
