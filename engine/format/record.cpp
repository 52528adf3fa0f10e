#include "format/record.h"

#include <algorithm>
#include <numeric>

namespace modelvault {
namespace {

constexpr PayloadReader::Codes kCodes{.missing = ErrorCode::TruncatedRecordPayload,
                                      .notUtf8 = ErrorCode::InvalidRecordUtf8,
                                      .leftOver = ErrorCode::TrailingRecordPayload};

constexpr Field kPayloadVersion{.name = "payload version",
                                .rule = between(Record::kVersionScalars, Record::kVersionPaths),
                                .kind = FieldKind::Version};
constexpr Field kCollectionId{.name = "collection id"};
constexpr Field kOperation{.name = "operation", .rule = unchecked(between(1, 3)), .nameOf = recordOperationName};

/// The field that the key belongs to, or null.
const FieldDefinition *primaryOf(const RecordLayout &layout)
{
    for (const auto &field : layout.fields) {
        if (field.path.segments.size() == 1 && field.path.segments.front().str() == layout.primaryField)
            return &field;
    }
    return nullptr;
}

/// Reads the values of one record, which all lie behind the key.
class ValuesReader {
public:
    ValuesReader(PayloadReader &reader, const RecordLayout &layout, std::uint16_t payloadVersion)
        : m_reader(reader),
          m_payloadVersion(payloadVersion)
    {
        const auto *primary = primaryOf(layout);
        for (const auto &field : layout.fields) {
            // Older versions have no place for fields inside others.
            const bool hasPlace = payloadVersion >= Record::kVersionPaths || field.path.segments.size() == 1;
            if (hasPlace && &field != primary)
                m_fields.push_back(&field);
        }
        m_seen.resize(payloadVersion >= Record::kVersionPaths ? m_fields.size() : 0);
    }

    void read(bool deletes, std::vector<RecordField> &into)
    {
        const auto wanted = deletes ? 0 : m_fields.size();
        const auto count =
            m_reader.u32({"count", mustBe(wanted), FieldKind::Count}, ErrorCode::RecordPayloadTypeMismatch);
        m_reader.forEach(count, kMaxFields, [&](std::uint32_t i) {
            const PayloadReader::Group group(m_reader, "value");
            const auto *field = m_payloadVersion >= Record::kVersionPaths ? fieldByPath(i) : m_fields[i];
            if (field == nullptr)
                return;
            group.label([field] { return field->path.text(kMostLabel); });
            auto value = m_payloadVersion == Record::kVersionScalars ? readOldScalar(*field, group)
                                                                     : readValue(m_reader, field->type, group);
            if (m_reader.ok())
                into.push_back({.path = field->path, .value = std::move(value)});
        });
    }

private:
    Value readOldScalar(const FieldDefinition &field, const PayloadReader::Group &group)
    {
        if (isScalar(field.type.tag))
            return readScalar(m_reader, field.type.tag, group);
        m_reader.reject(ErrorCode::RecordPayloadUnsupportedType, m_reader.position(),
                        static_cast<std::uint8_t>(TypeTag::Timestamp), static_cast<std::uint8_t>(field.type.tag));
        return {};
    }

