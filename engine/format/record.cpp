#include "format/record.h"

#include <algorithm>
#include <array>
#include <compare>
#include <numeric>
#include <utility>

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

template <class Head>
void readIds(PayloadReader &reader, std::span<const std::byte> payload, Offset at, Head &head)
{
    constexpr std::uint64_t kLeast = 2 + 4;
    if (payload.size() < kLeast)
        reader.reject(ErrorCode::TruncatedRecordPayload, at, kLeast, payload.size());
    head.payloadVersion = reader.u16(kPayloadVersion, ErrorCode::UnknownRecordPayloadVersion);
    head.collectionId = reader.u32(kCollectionId);
}

template <class Head>
void readOperation(PayloadReader &reader, const RecordLayout *layout, Head &head)
{
    head.schemaVersion =
        reader.u32({"schema version", layout ? mustBe(layout->schemaVersion) : Rule{}, FieldKind::Version});
    head.operation = reader.u8(kOperation);
}

/// A key's bytes where a decoder found it right: behind its tag, and behind its length if it has one.
std::span<const std::byte> keyBytesIn(std::span<const std::byte> scalar)
{
    static constexpr std::array kBools = {std::byte{0}, std::byte{0}, std::byte{0}, std::byte{1}};
    switch (static_cast<TypeTag>(scalar.front())) {
    case TypeTag::Bool:
        return std::span(kBools).subspan(scalar.back() == std::byte{0} ? 0 : 2, 2);
    case TypeTag::String:
    case TypeTag::Bytes:
        return scalar.subspan(1 + sizeof(std::uint32_t));
    default:
        return scalar.subspan(1);
    }
}

} // namespace

/// Reads the values of one record, which all lie behind the key.
class RecordDecoder::Values {
public:
    Values(PayloadReader &reader, const RecordDecoder &decoder, std::uint16_t payloadVersion)
        : m_reader(reader),
          m_decoder(decoder),
          m_payloadVersion(payloadVersion),
          m_fields(hasPaths() ? decoder.m_fields : decoder.m_top)
    { }

    /// `take(field, group)` reads one value.
    template <class Take>
    void read(bool deletes, const Take &take)
    {
        const auto wanted = deletes ? 0 : m_fields.size();
        const auto count =
            m_reader.u32({"count", mustBe(wanted), FieldKind::Count}, ErrorCode::RecordPayloadTypeMismatch);
        m_reader.forEach(count, kMaxFields, [&](std::uint32_t i) {
            const PayloadReader::Group group(m_reader, "value");
            const auto *field = hasPaths() ? fieldByPath(i) : m_fields[i];
            if (field == nullptr)
                return;
            group.label([field] { return field->path.text(kMostLabel); });
            if (m_payloadVersion == Record::kVersionScalars && !isScalar(field->type.tag))
                m_reader.reject(ErrorCode::RecordPayloadUnsupportedType, m_reader.position(),
                                static_cast<std::uint8_t>(TypeTag::Timestamp),
                                static_cast<std::uint8_t>(field->type.tag));
            else
                take(*field, group);
        });
    }

private:
    [[nodiscard]] bool hasPaths() const { return m_payloadVersion >= Record::kVersionPaths; }

