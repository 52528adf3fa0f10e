#include "database/row_encoder.h"

#include "format/limits.h"
#include "utf8.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

namespace modelvault {
namespace {

constexpr auto kMismatch = ErrorCode::RecordPayloadTypeMismatch;

std::unexpected<Error> mismatch(std::uint64_t expected, std::uint64_t found)
{
    return failure(kMismatch, {}, expected, found);
}

std::unexpected<Error> wrongType(const FieldType &type, const Value &value)
{
    return mismatch(std::to_underlying(type.tag), value.data.index());
}

Result<void> checkLimit(std::uint64_t size, std::uint64_t most)
{
    if (size > most)
        return failure(ErrorCode::PayloadOverLimit, {}, most, size);
    return {};
}

Result<void> checkText(const std::string &text)
{
    if (const auto fits = checkLimit(text.size(), kMaxValueBytes); !fits)
        return fits;
    if (const auto valid = validUtf8Prefix(text); valid != text.size())
        return failure(ErrorCode::InvalidRecordUtf8, {}, text.size(), valid);
    return {};
}

Result<void> checkValue(const FieldType &type, const Value &value)
{
    switch (type.tag) {
    case TypeTag::Optional: {
        const auto *optional = std::get_if<OptionalValue>(&value.data);
        if (optional == nullptr || optional->held.size() > 1)
            return wrongType(type, value);
        return optional->held.empty() ? Result<void>() : checkValue(type.inner.front(), optional->held.front());
    }
    case TypeTag::List: {
        const auto *list = std::get_if<ListValue>(&value.data);
        if (list == nullptr)
            return wrongType(type, value);
        auto checked = checkLimit(list->values.size(), kMaxListEntries);
        for (std::size_t i = 0; i < list->values.size() && checked; ++i)
            checked = checkValue(type.inner.front(), list->values[i]);
        return checked;
    }
    case TypeTag::Object: {
        const auto *object = std::get_if<ObjectValue>(&value.data);
        if (object == nullptr)
            return wrongType(type, value);
        if (object->members.size() != type.fields.size())
            return mismatch(type.fields.size(), object->members.size());
        for (std::size_t i = 0; i < type.fields.size(); ++i) {
            if (const auto checked = checkValue(type.fields[i].type, object->members[i].value); !checked)
                return checked;
        }
        return {};
    }
    case TypeTag::Enum:
    case TypeTag::String: {
        const auto *text = std::get_if<std::string>(&value.data);
        return text != nullptr ? checkText(*text) : wrongType(type, value);
    }
    case TypeTag::Bytes: {
        const auto *bytes = std::get_if<Value::Bytes>(&value.data);
        return bytes != nullptr ? checkLimit(bytes->size(), kMaxValueBytes) : wrongType(type, value);
    }
    default:
        return value.scalarTag() == type.tag ? Result<void>() : wrongType(type, value);
    }
}

bool hasPlaceInRecord(const FieldPath &path)
{
    return path.segments.size() <= std::numeric_limits<std::uint8_t>::max()
        && std::ranges::all_of(path.segments, [](const SharedText &segment) {
               return segment.str().size() <= std::numeric_limits<std::uint16_t>::max();
           });
}

bool liesInside(const FieldDefinition &field)
{
    return field.path.segments.size() > 1;
}

} // namespace

Result<RowEncoder> RowEncoder::make(std::uint32_t collectionId, std::uint32_t schemaVersion,
                                    std::span<const FieldDefinition> fields, const std::string &primaryField,
                                    std::span<const IndexDefinition> indexes)
{
    RowEncoder made;
    made.m_fields.assign(fields.begin(), fields.end());
    made.m_primaryField = primaryField;
    made.m_indexes.assign(indexes.begin(), indexes.end());
    const auto primary = std::ranges::find_if(fields, [&primaryField](const FieldDefinition &field) {
        return !liesInside(field) && field.path.segments.front().str() == primaryField;
    });
    if (primary == fields.end())
        return failure(ErrorCode::PrimaryFieldNotFound);
    if (!isScalar(primary->type.tag))
        return mismatch(std::to_underlying(TypeTag::Timestamp), std::to_underlying(primary->type.tag));
    made.m_primary = static_cast<std::size_t>(primary - fields.begin());

    const bool hasPaths = std::ranges::any_of(fields, liesInside);
    made.m_record.head = {.payloadVersion = hasPaths ? Record::kVersionPaths : Record::kVersionValues,
                          .collectionId = collectionId,
                          .schemaVersion = schemaVersion};
    for (const auto &field : fields) {
        if (hasPaths && !hasPlaceInRecord(field.path))
            return failure(ErrorCode::InvalidFieldPath);
        if (&field != &*primary)
            made.m_record.fields.push_back({.path = field.path, .value = {}});
    }
    for (const auto &index : indexes)
        made.m_places.push_back(made.placeOf(index.path));
    return made;
}

std::optional<RowEncoder::KeyPlace> RowEncoder::placeOf(const FieldPath &path) const
{
    const auto field = std::ranges::find_if(m_fields, [&path](const FieldDefinition &it) { //
        return it.path.isPrefixOf(path);
    });
    if (field == m_fields.end())
        return std::nullopt;
    KeyPlace place{.field = static_cast<std::size_t>(field - m_fields.begin()), .members = {}};
    const auto *type = &heldType(field->type);
    for (std::size_t depth = field->path.segments.size(); depth < path.segments.size(); ++depth) {
        // Of members with one name, the last is the one that a row keeps.
        std::size_t member = type->fields.size();
        while (member > 0 && type->fields[member - 1].path.segments.front() != path.segments[depth])
            --member;
        if (member == 0)
            return std::nullopt;
        place.members.push_back(member - 1);
        type = &heldType(type->fields[member - 1].type);
    }
    return place;
}

Result<void> RowEncoder::check(std::span<const Value> row) const
{
    if (row.size() != m_fields.size())
        return mismatch(m_fields.size(), row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (const auto checked = checkValue(m_fields[i].type, row[i]); !checked)
            return checked;
    }
    return {};
}

Result<void> RowEncoder::checkKey(const Value &key) const
{
    return checkValue(m_fields[m_primary].type, key);
}

std::vector<std::byte> RowEncoder::keyOf(std::span<const Value> row) const
{
    return keyBytes(row[m_primary]).value();
}

std::vector<std::byte> RowEncoder::encode(RecordHead::Operation operation, std::span<const Value> row)
{
    m_record.head.operation = operation;
    m_record.head.key = row[m_primary];
    for (std::size_t i = 0; i < m_record.fields.size(); ++i)
        m_record.fields[i].value = row[i < m_primary ? i : i + 1];
    return m_record.encode();
}

std::vector<std::byte> RowEncoder::encodeDelete(const Value &key)
{
    Record record{.head = m_record.head, .fields = {}};
    record.head.operation = RecordHead::Delete;
    record.head.key = key;
    return record.encode();
}

void RowEncoder::addIndexEntries(IndexOperation operation, std::span<const Value> row,
                                 std::vector<IndexEntry> &into) const
{
    for (std::size_t i = 0; i < m_indexes.size(); ++i) {
        if (!m_places[i])
            continue;
        const auto *value = heldValue(row[m_places[i]->field]);
        for (const auto member : m_places[i]->members) {
            if (value == nullptr)
                break;
            value = heldValue(std::get<ObjectValue>(value->data).members[member].value);
        }
        auto key = value != nullptr ? keyBytes(*value) : std::nullopt;
        if (!key)
            continue;
        into.push_back({.collectionId = m_record.head.collectionId,
                        .kind = m_indexes[i].kind,
                        .operation = operation,
                        .indexName = m_indexes[i].name,
                        .indexKey = *std::move(key),
                        .primaryKey = keyOf(row)});
    }
}

RowValues RowEncoder::decode(std::span<const std::byte> payload) const
{
    auto record = Record::decode(payload, {}, [this](std::uint32_t, std::uint32_t) {
        return RecordLayout{
            .fields = m_fields, .primaryField = m_primaryField, .schemaVersion = m_record.head.schemaVersion};
    });
    assert(record && "a payload of our own decodes");
    RowValues row;
    row.reserve(m_fields.size());
    for (auto &field : record->fields)
        row.push_back(std::move(field.value));
    row.insert(row.begin() + static_cast<std::ptrdiff_t>(m_primary), std::move(record->head.key));
    return row;
}

Result<RowValues> RowEncoder::convert(RowValues row, const RowEncoder &other) const
{
    RowValues converted;
    converted.reserve(m_fields.size());
    for (const auto &field : m_fields) {
        const auto same = std::ranges::find(other.m_fields, field.path, &FieldDefinition::path);
        if (same != other.m_fields.end())
            converted.push_back(std::move(row[static_cast<std::size_t>(same - other.m_fields.begin())]));
        else
            converted.push_back({OptionalValue{}});
    }
    return check(converted).transform([&converted] { return std::move(converted); });
}

} // namespace modelvault
