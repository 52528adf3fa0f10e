#include "format/checkpoint.h"

#include "format/byte_writer.h"
#include "format/payload_reader.h"

namespace modelvault {
namespace {

Checkpoint::Part readPart(PayloadReader &reader, std::string_view name)
{
    // A part holds many values: only the payload limits it.
    const auto bytes = reader.bytes32(name, kMaxPayload);
    return {.at = reader.lastField(), .bytes = bytes};
}

std::vector<Checkpoint::Part> readParts(PayloadReader &reader, std::string_view names, std::string_view name)
{
    std::vector<Checkpoint::Part> parts;
    const PayloadReader::Group group(reader, names);
    const auto count = reader.u32({"count", {}, FieldKind::Count});
    reader.forEach(count, kMaxListEntries, [&](std::uint32_t) {
        if (const auto part = readPart(reader, name); reader.ok())
            parts.push_back(part);
    });
    return parts;
}

void writeParts(ByteWriter &writer, std::span<const Checkpoint::Part> parts)
{
    writer.u32(static_cast<std::uint32_t>(parts.size()));
    for (const auto &part : parts)
        writer.bytes32(part.bytes);
}

} // namespace

Result<Checkpoint> Checkpoint::decode(std::span<const std::byte> payload, Offset at, FieldTrace *trace)
{
    constexpr auto kBroken = ErrorCode::InvalidCheckpointPayload;
    PayloadReader reader(payload, at, {.missing = kBroken, .notUtf8 = kBroken, .leftOver = kBroken}, trace);
    (void)reader.u16({"version", mustBe(kVersion), FieldKind::Version}, ErrorCode::UnsupportedVersion);
    Checkpoint checkpoint;
    checkpoint.replayFrom = {reader.u64({"replay-from offset", {}, FieldKind::Place})};
    checkpoint.catalogEntries = readParts(reader, "catalog entries", "catalog entry");
    checkpoint.records = readParts(reader, "records", "record");
    checkpoint.indexChanges = readPart(reader, "index entries");
    return reader.finish().transform([&checkpoint] { return std::move(checkpoint); });
}

std::vector<std::byte> Checkpoint::encode() const
{
    ByteWriter writer;
    writer.u16(kVersion);
    writer.u64(replayFrom.value);
    writeParts(writer, catalogEntries);
    writeParts(writer, records);
    writer.bytes32(indexChanges.bytes);
    return std::move(writer).take();
}

} // namespace modelvault
