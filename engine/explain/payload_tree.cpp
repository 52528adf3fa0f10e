#include "explain/payload_tree.h"

#include "database/index_check.h"
#include "format/catalog_entry.h"
#include "format/checkpoint.h"
#include "format/index_entry.h"
#include "format/manifest.h"
#include "format/record.h"
#include "format/transaction_marker.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

namespace modelvault {
namespace {

using Match = std::function<std::optional<SchemaMatch>(std::uint32_t collectionId, std::uint32_t schemaVersion)>;

/// Structures of a fixed size say by the rules of their fields what is wrong; but not if they are too short to be read.
FieldNode withOutcome(FieldNode node, const std::optional<Error> &error)
{
    if (!error)
        return node;
    node.error = error->code;
    if (node.children.size() == 1 && node.children.front().role == FieldNode::Role::Unexplained)
        markFault(node, *error);
    return node;
}

/// Puts a key in the place of its bytes.
void sayValue(FieldNode &node, const Value &key)
{
    struct Say {
        FieldNode &node;
        void operator()(FieldKind kind, FieldValue value) const
        {
            node.kind = kind;
            node.value = std::move(value);
        }
        void operator()(bool it) const { (*this)(FieldKind::Bool, it); }
        void operator()(std::int64_t it) const { (*this)(FieldKind::Number, it); }
        void operator()(std::uint64_t it) const { (*this)(FieldKind::Number, it); }
        void operator()(double it) const { (*this)(FieldKind::Float, it); }
        void operator()(const std::string &it) const { (*this)(FieldKind::Text, it); }
        void operator()(const Value::Bytes &it) const { (*this)(FieldKind::Bytes, FirstBytes::of(it)); }
        void operator()(const UuidBytes &it) const { (*this)(FieldKind::Uuid, it); }
        void operator()(Timestamp it) const { (*this)(FieldKind::Timestamp, it.microseconds); }
        // No keys.
        void operator()(const OptionalValue &) const { }
        void operator()(const ListValue &) const { }
        void operator()(const ObjectValue &) const { }
    };
    std::visit(Say{node}, key.data);
}

/// The types of the keys that index entries hold, as the catalog says it.
class KeyTypes {
public:
    /// Of entries that lie at `at`. Borrows `match`.
    KeyTypes(const Match &match, Offset at) : m_match(match), m_at(at) { }

    struct Types {
        std::optional<TypeTag> index;
        std::optional<TypeTag> primary;
    };
    [[nodiscard]] Types of(const IndexEntry &entry)
    {
        const auto [known, isNew] = m_known.try_emplace({entry.collectionId, entry.indexName, entry.kind});
        if (isNew)
            known->second = find(entry);
        return known->second;
    }

private:
    static std::optional<TypeTag> tagOf(const FieldType *type)
    {
        return type != nullptr ? std::optional(type->tag) : std::nullopt;
    }

    /// In the newest schema before the entry that has the index: a later one may have dropped it. Else in any.
    [[nodiscard]] Types find(const IndexEntry &entry) const
    {
        const auto newest = m_match(entry.collectionId, std::numeric_limits<std::uint32_t>::max());
        if (!newest)
            return {};
        Types types;
        const SchemaVersion *own = nullptr;
        for (auto number = newest->schema->number; number > 0; --number) {
            const auto match = m_match(entry.collectionId, number);
            if (!match || !match->isOwnVersion)
                continue;
            const auto *schema = match->schema;
            const bool isBefore = schema->place.payload < m_at;
            if (own == nullptr || (isBefore && m_at <= own->place.payload))
                own = schema;
            const auto index = std::ranges::find_if(schema->indexes, [&entry](const IndexDefinition &it) {
                return it.name == entry.indexName && it.kind == entry.kind;
            });
            if (index == schema->indexes.end() || (types.index && !isBefore))
                continue;
            types.index = tagOf(indexedType(*schema, index->path));
            if (isBefore)
                break;
        }
        if (own != nullptr)
            types.primary = tagOf(indexedType(*own, {{newest->collection->primaryField}}));
        return types;
    }

