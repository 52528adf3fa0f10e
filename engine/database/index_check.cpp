#include "database/index_check.h"

#include "database/row_index.h"
#include "database/row_reader.h"
#include "out_of_memory.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

namespace modelvault {
namespace {

using Names = std::span<const SharedText>;

/// From object to object; null where one is none.
const Value *memberOf(const Value &value, Names names)
{
    const auto *at = heldValue(value);
    for (const auto &name : names) {
        const auto *object = at != nullptr ? std::get_if<ObjectValue>(&at->data) : nullptr;
        if (object == nullptr)
            return nullptr;
        // Of members with one name, the last is the one that a row keeps.
        const auto found = std::ranges::find_last(object->members, name, &ObjectMember::name);
        if (found.empty())
            return nullptr;
        at = heldValue(found.front().value);
    }
    return at;
}

std::optional<std::size_t> fieldOf(std::span<const FieldDefinition> fields, const FieldPath &path)
{
    const auto found =
        std::ranges::find_if(fields, [&path](const FieldDefinition &field) { return field.path.isPrefixOf(path); });
    return found != fields.end() ? std::optional(static_cast<std::size_t>(found - fields.begin())) : std::nullopt;
}

std::string textOf(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

class CollectionCheck {
public:
    CollectionCheck(const Collection &collection, const IndexState &state, IndexCheck &into)
        : m_collection(collection),
          m_into(into)
    {
        for (const auto &definition : collection.current().indexes) {
            const IndexState::IndexId id{
                .collectionId = collection.id, .name = definition.name, .kind = definition.kind};
            const auto entries = state.indexes().find(id);
            auto &index = m_indexes.try_emplace(id).first->second;
            if (entries != state.indexes().end())
                index = {.entries = &entries->second, .unmatched = entries->second};
            into.indexes[id].isInSchema = true;
        }
    }

    [[nodiscard]] bool isNeeded() const { return !m_indexes.empty(); }

    Result<void> add(const RowPayload &row)
    {
        const auto head = RecordHead::decode(row.bytes, row.at);
        if (!head)
            return std::unexpected(head.error());
        const auto primaryKey = keyBytes(head->key);
        for (const auto &definition : m_collection.current().indexes) {
            const auto key = keyOf(row, definition.path);
            if (!key)
                return std::unexpected(key.error());
            if (*key && primaryKey)
                addExpected({.collectionId = m_collection.id, .name = definition.name, .kind = definition.kind},
                            {.key = textOf(**key), .primaryKey = textOf(*primaryKey)}, row.no);
        }
        return {};
    }

    void finish()
    {
        for (auto &[id, index] : m_indexes) {
            m_into.indexes[id].stale = index.unmatched.size();
            for (const auto &entry : index.unmatched) {
                if (!hasRoom())
                    break;
                m_into.faults.push_back({.kind = IndexFault::Kind::Stale, .index = id, .entry = entry});
            }
        }
    }

private:
    struct Index {
        const IndexState::Entries *entries = nullptr; // null: none
        IndexState::Entries unmatched;                // those of them that no row wants, so far
    };

    /// None where the row has no key there.
    Result<std::optional<std::vector<std::byte>>> keyOf(const RowPayload &row, const FieldPath &path) const
    {
        const auto fields = row.decoder.layout().fields;
        const auto field = fieldOf(fields, path);
        if (!field)
            return std::nullopt;
        const auto value = row.decoder.value(row.bytes, row.at, *field);
        if (!value)
            return std::unexpected(value.error());
        if (!*value)
            return std::nullopt;
        const auto *key = memberOf(**value, Names(path.segments).subspan(fields[*field].path.segments.size()));
        return key != nullptr ? keyBytes(*key) : std::nullopt;
    }

    void addExpected(const IndexState::IndexId &id, IndexState::Entry entry, RecordNo row)
    {
        auto &index = m_indexes.at(id);
        if (index.entries != nullptr && index.entries->contains(entry)) {
            index.unmatched.erase(entry);
            return;
        }
        ++m_into.indexes[id].missing;
        if (hasRoom())
            m_into.faults.push_back(
                {.kind = IndexFault::Kind::Missing, .index = id, .entry = std::move(entry), .row = row});
    }

    [[nodiscard]] bool hasRoom() const { return m_into.faults.size() < IndexCheck::kMostFaults; }

    const Collection &m_collection;
    IndexCheck &m_into;
    std::map<IndexState::IndexId, Index> m_indexes;
};

} // namespace

Result<IndexCheck> checkIndexes(const Store &store, const std::shared_ptr<const Snapshot> &snapshot,
                                const IndexState &state, const Progress &progress)
try {
    IndexCheck check;
    for (const auto &[id, entries] : state.indexes())
        check.indexes[id].entries = entries.size();
    RowReader reader(store, snapshot);
    const auto &collections = snapshot->catalog->catalog().collections();
    std::uint64_t before = 0; // collections
    for (const auto &[id, collection] : collections) {
        CollectionCheck one(collection, state, check);
        if (!one.isNeeded()) {
            ++before;
            continue;
        }
        Result<void> added;
        const auto scanned = reader.scan(
            snapshot->rows->collection(id).live,
            [&](const RowPayload &row) {
                added = one.add(row);
                return added.has_value();
            },
            [&](std::uint64_t done, std::uint64_t total) {
                return !progress || progress(before * total + done, collections.size() * total);
            });
        if (!added)
            return std::unexpected(added.error());
        if (!scanned)
            return std::unexpected(scanned.error());
        one.finish();
        ++before;
    }
    return check;
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

const FieldType *indexedType(const SchemaVersion &schema, const FieldPath &path)
{
    const auto field = fieldOf(schema.fields, path);
    if (!field)
        return nullptr;
    const auto *type = &heldType(schema.fields[*field].type);
    for (const auto &name : Names(path.segments).subspan(schema.fields[*field].path.segments.size())) {
        const auto member = std::ranges::find_last_if(
            type->fields, [&name](const ObjectField &it) { return it.path.segments.front() == name; });
        if (member.empty())
            return nullptr;
        type = &heldType(member.front().type);
    }
    return type;
}

} // namespace modelvault
