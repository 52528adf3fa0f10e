#include "explain/payload_tree.h"

#include "format/catalog_entry.h"
#include "format/checkpoint.h"
#include "format/index_entry.h"
#include "format/manifest.h"
#include "format/record.h"
#include "format/transaction_marker.h"

#include <algorithm>
#include <functional>
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

    FieldNode indexChanges(std::span<const std::byte> bytes, Offset at)
    {
        auto builder = make("index changes", at);
        std::ignore = IndexChanges::decode(bytes, at, &builder);
        return std::move(builder).finish(at + bytes.size());
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
                [&] { return indexChanges(checkpoint.indexChanges.bytes, checkpoint.indexChanges.at); });
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
        return explainer.record(payload, at, [&](std::uint32_t collectionId, std::uint32_t schemaVersion) {
            return catalog->schemaFor(collectionId, schemaVersion, segment.transaction);
        });
    case SegmentType::Manifest:
        return explainer.manifest(payload, at);
    case SegmentType::Checkpoint:
        return explainer.checkpoint(payload, at);
    case SegmentType::Index:
        return explainer.indexChanges(payload, at);
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