    const Match &m_match;
    const Offset m_at;
    std::map<std::tuple<std::uint32_t, std::string, IndexKind>, Types> m_known;
};

template <class T>
std::optional<Error> errorOf(const Result<T> &result)
{
    return result ? std::nullopt : std::optional(result.error());
}

class PayloadExplainer {
public:
    PayloadExplainer(const ExplainFocus &focus, std::size_t &budget) : m_focus(focus), m_budget(budget) { }

    FieldNode catalogEntry(std::span<const std::byte> bytes, Offset at)
    {
        auto builder = make("catalog entry", at);
        std::ignore = CatalogEntry::decode(bytes, at, &builder);
        return std::move(builder).finish(at + bytes.size());
    }

    FieldNode record(std::span<const std::byte> bytes, Offset at, const Match &match)
    {
        auto builder = make("record", at);
        std::optional<SchemaMatch> used;
        const auto record = Record::decode(
            bytes, at,
            [&](std::uint32_t collectionId, std::uint32_t schemaVersion) {
                used = match(collectionId, schemaVersion);
                return used.transform(&SchemaMatch::layout);
            },
            &builder);
        auto node = std::move(builder).finish(at + bytes.size());
        if (used) {
            node.label = used->collection->name;
            if (record && record->head.schemaVersion != used->collection->current().number)
                node.error = ErrorCode::InvalidSchemaVersion;
        }
        return node;
    }

    /// `match` finds nothing where there is no catalog.
    FieldNode indexChanges(std::span<const std::byte> bytes, Offset at, const Match &match)
    {
        auto builder = make("index changes", at);
        std::ignore = IndexChanges::decode(bytes, at, &builder);
        auto node = std::move(builder).finish(at + bytes.size());
        KeyTypes types(match, at);
        for (auto &entry : node.children) {
            if (entry.name == "entry")
                sayKeys(entry, bytes.subspan(entry.begin - at, entry.length()), types);
        }
        return node;
    }

    FieldNode checkpoint(std::span<const std::byte> bytes, Offset at)
    {
        auto builder = make("checkpoint", at);
        const auto checkpoint = Checkpoint::decode(bytes, at, &builder);
        auto node = std::move(builder).finish(at + bytes.size());
        if (checkpoint)
            lookInto(node, *checkpoint);
        return node;
    }

    FieldNode manifest(std::span<const std::byte> bytes, Offset at)
    {
        auto builder = make("manifest", at);
        const auto manifest = Manifest::decode(bytes, at, &builder);
        return withOutcome(std::move(builder).finish(at + bytes.size()), errorOf(manifest));
    }

    FieldNode marker(std::span<const std::byte> bytes, Offset at)
    {
        auto builder = make("transaction marker", at);
        const auto marker = TransactionMarker::decode(bytes, at, &builder);
        return withOutcome(std::move(builder).finish(at + bytes.size()), errorOf(marker));
    }

private:
    /// Of an entry that was read to its end, if it was.
    static void sayKeys(FieldNode &node, std::span<const std::byte> bytes, KeyTypes &types)
    {
        const auto *collectionId = valueIn<std::uint64_t>(node, "collection id");
        const auto *kind = valueIn<std::uint64_t>(node, "kind");
        const auto *name = valueIn<std::string>(node, "index name");
        if (collectionId == nullptr || kind == nullptr || name == nullptr)
            return;
        const auto [index, primary] = types.of({.collectionId = static_cast<std::uint32_t>(*collectionId),
                                                .kind = static_cast<IndexKind>(*kind),
                                                .indexName = *name});
        sayKey(node, bytes, "index key", index);
        sayKey(node, bytes, "primary key", primary);
    }

    template <class T>
    static const T *valueIn(const FieldNode &node, std::string_view name)
    {
        const auto child = std::ranges::find(node.children, name, &FieldNode::name);
        return child != node.children.end() ? std::get_if<T>(&child->value) : nullptr;
    }

    static void sayKey(FieldNode &entry, std::span<const std::byte> bytes, std::string_view name,
                       std::optional<TypeTag> type)
    {
        const auto key = std::ranges::find(entry.children, name, &FieldNode::name);
        if (key == entry.children.end() || key->children.empty() || key->children.back().name != "bytes"
            || key->children.back().role != FieldNode::Role::Field)
            return;
        const auto &raw = key->children.back();
        key->kind = FieldKind::Bytes;
        key->value = raw.value;
        if (!type) {
            key->rule = unchecked({.kind = Rule::Kind::UnknownKey});
            return;
        }
        key->rule = unchecked({.kind = Rule::Kind::Key, .lowest = std::to_underlying(*type)});
        if (const auto value = valueOfKey(*type, bytes.subspan(raw.begin - entry.begin, raw.length())))
            sayValue(*key, *value);
    }

