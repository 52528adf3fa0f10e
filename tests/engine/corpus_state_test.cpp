// What the payloads of the reference engine's files say is what that engine says of them, and is written the same way.

#include "explain/payload_tree.h"
#include "format/checkpoint.h"
#include "format/index_entry.h"
#include "format/manifest.h"
#include "format/record.h"
#include "support/corpus.h"
#include "support/scanned.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <format>
#include <map>
#include <random>
#include <set>

namespace modelvault {
namespace {

using nlohmann::json;

std::string hexOf(std::span<const std::byte> bytes)
{
    std::string text;
    for (const auto byte : bytes)
        text += std::format("{:02x}", std::to_integer<unsigned>(byte));
    return text;
}

json described(const FieldPath &path)
{
    json segments = json::array();
    for (const auto &segment : path.segments)
        segments.push_back(segment.str());
    return segments;
}

json described(const FieldType &type)
{
    switch (type.tag) {
    case TypeTag::Optional:
        return {{"optional", described(type.inner.front())}};
    case TypeTag::List:
        return {{"list", described(type.inner.front())}};
    case TypeTag::Object: {
        json fields = json::array();
        for (const auto &field : type.fields)
            fields.push_back({{"path", described(field.path)}, {"type", described(field.type)}});
        return {{"object", fields}};
    }
    case TypeTag::Enum:
        return {{"enum", type.variants}};
    default:
        return typeTagName(static_cast<std::uint64_t>(type.tag));
    }
}

json described(const Constraint &constraint)
{
    const std::string name(constraintName(static_cast<std::uint64_t>(constraint.kind)));
    switch (constraint.kind) {
    case ConstraintKind::MinInt64:
    case ConstraintKind::MaxInt64:
        return {{name, std::to_string(std::get<std::int64_t>(constraint.value))}};
    case ConstraintKind::MinUint64:
    case ConstraintKind::MaxUint64:
        return {{name, std::to_string(std::get<std::uint64_t>(constraint.value))}};
    case ConstraintKind::MinFloat64:
    case ConstraintKind::MaxFloat64:
        return {{name, std::format("{:016x}", std::bit_cast<std::uint64_t>(std::get<double>(constraint.value)))}};
    case ConstraintKind::MinLength:
    case ConstraintKind::MaxLength:
        return {{name, std::get<std::uint64_t>(constraint.value)}};
    case ConstraintKind::Regex:
        return {{name, std::get<std::string>(constraint.value)}};
    default:
        return {{name, true}};
    }
}

json described(const Catalog &catalog)
{
    json all = json::array();
    for (const auto &[id, collection] : catalog.collections()) {
        const auto &schema = collection.current();
        json fields = json::array();
        for (const auto &field : schema.fields) {
            json constraints = json::array();
            for (const auto &constraint : field.constraints)
                constraints.push_back(described(constraint));
            fields.push_back({{"path", described(field.path)},
                              {"type", described(field.type)},
                              {"constraints", std::move(constraints)}});
        }
        json indexes = json::array();
        for (const auto &index : schema.indexes)
            indexes.push_back({{"name", index.name},
                               {"kind", indexKindName(static_cast<std::uint64_t>(index.kind))},
                               {"path", described(index.path)}});
        json one = {{"id", id}, {"name", collection.name}, {"schema_version", schema.number}};
        one["primary_field"] = collection.primaryField.empty() ? json() : json(collection.primaryField);
        one["fields"] = std::move(fields);
        one["indexes"] = std::move(indexes);
        all.push_back(std::move(one));
    }
    return all;
}

json described(const Value &value)
{
    struct Made {
        json operator()(bool it) const { return it; }
        json operator()(std::int64_t it) const { return {{"$i64", std::to_string(it)}}; }
        json operator()(std::uint64_t it) const { return {{"$u64", std::to_string(it)}}; }
        json operator()(double it) const
        {
            return {{"$f64", std::format("{:016x}", std::bit_cast<std::uint64_t>(it))}};
        }
        json operator()(const std::string &it) const { return it; }
        json operator()(const Value::Bytes &it) const { return {{"$bytes", hexOf(it)}}; }
        json operator()(const UuidBytes &it) const
        {
            auto text = hexOf(it);
            for (const std::size_t at : {20U, 16U, 12U, 8U})
                text.insert(at, 1, '-');
            return {{"$uuid", text}};
        }
        json operator()(Timestamp it) const { return {{"$ts", std::to_string(it.microseconds)}}; }
        json operator()(const OptionalValue &it) const { return it.held.empty() ? json() : described(it.held.front()); }
        json operator()(const ListValue &it) const
        {
            json list = json::array();
            for (const auto &one : it.values)
                list.push_back(described(one));
            return list;
        }
        json operator()(const ObjectValue &it) const
        {
            json object = json::object();
            for (const auto &member : it.members)
                object[member.name.str()] = described(member.value);
            return object;
        }
    };
    return std::visit(Made{}, value.data);
}

class CorpusState : public testing::TestWithParam<std::string> {
protected:
    CorpusState() : m_file(test::corpusFile(GetParam())), m_scanned(m_file.bytes()) { }

