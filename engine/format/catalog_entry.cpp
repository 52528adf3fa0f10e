#include "format/catalog_entry.h"

namespace modelvault {

Result<CatalogEntry> CatalogEntry::decode(std::span<const std::byte> payload, Offset at, FieldTrace *trace)
{
    constexpr auto kBroken = ErrorCode::InvalidCatalogPayload;
    PayloadReader reader(payload, at, {.missing = kBroken, .notUtf8 = kBroken, .leftOver = kBroken}, trace);
    CatalogEntry entry;
    entry.payloadVersion = reader.u16({"payload version", between(1, kVersionHighest), FieldKind::Version}, kBroken);
    entry.kind =
        static_cast<Kind>(reader.u16({"kind", between(1, 2), FieldKind::Number, catalogEntryKindName}, kBroken));
    entry.collectionId = reader.u32({"collection id"});
    const bool creates = entry.kind == Kind::CreateCollection;
    if (creates)
        entry.name = reader.text32("name", 1, kMaxNameBytes, kBroken);
    entry.schemaVersion = reader.u32({"schema version", {}, FieldKind::Version});
    {
        const PayloadReader::Group group(reader, "fields");
        const auto count = reader.u32({"count", between(0, kMaxFields), FieldKind::Count});
        reader.forEach(count, kMaxFields, [&](std::uint32_t i) {
            const PayloadReader::Entry one(reader, "field", i);
            auto field = readFieldDefinition(reader, entry.payloadVersion >= kVersionWithConstraints);
            one.label([&field] { return field.path.text(kMostLabel); });
            if (reader.ok())
                entry.fields.push_back(std::move(field));
        });
    }
    if (entry.payloadVersion >= kVersionWithIndexes) {
        const PayloadReader::Group group(reader, "indexes");
        const auto count = reader.u32({"count", {}, FieldKind::Count});
        reader.forEach(count, kMaxListEntries, [&](std::uint32_t i) {
            const PayloadReader::Entry one(reader, "index", i);
            auto index = readIndexDefinition(reader);
            one.label([&index]() -> std::string_view { return index.name; });
            if (reader.ok())
                entry.indexes.push_back(std::move(index));
        });
    }
    if (creates && entry.payloadVersion >= kVersionWithPrimaryField)
        entry.primaryField = reader.text32("primary field", 0, kMaxNameBytes, kBroken);
    return reader.finish().transform([&entry] { return std::move(entry); });
}

std::vector<std::byte> CatalogEntry::encode() const
{
    ByteWriter writer;
    writer.u16(payloadVersion);
    writer.u16(static_cast<std::uint16_t>(kind));
    writer.u32(collectionId);
    const bool creates = kind == Kind::CreateCollection;
    if (creates)
        writer.text32(name);
    writer.u32(schemaVersion);
    writer.u32(static_cast<std::uint32_t>(fields.size()));
    for (const auto &field : fields)
        write(writer, field, payloadVersion >= kVersionWithConstraints);
    if (payloadVersion >= kVersionWithIndexes) {
        writer.u32(static_cast<std::uint32_t>(indexes.size()));
        for (const auto &index : indexes)
            write(writer, index);
    }
    if (creates && payloadVersion >= kVersionWithPrimaryField)
        writer.text32(primaryField);
    return std::move(writer).take();
}

std::string_view catalogEntryKindName(std::uint64_t kind)
{
    return kind == 1 ? "create_collection" : kind == 2 ? "new_schema_version" : "";
}

} // namespace modelvault