    [[nodiscard]] FieldTreeBuilder make(std::string_view name, Offset at) { return {name, at, m_focus, m_budget}; }

    /// Puts what the parts of a checkpoint say in the place of their bytes. Its records are decoded with its catalog.
    void lookInto(FieldNode &node, const Checkpoint &checkpoint)
    {
        Catalog catalog;
        for (const auto &part : checkpoint.catalogEntries) {
            if (const auto entry = CatalogEntry::decode(part.bytes, part.at))
                std::ignore = catalog.apply(*entry, {.segment = {}, .payload = part.at, .transaction = {}});
        }
        for (const auto &part : checkpoint.catalogEntries)
            replace(node, part, [&] { return catalogEntry(part.bytes, part.at); });
        const Match match = [&catalog](std::uint32_t collectionId, std::uint32_t schemaVersion) {
            return matchSchema(catalog, collectionId, schemaVersion);
        };
        for (const auto &part : checkpoint.records)
            replace(node, part, [&] { return record(part.bytes, part.at, match); });
        replace(node, checkpoint.indexChanges,
                [&] { return indexChanges(checkpoint.indexChanges.bytes, checkpoint.indexChanges.at, match); });
    }

    void replace(FieldNode &node, const Checkpoint::Part &part, const std::function<FieldNode()> &explained)
    {
        if (part.bytes.empty() || (m_budget == 0 && !m_focus.meets(part.at, part.at + part.bytes.size())))
            return;
        const auto nodes = pathTo(node, part.at);
        if (nodes.empty() || nodes.back()->begin != part.at || nodes.back()->length() != part.bytes.size())
            return; // gathered with others
        *nodes.back() = explained();
        if (const auto error = nodes.back()->error) {
            for (auto *around : nodes)
                around->error = error;
        }
    }

    const ExplainFocus &m_focus;
    std::size_t &m_budget;
};

} // namespace

std::string_view payloadName(SegmentType type)
{
    switch (type) {
    case SegmentType::Schema:
        return "catalog entry";
    case SegmentType::Record:
        return "record";
    case SegmentType::Manifest:
        return "manifest";
    case SegmentType::Checkpoint:
        return "checkpoint";
    case SegmentType::Index:
        return "index changes";
    case SegmentType::TxnBegin:
    case SegmentType::TxnCommit:
    case SegmentType::TxnAbort:
        return "transaction marker";
    case SegmentType::Temp:
        return "temp";
    }
    return {};
}

FieldNode explainPayload(const Segment &segment, std::span<const std::byte> payload, const CatalogHistory *catalog,
                         const ExplainFocus &focus, std::size_t &budget)
{
    const Offset at = segment.payloadOffset();
    const Match match = [&](std::uint32_t collectionId, std::uint32_t schemaVersion) {
        return catalog != nullptr ? catalog->schemaFor(collectionId, schemaVersion, segment.transaction) : std::nullopt;
    };
    PayloadExplainer explainer(focus, budget);
    switch (segment.header.type) {
    case SegmentType::Schema: {
        auto node = explainer.catalogEntry(payload, at);
        const auto *change = catalog != nullptr ? catalog->change(segment.no) : nullptr;
        if (!node.error && change != nullptr && change->fault)
            markFault(node, *change->fault);
        return node;
    }
    case SegmentType::Record:
        if (catalog == nullptr)
            break;
        return explainer.record(payload, at, match);
    case SegmentType::Manifest:
        return explainer.manifest(payload, at);
    case SegmentType::Checkpoint:
        return explainer.checkpoint(payload, at);
    case SegmentType::Index:
        return explainer.indexChanges(payload, at, match);
    case SegmentType::TxnBegin:
    case SegmentType::TxnCommit:
    case SegmentType::TxnAbort:
        return explainer.marker(payload, at);
    case SegmentType::Temp:
        break;
    }
    return FieldTreeBuilder(payloadName(segment.header.type), at, focus, budget).finish(at + payload.size());
}

} // namespace modelvault
