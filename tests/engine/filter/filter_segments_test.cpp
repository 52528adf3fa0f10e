#include "filter/filter_segments.h"

#include "database/segment_summary.h"
#include "engine/filter/random_filter.h"
#include "filter/filter_value.h"
#include "format/index_entry.h"
#include "store/fault_store.h"
#include "support/corpus.h"
#include "support/file_builder.h"
#include "support/results.h"
#include "support/scanned.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <format>
#include <map>
#include <sstream>

namespace modelvault {
namespace {

using test::FileBuilder;
using test::Scanned;
using testing::ElementsAre;
using testing::IsEmpty;

using Numbers = std::vector<std::uint64_t>;

CatalogEntry collection(std::uint32_t id, std::string name)
{
    return {.collectionId = id,
            .name = std::move(name),
            .fields = {{{{"title"}}, {.tag = TypeTag::String}, {}}},
            .indexes = {},
            .primaryField = "title"};
}

std::vector<std::byte> row(Value key, std::uint8_t operation = RecordHead::Insert, std::uint32_t collectionId = 1)
{
    return Record{.head = {.payloadVersion = 2,
                           .collectionId = collectionId,
                           .schemaVersion = 1,
                           .operation = operation,
                           .key = std::move(key)},
                  .fields = {}}
        .encode();
}

Numbers numbersOf(const SegmentHits &hits)
{
    Numbers numbers;
    for (std::uint64_t i = 0; i < hits.count(); ++i)
        numbers.push_back(hits.at(i).value);
    return numbers;
}

Numbers found(const Scanned &file, const Filter &filter, const CatalogHistory *catalog)
{
    SegmentHits hits;
    const auto outcome = filterSegments(file.log(), *file.store, catalog, filter,
                                        [&hits](const SegmentHits::Block &block) { hits.append(block); });
    EXPECT_TRUE(outcome && outcome->unreadable == 0) << filter.text();
    return numbersOf(hits);
}

Numbers found(const Scanned &file, std::string_view text)
{
    const auto filter = Filter::parse(text);
    EXPECT_TRUE(filter) << text;
    return filter ? found(file, *filter, &file.catalog()) : Numbers();
}

// --- The same, slow and simple ---

using Values = std::map<FilterField, std::vector<FilterValue>>;

Values valuesOf(const Scanned &file, const Segment &segment, const CatalogHistory *catalog)
{
    Values values{
        {FilterField::Number, {segment.no.value}},
        {FilterField::Offset, {segment.offset.value}},
        {FilterField::Length, {segment.header.payloadLength}},
        {FilterField::Type, {static_cast<std::uint64_t>(segment.header.type)}},
        {FilterField::Crc,
         {std::uint64_t{segment.header.payloadCrc}, segment.payloadDamaged ? PayloadState::Bad : PayloadState::Good}}};
    if (segment.transaction)
        values[FilterField::Transaction] = {segment.transaction->value};
    const auto addCollection = [&values](std::uint32_t id, const std::string &name) {
        values[FilterField::Collection].push_back(std::uint64_t{id});
        if (!name.empty())
            values[FilterField::Collection].push_back(name);
    };
    const auto summary = summarize(*file.store, segment, catalog).value();
    if (const auto *record = std::get_if<RecordSummary>(&summary.what)) {
        addCollection(record->collectionId, record->collection);
        values[FilterField::Operation] = {std::uint64_t{record->operation}};
        values[FilterField::Key] = {*filterValueOf(record->key)};
    } else if (const auto *schema = std::get_if<SchemaSummary>(&summary.what)) {
        addCollection(schema->collectionId, schema->collection);
    } else if (std::holds_alternative<IndexSummaries>(summary.what)) { // which knows the first few indexes only
        const auto changes = IndexChanges::decode(file.payload(segment), {}).value();
        for (const auto &entry : changes.entries) {
            const auto *known =
                catalog != nullptr ? catalog->collection(entry.collectionId, segment.transaction) : nullptr;
            addCollection(entry.collectionId, known != nullptr ? known->name : "");
            values[FilterField::Operation].push_back(entry.operation == IndexOperation::Insert ? std::uint64_t{1}
                                                                                               : std::uint64_t{3});
        }
    }
    return values;
}

/// Exact for all numbers of 64 bits, and for doubles.
std::optional<long double> numberOf(const FilterValue &value)
{
    static_assert(std::numeric_limits<long double>::digits >= 64);
    return std::visit(
        []<class T>(const T &it) -> std::optional<long double> {
            if constexpr (std::is_same_v<T, std::uint64_t> || std::is_same_v<T, std::int64_t>
                          || std::is_same_v<T, double>)
                return static_cast<long double>(it);
            else
                return std::nullopt;
        },
        value);
}

std::string textOf(const FilterValue &value)
{
    std::ostringstream text;
    text << std::boolalpha;
    std::visit(
        [&text]<class T>(const T &it) {
            if constexpr (std::is_same_v<T, double>)
                text << std::format("{}", it);
            else if constexpr (!std::is_same_v<T, PayloadState>)
                text << it;
        },
        value);
    return text.str();
}

bool holds(const FilterValue &value, FilterOperator operation, const FilterValue &wanted)
{
    const auto in = [operation](const auto &one, const auto &other) {
        switch (operation) {
        case FilterOperator::Less:
            return one < other;
        case FilterOperator::LessOrEqual:
            return one <= other;
        case FilterOperator::Greater:
            return one > other;
        case FilterOperator::GreaterOrEqual:
            return one >= other;
        default:
            return one == other;
        }
    };
    if (operation == FilterOperator::Contains)
        return textOf(value).find(std::get<std::string>(wanted)) != std::string::npos;
    if (numberOf(value) && numberOf(wanted))
        return in(*numberOf(value), *numberOf(wanted));
    if (value.index() != wanted.index())
        return false;
    const auto *text = std::get_if<std::string>(&value);
    if (text == nullptr)
        return value == wanted;
    const auto &other = std::get<std::string>(wanted);
    return in(*text, other);
}

bool passes(const FilterNode &node, Values &values)
{
    const auto part = [&values](const FilterNode &each) { return passes(each, values); };
    switch (node.kind) {
    case FilterNode::Kind::And:
        return std::ranges::all_of(node.parts, part);
    case FilterNode::Kind::Or:
        return std::ranges::any_of(node.parts, part);
    case FilterNode::Kind::Not:
        return !passes(node.parts.front(), values);
    case FilterNode::Kind::Comparison:
        break;
    }
    const bool any = std::ranges::any_of(values[node.field], [&node](const FilterValue &value) {
        if (node.operation == FilterOperator::Exists)
            return true;
        return std::ranges::any_of(node.values, [&](const FilterRange &range) {
            return node.operation == FilterOperator::In ? holds(value, FilterOperator::GreaterOrEqual, range.first)
                    && holds(value, FilterOperator::LessOrEqual, range.last)
                                                        : holds(value, node.operation, range.first);
        });
    });
    return any != (node.operation == FilterOperator::NotEqual);
}

/// Filters whose values come from the file find what each segment asked by itself answers.
std::uint64_t compareWithSimple(const Scanned &file, unsigned seed, int filters)
{
    test::RandomFilter random(seed);
    const auto segments = file.segments();
    std::uint64_t hits = 0;
    for (const auto *catalog : {&file.catalog(), static_cast<const CatalogHistory *>(nullptr)}) {
        std::vector<Values> all;
        for (const auto &segment : segments) {
            all.push_back(valuesOf(file, segment, catalog));
            for (const auto &[field, values] : all.back()) {
                for (const auto &value : values) {
                    if (const auto *number = std::get_if<std::uint64_t>(&value))
                        random.numbers.push_back(*number);
                    if (const auto *text = std::get_if<std::string>(&value))
                        random.texts.push_back(*text);
                }
            }
        }
        for (int i = 0; i < filters; ++i) {
            const Filter filter(random.node(3));
            Numbers expected;
            for (std::size_t no = 0; no < segments.size(); ++no) {
                if (passes(filter.root(), all[no]))
                    expected.push_back(no);
            }
            hits += expected.size();
            EXPECT_EQ(found(file, filter, catalog), expected) << filter.text();
            if (testing::Test::HasFailure())
                return hits;
        }
    }
    return hits;
}

class FilterCorpus : public testing::TestWithParam<std::string> { };

TEST_P(FilterCorpus, FindsWhatEachSegmentAnswers)
{
    const Scanned file(test::corpusFile(GetParam()).bytes());
    compareWithSimple(file, 5, 300);
}

INSTANTIATE_TEST_SUITE_P(All, FilterCorpus, testing::ValuesIn(test::corpusNames()), [](const auto &corpus) {
    auto name = corpus.param;
    std::ranges::replace(name, '-', '_');
    return name;
});

/// Several blocks of the index, of all kinds: amid long transactions, outside of them, damaged, of one type only.
std::vector<std::byte> manyBlocks()
{
    FileBuilder file;
    file.begin(1)
        .append(SegmentType::Schema, collection(1, "books").encode())
        .append(SegmentType::Schema, collection(2, "people").encode())
        .commit(1);
    IndexChanges changes;
    changes.entries = {{.collectionId = 1, .operation = IndexOperation::Delete, .indexName = "i"},
                       {.collectionId = 2, .operation = IndexOperation::Insert, .indexName = "j"}};
    file.begin(2);
    for (std::uint32_t i = 0; i < 1500; ++i)
        file.append(SegmentType::Record, row({std::int64_t{i}}, static_cast<std::uint8_t>(1 + i % 3), 1 + i % 2));
    file.commit(2);
    for (int i = 0; i < 1100; ++i)
        file.append(SegmentType::Temp, "t");
    for (std::uint64_t i = 3; i < 300; ++i)
        file.begin(i).append(SegmentType::Index, changes.encode()).abort(i).publish();
    file.begin(300);
    for (int i = 0; i < 600; ++i)
        file.append(SegmentType::Record, row({std::string(static_cast<std::size_t>(i % 50), 'k')}));
    const auto damaged = file.offsets()[700];
    return FileBuilder(file.bytes()).flip(damaged + SegmentHeader::kSize).bytes();
}

TEST(FilterSegments, DecidesAboutWholeBlocksAsAboutEachSegment)
{
    const Scanned file(manyBlocks());
    EXPECT_GT(file.snapshot->log.index->blockCount(), 8U);
    EXPECT_GT(compareWithSimple(file, 6, 400), 10'000U);
}

TEST(FilterSegments, AnswersTheQuestionsOfTheManual)
{
    IndexChanges changes;
    changes.entries = {{.collectionId = 1, .operation = IndexOperation::Insert, .indexName = "i"},
                       {.collectionId = 2, .operation = IndexOperation::Delete, .indexName = "j"}};
    FileBuilder builder;
    builder
        .begin(1) // 1
        .append(SegmentType::Schema, collection(1, "books").encode())
        .append(SegmentType::Schema, collection(2, "people").encode())
        .append(SegmentType::Record, row({std::string("Dune")})) // 4
        .append(SegmentType::Record, row({std::int64_t{-7}}, RecordHead::Replace, 2))
        .append(SegmentType::Record, row({2.5}, RecordHead::Delete, 9)) // 6, of a collection that nobody knows
        .append(SegmentType::Index, changes.encode())
        .commit(1); // 8
    const Offset lastOfDune{builder.offsets()[5].value - 1};
    const Scanned file(builder.flip(lastOfDune).bytes());

    EXPECT_THAT(found(file, ""), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8));
    EXPECT_THAT(found(file, "type == record"), ElementsAre(4, 5, 6));
    EXPECT_THAT(found(file, "type in {begin, commit}"), ElementsAre(1, 8));
    EXPECT_THAT(found(file, "collection == \"books\""), ElementsAre(2, 4, 7));
    EXPECT_THAT(found(file, "collection == 2"), ElementsAre(3, 5, 7));
    EXPECT_THAT(found(file, "collection contains \"e\""), ElementsAre(3, 5, 7));
    EXPECT_THAT(found(file, "collection and collection != 1"), ElementsAre(3, 5, 6));
    EXPECT_THAT(found(file, "operation == delete"), ElementsAre(6, 7));
    EXPECT_THAT(found(file, "key < 0"), ElementsAre(5));
    EXPECT_THAT(found(file, "key in 2..3"), ElementsAre(6));
    EXPECT_THAT(found(file, "key"), ElementsAre(4, 5, 6));
    EXPECT_THAT(found(file, "not transaction"), ElementsAre(0));
    EXPECT_THAT(found(file, "crc == bad"), ElementsAre(4));
    EXPECT_THAT(found(file, "number in 3..4 or number > 7"), ElementsAre(3, 4, 8));
    EXPECT_THAT(found(file, "length < 20"), ElementsAre(0));
}

TEST(FilterSegments, KnowsCollectionsOfTheSegmentsOwnTransaction)
{
    FileBuilder builder;
    builder.begin(1)
        .append(SegmentType::Schema, collection(1, "draft").encode())
        .append(SegmentType::Record, row({std::string("a")}))
        .abort(1)
        .begin(2)
        .append(SegmentType::Schema, collection(1, "books").encode())
        .append(SegmentType::Record, row({std::string("a")}))
        .commit(2);
    const Scanned file(builder.bytes());
    EXPECT_THAT(found(file, "collection == draft"), ElementsAre(2, 3));
    EXPECT_THAT(found(file, "collection == books"), ElementsAre(6, 7));
}

TEST(FilterSegments, WhatAKeyContainsIsLookedForInItsText)
{
    FileBuilder builder;
    builder.begin(1)
        .append(SegmentType::Record, row({std::int64_t{-1995}}))
        .append(SegmentType::Record, row({std::uint64_t{18'446'744'073'709'551'599U}}))
        .append(SegmentType::Record, row({9.95}))
        .append(SegmentType::Record, row({true}))
        .append(SegmentType::Record, row({std::string("route 99")}))
        .commit(1);
    const Scanned file(builder.bytes());
    EXPECT_THAT(found(file, "key contains \"99\""), ElementsAre(2, 3, 6));
    EXPECT_THAT(found(file, "key contains 99"), ElementsAre(2, 3, 6));
    EXPECT_THAT(found(file, "key contains \"9.9\""), ElementsAre(4));
    EXPECT_THAT(found(file, "key contains -1"), ElementsAre(2));
    EXPECT_THAT(found(file, "key contains tru"), ElementsAre(5));
}

TEST(FilterSegments, ReadsLongKeysToTheirEnd)
{
    const std::string longKey(100'000, 'k');
    FileBuilder builder;
    builder.begin(1)
        .append(SegmentType::Record, row({longKey + "!"}))
        .append(SegmentType::Record, row({longKey}))
        .commit(1);
    EXPECT_THAT(found(Scanned(builder.bytes()), "key contains \"k!\""), ElementsAre(2));
}

TEST(FilterSegments, WhatDoesNotDecodeHasNothingToAskFor)
{
    FileBuilder builder;
    builder.begin(1)
        .append(SegmentType::Record, "x")
        .append(SegmentType::Index, "x")
        .append(SegmentType::Schema, "x")
        .commit(1);
    const Scanned file(builder.bytes());
    EXPECT_THAT(found(file, "collection or operation or key"), IsEmpty());
    EXPECT_THAT(found(file, "type == record and key != 5"), ElementsAre(2));
}

TEST(FilterSegments, ReadsNoPayloadThatItNeedNotKnow)
{
    FileBuilder builder;
    builder.begin(1);
    for (int i = 0; i < 20; ++i)
        builder.append(SegmentType::Record, std::string(200'000, 'r')); // steps over them unread
    builder.commit(1);
    const auto index = Scanned(builder.bytes()).snapshot->log.index;
    const auto readsOf = [&](std::string_view text) {
        const FaultStore store(builder.store());
        const auto filter = Filter::parse(text).value();
        EXPECT_TRUE(filterSegments(LogReader(store, index), store, nullptr, filter, [](const auto &) { }));
        return store.readAttempts();
    };
    const auto headers = readsOf("length == 5");
    EXPECT_EQ(readsOf("type == commit and key == 5"), headers);
    EXPECT_EQ(readsOf("number < 0"), 0U);
    EXPECT_EQ(readsOf("number >= 0"), 0U);
    EXPECT_EQ(readsOf("type == checkpoint or crc == bad"), 0U);
    EXPECT_GE(readsOf("number == 3 and key == 5"), headers + 1);
    EXPECT_LE(readsOf("number == 3 and key == 5"), headers + 2);
    EXPECT_GE(readsOf("key == 5"), headers + 20);
}

TEST(FilterSegments, CountsWhatItCouldNotRead)
{
    FileBuilder builder;
    builder.begin(1);
    for (int i = 0; i < 5; ++i)
        builder.append(SegmentType::Record, std::string(200'000, 'r'));
    builder.commit(1);
    const auto index = Scanned(builder.bytes()).snapshot->log.index;
    const auto filter = Filter::parse("key != 5 or number == 3").value();
    std::uint64_t reads = 0;
    {
        const FaultStore store(builder.store());
        ASSERT_TRUE(filterSegments(LogReader(store, index), store, nullptr, filter, [](const auto &) { }));
        reads = store.readAttempts();
    }
    std::uint64_t left = 0;
    for (std::uint64_t after = 0; after < reads; ++after) { // one of a header is tried again
        FaultStore store(builder.store());
        store.failOneReadAfter(after);
        SegmentHits hits;
        const auto outcome = filterSegments(LogReader(store, index), store, nullptr, filter,
                                            [&hits](const SegmentHits::Block &block) { hits.append(block); });
        ASSERT_TRUE(outcome);
        EXPECT_EQ(hits.count() + outcome->unreadable, 8U);
        left += outcome->unreadable;
    }
    EXPECT_GE(left, 4U);
    for (std::uint64_t after = 0; after < reads; ++after) { // nothing behind can be read
        FaultStore store(builder.store());
        store.failReadsAfter(after);
        const auto outcome = filterSegments(LogReader(store, index), store, nullptr, filter, [](const auto &) { });
        if (outcome)
            EXPECT_GE(outcome->unreadable, 1U) << "only payloads were left";
        else
            EXPECT_THAT(test::outcome(outcome), testing::AnyOf("Io", "ChangedMeanwhile"));
        EXPECT_TRUE(after > 0 || !outcome) << "a log without headers";
    }
}

TEST(FilterSegments, FailsWhereTheFileHasChanged)
{
    FileBuilder builder;
    for (std::uint64_t i = 0; i < 1000; ++i)
        builder.transaction(2, 8, i);
    const auto index = Scanned(builder.bytes()).snapshot->log.index;
    builder.cut(builder.offsets()[1000].value);
    const auto store = builder.store();
    SegmentHits hits;
    const auto outcome =
        filterSegments(LogReader(*store, index), *store, nullptr, Filter::parse("length < 100").value(),
                       [&hits](const SegmentHits::Block &block) { hits.append(block); });
    EXPECT_EQ(test::outcome(outcome), "ChangedMeanwhile");
    EXPECT_EQ(hits.count(), 1000U) << "what was found before counts";
}

TEST(FilterSegments, StopsWhenAsked)
{
    const Scanned file(manyBlocks());
    const auto segments = file.snapshot->log.index->segmentCount();
    for (const auto *text : {"length >= 0", "number >= 0"}) {
        const auto filter = Filter::parse(text).value();
        SegmentHits hits;
        int asked = 0;
        const auto outcome = filterSegments(
            file.log(), *file.store, nullptr, filter, [&hits](const SegmentHits::Block &block) { hits.append(block); },
            [&](std::uint64_t done, std::uint64_t total) {
                EXPECT_EQ(total, segments);
                EXPECT_LE(done, total);
                return ++asked < 4;
            });
        EXPECT_EQ(test::outcome(outcome), "Cancelled");
        EXPECT_EQ(hits.count(), 3 * SegmentIndex::kStride);
    }
}

TEST(FilterSegments, GoesOnWhereALogHasGrown)
{
    const Scanned file(manyBlocks());
    const auto filter = Filter::parse("type == record and length > 40").value();
    const auto whole = found(file, filter, nullptr);
    for (const std::uint64_t until : {0U, 1U, 511U, 512U, 700U, 1024U, 2000U}) {
        SegmentHits hits;
        std::ignore = filterSegments(
            file.log(), *file.store, nullptr, filter, [&](const SegmentHits::Block &block) { hits.append(block); },
            [&](std::uint64_t done, std::uint64_t) { return done < until; });
        ASSERT_TRUE(filterSegments(file.log(), *file.store, nullptr, filter,
                                   [&](const SegmentHits::Block &block) { hits.append(block); }, {}, {until}));
        EXPECT_EQ(numbersOf(hits), whole) << until;
    }
}

} // namespace
} // namespace modelvault
