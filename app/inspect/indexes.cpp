#include "browse.h"
#include "browsing.h"
#include "words.h"

#include "database/index_check.h"
#include "database/open_preview.h"
#include "database/row_index.h"
#include "export/described_json.h"
#include "export/value_text.h"
#include "printable.h"

#include <algorithm>
#include <format>
#include <utility>

namespace modelvault::inspect {
namespace {

/// What is known of an index by its name and kind: what its keys, and those of the rows, are.
struct KeyTypes {
    std::string collection;
    std::string path; ///< empty if the schema has no such index
    std::optional<TypeTag> key;
    std::optional<TypeTag> primaryKey;
};

std::optional<TypeTag> tagOf(const FieldType *type)
{
    return type != nullptr ? std::optional(type->tag) : std::nullopt;
}

KeyTypes typesOf(const Catalog &catalog, const IndexState::IndexId &id)
{
    KeyTypes types;
    const auto *collection = catalog.find(id.collectionId);
    if (collection == nullptr)
        return types;
    const auto &schema = collection->current();
    types.collection = collection->name;
    types.primaryKey = tagOf(indexedType(schema, {{collection->primaryField}}));
    const auto definition = std::ranges::find_if(
        schema.indexes, [&id](const IndexDefinition &index) { return index.name == id.name && index.kind == id.kind; });
    if (definition != schema.indexes.end()) {
        types.path = pathText(definition->path);
        types.key = tagOf(indexedType(schema, definition->path));
    }
    return types;
}

std::optional<Value> keyValue(std::optional<TypeTag> type, const std::string &bytes)
{
    return type ? valueOfKey(*type, std::as_bytes(std::span(bytes))) : std::nullopt;
}

/// As its type reads it; else its bytes.
std::string keyText(std::optional<TypeTag> type, const std::string &bytes)
{
    const auto value = keyValue(type, bytes);
    return value ? shortText(&*value) : "0x" + hexDigits(std::as_bytes(std::span(bytes)));
}

std::string entryText(const KeyTypes &types, const IndexState::Entry &entry)
{
    return keyText(types.key, entry.key) + " -> " + keyText(types.primaryKey, entry.primaryKey);
}

Json entryJson(const KeyTypes &types, const IndexState::Entry &entry)
{
    const auto json = [](const std::optional<Value> &value) { return value ? Json::parse(jsonText(*value)) : Json(); };
    return {{"key", hexDigits(std::as_bytes(std::span(entry.key)))},
            {"pk", hexDigits(std::as_bytes(std::span(entry.primaryKey)))},
            {"key_value", json(keyValue(types.key, entry.key))},
            {"pk_value", json(keyValue(types.primaryKey, entry.primaryKey))}};
}

std::string_view faultName(IndexFault::Kind kind)
{
    return kind == IndexFault::Kind::Missing ? "missing" : "stale";
}

std::string countsText(const IndexState::IndexId &id, const KeyTypes &types, const IndexCounts &counts)
{
    auto text = std::format("{} {}, {}",
                            types.collection.empty() ? std::format("collection {}", id.collectionId)
                                                     : printable(types.collection),
                            printable(id.name), indexKindName(std::to_underlying(id.kind)));
    if (!counts.isInSchema)
        return text + std::format(": {}, of no index that the schema has", counts.entries);
    return text
        + std::format(" ({}): {}, {} missing, {} stale", types.path,
                      counts.entries == 1 ? "1 entry" : grouped(counts.entries) + " entries", grouped(counts.missing),
                      grouped(counts.stale));
}

Json countsJson(const IndexState::IndexId &id, const KeyTypes &types, const IndexCounts &counts)
{
    return {{"collection_id", id.collectionId},
            {"collection", types.collection},
            {"index", id.name},
            {"kind", indexKindName(std::to_underlying(id.kind))},
            {"path", types.path},
            {"in_schema", counts.isInSchema},
            {"entries", counts.entries},
            {"missing", counts.missing},
            {"stale", counts.stale}};
}

class IndexPrinter {
public:
    IndexPrinter(const Options &options, const Catalog &catalog, const IndexState &state, const IndexCheck &check,
                 std::ostream &out)
        : m_isJson(options.json),
          m_catalog(catalog),
          m_state(state),
          m_check(check),
          m_out(out)
    { }

