// Every file of the reference engine reads as that engine says.

#include "support/corpus.h"

#include "log/file_head.h"
#include "log/log_scanner.h"
#include "store/memory_store.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace modelvault {
namespace {

using nlohmann::json;

class Corpus : public testing::TestWithParam<std::string> {
protected:
    void SetUp() override
    {
        m_file = test::corpusFile(GetParam());
        m_store = std::make_unique<MemoryStore>(m_file.bytes());
        const auto head = readFileHead(*m_store);
        ASSERT_TRUE(head);
        m_head = *head;
    }

    [[nodiscard]] const json &said(const char *key) const { return m_file.said.at(key); }

    test::CorpusFile m_file;
    std::unique_ptr<MemoryStore> m_store;
    FileHead m_head;
};

json described(const Result<FileHeader> &header)
{
    if (!header)
        return {{"ok", false}, {"error", errorName(header.error().code)}};
    return {{"ok", true},
            {"major", header->major},
            {"minor", header->minor},
            {"header_size", header->headerSize},
            {"flags", header->flags}};
}

json described(const char *slot, const Result<Superblock> &block)
{
    if (!block)
        return {{"slot", slot}, {"ok", false}, {"error", errorName(block.error().code)}};
    return {{"slot", slot},
            {"ok", true},
            {"generation", block->generation},
            {"manifest_offset", block->manifestOffset.value},
            {"manifest_len", block->manifestLength},
            {"checkpoint_offset", block->checkpointOffset.value},
            {"checkpoint_len", block->checkpointLength}};
}

TEST_P(Corpus, HeaderSuperblocksAndTheChosenSlotAreThoseOfTheReference)
{
    EXPECT_EQ(json(m_head.fileLength), said("length"));
    EXPECT_EQ(described(m_head.header), said("header"));
    EXPECT_EQ(json::array({described("A", m_head.superblocks[0]), described("B", m_head.superblocks[1])}),
              said("superblocks"));
    const auto selected = m_head.selected ? json(*m_head.selected == SuperblockSlot::A ? "A" : "B") : json();
    EXPECT_EQ(selected, said("selected_superblock"));
}

TEST_P(Corpus, SegmentsAndTheFirstFaultAreThoseOfTheReference)
{
    const auto scan = scanLog(*m_store, m_head.fileLength, {.framed = m_head.hasTransactions()});
    ASSERT_TRUE(scan);
    json segments = json::array();
    const auto listed = LogReader(*m_store, scan->index).forEach({0}, [&](const Segment &segment) {
        if (scan->firstFault && segment.offset >= scan->firstFault->segment)
            return false;
        segments.push_back({{"offset", segment.offset.value},
                            {"type", segmentTypeName(segment.header.type)},
                            {"payload_len", segment.header.payloadLength},
                            {"payload_crc32c", segment.header.payloadCrc},
                            {"payload_crc_ok", !segment.payloadDamaged}});
        return true;
    });
    ASSERT_TRUE(listed);
    EXPECT_EQ(segments, said("segments"));

    json fault;
    if (scan->firstFault)
        fault = {{"offset", scan->firstFault->segment.value}, {"error", errorName(scan->firstFault->error.code)}};
    EXPECT_EQ(fault, said("first_log_error"));
}

TEST_P(Corpus, WhatTheReferenceOpensHasNoFindingThatStopsIt)
{
    const auto scan = scanLog(*m_store, m_head.fileLength, {.framed = m_head.hasTransactions()});
    ASSERT_TRUE(scan);
    const bool sound = GetParam().starts_with("valid-") || GetParam().starts_with("legacy-");
    if (sound) {
        EXPECT_TRUE(scan->findings.empty());
    }
    if (m_file.said.contains("framing_error")) {
        EXPECT_FALSE(scan->findings.empty());
    }
}

INSTANTIATE_TEST_SUITE_P(, Corpus, testing::ValuesIn(test::corpusNames()), [](const auto &corpus) {
    std::string name = corpus.param;
    std::ranges::replace(name, '-', '_');
    return name;
});

TEST(CorpusFolder, IsWhole)
{
    EXPECT_EQ(test::corpusNames().size(), 82U);
}

} // namespace
} // namespace modelvault
