#include "format/index_entry.h"

#include <tuple>

namespace modelvault {
namespace {

constexpr auto kBroken = ErrorCode::InvalidCatalogPayload;

IndexEntry readEntry(PayloadReader &reader, std::uint16_t payloadVersion)
{
    IndexEntry entry;
    entry.collectionId = reader.u32({"collection id"});
    entry.kind = static_cast<IndexKind>(reader.u8({"kind", between(1, 2), FieldKind::Number, indexKindName}, kBroken));
    if (payloadVersion >= IndexChanges::kVersionWithOperation)
        entry.operation = static_cast<IndexOperation>(
            reader.u8({"operation", between(1, 2), FieldKind::Number, indexOperationName}, kBroken));
    entry.indexName = reader.text32("index name", 1, kMaxNameBytes, kBroken);
    const auto key = reader.bytes32("index key");
    entry.indexKey.assign(key.begin(), key.end());
    const auto primary = reader.bytes32("primary key");
    entry.primaryKey.assign(primary.begin(), primary.end());
    return entry;
}

} // namespace

std::string_view indexOperationName(std::uint64_t operation)
{
    return operation == 1 ? "insert" : operation == 2 ? "delete" : "";
}

Result<IndexChanges> IndexChanges::decode(std::span<const std::byte> payload, Offset at, FieldTrace *trace)
{
    PayloadReader reader(payload, at, {.missing = kBroken, .notUtf8 = kBroken, .leftOver = kBroken}, trace);
    IndexChanges changes;
    changes.payloadVersion =
        reader.u16({"payload version", between(1, kVersionHighest), FieldKind::Version}, ErrorCode::UnsupportedVersion);
    const auto count = reader.u32({"count", {}, FieldKind::Count});
    reader.forEach(count, kMaxListEntries, [&](std::uint32_t i) {
        const PayloadReader::Entry one(reader, "entry", i);
        auto entry = readEntry(reader, changes.payloadVersion);
        one.label([&entry]() -> std::string_view { return entry.indexName; });
        if (reader.ok())
            changes.entries.push_back(std::move(entry));
    });
    return reader.finish().transform([&changes] { return std::move(changes); });
}

std::optional<std::uint32_t> IndexChanges::peekCollection(std::span<const std::byte> payload)
{
    ByteReader reader(payload, {});
    std::ignore = reader.u16(); // the version
    const auto count = reader.u32();
    const auto collectionId = reader.u32();
    return reader.failed() || count == 0 ? std::nullopt : std::optional(collectionId);
}

std::vector<std::byte> IndexChanges::encode() const
{
    ByteWriter writer;
    writer.u16(payloadVersion);
    writer.u32(static_cast<std::uint32_t>(entries.size()));
    for (const auto &entry : entries) {
        writer.u32(entry.collectionId);
        writer.u8(static_cast<std::uint8_t>(entry.kind));
        if (payloadVersion >= kVersionWithOperation)
            writer.u8(static_cast<std::uint8_t>(entry.operation));
        writer.text32(entry.indexName);
        writer.bytes32(entry.indexKey);
        writer.bytes32(entry.primaryKey);
    }
    return std::move(writer).take();
}

} // namespace modelvault
