// What the payloads of the reference engine's files say is what that engine says of them, and is written the same way.

#include "explain/payload_tree.h"
#include "export/described_json.h"
#include "format/checkpoint.h"
#include "format/index_entry.h"
#include "format/manifest.h"
#include "format/record.h"
#include "support/corpus.h"
#include "support/plain_replay.h"
#include "support/scanned.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <format>
#include <random>

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
    json catalog = json::array();
    for (const auto &[id, collection] : m_scanned.catalog().catalog().collections())
        catalog.push_back(json(described(collection)));
    EXPECT_EQ(catalog, said("catalog"));
}

TEST_P(CorpusState, RowsAndIndexEntriesOfThePlainReplayAreThoseOfTheReference)
{
    if (!isSound())
        return;
    const auto state = test::plainReplay(m_scanned.store->view());
    json rows = json::object();
    for (const auto &[id, collection] : state.catalog.collections()) {
        json list = json::array();
        if (const auto some = state.rows.find(id); some != state.rows.end())
            for (const auto &[key, record] : some->second)
                list.push_back(describedRow(collection.primaryField, record));
        rows[collection.name] = std::move(list);
    }
    EXPECT_EQ(rows, said("rows"));

    json entries = json::array();
    for (const auto &[id, name, kind, key, primary] : state.indexEntries)
        entries.push_back({{"collection_id", id},
                           {"index", name},
                           {"kind", indexKindName(static_cast<std::uint64_t>(kind))},
                           {"key", hexOf(key)},
                           {"pk", hexOf(primary)}});
    EXPECT_EQ(entries, said("index_entries"));
}

INSTANTIATE_TEST_SUITE_P(, CorpusState, testing::ValuesIn(test::corpusNames()), [](const auto &corpus) {
    std::string name = corpus.param;
    std::ranges::replace(name, '-', '_');
    return name;
});

} // namespace
} // namespace modelvault