    [[nodiscard]] bool isSound() const { return GetParam().starts_with("valid-") || GetParam().starts_with("legacy-"); }
    [[nodiscard]] const json &said(const char *key) const { return m_file.said.at(key); }

    [[nodiscard]] Result<Record> record(const Segment &segment) const
    {
        return record(segment, m_scanned.payload(segment));
    }
    [[nodiscard]] Result<Record> record(const Segment &segment, std::span<const std::byte> payload) const
    {
        return Record::decode(payload, segment.payloadOffset(),
                              [&](std::uint32_t collectionId, std::uint32_t schemaVersion) {
                                  return m_scanned.catalog()
                                      .schemaFor(collectionId, schemaVersion, segment.transaction)
                                      .transform(&SchemaMatch::layout);
                              });
    }

    [[nodiscard]] bool counts(const Segment &segment) const
    {
        if (!m_scanned.snapshot->head.hasTransactions())
            return true;
        return segment.transaction
            && m_scanned.log().transaction(*segment.transaction)->state == TransactionState::Committed;
    }

    /// What a payload decodes to, written again.
    [[nodiscard]] Result<std::vector<std::byte>> rewritten(const Segment &segment,
                                                           std::span<const std::byte> payload) const
    {
        const auto encoded = [](const auto &it) { return it.encode(); };
        const Offset at = segment.payloadOffset();
        switch (segment.header.type) {
        case SegmentType::Schema:
            return CatalogEntry::decode(payload, at).transform(encoded);
        case SegmentType::Record:
            return record(segment, payload).transform(encoded);
        case SegmentType::Manifest:
            return Manifest::decode(payload, at).transform(encoded);
        case SegmentType::Checkpoint:
            return Checkpoint::decode(payload, at).transform(encoded);
        case SegmentType::Index:
            return IndexChanges::decode(payload, at).transform(encoded);
        case SegmentType::TxnBegin:
        case SegmentType::TxnCommit:
        case SegmentType::TxnAbort:
            return TransactionMarker::decode(payload, at).transform(encoded);
        case SegmentType::Temp:
            break;
        }
        return std::vector<std::byte>(payload.begin(), payload.end());
    }

