#include "browse.h"
#include "browsing.h"
#include "words.h"

#include "database/log_records.h"
#include "database/row_index.h"
#include "database/row_reader.h"
#include "export/json_row.h"
#include "export/row_columns.h"
#include "export/value_text.h"
#include "printable.h"

#include <algorithm>
#include <format>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

namespace modelvault::inspect {
namespace {

// --- Rows ---

/// Writes versions of the rows of one collection, by the fields of its current schema.
class RowPrinter {
public:
    RowPrinter(const Options &options, const Collection &collection, std::ostream &out)
        : m_isJson(options.json),
          m_fields(collection.current().fields),
          m_columns(collection),
          m_json(m_fields),
          m_out(out)
    {
        if (m_isJson)
            m_out << '[';
    }

    /// `held`: what a deleted row had; null if that is not known.
    void print(RecordNo no, Offset segment, const Record &record, const Record *held)
    {
        if (m_isJson) {
            Json json = {{"record", no.value},
                         {"offset", segment.value},
                         {"operation", recordOperationName(record.head.operation)},
                         {"schema_version", record.head.schemaVersion}};
            json["key"] = Json::parse(jsonText(record.head.key));
            json["values"] = held != nullptr ? valuesOf(*held) : Json();
            m_out << (std::exchange(m_isFirst, false) ? "\n  " : ",\n  ") << compact(json);
            return;
        }
        m_out << std::format("{:>10}  {:#012x}", no.value, segment.value);
        if (held == nullptr)
            m_out << "  key " << shortText(&record.head.key);
        else
            printValues(*held);
        m_out << '\n';
    }

    /// One that no open shows.
    void printUnseen(const LogRecord &from, const Record &record)
    {
        const bool deletes = record.head.operation == RecordHead::Delete;
        if (m_isJson) {
            Json json = {{"unseen", unseenName(*from.unseen)},
                         {"offset", from.segment.offset.value},
                         {"operation", recordOperationName(record.head.operation)},
                         {"schema_version", record.head.schemaVersion}};
            json["key"] = Json::parse(jsonText(record.head.key));
            json["values"] = deletes ? Json() : valuesOf(record);
            m_out << (std::exchange(m_isFirst, false) ? "\n  " : ",\n  ") << compact(json);
            return;
        }
        m_out << std::format("{:>10}  {:#012x}", "unseen", from.segment.offset.value);
        if (deletes)
            m_out << "  delete of key " << shortText(&record.head.key);
        else
            printValues(record);
        m_out << "  (the engine would not see this: " << unseenWords(*from.unseen) << ")\n";
    }

    void finish()
    {
        if (m_isJson)
            m_out << (m_isFirst ? "]\n" : "\n]\n");
    }

private:
    static std::string_view unseenWords(Unseen unseen)
    {
        switch (unseen) {
        case Unseen::BehindEnd:
            return "behind the damage";
        case Unseen::NeverCommitted:
            return "never committed";
        case Unseen::Aborted:
            return "aborted";
        case Unseen::OutsideTransactions:
            break;
        }
        return "outside of transactions";
    }

    Json valuesOf(const Record &record)
    {
        std::string text;
        m_json.append(text, m_columns.of(record));
        return Json::parse(text);
    }

    void printValues(const Record &record)
    {
        const auto row = m_columns.of(record);
        for (std::size_t i = 0; i < row.size(); ++i)
            m_out << "  " << pathText(m_fields[i].path) << ": " << shortText(row[i]);
    }