    /// Reads the path that the i-th value is for.
    const FieldDefinition *fieldByPath(std::uint32_t i)
    {
        const Offset begin = m_reader.position();
        m_path.clear();
        {
            const PayloadReader::Group group(m_reader, "path");
            const auto count = m_reader.u8({"count", between(1, 255), FieldKind::Count}, ErrorCode::InvalidFieldPath);
            m_reader.forEach(count, kMaxListEntries, [&](std::uint32_t) {
                const PayloadReader::Group segment(m_reader, "segment");
                const auto length =
                    m_reader.u16({"length", between(1, 65'535), FieldKind::Length}, ErrorCode::InvalidFieldPath);
                const auto text = m_reader.view(
                    length, {.name = "text", .rule = {.kind = Rule::Kind::Utf8}, .kind = FieldKind::Text});
                if (!m_reader.ok())
                    return;
                segment.value(FieldKind::Text, text);
                m_path.push_back(text);
            });
            if (m_reader.ok() && m_reader.trace() != nullptr) {
                FieldPath path;
                for (const auto segment : m_path)
                    path.segments.emplace_back(std::string(segment));
                group.value(FieldKind::Text, path.text());
            }
        }
        if (!m_reader.ok())
            return nullptr;
        // Writers keep to the order of the schema.
        const auto found = compare(*m_fields[i]) == 0 ? i : search();
        if (found == m_fields.size() || !isNew(found, i)) {
            m_reader.reject(ErrorCode::RecordPayloadTypeMismatch, begin);
            return nullptr;
        }
        return m_fields[found];
    }

    /// The field's path with the one that was read.
    [[nodiscard]] std::strong_ordering compare(const FieldDefinition &field) const
    {
        return std::lexicographical_compare_three_way(
            field.path.segments.begin(), field.path.segments.end(), m_path.begin(), m_path.end(),
            [](const SharedText &a, std::string_view b) { return std::string_view(a.str()) <=> b; });
    }

    /// The place in m_fields, or their number.
    [[nodiscard]] std::size_t search() const
    {
        const auto &byPath = m_decoder.m_byPath;
        const auto found =
            std::ranges::partition_point(byPath, [this](std::size_t at) { return compare(*m_fields[at]) < 0; });
        return found != byPath.end() && compare(*m_fields[*found]) == 0 ? *found : m_fields.size();
    }

    /// Notes it; `before` values were read.
    [[nodiscard]] bool isNew(std::size_t field, std::size_t before)
    {
        if (m_seen.empty() && field == before)
            return true; // all in order up to here
        if (m_seen.empty()) {
            m_seen.resize(m_fields.size());
            std::fill_n(m_seen.begin(), before, true);
        }
        return !std::exchange(m_seen[field], true);
    }

    PayloadReader &m_reader;
    const RecordDecoder &m_decoder;
    const std::uint16_t m_payloadVersion;
    const std::vector<const FieldDefinition *> &m_fields; // that have a value, in the order of the schema
    std::vector<std::string_view> m_path;                 // read last
    std::vector<char> m_seen;                             // of those fields, once one is not in its order
};

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
    Record record;
    readIds(reader, payload, at, record.head);
    // Looked at before it is read: the layout, and with it the rule, depends on the value.
    const auto outline = RecordOutline::peek(payload);
    const auto layout =
        reader.ok() ? layoutOf(record.head.collectionId, outline ? outline->schemaVersion : 0) : std::nullopt;
    if (layout) {
        RecordDecoder(*layout).readAll(reader, record);
    } else if (reader.ok()) {
        // The rest of its head is like that of every record; what is wrong with that, nobody asks.
        const Error unknown{.code = ErrorCode::UnknownCollection, .offset = reader.lastField()};
        readOperation(reader, nullptr, record.head);
        record.head.key = readScalar(reader, std::nullopt, {reader, "primary key"});
        if (trace != nullptr)
            trace->fault(unknown);
        return std::unexpected(unknown);
    }
    return reader.finish().transform([&record] { return std::move(record); });
}

std::optional<RecordOutline> RecordOutline::peek(std::span<const std::byte> payload)
{
    ByteReader reader(payload, {});
    RecordOutline outline;
    outline.payloadVersion = reader.u16();
    outline.collectionId = reader.u32();
    outline.schemaVersion = reader.u32();
    return reader.failed() ? std::nullopt : std::optional(outline);
}

RecordDecoder::RecordDecoder(const RecordLayout &layout) : m_layout(layout)
{
    for (const auto &field : layout.fields) {
        if (m_primary == nullptr && field.path.is(layout.primaryField)) {
            m_primary = &field;
            continue;
        }
        m_fields.push_back(&field);
        if (field.path.segments.size() == 1)
            m_top.push_back(&field);
    }
    m_byPath.resize(m_fields.size());
    std::ranges::iota(m_byPath, std::size_t{0});
    std::ranges::sort(m_byPath, {}, [this](std::size_t at) -> const FieldPath & { return m_fields[at]->path; });
}

void RecordDecoder::readAll(PayloadReader &reader, Record &record) const
{
    readOperation(reader, &m_layout, record.head);
    {
        const PayloadReader::Group group(reader, "primary key");
        record.head.key = readScalar(reader, keyTag(), group);
    }
    if (!reader.ok())
        return;
    const auto take = [&](const FieldDefinition &field, const PayloadReader::Group &group) {
        auto value = readValue(reader, field.type, group);
        if (reader.ok())
            record.fields.push_back({.path = field.path, .value = std::move(value)});
    };
    Values(reader, *this, record.head.payloadVersion).read(record.head.operation == RecordHead::Delete, take);
}

Result<Record> RecordDecoder::decode(std::span<const std::byte> payload, Offset at) const
{
    PayloadReader reader(payload, at, kCodes, nullptr);
    Record record;
    readIds(reader, payload, at, record.head);
    if (reader.ok())
        readAll(reader, record);
    return reader.finish().transform([&record] { return std::move(record); });
}

Result<RecordOutline> RecordDecoder::check(std::span<const std::byte> payload, Offset at) const
{
    PayloadReader reader(payload, at, kCodes, nullptr);
    RecordOutline outline;
    readIds(reader, payload, at, outline);
    readOperation(reader, &m_layout, outline);
    const auto keyAt = reader.position() - at;
    checkScalar(reader, keyTag());
    if (reader.ok()) {
        outline.keyBytes = keyBytesIn(payload.subspan(keyAt, reader.position() - at - keyAt));
        Values(reader, *this, outline.payloadVersion)
            .read(outline.operation == RecordHead::Delete,
                  [&reader](const FieldDefinition &field, const auto &) { checkValue(reader, field.type); });
    }
    return reader.finish().transform([&outline] { return outline; });
}

Result<std::optional<Value>> RecordDecoder::value(std::span<const std::byte> payload, Offset at,
                                                  std::size_t field) const
{
    const auto *wanted = &m_layout.fields[field];
    PayloadReader reader(payload, at, kCodes, nullptr);
    RecordOutline outline;
    std::optional<Value> value;
    readIds(reader, payload, at, outline);
    readOperation(reader, &m_layout, outline);
    const PayloadReader::Group group(reader, {});
    if (wanted == m_primary)
        value = readScalar(reader, keyTag(), group);
    else
        checkScalar(reader, keyTag());
    if (reader.ok())
        Values(reader, *this, outline.payloadVersion)
            .read(outline.operation == RecordHead::Delete, [&](const FieldDefinition &one, const auto &ofOne) {
                if (&one == wanted)
                    value = readValue(reader, one.type, ofOne);
                else
                    checkValue(reader, one.type);
            });
    return reader.finish().transform([&value] { return std::move(value); });
}

std::optional<TypeTag> RecordDecoder::keyTag() const
{
    return m_primary != nullptr ? std::optional(m_primary->type.tag) : std::nullopt;
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
