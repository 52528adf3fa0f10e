// Rows are filtered and sorted as those who look at a table expect it.

#include "database/row_query.h"

#include "database/database_writer.h"
#include "store/memory_store.h"
#include "support/file_builder.h"
#include "support/results.h"
#include "support/scanned.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <random>
#include <thread>

namespace modelvault {
namespace {

using test::outcome;
using test::Scanned;
using Test = RowCondition::Test;

constexpr std::uint32_t kThings = 1;

FieldType optional(TypeTag tag)
{
    FieldType type{.tag = TypeTag::Optional};
    type.inner.push_back({.tag = tag});
    return type;
}

Value some(Value value)
{
    Value optional;
    optional.data.emplace<OptionalValue>().held.push_back(std::move(value));
    return optional;
}

Value none()
{
    Value optional;
    optional.data.emplace<OptionalValue>();
    return optional;
}

enum Column : std::size_t { Id, Name, Count, Price, When, Tags };

struct Thing {
    std::int64_t id;
    std::string name;
    std::optional<std::int64_t> count;
    double price;
    std::int64_t when;
    std::vector<std::string> tags;
};

Scanned databaseOf(const std::vector<Thing> &things)
{
    FieldType tags{.tag = TypeTag::List};
    tags.inner.push_back({.tag = TypeTag::String});
    auto writer = DatabaseWriter::create(std::make_unique<MemoryStore>()).value();
    const std::vector<FieldDefinition> fields{{.path = {{"id"}}, .type = {.tag = TypeTag::Int64}},
                                              {.path = {{"name"}}, .type = {.tag = TypeTag::String}},
                                              {.path = {{"count"}}, .type = optional(TypeTag::Int64)},
                                              {.path = {{"price"}}, .type = {.tag = TypeTag::Float64}},
                                              {.path = {{"when"}}, .type = {.tag = TypeTag::Timestamp}},
                                              {.path = {{"tags"}}, .type = tags}};
    EXPECT_TRUE(writer.createCollection("things", fields, {}, "id"));
    for (const auto &thing : things) {
        Value list;
        auto &listed = list.data.emplace<ListValue>();
        for (const auto &tag : thing.tags)
            listed.values.push_back({tag});
        const std::vector<Value> row{{thing.id},
                                     {thing.name},
                                     thing.count ? some({*thing.count}) : none(),
                                     {thing.price},
                                     {Timestamp{thing.when}},
                                     list};
        EXPECT_TRUE(writer.write(kThings, row));
    }
    auto store = std::move(writer).takeStore();
    std::vector<std::byte> bytes(static_cast<std::size_t>(store->length().value()));
    EXPECT_TRUE(store->readExactAt({0}, bytes));
    return Scanned(std::move(bytes));
}

const std::vector<Thing> &someThings()
{
    static const std::vector<Thing> kAll{
        {1, "apple", 5, 0.5, 0, {"fruit"}},
        {2, "Apricot", std::nullopt, -1.5, 1'709'164'800'000'000, {"fruit", "dried"}},
        {3, "bolt", 5, std::numeric_limits<double>::quiet_NaN(), 2, {}},
        {4, "nut", -7, std::numeric_limits<double>::infinity(), -3, {"fruit", "metal"}},
        {5, "zucchini", 100, 0.0, 4, {}},
        {6, "", std::nullopt, -0.0, 5, {}},
    };
    return kAll;
}

class RowQuery : public testing::Test {
protected:
    RowQuery() : m_scanned(databaseOf(someThings())) { }

    const SchemaVersion &schema() const { return m_scanned.catalog().catalog().find(kThings)->current(); }
    const RecordSet &rows() const { return m_scanned.snapshot->rows->collection(kThings).live; }

    std::vector<std::int64_t> idsOf(std::span<const RecordNo> records) const
    {
        RowReader reader(*m_scanned.store, m_scanned.snapshot);
        std::vector<std::int64_t> ids;
        for (const auto record : records)
            ids.push_back(std::get<std::int64_t>(reader.read(record).value().record.head.key.data));
        return ids;
    }

    /// Of the rows for which all that is typed holds.
    std::vector<std::int64_t> idsWith(std::initializer_list<std::pair<std::size_t, std::string_view>> typed) const
    {
        std::vector<RowCondition> conditions;
        for (const auto &[field, text] : typed)
            conditions.push_back(parseCondition(field, text).value());
        auto filter = RowFilter::make(schema(), conditions);
        if (!filter)
            return {-1};
        RowReader reader(*m_scanned.store, m_scanned.snapshot);
        std::vector<RecordNo> found;
        EXPECT_TRUE(filterRows(reader, rows(), *filter, [&found](std::span<const RecordNo> more) {
            found.insert(found.end(), more.begin(), more.end());
            return true;
        }));
        return idsOf(found);
    }

    std::vector<std::int64_t> sortedBy(std::size_t field, RowOrder order = RowOrder::Rising) const
    {
        RowReader reader(*m_scanned.store, m_scanned.snapshot);
        return idsOf(sortRows(reader, rows(), schema(), field, order).value());
    }

    Scanned m_scanned;
};

using Ids = std::vector<std::int64_t>;

TEST_F(RowQuery, FindsWhatAColumnContainsInEitherCase)
{
    EXPECT_EQ(idsWith({{Name, "AP"}}), (Ids{1, 2}));
    EXPECT_EQ(idsWith({{Name, "  ricot "}}), (Ids{2}));
    EXPECT_EQ(idsWith({{Id, "3"}}), (Ids{3}));
    EXPECT_EQ(idsWith({{Tags, "\"dried\""}}), (Ids{2})) << "lists by their text";
}

TEST_F(RowQuery, ComparesByTheTypeOfTheColumn)
{
    EXPECT_EQ(idsWith({{Count, "= 5"}}), (Ids{1, 3}));
    EXPECT_EQ(idsWith({{Count, "!= 5"}}), (Ids{2, 4, 5, 6})) << "none is not 5";
    EXPECT_EQ(idsWith({{Count, "< 50"}}), (Ids{1, 3, 4})) << "as numbers, and none is not less";
    EXPECT_EQ(idsWith({{Count, ">= 5"}}), (Ids{1, 3, 5}));
    EXPECT_EQ(idsWith({{Price, "<=0"}}), (Ids{2, 5, 6}));
    EXPECT_EQ(idsWith({{Price, "> 1e300"}}), (Ids{3, 4})) << "NaN is more than all";
    EXPECT_EQ(idsWith({{Name, "< b"}}), (Ids{1, 2, 6}));
    EXPECT_EQ(idsWith({{When, "> 2024-01-01"}}), (Ids{2}));
    EXPECT_EQ(idsWith({{When, "= 2024-02-29T00:00:00Z"}}), (Ids{2}));
    EXPECT_EQ(idsWith({{Tags, "= []"}}), (Ids{3, 5, 6}));
}

TEST_F(RowQuery, FindsNoneAndWhatARegexMatches)
{
    EXPECT_EQ(idsWith({{Count, "is none"}}), (Ids{2, 6}));
    EXPECT_EQ(idsWith({{Name, "~ ^[a-m].*t$"}}), (Ids{3}));
    EXPECT_EQ(idsWith({{Name, "~ ^$"}}), (Ids{6}));
}

TEST_F(RowQuery, WantsAllConditionsToHold)
{
    EXPECT_EQ(idsWith({{Count, "= 5"}, {Name, "o"}}), (Ids{3}));
    EXPECT_EQ(idsWith({}), (Ids{1, 2, 3, 4, 5, 6}));
}

TEST_F(RowQuery, SaysWhyAConditionCanNotBeAsked)
{
    const auto fault = [this](std::size_t field, std::string_view typed) {
        return RowFilter::make(schema(), {parseCondition(field, typed).value()}).error();
    };
    EXPECT_EQ(fault(Count, "= five").kind, RowConditionFault::Kind::WrongOperand);
    EXPECT_EQ(fault(Count, "= five").type, TypeTag::Int64) << "what the optional holds";
    EXPECT_EQ(fault(When, "< yesterday").type, TypeTag::Timestamp);
    EXPECT_EQ(fault(Tags, "< x").kind, RowConditionFault::Kind::NoOrder);
    EXPECT_EQ(fault(Name, "~ (").kind, RowConditionFault::Kind::BadRegex);
    EXPECT_FALSE(fault(Name, "~ (").message.empty());
    EXPECT_FALSE(parseCondition(Name, "   "));
}

TEST_F(RowQuery, SortsByTheTypeOfTheColumnWithNoneLast)
{
    EXPECT_EQ(sortedBy(Count), (Ids{4, 1, 3, 5, 2, 6}));
    EXPECT_EQ(sortedBy(Count, RowOrder::Falling), (Ids{5, 1, 3, 4, 2, 6})) << "stable in both orders";
    EXPECT_EQ(sortedBy(Price), (Ids{2, 5, 6, 1, 4, 3})) << "zeros are equal, NaN is more than all";
    EXPECT_EQ(sortedBy(Name), (Ids{6, 2, 1, 3, 4, 5}));
    EXPECT_EQ(sortedBy(When), (Ids{4, 1, 3, 5, 6, 2}));
    EXPECT_EQ(sortedBy(Tags), (Ids{2, 4, 1, 3, 5, 6}));
    EXPECT_EQ(sortedBy(Id, RowOrder::Falling), (Ids{6, 5, 4, 3, 2, 1}));
}

TEST_F(RowQuery, SortsOnlyTheRowsThatItIsGiven)
{
    RowReader reader(*m_scanned.store, m_scanned.snapshot);
    const std::vector<RecordNo> among{rows().at(0), rows().at(3), rows().at(4)};
    EXPECT_EQ(idsOf(sortRows(reader, rows(), schema(), Count, RowOrder::Falling, among).value()), (Ids{5, 1, 4}));
}

TEST_F(RowQuery, CanBeStopped)
{
    RowReader reader(*m_scanned.store, m_scanned.snapshot);
    auto all = RowFilter::make(schema(), {}).value();
    int told = 0;
    EXPECT_EQ(outcome(filterRows(reader, rows(), all,
                                 [&told](std::span<const RecordNo>) {
                                     ++told;
                                     return false;
                                 })),
              "Cancelled");
    EXPECT_EQ(told, 1);
    const auto never = [](std::uint64_t, std::uint64_t) { return false; };
    EXPECT_EQ(outcome(sortRows(reader, rows(), schema(), Id, RowOrder::Rising, {}, never)), "Cancelled");
}

/// Takes its time over long reads.
class SlowStore final : public Store {
public:
    explicit SlowStore(Store &base) : m_base(base) { }

    [[nodiscard]] Result<std::uint64_t> length() const override { return m_base.length(); }
    [[nodiscard]] Result<void> readExactAt(Offset offset, std::span<std::byte> into) const override
    {
        if (into.size() > kFast)
            std::this_thread::sleep_for(std::chrono::milliseconds(60));
        return m_base.readExactAt(offset, into);
    }
    [[nodiscard]] Result<void> writeAllAt(Offset offset, std::span<const std::byte> bytes) override
    {
        return m_base.writeAllAt(offset, bytes);
    }
    [[nodiscard]] Result<void> sync() override { return m_base.sync(); }
    [[nodiscard]] Result<void> truncate(std::uint64_t length) override { return m_base.truncate(length); }

private:
    static constexpr std::size_t kFast = 1 << 20;

    Store &m_base;
};

TEST(FilteredRows, AreToldOfAsTheyTrickleIn)
{
    const std::string longText(2 << 20, 'x');
    std::vector<Thing> things;
    for (std::int64_t id = 0; id < 9; ++id)
        things.push_back({id, id < 3 || id == 8 ? "hit" : longText, {}, 0, 0, {}});
    const auto scanned = databaseOf(things);
    const SlowStore slow(*scanned.store);
    RowReader reader(slow, scanned.snapshot);
    auto filter =
        RowFilter::make(scanned.catalog().catalog().find(kThings)->current(), {parseCondition(Name, "hit").value()})
            .value();
    std::vector<RecordNo> told;
    std::size_t toldLast = 0;
    EXPECT_EQ(outcome(filterRows(reader, scanned.snapshot->rows->collection(kThings).live, filter,
                                 [&](std::span<const RecordNo> more) {
                                     told.insert(told.end(), more.begin(), more.end());
                                     toldLast = more.size();
                                     return true;
                                 })),
              "ok");
    EXPECT_EQ(told, (std::vector<RecordNo>{{0}, {1}, {2}, {8}}));
    EXPECT_EQ(toldLast, 1U) << "none waits for the last";
}

TEST(FilteredRows, OfAnOlderSchemaAreNotTheSameWhereTheTypeIsAnother)
{
    test::FileBuilder file;
    const auto schema = [](std::uint32_t version, TypeTag type) {
        return CatalogEntry{
            .kind = version == 1 ? CatalogEntry::Kind::CreateCollection : CatalogEntry::Kind::NewSchemaVersion,
            .collectionId = 1,
            .name = version == 1 ? "things" : "",
            .schemaVersion = version,
            .fields = {{.path = {{"id"}}, .type = {.tag = TypeTag::Int64}}, {.path = {{"x"}}, .type = {.tag = type}}},
            .primaryField = version == 1 ? "id" : ""}
            .encode();
    };
    const auto row = [](std::int64_t id, std::uint32_t version, Value value) {
        Record record{.head = {.payloadVersion = Record::kVersionValues,
                               .collectionId = 1,
                               .schemaVersion = version,
                               .operation = RecordHead::Insert,
                               .key = {id}},
                      .fields = {}};
        record.fields.resize(1);
        record.fields[0] = {{{"x"}}, std::move(value)};
        return record.encode();
    };
    file.begin().append(SegmentType::Schema, schema(1, TypeTag::String));
    file.append(SegmentType::Record, row(1, 1, {std::string("5")})).commit();
    file.begin().append(SegmentType::Schema, schema(2, TypeTag::Int64));
    file.append(SegmentType::Record, row(2, 2, {std::int64_t{5}})).commit();
    const Scanned scanned(file.bytes());
    const auto &current = scanned.catalog().catalog().find(1)->current();
    const auto found = [&](std::string_view typed) {
        auto filter = RowFilter::make(current, {parseCondition(1, typed).value()}).value();
        RowReader reader(*scanned.store, scanned.snapshot);
        std::vector<std::uint64_t> records;
        EXPECT_TRUE(filterRows(reader, scanned.snapshot->rows->collection(1).live, filter,
                               [&records](std::span<const RecordNo> more) {
                                   for (const auto record : more)
                                       records.push_back(record.value);
                                   return true;
                               }));
        return records;
    };
    using Records = std::vector<std::uint64_t>;
    EXPECT_EQ(found("= 5"), (Records{1}));
    EXPECT_EQ(found(">= 5"), (Records{1}));
    EXPECT_EQ(found("!= 5"), (Records{0}));
}

TEST(SortedRows, AreThoseOfAStableSort)
{
    std::minstd_rand random(5);
    std::vector<Thing> things;
    for (std::int64_t id = 0; id < 3'000; ++id)
        things.push_back(
            {id,
             std::string(random() % 12, static_cast<char>('a' + random() % 2)),
             random() % 4 == 0 ? std::nullopt : std::optional(static_cast<std::int64_t>(random() % 50) - 25),
             0,
             0,
             {}});
    const auto scanned = databaseOf(things);
    RowReader reader(*scanned.store, scanned.snapshot);
    const auto &schema = scanned.catalog().catalog().find(kThings)->current();
    const auto &rows = scanned.snapshot->rows->collection(kThings).live;
    const auto check = [&](std::size_t field, const auto &key) {
        auto plain = things;
        std::ranges::stable_sort(plain, {}, key);
        const auto sorted = sortRows(reader, rows, schema, field, RowOrder::Rising).value();
        ASSERT_EQ(sorted.size(), plain.size());
        for (std::size_t i = 0; i < plain.size(); ++i)
            ASSERT_EQ(sorted[i], rows.at(static_cast<std::uint64_t>(plain[i].id)));
    };
    check(Name, &Thing::name);
    check(Count, [](const Thing &thing) { return std::pair(!thing.count, thing.count); });
}

} // namespace
} // namespace modelvault