    const bool m_isJson;
    const std::vector<FieldDefinition> &m_fields;
    RowColumns m_columns;
    const JsonRow m_json;
    std::ostream &m_out;
    bool m_isFirst = true;
};

Result<void> printLive(RowReader &reader, const RecordSet &rows, const RowRange &range, RowPrinter &printer,
                       const std::ostream &out)
{
    if (range.limit == 0 || range.offset >= rows.size())
        return {};
    std::uint64_t left = range.limit;
    std::optional<Error> failed;
    const auto first = rows.at(range.offset);
    const auto scanned = reader.scan(rows, [&](const RowPayload &row) {
        if (row.no < first)
            return true;
        const auto record = row.decoder.decode(row.bytes, row.at);
        if (!record) {
            failed = record.error();
            return false;
        }
        printer.print(row.no, {row.at.value - SegmentHeader::kSize}, *record, &*record);
        return --left > 0 && out.good();
    });
    return failed ? Result<void>(std::unexpected(*failed)) : scanned;
}

/// `skip` and `left`: of the range, what the rows before have left of it.
Result<void> printUnseen(const Inspected &inspected, std::uint32_t collectionId, std::uint64_t skip, std::uint64_t left,
                         RowPrinter &printer, const std::ostream &out)
{
    std::optional<Error> failed;
    const auto visit = [&](const LogRecord &from) {
        if (!from.unseen || !from.isOfRow() || from.outline->collectionId != collectionId)
            return true;
        if (skip > 0) {
            --skip;
            return true;
        }
        if (left == 0)
            return false;
        const auto record = from.decode();
        if (!record) {
            failed = record.error();
            return false;
        }
        printer.printUnseen(from, *record);
        return --left > 0 && out.good();
    };
    const auto walked = forEachRecord(*inspected.database.store, *inspected.snapshot, kLogStart, visit);
    return failed ? std::unexpected(*failed) : walked;
}

Result<void> printDeleted(RowReader &reader, const RowIndex &index, const RecordSet &rows, const RowRange &range,
                          RowPrinter &printer, const std::ostream &out)
{
    const auto end = range.offset + std::min(range.limit, rows.size() - std::min(range.offset, rows.size()));
    for (auto n = range.offset; n < end && out.good(); ++n) {
        const auto deletion = reader.read(rows.at(n));
        if (!deletion)
            return std::unexpected(deletion.error());
        const auto earlier = index.earlier(rows.at(n));
        const auto held = earlier ? reader.read(*earlier) : deletion;
        if (!held)
            return std::unexpected(held.error());
        const bool isHeld = earlier && held->record.head.operation != RecordHead::Delete;
        printer.print(deletion->no, deletion->segment.offset, deletion->record, isHeld ? &held->record : nullptr);
    }
    return {};
}

// --- History ---

std::optional<Value> parseKey(TypeTag type, const std::string &text)
{
    const bool isWord = text == "true" || text == "false";
    if (!isScalar(type) || (type == TypeTag::Bool && !isWord))
        return std::nullopt;
    return parseScalar(type, text);
}

/// How a key of the type is written.
std::string_view keyForm(TypeTag type)
{
    switch (type) {
    case TypeTag::Bool:
        return "true or false";
    case TypeTag::Bytes:
        return "hex digits";
    case TypeTag::Timestamp:
        return "a date and time, or microseconds since 1970";
    default:
        return typeTagName(std::to_underlying(type));
    }
}

/// Null for what one of the versions does not have. Lives as long as they do.
struct FieldChange {
    FieldPath path;
    const Value *before;
    const Value *after;
};

std::vector<FieldChange> changesOf(const RowVersion *before, const RowVersion &after)
{
    std::vector<FieldChange> changes;
    const bool wasThere = before != nullptr && before->record.head.operation != RecordHead::Delete;
    for (auto &path : changedFields(before, after)) {
        const auto *old = wasThere ? before->value(path) : nullptr;
        const auto *now = after.value(path);
        changes.push_back({.path = std::move(path), .before = old, .after = now});
    }
    return changes;
}

Json valueJson(const Value *value)
{
    return value != nullptr ? Json::parse(jsonText(*value)) : Json();
}

Json versionJson(const RowVersion &version, const std::vector<FieldChange> &changes)
{
    Json json = {
        {"record", version.no.value}, {"segment", version.segment.no.value}, {"offset", version.segment.offset.value}};
    json["transaction"] = version.segment.transaction ? Json(version.segment.transaction->value) : Json();
    json["operation"] = recordOperationName(version.record.head.operation);
    json["schema_version"] = version.record.head.schemaVersion;
    json["changes"] = Json::array();
    for (const auto &change : changes) {
        auto path = Json::array();
        for (const auto &segment : change.path.segments)
            path.push_back(segment.str());
        json["changes"].push_back(
            {{"path", std::move(path)}, {"before", valueJson(change.before)}, {"after", valueJson(change.after)}});
    }
    return json;
}

Result<void> printVersion(const Inspected &inspected, const RowVersion &version,
                          const std::vector<FieldChange> &changes, bool isReplacement, std::ostream &out)
{
    const auto transaction = transactionText(inspected, version.segment);
    if (!transaction)
        return std::unexpected(transaction.error());
    out << std::format("  record {} at {}, {}: {}, schema version {}\n", version.no.value,
                       hex(version.segment.offset.value), *transaction,
                       recordOperationName(version.record.head.operation), version.record.head.schemaVersion);
    for (const auto &change : changes) {
        out << "      " << pathText(change.path) << ": ";
        if (isReplacement)
            out << shortText(change.before) << " becomes ";
        out << shortText(change.after) << '\n';
    }
    return {};
}

Result<void> printHistory(const Options &options, const Inspected &inspected, RecordNo last, std::ostream &out)
{
    RowReader reader(*inspected.database.store, inspected.snapshot);
    auto version = reader.read(last);
    bool isFirst = true;
    while (version && out.good()) {
        // Two at a time: a row may have millions of versions.
        const auto earlier = inspected.snapshot->rows->earlier(version->no);
        auto before = earlier
            ? reader.read(*earlier).transform([](RowVersion &&it) { return std::optional(std::move(it)); })
            : Result<std::optional<RowVersion>>();
        if (!before)
            return std::unexpected(before.error());
        const auto *old = *before ? &**before : nullptr;
        const auto changes = changesOf(old, *version);
        if (options.json) {
            out << (isFirst ? "\n  " : ",\n  ") << compact(versionJson(*version, changes));
        } else {
            const bool isReplacement = old != nullptr && old->record.head.operation != RecordHead::Delete;
            if (const auto printed = printVersion(inspected, *version, changes, isReplacement, out); !printed)
                return printed;
        }
        isFirst = false;
        if (old == nullptr)
            return {};
        version = *std::move(*before);
    }
    return version ? Result<void>() : std::unexpected(version.error());
}

} // namespace

ExitCode rows(const Options &options, const RowRange &range, Output output)
{
    const auto inspected = inspectRows(options, output);
    if (!inspected)
        return kCannot;
    const auto *collection = collectionNamed(options, *inspected, range.collection, output);
    if (collection == nullptr)
        return kCannot;
    const auto &index = *inspected->snapshot->rows;
    const auto &there = index.collection(collection->id);
    if (!options.json)
        output.out << printable(collection->name) << ": " << counted(there.live.size(), "row") << ", "
                   << grouped(there.deleted.size()) << " deleted\n";
    RowReader reader(*inspected->database.store, inspected->snapshot);
    RowPrinter printer(options, *collection, output.out);
    const auto printed = range.deleted ? printDeleted(reader, index, there.deleted, range, printer, output.out)
                                       : printLive(reader, there.live, range, printer, output.out);
    auto unseen = Result<void>();
    if (printed && range.all) {
        const auto rows = there.live.size();
        const auto shown = std::min(range.limit, rows - std::min(range.offset, rows));
        unseen = printUnseen(*inspected, collection->id, range.offset - std::min(range.offset, rows),
                             range.limit - shown, printer, output.out);
    }
    printer.finish();
    if (!printed || !unseen)
        return cannot(options, printed ? unseen.error() : printed.error(), output);
    return inspected->exitCode();
}

ExitCode history(const Options &options, const std::string &collectionName, const std::string &key, Output output)
{
    const auto inspected = inspectRows(options, output);
    if (!inspected)
        return kCannot;
    const auto *collection = collectionNamed(options, *inspected, collectionName, output);
    if (collection == nullptr)
        return kCannot;
    const auto &fields = collection->current().fields;
    const auto primary = std::ranges::find_if(
        fields, [collection](const FieldDefinition &field) { return field.path.is(collection->primaryField); });
    if (primary == fields.end())
        return cannot(options, "rows of " + inQuotes(collection->name) + " have no key", output);
    const auto parsed = parseKey(primary->type.tag, key);
    if (!parsed)
        return cannot(options, inQuotes(key) + " is no such key: wanted is " + std::string(keyForm(primary->type.tag)),
                      output);
    const auto last = inspected->snapshot->rows->last(collection->id, *keyBytes(*parsed));
    if (!last)
        return cannot(options, "there never was a row " + inQuotes(key) + " in " + inQuotes(collection->name), output);
    output.out << (options.json ? "[" : printable(collection->name) + ' ' + shortText(&*parsed) + ", newest first\n");
    const auto printed = printHistory(options, *inspected, *last, output.out);
    if (options.json)
        output.out << "\n]\n";
    return printed ? inspected->exitCode() : cannot(options, printed.error(), output);
}

} // namespace modelvault::inspect