    test::CorpusFile m_file;
    test::Scanned m_scanned;
};

TEST_P(CorpusState, EncodersWriteWhatTheReferenceWrote)
{
    if (!isSound())
        return;
    for (const auto &segment : m_scanned.segments()) {
        const auto bytes = rewritten(segment, m_scanned.payload(segment));
        ASSERT_TRUE(bytes) << errorName(bytes.error().code) << " at " << segment.offset.value;
        EXPECT_TRUE(std::ranges::equal(*bytes, m_scanned.payload(segment))) << segment.offset.value;
        const auto header = segment.header.encode();
        EXPECT_TRUE(std::ranges::equal(header, m_scanned.store->view().subspan(segment.offset.value, header.size())));
    }
}

TEST_P(CorpusState, WhateverIsFlippedOrCutTheTreeSaysWhatTheDecoderSays)
{
    std::minstd_rand random(static_cast<unsigned>(m_scanned.snapshot->fileLength() + 1));
    for (const auto &segment : m_scanned.segments()) {
        const auto whole = m_scanned.payload(segment);
        if (whole.empty() || whole.size() > 10'000)
            continue;
        for (int round = 0; round < 10; ++round) {
            std::vector<std::byte> payload(whole.begin(), whole.end());
            for (int flips = 0; flips < round; ++flips)
                payload[random() % payload.size()] ^= static_cast<std::byte>(1U << random() % 8);
            if (round % 3 == 2)
                payload.resize(random() % payload.size());

            const auto again = rewritten(segment, payload);
            if (again) {
                EXPECT_EQ(rewritten(segment, *again), again) << "what is written reads as the same";
            }
            // What a checkpoint holds, and the rules of the catalog, are more than one decoder sees.
            const bool isSchema = segment.header.type == SegmentType::Schema;
            auto budget = ExplainFocus{}.nodes;
            const auto tree = explainPayload(segment, payload, isSchema ? nullptr : &m_scanned.catalog(), {}, budget);
            if (!again) {
                EXPECT_EQ(tree.error, again.error().code) << segment.offset.value;
            } else if (segment.header.type != SegmentType::Checkpoint && tree.error) {
                EXPECT_EQ(tree.error, ErrorCode::InvalidSchemaVersion) << segment.offset.value;
            }
        }
    }
}

TEST_P(CorpusState, TheCatalogIsThatOfTheReference)
{
    if (said("catalog").is_null())
        return;
    EXPECT_EQ(described(m_scanned.catalog().catalog()), said("catalog"));
}

TEST_P(CorpusState, TheLastRecordOfEachRowAndTheLastIndexEntriesAreThoseOfTheReference)
{
    if (!isSound())
        return;
    std::map<std::uint32_t, std::map<std::string, json>> rows;
    std::set<std::tuple<std::uint32_t, std::string, int, std::string, std::string>> entries;
    for (const auto &segment : m_scanned.segments()) {
        if (!counts(segment))
            continue;
        if (segment.header.type == SegmentType::Index) {
            const auto changes = IndexChanges::decode(m_scanned.payload(segment), segment.payloadOffset());
            ASSERT_TRUE(changes);
            for (const auto &entry : changes->entries) {
                const std::tuple key(entry.collectionId, entry.indexName, static_cast<int>(entry.kind),
                                     hexOf(entry.indexKey), hexOf(entry.primaryKey));
                if (entry.operation == IndexOperation::Insert)
                    entries.insert(key);
                else
                    entries.erase(key);
            }
        }
        if (segment.header.type != SegmentType::Record)
            continue;
        const auto decoded = record(segment);
        ASSERT_TRUE(decoded);
        const auto *collection = m_scanned.catalog().catalog().find(decoded->head.collectionId);
        ASSERT_TRUE(collection != nullptr);
        auto &row = rows[collection->id][hexOf(keyBytes(decoded->head.key).value())];
        row = json();
        if (decoded->head.operation == RecordHead::Delete)
            continue;
        row[collection->primaryField] = described(decoded->head.key);
        for (const auto &field : decoded->fields) {
            json *into = &row;
            for (const auto &segmentOfPath : field.path.segments)
                into = &(*into)[segmentOfPath.str()];
            *into = described(field.value);
        }
    }

    json saidRows = json::object();
    for (const auto &[id, collection] : m_scanned.catalog().catalog().collections()) {
        json list = json::array();
        for (const auto &[key, row] : rows[id])
            if (!row.is_null())
                list.push_back(row);
        saidRows[collection.name] = std::move(list);
    }
    EXPECT_EQ(saidRows, said("rows"));

    json saidEntries = json::array();
    for (const auto &[id, name, kind, key, primary] : entries)
        saidEntries.push_back({{"collection_id", id},
                               {"index", name},
                               {"kind", indexKindName(static_cast<std::uint64_t>(kind))},
                               {"key", key},
                               {"pk", primary}});
    EXPECT_EQ(saidEntries, said("index_entries"));
}

INSTANTIATE_TEST_SUITE_P(, CorpusState, testing::ValuesIn(test::corpusNames()), [](const auto &corpus) {
    std::string name = corpus.param;
    std::ranges::replace(name, '-', '_');
    return name;
});

} // namespace
} // namespace modelvault