    void print(const std::string &name)
    {
        if (m_isJson)
            m_out << '[';
        const char *separator = "\n";
        for (const auto &[id, counts] : m_check.indexes) {
            if (!name.empty() && id.name != name)
                continue;
            if (m_isJson)
                m_out << std::exchange(separator, ",\n");
            printIndex(id, counts, !name.empty());
        }
        if (m_isJson)
            m_out << "\n]\n";
    }

private:
    void printIndex(const IndexState::IndexId &id, const IndexCounts &counts, bool withEntries)
    {
        const auto types = typesOf(m_catalog, id);
        if (m_isJson) {
            // The counts, with lists at their end that may be longer than one wants to hold twice.
            auto head = compact(countsJson(id, types, counts));
            head.pop_back();
            m_out << head;
        } else {
            m_out << countsText(id, types, counts) << '\n';
        }
        if (withEntries)
            printEntries(id, types);
        printFaults(id, types);
        if (m_isJson)
            m_out << '}';
    }

    void printEntries(const IndexState::IndexId &id, const KeyTypes &types)
    {
        const auto entries = m_state.indexes().find(id);
        if (m_isJson)
            m_out << R"(,"contents":[)";
        if (entries != m_state.indexes().end()) {
            const char *separator = "\n  ";
            for (const auto &entry : entries->second) {
                if (m_isJson)
                    m_out << std::exchange(separator, ",\n  ") << compact(entryJson(types, entry));
                else
                    m_out << "  " << entryText(types, entry) << '\n';
            }
        }
        if (m_isJson)
            m_out << ']';
    }

    void printFaults(const IndexState::IndexId &id, const KeyTypes &types)
    {
        if (m_isJson)
            m_out << R"(,"faults":[)";
        const char *separator = "\n  ";
        for (const auto &fault : m_check.faults) {
            if (fault.index != id)
                continue;
            if (m_isJson) {
                auto json = entryJson(types, fault.entry);
                json["fault"] = faultName(fault.kind);
                json["record"] = fault.row ? Json(fault.row->value) : Json();
                m_out << std::exchange(separator, ",\n  ") << compact(json);
            } else {
                m_out << "  " << faultName(fault.kind) << ": " << entryText(types, fault.entry) << '\n';
            }
        }
        if (m_isJson)
            m_out << ']';
    }

    const bool m_isJson;
    const Catalog &m_catalog;
    const IndexState &m_state;
    const IndexCheck &m_check;
    std::ostream &m_out;
};

} // namespace

ExitCode indexes(const Options &options, const std::string &name, Output output)
{
    const auto inspected = inspectRows(options, output);
    if (!inspected)
        return kCannot;
    const auto &snapshot = *inspected->snapshot;
    const auto &store = *inspected->database.store;
    const auto preview = previewOpens(store, snapshot.head, snapshot.log, snapshot.catalog);
    if (!preview)
        return cannot(options, preview.error(), output);
    static const IndexState kNone;
    const auto &state = preview->replay != nullptr ? preview->replay->indexes : kNone;
    const auto check = checkIndexes(store, inspected->snapshot, state);
    if (!check)
        return cannot(options, check.error(), output);
    const auto isNamed = [&name](const auto &index) { return index.first.name == name; };
    if (!name.empty() && std::ranges::none_of(check->indexes, isNamed)) {
        std::string there;
        for (const auto &[id, counts] : check->indexes)
            there += (there.empty() ? "" : ", ") + inQuotes(id.name);
        return cannot(options,
                      "there is no index " + inQuotes(name)
                          + (there.empty() ? ", nor any other" : "; there are: " + there),
                      output);
    }
    IndexPrinter(options, snapshot.catalog->catalog(), state, *check, output.out).print(name);
    if (!options.json && check->indexes.empty())
        output.out << "no indexes\n";
    return check->isSound() ? inspected->exitCode() : kFindings;
}

} // namespace modelvault::inspect
