#include "support/plain_replay.h"

#include "format/catalog_entry.h"
#include "format/crc32c.h"
#include "format/file_header.h"
#include "format/index_entry.h"
#include "format/segment.h"
#include "format/superblock.h"
#include "format/transaction_marker.h"

#include <algorithm>

namespace modelvault::test {
namespace {

struct Part {
    SegmentType type;
    Offset at;
    std::span<const std::byte> payload;
};

/// The payloads that count, in the order of the log.
std::vector<Part> countedParts(std::span<const std::byte> file, Offset end)
{
    const bool framed = FileHeader::decode(file)->hasTransactions();
    std::vector<Part> counted;
    std::vector<Part> staged;
    bool inTransaction = false;
    const std::uint64_t limit = std::min<std::uint64_t>(end.value, file.size());
    for (std::uint64_t at = kLogStart.value; at + SegmentHeader::kSize <= limit;) {
        const auto header = SegmentHeader::decode(file.subspan(at), Offset{at});
        at += SegmentHeader::kSize;
        if (!header || header->payloadLength > limit - at)
            break;
        const auto payload = file.subspan(at, header->payloadLength);
        if (payloadChecksumEndsWalk(header->type) && crc32c(payload) != header->payloadCrc)
            break;
        const Part part{header->type, Offset{at}, payload};
        at += payload.size();

        switch (part.type) {
        case SegmentType::TxnBegin:
            inTransaction = true;
            staged.clear();
            break;
        case SegmentType::TxnCommit:
            counted.insert(counted.end(), staged.begin(), staged.end());
            [[fallthrough]];
        case SegmentType::TxnAbort:
            inTransaction = false;
            staged.clear();
            break;
        default:
            if (!framed)
                counted.push_back(part);
            else if (inTransaction)
                staged.push_back(part);
        }
    }
    return counted;
}

} // namespace

PlainReplay plainReplay(std::span<const std::byte> file, Offset end)
{
    PlainReplay state;
    const auto parts = countedParts(file, end);
    for (const auto &part : parts) {
        if (part.type != SegmentType::Schema)
            continue;
        if (const auto entry = CatalogEntry::decode(part.payload, part.at))
            std::ignore = state.catalog.apply(*entry, {.segment = {}, .payload = part.at, .transaction = {}});
    }
    for (const auto &part : parts) {
        if (part.type != SegmentType::Index)
            continue;
        const auto changes = IndexChanges::decode(part.payload, part.at);
        if (!changes)
            continue;
        for (const auto &change : changes->entries) {
            const PlainReplay::IndexEntryKey key(change.collectionId, change.indexName, change.kind, change.indexKey,
                                                 change.primaryKey);
            const bool taken =
                change.kind == IndexKind::Unique && std::ranges::any_of(state.indexEntries, [&key](const auto &other) {
                    return std::get<0>(key) == std::get<0>(other) && std::get<1>(key) == std::get<1>(other)
                        && std::get<2>(key) == std::get<2>(other) && std::get<3>(key) == std::get<3>(other);
                });
            if (change.operation == IndexOperation::Delete)
                state.indexEntries.erase(key);
            else if (!taken)
                state.indexEntries.insert(key);
        }
    }
    for (const auto &part : parts) {
        if (part.type != SegmentType::Record)
            continue;
        const auto record =
            Record::decode(part.payload, part.at, [&state](std::uint32_t collectionId, std::uint32_t version) {
                return matchSchema(state.catalog, collectionId, version).transform(&SchemaMatch::layout);
            });
        if (!record || state.catalog.find(record->head.collectionId)->primaryField.empty())
            continue;
        auto &rows = state.rows[record->head.collectionId];
        const auto key = keyBytes(record->head.key).value();
        if (record->head.operation == RecordHead::Delete)
            rows.erase(key);
        else
            rows.insert_or_assign(key, *record);
    }
    return state;
}

} // namespace modelvault::test