    /// Reads the path that the i-th value is for.
    const FieldDefinition *fieldByPath(std::uint32_t i)
    {
        const Offset begin = m_reader.position();
        FieldPath path;
        {
            const PayloadReader::Group group(m_reader, "path");
            const auto count = m_reader.u8({"count", between(1, 255), FieldKind::Count}, ErrorCode::InvalidFieldPath);
            m_reader.forEach(count, kMaxListEntries, [&](std::uint32_t) {
                const PayloadReader::Group segment(m_reader, "segment");
                const auto length =
                    m_reader.u16({"length", between(1, 65'535), FieldKind::Length}, ErrorCode::InvalidFieldPath);
                auto text = m_reader.text(
                    length, {.name = "text", .rule = {.kind = Rule::Kind::Utf8}, .kind = FieldKind::Text});
                if (!m_reader.ok())
                    return;
                segment.value(FieldKind::Text, text);
                path.segments.emplace_back(std::move(text));
            });
            if (m_reader.ok() && m_reader.trace() != nullptr)
                group.value(FieldKind::Text, path.text());
        }
        if (!m_reader.ok())
            return nullptr;
        // Writers keep to the order of the schema.
        const auto found = m_fields[i]->path == path ? i : indexOf(path);
        if (found == m_fields.size() || m_seen[found]) {
            m_reader.reject(ErrorCode::RecordPayloadTypeMismatch, begin);
            return nullptr;
        }
        m_seen[found] = true;
        return m_fields[found];
    }

    /// The place in m_fields, or their number.
    [[nodiscard]] std::size_t indexOf(const FieldPath &path)
    {
        const auto pathAt = [this](std::size_t index) -> const FieldPath & { return m_fields[index]->path; };
        if (m_byPath.empty()) {
            m_byPath.resize(m_fields.size());
            std::ranges::iota(m_byPath, std::size_t{0});
            std::ranges::sort(m_byPath, {}, pathAt);
        }
        const auto found = std::ranges::lower_bound(m_byPath, path, {}, pathAt);
        return found != m_byPath.end() && pathAt(*found) == path ? *found : m_fields.size();
    }

    PayloadReader &m_reader;
    const std::uint16_t m_payloadVersion;
    std::vector<const FieldDefinition *> m_fields; // that have a value, in the order of the schema
    std::vector<bool> m_seen;                      // of those
    std::vector<std::size_t> m_byPath;             // places in m_fields, sorted, once somebody asks
};

} // namespace

std::string_view recordOperationName(std::uint64_t operation)
{
    switch (operation) {
    case RecordHead::Insert:
        return "insert";
    case RecordHead::Replace:
        return "replace";
    case RecordHead::Delete:
        return "delete";
    default:
        return {};
    }
}

Result<RecordHead> RecordHead::decode(std::span<const std::byte> payload, Offset at)
{
    PayloadReader reader(payload, at, kCodes, nullptr);
    RecordHead head;
    head.payloadVersion = reader.u16(kPayloadVersion, ErrorCode::UnknownRecordPayloadVersion);
    head.collectionId = reader.u32(kCollectionId);
    head.schemaVersion = reader.u32({"schema version", {}, FieldKind::Version});
    head.operation = reader.u8(kOperation);
    head.key = readScalar(reader, std::nullopt, {reader, "primary key"});
    return reader.finishEarly().transform([&head] { return std::move(head); });
}

Result<Record> Record::decode(std::span<const std::byte> payload, Offset at, const LayoutOf &layoutOf,
                              FieldTrace *trace)
{
    PayloadReader reader(payload, at, kCodes, trace);
    constexpr std::uint64_t kLeast = 2 + 4;
    if (payload.size() < kLeast)
        reader.reject(ErrorCode::TruncatedRecordPayload, at, kLeast, payload.size());
    Record record;
    auto &head = record.head;
    head.payloadVersion = reader.u16(kPayloadVersion, ErrorCode::UnknownRecordPayloadVersion);
    head.collectionId = reader.u32(kCollectionId);
    // Looked at before it is read: the layout, and with it the rule, depends on the value.
    const auto schemaVersion = ByteReader(payload.subspan(std::min<std::size_t>(payload.size(), kLeast)), at).u32();
    const auto layout = reader.ok() ? layoutOf(head.collectionId, schemaVersion) : std::nullopt;
    if (!layout)
        reader.reject(ErrorCode::UnknownCollection, reader.lastField(), 0, head.collectionId);
    head.schemaVersion =
        reader.u32({"schema version", layout ? mustBe(layout->schemaVersion) : Rule{}, FieldKind::Version});
    head.operation = reader.u8(kOperation);
    if (layout) {
        {
            const PayloadReader::Group group(reader, "primary key");
            const auto *primary = primaryOf(*layout);
            head.key = readScalar(reader, primary ? std::optional(primary->type.tag) : std::nullopt, group);
        }
        if (reader.ok())
            ValuesReader(reader, *layout, head.payloadVersion)
                .read(head.operation == RecordHead::Delete, record.fields);
    }
    return reader.finish().transform([&record] { return std::move(record); });
}

std::vector<std::byte> Record::encode() const
{
    ByteWriter writer;
    writer.u16(head.payloadVersion);
    writer.u32(head.collectionId);
    writer.u32(head.schemaVersion);
    writer.u8(head.operation);
    write(writer, head.key);
    writer.u32(static_cast<std::uint32_t>(fields.size()));
    for (const auto &field : fields) {
        if (head.payloadVersion >= kVersionPaths) {
            writer.u8(static_cast<std::uint8_t>(field.path.segments.size()));
            for (const auto &segment : field.path.segments) {
                writer.u16(static_cast<std::uint16_t>(segment.str().size()));
                writer.text(segment.str());
            }
        }
        write(writer, field.value);
    }
    return std::move(writer).take();
}

} // namespace modelvault
