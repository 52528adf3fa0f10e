#include "database/key_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace modelvault {
namespace {

KeyFingerprint random96(std::mt19937_64 &random)
{
    return {.high = random(), .low = static_cast<std::uint32_t>(random())};
}

TEST(KeyTable, FindsTheLastRecordOfEachKey)
{
    std::mt19937_64 random(1);
    KeyTable table;
    std::map<KeyFingerprint, std::uint64_t> plain;
    std::vector<KeyFingerprint> keys;
    EXPECT_FALSE(table.find(random96(random)));
    for (std::uint64_t record = 0; record < 50'000; ++record) {
        if (keys.empty() || random() % 3 != 0)
            keys.push_back(random96(random));
        const auto key = keys[random() % keys.size()];
        const auto before = table.exchange(key, {record}, 0);
        const auto known = plain.find(key);
        ASSERT_EQ(before, known == plain.end() ? std::nullopt : std::optional(RecordNo{known->second}));
        plain[key] = record;
    }
    EXPECT_EQ(table.size(), plain.size());
    for (const auto &[key, record] : plain)
        ASSERT_EQ(table.find(key), RecordNo{record});
    EXPECT_FALSE(table.find(random96(random)));
}

TEST(KeyTable, TellsKeysApartThatShareMostBits)
{
    KeyTable table;
    for (std::uint32_t low = 0; low < 3'000; ++low)
        table.exchange({.high = 5, .low = low}, {low}, 0);
    for (std::uint32_t low = 0; low < 3'000; ++low)
        ASSERT_EQ(table.find({.high = 5, .low = low}), RecordNo{low});
    EXPECT_FALSE(table.find({.high = 6, .low = 1}));
}

TEST(KeyTable, OfAnEarlierEpochStaysAsItWas)
{
    std::mt19937_64 random(2);
    std::vector<KeyFingerprint> keys;
    KeyTable table;
    std::vector<KeyTable> copies;
    for (std::uint64_t record = 0; record < 9'000; ++record) {
        keys.push_back(random96(random));
        table.exchange(keys.back(), {record}, copies.size());
        table.exchange(keys[random() % keys.size()], {record}, copies.size());
        if (record % 1'000 == 999)
            copies.push_back(table);
    }
    for (std::size_t i = 0; i < copies.size(); ++i) {
        const auto end = (i + 1) * 1'000;
        EXPECT_EQ(copies[i].size(), end);
        for (std::size_t key = 0; key < keys.size(); key += 13) {
            const auto found = copies[i].find(keys[key]);
            ASSERT_EQ(found.has_value(), key < end);
            if (found) {
                ASSERT_LT(found->value, end);
            }
        }
    }
}

TEST(KeyTable, HoldsTheHighestRecord)
{
    KeyTable table;
    const RecordNo highest{KeyTable::kMostRecords - 1};
    table.exchange({.high = 1, .low = 2}, highest, 0);
    EXPECT_EQ(table.find({.high = 1, .low = 2}), highest);
}

} // namespace
} // namespace modelvault
