// Where a value stands, in whatever collection.

#include "database/value_search.h"

#include "database/row_index.h"
#include "export/value_text.h"
#include "support/corpus.h"
#include "support/results.h"
#include "support/scanned.h"
#include "support/scratch_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace modelvault {
namespace {

using test::Scanned;
using testing::IsEmpty;

std::vector<ValueHit> found(const Scanned &file, std::string_view text)
{
    std::vector<ValueHit> hits;
    RowReader reader(*file.store, file.snapshot);
    EXPECT_EQ(test::outcome(findValues(reader, text,
                                       [&](ValueHit &&hit) {
                                           hits.push_back(std::move(hit));
                                           return true;
                                       })),
              "ok");
    return hits;
}

const Scanned &sample()
{
    static const Scanned file(test::readFile(MODELVAULT_SAMPLE));
    return file;
}

TEST(ValueSearch, FindsWhatEveryRowReadByItselfHolds)
{
    const std::string_view text = "an";
    std::map<std::uint32_t, std::size_t> expected;
    RowReader reader(*sample().store, sample().snapshot);
    const auto holds = [&](const Value &value) {
        const auto *held = heldValue(value);
        auto whole = held != nullptr ? valueText(*held) : std::string();
        std::ranges::transform(whole, whole.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
        return whole.find(text) != std::string::npos;
    };
    for (const auto &[id, collection] : sample().snapshot->rows->collections()) {
        collection.live.forEach([&](RecordNo no) {
            const auto row = reader.read(no).value();
            expected[id] += holds(row.record.head.key) ? 1U : 0U;
            for (const auto &field : row.record.fields)
                expected[id] += holds(field.value) ? 1U : 0U;
        });
    }
    std::map<std::uint32_t, std::size_t> hits;
    for (const auto &hit : found(sample(), text))
        ++hits[hit.collectionId];
    std::erase_if(expected, [](const auto &entry) { return entry.second == 0; });
    EXPECT_GT(hits.size(), 1U);
    EXPECT_EQ(hits, expected);
}

TEST(ValueSearch, ComesInTheOrderOfTheLogWhateverTheCollection)
{
    const auto hits = found(sample(), "a");
    ASSERT_THAT(hits, testing::Not(IsEmpty()));
    EXPECT_TRUE(std::ranges::is_sorted(hits, {}, &ValueHit::record));
}

TEST(ValueSearch, LooksAtKeysToo)
{
    const Scanned file(test::corpusFile("valid-transactions").bytes());
    const auto hits = found(file, "3");
    EXPECT_TRUE(std::ranges::any_of(hits, [&](const ValueHit &hit) {
        return hit.path.is(file.catalog().catalog().find(hit.collectionId)->primaryField);
    }));
}

TEST(ValueSearch, TextIsTakenAsItIs)
{
    EXPECT_THAT(found(sample(), ".*"), IsEmpty());
    EXPECT_THAT(found(sample(), "no such text anywhere"), IsEmpty());
}

TEST(ValueSearch, DeletedAndEarlierVersionsAreNotLookedAt)
{
    const Scanned file(test::corpusFile("valid-history").bytes());
    for (const auto &hit : found(file, ""))
        EXPECT_TRUE(file.snapshot->rows->collection(hit.collectionId).live.contains(hit.record));
}

TEST(ValueSearch, LargeValuesAreFoundAndCut)
{
    const Scanned file(test::corpusFile("valid-large-record").bytes());
    const auto hits = found(file, "");
    ASSERT_THAT(hits, testing::Not(IsEmpty()));
    for (const auto &hit : hits)
        EXPECT_LE(hit.text.size(), ValueHit::kMostText + 8);
}

TEST(ValueSearch, StopsWhenItIsTold)
{
    RowReader reader(*sample().store, sample().snapshot);
    int calls = 0;
    EXPECT_EQ(test::outcome(findValues(reader, "a", [&](ValueHit &&) { return ++calls < 3; })), "ok");
    EXPECT_EQ(calls, 3);
    EXPECT_EQ(test::outcome(findValues(
                  reader, "a", [](ValueHit &&) { return true; }, [](auto, auto) { return false; })),
              "Cancelled");
}

} // namespace
} // namespace modelvault
