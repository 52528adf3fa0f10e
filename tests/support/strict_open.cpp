#include "support/strict_open.h"

#include "format/checkpoint.h"
#include "support/scanned.h"

namespace modelvault::test {
namespace {

struct Payload {
    std::span<const std::byte> bytes;
    Offset at;
};

/// Payloads in the order in which they are applied: each kind on its own.
struct Payloads {
    std::vector<Payload> schemas;
    std::vector<Payload> indexes;
    std::vector<Payload> records;

    void add(SegmentType type, Payload payload)
    {
        if (type == SegmentType::Schema)
            schemas.push_back(payload);
        else if (type == SegmentType::Index)
            indexes.push_back(payload);
        else if (type == SegmentType::Record)
            records.push_back(payload);
    }
    void add(const Payloads &more)
    {
        schemas.insert(schemas.end(), more.schemas.begin(), more.schemas.end());
        indexes.insert(indexes.end(), more.indexes.begin(), more.indexes.end());
        records.insert(records.end(), more.records.begin(), more.records.end());
    }
};

Result<void> applySchema(DatabaseState &state, const Payload &payload)
{
    return CatalogEntry::decode(payload.bytes, payload.at).and_then([&](const CatalogEntry &entry) {
        return state.catalog.apply(entry, {.segment = {}, .payload = payload.at, .transaction = {}});
    });
}

Result<void> applyIndex(DatabaseState &state, const Payload &payload)
{
    const auto changes = IndexChanges::decode(payload.bytes, payload.at);
    if (!changes)
        return std::unexpected(changes.error());
    for (const auto &entry : changes->entries) {
        const std::tuple one(entry.collectionId, entry.kind, entry.indexName, entry.indexKey, entry.primaryKey);
        if (entry.operation == IndexOperation::Delete) {
            state.entries.erase(one);
            continue;
        }
        const auto same =
            state.entries.lower_bound({entry.collectionId, entry.kind, entry.indexName, entry.indexKey, {}});
        if (entry.kind == IndexKind::Unique && same != state.entries.end() && std::get<0>(*same) == entry.collectionId
            && std::get<1>(*same) == entry.kind && std::get<2>(*same) == entry.indexName
            && std::get<3>(*same) == entry.indexKey && std::get<4>(*same) != entry.primaryKey)
            return failure(ErrorCode::UniqueIndexViolation, payload.at);
        state.entries.insert(one);
    }
    return {};
}

Result<void> applyRecord(DatabaseState &state, const Payload &payload)
{
    auto record = Record::decode(payload.bytes, payload.at, [&](std::uint32_t collection, std::uint32_t) {
        const auto *found = state.catalog.find(collection);
        return found == nullptr
            ? std::nullopt
            : matchSchema(state.catalog, collection, found->current().number).transform(&SchemaMatch::layout);
    });
    if (!record)
        return std::unexpected(record.error());
    const auto &collection = *state.catalog.find(record->head.collectionId);
    if (collection.primaryField.empty())
        return {};
    if (const auto current = collection.current().number; record->head.schemaVersion != current)
        return failure(ErrorCode::InvalidSchemaVersion, payload.at, current, record->head.schemaVersion);
    auto &rows = state.rows[collection.id];
    const auto key = keyBytes(record->head.key).value();
    if (record->head.operation == RecordHead::Delete)
        rows.erase(key);
    else
        rows.insert_or_assign(key, *std::move(record));
    return {};
}

Result<void> apply(DatabaseState &state, const Payloads &payloads)
{
    const auto each = [&state](const std::vector<Payload> &list, auto one) {
        Result<void> applied;
        for (auto payload = list.begin(); payload != list.end() && applied; ++payload)
            applied = one(state, *payload);
        return applied;
    };
    return each(payloads.schemas, applySchema)
        .and_then([&] { return each(payloads.indexes, applyIndex); })
        .and_then([&] { return each(payloads.records, applyRecord); });
}

} // namespace

Result<DatabaseState> openStrictly(std::vector<std::byte> bytes)
{
    const Scanned scanned(std::move(bytes));
    const auto &head = scanned.snapshot->head;
    const auto &log = scanned.snapshot->log;
    if (log.firstFault)
        return std::unexpected(log.firstFault->error);
    if (log.index->openTransaction())
        return failure(ErrorCode::UncleanLogTail, log.index->openTransaction()->begin);

    DatabaseState state;
    Offset from = kLogStart;
    const auto superblock = head.selected ? *head.superblocks[static_cast<std::size_t>(*head.selected)] : Superblock{};
    const auto segments = scanned.segments();
    for (const auto &segment : segments) {
        if (segment.offset != superblock.checkpointOffset || segment.header.type != SegmentType::Checkpoint)
            continue;
        const auto checkpoint = Checkpoint::decode(scanned.payload(segment), segment.payloadOffset());
        if (!checkpoint)
            return std::unexpected(checkpoint.error());
        Payloads parts;
        for (const auto &part : checkpoint->catalogEntries)
            parts.schemas.push_back({part.bytes, part.at});
        for (const auto &part : checkpoint->records)
            parts.records.push_back({part.bytes, part.at});
        parts.indexes.push_back({checkpoint->indexChanges.bytes, checkpoint->indexChanges.at});
        if (const auto applied = apply(state, parts); !applied)
            return std::unexpected(applied.error());
        from = checkpoint->replayFrom;
    }

    Payloads committed;
    Payloads staged;
    for (const auto &segment : segments) {
        if (segment.offset < from)
            continue;
        const Payload payload{scanned.payload(segment), segment.payloadOffset()};
        if (!head.hasTransactions()) {
            committed.add(segment.header.type, payload);
        } else if (isTransactionMarker(segment.header.type)) {
            if (segment.header.type == SegmentType::TxnCommit)
                committed.add(staged);
            staged = {};
        } else {
            staged.add(segment.header.type, payload);
        }
    }
    return apply(state, committed).transform([&state] { return std::move(state); });
}

} // namespace modelvault::test
