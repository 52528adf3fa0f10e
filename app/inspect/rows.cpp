#include "rows.h"

#include "format/checkpoint.h"
#include "format/limits.h"
#include "log/segment_index.h"

#include <algorithm>

namespace modelvault::inspect {
namespace {

Result<std::vector<std::byte>> readBytes(const Store &store, Offset at, std::uint64_t length)
{
    std::vector<std::byte> bytes(static_cast<std::size_t>(length));
    return store.readExactAt(at, bytes).transform([&bytes] { return std::move(bytes); });
}

} // namespace

Result<Rows> Rows::read(const Store &store, const LogScan &log, const ReplaySource &source, const Catalog &catalog,
                        const CatalogHistory &history, bool framed)
{
    Rows rows(store, catalog, history);
    if (source.checkpoint) {
        if (const auto read = rows.readCheckpoint(*source.checkpoint); !read)
            return std::unexpected(read.error());
    }
    if (const auto read = rows.readLog(log, source, framed); !read)
        return std::unexpected(read.error());
    return rows;
}

Result<void> Rows::readCheckpoint(const ReplaySource::CheckpointPart &part)
{
    const auto payload = readBytes(*m_store, part.payload(), part.payloadLength);
    if (!payload)
        return std::unexpected(payload.error());
    const auto checkpoint = Checkpoint::decode(*payload, part.payload());
    if (!checkpoint)
        return failure(ErrorCode::ChangedMeanwhile, part.payload());
    for (const auto &record : checkpoint->records) {
        if (auto found = find(record.bytes, record.at))
            m_versions[std::move(found->first)].push_back(found->second);
    }
    return {};
}

Result<void> Rows::readLog(const LogScan &log, const ReplaySource &source, bool framed)
{
    std::vector<Found> staged; // of the transaction that is not ended yet
    const auto settle = [&](Offset committed) {
        for (auto &[key, version] : staged) {
            version.committed = committed;
            m_versions[std::move(key)].push_back(version);
        }
        staged.clear();
    };
    const auto visit = [&](const Segment &segment) -> Result<void> {
        // Up to where the source ends, no marker is wrong.
        if (segment.header.type == SegmentType::TxnCommit)
            settle(segment.end());
        else if (isTransactionMarker(segment.header.type))
            staged.clear();
        if (segment.header.type != SegmentType::Record || segment.header.payloadLength > kMaxPayload)
            return {};
        const auto payload = readBytes(*m_store, segment.payloadOffset(), segment.header.payloadLength);
        if (!payload)
            return std::unexpected(payload.error());
        if (auto found = find(*payload, segment.payloadOffset()))
            staged.push_back(*std::move(found));
        if (!framed)
            settle(segment.end());
        return {};
    };
    std::optional<Error> error;
    const auto done = LogReader(*m_store, log.index).forEachFrom(source.from, [&](const Segment &segment) {
        if (segment.end() > source.end)
            return false;
        if (segment.offset < source.from)
            return true;
        if (const auto visited = visit(segment); !visited)
            error = visited.error();
        return !error;
    });
    return error ? std::unexpected(*error) : done;
}

std::optional<Rows::Found> Rows::find(std::span<const std::byte> payload, Offset at) const
{
    const auto record = decode(payload, at);
    const auto key = record ? keyBytes(record->head.key) : std::nullopt;
    if (!key)
        return std::nullopt;
    return Found{{record->head.collectionId, std::string(reinterpret_cast<const char *>(key->data()), key->size())},
                 {.committed = {},
                  .payload = at,
                  .length = payload.size(),
                  .deletes = record->head.operation == RecordHead::Delete}};
}

/// By the fields of the record's own schema version, where the log has them.
Result<Record> Rows::decode(std::span<const std::byte> payload, Offset at) const
{
    return Record::decode(payload, at, [this](std::uint32_t collectionId, std::uint32_t version) {
        auto match = matchSchema(*m_catalog, collectionId, version);
        if (match && version != match->collection->current().number)
            if (const auto own = m_history->schemaFor(collectionId, version, std::nullopt);
                own && own->isOwnVersion && own->collection->primaryField == match->collection->primaryField)
                match = own;
        return match && !match->collection->primaryField.empty() ? std::optional(match->layout()) : std::nullopt;
    });
}

Result<void> Rows::forEach(std::uint32_t collectionId, Offset end,
                           const std::function<void(const Record &)> &visit) const
{
    for (auto row = m_versions.lower_bound({collectionId, {}});
         row != m_versions.end() && row->first.first == collectionId; ++row) {
        const auto *version = versionAt(row->second, end);
        if (version == nullptr)
            continue;
        const auto record = readVersion(*version);
        if (!record)
            return std::unexpected(record.error());
        visit(*record);
    }
    return {};
}

Result<std::optional<Record>> Rows::row(std::uint32_t collectionId, std::span<const std::byte> keyBytes,
                                        Offset end) const
{
    const auto found =
        m_versions.find({collectionId, std::string(reinterpret_cast<const char *>(keyBytes.data()), keyBytes.size())});
    const auto *version = found != m_versions.end() ? versionAt(found->second, end) : nullptr;
    if (version == nullptr)
        return std::nullopt;
    return readVersion(*version).transform([](Record &&record) { return std::optional(std::move(record)); });
}

const Rows::Version *Rows::versionAt(const std::vector<Version> &versions, Offset end)
{
    const auto behind = std::ranges::upper_bound(versions, end, {}, &Version::committed);
    if (behind == versions.begin() || std::prev(behind)->deletes)
        return nullptr;
    return &*std::prev(behind);
}

Result<Record> Rows::readVersion(const Version &version) const
{
    const auto payload = readBytes(*m_store, version.payload, version.length);
    if (!payload)
        return std::unexpected(payload.error());
    auto record = decode(*payload, version.payload);
    if (!record)
        return failure(ErrorCode::ChangedMeanwhile, version.payload);
    return record;
}

} // namespace modelvault::inspect
