#include "database/segment_summary.h"

#include "database/payload_loader.h"
#include "format/checkpoint.h"
#include "format/transaction_marker.h"
#include "log/log_walker.h"
#include "out_of_memory.h"

#include <algorithm>

namespace modelvault {
namespace {

class Summarizer {
public:
    Summarizer(const Store &store, const Segment &segment, const CatalogHistory *catalog)
        : m_loader(store),
          m_segment(segment),
          m_catalog(catalog)
    { }

    Result<SegmentSummary> run()
    {
        auto summary = summarized();
        // Nobody looks at those of spilled queries.
        if (summary && m_segment.payloadDamaged && m_segment.header.type != SegmentType::Temp)
            summary->fault = {.code = ErrorCode::BadSegmentPayloadChecksum, .offset = m_segment.offset};
        return summary;
    }

private:
    Result<SegmentSummary> summarized()
    {
        const auto &header = m_segment.header;
        if (header.type == SegmentType::Manifest || header.type == SegmentType::Temp)
            return SegmentSummary{};
        if (header.type != SegmentType::Record || header.payloadLength <= kLongestCheckedRecord)
            return decoded(m_loader.whole(m_segment));
        return decoded(m_loader.beginning(m_segment)).and_then([this](SegmentSummary summary) {
            return summary.fault ? decoded(m_loader.whole(m_segment)) : Result<SegmentSummary>(summary);
        });
    }

    Result<SegmentSummary> decoded(const Result<std::span<const std::byte>> &payload)
    {
        if (!payload && payload.error().code != ErrorCode::PayloadOverLimit)
            return std::unexpected(payload.error());
        m_payload = payload.value_or(std::span<const std::byte>());
        return payload ? decode() : SegmentSummary{.what = {}, .fault = payload.error()};
    }

    SegmentSummary decode()
    {
        const Offset at = m_segment.payloadOffset();
        switch (m_segment.header.type) {
        case SegmentType::Schema:
            return shown(CatalogEntry::decode(m_payload, at), [this](const CatalogEntry &entry) {
                const bool creates = entry.kind == CatalogEntry::Kind::CreateCollection;
                return SchemaSummary{.kind = entry.kind,
                                     .collectionId = entry.collectionId,
                                     .collection = creates ? entry.name : nameOf(entry.collectionId),
                                     .schemaVersion = entry.schemaVersion,
                                     .fields = entry.fields.size()};
            });
        case SegmentType::Record:
            return ofRecord(at);
        case SegmentType::Index:
            return shown(IndexChanges::decode(m_payload, at),
                         [this](const IndexChanges &changes) { return ofIndexes(changes); });
        case SegmentType::Checkpoint:
            return shown(Checkpoint::decode(m_payload, at), [](const Checkpoint &checkpoint) {
                return CheckpointSummary{.replayFrom = checkpoint.replayFrom,
                                         .catalogEntries = checkpoint.catalogEntries.size(),
                                         .records = checkpoint.records.size()};
            });
        case SegmentType::TxnBegin:
        case SegmentType::TxnCommit:
        case SegmentType::TxnAbort:
            return shown(TransactionMarker::decode(m_payload, at),
                         [](const TransactionMarker &marker) { return MarkerSummary{marker.id}; });
        case SegmentType::Manifest:
        case SegmentType::Temp:
            break;
        }
        return {};
    }

    template <class T, class Make>
    static SegmentSummary shown(const Result<T> &decoded, const Make &make)
    {
        if (!decoded)
            return {.what = {}, .fault = decoded.error()};
        return {.what = make(*decoded), .fault = {}};
    }

    [[nodiscard]] SegmentSummary ofRecord(Offset at) const
    {
        const auto head = RecordHead::decode(m_payload, at);
        if (!head)
            return {.what = {}, .fault = head.error()};
        SegmentSummary summary{.what = RecordSummary{.collectionId = head->collectionId,
                                                     .collection = nameOf(head->collectionId),
                                                     .operation = head->operation,
                                                     .key = head->key},
                               .fault = {}};
        if (m_catalog != nullptr && m_payload.size() == m_segment.header.payloadLength)
            summary.fault = faultOf(*head, at);
        return summary;
    }

    /// Of a record that is there to its end.
    [[nodiscard]] std::optional<Error> faultOf(const RecordHead &head, Offset at) const
    {
        const auto schema = m_catalog->schemaFor(head.collectionId, head.schemaVersion, m_segment.transaction);
        if (!schema)
            return Error{.code = ErrorCode::UnknownCollection, .offset = at};
        const auto checked = RecordDecoder(schema->layout()).check(m_payload, at);
        if (!checked)
            return checked.error();
        const auto current = schema->collection->current().number;
        if (head.schemaVersion != current)
            return Error{.code = ErrorCode::InvalidSchemaVersion,
                         .offset = at,
                         .expected = current,
                         .found = head.schemaVersion};
        return std::nullopt;
    }

    [[nodiscard]] IndexSummaries ofIndexes(const IndexChanges &changes) const
    {
        IndexSummaries all{.indexes = {}, .entries = changes.entries.size()};
        for (const auto &entry : changes.entries) {
            auto known = std::ranges::find_if(all.indexes, [&entry](const IndexSummary &index) {
                return index.collectionId == entry.collectionId && index.index == entry.indexName;
            });
            if (known == all.indexes.end()) {
                if (all.indexes.size() == IndexSummaries::kMost)
                    continue;
                known = all.indexes.insert(known,
                                           {.collectionId = entry.collectionId,
                                            .collection = nameOf(entry.collectionId),
                                            .index = entry.indexName});
            }
            ++(entry.operation == IndexOperation::Insert ? known->inserted : known->deleted);
        }
        return all;
    }

    [[nodiscard]] std::string nameOf(std::uint32_t collectionId) const
    {
        const auto *collection =
            m_catalog != nullptr ? m_catalog->collection(collectionId, m_segment.transaction) : nullptr;
        return collection != nullptr ? collection->name : std::string();
    }

    PayloadLoader m_loader;
    const Segment &m_segment;
    const CatalogHistory *m_catalog;
    std::span<const std::byte> m_payload;
};

} // namespace

Result<SegmentSummary> summarize(const Store &store, const Segment &segment, const CatalogHistory *catalog)
try {
    return Summarizer(store, segment, catalog).run();
} catch (const std::bad_alloc &) {
    return outOfMemory();
}

} // namespace modelvault
